"""Drafts become files: what keeps them from it, and that it is the same done twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from openbook.audit.check import check
from openbook.audit.opened import AuditError, Opened, open_audit, writing
from openbook.audit.quoting.evidence import identity
from openbook.audit.search.reading import reading_of
from openbook.audit.search.search import layers_at_hand, passages_of
from openbook.audit.submit import Submission, conflicts, faults, keep, own_view, why_not
from openbook.core.draft import Draft, DraftQuote, draft_from
from openbook.core.review import (
    Auditor,
    Basis,
    CellId,
    NotStated,
    PointState,
    SearchedDocument,
    SearchRecord,
)
from tests.workbench import clock, snapshot

BO = Auditor("bo", "Bo", "person")
ANA = Auditor("ana-ruiz", "Ana Ruiz", "person")
TOLD = PointState.VAGUE


@pytest.fixture
def opened(audit: Path) -> Opened:
    """Ana has judged a release, and Bo has not."""
    path = audit / "audit.toml"
    person = '\n[[auditor]]\nid = "bo"\nname = "Bo"\nkind = "person"\n'
    path.write_text(path.read_text("utf-8") + person, "utf-8")
    return open_audit(audit)


def quoted(opened: Opened, text: str, *points: str) -> DraftQuote:
    return DraftQuote(identity(opened, "acme-card", text)[0], "acme-card", text, points)


def said(opened: Opened, **changed: object) -> Submission:
    """Bo's judgement of a cell that Ana has judged."""
    draft = Draft(
        {"which": TOLD},
        "Two goals.",
        1,
        "They are named.",
        quotes=(quoted(opened, "to be helpful and to be safe", "which"),),
    )
    return of_bo(opened, {"GOALS": replace(draft, **changed)})  # type: ignore[arg-type]


def of_bo(opened: Opened, drafts: Mapping[str, Draft]) -> Submission:
    return Submission(BO, {opened.cell("acme/1", one): draft for one, draft in drafts.items()})


def write(opened: Opened, *given: Submission) -> Opened:
    with writing(opened.folder) as held:
        keep(held, given, clock())
    return open_audit(opened.folder)


def test_done_twice_it_is_the_same(opened: Opened) -> None:
    given = said(opened)
    after = write(opened, given)
    assert check(after).problems == ()
    once = snapshot(opened.folder)
    write(opened, given)
    assert snapshot(opened.folder) == once


def test_an_auditors_view_tells_nothing_of_others(opened: Opened) -> None:
    view = own_view(opened, said(opened)).audit
    assert {one.by for one in view.evidence.values()} == {"bo", "ana-ruiz"}
    assert {str(one) for id_ in view.evidence.values() for one in id_.supports} == {
        "acme/1",
        "beta-labs/2",
    }
    mine = next(one for one in view.evidence.values() if one.by == "bo")
    assert [str(one) for one in mine.supports] == ["acme/1"]
    assert view.evidence_for(opened.cell("acme/1", "PEOPLE")) == ()
    assert all(one.release.initiative != "acme" for one in view.reviews)


def test_words_that_another_quoted_too_are_ones_own(opened: Opened) -> None:
    words = "two goals: to be helpful and to be safe"
    given = said(opened, quotes=(quoted(opened, words, "which"),))
    id_ = given.drafts[opened.cell("acme/1", "GOALS")].quotes[0].id
    assert opened.audit.evidence[id_].by == "ana-ruiz"
    assert own_view(opened, given).audit.evidence[id_].by == "bo"
    after = write(opened, given)
    assert after.audit.evidence[id_].by == "ana-ruiz"
    assert check(after).problems == ()


