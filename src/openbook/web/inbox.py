"""Corrections that anybody proposes: kept until an editor decides, and nothing changes before."""

from __future__ import annotations

import hmac
import re
import secrets
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from openbook.audit.correct import Decision, Held, Source, correct
from openbook.audit.opened import AuditError, Opened, WrongUseError, prose, writing
from openbook.core.initiative import Document, parse_release_id
from openbook.core.review import CellId, Correction
from openbook.web import quarantine
from openbook.web.acts import record
from openbook.web.people import clock
from openbook.web.room import Room, Viewer, utc_now

MOST = {
    "author": 120,
    "contact": 200,
    "was": 4000,
    "now": 4000,
    "reason": 8000,
    "quote": 4000,
}
"""Characters of each field at most."""
WAITING = 2000
"""Proposals that wait, all together."""
QUICKEST = 3.0
"""Seconds in which nobody fills in the form."""
KINDS = {"correction": "a correction", "rebuttal": "a rebuttal by the developer audited"}
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Proposed(NamedTuple):
    """What somebody proposes."""

    cell: CellId
    kind: str
    author: str
    contact: str
    """Never published."""
    was: str
    now: str
    reason: str
    document: str = ""
    quote: str = ""
    file: tuple[str, bytes] | None = None
    """Name and bytes."""


def citable(opened: Opened, cell: CellId) -> tuple[Document, ...]:
    """The documents that a correction can quote: those of the release first."""
    release = opened.audit.release(cell.release)
    first = release.documents if release else ()
    documents = opened.audit.documents
    keys = dict.fromkeys((*(key for key in first if key in documents), *sorted(documents)))
    return tuple(documents[key] for key in keys)


def stamp(room: Room) -> str:
    """What a form holds to tell when it was made."""
    at = f"{clock():.1f}"
    return f"{at}.{_signed(room, at)}"


def _signed(room: Room, at: str) -> str:
    return hmac.new(room.store.secret, f"form {at}".encode(), "sha256").hexdigest()


def is_robots(room: Room, form: dict[str, str]) -> bool:
    """Whether a form was filled in by a program: the field that nobody sees holds something, or it
    came back sooner than anybody types."""
    at, _, sign = form.get("stamp", "").rpartition(".")
    if form.get("website") or not hmac.compare_digest(sign.encode(), _signed(room, at).encode()):
        return True
    return clock() - float(at) < QUICKEST


def faults(opened: Opened, given: Proposed) -> Iterator[str]:
    """Why a proposal will not do."""
    if given.kind not in KINDS:
        yield "Say whether it is a correction or a rebuttal."
    for name, words in (("author", "your name"), ("reason", "the reason")):
        if not getattr(given, name).strip():
            yield f"Give {words}."
    for name, most in MOST.items():
        text = getattr(given, name)
        if len(text) > most:
            yield f"The field “{name}” has {len(text):,} characters; {most:,} are the most."
        yield from _unwritable(name, text)
    if any(
        given.author.casefold() in (one.id, one.name.casefold()) for one in opened.audit.auditors
    ):
        yield "This is the name of an auditor; if it is yours, log in and grade the cell anew."
    if given.document and given.document not in opened.audit.documents:
        yield "There is no such document in this audit."
    if given.quote.strip() and not given.document:
        yield "Say in which document the quote stands."
    if given.file is not None:
        yield from quarantine.faults(*given.file)


def _unwritable(name: str, text: str) -> Iterator[str]:
    try:
        prose(text, f"The field “{name}”")
    except WrongUseError as error:
        yield f"{error}."
    if _TURNS.search(text):
        yield f"The field “{name}” holds signs that turn the direction of text."
    if name in ("author", "contact") and "\n" in text.strip():
        yield f"The field “{name}” is one line."


def propose(room: Room, given: Proposed, viewer: Viewer) -> str:
    """Keep a proposal; its id, which is its only key. Raises :class:`AuditError` where too much
    waits already."""
    id_ = secrets.token_urlsafe(16)
    name, sha256 = "", ""
    waiting = room.store.row("SELECT count(*) AS n FROM inbox WHERE state = 'waiting'")
    if waiting is not None and waiting["n"] >= WAITING:
        raise AuditError("Too many proposals wait for the editors. Try again in some days.")
    if given.file is not None:
        name = quarantine.file_name(given.file[0])
        sha256 = quarantine.keep(room.settings.state, given.file[1])
    with room.store.writing() as db:
        db.execute(
            "INSERT INTO inbox (id, at, kind, about, author, contact, reason, was, now, document, "
            "quote, file_name, file_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                id_,
                utc_now().isoformat(),
                given.kind,
                str(given.cell),
                given.author.strip(),
                given.contact.strip(),
                given.reason.strip(),
                given.was.strip(),
                given.now.strip(),
                given.document,
                given.quote.strip(),
                name,
                sha256,
            ),
        )
        record(db, viewer.who, f"proposed {KINDS[given.kind]}", str(given.cell), id_)
    return id_


