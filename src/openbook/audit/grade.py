"""Grading: one auditor's judgement of one cell, kept in that auditor's review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.core.grade import RULES, Suggestion, contradictions, suggest
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE, Question
from openbook.core.review import Auditor, CellId, Judgement, NotStated, PointState, Review
from openbook.files.edit import set_head, set_table
from openbook.files.write import Value, toml_table


class Graded(NamedTuple):
    """A judgement as it was kept, and what the rule says of its points."""

    judgement: Judgement
    suggestion: Suggestion
    path: Path


def parse_points(question: Question, texts: Sequence[str]) -> dict[str, PointState]:
    """``number=stated location=absent`` (or with commas) as point states."""
    found: dict[str, PointState] = {}
    for text in (part for one in texts for part in one.replace(",", " ").split()):
        key, _, state = text.partition("=")
        if question.point(key) is None:
            known = ", ".join(point.key for point in question.points) or "none"
            raise WrongUseError(f"{question.keyword} has no point {key!r}; its points are {known}")
        try:
            marked = PointState(state)
        except ValueError as error:
            known = ", ".join(one.value for one in PointState)
            raise WrongUseError(
                f"{text!r}: write {key}=STATE, a state being one of {known}"
            ) from error
        if found.setdefault(key, marked) is not marked:
            raise WrongUseError(f"{key} is marked twice, as {found[key]} and as {marked}")
    return found


def grade(
    opened: Opened,
    cell: CellId,
    auditor: Auditor,
    date: dt.date,
    *,
    points: Mapping[str, PointState],
    given: int | None,
    answer: str,
    reason: str,
    deviation: str = "",
    evidence: Sequence[str] | None = None,
) -> Graded:
    """Write the auditor's judgement of a cell; an earlier one by the same auditor is replaced.

    Without a list of evidence, all accepted evidence for the cell that this auditor added is
    taken. Raises :class:`AuditError` as :func:`judged` does.
    """
    used = tuple(evidence) if evidence is not None else own_evidence(opened, cell, auditor)
    said = Judgement(answer, used, points, given, reason, deviation)
    judgement, suggestion = judged(opened, cell, said)
    return Graded(judgement, suggestion, write_judgement(opened, cell, auditor, date, judgement))


def judged(opened: Opened, cell: CellId, said: Judgement) -> tuple[Judgement, Suggestion]:
    """What an auditor said of a cell as a judgement that may be kept, and what the rule suggests.

    Without a grade, the rule's suggestion is taken where it allows just one. A deviation is kept
    only where the grade is one. Raises :class:`AuditError` for a grade that contradicts the
    points, that deviates from the rule without a reason, or that rests on no evidence.
    """
    question = opened.question(cell.keyword)
    rule = opened.audit.questionnaire.rule
    if rule not in RULES:
        raise AuditError(f"unknown grading rule {rule!r}; this openbook knows {', '.join(RULES)}")
    suggestion = suggest(question, said.points, rule)
    deviation = prose(said.deviation, "the deviation")
    chosen = _chosen(said.grade, suggestion)
    for contradiction in contradictions(said.points, chosen):
        raise AuditError(contradiction)
    if not suggestion.allows(chosen) and not deviation:
        raise AuditError(
            f"the points suggest {suggestion} ({suggestion.rule}); "
            f"to give {chosen} say why with --deviation"
        )
    _require_evidence(opened, cell, said.evidence, chosen)
    judgement = replace(
        said,
        answer=prose(said.answer, "the answer"),
        grade=chosen,
        reason=prose(said.reason, "the reason"),
        deviation="" if suggestion.allows(chosen) else deviation,
    )
    return judgement, suggestion


def _chosen(given: int | None, suggestion: Suggestion) -> int:
    if given is None:
        if suggestion.low != suggestion.high:
            raise AuditError(
                f"the points leave the grade open: {suggestion} ({suggestion.rule}); "
                "mark more points or give one with --grade"
            )
        return suggestion.low
    if not MIN_GRADE <= given <= MAX_GRADE:
        raise WrongUseError(f"a grade is {MIN_GRADE} to {MAX_GRADE}, not {given}")
    return given


def own_evidence(opened: Opened, cell: CellId, auditor: Auditor) -> tuple[str, ...]:
    """The accepted evidence for a cell that this auditor added."""
    return tuple(one.id for one in opened.audit.evidence_for(cell) if one.by == auditor.id)


def _require_evidence(opened: Opened, cell: CellId, used: Sequence[str], chosen: int) -> None:
    for id_ in used:
        found = opened.audit.evidence.get(id_)
        if found is None:
            raise WrongUseError(f"there is no evidence {id_!r}")
        if not any(ref.keyword == cell.keyword for ref in found.supports.get(cell.release, ())):
            raise AuditError(f"evidence {id_} does not support {cell}; quote it with --supports")
    if chosen > MIN_GRADE and not used:
        accepted = ", ".join(one.id for one in opened.audit.evidence_for(cell))
        others = f"name others' with --evidence: {accepted}" if accepted else "nobody has any yet"
        raise AuditError(
            f"a grade of {chosen} rests on evidence, and you have none for {cell}: "
            f"quote some first ({others})"
        )


def review_path(opened: Opened, cell: CellId, auditor: Auditor) -> Path:
    """The file of an auditor's review of a release."""
    release = cell.release
    return opened.folder / "reviews" / auditor.id / release.initiative / f"{release.release}.toml"


def write_judgement(
    opened: Opened,
    cell: CellId,
    auditor: Auditor,
    date: dt.date,
    judgement: Judgement,
    read: Sequence[str] = (),
) -> Path:
    """Keep a judgement in the auditor's review of the release; what it does not say is removed.

    The review lists as read what it listed before, ``read``, and the documents of the evidence:
    nothing that nobody showed to have opened.
    """
    path = review_path(opened, cell, auditor)
    quoted = (opened.audit.evidence[id_].document for id_ in judgement.evidence)
    before = _read_before(opened, cell, auditor)
    documents = [*dict.fromkeys((*before, *read, *quoted))]
    head: dict[str, Value | None] = {
        "auditor": auditor.id,
        "release": str(cell.release),
        "date": date,
        "read": documents,
    }
    if path.exists() and tuple(documents) != before:
        set_head(path, "read", documents)
    set_table(path, cell.keyword, judgement_fields(judgement), toml_table("", head))
    return path


def _read_before(opened: Opened, cell: CellId, auditor: Auditor) -> tuple[str, ...]:
    reviews: list[Review] = [
        one
        for one in opened.audit.reviews
        if one.auditor == auditor.id and one.release == cell.release
    ]
    return reviews[0].read if reviews else ()


def judgement_fields(judgement: Judgement) -> dict[str, Value | None]:
    """A judgement as the files write it; None where it says nothing."""
    absence = judgement.not_stated
    return {
        "answer": judgement.answer or None,
        "evidence": list(judgement.evidence) or None,
        "points": {key: str(state) for key, state in judgement.points.items()} or None,
        "grade": judgement.grade,
        "reason": judgement.reason or None,
        "deviation": judgement.deviation or None,
        "not_stated": not_stated_fields(absence) if absence else None,
        "saw": list(judgement.saw) or None,
    }


def not_stated_fields(absence: NotStated) -> dict[str, Value]:
    """Absence with its basis, as the files write it."""
    fields: dict[str, Value] = {"basis": str(absence.basis)}
    if absence.search:
        fields["search"] = absence.search
    if absence.says:
        fields["says"] = absence.says
    if absence.where:
        fields["where"] = absence.where
    if absence.documents:
        fields["documents"] = list(absence.documents)
    return fields
