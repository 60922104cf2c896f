"""Where a stretch of an older text is in a newer one, or None where no place is certain.

This finds, and never verifies. Pairs of neighbouring words that both texts have propose places; at
each the stretch and its surroundings are aligned with the newer text word by word. A place is
certain when enough of the words are there for how well the surroundings agree, and when no other
place is nearly as good. Every other answer would be a guess, and a wrong place is worse than none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate

from rapidfuzz.distance import LCSseq, Levenshtein

from openbook.audit.quoting.nearest import key_of, words_of
from openbook.audit.quoting.printed import Lettered
from openbook.audit.quoting.proposing import Runs, likeliest, runs, slack, votes
from openbook.core.prints import counts
from openbook.core.text import Span, TextLayer

CONTEXTS = (40, 160, 640)
"""Words of the surroundings on either side that are compared, from three lines of a page to a page:
more only where less leaves it open, as for a passage that is repeated with all around it."""

ENOUGH = (0.75, 0.3)
"""The likeness a place must have where the surroundings agree in no word, and in every one. In the
middle of unchanged surroundings three words of ten are enough; alone, three of four."""

FEW = 3
"""So many words of a stretch must be there, if not all: in a table the next row may have two."""

MARGIN = 4
"""How many words more the best place must share, with its surroundings, than the next one: so many
that tell two places apart are not edited by chance."""


@dataclass(frozen=True)
class Words:
    """A text layer as words."""

    layer: TextLayer

    @cached_property
    def spans(self) -> list[Span]:
        """Where each word stands."""
        return words_of(self.layer.text, 0, len(self.layer.text))

    @cached_property
    def keys(self) -> list[str]:
        """What counts of each word when texts are compared."""
        text, key = self.layer.text, cache(key_of)
        return [key(text[one.start : one.end]) for one in self.spans]

    @cached_property
    def counted(self) -> list[int]:
        """How many words before each word, and in all, count when texts are compared."""
        return counted(self.keys)

    @cached_property
    def pairs(self) -> Runs:
        """At which words each pair of neighbouring words begins."""
        return runs(tuple(self.keys), 2)

    @cached_property
    def lettered(self) -> Lettered:
        """Those of the words that count, with their prints."""
        return Lettered(self.keys)

    def near_page(self, number: int) -> range:
        """The numbers of the words of a page and of those beside it."""
        pages = zip(self.layer.pages, self.layer.starts, strict=True)
        near = [
            (start, start + len(page.text))
            for page, start in pages
            if abs(page.number - number) <= 1
        ]
        return range(*self.between(Span(near[0][0], near[-1][1]))) if near else range(0)

    def between(self, span: Span) -> tuple[int, int]:
        """The numbers of the first word in ``span`` and of the first word behind it."""
        first = bisect_right(self.spans, span.start, key=lambda one: one.end)
        return first, bisect_left(self.spans, span.end, key=lambda one: one.start)


def counted(keys: Sequence[str]) -> list[int]:
    """How many of some words count, before each and in all."""
    return [0, *accumulate(map(counts, keys))]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the newer text that a stretch of the older one may be at."""

    start: int
    """Number of the first word."""
    end: int
    """Number of the first word behind it."""
    likeness: float
    """The share of words that the stretch and the place have in common, 0 to 1."""
    surroundings: float
    """The share of the surrounding words that are around the place too, 0 to 1."""

    own: int
    """How many words of the stretch are there."""
    shared: int
    """How many words of the stretch and of its surroundings are there."""

    @property
    def is_enough(self) -> bool:
        """Whether so many words are there that chance cannot have put them there."""
        alone, amid = ENOUGH
        is_like = self.likeness >= alone + (amid - alone) * self.surroundings
        return is_like and (self.own >= FEW or self.likeness == 1)


def place(old: Words, span: Span, new: Words) -> Found | None:
    """Where the stretch ``span`` of ``old`` is in ``new``; None where no place is certain.

    The way there must lead back: a place whose own words were elsewhere in ``old`` all along is
    another passage like this one, however like it is.
    """
    first, behind = old.between(span)
    found = _one_way(old, first, behind, new)
    if found is None:
        return None
    back = _one_way(new, found.start, found.end, old)
    if back is None or back.end <= first or behind <= back.start:
        return None
    return found


def only_like(words: Words, new: Words) -> Found | None:
    """The one place of ``new`` that is like a whole text whose surroundings nobody knows."""
    return _one_way(words, 0, len(words.keys), new)


def _one_way(old: Words, first: int, behind: int, new: Words) -> Found | None:
    """The best place in ``new`` of some words of ``old``; None where another is nearly as good
    even when more of the surroundings is compared."""
    for context in CONTEXTS:
        begins = max(0, first - context)
        passage = old.keys[begins : behind + context]
        at, size = first - begins, behind - first
        proposed = votes(tuple(passage), 2, new.pairs)
        starts = likeliest(proposed, len(passage))
        found = [_aligned(passage, at, size, new, start) for start in starts]
        best = certain([one for one in found if one is not None])
        if best is not None or len(passage) == len(old.keys):
            return best
    return None


def around(old: Words, span: Span, new: Words, start: int, end: int) -> tuple[float, ...]:
    """The share of the words, a page long, before and behind a stretch of ``old`` that are before
    and behind its place in ``new``; of a side without words nothing."""
    first, behind = old.between(span)
    most = CONTEXTS[-1]
    sides = (
        (old.keys[max(0, first - most) : first], new.keys[max(0, start - most) : start]),
        (old.keys[behind : behind + most], new.keys[end : end + most]),
    )
    return tuple(LCSseq.similarity(ours, theirs) / len(ours) for ours, theirs in sides if ours)


def certain(places: Sequence[Found]) -> Found | None:
    """The best of some places; None where all are too unlike, or another is nearly as good."""
    enough = [one for one in places if one.is_enough]
    if not enough:
        return None
    best = max(enough, key=lambda one: one.shared)
    rivals = [one for one in enough if one.end <= best.start or best.end <= one.start]
    is_clear = all(best.shared - one.shared >= MARGIN for one in rivals)
    return best if is_clear else None


def _aligned(passage: Sequence[str], at: int, size: int, new: Words, start: int) -> Found | None:
    """The stretch of ``size`` words at ``at`` of a passage, aligned with ``new`` at ``start``."""
    begins = max(0, start - slack(len(passage)))
    window = new.keys[begins : max(0, start + len(passage) + slack(len(passage)))]
    ours, first, last, own, beside = counted(passage), None, 0, 0, 0
    for step in Levenshtein.opcodes(passage, window):
        inside = range(max(step.src_start, at), min(step.src_end, at + size))
        if step.tag == "equal":
            same = ours[inside.stop] - ours[inside.start] if inside else 0
            own += same
            beside += ours[step.src_end] - ours[step.src_start] - same
        if step.tag in ("equal", "replace") and inside:
            shift = step.dest_start - step.src_start
            first = inside.start + shift if first is None else first
            last = inside.stop + shift
    if first is None:
        return None
    start, end = begins + first, begins + last
    wanted = ours[at + size] - ours[at]
    here, context = new.counted[end] - new.counted[start], ours[-1] - wanted
    return Found(
        start,
        end,
        own / max(wanted, here, 1),
        beside / context if context else 0.0,
        own,
        own + beside,
    )