def find(room: Room, id_: str) -> sqlite3.Row | None:
    """The proposal with this id."""
    return room.store.row("SELECT * FROM inbox WHERE id = ?", (id_,))


def everything(room: Room) -> list[sqlite3.Row]:
    """All proposals: those that wait first, then the newest."""
    return room.store.rows(
        "SELECT * FROM inbox ORDER BY state != 'waiting', max(at, decided_at) DESC LIMIT 500"
    )


def cell_of(opened: Opened, row: sqlite3.Row) -> CellId | None:
    """The cell that a proposal is about; None where the audit no longer has it."""
    name, _, keyword = row["about"].partition(" ")
    release = parse_release_id(name)
    known = release is not None and opened.audit.release(release) is not None
    if release is None or not known or opened.audit.questionnaire.question(keyword) is None:
        return None
    return CellId(release, keyword)


def held(room: Room, opened: Opened, row: sqlite3.Row) -> Held | None:
    """How the quote of a proposal stands in the copies at hand now."""
    if not row["quote"] or row["document"] not in opened.audit.documents:
        return None
    return room.checks.held(opened, row["document"], row["quote"])


def is_sealed(room: Room, viewer: Viewer, row: sqlite3.Row) -> bool:
    """Whether a proposal may tell a viewer what must not be known yet."""
    return parse_release_id(row["about"].partition(" ")[0]) in room.sealed_for(viewer)


def accept(room: Room, id_: str, reason: str, viewer: Viewer) -> Correction:
    """Write a proposal into the audit as a correction. Raises :class:`AuditError`."""
    by = viewer.person.name if viewer.person else viewer.who
    with writing(room.folder) as opened, room.store.writing() as db:
        row = _decided(db, id_, "accepted", reason, viewer)
        cell = cell_of(opened, row)
        if cell is None:
            raise AuditError("The audit no longer has the cell that this is about.")
        there = _written(opened, row)
        if there is not None:  # what was cut short between the file and the store
            return there
        made = correct(
            opened,
            cell,
            by=row["author"],
            reason=row["reason"],
            date=utc_now().date(),
            kind=row["kind"],
            was=row["was"],
            now=row["now"],
            source=Source(row["document"], row["quote"], row["file_sha256"]),
            decision=Decision("accepted", by, reason),
        )
    room.forget()
    return made


def _written(opened: Opened, row: sqlite3.Row) -> Correction | None:
    wanted = (row["about"], row["author"], row["reason"], row["was"], row["now"])
    for one in opened.audit.corrections:
        if (one.about, one.author, one.reason, one.was, one.now) == wanted:
            return one
    return None


def correction_of(opened: Opened, row: sqlite3.Row) -> Correction | None:
    """The correction that an accepted proposal became."""
    return _written(opened, row) if row["state"] == "accepted" else None


def reject(room: Room, id_: str, reason: str, viewer: Viewer) -> None:
    """Keep a proposal out of the audit; it stays in the room's data. Raises
    :class:`AuditError`."""
    with room.store.writing() as db:
        _decided(db, id_, "rejected", reason, viewer)


def _decided(
    db: sqlite3.Connection, id_: str, state: str, reason: str, viewer: Viewer
) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM inbox WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise AuditError("There is no such proposal.")
    if row["state"] != "waiting":
        raise AuditError(f"This was {row['state']} by {row['decided_by']} meanwhile.")
    if not reason.strip():
        raise AuditError("Say why: whoever proposed it reads your reason.")
    if len(reason) > MOST["reason"]:
        raise AuditError(f"A reason has at most {MOST['reason']:,} characters.")
    db.execute(
        "UPDATE inbox SET state = ?, decided_by = ?, decided_at = ?, decision = ? WHERE id = ?",
        (state, viewer.who, utc_now().isoformat(), prose(reason, "The reason"), id_),
    )
    record(db, viewer.who, f"{state} a {row['kind']}", row["about"], id_)
    return row
