"""Drafts in the store: saved as one types, seen by their auditor alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from openbook.audit.grade import not_stated_fields
from openbook.audit.search.absent import search_line
from openbook.audit.search.reading import reading_line
from openbook.core.draft import Draft, DraftQuote
from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.progress import Part
from openbook.core.review import CellId, PassageRead, PointState, SearchRecord
from openbook.files import nouns
from openbook.files.shapes import NotStatedShape, ReadingShape, SearchShape
from openbook.web.acts import record
from openbook.web.store import Store


class OutdatedError(Exception):
    """A draft was saved from an older state than the one that is kept: another window was quicker.
    Carries what is kept."""

    def __init__(self, kept: Saved) -> None:
        super().__init__("the draft was changed in another window")
        self.kept = kept


class SubmittedError(Exception):
    """A draft of a release that the auditor has submitted is changed no more."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft with the number of its last change: 0 where nothing was saved yet."""

    draft: Draft
    version: int
    at: str = ""


def load(store: Store, auditor: str, cell: CellId) -> Saved | None:
    """An auditor's draft of a cell; None where nothing was put down."""
    return all_of(store, auditor, cell.release).get(cell)


def all_of(store: Store, auditor: str, release: ReleaseId | None = None) -> dict[CellId, Saved]:
    """An auditor's drafts, of one release or of all."""
    where, values = "auditor = ?", (auditor,)
    if release is not None:
        where, values = "auditor = ? AND release = ?", (auditor, str(release))  # type: ignore[assignment]
    quotes: dict[CellId, list[DraftQuote]] = {}
    for row in store.rows(f"SELECT * FROM quotes WHERE {where} ORDER BY rowid", values):  # noqa: S608
        quotes.setdefault(_cell(row), []).append(
            DraftQuote(row["id"], row["document"], row["text"], tuple(json.loads(row["points"])))
        )
    found: dict[CellId, Saved] = {}
    for row in store.rows(f"SELECT * FROM drafts WHERE {where}", values):  # noqa: S608
        cell = _cell(row)
        draft = replace(_unpacked(json.loads(row["body"])), quotes=tuple(quotes.get(cell, ())))
        found[cell] = Saved(draft, row["version"], row["saved"])
    return found


def _cell(row: sqlite3.Row) -> CellId:
    release = parse_release_id(row["release"])
    assert release is not None, "only cells of audits are saved"
    return CellId(release, row["keyword"])


def save(
    store: Store,
    auditor: str,
    cell: CellId,
    draft: Draft,
    version: int,
    at: str,
    who: str,
    act: str = "saved a draft",
) -> int:
    """Keep what a draft says, apart from its quotes; the number of this change. ``act`` is how the
    log tells it.

    ``version`` is the change that it was made from. Raises :class:`OutdatedError` where another
    change was kept since, unless it says the same, and :class:`SubmittedError`.
    """
    body = json.dumps(_packed(draft), ensure_ascii=False)
    with store.writing() as db:
        _require_open(db, auditor, cell.release)
        row = db.execute(
            "SELECT version, body FROM drafts WHERE auditor = ? AND release = ? AND keyword = ?",
            (auditor, str(cell.release), cell.keyword),
        ).fetchone()
        kept = row["version"] if row else 0
        if row and row["body"] == body:
            return int(kept)
        if kept != version:
            raise OutdatedError(all_of(store, auditor, cell.release)[cell])
        db.execute(
            "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "version = excluded.version, body = excluded.body, saved = excluded.saved, "
            "is_begun = excluded.is_begun, is_ready = excluded.is_ready",
            (
                auditor,
                str(cell.release),
                cell.keyword,
                kept + 1,
                body,
                at,
                replace(draft, quotes=()).is_begun,
                draft.is_ready,
            ),
        )
        record(db, who, act, str(cell))
    return int(kept) + 1


def _require_open(db: sqlite3.Connection, auditor: str, release: ReleaseId) -> None:
    row = db.execute(
        "SELECT 1 FROM submissions WHERE auditor = ? AND release = ? AND written IS NULL",
        (auditor, str(release)),
    ).fetchone()
    if row is not None:
        raise SubmittedError(f"{release} is submitted; take it back to change it")


def add_quote(
    store: Store, auditor: str, cell: CellId, quote: DraftQuote, at: str, who: str
) -> None:
    """Keep a quote with a draft; the same words again replace the points they support."""
    points = json.dumps(list(quote.points))
    with store.writing() as db:
        _require_open(db, auditor, cell.release)
        _begin(db, auditor, cell, at)
        db.execute(
            "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET points = excluded.points",
            (
                auditor,
                str(cell.release),
                cell.keyword,
                quote.id,
                quote.document,
                quote.text,
                points,
                at,
            ),
        )
        record(db, who, "quoted", str(cell), quote.id)


