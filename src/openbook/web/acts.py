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
