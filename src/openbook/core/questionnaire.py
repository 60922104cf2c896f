"""Questions as data: keywords, wording, points, the scale."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from openbook.core.language import primary

MIN_GRADE, MAX_GRADE = 0, 4
"""The grades of paper 3.2.1, from no information to open-science standards."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of interest (paper 2.1): one concrete thing an answer should tell."""

    key: str
    text: str
    """What a document must tell for the point to count as stated."""
    queries: tuple[str, ...] = ()
    """Words an auditor searches by, in the questionnaire's own language."""
    queries_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Such words in other languages, by language (``de``, ``zh``)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, named by its keyword and never by a number (paper 2.2.1)."""

    keyword: str
    title: str
    wording: str
    phase: str
    """Where in the process it belongs: ``pre-hoc``, ``ad-hoc``, ``post-hoc`` in the paper."""
    looks_for: str = ""
    points: tuple[Point, ...] = ()
    examples: Mapping[int, str] | None = None
    """A boundary example for each grade: what a document says to get this one and not the next."""
    language: str = "en"
    """The language of its wording and of the words it is searched by (BCP 47)."""

    def point(self, key: str) -> Point | None:
        """The point with this key, if the question has it."""
        return next((point for point in self.points if point.key == key), None)

    @property
    def searched_in(self) -> frozenset[str]:
        """The languages in which it has words to search by: its own, and those of its points."""
        others = (language for point in self.points for language in point.queries_in)
        return frozenset((primary(self.language), *map(primary, others)))

    def widened_to(self, languages: Collection[str]) -> Question:
        """The question searched by its words in these languages too. They stand in the points'
        texts as well, since a search compares those with passages."""
        points = []
        for point in self.points:
            more = [
                word
                for language, words in point.queries_in.items()
                if primary(language) in languages
                for word in words
            ]
            text = " ".join((point.text, *more))
            points.append(replace(point, text=text, queries=(*point.queries, *more)))
        return replace(self, points=tuple(points))


class PointRef(NamedTuple):
    """A point named by keyword and key, ``VS.rule``; without a key, the question itself."""

    keyword: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.keyword}.{self.key}" if self.key else self.keyword


def parse_point_ref(text: str) -> PointRef:
    """``VS.rule`` or ``VS`` as a :class:`PointRef`; whether it exists the questionnaire says."""
    keyword, _, key = text.strip().partition(".")
    return PointRef(keyword, key)


@dataclass(frozen=True)
class Questionnaire:
    """Any set of questions; an audit's columns, pages and exports follow it."""

    id: str
    title: str
    questions: tuple[Question, ...]
    scale: Mapping[int, str]
    """What each grade from 0 to 4 means."""
    rule: str
    """Name of the rule from point states to a suggested grade; see :mod:`openbook.core.grade`."""
    attribution: str = ""
    by_reference: str = ""
    """How information that stands only in another document is graded."""
    explicitly_none: str = ""
    """How "we did not do this" is graded."""
    language: str = "en"
    """The language it is written in (BCP 47)."""
    queries_in_by: Mapping[str, str] = field(default_factory=dict)
    """Who wrote the words in another language, by language."""

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """The keywords in the questionnaire's order."""
        return tuple(question.keyword for question in self.questions)

    @cached_property
    def _by_keyword(self) -> dict[str, Question]:
        return {question.keyword: question for question in self.questions}

    def question(self, keyword: str) -> Question | None:
        """The question with this keyword, if there is one."""
        return self._by_keyword.get(keyword)

    def has(self, ref: PointRef) -> bool:
        """Whether a point, or for a bare keyword the question, exists."""
        question = self.question(ref.keyword)
        return question is not None and (not ref.key or question.point(ref.key) is not None)
