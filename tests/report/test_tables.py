"""CSV and JSON: columns, spreadsheets that run formulas, and texts that come back whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from openbook.core.anchor import Anchor
from openbook.core.guard import guarded, unguarded
from openbook.core.records import Audit
from openbook.core.verify import State
from openbook.report.tables import (
    cells_csv,
    evidence_csv,
    heatmap_csv,
    heatmap_json,
)

FORMULA = tuple("=+-@\t\r")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_heatmap_csv_to_the_letter(small: Audit) -> None:
    assert heatmap_csv(small) == (
        "initiative,release,label,WHO,WHY_2,HOW\r\n"
        "acme-ox,1,Ox 1,3,0,4\r\n"
        "acme-ox,2,Ox 2,1,2,\r\n"
        "bee,1,Bee 1,0,0,1\r\n"
    )


def test_heatmap_json_to_the_letter(small: Audit) -> None:
    assert heatmap_json(small) == (
        "[\n"
        '  {"initiative": "acme-ox", "release": "1", "WHO": 3, "WHY_2": 0, "HOW": 4},\n'
        '  {"initiative": "acme-ox", "release": "2", "WHO": 1, "WHY_2": 2, "HOW": null},\n'
        '  {"initiative": "bee", "release": "1", "WHO": 0, "WHY_2": 0, "HOW": 1}\n'
        "]\n"
    )


def test_without_releases_only_the_header_stands(empty: Audit) -> None:
    assert heatmap_csv(empty) == "initiative,release,label,WHO\r\n"
    assert json.loads(heatmap_json(empty)) == []
    assert read(cells_csv(empty)) == []


def test_a_cell_says_who_graded_it_and_what_it_rests_on(small: Audit) -> None:
    cells = {(row["release"], row["keyword"]): row for row in read(cells_csv(small))}
    assert len(read(cells_csv(small))) == 9
    assert cells["2", "WHY_2"]["graders"] == "ana (person): 2; reader (model): 2"
    assert cells["2", "WHY_2"]["settled"] == "agreed"
    first = read(cells_csv(small, {"q-000001": State.VERIFIED}))[0]
    assert (first["rests_on"], first["evidence"]) == ("verified", "q-000001")
    assert read(cells_csv(small))[0]["rests_on"] == "unchecked"


def test_points_are_counted_and_the_unread_are_not_absent(small: Audit) -> None:
    row = read(cells_csv(small))[1]
    assert (row["absent"], row["not_applicable"], row["unreviewed"]) == ("2", "1", "2")
    assert (row["not_stated_basis"], row["not_stated_says"]) == ("paper_reports", "silent")


def test_an_unsettled_cell_is_empty_and_not_nought(small: Audit) -> None:
    row = read(cells_csv(small))[5]
    assert (row["release"], row["keyword"]) == ("2", "HOW")
    assert (row["grade"], row["settled"], row["rests_on"]) == ("", "", "")


def test_evidence_of_each_kind(small: Audit, anchors: Mapping[str, tuple[Anchor, ...]]) -> None:
    quote, artifact, secondary = read(
        evidence_csv(small, {"q-000001": State.WITH_ELISION}, anchors)
    )
    assert quote["state"] == "verified-with-elision"
    assert (quote["standing"], quote["page"], quote["copy"]) == ("verified", "2", "c" * 64)
    assert quote["supports"] == "acme-ox/1: WHO.name WHY_2"
    assert quote["date"] == "2026-11-23"
    assert (artifact["standing"], artifact["url"], artifact["state"]) == (
        "unchecked",
        "https://x.org/d",
        "",
    )
    assert (secondary["standing"], secondary["where"]) == ("secondary", "section 1")
    assert secondary["text"] == "'-5 people"


def test_no_field_begins_a_formula(hostile: Audit) -> None:
    for text in (heatmap_csv(hostile), cells_csv(hostile), evidence_csv(hostile)):
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not any(field.startswith(FORMULA) for field in row)


@given(st.text() | st.text("'=+-@\t x"))
def test_a_guarded_text_is_harmless_and_comes_back(text: str) -> None:
    safe = guarded(text)
    assert not safe.startswith(FORMULA)
    assert unguarded(safe) == text


def test_line_breaks_and_quotes_come_back(hostile: Audit) -> None:
    texts = {row["text"] for row in read(evidence_csv(hostile))}
    assert "line one\nline two\r\nline three\ttab" in texts
    assert "]]> & &amp; <!-- \"double\" 'single'" in texts
