"""Where a quote is in a newer text when of the older one only prints of its surroundings are known.

This finds, and never verifies. The prints before the quote, its words, and the prints behind it are
aligned with the newer text, and every step of an alignment is weighed: by how many bits does it
speak for this place rather than for any place? What two rare words share says more than what two
common ones do, and a print says one bit. A place is certain when its words and its surroundings
both speak for it and no other place has nearly as much for it. Every other answer would be a guess.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import log2
from operator import add
from typing import NamedTuple

from openbook.audit.quoting.proposing import Runs, likeliest, runs, slack, votes
from openbook.core.prints import Prints, counts, prints_of

EDITED = 0.1
"""The share of words that an edited document is taken to have edited, a third each replaced, left
out and put in: more than most have, since a place must be found in those that were edited most."""

RUN = 16
"""How many neighbouring prints propose a place: by chance one place in 65,000 has them."""

WORTH = 1 / 8
"""The share of the votes of the best proposal that makes another one worth weighing: with fewer it
has a small part of the words, and cannot be nearly as good."""

SURE = 10.0
"""How many bits must speak for a place: what chance does once in a thousand places."""

CHANCE = 15.0
"""How many bits more than it takes to name a place of a text chance may give the best of all."""

TWIN = 2.0
"""How many times as much the surroundings must agree at the place as at any other, where chance
cannot have made them agree there: which of two passages that are repeated with all around them is
the one, edits may decide."""

_EDIT = log2(EDITED / 3)
"""What an edited word costs: it speaks against a place."""
_ROUNDING = 1e-6
"""By how much sums of the same numbers in another order may differ."""


@dataclass(frozen=True)
class Lettered:
    """Those words of a text that count when texts are compared."""

    every: Sequence[str]
    """What counts of each word of the text."""

    @cached_property
    def numbers(self) -> list[int]:
        """Which words of the text they are."""
        return [number for number, key in enumerate(self.every) if counts(key)]

    @cached_property
    def keys(self) -> list[str]:
        """What counts of each."""
        return [self.every[number] for number in self.numbers]

    @cached_property
    def prints(self) -> str:
        """The print of each."""
        return prints_of(self.keys)

    @cached_property
    def pairs(self) -> Runs:
        """At which word each pair begins."""
        return runs(tuple(self.keys), 2)

    @cached_property
    def runs(self) -> Runs:
        """At which word each run of prints begins."""
        return runs(self.prints, RUN)

    @cached_property
    def key_gains(self) -> Mapping[str, float]:
        """How many bits each word speaks for a place that has it."""
        return _gains(self.keys)

    @cached_property
    def print_gains(self) -> Mapping[str, float]:
        """How many bits each print speaks for a place that has it."""
        return _gains(self.prints)


def _gains(text: Sequence[str]) -> Mapping[str, float]:
    """The rarer a word is in a text, the more it says of a place to have it."""
    size = len(text)
    return {
        one: log2((1 - EDITED) * size / count + EDITED / 3) for one, count in Counter(text).items()
    }


class _Weighed(NamedTuple):
    """The best place in a window of a text, and what else the window has."""

    start: int
    end: int
    total: float
    """How many bits speak for it."""
    around: float
    """How many of them are of the surroundings."""
    rival: float
    """How many bits speak for the best place in the window that shares no word with it."""
    gone: float
    """How many speak for the quote having been taken out, so that what surrounded it meets."""
    gone_at: int
    """Where it meets."""


def by_prints(
    quote: Lettered, prints: Prints, new: Lettered, near: range
) -> tuple[int, int] | None:
    """The first word of a newer text, and the one behind the last, that a quote is now; None where
    no place is certain. Where the passage is repeated, that ``near`` its page may be."""
    size = len(prints) + len(quote.keys)
    proposed = votes(prints.before + quote.prints + prints.after, RUN, new.runs)
    for start, count in votes(tuple(quote.keys), 2, new.pairs).items():
        proposed[start - len(prints.before)] += count
    first, behind = (bisect_left(new.numbers, one) for one in (near.start, near.stop))
    reach = range(first - len(prints.before), behind - len(prints.before))
    here = {start: count for start, count in proposed.items() if start in reach}
    for starts, within in ((proposed, range(len(new.keys))), (here, range(first, behind))):
        likely = likeliest(starts, size, WORTH)
        weighed = [_weighed(quote.keys, prints, new, start) for start in likely]
        best = _certain([one for one in weighed if one.start in within], size, len(new.keys))
        if best is not None:
            return new.numbers[best.start], new.numbers[best.end - 1] + 1
    return None


def _certain(weighed: Sequence[_Weighed], size: int, words: int) -> _Weighed | None:
    """The place that has the most for it; None where that is not enough, or another may be it."""
    best = max(weighed, key=lambda one: one.total, default=None)
    if best is None or best.start >= best.end:
        return None
    others = [one for one in weighed if one.end <= best.start or best.end <= one.start]
    most = max(best.rival, *(one.gone for one in weighed), *(one.total for one in others))
    if min(best.around, best.total - best.around, best.total - most) < SURE:
        return None
    # A passage like the quote may have been there all along, and the quote taken out elsewhere.
    if best.around < max(one.gone for one in weighed) - SURE:
        return None
    reach = range(best.start - size, best.end + size)
    agree = [one.gone for one in weighed if one.gone_at not in reach]
    agree += [one.around for one in weighed if one.start not in reach]
    twin = max(agree, default=0.0)
    is_twin = twin > log2(words) + CHANCE and best.around < TWIN * twin
    return None if is_twin else best


def _weighed(own: Sequence[str], prints: Prints, new: Lettered, start: int) -> _Weighed:
    """The best place of a quote near where its passage is proposed to begin.

    Read forwards, the text gives what speaks for the quote to begin, and to end, at each word;
    read backwards, what speaks for all that follows. Both together are all that speaks for a place.
    """
    size = len(prints) + len(own)
    begins, ends = max(0, start - slack(size)), max(0, start + size + slack(size))
    keys, there = new.keys[begins:ends], new.prints[begins:ends]
    before, until = _rows(prints.before, own, keys, there, new)
    after, since = _rows(prints.after[::-1], own[::-1], keys[::-1], there[::-1], new)
    after.reverse()
    since.reverse()
    at_start, at_end = list(map(add, before, since)), list(map(add, until, after))
    gone, gone_at = max(zip(map(add, before, after), range(len(before)), strict=True))
    best = max(at_end) - _ROUNDING
    last = next(at for at, total in enumerate(at_end) if total >= best)
    first = next(at for at in reversed(range(len(before))) if at_start[at] >= best)
    return _Weighed(
        begins + first,
        begins + last,
        best,
        before[first] + after[last],
        max((*at_end[: first + 1], *at_start[last:])),
        gone,
        begins + gone_at,
    )


def _rows(
    before: str, own: Sequence[str], keys: Sequence[str], prints: str, new: Lettered
) -> tuple[list[float], list[float]]:
    """How many bits speak for what is before a quote, and for that and the quote, to end at each
    word of a text. What is before it may begin anywhere: what is far away may have changed."""
    row = [0.0] * (len(keys) + 1)
    alike = {
        one: [new.print_gains[one] if one == there else _EDIT for there in prints]
        for one in set(prints)
    }
    different = [_EDIT] * len(keys)
    for one in before:
        row = [max(0.0, bits) for bits in _next(row, alike.get(one, different))]
    beside = row
    for word in own:
        gain = new.key_gains.get(word, _EDIT)
        row = _next(row, [gain if word == there else _EDIT for there in keys])
    return beside, row


def _next(row: Sequence[float], bits: Sequence[float]) -> list[float]:
    """The row of the next word: it is, or replaces, a word of the text; it was left out; or words
    of the text were put in behind it."""
    left_out = [before + _EDIT for before in row]
    here = [left_out[0], *map(max, map(add, row, bits), left_out[1:])]
    return list(accumulate(here, lambda put_in, one: max(put_in + _EDIT, one)))
