"""An index of passages in memory: SQLite FTS5 with the Porter stemmer, built for each search.

The index is never a thing to keep right. FTS5 also gives the stems that the ranker counts, so that
there is one notion of a word.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from openbook.core.passage import Passage, readable

_WORD = re.compile(r"[^\W\d_]+")


class Index:
    """Passages, searchable. Made by :func:`indexed`."""

    def __init__(self, passages: Sequence[Passage], connection: sqlite3.Connection) -> None:
        self.passages = tuple(passages)
        self._connection = connection

    def matches(self, queries: Sequence[str]) -> dict[int, float]:
        """BM25 of the passages, by place in :attr:`passages`, that hold any of the queries' words;
        words in double quotes must stand together. Above 0, higher is better."""
        expression = _expression(queries)
        if not expression:
            return {}
        rows = self._connection.execute(
            "SELECT rowid, bm25(passage) FROM passage WHERE passage MATCH ?", (expression,)
        )
        return {row: -score for row, score in rows}

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The stems of each passage; numbers are one stem, as their values are no words."""
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS stem USING fts5vocab(passage, 'instance')"
        )
        found: list[set[str]] = [set() for _ in self.passages]
        for stem, row in self._connection.execute("SELECT DISTINCT term, doc FROM stem"):
            found[row].add("0" if stem[:1].isdigit() else stem)
        return [frozenset(stems) for stems in found]


@contextmanager
def indexed(passages: Sequence[Passage]) -> Iterator[Index]:
    """An index of these passages, for as long as the context lasts."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE passage USING fts5(text, tokenize='porter')")
        texts = [readable(passage.text) for passage in passages]
        glued = _glued(texts)
        connection.executemany(
            "INSERT INTO passage(rowid, text) VALUES (?, ?)",
            ((row, _parted(text, glued)) for row, text in enumerate(texts)),
        )
        yield Index(passages, connection)
    finally:
        connection.close()


def _glued(texts: Iterable[str]) -> dict[str, str]:
    """Words that are two words run together, as bad scans and extractions have them.

    ``butalso`` is taken apart when it is rare and both halves are common as words of the same
    documents. Nothing is lost by a wrong guess: the word itself stays searchable.
    """
    words = Counter(word.lower() for text in texts for word in _WORD.findall(text))
    parts: dict[str, str] = {}
    for word, times in words.items():
        if times > 2 or not 6 <= len(word) <= 30 or not word.isascii():
            continue
        halves = [(min(words[word[:at]], words[word[at:]]), at) for at in range(2, len(word) - 1)]
        often, at = max(halves)
        if often >= 5 and len(word) - at > 2:
            parts[word] = f"{word[:at]} {word[at:]}"
    return parts


def _parted(text: str, glued: dict[str, str]) -> str:
    """A text for the index: glued words are followed by their halves."""
    if not glued:
        return text
    return _WORD.sub(
        lambda match: (
            f"{match[0]} {glued[match[0].lower()]}" if match[0].lower() in glued else match[0]
        ),
        text,
    )


def _expression(queries: Sequence[str]) -> str:
    """An FTS5 expression in which nothing the user typed is syntax."""
    terms: list[str] = []
    for query in queries:
        for quoted, word in re.findall(r'"([^"]+)"|(\w+)', query):
            term = " ".join(re.findall(r"\w+", quoted or word))
            if term and term not in terms:
                terms.append(term)
    return " OR ".join(f'"{term}"' for term in terms)
