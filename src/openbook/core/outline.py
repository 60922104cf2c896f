"""The titles of a document with their pages, to find one's way by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from openbook.core.anchor import places
from openbook.core.passage import readable, titles
from openbook.core.text import TextLayer

LONGEST_TITLE = 200
"""Characters."""
DEEPEST = 10
"""The deepest level."""
MOST_HEADINGS = 2000


@dataclass(frozen=True, slots=True)
class Heading:
    """A title that leads to a page."""

    title: str
    """One line of at most :data:`LONGEST_TITLE` characters, none of them a control character."""
    page: int
    """Counted from 1, as pages are numbered in the text layer."""
    level: int
    """From 1, for the outermost, to :data:`DEEPEST`."""


_NUMBER = re.compile(r"(?:[A-Z]|[IVX]+|\d+)((?:\.\d+)*)(\.?)\s+")
_LEADER = re.compile(r"\s*(?:\.{3,}|(?:\. ){3,}|\s{2,})[\s.]*\d{1,4}$")
_PAGE_BEHIND = re.compile(r"\s+\d{1,4}$")


def headings(layer: TextLayer) -> tuple[Heading, ...]:
    """The titles of a text layer, for documents without bookmarks; empty where none can be told.

    A title is told by its looks, so some are missed and some are none. Lines of a table of contents
    are left out, and so is what begins with a number but reads like an item of a list.
    """
    found = [one for one in _found(layer) if _may_be_title(one.title)]
    count = Counter(_bare(one.title) for one in found)
    kept = [one for one in found if not _is_listed(one.title, count)]
    return tuple(kept[:MOST_HEADINGS])


def _found(layer: TextLayer) -> Iterator[Heading]:
    for span in titles(layer.text):
        raw = layer.text[span.start : span.end].strip()
        title = readable("".join(char if char.isprintable() else " " for char in raw))
        stands = places(layer, span)
        if title and stands and not _LEADER.search(raw):
            number = _NUMBER.match(title)
            level = 1 + number[1].count(".") if number else 1
            yield Heading(title[:LONGEST_TITLE], stands[0].page, min(level, DEEPEST))


def _may_be_title(title: str) -> bool:
    number = _NUMBER.match(title)
    words = re.findall(r"[^\W\d_]{4,}", title[number.end() :] if number else title)
    if not words or title.startswith("#"):
        return False
    if number and number[2] and not number[1]:
        # "2. Architecture" is a title, "2. We have seen some evidence that" an item of a list.
        return sum(map(str.isupper, (word[0] for word in words))) >= 0.6 * len(words)
    return True


def _bare(title: str) -> str:
    """A title as it is both in a table of contents and in its place."""
    return re.sub(r"^([\w.]*\w)\.\s", r"\1 ", _PAGE_BEHIND.sub("", title)).casefold()


def _is_listed(title: str, count: Counter[str]) -> bool:
    """Whether it ends with a number and stands elsewhere without: a table of contents."""
    return bool(_PAGE_BEHIND.search(title)) and count[_bare(title)] > 1
