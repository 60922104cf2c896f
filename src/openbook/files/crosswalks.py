"""Crosswalks as files: ``crosswalks/fmti.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from openbook.core.crosswalk import Crosswalk, Item, Link, Relation
from openbook.core.problem import Problem
from openbook.core.questionnaire import parse_point_ref
from openbook.files.fields import SCHEMA, Key, Keyword, Text, Url, Words
from openbook.files.load import load
from openbook.files.shapes import Shape


class ItemShape(Shape):
    key: Words
    name: Words
    says: Text = ""
    question: Keyword | None = None


class LinkShape(Shape):
    point: Words = Field(alias="from")
    to: Words
    relation: Literal["same", "part of", "touches"]
    note: Words


class CrosswalkShape(Shape):
    version: Annotated[int, Field(ge=1)] = Field(alias="schema")
    id: Key
    title: Words
    questionnaire: Key
    edition: Words = Field(alias="version")
    source: Url
    attribution: Text = ""
    checked: Words
    item: Annotated[list[ItemShape], Field(min_length=1)]
    link: Annotated[list[LinkShape], Field(default_factory=list)]


def read_crosswalk(path: Path) -> tuple[Crosswalk | None, list[Problem]]:
    """The crosswalk in a file, and what is wrong with the file."""
    shape, problems = load(path, CrosswalkShape, path.name)
    if shape is None:
        return None, problems
    if shape.version > SCHEMA:
        return None, [Problem(path.name, f"is of data format {shape.version}: update openbook")]
    items = tuple(Item(one.key, one.name, one.says, one.question or "") for one in shape.item)
    links = tuple(
        Link(parse_point_ref(one.point), one.to, Relation(one.relation), one.note)
        for one in shape.link
    )
    walk = Crosswalk(
        id=shape.id,
        title=shape.title,
        questionnaire=shape.questionnaire,
        version=shape.edition,
        source=shape.source,
        attribution=shape.attribution,
        checked=shape.checked,
        items=items,
        links=links,
    )
    return walk, problems
