"""Crosswalks: which points of a questionnaire ask what another scheme asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from openbook.core.problem import Problem
from openbook.core.questionnaire import PointRef, Questionnaire


class Relation(StrEnum):
    """How far a point and an item of another scheme ask the same."""

    SAME = "same"
    """To answer one is to answer the other."""
    PART_OF = "part of"
    """What the point asks is one part of what the item asks."""
    TOUCHES = "touches"
    """They ask different things that bear on one another."""


@dataclass(frozen=True, slots=True)
class Item:
    """What another scheme asks, by the name it has there."""

    key: str
    name: str
    says: str = ""
    """What it asks, in our words."""
    question: str = ""
    """Keyword of the question that asks it in the shipped questionnaire named like the crosswalk,
    where there is one."""


@dataclass(frozen=True, slots=True)
class Link:
    """One point and one item."""

    point: PointRef
    to: str
    relation: Relation
    note: str
    """Why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """From a questionnaire's points to the items of another scheme."""

    id: str
    title: str
    questionnaire: str
    """Id of the questionnaire whose points are linked."""
    version: str
    source: str
    """Address of the other scheme."""
    attribution: str
    checked: str
    """When and against what the items were checked, and what was not verified."""
    items: tuple[Item, ...]
    links: tuple[Link, ...]

    def item(self, key: str) -> Item | None:
        """The item with this key, if there is one."""
        return next((one for one in self.items if one.key == key), None)


def crosswalk_problems(
    walk: Crosswalk, points: Questionnaire, asking: Questionnaire | None = None
) -> Iterator[Problem]:
    """Every key that names nothing, and every link that stands twice. ``points`` is the
    questionnaire whose points are linked, ``asking`` the one that asks what the items ask."""
    place = f"crosswalk {walk.id}"
    keys = [one.key for one in walk.items]
    for key in sorted({one for one in keys if keys.count(one) > 1}):
        yield Problem(place, f"the item {key} stands twice")
    for one in walk.items:
        if one.question and (asking is None or asking.question(one.question) is None):
            yield Problem(f"{place}: {one.key}", f"there is no question {one.question}")
    seen: set[tuple[PointRef, str]] = set()
    for link in walk.links:
        where = f"{place}: {link.point} to {link.to}"
        if not link.point.key or not points.has(link.point):
            yield Problem(where, f"{points.id} has no point {link.point}")
        if link.to not in keys:
            yield Problem(where, f"there is no item {link.to}")
        if (link.point, link.to) in seen:
            yield Problem(where, "stands twice")
        seen.add((link.point, link.to))


def without_counterpart(walk: Crosswalk, asked: Questionnaire) -> tuple[PointRef, ...]:
    """The points that no item of the other scheme bears on."""
    linked = {link.point for link in walk.links}
    every = (PointRef(one.keyword, point.key) for one in asked.questions for point in one.points)
    return tuple(ref for ref in every if ref not in linked)
