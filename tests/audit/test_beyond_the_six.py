"""The second audit that ships with openbook: made with it, on documents the paper leaves out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from openbook.audit.check import check
from openbook.audit.new import BUNDLED, bundled, bundled_names, copy_audit, new_audit
from openbook.audit.opened import Opened, WrongUseError, open_audit
from openbook.audit.quoting.verify import check_quotes
from openbook.audit.search.drawn import check_draws
from openbook.audit.settle import settlement_of
from openbook.core.evidence import QuoteEvidence
from openbook.core.heatmap import coverage
from openbook.core.review import Basis, PointState
from tests.corpus import needs_corpus

NAME = "beyond-the-six"
LONGEST = 300
"""Characters of a quote: enough for a long sentence, too little for a paragraph."""


@pytest.fixture
def opened() -> Opened:
    return open_audit(bundled(NAME))


@pytest.fixture
def with_documents(at_corpus: Path) -> Opened:
    return open_audit(bundled(NAME))


def test_it_has_no_problems(opened: Opened) -> None:
    assert check(opened).problems == ()


def test_fifty_cells_are_settled_and_no_point_is_left_unreviewed(opened: Opened) -> None:
    audit = opened.audit
    assert [str(release.id) for release in audit.releases] == [
        *("deepseek/v2", "deepseek/v3", "deepseek/r1"),
        *("moonshot-kimi/k2", "mistral/7b"),
    ]
    settling = settlement_of(audit)
    assert settling.disputed == ()
    assert dict(audit.findings) == settling.findings
    assert set(audit.findings) == set(audit.cells)
    assert len(audit.findings) == 50
    assert coverage(audit)[PointState.UNREVIEWED] == 0


def test_it_asks_what_the_first_audit_asks(opened: Opened) -> None:
    questions = (bundled() / "questionnaire.toml").read_text("utf-8")
    assert (opened.folder / "questionnaire.toml").read_text("utf-8") == questions


def test_one_auditor_a_model_that_names_its_maker_and_the_first_reading(opened: Opened) -> None:
    (auditor,) = opened.audit.auditors
    assert auditor.kind == "model"
    assert "competitor" in auditor.note
    assert "another reader" in auditor.note
    assert "No person has graded" in auditor.note


def test_every_grade_rests_on_quotes_and_every_absence_on_a_search(opened: Opened) -> None:
    audit = opened.audit
    for cell, finding in audit.findings.items():
        judgement = finding.judgement
        if judgement.grade:
            assert set(judgement.evidence) == {one.id for one in audit.evidence_for(cell)}, cell
            assert judgement.evidence, cell
        else:
            assert judgement.not_stated is not None, cell
            assert judgement.not_stated.basis is Basis.SEARCHED, cell
            assert audit.evidence_for(cell) == (), cell


def test_points_are_told_where_quotes_support_them_and_nowhere_else(opened: Opened) -> None:
    audit = opened.audit
    for cell, finding in audit.findings.items():
        told = {key for key, state in finding.judgement.points.items() if state.informs}
        supported = {
            ref.key
            for one in audit.evidence_for(cell)
            for ref in one.supports[cell.release]
            if ref.keyword == cell.keyword and ref.key
        }
        assert told == supported, cell


def test_a_search_read_every_document_of_its_release(opened: Opened) -> None:
    for record in opened.audit.searches.values():
        release = opened.audit.release(record.cell.release)
        assert release is not None
        assert {one.key for one in record.documents} == set(release.documents)
        assert len(record.read) >= 10


def test_every_search_record_has_a_random_sample_and_a_bound_and_is_referred_to(
    opened: Opened,
) -> None:
    audit = opened.audit
    for record in audit.searches.values():
        assert record.sample is not None, record.id
        assert len(record.sample.read) >= 30, record.id
        assert record.bound is not None, record.id
        assert (record.bound.at_most == 0) is (record.unread == 0), record.id
    bases = [one.judgement.not_stated for one in audit.findings.values()]
    assert {one.search for one in bases if one} == set(audit.searches)


def test_quotes_are_short(opened: Opened) -> None:
    for one in opened.audit.evidence.values():
        assert isinstance(one, QuoteEvidence)
        assert len(one.quote) <= LONGEST, one.id


def test_copies_say_what_they_are_and_where_they_are_from(opened: Opened) -> None:
    for document in opened.audit.documents.values():
        assert document.url.startswith("https://arxiv.org/abs/"), document.key
        (known,) = document.hashed
        assert known.url.startswith("https://"), document.key
        assert known.note, document.key
        is_transcription = known.media_type == "text/markdown"
        assert (known.role == "transcription") is is_transcription, document.key


def test_the_folder_holds_no_document(opened: Opened) -> None:
    files = [path for path in opened.folder.rglob("*") if path.is_file()]
    kinds = {path.suffix for path in files if path.name != ".openbook.lock"}
    assert kinds == {".toml", ".jsonl"}
    assert max(path.stat().st_size for path in files) < 200_000


@needs_corpus
def test_with_the_documents_at_hand_every_quote_verifies(with_documents: Opened) -> None:
    checked, problems = check_quotes(with_documents)
    assert problems == []
    states = Counter(str(one.state) for one in checked.values())
    assert set(states) == {"verified", "verified-with-elision"}, states
    assert sum(states.values()) == len(with_documents.audit.evidence)
    for id_, one in checked.items():
        recorded = {anchor.copy: anchor.page for anchor in with_documents.anchors[id_]}
        assert one.anchor is not None
        assert recorded[one.anchor.copy] == one.anchor.page, id_


@needs_corpus
def test_with_the_documents_at_hand_every_random_sample_is_drawn_again(
    with_documents: Opened,
) -> None:
    assert check_draws(with_documents) == []


def test_the_audits_that_ship_are_those_of_the_folder() -> None:
    names = bundled_names()
    assert names[0] == BUNDLED
    assert set(names) == {path.name for path in bundled().parent.iterdir() if path.is_dir()}
    assert NAME in names


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(WrongUseError, match=f"there is {BUNDLED}, {NAME}"):
        bundled("none-such")


def test_it_can_be_copied_out_and_asked_like(opened: Opened, tmp_path: Path) -> None:
    copied = open_audit(copy_audit(tmp_path / "copy", NAME)).audit
    assert copied == opened.audit
    made = open_audit(new_audit(tmp_path / "new", like=NAME, title="", auditor="Ana Ruiz")).audit
    assert made.questionnaire == opened.audit.questionnaire
    assert made.initiatives == ()
