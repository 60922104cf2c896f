"""The store: whole transactions, nobody else's to read, secrets kept as hashes."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from openbook.web.store import VERSION, Store, StoreError, default_state, hashed


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    Store(tmp_path / "state")
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    for path in (tmp_path / "state").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def broken() -> None:
        with store.writing() as db:
            db.execute("INSERT INTO attempts VALUES ('a', 1)")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        broken()
    assert store.rows("SELECT * FROM attempts") == []
    with store.writing() as db:
        db.execute("INSERT INTO attempts VALUES ('b', 2)")
    again = sqlite3.connect(tmp_path / "room.sqlite3")
    assert again.execute("SELECT key FROM attempts").fetchall() == [("b",)]


def test_threads_do_not_mix_their_transactions(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def add(name: str) -> None:
        for number in range(50):
            with store.writing() as db:
                db.execute("INSERT INTO attempts VALUES (?, ?)", (name, number))
                db.execute("INSERT INTO attempts VALUES (?, ?)", (name, number + 0.5))

    threads = [threading.Thread(target=add, args=(f"t{n}",)) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    kept = [row["key"] for row in store.rows("SELECT key FROM attempts ORDER BY rowid")]
    assert len(kept) == 8 * 50 * 2
    assert all(kept[at] == kept[at + 1] for at in range(0, len(kept), 2))


def test_the_secret_stays_the_same(tmp_path: Path) -> None:
    first = Store(tmp_path).secret
    assert len(first) == 32
    assert Store(tmp_path).secret == first
    assert Store(tmp_path / "other").secret != first


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "room.sqlite3") as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreError, match="newer openbook"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "room.sqlite3").write_text("this is no database, and long enough to be read as one")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path)


def test_state_lies_outside_the_audit_and_differs_by_its_path(tmp_path: Path) -> None:
    one, other = tmp_path / "x" / "audit", tmp_path / "y" / "audit"
    assert default_state(one) != default_state(other)
    assert tmp_path not in default_state(one).parents


def test_tokens_are_kept_as_hashes() -> None:
    assert hashed("a token") != "a token"
    assert len(hashed("a token")) == 64
