"""Search: passages of the documents at hand, ranked for words or for a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from openbook.audit.index import Index, indexed
from openbook.audit.layers import CopyAtHand, at_hand, layer_of
from openbook.audit.opened import Opened
from openbook.audit.rank import Judged, scores
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
    """The first readable copy of each document, with its text."""
    found: list[tuple[CopyAtHand, TextLayer]] = []
    for done, key in enumerate(keys):
        if progress:
            progress(done, len(keys))
        for one in at_hand(opened.document(key), opened.library):
            layer = layer_of(one, opened.library, opened.cache)
            if not isinstance(layer, Problem):
                found.append((one, layer))
                break
    return found


def passages_of(found: Sequence[tuple[CopyAtHand, TextLayer]]) -> list[Passage]:
    """All passages of these copies, document by document."""
    return [
        passage
        for one, layer in found
        for passage in passages(one.document.key, one.copy.sha256, layer)
    ]


def search_words(
    found: Sequence[tuple[CopyAtHand, TextLayer]], queries: Sequence[str], limit: int
) -> list[Hit]:
    """The passages that answer any of the queries, best first, by BM25.

    A query of several words finds passages that hold any of them; words in double quotes must
    stand together. An empty list of words finds nothing.
    """
    with indexed(passages_of(found)) as index:
        return _best(index, index.matches(queries).items(), limit)


def search_question(
    found: Sequence[tuple[CopyAtHand, TextLayer]],
    question: Question,
    ranker: Ranker,
    limit: int,
    judged: Judged | None = None,
) -> list[Hit]:
    """The passages likeliest to be evidence for a question, best first."""
    with indexed(passages_of(found)) as index:
        scored = scores(index, question, ranker, judged)
        return _best(index, ((row, one) for row, one in enumerate(scored) if one > 0), limit)


def _best(index: Index, scored: Iterable[tuple[int, float]], limit: int) -> list[Hit]:
    """The best of the scored passages; those that say the same are folded into the best one."""
    stems = index.stems
    kept: list[tuple[int, float]] = []
    folded: dict[int, list[str]] = {}
    for row, score in sorted(scored, key=lambda pair: (-pair[1], pair[0])):
        twin = next((at for at, _ in kept if _same(stems[at], stems[row])), None)
        if twin is not None:
            folded.setdefault(twin, []).append(index.passages[row].id)
        elif len(kept) < limit:
            kept.append((row, score))
        else:
            break
    return [
        Hit(index.passages[row], round(score, 4), tuple(folded.get(row, ()))) for row, score in kept
    ]


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(one), len(other)) < SAME * max(len(one), len(other)):
        return False
    return len(one & other) >= SAME * len(one | other)
