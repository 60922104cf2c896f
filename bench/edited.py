"""Documents with a share of their words edited, and quotes whose true place in them is known."""

from __future__ import annotations

import random
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from openbook.core.text import Page, Span, TextLayer
from openbook.sources.extract import extract

MEDIA_TYPES = {".pdf": "application/pdf", ".md": "text/markdown"}
SHORTEST, LONGEST = 40, 240
"""Characters of a quote."""
_WORD = re.compile(r"\S+")


class Drawn(NamedTuple):
    """A stretch of a document, taken as a quote."""

    document: str
    span: Span


@dataclass(frozen=True)
class Edited:
    """A version of a document, and what became of each word of the document."""

    layer: TextLayer
    words: Sequence[Span]
    """The words of the document."""
    became: Sequence[Span | None]
    """Where each stands now, or what stands in its place; None where it was left out."""

    def true_place(self, span: Span) -> Span | None:
        """Where a stretch of the document is now; None where all of its words were left out."""
        first = bisect_right(self.words, span.start, key=lambda one: one.end)
        behind = bisect_left(self.words, span.end, key=lambda one: one.start)
        kept = [one for one in self.became[first:behind] if one is not None]
        return Span(kept[0].start, kept[-1].end) if kept else None


def layers(folder: Path) -> dict[str, TextLayer]:
    """The text of every document of a folder."""
    return {
        path.stem: extract(path.read_bytes(), MEDIA_TYPES[path.suffix], path.stem)
        for path in sorted(folder.iterdir())
        if path.suffix in MEDIA_TYPES
    }


def drawn(documents: Mapping[str, TextLayer], count: int, seed: str) -> list[Drawn]:
    """Stretches of whole words, anywhere in any document: text, tables, references and all."""
    random_ = random.Random(seed)
    found: list[Drawn] = []
    while len(found) < count:
        key = random_.choice(list(documents))
        text = documents[key].text
        start, size = random_.randrange(len(text)), random_.randint(SHORTEST, LONGEST)
        words = list(_WORD.finditer(text, start, start + size + 1))[1:-1]
        if words and SHORTEST <= words[-1].end() - words[0].start() <= LONGEST:
            found.append(Drawn(key, Span(words[0].start(), words[-1].end())))
    return found


def edit(layer: TextLayer, share: float, seed: str) -> Edited:
    """The document with ``share`` of its words edited: as often another word in place of one, a
    word left out, and a word put in. The other words are drawn from the document itself."""
    random_ = random.Random(seed)
    words = [Span(*match.span()) for match in _WORD.finditer(layer.text)]
    others = [layer.text[one.start : one.end] for one in words]
    parts: list[str] = []
    became: list[Span | None] = []
    size = done = 0

    def put(text: str) -> Span:
        nonlocal size
        parts.append(text)
        size += len(text)
        return Span(size - len(text), size)

    for word, text in zip(words, others, strict=True):
        put(layer.text[done : word.start])
        done = word.end
        kind = random_.choice(("other", "out", "in")) if random_.random() < share else "same"
        if kind == "in":
            put(f"{random_.choice(others)} ")
        became.append(
            None if kind == "out" else put(random_.choice(others) if kind == "other" else text)
        )
    put(layer.text[done:])
    return Edited(_paged("".join(parts), layer.extractor), words, became)


def without(layer: TextLayer, span: Span) -> TextLayer:
    """The document without a stretch of it; page breaks stay."""
    gone = layer.text[span.start : span.end]
    text = layer.text[: span.start] + "\f" * gone.count("\f") + layer.text[span.end :]
    return _paged(text, layer.extractor)


def _paged(text: str, extractor: str) -> TextLayer:
    pages = (Page(number, one) for number, one in enumerate(text.split("\f"), 1))
    return TextLayer(tuple(pages), extractor)
