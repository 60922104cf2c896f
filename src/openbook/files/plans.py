"""A plan as a file: TOML to be corrected in an editor, each guess with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.plan import Do, Entry, Family, NewRelease, Plan
from openbook.core.problem import Problem
from openbook.files.fields import (
    DateOrEmpty,
    Key,
    Line,
    ReleaseName,
    Sha256,
    Text,
    Url,
    UrlOrEmpty,
    Words,
)
from openbook.files.load import load, shaped
from openbook.files.shapes import Shape
from openbook.files.write import Value, toml_key, toml_value

VERSION = 1
_HEAD = """\
# What `openbook audit add` would do. Correct what is wrong, then carry it out:
#     openbook audit add {audit} --from {file}
# Behind each guess stands what it rests on. What could not be guessed is empty; what you leave
# empty stays empty in the audit, and `openbook audit check` lists it.
#   do        new: a document of its own; copy: a further copy of the document `key`; skip: nothing
#   releases  such as ["openai-gpt/4"]; initiatives and releases that the audit lacks are made
#   kind      paper, report, model-card, system-card, web-page, repository, other
#   role      original, transcription, partial, other-version
plan = {version}
"""


class _FamilyShape(Shape):
    key: Key
    name: Words
    company: Text = ""
    status: Literal["closed", "open-weight", "open", ""] = ""


class _ReleaseShape(Shape):
    id: ReleaseName
    label: Words
    date: DateOrEmpty = ""


class _EntryShape(Shape):
    source: Words
    sha256: Sha256
    do: Literal["new", "copy", "skip"]
    key: Key
    role: Literal["original", "transcription", "partial", "other-version"] = "original"
    title: Line = ""
    date: DateOrEmpty = ""
    language: Line = ""
    kind: Literal[
        "paper", "report", "model-card", "system-card", "web-page", "repository", "other", ""
    ] = ""
    url: UrlOrEmpty = ""
    releases: list[ReleaseName] = Field(default=[])
    media_type: Line = ""
    fetched_from: UrlOrEmpty = ""
    via: list[Url] = Field(default=[])
    note: Text = ""


class _PlanShape(Shape):
    plan: Annotated[int, Field(ge=1, le=VERSION)]
    initiative: list[_FamilyShape] = Field(default=[])
    release: list[_ReleaseShape] = Field(default=[])
    document: list[_EntryShape] = Field(default=[])


def plan_text(plan: Plan, audit: str, file: str) -> str:
    """A plan as TOML; ``audit`` and ``file`` are named in the command that carries it out."""
    parts = [_HEAD.format(audit=audit, file=file, version=VERSION)]
    if plan.failed:
        lines = [f"#   {_comment(one.source)}: {_comment(one.reason)}\n" for one in plan.failed]
        parts.append("# These could not be read and are not part of the plan:\n" + "".join(lines))
    for family in plan.families:
        fields: dict[str, Value] = {
            "key": family.key,
            "name": family.name,
            "company": family.company,
            "status": family.status,
        }
        why = {"key": "new in this audit", "status": "closed, open-weight or open"}
        parts.append(_table("initiative", fields, why))
    parts += [
        _table("release", {"id": str(release.id), "label": release.label, "date": release.date}, {})
        for release in plan.releases
    ]
    parts += [_table("document", _fields(entry), entry.why) for entry in plan.entries]
    return "\n".join(parts)


_SHOWN_EMPTY = frozenset(("title", "date", "language", "kind", "releases", "company", "status"))
"""Fields that people fill in: they are there even when empty."""


def _fields(entry: Entry) -> dict[str, Value]:
    fields: dict[str, Value] = {
        "source": entry.source,
        "do": entry.do.value,
        "key": entry.key,
        "title": entry.title,
        "releases": [str(one) for one in entry.releases],
        "date": entry.date,
        "kind": entry.kind,
        "language": entry.language,
        "url": entry.url,
        "role": entry.role,
        "note": entry.note,
        "media_type": entry.media_type,
        "fetched_from": entry.fetched_from,
        "via": list(entry.via),
        "sha256": entry.sha256,
    }
    if entry.do is not Do.NEW:
        # What the document says of itself is written already; a copy may be given to a release.
        fields = {
            name: value
            for name, value in fields.items()
            if name not in ("date", "kind", "language", "url") or value
        }
    return fields


def _table(name: str, fields: Mapping[str, Value], why: Mapping[str, str]) -> str:
    return "\n".join((f"[[{name}]]", *_lines(fields, why))) + "\n"


def _lines(fields: Mapping[str, Value], why: Mapping[str, str]) -> Iterator[str]:
    for name, value in fields.items():
        if not value and name not in _SHOWN_EMPTY:
            continue
        line = f"{toml_key(name)} = {toml_value(value)}"
        reason = _comment(why.get(name, ""))
        yield f"{line}  # {reason}" if reason else line


def _comment(text: str) -> str:
    """A text as a comment: on one line, whatever it holds."""
    return "".join(char if char.isprintable() else " " for char in text)[:200]


_SHAPES: Mapping[str, type[Shape]] = {
    "initiative": _FamilyShape,
    "release": _ReleaseShape,
    "document": _EntryShape,
}


def faults_of(table: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the fields of one table of a plan, by field."""
    _, problems = shaped(dict(fields), _SHAPES[table], "")
    found: dict[str, str] = {}
    for one in problems:
        field = one.place.removeprefix(": ").partition(":")[0].split()[0]
        found.setdefault(field, one.message)
    return found


def read_plan(path: Path) -> tuple[Plan | None, Sequence[Problem]]:
    """The plan of a file, or every problem of it."""
    place = path.name
    shape, problems = load(path, _PlanShape, place)
    if shape is None or problems:
        return None, problems
    problems = list(_faults(shape, place))
    if problems:
        return None, problems
    return Plan(
        tuple(_entry(one) for one in shape.document),
        tuple(Family(one.key, one.name, one.company, one.status) for one in shape.initiative),
        tuple(NewRelease(_id(one.id), one.label, one.date) for one in shape.release),
    ), ()


def _faults(shape: _PlanShape, place: str) -> Iterator[Problem]:
    """What one entry cannot know of the others."""
    seen: dict[str, str] = {}
    for number, one in enumerate(shape.document, 1):
        if one.do != "new":
            continue
        if one.key in seen:
            message = (
                f'{one.key!r} is the key of {seen[one.key]} too: choose another, or do = "copy"'
            )
            yield Problem(f"{place}: document {number} ({one.key}): key", message)
        seen[one.key] = one.source


def _entry(one: _EntryShape) -> Entry:
    return Entry(
        source=one.source,
        sha256=one.sha256,
        do=Do(one.do),
        key=one.key,
        role=one.role,
        title=one.title.strip(),
        date=one.date,
        language=one.language.strip(),
        kind=one.kind,
        url=one.url,
        releases=tuple(map(_id, one.releases)),
        media_type=one.media_type,
        fetched_from=one.fetched_from,
        via=tuple(one.via),
        note=one.note,
    )


def _id(text: str) -> ReleaseId:
    id_ = parse_release_id(text)
    assert id_ is not None  # the shape has seen to it
    return id_
