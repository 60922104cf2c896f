"""An index of passages in memory: SQLite FTS5 with the Porter stemmer, built for each search.

The index is never a thing to keep right. FTS5 also gives the stems that the ranker counts, so that
there is one notion of a word. What FTS5 does not know of other languages than English is done to
the text before it sees it, and to the queries alike: see :mod:`openbook.audit.search.index_words`.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from openbook.audit.search.index_words import Stemmer, expression, in_pairs, stemmer_for
from openbook.core.passage import Passage, readable
from openbook.core.text import divides_words

_WORD = re.compile(r"[^\W\d_]+")


class Index:
    """Passages, searchable. Made by :func:`indexed`."""

    def __init__(
        self,
        passages: Sequence[Passage],
        connection: sqlite3.Connection,
        languages: Mapping[str, str],
        stemmers: Sequence[Stemmer] = (),
    ) -> None:
        self.passages = tuple(passages)
        self.languages = languages
        """The language of each document, by key, where it is known."""
        self._connection = connection
        self._stemmers = tuple(stemmers)

    def matches(self, queries: Sequence[str]) -> dict[int, float]:
        """BM25 of the passages, by place in :attr:`passages`, that hold any of the queries' words;
        words in double quotes must stand together. Above 0, higher is better."""
        searched = expression(queries, self._stemmers)
        if not searched:
            return {}
        rows = self._connection.execute(
            "SELECT rowid, bm25(passage) FROM passage WHERE passage MATCH ?", (searched,)
        )
        return {row: -score for row, score in rows}

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The stems of each passage; numbers are one stem, as their values are no words, and of a
        script without spaces each two neighbouring signs are one."""
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS stem USING fts5vocab(passage, 'instance')"
        )
        found: list[set[str]] = [set() for _ in self.passages]
        for stem, row in self._connection.execute("SELECT DISTINCT term, doc FROM stem"):
            if len(stem) > 1 or not divides_words(stem):
                found[row].add("0" if stem[:1].isdigit() else stem)
        return [frozenset(stems) for stems in found]


@contextmanager
def indexed(
    passages: Sequence[Passage],
    languages: Mapping[str, str] | None = None,
    words: Sequence[str] = (),
) -> Iterator[Index]:
    """An index of these passages, for as long as the context lasts. ``languages`` says in which
    language each document is, by key; what nobody told is read as English. ``words`` are queries
    to come, whose words are known as parts of German compounds."""
    told = languages or {}
    stemmers = {one: made for one in sorted(set(told.values())) if (made := stemmer_for(one))}
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(
            "CREATE VIRTUAL TABLE passage USING fts5(text, parts, tokenize='porter')"
        )
        texts = [readable(passage.text) for passage in passages]
        glued = _glued(texts)
        for stemmer in stemmers.values():
            stemmer.learn(words)
            stemmer.learn(
                text
                for passage, text in zip(passages, texts, strict=True)
                if told.get(passage.document) == stemmer.language
            )
        connection.executemany(
            "INSERT INTO passage(rowid, text, parts) VALUES (?, ?, ?)",
            (
                (row, *_written(text, glued, stemmers.get(told.get(passage.document, ""))))
                for row, (passage, text) in enumerate(zip(passages, texts, strict=True))
            ),
        )
        yield Index(passages, connection, told, tuple(stemmers.values()))
    finally:
        connection.close()


def _written(text: str, glued: dict[str, str], stemmer: Stemmer | None) -> tuple[str, str]:
    """A text for the index, and the parts of its compounds, which stand apart so that they part no
    phrase."""
    text = in_pairs(text)
    if stemmer is None:
        return _parted(text, glued), ""
    return stemmer.text(text), stemmer.parts(text)


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
