"""Submitting a release, and opening what several auditors submitted at one moment.

A submission is first kept in the store. When nobody who was to judge the release is left, all of
its submissions are written into the audit together; what was cut short is done again at the next
start, and done twice it is the same. Opening, taking back and assigning exclude each other: each
holds the audit's lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from openbook.audit.opened import WRITING_WAIT, AuditError, Opened, open_audit, writing
from openbook.audit.settle import settle
from openbook.audit.submit import Submission, conflicts, faults, keep, why_not
from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.problem import Problem
from openbook.core.progress import Work
from openbook.core.review import CellId
from openbook.files.write import WriteError, locked
from openbook.web import drafts
from openbook.web.acts import record
from openbook.web.room import Room, assignments, submissions, utc_now


class ConflictError(Exception):
    """Files of the auditor were changed since the drafts began; carries the cells."""

    def __init__(self, cells: Iterable[CellId]) -> None:
        self.cells = tuple(cells)
        super().__init__("changed on disk meanwhile: " + ", ".join(map(str, self.cells)))


class Opening(NamedTuple):
    """What became of an attempt to open a release."""

    is_open: bool
    trouble: str = ""
    """Why it could not be opened though nobody is left to submit; tells nothing of a judgement."""


def submission(room: Room, opened: Opened, auditor: str, release: ReleaseId) -> Submission:
    """What an auditor would submit of a release: every draft that says anything. Raises
    :class:`AuditError` for somebody who is no auditor of the audit."""
    who = opened.audit.auditor(auditor)
    if who is None:
        raise AuditError(f"{auditor or 'you'} is no auditor in audit.toml")
    asked = opened.audit.questionnaire.keywords
    begun = {
        cell: saved.draft
        for cell, saved in drafts.all_of(room.store, auditor, release).items()
        if saved.draft.is_begun and cell.keyword in asked
    }
    ordered = {
        cell: begun[cell] for cell in sorted(begun, key=lambda one: asked.index(one.keyword))
    }
    readings = drafts.readings_of(room.store, auditor, release)
    return Submission(who, ordered, tuple(one for one in readings if one.cell.keyword in asked))


def problems(opened: Opened, given: Submission, release: ReleaseId) -> list[Problem]:
    """What keeps a release from being submitted: cells not judged, drafts that cannot be kept."""
    graded = {
        keyword
        for review in opened.audit.reviews
        if review.auditor == given.auditor.id and review.release == release
        for keyword, judgement in review.cells.items()
        if judgement.grade is not None
    }
    there = {cell.keyword for cell in given.drafts} | graded
    missing = [one for one in opened.audit.questionnaire.keywords if one not in there]
    found = [Problem(f"{release} {keyword}", "is not judged yet") for keyword in missing]
    return [*found, *faults(opened, given)]


def submit(room: Room, auditor: str, release: ReleaseId, who: str) -> Opening:
    """Submit a release, and open it if nobody is left to submit. Raises :class:`AuditError` with
    all that keeps it from being submitted, and :class:`ConflictError`; whatever comes after it was
    submitted is told in what is returned."""
    opened = _readable(room)
    opened.release(str(release))
    given = submission(room, opened, auditor, release)
    if not given.drafts:
        raise AuditError("there is nothing to submit")
    if found := problems(opened, given, release):
        raise AuditError("this cannot be submitted yet", found)
    if changed := conflicts(opened, given):
        raise ConflictError(changed)
    with room.store.writing() as db:
        if submission(room, opened, auditor, release) != given:
            raise AuditError("a draft was changed in another window meanwhile; look at it again")
        db.execute(
            "INSERT INTO submissions (release, auditor, at) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET at = excluded.at, "
            "written_before = coalesce(written, written_before), written = NULL",
            (str(release), auditor, utc_now().isoformat()),
        )
        record(db, who, "submitted", str(release))
    return try_to_open(room, release)


def _readable(room: Room) -> Opened:
    """The audit, when its files have no problems. These are not listed: they may cite what others
    judged."""
    opened = room.opened()
    if opened.problems:
        raise AuditError(
            "files of the audit have problems, which an editor has to mend first: "
            "`openbook audit check` names them"
        )
    return opened


def take_back(room: Room, auditor: str, release: ReleaseId, who: str) -> None:
    """Undo a submission that is not opened yet. Raises :class:`AuditError` where it is."""
    with locked(room.folder, WRITING_WAIT), room.store.writing() as db:
        if not _withdraw(db, auditor, release):
            raise AuditError(f"{release} is not waiting: it was opened, or never submitted")
        record(db, who, "took back a submission", str(release))


def _withdraw(db: sqlite3.Connection, auditor: str, release: ReleaseId) -> bool:
    """Undo a waiting submission; one that was opened before is as it was then."""
    waits = "WHERE release = ? AND auditor = ? AND written IS NULL"
    values = (str(release), auditor)
    again = db.execute(
        f"UPDATE submissions SET written = written_before {waits} AND written_before IS NOT NULL",  # noqa: S608
        values,
    ).rowcount
    return bool(again or db.execute(f"DELETE FROM submissions {waits}", values).rowcount)  # noqa: S608


def state_of(room: Room, release: ReleaseId) -> Work:
    """Who is to judge a release, and who has submitted it."""
    return Work(
        {release: assignments(room.store).get(release, ())}, submissions(room.store, release)
    )


def try_to_open(room: Room, release: ReleaseId) -> Opening:
    """Open a release if nobody is left to submit it. What stands in the way is told, and the
    submissions wait for the next attempt."""
    try:
        return open_if_complete(room, release)
    except (AuditError, WriteError) as error:
        with room.store.writing() as db:
            record(db, "the room", "could not open", str(release), str(error))
        return Opening(False, str(error))


def open_if_complete(room: Room, release: ReleaseId) -> Opening:
    """Write the submissions of a release into the audit, if nobody is left to submit.

    A submission that cannot be written any more, as the auditor's file or the documents were
    changed meanwhile, goes back to its auditor. Raises :class:`AuditError` and
    :class:`openbook.files.write.WriteError` where nothing could be written at all.
    """
    if not state_of(room, release).is_complete(release):
        return Opening(False)
    with writing(room.folder) as opened:
        # Looked at anew: while we waited for the lock another thread may have opened it.
        state = state_of(room, release)
        waiting = state.waiting(release)
        if not state.is_complete(release):
            return Opening(bool(state.submitted) and not waiting)
        given = [submission(room, opened, one, release) for one in waiting]
        if back := [one for one in given if why_not(opened, one)]:
            return _send_back(room, back, release)
        keep(opened, given, utc_now())
        _settle(room)
        with room.store.writing() as db:
            for one in given:
                db.execute(
                    "UPDATE submissions SET written = ? WHERE release = ? AND auditor = ?",
                    (utc_now().isoformat(), str(release), one.auditor.id),
                )
                keywords = opened.audit.questionnaire.keywords
                drafts.forget(db, one.auditor.id, release, keywords)
            record(db, "the room", "opened", str(release), f"by {', '.join(waiting)}")
    room.forget()
    return Opening(True)


def _settle(room: Room) -> None:
    """Make findings of what is in the files now. Faults elsewhere in the audit do not undo what was
    written; `openbook audit check` names them."""
    try:
        settle(open_audit(room.folder).sound())
    except AuditError as error:
        with room.store.writing() as db:
            record(db, "the room", "could not settle", detail=str(error))


def _send_back(room: Room, given: Iterable[Submission], release: ReleaseId) -> Opening:
    """Give submissions back to their auditors, who see on the release's page what is wrong."""
    names = []
    with room.store.writing() as db:
        for one in given:
            _withdraw(db, one.auditor.id, release)
            record(db, "the room", "sent back", str(release), f"to {one.auditor.id}")
            names.append(one.auditor.name or one.auditor.id)
    return Opening(
        False,
        f"what {' and '.join(names)} submitted cannot be written any more, since files or "
        "documents were changed meanwhile; it went back to be looked at again",
    )


