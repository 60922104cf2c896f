"""What somebody dropped, until it is added: bytes under their hash in the room's own folder, names,
plan and what was typed in the room's database. Each person has one pile."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from openbook.audit.opened import AuditError, Opened
from openbook.audit.pile.amending import Difference, Edits
from openbook.audit.pile.gather import Item, is_address
from openbook.core.plan import Plan
from openbook.files.library import Library
from openbook.web import quarantine
from openbook.web.room import Room
from openbook.web.store import Store

MOST_THINGS = 150
"""Files and addresses of a pile: its form has nine fields for each."""
MOST_BYTES = 2 * 1024**3
"""Bytes of all piles of a room together."""
KEPT = 14 * 86400.0
"""Seconds after its last change for which a pile is kept."""
_PLAN = TypeAdapter(Plan)
_EDITS = TypeAdapter(Edits)
_DIFFERS = TypeAdapter(tuple[Difference, ...])


@dataclass(frozen=True, slots=True)
class Thing:
    """A file or an address of a pile."""

    n: int
    """Its number, which nothing else ever has."""
    source: str
    """Its name as it was sent, made harmless, or the address."""
    sha256: str = ""
    """Empty for an address that was not fetched yet, and for what was not taken."""
    media_type: str = ""
    via: tuple[str, ...] = ()
    reason: str = ""
    """Why it was not taken; empty where it was."""
    state: str = "waiting"
    """``waiting``, or what became of it: ``added``, ``known``, ``skipped``, ``failed``."""
    told: str = ""
    """What became of it, in words; of one that waits, why adding it failed."""


@dataclass(frozen=True)
class Pile:
    """All that somebody dropped."""

    changed: float = 0.0
    """When, in seconds since the epoch."""
    plan: Plan | None = None
    """What the room guesses; None before anything was read."""
    stamp: str = ""
    """Of the audit that the plan was made for."""
    edits: Edits = field(default_factory=Edits)
    differs: tuple[Difference, ...] = ()
    """What the audit's change made of the plan, until it is added."""
    things: tuple[Thing, ...] = ()

    @property
    def waiting(self) -> tuple[Thing, ...]:
        """What is not added yet."""
        return tuple(one for one in self.things if one.state == "waiting")

    @property
    def over(self) -> tuple[Thing, ...]:
        """What something became of."""
        return tuple(one for one in self.things if one.state != "waiting")

    @property
    def unread(self) -> tuple[Thing, ...]:
        """What came since the plan was made."""
        planned = {one.source for one in (self.plan.entries if self.plan else ())}
        planned |= {one.source for one in (self.plan.failed if self.plan else ())}
        return tuple(one for one in self.waiting if one.source not in planned and not one.reason)


def stamp_of(opened: Opened) -> str:
    """Changes when the documents or the releases of an audit do."""
    told = repr((opened.audit.documents, opened.audit.initiatives))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def corner(room: Room, who: str) -> Library:
    """Where somebody's bytes wait. No name that anybody sent is in a path."""
    name = hashlib.sha256(who.encode()).hexdigest()[:16]
    return Library(room.settings.state / "piles" / name)


def load(store: Store, who: str) -> Pile:
    """Somebody's pile; an empty one where there is none."""
    row = store.row("SELECT * FROM piles WHERE who = ?", (who,))
    if row is None:
        return Pile()
    things = store.rows("SELECT * FROM pile_things WHERE who = ? ORDER BY n", (who,))
    return Pile(
        row["changed"],
        _PLAN.validate_json(row["plan"]) if row["plan"] else None,
        row["stamp"],
        _EDITS.validate_json(row["edits"]),
        _DIFFERS.validate_json(row["differs"]),
        tuple(map(_thing, things)),
    )


def _thing(row: sqlite3.Row) -> Thing:
    return Thing(
        row["n"],
        row["source"],
        row["sha256"],
        row["media_type"],
        tuple(json.loads(row["via"])),
        row["reason"],
        row["state"],
        row["told"],
    )


def items(room: Room, who: str, pile: Pile) -> tuple[Item, ...]:
    """What is to be read of a pile; what the library took meanwhile is read there."""
    waiting, library = corner(room, who), room.opened().library
    found = []
    for one in pile.waiting:
        if one.reason:
            continue
        path = waiting.path(one.sha256) if one.sha256 else None
        if path is not None and not path.is_file() and library.has(one.sha256):
            path = library.path(one.sha256)
        found.append(Item(one.source, path, one.media_type, one.via))
    return tuple(found)


def put(
    room: Room,
    who: str,
    files: Sequence[tuple[str, bytes]],
    addresses: Sequence[str] = (),
    refused: Sequence[tuple[str, str]] = (),
) -> None:
    """Add to a pile; one whose things all are over begins anew. ``refused`` is what was not even
    sent, and why. Raises :class:`AuditError` where it would be too much."""
    _require_room(room, who, files, len(files) + len(addresses) + len(refused))
    keep = corner(room, who)
    made = [
        *(_kept(keep, name, data) for name, data in files),
        *(Thing(0, one) for one in addresses),
        *(Thing(0, display_name(name), reason=reason) for name, reason in refused),
    ]
    with room.store.writing() as db:
        begun = db.execute(
            "SELECT 1 FROM pile_things WHERE who = ? AND state = 'waiting'", (who,)
        ).fetchone()
        if begun is None:
            db.execute("DELETE FROM piles WHERE who = ?", (who,))
        db.execute(
            "INSERT INTO piles (who, changed) VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET changed = excluded.changed",
            (who, time.time()),
        )
        rows = db.execute("SELECT source, sha256 FROM pile_things WHERE who = ?", (who,))
        there = {row["source"]: row["sha256"] for row in rows}
        for one in made:
            # The same file again, and the same address, are one thing.
            if one.source in there and (is_address(one.source) or there[one.source] == one.sha256):
                continue
            source = _free(one.source, there)
            there[source] = one.sha256
            db.execute(
                "INSERT INTO pile_things (who, source, sha256, reason) VALUES (?, ?, ?, ?)",
                (who, source, one.sha256, one.reason),
            )


