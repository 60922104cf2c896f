"""One file at a time: text to a shape, with every problem named by file and place."""

from __future__ import annotations

import difflib
import re
import reprlib
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import tomli as tomllib  # the standard library's reader, compiled: four times as fast
from pydantic import ValidationError

from openbook.core.problem import Problem
from openbook.files.shapes import Shape

_PLAINLY = {
    "string_type": "expected a text",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "list_type": "expected a list",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "int_type": "expected a whole number",
    "date_type": "expected a date, such as 2022-03-04 without quotation marks",
}
"""What Pydantic says in Python's words, in TOML's."""

S = TypeVar("S", bound=Shape)

MAX_FILE = 8 * 1024 * 1024
"""A data file larger than this (bytes) is refused: it is not something a person wrote."""
MAX_LINES = 64 * 1024 * 1024
"""The same for files that machines write, line by line."""
_DEEP_KEY = re.compile(r"(?:\.[ \t]*+[\w-]++[ \t]*+){100}")
"""``a.a.a.…``: tomllib takes time by the square of its length. It begins with a dot because texts
have fewer dots than words."""
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def load_toml(path: Path, place: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The tables of a TOML file, or the problem that keeps it from being read."""
    text, problems = _text(path, place, MAX_FILE)
    if text is None:
        return None, problems
    if _DEEP_KEY.search(text):
        return None, [Problem(place, "not TOML: nested too deeply")]
    try:
        return tomllib.loads(text), []
    except RecursionError:
        return None, [Problem(place, "not TOML: nested too deeply")]
    except tomllib.TOMLDecodeError as error:
        return None, [Problem(place, f"not TOML: {error}")]
    except ValueError:  # what Python says of a number of 5,000 digits is for programmers
        return None, [Problem(place, "not TOML: holds a number of thousands of digits")]


def _text(path: Path, place: str, most: int) -> tuple[str | None, list[Problem]]:
    """The text of a file, or the problem that keeps it from being read."""
    data = b""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # to read a pipe would be to wait for ever
            return None, [Problem(place, "is no plain file")]
        if status.st_size > most:
            return None, [Problem(place, f"larger than {most >> 20} MB: not a data file")]
        data = path.read_bytes()
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Problem(place, f"not UTF-8 in line {line}: save the file as UTF-8")]
    except OSError as error:
        return None, [Problem(place, f"cannot be read: {error.strerror or error}")]


def shaped(data: dict[str, Any], shape: type[S], place: str) -> tuple[S | None, list[Problem]]:
    """``data`` as ``shape``; faulty items are left out and named, so that the rest still loads."""
    try:
        return shape.model_validate(data), []
    except ValidationError as error:
        problems = [
            Problem(f"{place}: {_where(data, one['loc'])}", _message(one, shape))
            for one in error.errors(include_url=False)
        ]
        rest = _without(data, [one["loc"] for one in error.errors(include_url=False)])
    try:
        return shape.model_validate(rest), problems
    except ValidationError:
        return None, problems


def load(path: Path, shape: type[S], place: str) -> tuple[S | None, list[Problem]]:
    """A TOML file as ``shape``."""
    data, problems = load_toml(path, place)
    if data is None:
        return None, problems
    return shaped(data, shape, place)


def load_lines(path: Path, shape: type[S], place: str) -> tuple[list[S], list[Problem]]:
    """A JSON Lines file as shapes, one a line."""
    found: list[S] = []
    problems: list[Problem] = []
    text, unreadable = _text(path, place, MAX_LINES)
    if text is None:
        return [], unreadable
    # Not splitlines(): it also divides at characters that JSON strings may hold, such as U+2028.
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(shape.model_validate_json(line))
        except ValidationError as error:
            for one in error.errors(include_url=False):
                where = ": ".join((f"{place}: line {number}", *map(str, one["loc"])))
                problems.append(Problem(where, _message(one, shape)))
    return found, problems


def load_json(path: Path, shape: type[S], place: str) -> tuple[S | None, list[Problem]]:
    """A JSON file as ``shape``: all of it or nothing, as nobody mends such a file by hand."""
    text, unreadable = _text(path, place, MAX_FILE)
    if text is None:
        return None, unreadable
    try:
        return shape.model_validate_json(text), []
    except ValidationError as error:
        return None, [
            Problem(": ".join((place, *map(str, one["loc"]))), _message(one, shape))
            for one in error.errors(include_url=False)
        ]


def _where(data: Any, loc: Sequence[int | str]) -> str:
    """``evidence 3 (q-7f3a9c): grade``: counted from 1 and named where the item has a name."""
    parts: list[str] = []
    here: Any = data
    for step in loc:
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
            name = next(_names(here), "")
            parts[-1:] = [f"{parts[-1] if parts else 'item'} {step + 1}{name}"]
        else:
            here = here.get(step) if isinstance(here, dict) else None
            parts.append(str(step))
    return ": ".join(parts)


def _names(item: Any) -> Iterator[str]:
    if isinstance(item, dict):
        for field in ("id", "key", "keyword"):
            if isinstance(item.get(field), str):
                yield f" ({item[field][:40]})"


def _message(error: Any, shape: type[Shape]) -> str:
    kind, found = error["type"], error.get("input")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _fields(shape), 1)
        return "unknown field" + (f"; did you mean {near[0]}?" if near else "")
    if kind == "missing":
        return "is missing"
    if kind == "json_invalid":
        return f"not JSON: {error['ctx']['error']}"
    message = error["msg"].removeprefix("Value error, ")
    if kind == "value_error":
        return str(message)
    if kind in _PLAINLY:
        message = _PLAINLY[kind]
    elif kind == "string_pattern_mismatch":
        message = f"expected the form {error['ctx']['pattern']}"
    return f"{message[0].lower()}{message[1:]}; found {_SHORT.repr(found)}"


def _fields(shape: type[Shape]) -> list[str]:
    """The names of all fields of a shape and of the shapes inside it."""
    schema = shape.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for part in parts for name in part.get("properties", {})})


def _without(data: dict[str, Any], locs: Sequence[Sequence[int | str]]) -> dict[str, Any]:
    """``data`` less the items at fault: a list's element, otherwise the whole top-level field."""
    faulty_items: dict[str, set[int]] = {}
    faulty_fields: set[str] = set()
    for loc in locs:
        field = str(loc[0])
        if len(loc) > 1 and isinstance(loc[1], int):
            faulty_items.setdefault(field, set()).add(loc[1])
        else:
            faulty_fields.add(field)
    rest = {name: value for name, value in data.items() if name not in faulty_fields}
    for field, items in faulty_items.items():
        if field in rest:
            rest[field] = [one for index, one in enumerate(rest[field]) if index not in items]
    return rest
