"""What is found and verified of documents that are not in English: the FAQ of Debian in Chinese and
German, as the packages debian-faq-zh-cn and debian-faq-de install it.

A passage holds a Chinese word where its signs stand there, line breaks aside. The words are the
most frequent runs of two, three and four signs that stand in three passages or more; runs are no
words, but every word is one, and no list of words is needed. A passage holds a German word where
its letters stand there, with other endings or in a compound.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from openbook.audit.search.index import indexed
from openbook.core.passage import Passage, passages, readable
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import verify
from openbook.sources.extract import extract
from tests.languages.texts import faq, paragraphs, text

WORDS = 100
"""Runs of each length."""
GERMAN = (
    "Paket Verzeichnis Veröffentlichung Entwickler Betriebssystem Distribution Installation Datei "
    "Abhängigkeit Architektur Benutzer Fehler Lizenz Rechner Sprache Programm Version Befehl "
    "Quelltext Kernel"
).split()


class Found(NamedTuple):
    """How many of the passages that hold words a search finds, and how many others."""

    language: str
    words: str
    way: str
    holding: int
    found: int
    others: int

    @property
    def recall(self) -> float:
        """The share of the passages holding a word that are found by it."""
        return self.found / self.holding


Search = Callable[[str], set[int]]


def layer(language: str) -> TextLayer:
    """The FAQ as a text of one page."""
    return TextLayer((Page(1, text(language)),), "bench")


def _fts5(cut: Sequence[Passage], tokenizer: str) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE one USING fts5(text, tokenize='{tokenizer}')")
    rows = ((row, readable(one.text)) for row, one in enumerate(cut))
    database.executemany("INSERT INTO one(rowid, text) VALUES (?, ?)", rows)

    def search(word: str) -> set[int]:
        asked = "SELECT rowid FROM one WHERE one MATCH ?"
        return {row for (row,) in database.execute(asked, (f'"{word}"',))}

    return search


def measure() -> list[Found]:
    """Chinese words by three indexes, German ones by two."""
    cut = list(passages("d", "c", layer("zh")))
    told = [re.sub(r"\s*\n\s*", "", one.text) for one in cut]
    ways: dict[str, Search] = {
        "words of FTS5": _fts5(cut, "porter"),
        "trigrams of FTS5": _fts5(cut, "trigram"),
    }
    found = []
    with indexed(cut) as index:
        ways["openbook (pairs)"] = lambda word: {*index.matches([f'"{word}"'])}
        for size in (2, 3, 4):
            words = _frequent(told, size)
            holding = {word: {n for n, one in enumerate(told) if word in one} for word in words}
            for way, search in ways.items():
                found.append(_compared("Chinese", f"{size} signs", way, holding, search))
    return [*found, *_german()]


def _german() -> list[Found]:
    cut = list(passages("d", "c", layer("de")))
    told = [readable(one.text).lower() for one in cut]
    holding = {
        word: {n for n, one in enumerate(told) if word.lower().rstrip("e") in one}
        for word in GERMAN
    }
    porter = _fts5(cut, "porter")
    with indexed(cut, {"d": "de"}, GERMAN) as index:
        ours: Search = lambda word: {*index.matches([word])}  # noqa: E731
        ways = {"words of FTS5": porter, "openbook (stems, parts)": ours}
        words = f"{len(GERMAN)} words"
        return [_compared("German", words, way, holding, one) for way, one in ways.items()]


def _frequent(told: Sequence[str], size: int) -> list[str]:
    runs = Counter(
        run[at : at + size]
        for one in told
        for run in re.findall("[\u4e00-\u9fff]+", one)
        for at in range(len(run) - size + 1)
    )
    often = (word for word, _ in sorted(runs.items(), key=lambda one: (-one[1], one[0])))
    return [word for word in often if sum(word in one for one in told) > 2][:WORDS]


def _compared(
    language: str, words: str, way: str, holding: dict[str, set[int]], search: Search
) -> Found:
    found = {word: search(word) for word in holding}
    return Found(
        language,
        words,
        way,
        sum(map(len, holding.values())),
        sum(len(found[word] & holding[word]) for word in holding),
        sum(len(found[word] - holding[word]) for word in holding),
    )


def verified() -> list[str]:
    """How many paragraphs of the FAQ's pages verify in its other forms."""
    forms = {
        "the Chinese text": (layer("zh"), "zh"),
        "the German text": (layer("de"), "de"),
        "the German PDF": (extract(faq("de", "pdf"), "application/pdf", "faq.pdf"), "de"),
    }
    said = []
    for name, (read, language) in forms.items():
        every = paragraphs(language)
        stand = sum(verify(parse_quote(one), read).state.stands for one in every)
        said.append(f"{stand} of {len(every)} in {name}")
    return said


def section() -> list[str]:
    """The section of bench/results.md."""
    return [
        "## Languages",
        "",
        f"Paragraphs of the pages of Debian's FAQ that verify in its other forms: "
        f"{', '.join(verified())}.",
        "",
        "Paragraphs with links, whose addresses the other forms write out, are left out. Of those "
        "that do not verify, the PDF has a page's head or a note in between, and the texts other "
        f"spaces. Searched in the texts: the {WORDS} most frequent runs of two, three and four "
        f"Chinese signs, and {len(GERMAN)} German words, also in other forms and in compounds.",
        "",
        "| language | words | index | passages holding a word | found | share | others found |",
        "|---|---|---|---:|---:|---:|---:|",
        *(
            f"| {one.language} | {one.words} | {one.way} | {one.holding:,} | {one.found:,} | "
            f"{one.recall:.2f} | {one.others:,} |"
            for one in measure()
        ),
    ]
