"""Where a stretch of an older text is in a newer one, or None where no place is certain.

This finds, and never verifies. Pairs of neighbouring words that both texts have propose places; at
each the stretch and its surroundings are aligned with the newer text word by word. A place is
certain when enough of the words are there for how well the surroundings agree, and when no other
place is nearly as good. Every other answer would be a guess, and a wrong place is worse than none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise

from rapidfuzz.distance import LCSseq, Levenshtein

from openbook.audit.nearest import key_of, words_of
from openbook.core.text import Span, TextLayer

CONTEXTS = (40, 160, 640)
"""Words of the surroundings on either side that are compared, from three lines of a page to a page:
more only where less leaves it open, as for a passage that is repeated with all around it."""

COMMON = 64
"""A pair of words that a text has more often proposes no place: it is like "of the"."""

PROPOSALS = 8
"""How many places are looked at, those with the most pairs of words first."""

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
    def pairs(self) -> dict[tuple[str, str], list[int]]:
        """At which words each pair of neighbouring words begins."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, pair in enumerate(pairwise(self.keys)):
            found[pair].append(at)
        return found

    def between(self, span: Span) -> tuple[int, int]:
        """The numbers of the first word in ``span`` and of the first word behind it."""
        first = bisect_right(self.spans, span.start, key=lambda one: one.end)
        return first, bisect_left(self.spans, span.end, key=lambda one: one.start)


def counted(keys: Sequence[str]) -> list[int]:
    """How many of some words count, before each and in all: those with a letter or digit, since
    the dots of a table of contents are alike in every line."""
    return [0, *accumulate(any(map(str.isalnum, key)) for key in keys)]


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
        starts = proposals(passage, new)
        found = [_aligned(passage, at, size, new, start) for start in starts]
        best = certain([one for one in found if one is not None])
        if best is not None or len(passage) == len(old.keys):
            return best
    return None


def around(old: Words, span: Span, new: Words, found: Found) -> tuple[float, ...]:
    """The share of the words, a page long, before and behind a stretch of ``old`` that are before
    and behind its place in ``new``; of a side without words nothing."""
    first, behind = old.between(span)
    most, start, end = CONTEXTS[-1], found.start, found.end
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


def proposals(passage: Sequence[str], new: Words) -> Iterator[int]:
    """The words of ``new`` at which a passage may begin, most likely first.

    Each pair of words that both have says where the passage would begin; words put in or left out
    spread what one place gets, so neighbouring beginnings count together.
    """
    votes: Counter[int] = Counter()
    for at, pair in enumerate(pairwise(passage)):
        found = new.pairs.get(pair, ())
        if len(found) <= COMMON:
            votes.update(one - at for one in found)
    reach = _slack(len(passage))
    starts = sorted(votes)
    sums = [0]
    for start in starts:
        sums.append(sums[-1] + votes[start])
    together = {
        start: sums[bisect_right(starts, start + reach)] - sums[bisect_left(starts, start - reach)]
        for start in starts
    }
    taken: list[int] = []
    for start in sorted(starts, key=lambda one: (-together[one], -votes[one], one)):
        if all(abs(start - one) > reach for one in taken):
            taken.append(start)
            yield start
            if len(taken) == PROPOSALS:
                return


def _slack(size: int) -> int:
    """How many words a passage of ``size`` words may have gained or lost."""
    return 4 + size // 5


def _aligned(passage: Sequence[str], at: int, size: int, new: Words, start: int) -> Found | None:
    """The stretch of ``size`` words at ``at`` of a passage, aligned with ``new`` at ``start``."""
    begins = max(0, start - _slack(len(passage)))
    window = new.keys[begins : max(0, start + len(passage) + _slack(len(passage)))]
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