def was_sent_back(room: Room, auditor: str, release: ReleaseId, who: str) -> bool:
    """Whether an auditor's submission came back, and was not submitted again since."""
    row = room.store.row(
        "SELECT max(n) FILTER (WHERE act = 'sent back' AND detail = ?) AS back, "
        "max(n) FILTER (WHERE act = 'opened' OR act = 'submitted' AND who = ?) AS after "
        "FROM acts WHERE about = ?",
        (f"to {auditor}", who, str(release)),
    )
    return row is not None and row["back"] is not None and row["back"] > (row["after"] or 0)


def last_trouble(room: Room, release: ReleaseId) -> str:
    """Why the last attempt to open a release failed; empty where none did."""
    row = room.store.row(
        "SELECT act, detail FROM acts WHERE about = ? AND act IN ('could not open', 'opened') "
        "ORDER BY n DESC LIMIT 1",
        (str(release),),
    )
    return str(row["detail"]) if row is not None and row["act"] == "could not open" else ""


def resume(room: Room) -> list[str]:
    """Finish what a stop cut short; what could not be finished, in words."""
    told = []
    rows = room.store.rows("SELECT DISTINCT release FROM submissions WHERE written IS NULL")
    for row in rows:
        release = parse_release_id(row["release"])
        if release is not None and (trouble := try_to_open(room, release).trouble):
            told.append(f"{release} could not be opened: {trouble}")
    return told
