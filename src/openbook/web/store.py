"""What the reading room keeps in SQLite, outside the audit: drafts, people, sessions, acts.

What is settled goes to the text files. Everything here was acknowledged only after it was on the
disk: each transaction is written to a log that is flushed before the answer leaves.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

VERSION = 2
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, auditor TEXT NOT NULL DEFAULT '',
  password TEXT NOT NULL DEFAULT '', created TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE sessions (
  token TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people(id),
  created REAL NOT NULL, seen REAL NOT NULL
) STRICT;
CREATE TABLE links (
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, role TEXT NOT NULL DEFAULT '',
  person TEXT NOT NULL DEFAULT '', made_by TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  expires REAL NOT NULL, used REAL
) STRICT;
CREATE TABLE attempts (key TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE INDEX attempts_by_key ON attempts (key, at);
CREATE TABLE assignments (
  release TEXT NOT NULL, auditor TEXT NOT NULL, made_by TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (release, auditor)
) STRICT;
CREATE TABLE drafts (
  auditor TEXT NOT NULL, release TEXT NOT NULL, keyword TEXT NOT NULL,
  version INTEGER NOT NULL, body TEXT NOT NULL, saved TEXT NOT NULL,
  is_begun INTEGER NOT NULL DEFAULT 0, is_ready INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (auditor, release, keyword)
) STRICT;
CREATE TABLE quotes (
  auditor TEXT NOT NULL, release TEXT NOT NULL, keyword TEXT NOT NULL, id TEXT NOT NULL,
  document TEXT NOT NULL, text TEXT NOT NULL, points TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (auditor, release, keyword, id)
) STRICT;
CREATE TABLE readings (
  n INTEGER PRIMARY KEY, auditor TEXT NOT NULL, release TEXT NOT NULL, keyword TEXT NOT NULL,
  line TEXT NOT NULL
) STRICT;
CREATE INDEX readings_by_cell ON readings (auditor, release, keyword);
CREATE TABLE submissions (
  release TEXT NOT NULL, auditor TEXT NOT NULL, at TEXT NOT NULL, written TEXT,
  written_before TEXT,
  PRIMARY KEY (release, auditor)
) STRICT;
CREATE TABLE inbox (
  id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL,
  author TEXT NOT NULL, contact TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL,
  was TEXT NOT NULL DEFAULT '', now TEXT NOT NULL DEFAULT '',
  document TEXT NOT NULL DEFAULT '', quote TEXT NOT NULL DEFAULT '',
  file_name TEXT NOT NULL DEFAULT '', file_sha256 TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'waiting', decided_by TEXT NOT NULL DEFAULT '',
  decided_at TEXT NOT NULL DEFAULT '', decision TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE acts (
  n INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL,
  about TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX acts_by_who ON acts (who, n);
"""


SINCE_2 = """
CREATE TABLE piles (
  who TEXT PRIMARY KEY, changed REAL NOT NULL, plan TEXT NOT NULL DEFAULT '',
  stamp TEXT NOT NULL DEFAULT '', edits TEXT NOT NULL DEFAULT '{}',
  differs TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE TABLE pile_things (
  n INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL REFERENCES piles(who) ON DELETE CASCADE,
  source TEXT NOT NULL, sha256 TEXT NOT NULL DEFAULT '', media_type TEXT NOT NULL DEFAULT '',
  via TEXT NOT NULL DEFAULT '[]', reason TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'waiting', told TEXT NOT NULL DEFAULT '',
  UNIQUE (who, source)
) STRICT;
"""
"""What rooms of version 1 do not have: files and addresses dropped, until they are added."""


class StoreError(Exception):
    """The room's own data cannot be used; the message says why and what to do."""


def default_state(folder: Path) -> Path:
    """Where the room of the audit at ``folder`` keeps its own data: in the user's own folder for
    such, by the path of the audit, so that nothing of it gets into the audit's git."""
    where = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    root = platformdirs.user_state_path("openbook") / "rooms"
    return root / f"{folder.resolve().name}-{where}"


@dataclass
class Store:
    """One database, one connection: SQLite writes one at a time in any case, and a lock of ours
    waits without polling."""

    root: Path
    _database: sqlite3.Connection = field(init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def __post_init__(self) -> None:
        path = self.root / "room.sqlite3"
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Made by us before SQLite, which would let everybody read it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=10
            )
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path} cannot be used for the room's data: {error}") from error

    def _prepare(self) -> None:
        db = self._database
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StoreError(f"{self.root} was written by a newer openbook; update openbook")
        if version == 1:
            db.executescript(f"BEGIN; {SINCE_2} PRAGMA user_version = {VERSION}; COMMIT;")
        if version == 0:
            db.executescript(f"BEGIN; {SCHEMA} {SINCE_2} PRAGMA user_version = {VERSION}; COMMIT;")
            with self.writing() as made:
                made.execute("INSERT INTO meta VALUES ('secret', ?)", (secrets.token_bytes(32),))

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on the disk when the block ends, or none of it."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """The rows that a query gives."""
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def row(self, query: str, values: tuple[object, ...] = ()) -> sqlite3.Row | None:
        """The first row that a query gives."""
        with self._lock:
            found: sqlite3.Row | None = self._database.execute(query, values).fetchone()
            return found

    @property
    def secret(self) -> bytes:
        """What the room signs with; made once, never shown."""
        row = self.row("SELECT value FROM meta WHERE key = 'secret'")
        assert row is not None
        return bytes(row["value"])

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()


def hashed(token: str) -> str:
    """What is kept of a secret token: who reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
