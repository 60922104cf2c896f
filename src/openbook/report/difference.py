"""Two versions of an audit side by side: what differs, as lines, as records and as one page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openbook.core.agreement import Unit, krippendorff_alpha
from openbook.core.anchor import MARKS, DiffPart, word_diff
from openbook.core.difference import Difference, PartName, between, differences
from openbook.core.records import Audit
from openbook.report.agreement import figures, shared, units_of
from openbook.report.one_file import one_file
from openbook.report.site import words
from openbook.report.wording import one_line

TITLES: dict[PartName, str] = {
    "audit": "The audit",
    "auditor": "Auditors",
    "questionnaire": "The questionnaire",
    "question": "Questions",
    "point": "Points",
    "initiative": "Initiatives",
    "release": "Releases",
    "document": "Documents",
    "copy": "Copies of documents",
    "finding": "Cells",
    "evidence": "Evidence",
    "review": "Reviews",
    "judgement": "Judgements",
    "settlement": "Settlements",
    "search": "Searches",
    "reading": "Passages read",
    "correction": "Corrections and rebuttals",
    "reported": "What an earlier work reports",
    "pillar": "Pillars of objectives",
    "aspect": "Objectives",
    "proposal": "Proposals of models",
    "lead": "Leads to other documents",
    "recheck": "Cells to be looked at again",
    "translation": "Translations of quotes",
}
PROSE, ENDLESS = 40, 20_000
"""Texts of more characters than the first are compared word by word; of more than the second not,
as that would take time by the square of their length."""
UNNAMED = {"audit": "audit.toml", "questionnaire": "questionnaire.toml"}
SIGNS = {"new": "+", "gone": "-", "changed": "~"}


@dataclass(frozen=True)
class Compared:
    """Two versions and what differs."""

    before: str
    after: str
    """What each is called."""
    differences: tuple[Difference, ...]
    units: tuple[Sequence[Unit], ...]
    """Cells that several graded, before and after; of two auditors, those that both graded."""
    files: tuple[str, ...] = ()
    """Text files that differ, be it in layout and comments alone."""

    @property
    def grades(self) -> str:
        """``3 grades differ: 2 higher, 1 lower``; empty where none does."""
        both = [
            (one.was, one.now)
            for one in self.differences
            if one.field == "grade" and one.part in ("finding", "judgement")
            if isinstance(one.was, int) and isinstance(one.now, int)
            if one.part == "finding" or len(self.units) == 1
        ]
        up = sum(was < now for was, now in both)
        verb = "differs" if len(both) == 1 else "differ"
        told = f"{words.count(len(both), 'grade')} {verb}: {up} higher, {len(both) - up} lower"
        return told if both else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field that differs."""

    field: str
    parts: tuple[DiffPart, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that differs."""

    sign: str
    """``new``, ``gone`` or ``changed``."""
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: str
    entries: tuple[Entry, ...]


def compare(before: tuple[str, Audit], after: tuple[str, Audit]) -> Compared:
    """Two versions of an audit, each with what it is called."""
    both = before[1], after[1]
    units = tuple(list(shared(units_of(one)).values()) for one in both)
    return Compared(before[0], after[0], differences(*both), units)


def compare_auditors(audit: Audit, first: str, second: str) -> Compared:
    """Two auditors of one audit, and how far they agree where both graded."""
    units = [
        {first: unit[first], second: unit[second]}
        for unit in units_of(audit).values()
        if first in unit and second in unit
    ]
    one, two = (words.auditor_with_kind(audit, name) for name in (first, second))
    return Compared(one, two, between(audit, first, second), (units,))


def sections(found: Compared) -> tuple[Section, ...]:
    """All differences, by kind of thing and thing."""
    return tuple(
        Section(
            TITLES[part],
            tuple(
                _entry(part, name, list(ones))
                for name, ones in groupby(some, key=lambda one: one.name)
            ),
        )
        for part, some in groupby(found.differences, key=lambda one: one.part)
    )


def _entry(part: str, name: str, ones: Sequence[Difference]) -> Entry:
    first, name = ones[0], one_line(name or UNNAMED.get(part, part))
    if first.field:
        return Entry("changed", name, tuple(Line(one_line(one.field), _parts(one)) for one in ones))
    sign, said = ("new", first.now) if first.was is None else ("gone", first.was)
    kind = "document" if sign == "new" else "quote"
    shown = (
        Line(one_line(field), (DiffPart(kind, _short(value)),)) for field, value in said.items()
    )
    return Entry(sign, name, tuple(shown))


def _parts(one: Difference) -> tuple[DiffPart, ...]:
    was, now = one.was, one.now
    if isinstance(was, str) and isinstance(now, str) and PROSE < max(len(was), len(now)) <= ENDLESS:
        parts = word_diff(was, now)
        if any(part.kind != "same" for part in parts):
            return _around(parts)
        return (DiffPart("same", "white space differs"),)
    if isinstance(was, tuple) and isinstance(now, tuple) and {*map(str, was)} != {*map(str, now)}:
        gone, new = _without(was, now), _without(now, was)
        found = [("quote", gone), ("document", new)]
        return tuple(DiffPart(kind, _short(some)) for kind, some in found if some)
    found = [("quote", was), ("document", now)]
    return tuple(DiffPart(kind, _short(value)) for kind, value in found if value is not None)


def _without(some: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for one in some if one not in others)


def _around(parts: tuple[DiffPart, ...], most: int = 60) -> tuple[DiffPart, ...]:
    """The parts with long runs of what is the same cut to what stands next to a change."""
    found = []
    for place, part in enumerate(parts):
        text = one_line(part.text)
        if part.kind == "same" and len(text) > 2 * most:
            begins = "" if place == 0 else text[:most].rsplit(" ", 1)[0]
            ends = "" if place == len(parts) - 1 else text[-most:].partition(" ")[2]
            text = f"{begins} … {ends}".strip()
        found.append(DiffPart(part.kind, text))
    return tuple(found)


def _short(value: Any) -> str:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return one_line(", ".join(value))
    return one_line(json.dumps(value, ensure_ascii=False))


def agreement_words(found: Compared) -> tuple[str, ...]:
    """How far graders agree, a sentence for each side."""
    sides = ("",) if len(found.units) == 1 else ("before: ", "after: ")
    return tuple(
        f"{side}alpha {one.alpha}, {words.count(one.cells, 'cell')} with several graders"
        + (f", {one.exact} exact" if one.cells else "")
        for side, one in zip(sides, map(figures, found.units), strict=True)
    )


def lines(found: Compared) -> Iterator[str]:
    """What differs, to be read on a terminal: [-what was-] {+what is+}."""
    yield f"{one_line(found.before)} -> {one_line(found.after)}"
    for section in sections(found):
        counts = Counter(one.sign for one in section.entries)
        told = ", ".join(f"{counts[sign]} {sign}" for sign in SIGNS if counts[sign])
        yield ""
        yield f"{section.title}: {told}"
        for entry in section.entries:
            yield f"  {SIGNS[entry.sign]} {entry.name}"
            for line in entry.lines:
                marked = " ".join(MARKS[part.kind].format(part.text) for part in line.parts)
                yield f"      {line.field}: {marked}"
    yield ""
    if not found.differences:
        yield "nothing differs in what they say"
    if found.grades:
        yield found.grades
    yield from (f"agreement {one}" for one in agreement_words(found))
    if found.files:
        yield f"text files that differ: {one_line(', '.join(found.files))}"


def records(found: Compared) -> Iterator[dict[str, Any]]:
    """What differs, for programs: one record a difference, then one of the whole."""
    for one in found.differences:
        yield {
            "part": one.part,
            "name": one.name,
            "field": one.field or None,
            "was": one.was,
            "now": one.now,
        }
    yield {
        "before": found.before,
        "after": found.after,
        "differences": len(found.differences),
        "agreement": [
            {"cells": len(units), "alpha": krippendorff_alpha(units)} for units in found.units
        ],
        "files": list(found.files),
    }


@dataclass(frozen=True)
class _Page:
    found: Compared
    sections: tuple[Section, ...]
    agreement: tuple[str, ...]


def page(found: Compared) -> str:
    """What differs, as one HTML page."""
    return one_file("difference.html", _Page(found, sections(found), agreement_words(found)))
