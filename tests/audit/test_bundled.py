"""The audit that ships with openbook, held against the paper it follows."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openbook.audit.check import check
from openbook.audit.new import bundled
from openbook.audit.opened import Opened, open_audit
from openbook.audit.quoting.verify import check_quotes
from openbook.audit.settle import settlement_of
from openbook.core.evidence import QuoteEvidence, SecondaryEvidence
from openbook.core.initiative import ReleaseId
from openbook.core.review import CellId
from openbook.core.text import fold
from tests.corpus import needs_corpus, rows

PAPER = "chalkidis-2025"
SAYS = {
    "explicit_NA": "N/A",
    "explicit_none": "none",
    "silence": "silent",
    "partial": "unclear",
    "elsewhere": "unclear",
    "contradiction": "unclear",
    "reported": "information",
}
"""What the corpus calls the basis of a cell, in the words of reported.toml."""

ELSEWHERE = {"q029": "claude-constitution"}
"""Quotes that stand in another document than the one the paper names."""


@pytest.fixture
def opened() -> Opened:
    return open_audit(bundled())


@pytest.fixture
def with_documents(at_corpus: Path) -> Opened:
    return open_audit(bundled())


def releases_by_label(opened: Opened) -> dict[str, ReleaseId]:
    return {release.label: release.id for release in opened.audit.releases}


def test_it_has_no_problems(opened: Opened) -> None:
    assert check(opened).problems == ()


def test_twenty_releases_by_ten_questions_are_all_settled(opened: Opened) -> None:
    audit = opened.audit
    assert len(audit.releases) == 20
    assert audit.questionnaire.keywords == tuple(
        "DEF AUTH VS PLAN HUM PROMPT SIZE FILTER USE PUB".split()
    )
    assert set(audit.findings) == set(audit.cells)
    assert all(finding.judgement.grade is not None for finding in audit.findings.values())


def test_findings_are_what_settling_gives(opened: Opened) -> None:
    settling = settlement_of(opened.audit)
    assert settling.disputed == ()
    assert dict(opened.audit.findings) == settling.findings


def test_one_auditor_a_model_and_it_says_so(opened: Opened) -> None:
    (auditor,) = opened.audit.auditors
    assert auditor.kind == "model"
    assert "independent" in auditor.note
    assert {review.auditor for review in opened.audit.reviews} == {auditor.id}
    assert {finding.settled.how for finding in opened.audit.findings.values()} == {"single"}


def test_grades_above_zero_rest_on_evidence(opened: Opened) -> None:
    audit = opened.audit
    for cell, finding in audit.findings.items():
        judgement = finding.judgement
        if judgement.grade:
            assert judgement.evidence, cell
        assert set(judgement.evidence) <= {one.id for one in audit.evidence_for(cell)}, cell
        if judgement.grade == 0:
            assert judgement.not_stated or judgement.evidence, cell


def test_where_a_cell_rests_on_no_quote_its_evidence_is_secondary(opened: Opened) -> None:
    audit = opened.audit
    for cell, finding in audit.findings.items():
        used = [audit.evidence[id_] for id_ in finding.judgement.evidence]
        if finding.judgement.grade and not any(isinstance(one, QuoteEvidence) for one in used):
            assert any(isinstance(one, SecondaryEvidence) for one in used), cell
    secondary = [one for one in audit.evidence.values() if isinstance(one, SecondaryEvidence)]
    assert {one.document for one in secondary} == {PAPER}


def test_every_document_has_a_public_address(opened: Opened) -> None:
    for document in opened.audit.documents.values():
        assert document.url.startswith("https://"), document.key


def test_the_package_holds_no_document() -> None:
    kinds = Counter(path.suffix for path in bundled().rglob("*") if path.is_file())
    assert set(kinds) == {".toml", ".jsonl"}
    package = [path.suffix for path in bundled().parents[1].rglob("*") if path.is_file()]
    assert not set(package) & {".pdf", ".htm", ".txt", ".bin", ".md", ".sqlite3"}
    assert max(path.stat().st_size for path in bundled().rglob("*") if path.is_file()) < 200_000


@needs_corpus
def test_what_the_paper_reports_of_each_cell(opened: Opened) -> None:
    labels = releases_by_label(opened)
    expected = {
        CellId(labels[row["release"]], row["keyword"]): SAYS[row["basis"]]
        for row in rows("cells.jsonl")
    }
    assert len(expected) == 200
    reported = opened.audit.reported
    assert {cell: one.says for cell, one in reported.items()} == expected
    assert {one.by for one in reported.values()} == {PAPER}


def document_key(citation: str) -> str:
    """``GemmaTeam2024a`` gives ``gemma-team-2024a``."""
    parts = re.findall(r"OpenAI|[A-Z][a-z]+|\d+[a-z]?", citation)
    return "-".join(parts).lower()


def words(text: str) -> str:
    """A quote's letters and digits, without elisions and insertions."""
    solid = fold(re.sub(r"\[[^\]]*\]", " ", text)).solid
    return "".join(filter(str.isalnum, solid)).lower()


def evidence_of(opened: Opened, row: dict[str, Any]) -> QuoteEvidence | None:
    """The evidence that has a quote of the paper, in its words or the document's."""
    key = ELSEWHERE.get(row["id"], document_key(row["citation_key"]))
    release = releases_by_label(opened)[row["release"]]
    for one in opened.audit.evidence.values():
        if not isinstance(one, QuoteEvidence) or one.document != key:
            continue
        said = (one.quote, one.wording_elsewhere.get(PAPER, ""))
        if release in one.supports and any(has_words(words(text), row) for text in said):
            return one
    return None


def has_words(text: str, row: dict[str, Any]) -> bool:
    """Whether a text has a quote's words: all at once, or each of its fragments."""
    return words(row["quote"]) in text or all(words(one) in text for one in row["fragments"])


def quotes_of_the_paper() -> Iterator[dict[str, Any]]:
    return (row for row in rows("quotes.jsonl") if row["kind"] == "verbatim")


@needs_corpus
def test_every_quote_of_the_paper_is_evidence(opened: Opened) -> None:
    quotes = list(quotes_of_the_paper())
    assert len(quotes) == 95
    assert [row["id"] for row in quotes if evidence_of(opened, row) is None] == []


@needs_corpus
def test_with_the_documents_at_hand_the_papers_quotes_verify(with_documents: Opened) -> None:
    checked, problems = check_quotes(with_documents)
    assert problems == []
    states = Counter(str(one.state) for one in checked.values())
    assert not set(states) & {"altered", "missing", "moved"}, states
    found = [evidence_of(with_documents, row) for row in quotes_of_the_paper()]
    standing = [one for one in found if one and checked[one.id].state.stands]
    assert len(standing) >= 51


@needs_corpus
def test_recorded_anchors_are_where_the_quotes_stand(with_documents: Opened) -> None:
    checked, _ = check_quotes(with_documents)
    for id_, one in checked.items():
        if one.anchor is not None:
            recorded = {anchor.copy: anchor.page for anchor in with_documents.anchors[id_]}
            assert recorded[one.anchor.copy] == one.anchor.page, id_


def test_a_copy_of_it_is_whole(opened: Opened, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    shutil.copytree(bundled(), target)
    assert open_audit(target).audit == opened.audit
