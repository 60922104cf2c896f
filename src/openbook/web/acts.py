"""The act log: who did what, and when. It holds no grades, since auditors are blind."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import NamedTuple

from openbook.web.store import Store


class Act(NamedTuple):
    """One line of the log."""

    at: str
    who: str
    act: str
    about: str
    detail: str


def record(db: sqlite3.Connection, who: str, act: str, about: str = "", detail: str = "") -> None:
    """Add a line, in the transaction of the act itself."""
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    db.execute(
        "INSERT INTO acts (at, who, act, about, detail) VALUES (?, ?, ?, ?, ?)",
        (at, who, act, about, detail),
    )


def latest(store: Store, count: int = 200, before: int | None = None) -> list[sqlite3.Row]:
    """The last lines, newest first, with their numbers."""
    most = before if before is not None else 2**62
    return store.rows("SELECT * FROM acts WHERE n < ? ORDER BY n DESC LIMIT ?", (most, count))


def by(store: Store, who: str, count: int = 200, before: int | None = None) -> list[sqlite3.Row]:
    """The last lines of one person, newest first."""
    most = before if before is not None else 2**62
    return store.rows(
        "SELECT * FROM acts WHERE who = ? AND n < ? ORDER BY n DESC LIMIT ?", (who, most, count)
    )


def everybody(store: Store) -> list[str]:
    """Who is in the log; visitors are too many to name."""
    rows = store.rows("SELECT DISTINCT who FROM acts WHERE who NOT LIKE 'visitor %' ORDER BY who")
    return [row["who"] for row in rows]


def entries(store: Store, person: str, count: int = 10) -> list[sqlite3.Row]:
    """How a person came in lately, and which links to come in others made for the person."""
    return store.rows(
        "SELECT * FROM acts WHERE (who = ?1 AND act IN ('logged in', 'joined')) "
        "OR (about = ?1 AND act IN ('made a login link', 'failed to log in')) "
        "ORDER BY n DESC LIMIT ?2",
        (person, count),
    )
