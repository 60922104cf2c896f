"""Writing files whole or not at all, and the TOML that openbook writes into an audit.

Every write goes to a temporary file in the same folder, is flushed to the disk and renamed over
the target, so a full disk or a kill leaves the old file. One process at a time writes an audit:
:func:`locked` holds a lock file in the folder.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

LOCK_NAME = ".openbook.lock"
LOCK_WAIT = 10.0
"""Seconds to wait for another openbook that is writing the same audit."""

Value = str | int | float | bool | dt.date | Sequence["Value"] | Mapping[str, "Value"]


class WriteError(Exception):
    """A file that could not be written; the message names it, and nothing was changed."""


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the file at ``path`` by ``data`` in one step. Raises :class:`WriteError`, also where
    something stands there that is no file, such as a device: replacing would remove it."""
    temporary = _beside(path, data)
    _put_in_place(temporary, path)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Replace several files. All new bytes are on the disk before the first file is replaced, so
    that a full disk changes nothing; where replacing fails midway, what was replaced is put back.
    Raises :class:`WriteError`."""
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    fresh: dict[Path, Path] = {}
    done: list[Path] = []
    try:
        for path, data in files.items():
            fresh[path] = _beside(path, data)
        for path, temporary in fresh.items():
            _put_in_place(temporary, path)
            done.append(path)
    except BaseException:
        for temporary in fresh.values():
            _forget(temporary)
        for path in done:
            _put_back(path, before[path])
        raise


def _put_back(path: Path, data: bytes | None) -> None:
    """As it was, as far as the disk lets us."""
    with contextlib.suppress(WriteError):
        if data is None:
            _forget(path)
        else:
            write_bytes(path, data)


def _beside(path: Path, data: bytes) -> Path:
    """The bytes in a temporary file beside ``path``, on the disk."""
    temporary = None
    try:
        _require_file(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
    except BaseException as error:
        if temporary is not None:
            _forget(temporary)
        if isinstance(error, OSError):
            raise _not_written(path, error) from error
        raise
    return temporary


def _put_in_place(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except BaseException as error:
        _forget(temporary)
        if isinstance(error, OSError):
            raise _not_written(path, error) from error
        raise


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _require_file(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise WriteError(f"{path} could not be written (it is no file); nothing was changed")


def _not_written(path: Path, error: OSError) -> WriteError:
    return WriteError(
        f"{path} could not be written ({error.strerror or error}); nothing was changed"
    )


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def write_text(path: Path, text: str) -> None:
    """Replace the file at ``path`` by ``text`` in UTF-8; one that says the same is not touched."""
    try:
        data = text.encode("utf-8")
        if path.is_file() and path.read_bytes() == data:
            return
    except UnicodeEncodeError as error:
        raise WriteError(
            f"{path} was not changed: {text[error.start]!r} (character {error.start + 1} of the "
            "file) is no character of any text; leave it out"
        ) from error
    except OSError as error:
        raise _not_written(path, error) from error
    write_bytes(path, data)


@contextlib.contextmanager
def locked(folder: Path, wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold the audit at ``folder`` for writing. Raises :class:`WriteError` when another process
    holds it for longer than ``wait`` seconds, or the folder cannot be written."""
    from filelock import FileLock, Timeout  # slow to import, and readers never lock

    path = folder / LOCK_NAME
    if os.path.islink(path):  # noqa: PTH114 - false, not an error, where we may not look
        raise WriteError(f"{path} is a link, which openbook never makes; remove it")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        message = f"another openbook is writing {folder}; try again when it is done"
        raise WriteError(message) from error
    except OSError as error:
        raise WriteError(f"{folder} cannot be written ({error.strerror or error})") from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def unbroken() -> Iterator[None]:
    """What is done in the block is done wholly: Ctrl-C takes effect at its end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread alone
        return
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        raise KeyboardInterrupt


def toml_value(value: Value, multiline: bool = False) -> str:
    """A value as TOML; long prose as a literal block that needs no escapes where it can."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return _toml_string(value, multiline)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return f"[{', '.join(toml_value(item) for item in value)}]"


_NEEDS_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _toml_string(text: str, multiline: bool) -> str:
    is_literal = "'''" not in text and not text.endswith("'") and not _NEEDS_ESCAPE.search(text)
    if multiline and is_literal and not text.startswith("\n"):
        return f"'''{text}'''"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_escape(char) for char in escaped) + '"'


def _escape(char: str) -> str:
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char)
    if short:
        return short
    if ord(char) < 0x20 or ord(char) == 0x7F:
        return f"\\u{ord(char):04X}"
    return char


def toml_key(key: str) -> str:
    """A key as TOML, quoted where it must be."""
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else _toml_string(key, multiline=False)


PROSE = frozenset(
    (
        "quote",
        "says",
        "transcription",
        "answer",
        "reason",
        "deviation",
        "note",
        "was",
        "now",
        "description",
        "decision",
    )
)
"""Fields written as literal blocks: sentences people read and correct."""


def toml_table(header: str, fields: Mapping[str, Value | None]) -> str:
    """A table with its header line (``[VS]`` or ``[[evidence]]``); empty fields are left out."""
    lines = [header] if header else []
    for name, value in fields.items():
        if value is None or value == "" or value == [] or value == () or value == {}:
            continue
        lines.append(f"{toml_key(name)} = {toml_value(value, multiline=name in PROSE)}")
    return "\n".join(lines) + "\n"
