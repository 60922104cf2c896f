"""Whether two documents are one: the same text, or versions of it.

Prints propose, placing decides: two texts that share runs of prints may be one, and they are where
most passages of the one have a certain place in the other. So it is the same code that finds quotes
again in a changed document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from openbook.audit.placing import Words, place
from openbook.core.passage import passages
from openbook.core.prints import counts, prints_of
from openbook.core.text import Span, TextLayer
from openbook.files.cache import Cache
from openbook.files.library import sha256_of

RUN = 20
"""Neighbouring prints of a run: by chance one place in a million has them, so one text of thirty
thousand words in thirty; of a text with one word in ten edited, an eighth of the runs are left."""
PROBES = 60
"""Runs that are looked for."""
SHARED = 6
"""Of them, how many make it worth comparing: neither chance nor a shared list of references has
so many."""
SAMPLE = 24
"""Passages that are looked for, evenly from the whole text."""
MOST = 0.6
"""The share of passages that have a certain place in another text from which it holds this one."""


class Likeness(NamedTuple):
    """How much of two texts is the same."""

    ours: float
    """The share of the first one's passages that are in the second, 0 to 1."""
    theirs: float
    """The share of the second one's passages that are in the first."""
    is_equal: bool
    """Whether they differ in white space alone."""

    @property
    def most(self) -> float:
        """The larger share: of a part, all of it is in the whole."""
        return max(self.ours, self.theirs)


@dataclass(frozen=True)
class Compared:
    """The text of a document, made ready to be compared with others."""

    name: str
    """The document's key."""
    layer: TextLayer
    cache: Cache

    @cached_property
    def solid(self) -> str:
        """Hash of all its solid characters: the same for texts that differ in white space alone."""
        kept = self.cache.get("solid", self.layer.sha256)
        if kept is None:
            kept = sha256_of(self.layer.folded.solid.encode("utf-8", "surrogatepass"))
            self.cache.put(kept, "solid", self.layer.sha256)
        return kept

    @cached_property
    def prints(self) -> str:
        """The print of each of its words."""
        kept = self.cache.get("prints", self.layer.sha256)
        if kept is None:
            kept = prints_of(key for key in Words(self.layer).keys if counts(key))
            self.cache.put(kept, "prints", self.layer.sha256)
        return kept

    @cached_property
    def probes(self) -> tuple[str, ...]:
        """Runs of prints from all over it."""
        last = len(self.prints) - RUN
        starts = sorted({last * at // PROBES for at in range(PROBES)}) if last > 0 else []
        return tuple(self.prints[start : start + RUN] for start in starts)

    @cached_property
    def sample(self) -> tuple[Span, ...]:
        """Passages from all over it."""
        spans = [one.span for one in passages(self.name, "", self.layer)]
        step = max(1, len(spans) // SAMPLE)
        return tuple(spans[step // 2 :: step][:SAMPLE])


def may_be_same(one: Compared, other: Compared) -> bool:
    """Whether two texts are worth comparing: they share runs of prints."""
    few, many = sorted((one, other), key=lambda text: len(text.prints))
    return sum(probe in many.prints for probe in few.probes) >= SHARED


def likeness(one: Compared, other: Compared) -> Likeness:
    """How much of two texts is the same, by where passages of each are in the other."""
    if one.solid == other.solid:
        return Likeness(1.0, 1.0, is_equal=True)
    ours, theirs = Words(one.layer), Words(other.layer)
    return Likeness(
        _placed(one.sample, ours, theirs), _placed(other.sample, theirs, ours), is_equal=False
    )


def _placed(sample: Sequence[Span], old: Words, new: Words) -> float:
    found = sum(place(old, span, new) is not None for span in sample)
    return found / len(sample) if sample else 0.0
