"""On which lines of a file its words stand, when only the words are known.

A text layer has lost the marks of the file it was read from. The words are still there, in their
order, and a few of them in a row are seldom twice in a file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_TRIED = (12, 8, 5, 3)
"""How many words in a row are looked for; fewer where more do not stand in a row."""


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
        self._places: dict[str, list[int]] = {}
        self._words = [one[0].casefold() for one in found]
        for at, word in enumerate(self._words):
            self._places.setdefault(word, []).append(at)

    def of(self, text: str) -> Lines | None:
        """The lines on which a stretch of the text layer stands; None where that cannot be told."""
        words = [one.casefold() for one in _WORD.findall(text)]
        first = self._place(words)
        if first is None:
            return None
        last = self._place(words[::-1], backward=True)
        at = first if last is None or last < first else last
        return Lines(self._lines[first], self._lines[at])

    def _place(self, words: list[str], *, backward: bool = False) -> int | None:
        """Where the first words of these that stand in a row begin, or end if read ``backward``."""
        step = -1 if backward else 1
        for size in _TRIED:
            for skipped in range(max(1, min(6, len(words) - size + 1))):
                wanted = words[skipped : skipped + size]
                for at in self._places.get(wanted[0], ()) if wanted else ():
                    if self._stand(wanted, at, step):
                        return at
        return None

    def _stand(self, wanted: list[str], at: int, step: int) -> bool:
        if not -1 <= at + step * len(wanted) <= len(self._words):
            return False
        return all(self._words[at + step * n] == word for n, word in enumerate(wanted))
