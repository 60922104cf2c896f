"""Submitting a release, and opening what several auditors submitted at one moment.

A submission is first kept in the store. When nobody who was to judge the release is left, all of
its submissions are written into the audit together; what was cut short is done again at the next
start, and done twice it is the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from openbook.audit.opened import AuditError, Opened, open_audit, writing
from openbook.audit.settle import settle
from openbook.audit.submit import Submission, conflicts, faults, keep
from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.problem import Problem
from openbook.core.review import CellId
from openbook.web import drafts
from openbook.web.acts import record
from openbook.web.room import Room, assignments, submitted, utc_now


class ConflictError(Exception):
    """Files of the auditor were changed since the drafts began; carries the cells."""

    def __init__(self, cells: Iterable[CellId]) -> None:
        self.cells = tuple(cells)
        super().__init__("changed on disk meanwhile: " + ", ".join(map(str, self.cells)))


def submission(room: Room, opened: Opened, auditor: str, release: ReleaseId) -> Submission:
    """What an auditor would submit of a release: every draft that says anything. Raises
    :class:`AuditError` for somebody who is no auditor of the audit."""
    who = opened.audit.auditor(auditor)
    if who is None:
        raise AuditError(f"{auditor or 'you'} is no auditor in audit.toml")
    begun = {
        cell: saved.draft
        for cell, saved in drafts.all_of(room.store, auditor, release).items()
        if saved.draft.is_begun and opened.audit.questionnaire.question(cell.keyword)
    }
    order = opened.audit.questionnaire.keywords
    ordered = {
        cell: begun[cell] for cell in sorted(begun, key=lambda one: order.index(one.keyword))
    }
    return Submission(who, ordered, drafts.readings_of(room.store, auditor, release))


def problems(opened: Opened, given: Submission, release: ReleaseId) -> list[Problem]:
    """What keeps a release from being submitted: cells not judged, drafts that cannot be kept."""
    reviewed = {
        keyword
        for review in opened.audit.reviews
        if review.auditor == given.auditor.id and review.release == release
        for keyword in review.cells
    }
    there = {cell.keyword for cell in given.drafts} | reviewed
    missing = [one for one in opened.audit.questionnaire.keywords if one not in there]
    found = [Problem(f"{release} {keyword}", "is not judged yet") for keyword in missing]
    return [*found, *faults(opened, given)]


def submit(room: Room, auditor: str, release: ReleaseId, who: str) -> bool:
    """Submit a release; whether it was opened with that. Raises :class:`AuditError` with all that
    keeps it from being submitted, and :class:`ConflictError`."""
    opened = room.opened().sound()
    given = submission(room, opened, auditor, release)
    if not given.drafts:
        raise AuditError("there is nothing to submit")
    if found := problems(opened, given, release):
        raise AuditError("this cannot be submitted yet", found)
    if changed := conflicts(opened, given):
        raise ConflictError(changed)
    with room.store.writing() as db:
        db.execute(
            "INSERT INTO submissions VALUES (?, ?, ?, NULL) "
            "ON CONFLICT DO UPDATE SET at = excluded.at, written = NULL",
            (str(release), auditor, utc_now().isoformat()),
        )
        record(db, who, "submitted", str(release))
    return open_if_complete(room, release)


def take_back(room: Room, auditor: str, release: ReleaseId, who: str) -> None:
    """Undo a submission that is not opened yet. Raises :class:`AuditError` where it is."""
    with room.store.writing() as db:
        gone = db.execute(
            "DELETE FROM submissions WHERE release = ? AND auditor = ? AND written IS NULL",
            (str(release), auditor),
        ).rowcount
        if not gone:
            raise AuditError(f"{release} is not waiting: it was opened, or never submitted")
        record(db, who, "took back a submission", str(release))


def waiting_for(room: Room, release: ReleaseId) -> tuple[str, ...]:
    """The auditors who are to judge a release and have not submitted it."""
    done = submitted(room.store, release)
    return tuple(one for one in assignments(room.store).get(release, ()) if one not in done)


def open_if_complete(room: Room, release: ReleaseId) -> bool:
    """Write the submissions of a release into the audit, if nobody is left to submit; whether they
    were. An auditor whose file was changed meanwhile gets the submission back to merge it; raises
    :class:`ConflictError` then."""
    waiting = [one for one, written in submitted(room.store, release).items() if not written]
    if not waiting or waiting_for(room, release):
        return False
    with writing(room.folder) as opened:
        given = [submission(room, opened, one, release) for one in waiting]
        for one in given:
            if changed := conflicts(opened, one):
                _send_back(room, one.auditor.id, release)
                raise ConflictError(changed)
        keep(opened, given, utc_now())
        _settle(room)
        with room.store.writing() as db:
            for auditor in waiting:
                db.execute(
                    "UPDATE submissions SET written = ? WHERE release = ? AND auditor = ?",
                    (utc_now().isoformat(), str(release), auditor),
                )
                drafts.forget(db, auditor, release)
            record(db, "the room", "opened", str(release), f"by {', '.join(waiting)}")
    room.forget()
    return True


def _settle(room: Room) -> None:
    """Make findings of what is in the files now. Faults elsewhere in the audit do not undo what was
    written; `openbook audit check` names them."""
    try:
        settle(open_audit(room.folder).sound())
    except AuditError as error:
        with room.store.writing() as db:
            record(db, "the room", "could not settle", detail=str(error))


def _send_back(room: Room, auditor: str, release: ReleaseId) -> None:
    with room.store.writing() as db:
        db.execute(
            "DELETE FROM submissions WHERE release = ? AND auditor = ?", (str(release), auditor)
        )
        record(db, "the room", "sent back", str(release), f"to {auditor}: the file was changed")


def resume(room: Room) -> list[str]:
    """Finish what a stop cut short; what could not be finished, in words."""
    told = []
    rows = room.store.rows("SELECT DISTINCT release FROM submissions WHERE written IS NULL")
    for row in rows:
        release = parse_release_id(row["release"])
        if release is None:
            continue
        try:
            open_if_complete(room, release)
        except (AuditError, ConflictError) as error:
            told.append(f"{release} could not be opened: {error}")
    return told
