"""A file is the old one or the new one, whatever happens."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock  # noqa: F401 - loaded here, as somebody else in a child may not read where it lies
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.files.write import (
    LOCK_NAME,
    WriteError,
    locked,
    toml_key,
    toml_table,
    write_bytes,
    write_text,
)

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX processes")


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that anybody may enter, so that a test may become nobody."""
    for one in (tmp_path, *tmp_path.parents[:3]):
        if one.stat().st_uid == os.geteuid():
            one.chmod(0o755)
    yield tmp_path
    tmp_path.chmod(0o755)


def test_a_file_is_made_with_its_folders_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.toml"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["b.toml"]


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    path, plain = tmp_path / "x.toml", tmp_path / "plain"
    plain.write_text("")
    write_text(path, "one")
    assert path.stat().st_mode == plain.stat().st_mode
    path.chmod(0o640)
    write_text(path, "two")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_says_the_same_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    write_text(path, "one")
    before = path.stat()
    write_text(path, "one")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    (tmp_path / "x.toml").symlink_to(target)
    write_text(tmp_path / "x.toml", "new")
    assert target.read_text() == "precious"
    assert (tmp_path / "x.toml").read_text() == "new"


@needs_fork
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    """As root, replacing /dev/null would take it from the whole machine."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    for place in (path, tmp_path):
        with pytest.raises(WriteError, match=r"could not be written \(it is no file\)"):
            write_bytes(place, b"new")
    assert path.is_fifo()
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_killed_at_any_moment_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    whole = {f"text = '{letter * 300_000}'\n" for letter in "ab"}
    one, two = sorted(whole)
    write_text(path, one)
    chance = random.Random(1)
    for _ in range(30):
        pid = os.fork()
        if pid == 0:
            try:
                while True:
                    write_text(path, two)
                    write_text(path, one)
            finally:
                os._exit(1)
        time.sleep(chance.uniform(0.001, 0.03))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        assert path.read_text() in whole
    assert list(tmp_path.glob("*.toml")) == [path] or all(
        left.name[0] == "." for left in tmp_path.iterdir() if left != path
    )
    assert all(left.suffix == ".part" for left in tmp_path.iterdir() if left != path)


@needs_fork
def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("old")
    script = """
        import resource, signal, sys
        from pathlib import Path
        from openbook.files.write import WriteError, write_bytes
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_bytes(Path(sys.argv[1]), b"new" * 1000)
        except WriteError as error:
            print(error)
    """
    said, _ = python(script, path).communicate(timeout=20)
    assert said == f"{path} could not be written (File too large); nothing was changed\n"
    assert [one.name for one in tmp_path.iterdir()] == ["x.toml"]
    assert path.read_text() == "old"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_fault_at_the_last_moment_leaves_the_old_file(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.toml"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(WriteError) as caught:
        write_text(path, "new")
    monkeypatch.undo()
    assert str(caught.value) == (
        f"{path} could not be written (No space left on device); nothing was changed"
    )
    assert [one.name for one in tmp_path.iterdir()] == ["x.toml"]
    assert path.read_text() == "old"


def test_an_interruption_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / "x.toml", "new")
    assert list(tmp_path.iterdir()) == []


@needs_fork
@pytest.mark.parametrize("call", ["write_text", "locked"])
def test_a_folder_of_somebody_else_is_told(call: str, folder: Path) -> None:
    path = folder / "x.toml"
    path.write_text("old")
    folder.chmod(0o555)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            try:
                if call == "locked":
                    with locked(folder, 1):
                        pass
                else:
                    write_text(path, "new")
            except WriteError as error:
                os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    assert (
        said
        == {
            "write_text": f"{path} could not be written (Permission denied); nothing was changed",
            "locked": f"{folder} cannot be written (Permission denied)",
        }[call]
    )
    assert path.read_text() == "old"


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.toml").mkdir()
    for path in (tmp_path / "file" / "x.toml", tmp_path / "folder.toml"):
        with pytest.raises(WriteError) as caught:
            write_text(path, "new")
        assert str(caught.value).startswith(f"{path} could not be written (")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder.toml"]


HOLD = """
    import sys, time
    from pathlib import Path
    from openbook.files.write import locked
    with locked(Path(sys.argv[1])):
        print("held", flush=True)
        time.sleep(float(sys.argv[2]))
"""


def test_of_two_writers_one_waits(tmp_path: Path) -> None:
    with python(HOLD, tmp_path, 0.3) as other:
        assert other.stdout is not None
        other.stdout.readline()
        began = time.monotonic()
        with locked(tmp_path, 10):
            assert time.monotonic() - began > 0.1
            other.wait(timeout=10)


def test_who_waits_too_long_is_told_and_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    with python(HOLD, tmp_path, 60) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(WriteError) as caught, locked(tmp_path, 0.2):
            pass
        assert str(caught.value) == (
            f"another openbook is writing {tmp_path}; try again when it is done"
        )
        other.kill()
        other.wait()
        with locked(tmp_path, 5):
            pass


def test_a_lock_is_released_after_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    with locked(tmp_path, 0.1):
        pass


def test_a_lock_that_is_a_link_is_refused_and_its_target_kept(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / LOCK_NAME).symlink_to("precious")
    with pytest.raises(WriteError) as caught, locked(tmp_path, 0.1):
        pass
    assert str(caught.value) == (
        f"{tmp_path / LOCK_NAME} is a link, which openbook never makes; remove it"
    )
    assert (tmp_path / "precious").read_text() == "precious"


TEXT = st.text(
    st.one_of(st.sampled_from("'\"\\\n\r\t\x00\x7f#"), st.characters(exclude_categories=["Cs"]))
)
SIMPLE = st.one_of(
    TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.dates(), st.floats(allow_nan=False)
)
VALUE = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
)


@given(st.dictionaries(TEXT, VALUE, max_size=4), st.sampled_from(["answer", "quote", "x"]), TEXT)
def test_a_table_comes_back(fields: dict[str, Any], name: str, text: str) -> None:
    table = {**fields, name: text}
    kept = {
        key: value
        for key, value in table.items()
        if not (isinstance(value, str | list | dict) and not value)
    }
    assert tomllib.loads(toml_table("[A]", table)) == {"A": kept}
    assert tomllib.loads(toml_table("", table)) == kept


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"answer": "Two\nlines."}, "answer = '''Two\nlines.'''\n"),
        ({"answer": 'it\'s \\ "so"'}, "answer = '''it's \\ \"so\"'''\n"),
        ({"answer": "ends with '"}, 'answer = "ends with \'"\n'),
        ({"answer": "\nbegins"}, 'answer = "\\nbegins"\n'),
        ({"title": "no prose\n"}, 'title = "no prose\\n"\n'),
        ({"date": dt.date(2026, 1, 2), "grade": 0, "is": False}, "date = 2026-01-02\n"),
        ({"a.b/c": {"x": ["y"]}, "none": None, "empty": ()}, '"a.b/c" = { x = ["y"] }\n'),
    ],
)
def test_how_values_look(fields: dict[str, Any], text: str) -> None:
    assert toml_table("", fields).startswith(text)


@pytest.mark.parametrize(
    ("key", "written"),
    [("a-b_1", "a-b_1"), ("3.5", '"3.5"'), ("", '""'), ("é", '"é"'), ('"', '"\\""'), ("²", '"²"')],
)
def test_keys_are_quoted_where_they_must_be(key: str, written: str) -> None:
    assert toml_key(key) == written
