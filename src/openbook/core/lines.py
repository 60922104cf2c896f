"""On which lines of a file its words stand, when only the words are known.

A text layer has lost the marks of the file it was read from. The words are still there, in their
order, and a few of them in a row are seldom twice in a file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_ROW = 3
"""Words in a row that are looked for together."""
_SPREAD = 1.5
"""How much longer than its words the stretch of a passage may be in its file."""


class Lines(NamedTuple):
    """First and last line, counted from 1."""

    first: int
    last: int


class SourceLines:
    """A file's words with their lines."""

    def __init__(self, text: str) -> None:
        ends = [match.start() for match in re.finditer(r"\r\n|\n|\r", text)]
        found = list(_WORD.finditer(text))
        self._lines = [bisect_right(ends, one.start()) + 1 for one in found]
        self._words = [one[0].casefold() for one in found]
        self._places: dict[tuple[str, ...], list[int]] = {}
        for size in range(1, _ROW + 1):
            for at in range(len(self._words) - size + 1):
                self._places.setdefault(tuple(self._words[at : at + size]), []).append(at)

    def of(self, text: str) -> Lines | None:
        """The lines on which a stretch of the text layer stands; None where that cannot be told.

        Where rows of its words stand together most, and the first such place of several."""
        words = [one.casefold() for one in _WORD.findall(text)]
        size = min(_ROW, len(words))
        rows = {tuple(words[at : at + size]) for at in range(len(words) - size + 1)} if size else ()
        places = sorted((at, row) for row in rows for at in self._places.get(row, ()))
        best: tuple[int, int, int] | None = None
        within: Counter[tuple[str, ...]] = Counter()
        begin = 0
        for at, row in places:
            within[row] += 1
            # What is too far behind goes, and what came again later.
            while at - places[begin][0] > _SPREAD * len(words) or within[places[begin][1]] > 1:
                gone = places[begin][1]
                within[gone] -= 1
                if not within[gone]:
                    del within[gone]
                begin += 1
            if best is None or len(within) > best[0]:
                best = (len(within), places[begin][0], at + size - 1)
        return Lines(self._lines[best[1]], self._lines[best[2]]) if best else None
