"""What is sealed cannot be told, whatever it is; what is one's own stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.draft import Draft, DraftQuote, draft_from, fingerprint, sealed, with_drafts
from openbook.core.evidence import QuoteEvidence, SecondaryEvidence
from openbook.core.initiative import Initiative, Release, ReleaseId
from openbook.core.objectives import Objectives
from openbook.core.proposal import Proposal
from openbook.core.questionnaire import Point, PointRef, Question, Questionnaire
from openbook.core.records import Audit
from openbook.core.review import (
    Auditor,
    Basis,
    CellId,
    Correction,
    Finding,
    Judgement,
    NotStated,
    PassageRead,
    PointState,
    ReadPassage,
    Review,
    SearchRecord,
    Settled,
    Settlement,
)

SECRET, OPEN = ReleaseId("acme", "1"), ReleaseId("beta", "2")
ASKED = Questionnaire(
    "two",
    "Two",
    tuple(Question(key, key, "?", "", points=(Point("p", "P"),)) for key in ("GOALS", "PEOPLE")),
    {},
    "points-1",
)
EMPTY = Audit(
    "a",
    "An audit",
    ASKED,
    auditors=(Auditor("ana", "Ana", "person"), Auditor("bo", "Bo", "person")),
    initiatives=tuple(
        Initiative(one.initiative, "C", one.initiative, "open", (Release(one, str(one)),))
        for one in (SECRET, OPEN)
    ),
)
words = st.text("abcdefgh", min_size=6, max_size=12).map(lambda text: f"secret-{text}")
ids = st.text("0123456789abcdef", min_size=6, max_size=6).map(lambda text: f"q-{text}")
keywords = st.sampled_from(ASKED.keywords)
states = st.sampled_from(PointState)


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    absence = draw(
        st.none() | st.builds(NotStated, st.just(Basis.SEARCHED), words, st.just(""), words)
    )
    return Judgement(
        draw(words),
        tuple(draw(st.lists(ids, max_size=2))),
        draw(st.dictionaries(st.just("p"), states)),
        draw(st.none() | st.integers(0, 4)),
        draw(words),
        draw(words),
        absence,
        tuple(draw(st.lists(st.sampled_from(("evidence", "proposals")), unique=True))),
    )


@st.composite
def secrets(draw: st.DrawFn, who: str = "bo") -> Audit:
    """The audit with anything that somebody can say of the first release."""
    cell = CellId(SECRET, draw(keywords))
    supports = {SECRET: (PointRef(cell.keyword, draw(st.sampled_from(("p", "")))),)}
    quotes = [
        QuoteEvidence(id_, draw(words), draw(words), supports, who, note=draw(words))
        for id_ in draw(st.lists(ids, max_size=3, unique=True))
    ]
    said = SecondaryEvidence("s-000001", "d", draw(words), draw(words), supports, who)
    judged = draw(st.dictionaries(keywords, judgements(), max_size=2))
    one = draw(judgements())
    grade = draw(st.integers(0, 4))
    passage = ReadPassage(draw(words), 1, 2, 3)
    return replace(
        EMPTY,
        evidence={item.id: item for item in (*quotes, said)},
        reviews=(Review(who, SECRET, judged, read=(draw(words),)),),
        findings={cell: Finding(cell, one, Settled("decided", {who: grade}, draw(words), "r"))},
        settlements={cell: Settlement(cell, grade, who, draw(words), draw(words))},
        searches={"x": SearchRecord("x", cell, draw(words), who, (), (), "r", (passage,))},
        readings=(PassageRead(who, cell, draw(words), passage, True, "now"),),
        corrections=tuple(
            Correction("c", "slip", about, "x", None, draw(words), "open")
            for about in (str(SECRET), str(cell), "acme", "s-000001")
        ),
        objectives=draw(st.none() | st.just(Objectives(draw(words), ()))),
        proposals=(_proposal(cell, draw(words), grade),),
    )


def _proposal(cell: CellId, text: str, grade: int) -> Proposal:
    return Proposal(cell, "m", "1", "e", "now", "p", "r", (), grade=grade, reason=text)


@given(secrets())
def test_nothing_of_a_sealed_release_can_be_told(audit: Audit) -> None:
    """Whatever is said of it, the sealed audit is the same: that of nothing said."""
    assert sealed(audit, [SECRET]) == EMPTY
    assert sealed(audit, [SECRET], "ana") == EMPTY
    assert "secret" not in repr(sealed(audit, [SECRET], "ana"))


@given(secrets(), secrets("ana"))
def test_ones_own_stays_and_tells_nothing_of_others(theirs: Audit, mine: Audit) -> None:
    both = replace(
        mine,
        evidence={**theirs.evidence, **mine.evidence},
        reviews=theirs.reviews + mine.reviews,
        readings=theirs.readings + mine.readings,
    )
    seen = sealed(both, [SECRET], "ana")
    assert seen.reviews == mine.reviews
    assert seen.readings == mine.readings
    assert {one.by for one in seen.evidence.values()} <= {"ana", "bo"}
    own = {id_ for one in mine.reviews for said in one.cells.values() for id_ in said.evidence}
    assert {id_ for id_, one in seen.evidence.items() if one.by == "bo"} <= own
    assert seen.findings == {}


@given(secrets())
def test_what_is_not_sealed_is_untouched(audit: Audit) -> None:
    assert sealed(audit, []) is audit
    other = sealed(audit, [OPEN])
    assert replace(other, objectives=audit.objectives) == audit


def test_evidence_of_two_releases_is_cut_to_the_open_one() -> None:
    supports = {SECRET: (PointRef("GOALS", "p"),), OPEN: (PointRef("PEOPLE"),)}
    one = QuoteEvidence("q-1", "d", "words", supports, "bo", note="of 1 it says more")
    seen = sealed(replace(EMPTY, evidence={"q-1": one}), [SECRET])
    assert seen.evidence["q-1"] == replace(one, supports={OPEN: (PointRef("PEOPLE"),)}, note="")


def test_others_evidence_that_the_auditor_saw_stays_for_that_question_alone() -> None:
    supports = {SECRET: (PointRef("GOALS", "p"), PointRef("PEOPLE", "p"))}
    one = QuoteEvidence("q-1", "d", "words", supports, "bo")
    mine = Review("ana", SECRET, {"GOALS": Judgement("A", ("q-1",))})
    audit = replace(EMPTY, evidence={"q-1": one}, reviews=(mine,))
    assert sealed(audit, [SECRET], "ana").evidence["q-1"].supports == {
        SECRET: (PointRef("GOALS", "p"),)
    }
    assert sealed(audit, [SECRET]).evidence == {}
    assert sealed(replace(audit, reviews=()), [SECRET], "ana", ["q-1"]).evidence == {"q-1": one}


@given(judgements())
def test_a_draft_from_a_judgement_says_the_same(judgement: Judgement) -> None:
    record = SearchRecord("x", CellId(SECRET, "GOALS"), "now", "ana", (), (), "r", ())
    absence = judgement.not_stated
    draft = draft_from(judgement, {absence.search: record} if absence else {})
    assert (draft.answer, draft.grade, draft.reason) == (
        judgement.answer,
        judgement.grade,
        judgement.reason,
    )
    assert draft.base == fingerprint(judgement)
    assert (draft.search is not None) == (absence is not None)


def test_an_absence_without_a_search_is_not_lost() -> None:
    absence = NotStated(Basis.DOCUMENT_UNAVAILABLE, documents=("d",))
    draft = draft_from(Judgement("A", grade=0, not_stated=absence), {})
    assert draft.absence == absence
    assert draft_from(None, {}) == Draft()


@given(judgements(), judgements())
def test_fingerprints_tell_judgements_apart(one: Judgement, other: Judgement) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert fingerprint(None) == ""


@pytest.mark.parametrize(
    ("draft", "begun", "ready"),
    [
        (Draft(), False, False),
        (Draft({"p": PointState.UNREVIEWED}, " "), False, False),
        (Draft(saw=("evidence",)), False, False),
        (Draft({"p": PointState.ABSENT}), True, False),
        (Draft(uses=("q-1",)), True, False),
        (Draft(deviation="So."), True, False),
        (Draft(quotes=(DraftQuote("q-1", "d", "words"),)), True, False),
        (Draft(answer="A", grade=0, reason="R"), True, True),
        (Draft(answer="A", grade=0, reason=" "), True, False),
    ],
)
def test_begun_and_ready(draft: Draft, begun: bool, ready: bool) -> None:
    assert (draft.is_begun, draft.is_ready) == (begun, ready)


def test_drafts_join_what_is_there() -> None:
    there = QuoteEvidence("q-1", "d", "words", {OPEN: (PointRef("GOALS"),)}, "bo")
    new = replace(there, supports={SECRET: (PointRef("PEOPLE"),)}, by="ana")
    cell = CellId(SECRET, "PEOPLE")
    seen = with_drafts(replace(EMPTY, evidence={"q-1": there}), "ana", {cell: (new,)}, ())
    assert seen.evidence["q-1"].by == "bo"
    assert set(seen.evidence["q-1"].supports) == {OPEN, SECRET}
