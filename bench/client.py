"""The approach of Hypothesis' client to finding a quote again, written anew from its description.

Exact occurrences first; where there are none, the stretches with the fewest errors (characters
put in, left out or changed), at most min(256, half of the quote). Each is scored by its words (50),
the 32 characters before it (20), those after it (20) and its distance from where the quote stood
(2); the best one is the answer, however good it is. After hypothesis/client's
``src/annotator/anchoring/match-quote.ts``, whose search for the fewest errors is Myers' bit vectors
(1999), as here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from openbook.core.text import Span

CONTEXT = 32
_QUOTE, _AROUND, _POSITION = 50, 20, 2


class Match(NamedTuple):
    """A stretch like a quote."""

    start: int
    end: int
    errors: int


def client_place(old: str, span: Span, new: str) -> Span | None:
    """Where the stretch ``span`` of ``old`` is in ``new``, as Hypothesis' client looks for it."""
    quote = old[span.start : span.end]
    before, after = old[max(0, span.start - CONTEXT) : span.start], old[span.end :][:CONTEXT]
    matches = search(new, quote, min(256, len(quote) // 2))

    def score(one: Match) -> float:
        ahead, behind = new[max(0, one.start - len(before)) : one.start], new[one.end :]
        parts = (
            _QUOTE * (1 - one.errors / len(quote)),
            _AROUND * (_likeness(ahead, before) if before else 1),
            _AROUND * (_likeness(behind[: len(after)], after) if after else 1),
            _POSITION * (1 - abs(one.start - span.start) / len(new)),
        )
        return sum(parts)

    best = max(matches, key=score, default=None)
    return Span(best.start, best.end) if best else None


def _likeness(text: str, pattern: str) -> float:
    """1 less the share of errors with which ``pattern`` is somewhere in ``text``."""
    found = search(text, pattern, len(pattern))
    return 1 - found[0].errors / len(pattern) if found else 0.0


def search(text: str, pattern: str, most: int) -> list[Match]:
    """The stretches of ``text`` with the fewest errors: all exact ones, or all the best."""
    found = []
    at = text.find(pattern)
    while at >= 0:
        found.append(Match(at, at + len(pattern), 0))
        at = text.find(pattern, at + 1)
    return found or [
        _begun(text, pattern, end, errors) for end, errors in _ends(text, pattern, most)
    ]


def _begun(text: str, pattern: str, end: int, errors: int) -> Match:
    """The match that ends at ``end``: its beginning is an end when both are read backwards."""
    around = text[max(0, end - len(pattern) - errors) : end][::-1]
    lengths = [size for size, found in _ends(around, pattern[::-1], errors, is_begun=True)]
    return Match(end - max(lengths, default=0), end, errors)


def _ends(text: str, pattern: str, most: int, is_begun: bool = False) -> list[tuple[int, int]]:
    """Where the best matches end and their errors; with ``is_begun``, of those that begin
    where the text does.

    Myers' algorithm: a column of the table of edit distances as the bits of two numbers, one where
    it goes up from row to row and one where it goes down.
    """
    size = len(pattern)
    every, top = (1 << size) - 1, 1 << (size - 1)
    where: dict[str, int] = defaultdict(int)
    for at, char in enumerate(pattern):
        where[char] |= 1 << at
    up, down, errors = every, 0, size  # from row to row: one error more, one less
    best = most
    found: list[tuple[int, int]] = []
    for end, char in enumerate(text, 1):
        same = where.get(char, 0)
        diagonal = (
            (((same & up) + up) ^ up) | same | down
        )  # no error more than a row and column ago
        more, less = down | (every & ~(diagonal | up)), up & diagonal  # from column to column
        errors += bool(more & top) - bool(less & top)
        more, less = more << 1 | is_begun, less << 1
        up, down = (less | ~(diagonal | more)) & every, more & diagonal & every
        if errors <= best:
            if errors < best:
                best, found = errors, []
            found.append((end, errors))
    return found
