"""Answers of those who are audited, from a reply form: they become corrections and rebuttals that
stand open beside the cells. Nothing that is settled changes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openbook.audit.correct import Held, held_against, keep
from openbook.audit.opened import AuditError, Opened
from openbook.core.initiative import parse_release_id
from openbook.core.problem import Problem
from openbook.core.review import CellId, Correction
from openbook.files.load import load_json
from openbook.files.shapes import RepliesShape, ReplyShape


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one answer."""

    correction: Correction
    is_new: bool
    """Whether it was not in the audit before."""
    held: Held | None
    """How its quote stands in the copies at hand; None where it quotes no document of the audit."""
    is_dated: bool
    """Whether the cell had another grade when the form was made."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What the files of replies held."""

    answers: tuple[Answer, ...]
    agreed: int
    """Cells that those audited agree with; nothing is recorded of them."""


def import_replies(opened: Opened, paths: Sequence[Path], today: dt.date) -> Imported:
    """Take in answers to reply forms, each with state ``open``, in one write. An answer that is in
    the audit already is not taken again. Raises :class:`AuditError` with every problem of every
    file; then nothing is written."""
    problems: list[Problem] = []
    given: list[RepliesShape] = []
    for path in paths:
        shape, faults = load_json(path, RepliesShape, path.name)
        faults += list(_faults(opened, shape, path.name, today)) if shape else []
        problems += faults
        given += [shape] if shape and not faults else []
    if problems:
        raise AuditError("these replies cannot be taken in; nothing was written", problems)
    known = {one.id for one in opened.audit.corrections}
    answers = [
        _answer(opened, one, reply, known)
        for one in given
        for reply in one.replies
        if reply.stance != "agree"
    ]
    if new := [one.correction for one in answers if one.is_new]:
        keep(opened, new)
    agreed = sum(reply.stance == "agree" for one in given for reply in one.replies)
    return Imported(tuple(answers), agreed)


def _faults(opened: Opened, given: RepliesShape, place: str, today: dt.date) -> Iterator[Problem]:
    """What is wrong with a file of replies, beyond its form."""
    audit = opened.audit
    if given.audit != audit.id:
        yield Problem(f"{place}: audit", f"answers {given.audit}; this audit is {audit.id}")
    if audit.initiative(given.initiative) is None:
        yield Problem(f"{place}: initiative", f"there is no initiative {given.initiative}")
    try:
        # A day more than today: it is tomorrow already in other places.
        if dt.date.fromisoformat(given.date) > today + dt.timedelta(days=1):
            yield Problem(f"{place}: date", f"{given.date} is still to come")
    except ValueError:
        yield Problem(f"{place}: date", f"{given.date} is no date")
    for number, reply in enumerate(given.replies, 1):
        where = f"{place}: reply {number} ({reply.release[:70]} {reply.question[:32]})"
        for fault in _reply_faults(opened, given, reply):
            yield Problem(where, fault)


def _reply_faults(opened: Opened, given: RepliesShape, reply: ReplyShape) -> Iterator[str]:
    audit, id_ = opened.audit, parse_release_id(reply.release)
    release = audit.release(id_) if id_ else None
    if id_ is None or release is None or release.left_out:
        yield "there is no such release in this audit"
    elif id_.initiative != given.initiative:
        yield f"is no release of {given.initiative}"
    if audit.questionnaire.question(reply.question) is None:
        yield "there is no such question in this audit"
    if reply.stance == "agree":
        return
    if not reply.reason:
        yield f"a {reply.stance} needs a reason"
    if reply.document and reply.document not in audit.documents:
        yield f"there is no document {reply.document}"
    if reply.quote and not (reply.document or reply.elsewhere):
        yield "quotes without naming the document"


def _answer(opened: Opened, given: RepliesShape, reply: ReplyShape, known: set[str]) -> Answer:
    """An answer as a correction; its id is made known."""
    release = parse_release_id(reply.release)
    assert release is not None
    cell = CellId(release, reply.question)
    finding = opened.audit.findings.get(cell)
    judgement = finding.judgement if finding else None
    correction = Correction(
        id=_id(given, reply),
        kind=reply.stance,
        about=str(cell),
        author=f"{given.author}, for {given.organisation}",
        date=dt.date.fromisoformat(given.date),
        reason=_reason(reply),
        state="open",
        was=judgement.answer if judgement and reply.now else "",
        now=reply.now,
        document=reply.document,
        quote=reply.quote if reply.document else "",
    )
    is_new = correction.id not in known
    known.add(correction.id)
    held = held_against(opened, reply.document, reply.quote) if correction.quote else None
    grade = judgement.grade if judgement else None
    return Answer(correction, is_new, held, is_dated=reply.grade != grade)


def _reason(reply: ReplyShape) -> str:
    """The reason, with the words of a document that the audit does not have: they can be held
    against nothing, so they are no quote of the audit's."""
    parts = [reply.reason]
    if reply.elsewhere:
        parts.append(f"Rests on: {reply.elsewhere}")
    if reply.quote and not reply.document:
        parts.append(f"There: “{reply.quote}”")
    return "\n\n".join(parts)


def _id(given: RepliesShape, reply: ReplyShape) -> str:
    """The same answer has the same id, on whatever day it was saved."""
    said = (
        *(given.author, given.organisation, reply.release, reply.question, reply.stance),
        *(reply.now, reply.reason, reply.document, reply.elsewhere, reply.quote),
    )
    return f"r-{hashlib.sha256(repr(said).encode()).hexdigest()[:12]}"
