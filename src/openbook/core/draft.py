"""Judgements in the making, which only their auditor sees, and what is kept from whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from openbook.core.evidence import Evidence, QuoteEvidence
from openbook.core.grade import contradictions, suggest
from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.questionnaire import Question
from openbook.core.records import Audit
from openbook.core.review import (
    CellId,
    Judgement,
    NotStated,
    PassageRead,
    PointState,
    SearchRecord,
)

SAW = ("evidence", "proposals")
"""What of a cell an auditor can ask to see before judging it: quotes that others accepted, and
what language models proposed."""


@dataclass(frozen=True, slots=True)
class DraftQuote:
    """Words of a document that an auditor means to rest a judgement on; verified when taken."""

    id: str
    """The id that the words have, or will have, as evidence."""
    document: str
    text: str
    points: tuple[str, ...] = ()
    """Keys of the points of the cell's question that it supports."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an auditor has put down for a cell, before it is submitted."""

    points: Mapping[str, PointState] = field(default_factory=dict)
    answer: str = ""
    grade: int | None = None
    reason: str = ""
    deviation: str = ""
    quotes: tuple[DraftQuote, ...] = ()
    uses: tuple[str, ...] = ()
    """Ids of accepted evidence, others' or of an earlier judgement, that it rests on too."""
    search: SearchRecord | None = None
    """The search after which the auditor calls the cell not stated."""
    absence: NotStated | None = None
    """Another basis of absence, as the file that it began from has it; holds with grade 0 alone."""
    saw: tuple[str, ...] = ()
    """Which of :data:`SAW` was shown before the cell was judged."""
    base: str = ""
    """:func:`fingerprint` of the judgement in the file that it began from."""

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to lose."""
        return bool(
            any(state is not PointState.UNREVIEWED for state in self.points.values())
            or self.answer.strip()
            or self.grade is not None
            or self.reason.strip()
            or self.deviation.strip()
            or self.quotes
            or self.uses
            or self.search
        )

    @property
    def is_ready(self) -> bool:
        """Whether it says enough to be submitted: an answer, a reason and a grade, or a search."""
        return self.search is not None or bool(
            self.grade is not None and self.answer.strip() and self.reason.strip()
        )


def lacks(draft: Draft, question: Question, rule: str) -> tuple[str, ...]:
    """What a draft still needs before it can be submitted, in words for who writes it."""
    if draft.search is not None:
        held = "quotes are kept here, and yet nothing is said to be found: take either back"
        return (held,) if draft.quotes else ()
    suggestion = suggest(question, draft.points, rule)
    needs = [
        what
        for what, text in (("an answer", draft.answer), ("a reason", draft.reason))
        if not text.strip()
    ]
    grade = draft.grade
    if grade is None:
        return (*needs, "a grade")
    if not suggestion.allows(grade) and not draft.deviation.strip():
        needs.append(f"why the grade is not {suggestion}, as the points suggest")
    if grade and not draft.quotes and not draft.uses:
        needs.append("a quote that it rests on")
    return (*needs, *contradictions(draft.points, grade))


def fingerprint(judgement: Judgement | None) -> str:
    """A hash of a judgement as the files have it; the same for the same words, empty for none."""
    if judgement is None:
        return ""
    said: list[Any] = [
        judgement.answer,
        list(judgement.evidence),
        {key: str(state) for key, state in sorted(judgement.points.items())},
        judgement.grade,
        judgement.reason,
        judgement.deviation,
        list(judgement.saw),
        _said_of_absence(judgement.not_stated),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _said_of_absence(absence: NotStated | None) -> list[Any]:
    if absence is None:
        return []
    basis = str(absence.basis)
    return [basis, absence.search, absence.says, absence.where, list(absence.documents)]


def draft_from(judgement: Judgement | None, searches: Mapping[str, SearchRecord]) -> Draft:
    """A draft that says what the file says, to go on from there."""
    if judgement is None:
        return Draft()
    absence = judgement.not_stated
    search = searches.get(absence.search) if absence else None
    return Draft(
        points=dict(judgement.points),
        answer=judgement.answer,
        grade=judgement.grade,
        reason=judgement.reason,
        deviation=judgement.deviation,
        uses=judgement.evidence,
        search=search,
        absence=absence if search is None else None,
        saw=judgement.saw,
        base=fingerprint(judgement),
    )


def sealed(
    audit: Audit, releases: Collection[ReleaseId], keep: str = "", uses: Collection[str] = ()
) -> Audit:
    """The audit without what anybody but the auditor ``keep`` judged of these releases.

    Reviews, findings, settlements, searches, readings, proposals and corrections of the releases
    go; evidence no longer supports them, and goes too where it supports nothing else: whatever is
    made of the result cannot tell a grade. What the auditor's own reviews rest on stays, and the
    evidence called ``uses``, which the auditor has seen.
    """
    if not releases:
        return audit
    hidden = frozenset(releases)

    def is_shown(release: ReleaseId, by: str = "") -> bool:
        return release not in hidden or bool(keep and by == keep)

    reviews = tuple(one for one in audit.reviews if is_shown(one.release, one.auditor))
    seen = _seen(audit, hidden, keep, uses)
    evidence = {id_: _without(one, hidden, keep, seen) for id_, one in audit.evidence.items()}
    return replace(
        audit,
        evidence={id_: one for id_, one in evidence.items() if one is not None},
        reviews=reviews,
        settlements={
            cell: one for cell, one in audit.settlements.items() if is_shown(cell.release)
        },
        findings={cell: one for cell, one in audit.findings.items() if is_shown(cell.release)},
        searches={
            id_: one for id_, one in audit.searches.items() if is_shown(one.cell.release, one.by)
        },
        readings=tuple(one for one in audit.readings if is_shown(one.cell.release, one.auditor)),
        proposals=tuple(one for one in audit.proposals if is_shown(one.cell.release)),
        corrections=tuple(one for one in audit.corrections if not _tells(audit, one.about, hidden)),
        objectives=None,
    )


def _seen(
    audit: Audit, hidden: frozenset[ReleaseId], keep: str, uses: Collection[str]
) -> frozenset[tuple[str, ReleaseId, str]]:
    """Evidence, release and question where the auditor knows what others accepted."""
    own = {
        (id_, one.release, keyword)
        for one in audit.reviews
        if keep and one.auditor == keep and one.release in hidden
        for keyword, judgement in one.cells.items()
        for id_ in judgement.evidence
    }
    keywords = audit.questionnaire.keywords
    return frozenset(own | {(id_, one, key) for id_ in uses for one in hidden for key in keywords})


def _without(
    one: Evidence,
    hidden: frozenset[ReleaseId],
    keep: str,
    seen: frozenset[tuple[str, ReleaseId, str]],
) -> Evidence | None:
    """Evidence as far as it does not tell of hidden releases; None where nothing is left of it."""
    if (keep and one.by == keep) or not hidden.intersection(one.supports):
        return one
    supports = {}
    for release, refs in one.supports.items():
        left = tuple(
            ref for ref in refs if release not in hidden or (one.id, release, ref.keyword) in seen
        )
        if left:
            supports[release] = left
    # A note is written of all that evidence supports, and may tell of what is hidden.
    return replace(one, supports=supports, note="") if supports else None


def _tells(audit: Audit, about: str, hidden: frozenset[ReleaseId]) -> bool:
    """Whether a correction is about one of these releases, its initiative, or evidence for it."""
    release = parse_release_id(about.partition(" ")[0])
    if release is not None:
        return release in hidden
    if any(about == one.initiative for one in hidden):
        return True
    evidence = audit.evidence.get(about)
    return evidence is not None and bool(hidden.intersection(evidence.supports))


def with_drafts(
    audit: Audit,
    auditor: str,
    quotes: Mapping[CellId, Collection[QuoteEvidence]],
    readings: Collection[PassageRead],
) -> Audit:
    """The audit as its auditor sees it: with the quotes and readings that are not in files yet."""
    evidence = dict(audit.evidence)
    for ones in quotes.values():
        for one in ones:
            evidence[one.id] = _joined(evidence.get(one.id), one)
    mine = tuple(one for one in readings if one.auditor == auditor)
    return replace(audit, evidence=evidence, readings=audit.readings + mine)


def _joined(there: Evidence | None, one: QuoteEvidence) -> Evidence:
    """Evidence that supports what both support."""
    if there is None:
        return one
    supports = {
        release: tuple(
            dict.fromkeys((*there.supports.get(release, ()), *one.supports.get(release, ())))
        )
        for release in dict.fromkeys((*there.supports, *one.supports))
    }
    return replace(there, supports=supports)
