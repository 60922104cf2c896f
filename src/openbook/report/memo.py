"""The audit as one DOCX memo, to be read, printed and commented on.

Headings are headings, tables name their header rows and have a description, so that a screen reader
finds its way; a grade is a digit first and a colour second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from openbook.core.heatmap import Heatmap, Row
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.translation import labelled
from openbook.report.office import Exhibit, clean, facts, moment, still
from openbook.report.palette import (
    GRADE_COLOURS,
    GRADE_INK,
    UNSETTLED,
    UNSETTLED_INK,
    UNSETTLED_SYMBOL,
)
from openbook.report.site import words
from openbook.report.site.cell import CellView, cell_view
from openbook.report.site.proof import Proof
from openbook.report.site.views.agreement import agreement_view
from openbook.report.site.views.front import caveats
from openbook.report.wording import caption, one_line, scale_word, summary, year

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell


_WIDTH = 261
"""Of a page between its margins, in millimetres."""


def memo(exhibit: Exhibit) -> bytes:
    """The memo as the bytes of a DOCX file."""
    import docx

    audit, material = exhibit.audit, exhibit.material
    made = docx.Document()
    _prepare(made, exhibit)
    made.add_heading(clean(one_line(audit.title)), 0)
    _say(made, caption(audit))
    if audit.description:
        _say(made, audit.description)
    made.add_heading("Heatmap", 1)
    _heatmap(made, exhibit, material.table)
    _legend(made, exhibit)
    for _, rows in groupby(material.table.rows, key=lambda row: row.initiative.key):
        _initiative(made, exhibit, [*rows])
    _how(made, exhibit)
    made.add_heading("Limits", 1)
    for one in caveats(material):
        _say(made, one, "List Bullet")
    made.add_heading("About this file", 1)
    about = [("what", "says"), *facts(exhibit)]
    _table(made, about, (80, 181), "What this file is: edition, date, hash, rights.")
    return still(made.save, moment(audit))


def _prepare(made: Document, exhibit: Exhibit) -> None:
    """Landscape pages, since a heatmap is wide; properties that name no clock."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    made.styles["Normal"].font.size = Pt(10)
    properties = made.core_properties
    properties.title = clean(one_line(exhibit.audit.title))[:255]
    properties.author = exhibit.maker
    properties.comments = ""
    properties.created = properties.modified = moment(exhibit.audit)


def _heatmap(made: Document, exhibit: Exhibit, table: Heatmap) -> None:
    head = ("Release", "Year", *table.columns)
    audit = exhibit.audit
    lines = [
        (words.release_name(audit, row.release.id), year(row), *map(_digit, row.grades))
        for row in table.rows
    ]
    each = (_WIDTH - 50 - 14) / max(1, len(table.columns))
    widths = (50.0, 14.0, *(each for _ in table.columns))
    shown = _table(made, [head, *lines], widths, summary(audit, table))
    for line, row in zip(shown.rows[1:], table.rows, strict=True):
        for cell, grade in zip(line.cells[2:], row.grades, strict=True):
            _colour(cell, grade)


def _digit(grade: int | None) -> str:
    return UNSETTLED_SYMBOL if grade is None else str(grade)


def _legend(made: Document, exhibit: Exhibit) -> None:
    grades: list[int | None] = [*range(MIN_GRADE, MAX_GRADE + 1), None]
    lines = [
        (_digit(one), "not settled" if one is None else scale_word(exhibit.audit, one))
        for one in grades
    ]
    _say(made, "")
    shown = _table(made, [("grade", "means"), *lines], (20, 90), "What each grade means.")
    for line, grade in zip(shown.rows[1:], grades, strict=True):
        _colour(line.cells[0], grade)


def _initiative(made: Document, exhibit: Exhibit, rows: Sequence[Row]) -> None:
    """What was found of an initiative: release by release, question by question."""
    made.add_heading(clean(one_line(rows[0].initiative.title)), 1)
    for row in rows:
        made.add_heading(clean(one_line(row.release.label)), 2)
        for question in exhibit.audit.questionnaire.questions:
            view = cell_view(exhibit.material, row, question)
            grade = f"{view.grade.symbol}, {view.head}" if view.head else view.grade.words
            made.add_heading(clean(one_line(f"{question.keyword} {question.title}: {grade}")), 3)
            _cell(made, view)


