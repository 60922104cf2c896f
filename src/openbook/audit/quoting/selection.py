"""Words picked out of a document, as with a mouse, made into a quote that stands there.

A selection seldom ends where words do, and over a page break it holds what the page has between
its words: its number, a running title, a footnote. So words are completed, and what belongs to the
page is left out openly, with ``[...]``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from openbook.audit.opened import WrongUseError
from openbook.audit.quoting.evidence import as_written
from openbook.core.edges import cuts
from openbook.core.passage import readable
from openbook.core.quote import QuoteError, parse_quote
from openbook.core.text import HYPHENATION, HYPHENS, Page, Span, TextLayer, fold
from openbook.core.verify import verify

MOST = 6000
"""Characters of a selection at most: a longer one is no quote but a copy."""
ELISION = " [...] "
EDGE = 3
"""Lines at the top and at the bottom of a page among which running titles are looked for."""
NOTES = 15
"""Lines at the bottom of a page among which a footnote is looked for."""
REACH = 60
"""Characters by which a word that was cut is completed at most."""


class Mark(NamedTuple):
    """A place between two characters of a page."""

    page: int
    """Counted from 1."""
    offset: int
    """In the page's text, counted in characters from 0."""


def span_between(layer: TextLayer, start: Mark, end: Mark) -> Span:
    """What was selected from one mark to another, words completed. Raises :class:`WrongUseError`
    for marks that are not in the document, and for selections that are too long or hold no word."""
    return _completed(layer, Span(_place(layer, start), _place(layer, end)))


def _place(layer: TextLayer, mark: Mark) -> int:
    for page, begins in zip(layer.pages, layer.starts, strict=True):
        if page.number == mark.page and 0 <= mark.offset <= len(page.text):
            return begins + mark.offset
    raise WrongUseError(f"page {mark.page} of this document has no character {mark.offset}")


def span_of_words(layer: TextLayer, words: str, page: int, down: float) -> Span:
    """Where words that were selected as they are displayed stand in the text; of several places
    the one nearest to ``down`` on ``page``, 0 at its top and 1 at its bottom."""
    solid = fold(words).solid
    if not solid:
        raise WrongUseError("nothing is selected")
    if len(words) > MOST:
        raise WrongUseError(_too_long(len(words)))
    hay, found = layer.folded, []
    at = hay.solid.find(solid)
    while at >= 0:
        found.append(Span(hay.start(at), hay.end(at + len(solid) - 1)))
        at = hay.solid.find(solid, at + 1)
    if not found:
        raise WrongUseError(
            "these words stand otherwise in the document's text: select fewer, or type the quote"
        )
    aim = 0.0
    for one, begins in zip(layer.pages, layer.starts, strict=True):
        if one.number <= page:
            aim = begins + min(max(down, 0.0), 1.0) * len(one.text)
    return _completed(layer, min(found, key=lambda one: abs(one.start - aim)))


def _completed(layer: TextLayer, span: Span) -> Span:
    text = layer.text
    start, end = _trimmed(text, min(span.start, span.end), max(span.start, span.end))
    if start >= end:
        raise WrongUseError("the selection holds no words")
    if end - start > MOST:
        raise WrongUseError(_too_long(end - start))
    for _ in range(REACH):
        if start == 0 or not cuts(text, start):
            break
        start -= 1
    for _ in range(REACH):
        if end == len(text) or not cuts(text, end):
            break
        end += 1
    return Span(*_trimmed(text, start, end))


def _too_long(size: int) -> str:
    return f"{size:,} characters are more than a quote may have ({MOST:,}): select less"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


# --- words ------------------------------------------------------------------------------------


def quote_of(layer: TextLayer, span: Span) -> str:
    """A stretch of a document as a quote. Over a page break, what belongs to the page and not to
    the text is left out; where the quote would not stand so, everything is kept in."""
    apart = _written(layer, _without_furniture(layer, span))
    whole = _written(layer, [span])
    return apart if apart == whole or _stands(layer, apart) else whole


def _stands(layer: TextLayer, text: str) -> bool:
    try:
        return verify(parse_quote(text), layer).state.stands
    except QuoteError:
        return False


def _written(layer: TextLayer, spans: Sequence[Span]) -> str:
    texts = (part for one in spans for part in _nameable(layer.text[one.start : one.end]))
    return ELISION.join(as_written(text) for text in map(_on_one_line, texts) if text)


def _nameable(text: str) -> list[str]:
    """A text without what no quote may hold: format characters, which equal nothing, are dropped;
    at others that stand for no character, as in some formulas, it is cut."""
    kept = (char for char in text if unicodedata.category(char) != "Cf" or char in HYPHENATION)
    return "".join("\0" if _is_nameless(char) else char for char in kept).split("\0")


def _is_nameless(char: str) -> bool:
    is_control = unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs")
    return is_control and not char.isspace() and char not in HYPHENATION


def _on_one_line(text: str) -> str:
    return readable(_NO_HYPHENATION.sub(_kept, _WITHIN.sub("-", text)))


