"""Where quotes stand, and what checking them showed."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from openbook.core.prints import Prints
from openbook.core.text import Span, TextLayer
from openbook.core.verify import Elided, State

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in PDF points, from the page's lower left corner."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one page."""

    page: int
    """Counted from 1."""
    start: int
    """Offset in the page's text, counted in characters from 0."""
    end: int
    boxes: tuple[Box, ...] = ()
    """One box a line, where the copy is a PDF and boxes were asked for."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quote's segments stand in one copy, as one extractor reads it."""

    evidence: str
    copy: str
    """sha256 of the copy's bytes."""
    layer: str
    """sha256 of the text layer that the offsets count in."""
    extractor: str
    state: State
    """The state when the anchor was made."""
    segments: tuple[tuple[Place, ...], ...]
    """For each segment of the quote its stretches, several where it crosses a page break."""
    prints: tuple[Prints, ...] = ()
    """For each segment the prints of the words around it; none in an anchor made before there were
    any, or where too few words are around it."""

    @property
    def page(self) -> int:
        """The page on which the quote begins."""
        return self.segments[0][0].page

    def spans(self, layer: TextLayer) -> tuple[Span, ...]:
        """Where the segments stand in the text layer that the offsets count in."""
        begins = {page.number: at for page, at in zip(layer.pages, layer.starts, strict=True)}
        return tuple(
            Span(begins[one[0].page] + one[0].start, begins[one[-1].page] + one[-1].end)
            for one in self.segments
        )


def places(layer: TextLayer, span: Span) -> tuple[Place, ...]:
    """A stretch of a text layer as stretches of its pages."""
    found = []
    index = bisect_right(layer.starts, span.start) - 1
    while index < len(layer.pages) and layer.starts[index] < span.end:
        page, begins = layer.pages[index], layer.starts[index]
        start, end = max(0, span.start - begins), min(len(page.text), span.end - begins)
        if start < end:
            found.append(Place(page.number, start, end))
        index += 1
    return tuple(found)


class DiffPart(NamedTuple):
    """A run of words that two texts share, or that only one of them has."""

    kind: str
    """``same``, ``quote`` (only in the quote) or ``document`` (only in the document)."""
    text: str


def word_diff(quote: str, document: str) -> tuple[DiffPart, ...]:
    """The differences of two texts, word by word; punctuation marks count as words."""
    ours, theirs = (list(re.finditer(r"\w+|[^\w\s]", text)) for text in (quote, document))
    matcher = difflib.SequenceMatcher(
        None, [one.group() for one in ours], [one.group() for one in theirs], autojunk=False
    )
    parts: list[DiffPart] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if i < j:
            text = quote[ours[i].start() : ours[j - 1].end()]
            parts.append(DiffPart("same" if tag == "equal" else "quote", text))
        if k < m and tag != "equal":
            parts.append(DiffPart("document", document[theirs[k].start() : theirs[m - 1].end()]))
    return tuple(parts)


MARKS = {"same": "{}", "quote": "[-{}-]", "document": "{{+{}+}}"}
"""How a part of a diff is written: [-only in the quote-] {+only in the document+}."""


def changes(diff: tuple[DiffPart, ...]) -> str:
    """What differs, each with the word before it: ``helpful {+,+} … harmless [-.-]``."""
    found: list[str] = []
    for before, part in zip((DiffPart("same", ""), *diff), diff, strict=False):
        if part.kind == "same":
            continue
        if before.kind == "same":
            found.append(" ".join(before.text.split()[-1:]))
        found[-1] = f"{found[-1]} {MARKS[part.kind].format(part.text)}".strip()
    return " … ".join(found)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passage most like a quote that does not stand in a text."""

    document: str
    page: int
    text: str
    likeness: float
    """0 to 1."""
    diff: tuple[DiffPart, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one quote or region against the copies at hand showed."""

    evidence: str
    document: str
    state: State
    anchor: Anchor | None = None
    role: str = ""
    """Role of the copy it was checked against: a transcription is not the original."""
    elisions: tuple[Elided, ...] = ()
    reason: str = ""
    nearest: Nearest | None = None
    stands_in: tuple[str, ...] = ()
    """Other documents at hand in which the quote does stand."""
    what: str = "quote"
    """``quote`` or ``region``."""
    is_outdated: bool = False
    """Whether it stands in an older version alone: the version taken last has other words."""


def states(checks: Mapping[str, Checked]) -> dict[str, State]:
    """The state of every checked quote, by evidence id."""
    return {id_: checked.state for id_, checked in checks.items()}
