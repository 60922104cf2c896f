"""From drafts to text files: what keeps a draft from being submitted, and keeping it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from openbook.audit.grade import judged, write_judgement
from openbook.audit.opened import AuditError, Opened
from openbook.audit.quoting.evidence import identity, quote
from openbook.audit.quoting.verify import Reader, check_quote
from openbook.audit.search.absent import absent_judgement, keep_absence, require_unanswered
from openbook.audit.search.reading import keep_readings
from openbook.core.draft import Draft, DraftQuote, fingerprint, sealed, with_drafts
from openbook.core.evidence import QuoteEvidence
from openbook.core.problem import Problem
from openbook.core.questionnaire import MIN_GRADE, PointRef
from openbook.core.records import Audit
from openbook.core.review import Auditor, CellId, Judgement, PassageRead

Drafts = Mapping[CellId, Draft]


class Submission(NamedTuple):
    """What an auditor submits of a release."""

    auditor: Auditor
    drafts: Drafts
    readings: tuple[PassageRead, ...] = ()
    """The passages read for it, with whether they answer."""


def own_view(opened: Opened, given: Submission) -> Opened:
    """The audit as the auditor may see it: with the quotes and readings that are in no file yet,
    and without what others judged of the releases judged here. No fault found in it can tell
    anything of theirs."""
    releases = {cell.release for cell in given.drafts}
    uses = {id_ for draft in given.drafts.values() for id_ in draft.uses}
    audit = sealed(opened.audit, releases, given.auditor.id, uses)
    quotes = {
        cell: tuple(_evidence(audit, cell, given.auditor, one) for one in draft.quotes)
        for cell, draft in given.drafts.items()
    }
    return replace(opened, audit=with_drafts(audit, given.auditor.id, quotes, given.readings))


def _evidence(audit: Audit, cell: CellId, auditor: Auditor, one: DraftQuote) -> QuoteEvidence:
    """A quote of a draft as the evidence that it will be, as far as the auditor knows."""
    there = audit.evidence.get(one.id)
    by = there.by if there else auditor.id
    return QuoteEvidence(one.id, one.document, one.text, {cell.release: _refs(cell, one)}, by)


def _refs(cell: CellId, one: DraftQuote) -> tuple[PointRef, ...]:
    return tuple(PointRef(cell.keyword, key) for key in one.points) or (PointRef(cell.keyword),)


def judgement_from(opened: Opened, cell: CellId, draft: Draft) -> Judgement:
    """What a draft says, as a judgement that may be kept. Raises :class:`AuditError` where it may
    not; ``opened`` is as :func:`own_view` gives it."""
    if draft.search is not None:
        if draft.quotes:
            raise AuditError("it holds quotes and yet says that nothing was found; remove either")
        if draft.search.cell != cell:
            raise AuditError(f"its search was made for {draft.search.cell}; search anew")
        return absent_judgement(opened, draft.search, draft.answer, draft.reason, draft.saw)
    if not draft.answer.strip() or not draft.reason.strip():
        raise AuditError("a judgement needs an answer and a reason")
    if draft.grade is None:
        raise AuditError("a judgement needs a grade")
    used = dict.fromkeys((*(one.id for one in draft.quotes), *draft.uses))
    points = {key: state for key, state in draft.points.items() if state != "unreviewed"}
    said = Judgement(
        draft.answer,
        tuple(used),
        points,
        draft.grade,
        draft.reason,
        draft.deviation,
        draft.absence if draft.grade == MIN_GRADE and not draft.quotes else None,
        draft.saw,
    )
    return judged(opened, cell, said)[0]


def faults(opened: Opened, given: Submission) -> Iterator[Problem]:
    """What keeps drafts from being submitted, cell by cell."""
    view = own_view(opened, given)
    for cell, draft in given.drafts.items():
        try:
            judgement_from(view, cell, draft)
            if draft.search is not None:
                require_unanswered(view, cell, given.auditor)
        except AuditError as error:
            yield Problem(str(cell), str(error))


def conflicts(opened: Opened, given: Submission) -> tuple[CellId, ...]:
    """The cells whose judgement in the auditor's file is neither the one that the draft began from
    nor the one it would become: somebody changed the file meanwhile."""
    view = own_view(opened, given)
    found = []
    for cell, draft in given.drafts.items():
        there = fingerprint(judgement_on_file(opened, cell, given.auditor))
        if there in (draft.base, fingerprint(_judgement_or_none(view, cell, draft))):
            continue
        found.append(cell)
    return tuple(found)


def _judgement_or_none(view: Opened, cell: CellId, draft: Draft) -> Judgement | None:
    try:
        return judgement_from(view, cell, draft)
    except AuditError:
        return None


def judgement_on_file(opened: Opened, cell: CellId, auditor: Auditor) -> Judgement | None:
    """What the auditor's file says of a cell."""
    for review in opened.audit.reviews:
        if review.auditor == auditor.id and review.release == cell.release:
            return review.cells.get(cell.keyword)
    return None


