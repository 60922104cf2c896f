"""Does a documentation tell a point? A machine's guess, from counted words, for those who write it.

Nothing here reads: words are counted. For each point every passage gets a score, a weighted sum of
a few signals (:class:`Speaks`). The best scores of the whole documentation, and how well the rest
of its question is answered, make a few more (:class:`Told`). Two logistic regressions over
those guess whether the point is told at all, and whether it is told plainly. Their weights are
fitted on what auditors said of the points of releases, and the cut-offs are those under which as
many points are guessed to be told, and to be stated, as were. A verdict is no judgement of an
audit: those are set by somebody who read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from openbook.core.questionnaire import PointRef, Question
from openbook.core.ranker import Counts, Ranker, learned
from openbook.core.review import PointState


class Verdict(StrEnum):
    """What a point looks like to the machine."""

    STATED = "stated"
    VAGUE = "vague"
    MISSING = "missing"

    @property
    def state(self) -> PointState:
        """The state from which the grading rule suggests: nothing found counts as absent."""
        return PointState.ABSENT if self is Verdict.MISSING else PointState(self.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """A point as the stems of the words it is asked in."""

    ref: PointRef
    wording: frozenset[str]
    queries: tuple[frozenset[str], ...] = ()
    """The stems of each of its search words."""


class Speaks(NamedTuple):
    """What speaks for a passage as telling a point."""

    wording: float
    """Share of the point's own words that it holds, each weighed by how seldom it is; 0 to 1."""
    query: float
    """The search word that it holds most of: rarity of what it holds, times the share of it; in
    tens."""
    queries: float
    """Search words that it holds as a whole: log of one and their rarity."""
    question: float
    """Learned: the words that evidence for its question uses."""
    point: float
    """Learned: the words that evidence for this point uses."""


class Told(NamedTuple):
    """What speaks for a whole documentation as telling a point."""

    best: float
    """The highest score of a passage for the point."""
    third: float
    """The third highest: a point told in passing has one good passage."""
    around: float
    """The mean of the highest scores of the question's points, this one among them."""
    question: float
    """Learned words of the question's evidence: mean of the three passages that use them most."""
    length: float
    """Log of the number of passages: in many, some look good by chance."""


Weights = tuple[float, ...]
"""Weights of logistic regression, that of a constant first."""


@dataclass(frozen=True)
class Rule:
    """Weights and cut-offs by which signals become verdicts."""

    passage: Weights
    """One for each of :class:`Speaks`."""
    told: Weights
    """One for each of :class:`Told`: whether the point is told, plainly or vaguely."""
    stated: Weights
    """The same: whether it is told plainly."""
    told_from: float
    """The chance, by ``told``, from which the point is called told."""
    stated_from: float
    """The chance, by ``stated``, from which it is called stated."""


@dataclass(frozen=True)
class Judge:
    """What has been learned about how points are told."""

    words: Ranker
    """Counts of words, of questions by keyword and of points by ``HUM.number``."""
    taught: Rule
    """For the questionnaire that ``words`` knows."""
    plain: Rule
    """For any other: by the wording of the points and their search words alone."""
    fitted_on: tuple[str, ...] = ()
    """The releases whose point states the rules were fitted on."""

    def rule(self, questionnaire: str) -> Rule:
        """The rule for a questionnaire."""
        return self.taught if questionnaire == self.words.questionnaire else self.plain

    def known(self, questionnaire: str) -> Ranker:
        """What is known of words for a questionnaire: of another one only how common they are."""
        if questionnaire == self.words.questionnaire:
            return self.words
        return Ranker(questionnaire, self.words.background)


class Read(NamedTuple):
    """A point beside all passages: the score of each, the highest score first, and its place."""

    asked: Asked
    speaks: Sequence[Speaks]
    scores: Sequence[float]
    order: Sequence[int]
    """Places of passages by score, the highest first."""