_WITHIN = re.compile(
    r"(?:(?<=-of|-by|-to|-in|-on|-or|-at)|(?<=-and|-the|-for|-off|-out))-\n(?=\w)", re.I
)
"""The hyphen of "state-of-" above "the-art": small words end there as a whole."""
_NO_HYPHENATION = re.compile(r"(?<![^\W\d_])-\n")


def _kept(found: re.Match[str]) -> str:
    """A hyphen before a line break that divides no word: of a number ("Qwen2-" above "7B"), or one
    that stands alone."""
    follows_digit = found.string[found.start() - 1 : found.start()].isdigit()
    return "-" if follows_digit else "- "


def _without_furniture(layer: TextLayer, span: Span) -> list[Span]:
    """The stretch in parts, cut at each page break that has something of the page about it."""
    parts: list[Span] = []
    start = span.start
    first = bisect_right(layer.starts, span.start) - 1
    crosses = "\f" in layer.text[span.start : span.end]
    titles = _running_titles(layer) if crosses else frozenset[str]()
    for index in range(first, len(layer.pages) - 1):
        after = layer.starts[index + 1]
        if after >= span.end:
            break
        ends, begins = _around_break(layer, index, titles)
        if ends < after - 1 or begins > after:
            ends, begins = _around_word(layer.text, ends, begins)
            parts.append(Span(start, max(start, min(ends, span.end))))
            start = min(max(begins, start), span.end)
    parts.append(Span(start, span.end))
    whole = (_whole(layer.text, one, span) for one in parts)
    return [one for one in whole if one.start < one.end] or [span]


_HALF = re.compile(rf"[^\W\d_]+[{HYPHENS}{HYPHENATION}]$")
_WORD = re.compile(r"\s*[^\W\d_]+")


def _around_word(text: str, ends: int, begins: int) -> tuple[int, int]:
    """The same without a word that is divided between the two pages."""
    half = _HALF.search(text, max(0, ends - REACH), ends)
    rest = _WORD.match(text, begins)
    return (half.start(), rest.end()) if half and rest else (ends, begins)


def _whole(text: str, part: Span, span: Span) -> Span:
    """A part without halves of words at the page breaks where it was cut."""
    start, end = _trimmed(text, part.start, part.end)
    while part.start != span.start and start < end and cuts(text, start):
        start += 1
    while part.end != span.end and start < end and cuts(text, end):
        end -= 1
    return Span(*_trimmed(text, start, end))


def _around_break(layer: TextLayer, index: int, titles: frozenset[str]) -> tuple[int, int]:
    """Where the text of a page ends, and where that of the next begins."""
    page, following = layer.pages[index], layer.pages[index + 1]
    begins = _below_titles(following, titles)
    ends = _above_titles(page, titles)
    goes_on = following.text[begins:].lstrip()[:1].islower()
    if goes_on:
        ends = _above_notes(page.text[:ends])
    return layer.starts[index] + ends, layer.starts[index + 1] + begins


_LINE = re.compile(r"[^\n]*\S[^\n]*")
_NUMBER = re.compile(
    r"[\s|–—-]*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of)\s*\d{1,4})?[\s|–—-]*", re.I
)
_NOTE = re.compile(r"\s*(?:\d{1,2}|[∗*†‡§¶])\s*(?=[A-Z\"“(‘]|https?:|www\.)")
_SENTENCE_ENDS = re.compile(r"[.!?:;][\"'”’)\]]*\s*$")


def _below_titles(page: Page, titles: frozenset[str]) -> int:
    at = 0
    for number, match in enumerate(_LINE.finditer(page.text)):
        if number >= EDGE or not _is_furniture(match[0], titles):
            break
        at = match.end()
    return at


def _above_titles(page: Page, titles: frozenset[str]) -> int:
    at = len(page.text.rstrip())
    for match in list(_LINE.finditer(page.text))[: -EDGE - 1 : -1]:
        if not _is_furniture(match[0], titles):
            break
        at = match.start()
    return len(page.text[:at].rstrip())


def _is_furniture(line: str, titles: frozenset[str]) -> bool:
    return bool(_NUMBER.fullmatch(line)) or _shape(line) in titles


def _shape(line: str) -> str:
    """A line with its numbers made one: what running titles have in common."""
    return re.sub(r"\d+", "#", readable(line)).lower()


def _running_titles(layer: TextLayer) -> frozenset[str]:
    """The lines that stand at the edge of three pages or more."""
    counts = Counter(shape for page in layer.pages for shape in set(_edges(page)))
    return frozenset(shape for shape, times in counts.items() if times >= 3)


def _edges(page: Page) -> Iterator[str]:
    lines = [match[0] for match in _LINE.finditer(page.text)]
    yield from map(_shape, (*lines[:EDGE], *lines[-EDGE:]))


def _above_notes(text: str) -> int:
    """Where a page's text ends above its footnotes; a sentence that goes on overleaf is no note."""
    lines = list(_LINE.finditer(text))
    for before, line in list(pairwise(lines))[: -NOTES - 1 : -1]:
        if _NOTE.match(line[0]) and not _SENTENCE_ENDS.search(before[0]):
            return before.end()
    return len(text)
