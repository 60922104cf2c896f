"""Ranking the passages of documents for a question: what is most likely evidence comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openbook.audit.index import Index
from openbook.core.questionnaire import Question
from openbook.core.ranker import (
    Counts,
    Ranker,
    Signals,
    in_context,
    learned,
    mixed,
    word_weights,
)


@dataclass(frozen=True, slots=True)
class Lexical:
    """What words alone say of each passage for one question."""

    words: Sequence[float]
    points: Sequence[float]
    coverage: Sequence[float]


def lexical(index: Index, question: Question) -> Lexical:
    """The signals that need no training, each at most 1.

    A question without points is searched by its own wording.
    """
    size = len(index.passages)
    queries = [query for point in question.points for query in point.queries]
    phrases = [f'"{query}"' for query in queries]
    wordings = [point.text for point in question.points] or [question.wording]
    alone = [
        _scaled(index.matches([point.text, *(f'"{q}"' for q in point.queries), *point.queries]), size)
        for point in question.points
    ] or [_scaled(index.matches(wordings), size)]
    return Lexical(
        _scaled(index.matches([*phrases, *queries] or wordings), size),
        _scaled(index.matches(wordings), size),
        [sum(column) / len(alone) for column in zip(*alone, strict=True)],
    )


def _scaled(matches: Mapping[int, float], size: int) -> list[float]:
    most = max(matches.values(), default=0.0) or 1.0
    return [matches.get(row, 0.0) / most for row in range(size)]


def signals(
    words: Lexical, stems: Sequence[frozenset[str]], ranker: Ranker, keyword: str
) -> list[Signals]:
    """What speaks for each passage as evidence for the question with this keyword."""
    question = word_weights(ranker.questions.get(keyword, Counts()), ranker.background)
    anything = word_weights(ranker.anything, ranker.background) if question else {}
    return [
        Signals(*by_words, learned(one, question), learned(one, anything))
        for *by_words, one in zip(words.words, words.points, words.coverage, stems, strict=True)
    ]


def scores(index: Index, question: Question, ranker: Ranker) -> list[float]:
    """A score for each passage of the index, higher for likelier evidence."""
    found = signals(lexical(index, question), index.stems(), ranker, question.keyword)
    alone = [mixed(one, ranker.mixture) for one in found]
    return in_context(alone, [passage.copy for passage in index.passages])
