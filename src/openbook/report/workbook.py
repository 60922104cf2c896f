"""The audit as one XLSX workbook: heatmap, findings, evidence, reviews, graders, corrections.

Texts are written as texts: no cell is a formula, and one that could be taken for one when somebody
edits it carries the mark by which spreadsheet programs keep it a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from openbook.core.guard import is_formula_like
from openbook.core.heatmap import heatmap
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.review import Correction
from openbook.report.office import Exhibit, clean, facts, moment, still
from openbook.report.palette import (
    GRADE_COLOURS,
    GRADE_INK,
    UNSETTLED,
    UNSETTLED_INK,
    UNSETTLED_SYMBOL,
)
from openbook.report.site.views.agreement import agreement_view
from openbook.report.tables import (
    CellRow,
    EvidenceRow,
    ReviewRow,
    Value,
    cell_rows,
    evidence_rows,
    review_rows,
)
from openbook.report.wording import caption, one_line, row_sum, scale_word, year

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST = 32_000
"""Characters that a cell is given at most; a spreadsheet holds 32,767."""
WIDE, MIDDLE, NARROW = 60, 22, 11
"""Widths of columns, in characters."""
_WIDE = frozenset("answer reason text note was now reason decision deviation says".split())
_NARROW = frozenset(
    "grade keyword page release date stated vague absent explicitly_none not_applicable unreviewed"
    " state kind".split()
)


def workbook(exhibit: Exhibit) -> bytes:
    """The workbook as the bytes of an XLSX file."""
    from openpyxl import Workbook

    material, audit = exhibit.material, exhibit.audit
    book = Workbook()
    book.properties.title = clean(one_line(audit.title))
    book.properties.creator = exhibit.maker
    first = book.active
    first.title = "heatmap"
    _heatmap(first, exhibit)
    states, anchors = material.states, material.anchors
    _table(book, "findings", CellRow._fields, cell_rows(audit, states))
    _table(book, "evidence", EvidenceRow._fields, evidence_rows(audit, states, anchors))
    _table(book, "reviews", ReviewRow._fields, review_rows(audit))
    told = ((one.name, one.kind, one.cells, one.note) for one in agreement_view(material).graders)
    _table(book, "graders", ("name", "kind", "cells", "note"), told)
    names = tuple(Correction.__dataclass_fields__)
    corrections = (tuple(_plain(getattr(one, name)) for name in names) for one in audit.corrections)
    _table(book, "corrections", names, corrections)
    _about(book.create_sheet("about"), exhibit)
    return still(book.save, moment(audit))


def _plain(value: object) -> Value:
    return "" if value is None else str(value)


def _heatmap(sheet: Worksheet, exhibit: Exhibit) -> None:
    """Releases by questions, coloured, each cell with its digit; the legend below."""
    from openpyxl.styles import Alignment, Font

    audit = exhibit.audit
    table = heatmap(audit)
    _put(sheet, 1, 1, audit.title).font = Font(bold=True, size=14)
    _put(sheet, 2, 1, caption(audit))
    head = ("initiative", "release", "label", "year", *table.columns, "sum")
    _head(sheet, 4, head)
    for at, row in enumerate(table.rows, 5):
        total, most = row_sum(row)
        names = (row.initiative.key, row.release.id.release, row.release.label, year(row))
        for column, text in enumerate(names, 1):
            _put(sheet, at, column, text)
        for column, grade in enumerate(row.grades, len(names) + 1):
            _graded(sheet, at, column, grade)
        _put(sheet, at, len(head), f"{total} of {most}" if most else "")
    legend = len(table.rows) + 6
    _put(sheet, legend, 1, "Legend").font = Font(bold=True)
    for grade in range(MIN_GRADE, MAX_GRADE + 1):
        _graded(sheet, legend + 1 + grade, 1, grade)
        _put(sheet, legend + 1 + grade, 2, scale_word(audit, grade))
    _graded(sheet, legend + 2 + MAX_GRADE, 1, None)
    _put(sheet, legend + 2 + MAX_GRADE, 2, "not settled")
    for number, question in enumerate(audit.questionnaire.questions, legend + 4 + MAX_GRADE):
        _put(sheet, number, 1, question.keyword).font = Font(bold=True)
        _put(sheet, number, 2, question.wording).alignment = Alignment(vertical="top")
    _widths(sheet, [18, 10, 22, 7, *(max(6, len(one) + 2) for one in table.columns), 10])
    sheet.freeze_panes = "E5"


def _graded(sheet: Worksheet, row: int, column: int, grade: int | None) -> None:
    """A grade as a digit on its colour; a dot where nothing is settled."""
    from openpyxl.styles import Alignment, Font, PatternFill

    known = grade is not None and MIN_GRADE <= grade <= MAX_GRADE
    colour = GRADE_COLOURS[grade] if grade is not None and known else UNSETTLED
    ink = GRADE_INK[grade] if grade is not None and known else UNSETTLED_INK
    cell = _put(sheet, row, column, UNSETTLED_SYMBOL if grade is None else grade)
    cell.fill = PatternFill("solid", start_color=colour.lstrip("#"))
    cell.font = Font(bold=True, color=ink.lstrip("#"))
    cell.alignment = Alignment(horizontal="center")


def _table(book: Workbook, name: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """A sheet with a row of headers that stays in sight, and filters."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    _head(sheet, 1, head)
    last = 1
    for last, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = _put(sheet, last, column, value)
            cell.alignment = Alignment(vertical="top", wrap_text=head[column - 1] in _WIDE)
    _widths(sheet, [_width(one) for one in head])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{last}"


def _width(name: str) -> int:
    return WIDE if name in _WIDE else NARROW if name in _NARROW else MIDDLE


def _about(sheet: Worksheet, exhibit: Exhibit) -> None:
    """What this file is and what it holds."""
    from openpyxl.styles import Alignment, Font

    sheets = (
        ("heatmap", "the settled grades, releases by questions"),
        ("findings", "every cell: its grade, what it rests on, answer, reason, points counted"),
        (
            "evidence",
            "every quote, artifact and report: its state, place and what it supports",
        ),
        ("reviews", "what each auditor said of each cell; can be imported again"),
        ("graders", "who graded, of what kind, how much"),
        ("corrections", "slips, corrections and rebuttals"),
    )
    for row, (name, text) in enumerate((*facts(exhibit), ("", ""), *sheets), 1):
        _put(sheet, row, 1, name).font = Font(bold=True)
        _put(sheet, row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    _widths(sheet, [36, 100])


def _head(sheet: Worksheet, row: int, names: Sequence[str]) -> None:
    from openpyxl.styles import Font

    for column, name in enumerate(names, 1):
        _put(sheet, row, column, name).font = Font(bold=True)


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell | Any:
    """Write a value; a text as a text, whatever it looks like."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        text = clean(value)
        if len(text) > LONGEST:
            left = len(text) - LONGEST
            text = f"{text[:LONGEST]} … [{left:,} more characters in the audit's files]"
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = is_formula_like(text)
    else:
        cell.value = value
    return cell


def _widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the columns' widths, and have all of them fit on the width of a printed page."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0

    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
