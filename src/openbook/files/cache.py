"""Throw-away memory of slow results: text layers, and verifications of quotes in them.

Everything here can be deleted at any time. A result is found again only under the hash of all
it was made from, so a changed document, extractor, quote or verifier never meets an old result.
A damaged or locked cache is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

_SCHEMA = "CREATE TABLE IF NOT EXISTS memory (key TEXT PRIMARY KEY, value BLOB NOT NULL)"

PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""


class Cache:
    """Texts by key in one SQLite file, which is opened when first asked for something. Threads may
    share one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The connection, in a transaction; after a fault, the next use opens it anew."""
        with self._lock:
            try:
                if self._connection is None:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._connection = sqlite3.connect(
                        self.path, timeout=PATIENCE, check_same_thread=False
                    )
                    self._connection.execute(_SCHEMA)
                with self._connection:
                    yield self._connection
            except (sqlite3.Error, OSError):
                if self._connection is not None:
                    self._connection.close()
                self._connection = None
                raise

    def get(self, *key: str) -> str | None:
        """The text kept under ``key``, or None."""
        try:
            with self._open() as connection:
                row = connection.execute(
                    "SELECT value FROM memory WHERE key = ?", (_digest(key),)
                ).fetchone()
            return zlib.decompress(row[0]).decode("utf-8", "surrogatepass") if row else None
        except (sqlite3.Error, OSError, zlib.error, UnicodeDecodeError, TypeError):
            return None

    def put(self, text: str, *key: str) -> None:
        """Keep ``text`` under ``key``; silently nothing where that cannot be done."""
        packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO memory VALUES (?, ?)", (_digest(key), packed)
            )


def _digest(key: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()
