"""The passage of a document most like a quote that does not stand in it, for a person to compare.

Letters find it, words say where it begins and ends: a passage found by letters alone is as long as
the quote and so runs into the words beside it wherever the quote has gained or lost some.
"""

from __future__ import annotations

import re
from itertools import product
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from openbook.core.anchor import Nearest, places, word_diff
from openbook.core.passage import readable
from openbook.core.quote import Quote
from openbook.core.text import (
    HYPHENATION,
    HYPHENS,
    NO_SPACES,
    Span,
    TextLayer,
    fold,
    without_punctuation,
)

MARGIN = 8
"""How many words to either side the ends of a passage found by letters may be off."""

_NEARBY = 400
"""Characters to either side in which those words are looked for."""

_WEIGHTS = (1, 3, 3)
"""What a word of the document alone costs, one of the quote alone, and one in place of another: a
passage takes in words that the quote leaves out before it leaves out words that the quote has."""

_IN_WORD = rf"(?:(?!{NO_SPACES.pattern})\S)"
_WORD = re.compile(
    rf"{NO_SPACES.pattern}|"
    rf"(?:{_IN_WORD}*[{HYPHENS}{HYPHENATION}]\s*[\n\r\f]\s*)*{_IN_WORD}+"
)
"""A word of a text layer, whole where a line divides it; each sign where words have no spaces."""


class _Found(NamedTuple):
    span: Span
    likeness: float
    """0 to 1."""


def nearest(quote: Quote, layer: TextLayer, document: str) -> Nearest | None:
    """The passage of ``layer`` most like ``quote``: the best place of each of its segments."""
    found = []
    for segment in quote.segments:
        one = _closest(segment, layer)
        if one is None:
            return None
        found.append(one)
    weight = sum(map(len, quote.segments))
    likeness = sum(
        one.likeness * len(segment) / weight
        for segment, one in zip(quote.segments, found, strict=True)
    )
    texts = [readable(layer.text[one.span.start : one.span.end]) for one in found]
    diff = tuple(
        part
        for segment, text in zip(quote.segments, texts, strict=True)
        for part in word_diff(readable(segment), text)
    )
    page = places(layer, found[0].span)[0].page
    return Nearest(document, page, " [...] ".join(texts), round(likeness, 3), diff)


def _closest(segment: str, layer: TextLayer) -> _Found | None:
    hay = layer.bare
    match = fuzz.partial_ratio_alignment(without_punctuation(fold(segment)).solid, hay.solid)
    if match is None or match.dest_end <= match.dest_start:
        return None
    rough = Span(hay.start(match.dest_start), hay.end(match.dest_end - 1))
    return _Found(_ended(segment, layer.text, rough), match.score / 100)


def _ended(segment: str, text: str, rough: Span) -> Span:
    """``rough`` with its ends moved to where its words are most like those of the segment."""
    # Letters may have found a part of it alone, at the beginning or the end of a text.
    begin, behind = rough.end - len(segment), rough.start + len(segment)
    words = words_of(
        text, max(0, min(rough.start, begin) - _NEARBY), max(rough.end, behind) + _NEARBY
    )
    first = next(n for n, word in enumerate(words) if word.end > rough.start)
    last = next(n for n in reversed(range(len(words))) if words[n].start < rough.end)
    wanted = [key_of(segment[one.start : one.end]) for one in words_of(segment, 0, len(segment))]
    keys = [key_of(text[one.start : one.end]) for one in words]
    size = len(wanted)
    starts = range(
        max(0, min(first, last - size + 1) - MARGIN), min(len(words), first + MARGIN + 1)
    )
    ends = range(max(0, last - MARGIN), min(len(words), max(last, first + size - 1) + MARGIN + 1))

    def cost(ends: tuple[int, int]) -> tuple[int, int]:
        start, end = ends
        distance = Levenshtein.distance(wanted, keys[start : end + 1], weights=_WEIGHTS)
        return distance, abs(end + 1 - start - size)

    start, end = min((pair for pair in product(starts, ends) if pair[0] <= pair[1]), key=cost)
    return trimmed(segment, text, Span(words[start].start, words[end].end))


def trimmed(segment: str, text: str, span: Span) -> Span:
    """``span`` less the punctuation at an end where the segment has none."""
    start, end = span.start, span.end
    while segment[-1:].isalnum() and end > start + 1 and not text[end - 1].isalnum():
        end -= 1
    while segment[:1].isalnum() and start < end - 1 and not text[start].isalnum():
        start += 1
    return Span(start, end)


def words_of(text: str, start: int, end: int) -> list[Span]:
    """Where the words of a stretch of a text layer's text stand."""
    return [Span(*match.span()) for match in _WORD.finditer(text, start, min(end, len(text)))]


def key_of(word: str) -> str:
    """What counts of a word when passages are compared: letters and digits before punctuation."""
    solid = fold(word)
    return without_punctuation(solid).solid or solid.solid