FAULTY: Mapping[str, tuple[dict[str, object], str]] = {
    "no grade": ({"grade": None}, "needs a grade"),
    "no reason": ({"reason": " "}, "an answer and a reason"),
    "contradicts": ({"grade": 0}, "grade 0 says nothing is told"),
    "deviates": ({"grade": 4}, "say why"),
    "no evidence": ({"quotes": ()}, "nobody has any yet"),
    "unknown evidence": ({"uses": ("q-999999",)}, "no evidence 'q-999999'"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_what_keeps_a_draft_from_being_kept(opened: Opened, fault: str) -> None:
    changed, message = FAULTY[fault]
    given = said(opened, **changed)
    found = list(faults(opened, given))
    assert [one.place for one in found] == ["acme/1 GOALS"]
    assert message in found[0].message
    before = snapshot(opened.folder)
    with pytest.raises(AuditError), writing(opened.folder) as held:
        keep(held, [given], clock())
    assert snapshot(opened.folder) == before


GONE: Mapping[str, tuple[DraftQuote, str]] = {
    "not in it": (DraftQuote("", "acme-card", "never said anywhere", ("which",)), "be verified"),
    "no such document": (DraftQuote("q-000000", "nowhere", "words", ("which",)), "which is gone"),
    "no copy": (DraftQuote("", "lost", "Two goals", ("which",)), "no copy of its document"),
    "another id": (DraftQuote("q-000000", "acme-card", "be safe", ("which",)), "another id now"),
}


@pytest.mark.parametrize("case", GONE)
def test_quotes_are_verified_before_anything_is_written(opened: Opened, case: str) -> None:
    (opened.folder / "documents" / "lost.toml").write_text('key = "lost"\ntitle = "Lost"\n')
    opened = open_audit(opened.folder)
    quote, message = GONE[case]
    if not quote.id:
        quote = replace(quote, id=identity(opened, quote.document, quote.text)[0])
    given = said(opened, quotes=(quote,))
    assert message in why_not(opened, given)
    good = said(opened)._replace(auditor=ANA)
    before = snapshot(opened.folder)
    with pytest.raises(AuditError), writing(opened.folder) as held:
        keep(held, [good, given], clock())
    assert snapshot(opened.folder) == before


def search(opened: Opened, cell: CellId, by: str = "bo") -> SearchRecord:
    layers = layers_at_hand(opened, ("acme-card",))
    passages = passages_of(layers)
    copy, layer = layers[0]
    searched = SearchedDocument("acme-card", copy.copy.sha256, layer.sha256, len(passages))
    places = tuple(one.place for one in passages)
    return SearchRecord("search-1", cell, "now", by, (searched,), (), "r", places)


def test_an_absence_is_kept_with_its_search_once(opened: Opened) -> None:
    cell = opened.cell("acme/1", "RELEASED")
    given = Submission(BO, {cell: Draft(search=search(opened, cell))})
    write(opened, given)
    after = write(opened, given)
    assert check(after).problems == ()
    lines = (opened.folder / "searches" / "acme-1-RELEASED.jsonl").read_text("utf-8").splitlines()
    assert sum('"search-1"' in line for line in lines) == 1


def test_an_absence_beside_ones_own_evidence_is_a_fault(opened: Opened) -> None:
    opened = write(opened, said(opened))
    cell = opened.cell("acme/1", "GOALS")
    given = Submission(BO, {cell: Draft(search=search(opened, cell))})
    assert "grade the cell" in next(faults(opened, given)).message


@pytest.mark.parametrize("what", ["quotes", "cell"])
def test_an_absence_that_cannot_be(opened: Opened, what: str) -> None:
    cell, other = opened.cell("acme/1", "RELEASED"), opened.cell("acme/1", "PEOPLE")
    draft = Draft(search=search(opened, other if what == "cell" else cell))
    if what == "quotes":
        draft = replace(draft, quotes=(quoted(opened, "be safe"),))
    assert len(list(faults(opened, Submission(BO, {cell: draft})))) == 1


def test_an_absence_on_another_basis_outlives_its_draft(opened: Opened) -> None:
    cell = opened.cell("acme/1", "RELEASED")
    absence = NotStated(Basis.PAPER_REPORTS, says="N/A", where="p. 3")
    draft = Draft(answer="A", grade=0, reason="R", absence=absence)
    after = write(opened, Submission(BO, {cell: draft}))
    review = next(one for one in after.audit.reviews if one.auditor == "bo")
    assert review.cells["RELEASED"].not_stated == absence
    again = draft_from(review.cells["RELEASED"], {})
    assert conflicts(after, Submission(BO, {cell: again})) == ()


def test_readings_are_added_once(opened: Opened) -> None:
    cell = opened.cell("acme/1", "GOALS")
    passage = passages_of(layers_at_hand(opened, ("acme-card",)))[0]
    one = reading_of(BO, cell, passage, True, dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    given = said(opened)._replace(readings=(one,))
    write(opened, given)
    write(opened, given)
    assert (opened.folder / "readings" / "bo.jsonl").read_text("utf-8").count("\n") == 1


def test_conflicts(opened: Opened) -> None:
    given = said(opened)
    cell = opened.cell("acme/1", "GOALS")
    assert conflicts(opened, given) == ()
    after = write(opened, given)
    assert conflicts(after, given) == (), "what is written is what was to be written"
    other = said(after, answer="Other.")
    assert conflicts(after, other) == (cell,)
    review = next(one for one in after.audit.reviews if one.auditor == "bo")
    based = replace(draft_from(review.cells["GOALS"], {}), answer="Other.")
    assert conflicts(after, Submission(BO, {cell: based})) == ()