class Guess(NamedTuple):
    """What a point looks like, and how sure that is."""

    verdict: Verdict
    told: float
    """The chance that it is told, plainly or vaguely. Both kinds of points counted the same when
    this was fitted, so it is a scale to compare by and no frequency."""
    stated: float
    """The chance that it is told plainly, likewise."""
    signals: Told


def speaks(asked: Asked, passages: Sequence[frozenset[str]], words: Ranker) -> list[Speaks]:
    """What speaks for each passage, given as its stems, as telling a point."""
    wording = rarities(asked.wording, words.background)
    queries = [rarities(one, words.background) for one in asked.queries]
    question, point = words.weights(asked.ref.keyword), words.weights(str(asked.ref))
    whole = math.fsum(wording.values()) or 1.0
    return [
        Speaks(
            _held(wording, stems) / whole,
            max((_query(one, stems) for one in queries), default=0.0),
            math.log1p(math.fsum(_held(one, stems) for one in queries if one.keys() <= stems)),
            learned(stems, question),
            learned(stems, point),
        )
        for stems in passages
    ]


def rarities(stems: frozenset[str], background: Counts) -> dict[str, float]:
    """How seldom each stem is among passages: log of the passages there are for one that has it."""
    passages = background.passages
    return {one: math.log(1 + passages / (background.stems.get(one, 0) + 1)) for one in stems}


def _held(weights: Mapping[str, float], stems: frozenset[str]) -> float:
    return math.fsum(map(weights.__getitem__, weights.keys() & stems))


def _query(query: Mapping[str, float], stems: frozenset[str]) -> float:
    held = _held(query, stems)
    return held**2 / (math.fsum(query.values()) or 1.0) / 10


def read(asked: Asked, passages: Sequence[frozenset[str]], words: Ranker, rule: Rule) -> Read:
    """A point beside all passages of a documentation."""
    found = speaks(asked, passages, words)
    scores = [weighed(one, rule.passage) for one in found]
    return Read(asked, found, scores, sorted(range(len(scores)), key=lambda at: (-scores[at], at)))


def guesses(points: Sequence[Read], rule: Rule) -> list[Guess]:
    """What the points of one question look like. Without a passage all are missing."""
    return [guess(one, rule) for one in told(points)]


def told(points: Sequence[Read]) -> list[Told]:
    """The signals of the points of one question; none where there is no passage."""
    if not points or not points[0].scores:
        return []
    around = sum(one.scores[one.order[0]] for one in points) / len(points)
    used = sorted((speaks.question for speaks in points[0].speaks), reverse=True)[:3]
    count = len(points[0].scores)
    return [
        Told(
            one.scores[one.order[0]],
            one.scores[one.order[min(2, count - 1)]],
            around,
            sum(used) / len(used),
            math.log(count),
        )
        for one in points
    ]


def guess(signals: Told, rule: Rule) -> Guess:
    """What a point looks like by its signals."""
    is_told, is_stated = chance(signals, rule.told), chance(signals, rule.stated)
    if is_stated >= rule.stated_from:
        verdict = Verdict.STATED
    else:
        verdict = Verdict.VAGUE if is_told >= rule.told_from else Verdict.MISSING
    return Guess(verdict, is_told, is_stated, signals)


def weighed(signals: Sequence[float], weights: Weights) -> float:
    """Signals weighed into one number, the constant among them."""
    constant, *rest = weights
    return constant + math.fsum(a * b for a, b in zip(signals, rest, strict=True))


def chance(signals: Sequence[float], weights: Weights) -> float:
    """The chance that logistic regression gives, between 0 and 1."""
    return 1 / (1 + math.exp(-max(min(weighed(signals, weights), 30.0), -30.0)))


def asked_points(question: Question) -> tuple[PointRef, ...]:
    """The points of a question; one without points is asked by its wording, as one."""
    if not question.points:
        return (PointRef(question.keyword),)
    return tuple(PointRef(question.keyword, point.key) for point in question.points)
