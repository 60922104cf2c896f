"""What two audits say differently: one list of single differences, whatever they are made from.

Each audit is first told as things (a release, a piece of evidence, a judgement) with their fields,
straight from the nouns. A noun that gains a field is compared by it without a change here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any, Literal, NamedTuple, get_args

from openbook.core.initiative import Document, Initiative, ReleaseId
from openbook.core.questionnaire import PointRef, Questionnaire
from openbook.core.records import Audit
from openbook.core.review import CellId, Judgement, PointState

Value = Any
"""A text, number, truth value, tuple or mapping of such: what JSON can hold."""

Fields = Mapping[str, Value]


PartName = Literal[
    "audit",
    "auditor",
    "questionnaire",
    "question",
    "point",
    "initiative",
    "release",
    "document",
    "copy",
    "finding",
    "evidence",
    "review",
    "judgement",
    "settlement",
    "search",
    "reading",
    "correction",
    "reported",
    "lead",
    "translation",
    "recheck",
    "pillar",
    "aspect",
    "proposal",
]
PARTS: tuple[PartName, ...] = get_args(PartName)
"""Kinds of things, in the order in which differences are listed."""


class Thing(NamedTuple):
    """Something an audit says, named the same in every version of it."""

    part: PartName
    name: str
    """``openai-gpt/3.5 VS``, ``q-7f3a9c``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that one audit says and the other does not, or says otherwise."""

    part: PartName
    name: str
    field: str
    """``grade``, ``points.rule``; empty where the whole thing is there once alone."""
    was: Value
    """None where it was not said before; all fields where the whole thing is gone."""
    now: Value


class Order(tuple[str, ...]):
    """Names in an order that means something. What came or went is told elsewhere: only those
    that both have are compared."""

    __slots__ = ()


def differences(before: Audit, after: Audit) -> tuple[Difference, ...]:
    """Everything that ``after`` says otherwise than ``before``, by kind of thing."""
    return compared(told(before), told(after))


def between(audit: Audit, first: str, second: str) -> tuple[Difference, ...]:
    """Where two auditors of one audit differ, cell by cell: grades, answers, points, evidence.
    A cell that one of them alone judged is one difference."""
    return compared(_judged(audit, first), _judged(audit, second))


def compared(was: Mapping[Thing, Fields], now: Mapping[Thing, Fields]) -> tuple[Difference, ...]:
    """The differences of two tellings."""
    things = sorted({**was, **now}, key=lambda one: PARTS.index(one.part))
    return tuple(one for thing in things for one in _of(thing, was.get(thing), now.get(thing)))


def _of(thing: Thing, was: Fields | None, now: Fields | None) -> Iterator[Difference]:
    if was is None or now is None:
        yield Difference(*thing, "", was and _shown(was), now and _shown(now))
        return
    for field in {**was, **now}:
        old, new = was.get(field), now.get(field)
        if isinstance(old, Order) and isinstance(new, Order):
            both = {*old} & {*new}
            if [one for one in old if one in both] == [one for one in new if one in both]:
                continue
        if old != new:
            yield Difference(*thing, field, old, new)


def _shown(one: Fields) -> dict[str, Value]:
    return {name: value for name, value in one.items() if not isinstance(value, Order)}


def told(audit: Audit) -> dict[Thing, Fields]:
    """An audit as things with their fields; what is empty is left out."""
    found: dict[Thing, Fields] = {}
    for part, name, told_fields in _things(audit):
        thing, number = Thing(part, name), 1
        while thing in found:
            number += 1
            thing = Thing(part, f"{name} #{number}")
        found[thing] = told_fields
    return found


def _things(audit: Audit) -> Iterator[tuple[PartName, str, Fields]]:
    head = {name: getattr(audit, name) for name in ("id", "title", "edition", "description")}
    rows = Order(one.key for one in audit.initiatives)
    yield "audit", "", {**_some(head), "initiatives": rows}
    for auditor in audit.auditors:
        yield "auditor", auditor.id, _told(auditor, "id")
    yield from _asked(audit.questionnaire)
    for initiative in audit.initiatives:
        yield from _initiative(initiative)
    for document in audit.documents.values():
        yield from _document(document)
    for cell, finding in audit.findings.items():
        settled = {f"settled.{name}": value for name, value in _told(finding.settled).items()}
        yield "finding", str(cell), _judgement(finding.judgement) | settled
    for id_, evidence in audit.evidence.items():
        kind = type(evidence).__name__.removesuffix("Evidence").lower()
        yield "evidence", id_, {"kind": kind, **_told(evidence, "id")}
    for review in audit.reviews:
        name = f"{review.auditor} {review.release}"
        yield "review", name, _told(review, "auditor", "release", "cells")
        for keyword, judgement in review.cells.items():
            yield "judgement", f"{name} {keyword}", _judgement(judgement)
    yield from _records(audit)


def _records(audit: Audit) -> Iterator[tuple[PartName, str, Fields]]:
    for cell, settlement in audit.settlements.items():
        yield "settlement", str(cell), _told(settlement, "cell")
    for id_, search in audit.searches.items():
        yield "search", id_, _told(search, "id")
    last = {(one.auditor, one.cell, one.copy, one.passage): one for one in audit.readings}
    for reading in last.values():
        place = reading.passage
        name = f"{reading.auditor} {reading.cell} {place.document}:{place.page}:{place.start}"
        yield "reading", f"{name}-{place.end}", _told(reading, "auditor", "cell", "passage")
    for correction in audit.corrections:
        yield "correction", correction.id, _told(correction, "id")
    for cell, reported in audit.reported.items():
        yield "reported", str(cell), _told(reported)
    for id_, disposal in audit.disposals.items():
        yield "lead", id_, _told(disposal, "id")
    for translation in audit.translations:
        yield "translation", translation.name, _told(translation, "evidence", "language", "by")
    for recheck in audit.rechecks:
        yield "recheck", recheck.id, _told(recheck, "id")
    for pillar in audit.objectives.pillars if audit.objectives else ():
        yield "pillar", pillar.key, _told(pillar, "key", "aspects")
        for aspect in pillar.aspects:
            yield "aspect", f"{pillar.key}.{aspect.key}", _told(aspect, "key")
    for proposal in audit.proposals:
        yield "proposal", f"{proposal.model} {proposal.cell}", _told(proposal, "model", "cell")


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[PartName, str, Fields]]:
    order = Order(questionnaire.keywords)
    yield "questionnaire", "", {**_told(questionnaire, "questions"), "questions": order}
    for question in questionnaire.questions:
        points = Order(one.key for one in question.points)
        said = _told(question, "keyword", "points", "language")  # the questionnaire says it
        yield "question", question.keyword, {**said, "points": points}
        for point in question.points:
            yield "point", f"{question.keyword}.{point.key}", _told(point, "key")


def _initiative(one: Initiative) -> Iterator[tuple[PartName, str, Fields]]:
    order = Order(release.id.release for release in one.releases)
    yield "initiative", one.key, {**_told(one, "key", "releases"), "releases": order}
    for release in one.releases:
        yield "release", str(release.id), _told(release, "id")


def _document(one: Document) -> Iterator[tuple[PartName, str, Fields]]:
    yield "document", one.key, _told(one, "key", "copies")
    for copy in one.copies:
        known_by = copy.sha256 or " ".join(filter(None, (copy.role, copy.url)))
        yield "copy", f"{one.key} {known_by}", _told(copy, "sha256")


def _judged(audit: Audit, auditor: str) -> dict[Thing, Fields]:
    return {
        Thing("judgement", str(CellId(review.release, keyword))): _judgement(judgement)
        for review in audit.reviews
        if review.auditor == auditor
        for keyword, judgement in review.cells.items()
    }


def _judgement(one: Judgement) -> dict[str, Value]:
    """Points that are not reviewed are those that are not listed, so they are left out."""
    reviewed = {k: state for k, state in one.points.items() if state != PointState.UNREVIEWED}
    return _told(replace(one, points=reviewed))


def _told(noun: Any, *but: str) -> dict[str, Value]:
    """The fields of a noun by name; those of a noun or mapping in it by a name with a dot."""
    found: dict[str, Value] = {}
    for field in fields(noun):
        value = getattr(noun, field.name)
        if field.name in but or field.name.startswith("_"):
            continue
        if isinstance(value, Mapping):
            found |= {f"{field.name}.{key}": _plain(one) for key, one in value.items()}
        elif is_dataclass(value):
            found |= {f"{field.name}.{key}": one for key, one in _told(value).items()}
        else:
            found[field.name] = _plain(value)
    return _some(found)


def _some(found: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in found.items() if value not in (None, "", (), {})}


def _plain(value: Any) -> Value:
    """A value as JSON can hold it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (ReleaseId, CellId, PointRef)):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if is_dataclass(value):
        return _told(value)
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return value
