"""Prints: one bit a word, by which the surroundings of a quote are known again but not read.

An anchor may not carry the words around a quote. It carries a bit of each: half of all words have
the one, half the other, so that a bit says nearly nothing of its word, and a run of them tells one
place of a document from another. The bit depends on the word alone: quotes that overlap give away
no more than one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

WORDS = 80
"""How many words on either side have a print: five lines of a page, or ten bytes."""


@dataclass(frozen=True, slots=True)
class Prints:
    """The prints of the words around one segment of a quote: a ``0`` or ``1`` each."""

    before: str
    after: str

    def __len__(self) -> int:
        return len(self.before) + len(self.after)


def counts(key: str) -> bool:
    """Whether a word counts when texts are compared: it has a letter or digit. The dots of a table
    of contents are alike in every line."""
    return any(map(str.isalnum, key))


@lru_cache(maxsize=1 << 16)
def print_of(key: str) -> str:
    """The print of a word, of which ``key`` is what counts when texts are compared."""
    return str(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] & 1)


def prints_of(keys: Iterable[str]) -> str:
    """The prints of some words that count."""
    return "".join(map(print_of, keys))


def packed(prints: str) -> str:
    """Prints as a hexadecimal number; a 1 is put before them, so that leading zeros stay."""
    return f"{int(f'1{prints}', 2):x}"


def unpacked(number: str) -> str:
    """What :func:`packed` packed."""
    return f"{int(number, 16):b}"[1:]