def keep(opened: Opened, given: Sequence[Submission], now: dt.datetime) -> None:
    """Write what several auditors submitted into the audit: quotes, readings, searches, reviews.

    The audit is to be held for writing (:func:`openbook.audit.opened.writing`). Done twice it
    changes nothing the second time, so that what was cut short can be done again. Raises
    :class:`AuditError`, before anything is written, where a draft cannot be kept or its file was
    changed meanwhile; :func:`why_not` says beforehand of whom.
    """
    for one in given:
        if why := why_not(opened, one):
            raise AuditError(f"{one.auditor.name}: {why}")
    for one in given:
        for cell, draft in one.drafts.items():
            for words in draft.quotes:
                opened = _with_quote(opened, cell, one.auditor, words, now.date())
    for one in given:
        keep_readings(opened, one.readings)
        view = own_view(opened, one)
        for cell, draft in one.drafts.items():
            _keep_judgement(view, cell, one.auditor, draft, now)


def why_not(opened: Opened, given: Submission) -> str:
    """Why a submission cannot be written, for its auditor alone to read; empty where it can."""
    for cell in conflicts(opened, given):
        return f"the file of {cell} was changed meanwhile"
    for problem in (*faults(opened, given), *_quote_faults(opened, given)):
        return str(problem)
    return ""


def _quote_faults(opened: Opened, given: Submission) -> Iterator[Problem]:
    """Quotes that do not stand any more: their documents, or the copies at hand, were changed."""
    reader = Reader(opened)
    for cell, draft in given.drafts.items():
        for one in draft.quotes:
            if one.document not in opened.audit.documents:
                yield Problem(str(cell), f"its quote {one.id} is of {one.document}, which is gone")
                continue
            if identity(opened, one.document, one.text)[0] != one.id:
                yield Problem(str(cell), f"its quote {one.id} has another id now: quote it anew")
                continue
            supports = {cell.release: _refs(cell, one)}
            checked = check_quote(
                reader, QuoteEvidence(one.id, one.document, one.text, supports, given.auditor.id)
            )
            if not checked.state.is_found:
                why = checked.reason or checked.state
                yield Problem(str(cell), f"its quote {one.id} cannot be verified: {why}")


def _with_quote(
    opened: Opened, cell: CellId, auditor: Auditor, words: DraftQuote, date: dt.date
) -> Opened:
    """The audit with a quote more, on disk and in what is returned."""
    supports = {cell.release: _refs(cell, words)}
    made = quote(opened, words.document, words.text, supports, auditor.id, date)
    audit = with_drafts(opened.audit, auditor.id, {cell: (made.evidence,)}, ())
    return replace(opened, audit=audit)


def _keep_judgement(
    view: Opened, cell: CellId, auditor: Auditor, draft: Draft, now: dt.datetime
) -> None:
    if draft.search is None:
        write_judgement(view, cell, auditor, now.date(), judgement_from(view, cell, draft))
        return
    said = {"answer": draft.answer, "reason": draft.reason}
    keep_absence(view, draft.search, auditor, now, saw=draft.saw, **said)
