"""Ranking the passages of documents for a question: what is most likely evidence comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openbook.audit.search.index import Index
from openbook.core.passage import Passage, overlaps
from openbook.core.questionnaire import Question
from openbook.core.ranker import (
    Ranker,
    Signals,
    count,
    in_context,
    learned,
    likeness,
    mixed,
)
from openbook.core.text import Span

FEEDBACK = 2.0
"""How many passages of other documents an evidence passage of these very documents is worth."""

LIKENESS = 12.0
"""How much likeness to the evidence found in these documents counts in the score."""


@dataclass(frozen=True)
class Judged:
    """What auditors found for a question in the documents that are ranked."""

    evidence: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    """By the copy's sha256: stretches of its text that are evidence."""
    nothing: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    """By the copy's sha256: passages somebody read and found nothing in."""


@dataclass(frozen=True, slots=True)
class Lexical:
    """What words alone say of each passage for one question: three signals, each at most 1."""

    words: Sequence[float]
    points: Sequence[float]
    coverage: Sequence[float]


def scores(
    index: Index, question: Question, ranker: Ranker, judged: Judged | None = None
) -> list[float]:
    """A score for each passage of the index, higher for likelier evidence. It is 0 where no word of
    the question nor of its evidence occurs, and for passages read and found empty."""
    stems = index.stems
    good = _found(index.passages, judged.evidence) if judged else []
    taught = _taught(ranker, question.keyword, stems, good) if good else ranker
    like = likeness(stems, good) if good else [0.0] * len(stems)
    found = signals(lexical(index, question), stems, taught, question.keyword)
    alone = [
        mixed(one, ranker.mixture) + LIKENESS * more for one, more in zip(found, like, strict=True)
    ]
    together = in_context(alone, [passage.copy for passage in index.passages])
    lowest = min(together, default=0.0)
    shifted = [
        one - min(lowest, 0.0) if any(found[row]) else 0.0 for row, one in enumerate(together)
    ]
    if judged is None:
        return shifted
    return [
        0.0 if overlaps(passage, judged.nothing.get(passage.copy, ())) else one
        for passage, one in zip(index.passages, shifted, strict=True)
    ]


def _found(passages: Sequence[Passage], evidence: Mapping[str, Sequence[Span]]) -> list[int]:
    """The places of the passages in which evidence was found."""
    return [at for at, one in enumerate(passages) if overlaps(one, evidence.get(one.copy, ()))]


def _taught(
    ranker: Ranker, keyword: str, stems: Sequence[frozenset[str]], good: Sequence[int]
) -> Ranker:
    """The ranker taught by the evidence already found in these documents."""
    found = count((stems[at], FEEDBACK) for at in good)
    background = count((one, 1.0) for one in stems) + found
    return ranker.joined(Ranker(ranker.questionnaire, background, found, {keyword: found}))


def lexical(index: Index, question: Question) -> Lexical:
    """The signals that need no training. A question without points is searched by its wording."""
    size = len(index.passages)
    queries = [query for point in question.points for query in point.queries]
    wordings = [point.text for point in question.points] or [question.wording]
    each = [_point(index, point.text, point.queries) for point in question.points]
    return Lexical(
        _scaled(index.matches([*_phrases(queries), *queries] or wordings), size),
        _scaled(index.matches(wordings), size),
        [sum(column) / len(each) for column in zip(*each, strict=True)]
        if each
        else _scaled(index.matches(wordings), size),
    )


def _point(index: Index, text: str, queries: Sequence[str]) -> list[float]:
    return _scaled(index.matches([text, *_phrases(queries), *queries]), len(index.passages))


def _phrases(queries: Sequence[str]) -> list[str]:
    return [f'"{query}"' for query in queries]


def _scaled(matches: Mapping[int, float], size: int) -> list[float]:
    most = max(matches.values(), default=0.0) or 1.0
    return [matches.get(row, 0.0) / most for row in range(size)]


def signals(
    words: Lexical, stems: Sequence[frozenset[str]], ranker: Ranker, keyword: str
) -> list[Signals]:
    """What speaks for each passage as evidence for the question with this keyword."""
    question = ranker.weights(keyword)
    anything = ranker.any_weights if question else {}
    columns = zip(words.words, words.points, words.coverage, stems, strict=True)
    return [
        Signals(a, b, c, learned(one, question), learned(one, anything)) for a, b, c, one in columns
    ]
