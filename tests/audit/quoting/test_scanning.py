"""Scans: read once, kept apart from the text, found in and never verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openbook.audit.check import check
from openbook.audit.layers import layer_of, scan_lines, scan_of, versions
from openbook.audit.opened import Opened, open_audit
from openbook.audit.quoting.verify import check_quotes
from openbook.core.anchor import Checked
from openbook.core.problem import Problem
from openbook.core.text import TextLayer
from openbook.core.verify import State
from tests.scans import ENGINE, WORDS, Reader, use_engine
from tests.sources.pdfs import pdf as by_hand
from tests.workbench import done, openbook, pdf

TYPED = "Gamma reads as people type."
PEOPLE = "--supports", "gamma/1:PEOPLE.number"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Reader:
    return use_engine(monkeypatch)


def add(audit: Path, *pages: str, name: str = "gamma.pdf") -> None:
    Path(name).write_bytes(pdf(pages))
    done("audit", "add", audit, name, "--initiative", "gamma", "--release", "1")


def quote(audit: Path, words: str, *more: str) -> Checked:
    done("audit", "quote", audit, words, "--document", "gamma", *PEOPLE, *more)
    opened = open_audit(audit)
    (found,) = [one for one in check_quotes(opened)[0].values() if one.document == "gamma"]
    return found


def scan_in(opened: Opened) -> TextLayer | None:
    return scan_of(versions(opened.document("gamma"), opened.library)[0].copy, opened.cache)


def test_a_scan_is_a_document_and_is_said_to_be_one(audit: Path) -> None:
    Path("gamma.pdf").write_bytes(pdf(["", ""]))
    ran = done("audit", "add", audit, "gamma.pdf", "--initiative", "gamma", "--release", "1")
    assert ran.out == "gamma: 2 pages\n"
    assert "gamma: 2 of 2 pages have no text: a scan or pictures" in ran.err
    assert "next: openbook audit scan audit --document gamma" in ran.err
    opened = open_audit(audit)
    one = versions(opened.document("gamma"), opened.library)[0]
    assert isinstance(layer_of(one, opened.library, opened.cache), Problem)
    todos = [todo.message for todo in check(opened).todos if todo.place == "documents/gamma.toml"]
    assert any(one.startswith("2 of 2 pages have no text") for one in todos)


def test_pages_with_text_are_never_read_from_their_picture(audit: Path, engine: Reader) -> None:
    add(audit, "", TYPED, "", "")
    ran = done("audit", "scan", audit)
    assert engine.asked == [1, 3, 4]
    assert ran.out == "gamma: 3 of 4 pages have no text; words read on 2, nothing on 1\n"
    opened = open_audit(audit)
    scan = scan_in(opened)
    assert scan is not None
    assert scan.is_scan
    assert scan.extractor == ENGINE
    assert [page.number for page in scan.pages] == [1, 3, 4]
    one = versions(opened.document("gamma"), opened.library)[0]
    text = layer_of(one, opened.library, opened.cache)
    assert isinstance(text, TextLayer)
    assert not text.is_scan
    assert [page.text.strip() for page in text.pages] == ["", TYPED, "", ""]


def test_a_page_is_read_once_and_again_where_asked(audit: Path, engine: Reader) -> None:
    add(audit, "", "")
    done("audit", "scan", audit)
    assert "words read before on 2" in done("audit", "scan", audit).out
    assert engine.asked == [1, 2]
    done("audit", "scan", audit, "--again")
    assert engine.asked == [1, 2, 1, 2]


def test_reading_goes_on_where_it_was_stopped(audit: Path, engine: Reader) -> None:
    add(audit, "", "", "")
    engine.fails = {2}
    ran = openbook("audit", "scan", audit)
    assert ran.status == 1
    assert "page 2 of gamma: the engine crashed" in ran.out
    scan = scan_in(open_audit(audit))
    assert scan is not None
    assert [page.number for page in scan.pages] == [1, 3]
    searched = done("audit", "search", audit, "annotators", "--document", "gamma").err
    assert "pages read from pictures by an engine, perhaps wrongly: gamma (2)" in searched
    assert "not searched, pages that have no text: gamma (1)" in searched
    engine.fails = set()
    done("audit", "scan", audit)
    assert engine.asked == [1, 2, 3, 2]


def test_pages_that_nobody_read_are_said_in_a_search(audit: Path) -> None:
    add(audit, "", TYPED, "")
    ran = done("audit", "search", audit, "typed", "--document", "gamma")
    assert "not searched, pages that have no text: gamma (2)" in ran.err


def test_another_engine_reads_anew_and_none_uses_what_there_is(
    audit: Path, engine: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(audit, "")
    done("audit", "scan", audit)
    use_engine(monkeypatch, "an engine 2")
    assert scan_in(open_audit(audit)) is None
    use_engine(monkeypatch, None)
    scan = scan_in(open_audit(audit))
    assert scan is not None
    assert scan.extractor == ENGINE


def test_without_an_engine_it_says_what_to_install_and_reads_nothing(
    audit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_engine(monkeypatch, None)
    add(audit, "", "")
    ran = openbook("audit", "scan", audit)
    assert (ran.status, ran.out) == (1, "")
    assert "2 pages have no text (gamma)" in ran.err
    assert "pip install 'openbook[ocr]'" in ran.err


def test_a_quote_in_a_scan_is_read_from_scan_with_its_place_and_boxes(
    audit: Path, engine: Reader
) -> None:
    add(audit, "", TYPED)
    done("audit", "scan", audit)
    found = quote(audit, "with comparisons. We hired 12 annotators")
    assert found.state is State.FROM_SCAN
    assert found.anchor is not None
    (place,) = found.anchor.segments[0]
    assert place.page == 1
    first, second = place.boxes
    length = len(WORDS[1][0])
    assert first == (round(20 + 400 * 18 / length, 1), 150, 420, 165)
    assert second[0] == 20
    assert second[1:4:2] == (130, 145)
    ran = done("audit", "verify", audit, "--write-anchors")
    assert "read-from-scan" in ran.out
    (line,) = Path(audit, "anchors/gamma.jsonl").read_text().splitlines()
    assert json.loads(line)["extractor"] == ENGINE
    again = check_quotes(open_audit(audit))[0][found.evidence]
    assert again.anchor == found.anchor
    report = check(open_audit(audit))
    assert not report.problems
    states = [one.state for one in report.checked.values() if one.document == "gamma"]
    assert states == [State.FROM_SCAN]


def test_the_text_of_a_page_comes_before_what_is_read_from_another(
    audit: Path, engine: Reader
) -> None:
    add(audit, "We hired 12 annotators in Porto, by a test.", "", "")
    done("audit", "scan", audit)
    assert quote(audit, "We hired 12 annotators in Porto").state is State.VERIFIED


def test_a_grade_on_a_scan_rests_on_no_verified_quote(audit: Path, engine: Reader) -> None:
    add(audit, "")
    done("audit", "scan", audit)
    quote(audit, "We hired 12 annotators")
    told = ("--answer", "Told.", "--reason", "Read.")
    done("audit", "grade", audit, "gamma/1", "PEOPLE", "number=stated", "location=absent", *told)
    done("audit", "settle", audit)
    rests = done("audit", "check", audit, "--json").json[0]["settled_grades_rest_on"]
    assert rests["read-from-scan"] == 1
    done("report", audit, "-o", "site")
    page = Path("site/initiatives/gamma.html").read_text()
    assert "read from a scan, not verified" in page
    assert "v-scan" in page
    assert "1 quote, 0 verified, 1 read from a scan" in page
    table = Path("site/downloads/evidence.csv").read_text()
    assert "read-from-scan,read-from-scan" in table


def test_what_was_read_otherwise_is_unchecked_and_what_is_nowhere_is_missing(
    audit: Path, engine: Reader
) -> None:
    add(audit, "", TYPED)
    done("audit", "scan", audit)
    misread = "We hired 12 annotators in Paris, by a test."
    ran = openbook("audit", "quote", audit, misread, "--document", "gamma", *PEOPLE)
    assert ran.status == 1
    assert "read otherwise from the scan, perhaps wrongly: look at page 1" in ran.err
    assert "[-Paris-] {+Porto+}" in ran.err
    found = quote(audit, misread, "--unchecked")
    assert found.state is State.UNCHECKED
    assert found.nearest is not None
    assert "1 quote is read otherwise" in done("audit", "check", audit).out
    ran = openbook(
        "audit", "quote", audit, "Nobody ever said this of it.", "--document", "gamma", *PEOPLE
    )
    assert "the quote is missing" in ran.err


def test_a_search_says_what_is_a_scan_and_what_nobody_read(audit: Path, engine: Reader) -> None:
    add(audit, "", "")
    ran = openbook("audit", "search", audit, "annotators", "--document", "gamma")
    assert ran.status == 1
    assert "not searched: gamma: 2 of 2 pages have no text" in ran.err
    ran = openbook("audit", "absent", audit, "gamma/1", "RELEASED")
    assert ran.status == 1
    assert "what nobody has read cannot be called searched: gamma: 2 of 2" in ran.err
    done("audit", "scan", audit)
    ran = done("audit", "search", audit, "annotators", "--document", "gamma")
    assert "page 1, read from a scan" in ran.out
    (hit, *_) = done("audit", "search", audit, "annotators", "--document", "gamma", "--json").json
    assert hit["is_scan"]
    ran = done("audit", "quote", audit, hit["id"], *PEOPLE)
    assert "read-from-scan, page 1" in ran.out


def test_an_absence_tells_what_was_read_from_pictures_and_what_was_not_read(
    audit: Path, engine: Reader
) -> None:
    add(audit, TYPED, "", "")
    ran = done("audit", "absent", audit, "gamma/1", "RELEASED", "--query", "reads")
    assert "2 pages have no text and were not searched." in ran.out
    record = json.loads(Path(audit, "searches/gamma-1-RELEASED.jsonl").read_text())
    assert record["documents"][0]["unread_pages"] == 2
    done("audit", "settle", audit)
    assert any("without 2 pages" in str(todo) for todo in check(open_audit(audit)).todos)
    done("audit", "scan", audit)
    ran = done("audit", "absent", audit, "gamma/1", "RELEASED", "--query", "reads")
    assert "1 passage was read from pictures of pages by an engine, perhaps wrongly." in ran.out
    line = Path(audit, "searches/gamma-1-RELEASED.jsonl").read_text().splitlines()[1]
    text, scan = json.loads(line)["documents"]
    assert "is_scan" not in text
    assert "unread_pages" not in text
    assert scan["is_scan"]
    assert not check(open_audit(audit)).problems


def test_lines_of_a_scan_stand_where_they_were_found(audit: Path, engine: Reader) -> None:
    add(audit, "")
    done("audit", "scan", audit)
    opened = open_audit(audit)
    copy = versions(opened.document("gamma"), opened.library)[0].copy
    lines = scan_lines(copy, 1, opened.cache)
    assert [one.box for one in lines] == [(20, 150, 420, 165), (20, 130, 420, 145)]
    assert scan_lines(copy, 2, opened.cache) == ()


def test_lint_and_a_pile_say_that_a_scan_is_one(audit: Path, engine: Reader) -> None:
    add(audit, "", "")
    ran = openbook("lint", "gamma.pdf")
    assert ran.status == 1
    assert "2 of 2 pages have no text" in ran.text
    Path("pile").mkdir()
    Path("pile/delta.pdf").write_bytes(pdf(["", "", ""]))
    (planned,) = done("audit", "add", audit, "pile", "--json").json
    assert planned["why"]["do"] == "3 of 3 pages have no text: a scan or pictures"
    assert planned["title"] is planned["date"] is planned["language"] is None
    ran = done("audit", "add", audit, "pile", "--yes")
    assert "next: openbook audit scan audit" in ran.err
    assert "delta" in open_audit(audit).audit.documents


def test_an_imported_quote_that_only_a_scan_has_is_not_counted_as_verified(
    audit: Path, engine: Reader
) -> None:
    add(audit, "")
    done("audit", "scan", audit)
    rows = f"release,question,grade,quote,document\ngamma/1,PEOPLE,3,{WORDS[1][1]!r},gamma\n"
    Path("old.csv").write_text(rows.replace("'", '"'))
    Path("map.toml").write_text(
        'schema = 1\n[auditor]\nid = "old"\nname = "Old"\nkind = "person"\n'
        '[columns]\nrelease = "release"\nquestion = "question"\ngrade = "grade"\n'
        'quote = "quote"\ndocument = "document"\n'
    )
    ran = done("audit", "import", audit, "old.csv", "--map", "map.toml")
    assert "quotes: 1, 0 verified, 1 read from a scan" in ran.out
    assert "read from a scan, not verified" in ran.out


def test_a_quote_of_what_a_scanner_laid_unseen_over_a_page_is_not_verified(
    audit: Path, engine: Reader
) -> None:
    words = WORDS[1][1]
    unseen = b"BT /F 12 Tf 3 Tr 72 700 Td (%s) Tj ET" % words.encode()
    Path("gamma.pdf").write_bytes(by_hand(unseen) + b"\n")
    done("audit", "add", audit, "gamma.pdf", "--initiative", "gamma", "--release", "1")
    assert openbook("audit", "quote", audit, words, "--document", "gamma", *PEOPLE).status == 1
    done("audit", "scan", audit)
    assert quote(audit, words).state is State.FROM_SCAN


def test_an_absence_counts_a_page_of_a_scan_that_could_not_be_read(
    audit: Path, engine: Reader
) -> None:
    add(audit, "", "", "")
    engine.fails = {3}
    assert openbook("audit", "scan", audit).status == 1
    ran = done("audit", "absent", audit, "gamma/1", "RELEASED", "--query", "annotators")
    assert "1 page has no text and was not searched." in ran.out
    record = json.loads(Path(audit, "searches/gamma-1-RELEASED.jsonl").read_text())
    assert [one["unread_pages"] for one in record["documents"]] == [1]
