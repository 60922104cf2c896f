"""A cache remembers, or is as good as none."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.files import cache as module
from openbook.files.cache import Cache

KEYS = st.lists(st.text(), min_size=1, max_size=3)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters()), KEYS, KEYS)
def test_a_text_is_found_under_its_key_alone(
    tmp_path_factory: pytest.TempPathFactory, text: str, key: list[str], other: list[str]
) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache") / "index.sqlite3")
    assert cache.get(*key) is None
    cache.put("before", *key)
    cache.put(text, *key)
    assert cache.get(*key) == text
    assert (cache.get(*other) == text) == ("\0".join(key) == "\0".join(other))


@pytest.mark.parametrize(
    "data", [b"no database at all", b"SQLite format 3\0" + b"\xff" * 4096, b""]
)
def test_a_damaged_file_is_as_good_as_none(data: bytes, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "index.sqlite3")
    cache.path.write_bytes(data)
    assert cache.get("key") is None
    cache.put("text", "key")
    assert cache.get("key") in (None, "text")


@pytest.mark.parametrize("value", [5, "text", b"not packed", b"", None])
def test_a_damaged_value_is_as_good_as_none(value: object, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "index.sqlite3")
    cache.put("text", "key")
    with sqlite3.connect(cache.path) as connection:
        connection.execute("CREATE TABLE other (key TEXT PRIMARY KEY, value)")
        connection.execute("INSERT INTO other SELECT key, ? FROM memory", (value,))
        connection.execute("DROP TABLE memory")
        connection.execute("ALTER TABLE other RENAME TO memory")
    connection.close()
    assert cache.get("key") is None


def test_another_table_of_that_name_is_as_good_as_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "index.sqlite3")
    with sqlite3.connect(cache.path) as connection:
        connection.execute("CREATE TABLE memory (something)")
    connection.close()
    cache.put("text", "key")
    assert cache.get("key") is None


def test_a_locked_cache_is_as_good_as_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "index.sqlite3")
    cache.put("text", "key")
    other = sqlite3.connect(cache.path)
    other.execute("BEGIN EXCLUSIVE")
    assert cache.get("key") is None
    cache.put("new", "key")
    other.close()
    assert cache.get("key") == "text"


def test_a_folder_that_cannot_be_made_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "index.sqlite3").mkdir()
    for path in (
        tmp_path / "file" / "index.sqlite3",
        tmp_path / "index.sqlite3",
        Path("/proc/openbook/index.sqlite3"),
    ):
        Cache(path).put("text", "key")
        assert Cache(path).get("key") is None


def test_threads_share_one(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "index.sqlite3")
    cache.put("here", "key")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: cache.put(str(n), "n", str(n)), range(50)))
        assert list(pool.map(lambda n: cache.get("n", str(n)), range(50))) == [
            str(n) for n in range(50)
        ]
        assert pool.submit(cache.get, "key").result() == "here"
