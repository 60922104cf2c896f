"""The workbook and the memo: whole, harmless, the same twice, and read aloud in order."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from openpyxl.workbook.workbook import Workbook

from openbook.core.anchor import Anchor
from openbook.core.guard import is_formula_like
from openbook.core.records import Audit
from openbook.report.memo import memo
from openbook.report.office import Exhibit, clean
from openbook.report.palette import GRADE_COLOURS
from openbook.report.site.material import Material
from openbook.report.tables import (
    CellRow,
    EvidenceRow,
    ReviewRow,
    cell_rows,
    evidence_rows,
    review_rows,
)
from openbook.report.workbook import LONGEST, workbook
from tests.workbench import done, openbook

MAKERS = (workbook, memo)


def exhibit(audit: Audit, anchors: Mapping[str, tuple[Anchor, ...]] | None = None) -> Exhibit:
    return Exhibit(Material(audit, anchors=anchors or {}), "ab" * 32, "openbook 0")


def opened(audit: Audit) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(exhibit(audit))))


def written(audit: Audit) -> str:
    """All text of a memo: paragraphs and tables."""
    made = docx.Document(io.BytesIO(memo(exhibit(audit))))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in made.paragraphs), *cells])


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_audit_gives_the_same_bytes(small: Audit, make: object) -> None:
    first, second = (make(exhibit(small)) for _ in range(2))  # type: ignore[operator]
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-11-23T00:00:00Z" in archive.read("docProps/core.xml")


@pytest.mark.parametrize("make", MAKERS)
def test_an_audit_without_releases_can_be_handed_out(empty: Audit, make: object) -> None:
    assert make(exhibit(empty))  # type: ignore[operator]


def test_sheets_hold_the_rows_that_the_tables_hold(small: Audit) -> None:
    book = opened(small)
    assert book.sheetnames == [
        "heatmap",
        "findings",
        "evidence",
        "reviews",
        "graders",
        "corrections",
        "about",
    ]
    for name, fields, rows in (
        ("findings", CellRow._fields, cell_rows(small, {})),
        ("evidence", EvidenceRow._fields, evidence_rows(small, {}, {})),
        ("reviews", ReviewRow._fields, review_rows(small)),
    ):
        lines = [*book[name].iter_rows(values_only=True)]
        assert lines[0] == fields
        assert lines[1:] == [
            tuple(None if value in ("", None) else value for value in row) for row in rows
        ]
        assert book[name].freeze_panes == "A2"
    about = dict(book["about"].iter_rows(max_col=2, values_only=True))
    assert about["Edition"] == "2026.11"
    assert about["Hash of the audit's files (sha256)"] == "ab" * 32


def test_a_grade_has_its_colour_and_its_digit(small: Audit) -> None:
    cell = opened(small)["heatmap"]["E5"]
    assert (cell.value, f"#{cell.fill.start_color.rgb[-6:]}") == (3, GRADE_COLOURS[3])
    table = docx.Document(io.BytesIO(memo(exhibit(small)))).tables[0]
    shade = table.cell(1, 2)._tc.tcPr.find(qn("w:shd"))
    assert (table.cell(1, 2).text, f"#{shade.get(qn('w:fill'))}") == ("3", GRADE_COLOURS[3])


def test_nothing_is_a_formula_and_every_text_comes_back(hostile: Audit) -> None:
    book = opened(hostile)
    formula_like = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if isinstance(cell.value, str) and is_formula_like(cell.value):
                    formula_like += 1
                    assert cell.quotePrefix
    assert formula_like
    texts = {cell.value for row in book["evidence"].iter_rows() for cell in row}
    for one in evidence_rows(hostile, {}, {}):
        wanted = re.sub("\r\n?", "\n", clean(one.text)) or None
        assert wanted in {
            value.replace("\r\n", "\n") if value else value
            for value in texts
            if not isinstance(value, int)
        }


def test_no_macro_and_no_outside_link_is_written(hostile: Audit) -> None:
    for make in MAKERS:
        with zipfile.ZipFile(io.BytesIO(make(exhibit(hostile)))) as archive:
            for name in archive.namelist():
                assert "vba" not in name.lower()
                assert b'TargetMode="External"' not in archive.read(name)


def test_a_text_too_long_for_a_cell_says_so(small: Audit) -> None:
    from dataclasses import replace

    cell, found = next(iter(small.findings.items()))
    long = replace(found, judgement=replace(found.judgement, answer="x" * 40_000))
    book = opened(replace(small, findings={**small.findings, cell: long}))
    text = book["findings"]["I2"].value
    assert text.startswith("x" * LONGEST)
    assert text.endswith("[8,000 more characters in the audit's files]")


def test_a_memo_says_what_the_site_says(small: Audit) -> None:
    text = written(small)
    for finding in small.findings.values():
        assert finding.judgement.answer in text
        assert finding.judgement.reason in text
    for used in {id_ for one in small.findings.values() for id_ in one.judgement.evidence}:
        assert used in text
    assert "A grade says how much the public documents tell." in text
    assert "ab" * 32 in text


def test_a_memo_can_be_read_aloud(small: Audit) -> None:
    made = docx.Document(io.BytesIO(memo(exhibit(small))))
    levels = [
        int(match[1])
        for one in made.paragraphs
        if (match := re.fullmatch(r"Heading (\d)", one.style.name))
    ]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert made.paragraphs[0].style.name == "Title"
    for table in made.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))


def test_hostile_texts_leave_the_memo_whole(hostile: Audit) -> None:
    assert "<script>alert('1')</script>" in written(hostile)


def test_by_commands(tmp_path: Path) -> None:
    audit, site = "src/openbook/audits/beyond-the-six", tmp_path
    root = Path(__file__).resolve().parents[2]
    for name in ("a.xlsx", "a.docx"):
        done("export", root / audit, "-o", site / name)
        assert (site / name).read_bytes().startswith(b"PK")
    ran = openbook("export", root / audit, "-o", site / "a.pdf")
    assert (ran.status, "ends neither in .xlsx nor in .docx" in ran.err) == (2, True)
