"""Search: passages of the documents at hand, ranked for words or for a question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain

from openbook.audit.layers import CopyAtHand, at_hand, layers_of
from openbook.audit.opened import Opened
from openbook.audit.search.index import Index, indexed
from openbook.audit.search.rank import Judged, scores
from openbook.core.language import TELLING, by_script, primary
from openbook.core.passage import Passage, passages
from openbook.core.problem import Problem
from openbook.core.questionnaire import Question
from openbook.core.ranker import Ranker
from openbook.core.text import TextLayer

Progress = Callable[[int, int], None]

SAME = 0.9
"""Share of stems in common from which two passages tell the same (a text printed twice)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with its score: higher is better."""

    passage: Passage
    score: float
    also: tuple[str, ...] = ()
    """Ids of passages that say the same nearly word for word and were folded into this one."""


def layers_at_hand(
    opened: Opened, keys: Sequence[str], progress: Progress | None = None
) -> list[tuple[CopyAtHand, TextLayer]]:
    """The first readable copy of each document, with its text; and with what an engine read from
    those of its pages that are pictures, where somebody had it read."""
    found: list[tuple[CopyAtHand, TextLayer]] = []
    for done, key in enumerate(keys):
        if progress:
            progress(done, len(keys))
        for one in at_hand(opened.document(key), opened.library):
            layers = layers_of(one, opened.library, opened.cache)
            if not isinstance(layers, Problem):
                found += ((one, layer) for layer in layers)
                break
    return found


def passages_of(found: Sequence[tuple[CopyAtHand, TextLayer]]) -> list[Passage]:
    """All passages of these copies, document by document."""
    return [
        passage
        for one, layer in found
        for passage in passages(one.document.key, one.copy.sha256, layer)
    ]


def language_of(one: CopyAtHand, layer: TextLayer) -> str:
    """The language of a document without region: as its file says, else as its script tells; empty
    where neither does."""
    return primary(one.document.language) or by_script(layer.text[:TELLING])


def languages_of(found: Sequence[tuple[CopyAtHand, TextLayer]]) -> dict[str, str]:
    """The languages of documents, by key. Of a document with pages of text and pages that are
    pictures the text tells it first."""
    told: dict[str, str] = {}
    for one, layer in found:
        told[one.document.key] = told.get(one.document.key) or language_of(one, layer)
    return told


def search_words(
    found: Sequence[tuple[CopyAtHand, TextLayer]], queries: Sequence[str], limit: int
) -> list[Hit]:
    """The passages that answer any of the queries, best first, by BM25.

    A query of several words finds passages that hold any of them; words in double quotes must
    stand together. An empty list of words finds nothing.
    """
    with indexed(passages_of(found), languages_of(found), queries) as index:
        return _best(index, index.matches(queries).items(), limit)


def search_question(
    found: Sequence[tuple[CopyAtHand, TextLayer]],
    question: Question,
    ranker: Ranker,
    limit: int,
    judged: Judged | None = None,
) -> list[Hit]:
    """The passages likeliest to be evidence for a question, best first. It is searched by its words
    in the languages of the documents, as far as it has some."""
    languages = languages_of(found)
    asked = question.widened_to({*languages.values()} - {primary(question.language)})
    words = [query for point in asked.points for query in point.queries]
    with indexed(passages_of(found), languages, words) as index:
        scored = scores(index, asked, ranker, judged)
        return _best(index, ((row, one) for row, one in enumerate(scored) if one > 0), limit)


def _best(index: Index, scored: Iterable[tuple[int, float]], limit: int) -> list[Hit]:
    """The best of the scored passages; those that say the same are folded into the best one."""
    stems = index.stems
    kept: list[tuple[int, float]] = []
    folded: dict[int, list[str]] = {}
    twins = _Twins(stems)
    for row, score in sorted(scored, key=lambda pair: (-pair[1], pair[0])):
        twin = twins.first(row)
        if twin is not None:
            folded.setdefault(twin, []).append(index.passages[row].id)
        elif len(kept) < limit:
            kept.append((row, score))
            twins.add(row)
        else:
            break
    return [
        Hit(index.passages[row], round(score, 4), tuple(folded.get(row, ()))) for row, score in kept
    ]


class _Twins:
    """Passages added, to be asked which was the first that tells the same as another one.

    Two that tell the same share one of their rarest stems at least, as many as may differ and one
    more; so only passages that share one of those are compared.
    """

    def __init__(self, stems: Sequence[frozenset[str]]) -> None:
        self._stems = stems
        self._often = Counter(chain.from_iterable(stems))
        self._added: dict[str, list[tuple[int, int]]] = {}
        self._count = 0

    def _rarest(self, row: int) -> list[str]:
        own = self._stems[row]
        count = len(own) - math.ceil(SAME * len(own) - 1e-9) + 1
        return nsmallest(count, own, key=lambda one: (self._often[one], one)) or [""]

    def add(self, row: int) -> None:
        """Add a passage."""
        for stem in self._rarest(row):
            self._added.setdefault(stem, []).append((self._count, row))
        self._count += 1

    def first(self, row: int) -> int | None:
        """The passage added first of those that tell the same as this one."""
        near = {one for stem in self._rarest(row) for one in self._added.get(stem, ())}
        own = self._stems[row]
        return next((other for _, other in sorted(near) if _same(self._stems[other], own)), None)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(one), len(other)) < SAME * max(len(one), len(other)):
        return False
    return len(one & other) >= SAME * len(one | other)