def _begin(db: sqlite3.Connection, auditor: str, cell: CellId, at: str) -> None:
    """Make sure that there is a draft for a quote to belong to."""
    db.execute(
        "INSERT OR IGNORE INTO drafts (auditor, release, keyword, version, body, saved) "
        "VALUES (?, ?, ?, 1, ?, ?)",
        (auditor, str(cell.release), cell.keyword, json.dumps(_packed(Draft())), at),
    )


def remove_quote(store: Store, auditor: str, cell: CellId, id_: str, who: str) -> None:
    """Take a quote out of a draft."""
    with store.writing() as db:
        _require_open(db, auditor, cell.release)
        db.execute(
            "DELETE FROM quotes WHERE auditor = ? AND release = ? AND keyword = ? AND id = ?",
            (auditor, str(cell.release), cell.keyword, id_),
        )
        record(db, who, "took out a quote", str(cell), id_)


def add_reading(store: Store, auditor: str, one: PassageRead, who: str) -> None:
    """Keep that a passage was read for a cell, and whether it answers."""
    line = json.dumps(reading_line(one), ensure_ascii=False)
    with store.writing() as db:
        _require_open(db, auditor, one.cell.release)
        db.execute(
            "INSERT INTO readings (auditor, release, keyword, line) VALUES (?, ?, ?, ?)",
            (auditor, str(one.cell.release), one.cell.keyword, line),
        )
        record(db, who, "read a passage", str(one.cell))


def readings_of(store: Store, auditor: str, release: ReleaseId) -> tuple[PassageRead, ...]:
    """What an auditor read of a release and is in no file yet."""
    rows = store.rows(
        "SELECT line FROM readings WHERE auditor = ? AND release = ? ORDER BY n",
        (auditor, str(release)),
    )
    shapes = (ReadingShape.model_validate_json(row["line"]) for row in rows)
    return tuple(nouns.reading(auditor, shape) for shape in shapes)


def signs(store: Store, auditor: str | None = None) -> dict[Part, dict[str, bool]]:
    """The keywords of the drafts that say something, of one auditor or of all, and whether each
    says enough; no draft is unpacked for it."""
    where, values = ("auditor = ? AND", (auditor,)) if auditor is not None else ("", ())
    rows = store.rows(
        f"SELECT auditor, release, keyword, is_ready FROM drafts AS d WHERE {where} "  # noqa: S608
        "(is_begun OR EXISTS (SELECT 1 FROM quotes AS q WHERE q.auditor = d.auditor "
        "AND q.release = d.release AND q.keyword = d.keyword))",
        values,
    )
    found: dict[Part, dict[str, bool]] = {}
    for row in rows:
        cell = _cell(row)
        part = Part(cell.release, row["auditor"])
        found.setdefault(part, {})[cell.keyword] = bool(row["is_ready"])
    return found


def forget(
    db: sqlite3.Connection, auditor: str, release: ReleaseId, keywords: Iterable[str]
) -> None:
    """Drop drafts that are in the audit's files now."""
    for table in ("drafts", "quotes", "readings"):
        db.executemany(
            f"DELETE FROM {table} WHERE auditor = ? AND release = ? AND keyword = ?",  # noqa: S608
            [(auditor, str(release), keyword) for keyword in keywords],
        )


_POINTS = TypeAdapter(dict[str, PointState])


def _packed(draft: Draft) -> dict[str, Any]:
    return {
        "points": {key: str(state) for key, state in sorted(draft.points.items())},
        "answer": draft.answer,
        "grade": draft.grade,
        "reason": draft.reason,
        "deviation": draft.deviation,
        "uses": list(draft.uses),
        "search": search_line(draft.search) if draft.search else None,
        "absence": not_stated_fields(draft.absence) if draft.absence else None,
        "saw": list(draft.saw),
        "base": draft.base,
    }


def _unpacked(body: Mapping[str, Any]) -> Draft:
    absence = body["absence"]
    search: SearchRecord | None = None
    if body["search"]:
        search = nouns.search_record(SearchShape.model_validate(body["search"]))
    return Draft(
        points=_POINTS.validate_python(body["points"]),
        answer=body["answer"],
        grade=body["grade"],
        reason=body["reason"],
        deviation=body["deviation"],
        uses=tuple(body["uses"]),
        search=search,
        absence=nouns.not_stated(NotStatedShape.model_validate(absence)) if absence else None,
        saw=tuple(body["saw"]),
        base=body["base"],
    )
