"""Passages: what an auditor reads at a time, cut along a document's own structure.

A document is cut into *units* that belong together: a heading, an item of a list, some rows of a
table, a sentence. Units are gathered into passages of about :data:`AIM` characters. A passage never
ends within a sentence, not even at the end of a page; a heading goes with what follows it, and what
leads in to a list ("as follows:") with the list's first item. Where the text of a PDF gives no
layout, structure is read from the lines: numbered and lettered titles, marks of lists, rows of
figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from openbook.core.review import ReadPassage
from openbook.core.text import HYPHENATION, NO_SPACES, Span, TextLayer, divides_words, fold_char

CUT = "passages-1"
"""Name and version of this way of cutting: offsets of passages hold under it."""

AIM = 500
"""Characters at which a passage is full; it then ends with the unit that filled it."""

LEAST = 160
"""A passage shorter than this does not end before a heading: a title alone tells little."""

MOST = 1400
"""Characters after which a unit without an end (a table, a list of names) is cut by lines."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one copy of a document."""

    document: str
    copy: str
    """sha256 of the copy."""
    page: int
    """The page on which it begins, counted from 1."""
    start: int
    """Offset in that page's text, counted in characters from 0."""
    end: int
    """Offset just after it, counted on from the same page: where a passage runs on to the next
    page, the page break counts as one character and the offset exceeds the page."""
    text: str
    offset: int = 0
    """Where it begins in the text of the whole layer."""
    section: str = ""
    """The title under which it stands, as far as titles could be told."""
    is_scan: bool = False
    """Whether an engine read it from the picture of a page."""

    @property
    def id(self) -> str:
        """``ouyang-2022:36:1204-1890``: enough to find the passage again."""
        return f"{self.document}:{self.page}:{self.start}-{self.end}"

    @property
    def place(self) -> ReadPassage:
        """Its place, as records of reading name it."""
        return ReadPassage(self.document, self.page, self.start, self.end)

    @property
    def span(self) -> Span:
        """Where it stands in the text of the whole layer."""
        return Span(self.offset, self.offset + len(self.text))


OVERLAP = 40
"""Characters in common from which a passage holds a stretch of text, or half of the stretch where
it is shorter."""


def overlaps(passage: Passage, spans: Iterable[Span]) -> bool:
    """Whether enough of any of these stretches of the layer's text stands in a passage."""
    own = passage.span
    return any(
        min(own.end, span.end) - max(own.start, span.start)
        >= min(OVERLAP, (span.end - span.start) / 2)
        for span in spans
    )


class _Kind(Enum):
    HEADING = 1
    ITEM = 2
    ROW = 3
    TEXT = 4


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never parted: offsets in the layer's text."""

    kind: _Kind
    start: int
    end: int
    opens: bool
    """Whether it begins a paragraph, so that a passage had better end before it."""


def passages(document: str, copy: str, layer: TextLayer) -> Iterator[Passage]:
    """The whole text of a layer as passages, in order; stretches without a letter are left out."""
    section = ""
    page = 0
    for units in _gathered(list(_units(layer.text)), layer.text):
        start, end = units[0].start, units[-1].end
        titles = [layer.text[one.start : one.end] for one in units if one.kind is _Kind.HEADING]
        section = next((readable(one) for one in reversed(titles) if _is_title(one)), section)
        text = layer.text[start:end]
        if not any(map(str.isalnum, text)):
            continue
        while page + 1 < len(layer.pages) and layer.starts[page + 1] <= start:
            page += 1
        begins = layer.starts[page]
        number = layer.pages[page].number
        place = number, start - begins, end - begins
        yield Passage(document, copy, *place, text, start, section, layer.is_scan)


def titles(text: str) -> Iterator[Span]:
    """Where titles stand in a text, as far as they could be told."""
    for unit in _units(text):
        if unit.kind is _Kind.HEADING and _is_title(text[unit.start : unit.end]):
            yield Span(unit.start, unit.end)


def readable(text: str) -> str:
    """A passage on one line: divided words joined, ligatures and styles folded, spaces single, and
    none where a line broke between signs of a script that writes none."""
    joined = _DIVIDED.sub("", text)
    if not joined.isascii():
        joined = _BROKEN.sub("", joined)
    return " ".join("".join(map(fold_char, joined)).split())


