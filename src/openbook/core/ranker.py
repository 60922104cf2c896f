"""Ranking by weight of evidence: which passages are likely to answer a question.

A question has learned which *stems* (words without their endings) its evidence uses more often than
documents use them elsewhere. The weight of a stem is the difference of two log odds, that it occurs
in a passage with evidence and that it occurs in one without, each shrunk towards how common the
stem is in all passages (weights of evidence: I. J. Good 1950; the informative prior after Monroe,
Colaresi and Quinn 2008, "Fightin' Words", section 3.5.1). Training is counting: two sets of
evidence are joined by adding their counts, and a model is a small table of counts.

What a passage scores is a weighted sum of five signals, see :class:`Signals`; the weights are
fitted by logistic regression on documents whose words the counts have not seen. A passage is then
scored together with its neighbours, since evidence comes in clusters.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

PRIOR = 30.0
"""Strength of the prior, in passages: how many are needed to be believed."""

SELDOM = 3
"""A stem found in fewer passages than this says nothing yet."""

NEIGHBOURS = 0.25
"""Share of a neighbour's score that a passage gains on either side."""

ENOUGH = 1e-4
"""A step of fitting so small that, as Newton's method converges, the weights stand as kept."""

_ONCE = 0.5
"""What a weight counts that rests on a single passage with evidence."""


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many passages each stem occurs; passages may count less or more than one."""

    passages: float = 0.0
    stems: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Counts) -> Counts:
        stems = dict(self.stems)
        for stem, seen in other.stems.items():
            stems[stem] = stems.get(stem, 0.0) + seen
        return Counts(self.passages + other.passages, stems)


def count(passages: Iterable[tuple[Collection[str], float]]) -> Counts:
    """The counts of passages, each given as its stems and how much it counts."""
    stems: dict[str, float] = {}
    total = 0.0
    for words, weight in passages:
        total += weight
        for word in words:
            stems[word] = stems.get(word, 0.0) + weight
    return Counts(total, stems)


class Signals(NamedTuple):
    """What speaks for a passage, each about 0 to 1 but for the learned ones."""

    words: float
    """Best match (BM25) with the search words of all points together."""
    points: float
    """Match with what the points ask, in their own wording."""
    coverage: float
    """Mean over the points of the match with each alone: a passage that touches several."""
    question: float
    """Learned: the words that evidence for this question uses."""
    evidence: float
    """Learned: the words that evidence for any question uses."""


UNFITTED = Signals(0.0, 3.5, 4.5, 1.0, 0.5)
"""The mixture of a ranker that was not fitted."""


class TrainedOn(NamedTuple):
    """A document a ranker has learned from."""

    document: str
    copy: str
    """sha256 of the copy."""
    passages: int
    evidence: tuple[str, ...]
    """Ids of its evidence that was found in that copy."""


@dataclass(frozen=True)
class Ranker:
    """What has been learned for one questionnaire."""

    questionnaire: str
    """Id of the questionnaire; other questions with the same keywords are other questions."""
    background: Counts = Counts()
    """All passages of the documents it has learned from."""
    anything: Counts = Counts()
    """Passages that are evidence for some question."""
    questions: Mapping[str, Counts] = field(default_factory=dict)
    """By keyword: passages that are evidence for it."""
    mixture: Signals = UNFITTED
    """The weight of each signal in the score."""
    trained_on: tuple[TrainedOn, ...] = ()

    @cached_property
    def any_weights(self) -> dict[str, float]:
        """The weights of the words of evidence for any question."""
        return word_weights(self.anything, self.background)

    def weights(self, keyword: str) -> dict[str, float]:
        """The weights of the words of evidence for one question."""
        return word_weights(self.questions.get(keyword, Counts()), self.background)

    def joined(self, other: Ranker) -> Ranker:
        """Itself with what another ranker of the same questionnaire has learned, if it is one."""
        if other.questionnaire != self.questionnaire:
            return self
        keywords = dict.fromkeys((*self.questions, *other.questions))
        none = Counts()
        return Ranker(
            self.questionnaire,
            self.background + other.background,
            self.anything + other.anything,
            {k: self.questions.get(k, none) + other.questions.get(k, none) for k in keywords},
            self.mixture,
            self.trained_on + other.trained_on,
        )


def word_weights(evidence: Counts, background: Counts) -> dict[str, float]:
    """The weight of each stem that evidence uses: above 0 where it speaks for evidence.

    ``background`` counts all passages, those of the evidence among them.
    """
    weights: dict[str, float] = {}
    if not evidence.passages or not background.passages:
        return weights
    others = max(background.passages - evidence.passages, 0.0)
    for stem, seen in evidence.stems.items():
        common = background.stems.get(stem, 0.0)
        if common < SELDOM:
            continue
        share = common / background.passages
        within = (seen + PRIOR * share) / (evidence.passages + PRIOR)
        without = (max(common - seen, 0.0) + PRIOR * share) / (others + PRIOR)
        weight = _log_odds(within) - _log_odds(without)
        weights[stem] = weight if seen > 1 else weight * _ONCE
    return weights


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-3)
    return math.log(share / (1 - share))


def learned(stems: frozenset[str], weights: Mapping[str, float]) -> float:
    """How much the words of a passage speak for evidence; long passages gain no more by length."""
    # Summed exactly: sets have another order in each process, and orders must not.
    told = math.fsum(map(weights.__getitem__, weights.keys() & stems))
    return told / math.sqrt(len(stems) + 10)


def likeness(passages: Sequence[frozenset[str]], found: Sequence[int]) -> list[float]:
    """How like each passage is to those found, 0 to 1: the cosine of its stems, each by how seldom
    it is among all passages, with their mean (Rocchio 1971). All 0 where none was found."""
    seen = count((stems, 1.0) for stems in passages).stems
    rarity = {stem: math.log(1 + len(passages) / often) for stem, often in seen.items()}
    sizes = [math.sqrt(math.fsum(rarity[one] ** 2 for one in stems)) or 1.0 for stems in passages]
    mean: dict[str, float] = {}
    for at in found:
        for stem in sorted(passages[at]):
            share = rarity[stem] / sizes[at] / len(found)
            mean[stem] = mean.get(stem, 0.0) + share
    return [
        math.fsum(rarity[stem] * mean[stem] for stem in mean.keys() & stems) / size
        for stems, size in zip(passages, sizes, strict=True)
    ]


def mixed(signals: Signals, mixture: Signals) -> float:
    """The signals weighed into one score."""
    return sum(one * weight for one, weight in zip(signals, mixture, strict=True))


def in_context(scores: Sequence[float], same: Sequence[str]) -> list[float]:
    """Scores with a share of each neighbour's. ``same`` says which document each passage is of:
    neighbours are the passages before and after in the same document. A missing neighbour counts
    like the passage itself."""
    last = len(scores) - 1
    found = []
    for at, score in enumerate(scores):
        before = scores[at - 1] if at > 0 and same[at - 1] == same[at] else score
        after = scores[at + 1] if at < last and same[at + 1] == same[at] else score
        found.append(score + NEIGHBOURS * (before + after))
    return found


def fit(rows: Sequence[Signals], is_evidence: Sequence[bool]) -> Signals:
    """The mixture under which logistic regression tells evidence from the rest best."""
    return Signals(*logistic(rows, is_evidence)[1:])


def logistic(
    rows: Sequence[Sequence[float]], is_evidence: Sequence[bool], steps: int = 25
) -> list[float]:
    """The weights of logistic regression, that of a constant first.

    Both classes count the same in all; a small ridge keeps weights finite. Newton's method, as the
    problem is convex and has few unknowns.
    """
    yes = sum(is_evidence)
    if not yes or yes == len(rows):
        raise ValueError("fitting needs passages with and without evidence")
    size = len(rows[0]) + 1
    shares = (0.5 / (len(rows) - yes), 0.5 / yes)
    beta = [0.0] * size
    for _ in range(steps):
        slope = [-1e-4 * one for one in beta]
        curve = [[1e-4 * (i == j) for j in range(size)] for i in range(size)]
        for row, label in zip(rows, is_evidence, strict=True):
            x = (1.0, *row)
            z = sum(b * one for b, one in zip(beta, x, strict=True))
            p = 1 / (1 + math.exp(-max(min(z, 30.0), -30.0)))
            gain, bend = shares[label] * (label - p), shares[label] * p * (1 - p)
            for i, one in enumerate(x):
                slope[i] += gain * one
                for j in range(i + 1):
                    curve[i][j] += bend * one * x[j]
        for i in range(size):
            for j in range(i):
                curve[j][i] = curve[i][j]
        step = _solved(curve, slope)
        beta = [b + one for b, one in zip(beta, step, strict=True)]
        if max(map(abs, step)) < ENOUGH:
            break
    return beta


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small, symmetric, positive definite system, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = rows[at][at]
        for below in range(at + 1, size):
            factor = rows[below][at] / pivot
            rows[below] = [a - factor * b for a, b in zip(rows[below], rows[at], strict=True)]
    found = [0.0] * size
    for at in reversed(range(size)):
        rest = sum(rows[at][j] * found[j] for j in range(at + 1, size))
        found[at] = (rows[at][size] - rest) / rows[at][at]
    return found
