"""`audit verify`: every quote with its state and page."""

from __future__ import annotations

import json
from pathlib import Path

from tests.workbench import done, openbook, pdf


def _alter(audit: Path) -> None:
    path = audit / "evidence/acme-card.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("We hired 40 annotators", "We hired 400 annotators"), "utf-8")


def test_every_quote_is_listed_by_document_with_state_and_page(audit: Path) -> None:
    lines = done("audit", "verify", audit).out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "acme-card",
        "beta-report",
        "4 quotes: 4 verified",
    ]
    assert sum("verified               page 1" in line for line in lines) == 3
    assert sum("verified               page 2" in line for line in lines) == 1


def test_unchecked_quotes_take_one_line_a_document_unless_all_are_asked_for(audit: Path) -> None:
    for one in done("library", "list", "--json").json:
        done("library", "remove", one["sha256"])
    short = done("audit", "verify", audit)
    assert "  3 quotes unchecked: no copy of its document is at hand" in short.out
    assert "audit fetch audit" in short.err
    assert "q-" not in short.out
    assert done("audit", "verify", audit, "--all").out.count("q-") == 4


def test_failed_lists_only_what_fails_with_the_difference(audit: Path) -> None:
    assert done("audit", "verify", audit, "--failed").out == "4 quotes: 4 verified\n"
    _alter(audit)
    ran = openbook("audit", "verify", audit, "--failed")
    assert ran.status == 1
    assert "altered" in ran.out
    assert "nearest, on page 1: We hired [-400-] {+40+} annotators" in ran.out
    assert "verified  " not in ran.out
    assert len(openbook("audit", "verify", audit).out.splitlines()) == 9


def test_the_signs_that_differ_are_told(audit: Path) -> None:
    path = audit / "evidence/acme-card.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("We hired 40 annotators", "We hired 40 (annotators)"), "utf-8")
    out = done("audit", "verify", audit).out
    assert "verified-punctuation" in out
    assert "punctuation differs: 40 [-(-] … annotators [-)-]" in out


def test_a_quote_over_the_end_of_a_page_is_told_what_to_leave_out(audit: Path) -> None:
    Path("paged.pdf").write_bytes(pdf(["We hired and paid 17", "forty reviewers in Porto."]))
    added = ("--initiative", "beta-labs", "--release", "2", "--key", "paged")
    done("audit", "add", audit, "paged.pdf", *added)
    quoting = ("audit", "quote", audit, "--document", "paged", "--supports", "beta-labs/2:PEOPLE")
    ran = openbook(*quoting, "hired and paid forty reviewers")
    assert ran.status == 1
    assert "runs over the end of page 1, where the document has '17' between" in ran.err
    assert "write [...] between 'paid' and 'forty'" in ran.err
    done(*quoting, "hired and paid [...] forty reviewers")


def test_json_is_one_object_a_quote(audit: Path) -> None:
    _alter(audit)
    ran = openbook("audit", "verify", audit, "--json")
    assert ran.status == 1
    assert sorted(one["state"] for one in ran.json) == ["altered"] + ["verified"] * 3
    failed = next(one for one in ran.json if one["state"] == "altered")
    assert failed["nearest"]["page"] == 1
    assert ["document", "40"] in failed["nearest"]["diff"]


def test_anchors_are_written_where_asked_and_stay_the_same(audit: Path) -> None:
    done("audit", "verify", audit)
    assert not (audit / "anchors").exists()
    assert "4 anchors written" in done("audit", "verify", audit, "--write-anchors").err
    path = audit / "anchors/acme-card.jsonl"
    before = path.read_bytes()
    lines = [json.loads(line) for line in before.decode().splitlines()]
    assert [line["segments"][0][0]["page"] for line in lines] == [1, 1, 1]
    done("audit", "verify", audit, "--write-anchors")
    assert path.read_bytes() == before
    assert "no problems" in done("audit", "check", audit).out