_SIGN = f"{NO_SPACES.pattern[:-1]}，。、；：！？]"
_BROKEN = re.compile(rf"(?<={_SIGN})[^\S\n\f]*(?:\n?\f|\n)[^\S\n\f]*(?={NO_SPACES.pattern})")
_DIVIDED = re.compile(f"[-\u2010]\\n|[{HYPHENATION}]\\n?")


def _gathered(units: list[_Unit], text: str) -> Iterator[list[_Unit]]:
    """Units in passages: full ones end where a unit ends, all end before a heading."""
    now: list[_Unit] = []
    size = 0
    for unit in units:
        if now and _ends_before(unit, now, size, text):
            yield now
            now, size = [], 0
        now.append(unit)
        size += unit.end - unit.start
    if now:
        yield now


def _ends_before(unit: _Unit, now: list[_Unit], size: int, text: str) -> bool:
    last = now[-1]
    if last.kind is _Kind.HEADING:
        return False
    if unit.kind is _Kind.HEADING:
        return size >= LEAST
    if text[last.start : last.end].rstrip().endswith(":") and size < MOST:
        return False
    length = unit.end - unit.start
    if size >= LEAST and "\f" in text[last.end - 1 : unit.start]:
        return True  # the page ends with a sentence: let the passage be of one page
    if unit.opens and size >= AIM * 0.7:
        return True
    return size >= AIM or (size >= LEAST and size + length > MOST)


# --- units ------------------------------------------------------------------------------------

_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[A-Z](?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.)\s+\S"
)
_NAMED = re.compile(
    r"(?:abstract|introduction|conclusions?|discussion|references|bibliography|appendix\b.*|"
    r"acknowledge?ments?|contents|limitations|related work|"
    r"zusammenfassung|einleitung|fazit|literatur(?:verzeichnis)?|anhang|danksagung|"
    r"inhalt(?:sverzeichnis)?|第[一二三四五六七八九十百\d]{1,4}[章节節篇编編].{0,30}|"
    r"摘要|引言|前言|结论|結論|讨论|討論|参考文献|參考文獻|附录.{0,30}|附錄.{0,30}|致谢|致謝|目录|目錄)$",
    re.I,
)
_SHORT = 24
"""Signs of a title in a script without spaces and capitals."""
_MARKUP = re.compile(r"#{1,6}\s+\S")
_ITEM = re.compile(
    r"\s*(?:[•●○▪◦‣·∙–—*+-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]"
    r"|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)\s*(?=[^\W\d_])"
)
_END = re.compile(r"[.!?:;。！？][\"'”’)\]*]*$")
_ABBREVIATED = re.compile(
    r"(?:\b(?:et al|e\.g|i\.e|cf|vs|etc|Fig|Figs|Sec|Eq|Tab|Dr|Prof|St|No|approx|resp|[A-Z]"
    r"|Abs|Nr|Rn|Vgl|vgl|bzw|ggf|inkl|sog|bspw|usf|d\.\s?h|u\.\s?[aä])\.)$"
)
# A German ordinal and what stands in two abbreviations: "am 27. April", "z. B.".
_GOES_ON = re.compile(
    r"(?<=\bz\.)\s?B\.|(?<=\bd\.)\s?h\.|(?<=\bu\.)\s?[aäÄ]\.|(?<=\bArt\.)\s\d|(?<=\d\.)\s(?:Januar|"
    r"Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_SENTENCE = re.compile(
    r"[.!?]+[\"'”’)\]*]*(?=\s)|(?<=[a-z])[.!?](?=[A-Z][a-z])|[。！？]+[\"'”’)」』]*"
)
_BREAKS = re.compile(r"[\n\f]")