def _require_room(room: Room, who: str, files: Sequence[tuple[str, bytes]], count: int) -> None:
    there = len(load(room.store, who).waiting)
    if there + count > MOST_THINGS:
        raise AuditError(
            f"A pile has at most {MOST_THINGS} files and addresses, and {there} are there. "
            "Add these first, then the others."
        )
    folder = room.settings.state / "piles"
    held = sum(one.stat().st_size for one in folder.rglob("*.bin") if one.is_file())
    if held + sum(len(data) for _, data in files) > MOST_BYTES:
        raise AuditError("Too much waits to be added. Add or discard what is there first.")


def _kept(keep: Library, name: str, data: bytes) -> Thing:
    """A file that was sent, kept if it may be a document."""
    shown = display_name(name)
    faults = list(quarantine.faults(name, data))
    if faults:
        return Thing(0, shown, reason=faults[0])
    keep.root.parent.mkdir(mode=0o700, exist_ok=True)
    keep.root.mkdir(mode=0o700, exist_ok=True)
    return Thing(0, shown, keep.add(data))


def display_name(name: str) -> str:
    """The name of a file with the folders it was dropped in, each made harmless. It is shown, and
    guessed from; nothing is opened by it."""
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    return "/".join(filter(None, map(_harmless, parts[-4:]))) or "file"


def _harmless(part: str) -> str:
    """A name on one line, less what could hide, turn or lead it elsewhere; brackets stay."""
    plain = unicodedata.normalize("NFKC", part).replace("/", "_")
    kept = "".join(char if char.isprintable() and char not in '<>:"|?*' else "_" for char in plain)
    stem, dot, suffix = " ".join(kept.split()).strip(". ~").rpartition(".")
    return f"{stem[:80]}{dot}{suffix[:12] if dot else suffix[:80]}"


def _free(source: str, taken: Collection[str]) -> str:
    """A name that nothing else of the pile has: ``card (2).md``."""
    stem, dot, suffix = source.rpartition(".")
    count, name = 1, source
    while name in taken:
        count += 1
        name = f"{stem} ({count}).{suffix}" if dot else f"{source} ({count})"
    return name


def keep_plan(
    room: Room, who: str, plan: Plan, stamp: str, differs: Sequence[Difference] = ()
) -> None:
    """Keep what was guessed, and of addresses what they gave."""
    with room.store.writing() as db:
        db.execute(
            "UPDATE piles SET plan = ?, stamp = ?, differs = ?, changed = ? WHERE who = ?",
            (
                _PLAN.dump_json(plan).decode(),
                stamp,
                _DIFFERS.dump_json(tuple(differs)).decode(),
                time.time(),
                who,
            ),
        )
        for one in plan.entries:
            if one.fetched_from:
                db.execute(
                    "UPDATE pile_things SET sha256 = ?, media_type = ?, via = ? "
                    "WHERE who = ? AND source = ?",
                    (one.sha256, one.media_type, json.dumps(one.via), who, one.source),
                )


Change = Mapping[str, Mapping[str, Mapping[str, str | None]]]
"""What was typed, by table of :class:`Edits`, thing and field; None takes an edit back."""


def keep_edits(room: Room, who: str, change: Change) -> None:
    """Lay what was typed over what was kept."""
    with room.store.writing() as db:
        row = db.execute("SELECT edits FROM piles WHERE who = ?", (who,)).fetchone()
        if row is None:
            return
        kept = asdict(_EDITS.validate_json(row["edits"]))
        for table, things in change.items():
            for key, fields in things.items():
                now = {**kept[table].get(key, {}), **fields}
                kept[table][key] = {name: text for name, text in now.items() if text is not None}
        db.execute(
            "UPDATE piles SET edits = ?, changed = ? WHERE who = ?",
            (json.dumps(kept), time.time(), who),
        )


def tell(room: Room, who: str, source: str, state: str, told: str) -> None:
    """Keep what became of a thing."""
    with room.store.writing() as db:
        db.execute(
            "UPDATE pile_things SET state = ?, told = ? WHERE who = ? AND source = ?",
            (state, told, who, source),
        )


def sweep(room: Room, who: str) -> None:
    """Remove bytes that nothing of a pile waits for."""
    waits = {one.sha256 for one in load(room.store, who).waiting}
    keep = corner(room, who)
    for sha256, _ in list(keep.list()):
        if sha256 not in waits:
            keep.remove(sha256)
    if not any(waits):
        shutil.rmtree(keep.root, ignore_errors=True)


def discard(room: Room, who: str) -> None:
    """Forget a pile and its bytes."""
    with room.store.writing() as db:
        db.execute("DELETE FROM piles WHERE who = ?", (who,))
    shutil.rmtree(corner(room, who).root, ignore_errors=True)


def tidy(room: Room, busy: Collection[str] = ()) -> None:
    """Forget piles that nobody touched for long, and bytes that belong to none."""
    old = room.store.rows("SELECT who FROM piles WHERE changed < ?", (time.time() - KEPT,))
    for row in old:
        if row["who"] not in busy:
            discard(room, row["who"])
    known = {corner(room, row["who"]).root.name for row in room.store.rows("SELECT who FROM piles")}
    folder = room.settings.state / "piles"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in known and not _is_fresh(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_fresh(path: Path) -> bool:
    """Whether a folder may belong to a pile that is being made."""
    return time.time() - path.stat().st_mtime < 3600
