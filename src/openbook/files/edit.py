"""Changing one thing in a file people wrote: comments and layout stay, the diff is small.

What tomlkit makes of an unusual layout is not always what was meant, so every new text is read
again before it is written: it must say what the old one said, but for the one change.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Table

from openbook.files.write import PROSE, Value, WriteError, toml_table, toml_value, write_text

_BOM = "\ufeff"


def append_table(path: Path, table: str) -> None:
    """Add a table at the end of a TOML file, which is made where it is missing."""
    before = _read(path)
    _write(path, before, _appended(before, table))


def set_field(path: Path, array: str, id_: str, field: str, value: Value) -> None:
    """Set one field of the item called ``id_`` in an array of tables."""
    set_item(path, array, lambda one: one.get("id") == id_, {field: value})


def set_item(
    path: Path,
    array: str,
    is_it: Callable[[Mapping[str, Any]], bool],
    fields: Mapping[str, Value | None],
) -> None:
    """Set fields of the first item of an array of tables for which ``is_it`` holds; ``None``
    removes a field."""
    before = _read(path)
    with _editing(path, before) as (data, expected):
        places = [
            place
            for place, one in enumerate(_list(expected.get(array)))
            if isinstance(one, dict) and is_it(one)
        ]
        if not places:
            raise WriteError(f"{path} has no such {array} any more; nothing was changed")
        _merge(expected[array][places[0]], fields)
        _set(data[array][places[0]], fields)
        after = tomlkit.dumps(data)
    _write(path, before, after, expected)


def set_table(path: Path, name: str, fields: Mapping[str, Value | None], head: str = "") -> None:
    """Set the fields of the table ``name``; ``None`` removes a field. A file that is missing is
    begun with ``head``."""
    before = _read(path) if path.exists() else head
    with _editing(path, before) as (data, expected):
        said = expected.get(name)
        if said is None:
            _write(path, before, _appended(before, toml_table(f"[{name}]", fields)))
            return
        if not isinstance(said, dict):
            raise WriteError(f"{path}: {name} is no table; nothing was changed")
        _merge(said, fields)
        _set(data[name], fields)
        after = tomlkit.dumps(data)
    _write(path, before, after, expected)


def set_head(path: Path, field: str, value: Value) -> None:
    """Set one field that stands before a file's tables."""
    before = _read(path)
    with _editing(path, before) as (data, expected):
        is_new = field not in expected
        expected[field] = _plain(value)
        if not is_new:
            data[field] = _item(value, field)
        after = tomlkit.dumps(data)
    line = toml_table("", {field: value}) if is_new else ""
    _write(path, before, line + after, expected)


def _read(path: Path) -> str:
    """The text of a file, with its own line ends; empty where there is none."""
    try:
        return path.read_bytes().decode("utf-8") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise WriteError(f"{path} is not UTF-8; save it as UTF-8. Nothing was changed") from error
    except OSError as error:
        raise WriteError(
            f"{path} cannot be read ({error.strerror}); nothing was changed"
        ) from error


@contextmanager
def _editing(path: Path, text: str) -> Iterator[tuple[tomlkit.TOMLDocument, dict[str, Any]]]:
    """A file's text for editing, and what it says for comparing. An edit that tomlkit cannot make
    becomes a :class:`WriteError`."""
    body = text.removeprefix(_BOM)
    try:
        said = tomllib.loads(body)
        yield tomlkit.parse(body), said
    except tomllib.TOMLDecodeError as error:
        raise WriteError(f"{path} is not TOML ({error}); nothing was changed") from error
    except (TOMLKitError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise _too_unusual(path) from error


def _too_unusual(path: Path) -> WriteError:
    return WriteError(
        f"{path} is laid out in a way openbook cannot edit without harm: write each table once, "
        "under its own [header]. Nothing was changed"
    )


def _write(path: Path, before: str, after: str, expected: dict[str, Any] | None = None) -> None:
    """Write a text that says what it should, in the old text's line ends and byte order mark."""
    if before.startswith(_BOM) and not after.startswith(_BOM):
        after = _BOM + after
    if "\r\n" in before and not re.search(r"(?<!\r)\n", before):
        after = re.sub(r"(?<!\r)\n", "\r\n", after)
    try:
        said = tomllib.loads(after.removeprefix(_BOM))
    except tomllib.TOMLDecodeError as error:
        raise _too_unusual(path) from error
    if expected is not None and said != expected:
        raise _too_unusual(path)
    write_text(path, after)


def _appended(before: str, table: str) -> str:
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    return before + gap + table


def _merge(said: dict[str, Any], fields: Mapping[str, Value | None]) -> None:
    for field, value in fields.items():
        said.pop(field, None) if value is None else said.update({field: _plain(value)})


def _set(table: Any, fields: Mapping[str, Value | None]) -> None:
    """Change the fields of a table: old ones where they stand, new ones after the last of them,
    before the empty lines and comments that lead to the next table."""
    body = table.value.body if isinstance(table, Table) else []
    trailing = []
    while body and body[-1][0] is None:
        trailing.append(body.pop())
    for field, value in fields.items():
        if value is None:
            table.pop(field, None)
        elif field not in table:
            table[field] = _item(value, field)
        elif isinstance(value, Mapping) and isinstance(table[field], (Table, InlineTable)):
            gone = dict.fromkeys(key for key in table[field] if key not in value)
            _set(table[field], {**gone, **value})
        elif _unwrapped(table[field]) != _plain(value):
            table[field] = _item(value, field)
    body.extend(reversed(trailing))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(value: Any) -> Any:
    """A value as tomllib reads it."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _unwrapped(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _item(value: Value, field: str) -> Any:
    """A value in the form that openbook gives it everywhere."""
    return tomlkit.value(toml_value(value, multiline=field in PROSE))