def _units(text: str) -> Iterator[_Unit]:
    """The units of a text in order; together they cover it but for white space between them."""
    block_start = 0
    opens = True
    for start, end in _lines(text):
        line = text[start:end].strip()
        if not line:
            yield from _sentences(text, block_start, start, opens)
            block_start, opens = end, True
            continue
        kind = _kind(line, text, start, end)
        if kind is _Kind.TEXT:
            continue
        yield from _sentences(text, block_start, start, opens)
        if kind is _Kind.ITEM:
            # The item's own sentences follow from its mark on.
            block_start, opens = start, True
            continue
        yield _Unit(kind, start, end, opens=kind is _Kind.HEADING)
        block_start, opens = end, kind is _Kind.HEADING
    yield from _sentences(text, block_start, len(text), opens)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAKS.finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _kind(line: str, text: str, start: int, end: int) -> _Kind:
    if _is_heading(line, text, start, end):
        return _Kind.HEADING
    if _ITEM.match(line):
        return _Kind.ITEM
    if _is_row(line):
        return _Kind.ROW
    return _Kind.TEXT


def _is_heading(line: str, text: str, start: int, end: int) -> bool:
    """A title: short, without the end of a sentence, marked, numbered, named, or set apart."""
    if len(line) > 90 or _END.search(line) or not any(map(str.isalpha, line)):
        return False
    if _MARKUP.match(line) or _NAMED.match(line):
        return True
    words = line.split()
    if _NUMBERED.match(line):
        rest = " ".join(words[1:])
        # "A. 知识的学习" is what one may choose from, and no title of an appendix.
        is_title = rest[:1].isupper() or (line[0].isdigit() and _may_be_title(rest))
        return is_title and len(words) <= 12 and _digits(rest) < 0.2
    stands_apart = _blank_before(text, start) and _blank_after(text, end)
    return stands_apart and _may_be_title(line) and len(words) <= 9 and _digits(line) < 0.2


def _may_be_title(line: str) -> bool:
    """Whether a line begins as titles do; where letters have no case, it must be short."""
    return line[:1].isupper() or (divides_words(line[:1] or " ") and len(line) <= _SHORT)


def _is_title(heading: str) -> bool:
    """Whether a heading may name a section: "E. Discussion of data", but not "Y. Wu", which is the
    initial of a name in a list."""
    initial = re.match(r"[A-Z]\.\s+(.*)", heading.strip())
    return initial is None or (len(initial[1].split()) > 1 and not re.search("[.,]", initial[1]))


def _blank_before(text: str, start: int) -> bool:
    return start == 0 or text[max(0, start - 2) : start].strip(" \t") in ("\n\n", "\f\n", "\f")


def _blank_after(text: str, end: int) -> bool:
    return text[end : end + 1] in ("\n", "\f") and text[end - 1 : end] == "\n"


def _is_row(line: str) -> bool:
    """A row of a table or a label of a figure: more figures or rules than words."""
    if line.count("|") >= 2 or ". . . ." in line:
        return True
    return _digits(line) > 0.3 and not _END.search(line)


def _digits(line: str) -> float:
    marks = [char for char in line if not char.isspace()]
    return sum(map(str.isdigit, marks)) / max(len(marks), 1)


def _sentences(text: str, start: int, end: int, opens: bool) -> Iterator[_Unit]:
    """The sentences between two offsets; one that never ends is cut by lines."""
    begin = start
    for match in _SENTENCE.finditer(text, start, end):
        at = match.end()
        if _ABBREVIATED.search(text[max(begin, at - 8) : at].rstrip("\"'”’)]*")):
            continue
        if _GOES_ON.match(text, at):
            continue
        if text[begin:at].strip():
            yield from _unit(text, begin, at, opens)
            opens = False
        begin = at
    if text[begin:end].strip():
        yield from _unit(text, begin, end, opens)


def _unit(text: str, start: int, end: int, opens: bool) -> Iterator[_Unit]:
    while text[start].isspace():
        start += 1
    kind = _Kind.ITEM if _ITEM.match(text, start, end) else _Kind.TEXT
    while end - start > MOST:
        at = max(text.rfind("\n", start + 1, start + AIM), text.rfind("\f", start + 1, start + AIM))
        cut = at + 1 if at > start else start + AIM
        yield _Unit(kind, start, cut, opens)
        start, opens = cut, False
    yield _Unit(kind, start, end, opens)