def _cell(made: Document, view: CellView) -> None:
    for label, text in (
        ("Answer", view.answer),
        ("Reason", view.reason),
        ("Deviation", view.deviation),
        ("Points", view.tally),
        (view.absence.head if view.absence else "", view.absence.text if view.absence else ""),
        ("Settled", view.settled),
    ):
        if text:
            _labelled(made, label, text)
    for one in view.proofs:
        if one.used:
            _proof(made, one)
    for amend in view.amends:
        _labelled(made, amend.kind, amend.reason)


def _proof(made: Document, one: Proof) -> None:
    """A piece of evidence: its words, where they stand, how firmly."""
    quoted = "".join(_piece(piece.kind, piece.text) for piece in one.pieces)
    said = f"“{quoted}”" if quoted else one.says or one.name
    where = ", ".join(filter(None, (one.document.text, one.place, *one.careful)))
    paragraph = _say(made, "", "Quote" if quoted else "List Bullet")
    paragraph.add_run(clean(said))
    paragraph.add_run(clean(f" ({where}; {one.mark.words}; {one.name})")).italic = False
    for translated in one.translations:
        _say(made, labelled(translated))


def _piece(kind: str, text: str) -> str:
    """A stretch of a quote; what the editor put in or left out is in brackets."""
    return text if kind == "words" else f"[{text or '…'}]"


def _how(made: Document, exhibit: Exhibit) -> None:
    audit = exhibit.audit
    made.add_heading("How it was graded", 1)
    for text in _grading(exhibit):
        _say(made, text)
    lines = [(one.keyword, one.title, one.wording) for one in audit.questionnaire.questions]
    _table(made, [("keyword", "question", "wording"), *lines], (30, 60, 171), "The questions.")


def _grading(exhibit: Exhibit) -> Iterator[str]:
    audit = exhibit.audit
    yield audit.questionnaire.attribution
    yield (
        "Each question has points. An auditor marks each as stated, vague, absent, explicitly none "
        f"or not applicable; the rule {audit.questionnaire.rule} suggests a grade, from which an "
        "auditor may deviate with a reason. Quotes are compared word for word with the documents."
    )
    yield agreement_view(exhibit.material).verdict
    for one in audit.auditors:
        yield f"{words.auditor_with_kind(audit, one.id)}. {one.note}".strip()


def _labelled(made: Document, label: str, text: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.add_run(clean(f"{label}: ")).bold = True
    paragraph.add_run(clean(text))


def _say(made: Document, text: str, style: str | None = None) -> Any:
    return made.add_paragraph(clean(text), style)


def _table(
    made: Document, lines: Sequence[Sequence[str]], widths: Sequence[float], description: str
) -> Table:
    """A table whose first line is its header, repeated on every page, with a description; widths
    are in millimetres."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    shown = made.add_table(len(lines), len(lines[0]), "Table Grid")
    shown.autofit = False
    for row, line in zip(shown.rows, lines, strict=True):
        for cell, text, width in zip(row.cells, line, widths, strict=True):
            cell.text = clean(one_line(text))
            cell.width = Mm(round(width))
    for cell in shown.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    header = OxmlElement("w:tblHeader")
    shown.rows[0]._tr.get_or_add_trPr().append(header)
    told = OxmlElement("w:tblDescription")
    told.set(qn("w:val"), clean(one_line(description)))
    shown._tbl.tblPr.append(told)
    return cast("Table", shown)


def _colour(cell: _Cell, grade: int | None) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    known = grade is not None and MIN_GRADE <= grade <= MAX_GRADE
    colour = GRADE_COLOURS[grade] if grade is not None and known else UNSETTLED
    ink = GRADE_INK[grade] if grade is not None and known else UNSETTLED_INK
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#"))):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in paragraph.runs:
        run.bold = True
        run.font.color.rgb = RGBColor.from_string(ink.lstrip("#").upper())
