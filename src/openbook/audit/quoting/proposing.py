"""Where in a text a passage may begin, by the runs of neighbouring words that both have.

Each run says where the passage would begin. Words put in or left out spread what one place gets, so
neighbouring beginnings count together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence

COMMON = 64
"""A run of words that a text has more often proposes no place: it is like "of the"."""

PROPOSALS = 8
"""How many places are looked at, those with the most runs of words first."""

Runs = Mapping[Hashable, Sequence[int]]
"""At which words each run begins."""


def runs(words: Sequence[Hashable], size: int) -> Runs:
    """The runs of ``size`` neighbouring words of a text."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for at in range(len(words) - size + 1):
        found[words[at : at + size]].append(at)
    return found


def votes(passage: Sequence[Hashable], size: int, there: Runs) -> Counter[int]:
    """How many runs of a passage propose each word of a text as its beginning."""
    found: Counter[int] = Counter()
    for at in range(len(passage) - size + 1):
        places = there.get(passage[at : at + size], ())
        if len(places) <= COMMON:
            found.update(one - at for one in places)
    return found


def likeliest(found: Mapping[int, int], size: int, share: float = 0) -> Iterator[int]:
    """The beginnings of a passage of ``size`` words that have the most votes, those first, and of
    them those with this share of the votes of the first."""
    reach = slack(size)
    starts = sorted(found)
    sums = [0]
    for start in starts:
        sums.append(sums[-1] + found[start])
    together = {
        start: sums[bisect_right(starts, start + reach)] - sums[bisect_left(starts, start - reach)]
        for start in starts
    }
    taken: list[int] = []
    least = share * max(together.values(), default=0)
    for start in sorted(starts, key=lambda one: (-together[one], -found[one], one)):
        if together[start] < least:
            return
        if all(abs(start - one) > reach for one in taken):
            taken.append(start)
            yield start
            if len(taken) == PROPOSALS:
                return


def slack(size: int) -> int:
    """How many words a passage of ``size`` words may have gained or lost."""
    return 4 + size // 5
