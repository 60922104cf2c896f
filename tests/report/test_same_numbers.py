"""Every form of the heatmap carries the same numbers, read back from each by its own rules."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, takewhile

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.core.heatmap import heatmap
from openbook.core.initiative import Initiative, Release, ReleaseId
from openbook.core.questionnaire import Question, Questionnaire
from openbook.core.records import Audit
from openbook.core.review import CellId, Finding, Judgement, Settled
from openbook.report.latex import heatmap_latex
from openbook.report.layout import picture
from openbook.report.memo import memo
from openbook.report.office import Exhibit
from openbook.report.site.material import Material
from openbook.report.svg import heatmap_svg
from openbook.report.tables import heatmap_csv, heatmap_json
from openbook.report.terminal import heatmap_text
from openbook.report.workbook import workbook

Numbers = list[list[int | None]]


def read(text: str) -> int | None:
    return None if text in ("", "·", r"$\cdot$") else int(text)


def from_csv(audit: Audit) -> Numbers:
    lines = list(csv.reader(io.StringIO(heatmap_csv(audit), newline="")))
    return [[read(value) for value in line[3:]] for line in lines[1:]]


def from_json(audit: Audit) -> Numbers:
    rows = json.loads(heatmap_json(audit))
    return [[row[keyword] for keyword in audit.questionnaire.keywords] for row in rows]


def from_latex(audit: Audit) -> Numbers:
    """Row by row; of many questions each row goes on in the next table."""
    _, *tables = heatmap_latex(audit).split(r"\begin{table}")
    parts = [list(latex_rows(one)) for one in tables]
    return [list(chain.from_iterable(row)) for row in zip(*parts, strict=True)]


def latex_rows(table: str) -> Iterator[list[int | None]]:
    for line in table.splitlines():
        if r"\cellcolor" not in line:
            continue
        cells = re.split(r"(?<!\\) & ", line.removesuffix(r" \\"))[3:]
        bare = [re.sub(r"\\(cellcolor|textcolor)\{\w+\}", "", cell).strip("{}") for cell in cells]
        yield [read(one) for one in bare]


def from_svg(audit: Audit) -> Numbers:
    root = ET.fromstring(heatmap_svg(audit))
    found: dict[str, list[int | None]] = {}
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        drawn = group.findtext("{http://www.w3.org/2000/svg}text", "")
        found.setdefault(group.attrib["data-release"], []).append(read(drawn))
    return list(found.values())


def from_text(audit: Audit) -> Numbers:
    lines = heatmap_text(audit, 2000).splitlines()
    rows = [line.split() for line in lines if line.startswith("  ")]
    count = len(audit.questionnaire.keywords)
    return [[read(word) for word in row[-count - 1 : -1]] for row in rows]


def from_layout(audit: Audit) -> Numbers:
    found: dict[ReleaseId, list[int | None]] = {}
    for cell in picture(audit).cells:
        found.setdefault(cell.id.release, []).append(read(cell.text.text))
    return list(found.values())


def from_xlsx(audit: Audit) -> Numbers:
    """The digits of the heatmap's sheet: the rows under its headers, up to an empty one."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(exhibit(audit))))["heatmap"]
    lines = [list(line) for line in sheet.iter_rows(min_row=5, values_only=True)]
    count = len(audit.questionnaire.keywords)
    rows = list(takewhile(lambda line: line[1] is not None, lines))
    return [[read(str(value)) for value in row[4 : 4 + count]] for row in rows]


def from_docx(audit: Audit) -> Numbers:
    table = docx.Document(io.BytesIO(memo(exhibit(audit)))).tables[0]
    return [[read(cell.text) for cell in row.cells[2:]] for row in table.rows[1:]]


def exhibit(audit: Audit) -> Exhibit:
    return Exhibit(Material(audit), "0" * 64, "openbook")


FORMS = (from_csv, from_json, from_latex, from_svg, from_text, from_layout, from_xlsx, from_docx)


def numbers(audit: Audit) -> Numbers:
    return [list(row.grades) for row in heatmap(audit).rows]


def test_the_small_audit_reads_the_same_everywhere(small: Audit) -> None:
    assert numbers(small) == [[3, 0, 4], [1, 2, None], [0, 0, 1]]
    for form in FORMS:
        assert form(small) == numbers(small), form.__name__


def test_hostile_texts_do_not_move_a_number(hostile: Audit) -> None:
    for form in (from_csv, from_json, from_latex, from_svg, from_layout, from_xlsx, from_docx):
        assert form(hostile) == numbers(hostile), form.__name__


def test_no_release_is_no_row(empty: Audit) -> None:
    for form in FORMS:
        assert form(empty) == [], form.__name__


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.none() | st.integers(0, 4), min_size=4, max_size=4), min_size=1, max_size=6
    )
)
def test_any_grades_read_the_same_everywhere(grades: Numbers) -> None:
    audit = graded(grades)
    for form in FORMS:
        assert form(audit) == grades, form.__name__


def graded(grades: Numbers) -> Audit:
    """One initiative, whose releases have these grades."""
    keywords = [f"K{number}" for number in range(4)]
    ids = [ReleaseId("one", str(number)) for number in range(len(grades))]
    findings = {}
    for id_, row in zip(ids, grades, strict=True):
        for keyword, grade in zip(keywords, row, strict=True):
            cell = CellId(id_, keyword)
            if grade is not None:
                findings[cell] = Finding(cell, Judgement(grade=grade), Settled("single", {}))
    releases = tuple(Release(id_, f"One {id_.release}", date="2024") for id_ in ids)
    return Audit(
        "graded",
        "Graded",
        Questionnaire("k", "K", tuple(Question(k, k, k, "p") for k in keywords), {}, "points-1"),
        initiatives=(Initiative("one", "One", "One", "open", releases),),
        findings=findings,
    )


@pytest.mark.parametrize("colour", [True, False])
def test_nothing_depends_on_the_order_of_findings(small: Audit, colour: bool) -> None:
    turned = replace(small, findings=dict(reversed(list(small.findings.items()))))
    assert heatmap_text(turned, colour=colour) == heatmap_text(small, colour=colour)
    assert heatmap_svg(turned) == heatmap_svg(small)
