"""Learning to rank: from the evidence of an audit to the counts that a ranker weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openbook.core.passage import Passage
from openbook.core.ranker import Counts, Ranker, TrainedOn, count
from openbook.core.text import Span

OVERLAP = 40
"""Characters of evidence in a passage from which the passage counts as evidence, or half of the
evidence where it is shorter."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document read for a questionnaire: its passages and where evidence stands in it."""

    document: str
    copy: str
    passages: Sequence[Passage]
    stems: Sequence[frozenset[str]]
    """One set for each passage."""
    evidence: Mapping[str, Sequence[Span]]
    """By keyword: stretches of the layer's text."""
    ids: tuple[str, ...] = ()


def holds(passage: Passage, spans: Iterable[Span]) -> bool:
    """Whether enough of some evidence stands in a passage."""
    start, end = passage.offset, passage.offset + len(passage.text)
    return any(
        min(end, span.end) - max(start, span.start) >= min(OVERLAP, (span.end - span.start) / 2)
        for span in spans
    )


def learned_from(lesson: Lesson, questionnaire: str) -> Ranker:
    """What one document teaches; rankers of several documents are joined."""
    marked = {
        keyword: [holds(passage, spans) for passage in lesson.passages]
        for keyword, spans in lesson.evidence.items()
    }
    any_ = [any(flags) for flags in zip(*marked.values(), strict=True)] if marked else []
    return Ranker(
        questionnaire,
        count((stems, 1.0) for stems in lesson.stems),
        _counted(lesson.stems, any_),
        {keyword: _counted(lesson.stems, flags) for keyword, flags in marked.items() if any(flags)},
        trained_on=(
            TrainedOn(lesson.document, lesson.copy, len(lesson.passages), lesson.ids),
        ),
    )


def _counted(stems: Sequence[frozenset[str]], flags: Sequence[bool]) -> Counts:
    return count((one, 1.0) for one, flag in zip(stems, flags, strict=False) if flag)
