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

from openbook.audit.quoting.placing import Words, place
from openbook.core.passage import passages
from openbook.core.prints import counts, prints_of
from openbook.core.text import Span, TextLayer
from openbook.files.cache import Cache
from openbook.files.library import sha256_of

RUN = 24
"""Neighbouring prints of a run: by chance one place in 16 million has them; of a text with one word
in ten edited, a twelfth of the runs are left."""
PROBES = 120
"""Runs that are looked for, evenly from the whole text."""
SHARED = 6
"""Of them, how many make it worth comparing: neither chance nor a shared list of references has
so many, and a twentieth part of a text does."""
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
        starts = sorted({last * at // (PROBES - 1) for at in range(PROBES)}) if last > 0 else []
        return tuple(self.prints[start : start + RUN] for start in starts)

    def runs(self) -> frozenset[str]:
        """All its runs of prints; not kept, as they are many times as large as the text."""
        prints = self.prints
        return frozenset(prints[at : at + RUN] for at in range(len(prints) - RUN + 1))

    @cached_property
    def sample(self) -> tuple[Span, ...]:
        """Passages from all over it."""
        spans = [one.span for one in passages(self.name, "", self.layer)]
        step = max(1, len(spans) // SAMPLE)
        return tuple(spans[step // 2 :: step][:SAMPLE])


def may_be_same(known: Compared, runs: frozenset[str]) -> bool:
    """Whether a text is worth comparing with one that has these runs of prints."""
    return sum(probe in runs for probe in known.probes) >= SHARED


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
