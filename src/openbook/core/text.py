"""Canonical text: what two texts must share to count as the same words.

The relation under which a quote equals a passage is *enumerated* here and nowhere else:

1. NFKC, character by character with its combining marks, except number characters of
   Unicode category No (``²``, ``½``, ``①``): folding them would turn ``10²`` into ``102``.
2. Case is kept.
3. Quote styles: typographic, low, high, prime and angle quotes equal ``'`` or ``"``.
4. Dash styles: hyphens, dashes and the minus sign equal ``-``.
5. White space: any run on one line equals one space, and also nothing beside a Chinese sign or
   Japanese kana, or a full-width mark of a *source* without a digit on the other side, where it
   parts no words and justified print leaves some; a run with a line break equals one space, and
   also nothing where one side of it is of a script that divides no words by spaces (Chinese,
   Japanese, Thai, ...) or where punctuation other than a dash stands beside the break (a broken
   URL), unless a digit stands there too.
6. Line-break hyphenation: a hyphen right behind a letter or digit and before a line break,
   U+00AD, and the marks U+FFFE and U+0002 that PDFium leaves for it equal a hyphen, a hyphen and
   a space ("pre- and post-"), or nothing; between digits never nothing. A hyphen behind anything
   else, an en or em dash never closes up.
7. Format characters (category Cf) in a *source* are extraction noise and equal nothing.

A text is folded into its *solid* characters (everything but white space, dashes and noise) and
the *gaps* between them. Solid characters must be equal; gaps must have a reading in common.
Searching by solid characters is a plain substring search, so finding is fast and verifying exact.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cached_property, lru_cache

HYPHENATION = "\u00ad\ufffe\u0002"
"""Characters that mark a word divided at the end of a line."""

HYPHENS = "-\u2010\u2011\ufe63\uff0d"
"""Dashes that join words and divide them at line ends; en and em dashes do neither."""

_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4\u2039\u203a\uff07"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u301d\u301e\u301f\uff02"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u2e3a\u2e3b"
STYLES = {
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
"""Quote and dash styles and what they equal, for :meth:`str.translate`."""
# Characters that begin no cluster although their combining class is 0: they may compose with
# what stands before them (Hangul vowels and finals, halfwidth kana sound marks).
_CONTINUES = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f]")
_SIGNS = (
    "\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
NO_SPACES = re.compile(f"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff{_SIGNS}]")
"""Characters of scripts that write words without spaces between them."""
SPACELESS = re.compile(f"[{_SIGNS}]")
"""Those of them beside which a space means nothing at all; Thai and its neighbours end sentences
by spaces."""

WIDE_MARKS = frozenset("，。；：！？、（）「」『』《》〈〉【】")
"""Punctuation that is as wide as a Chinese sign, and has its space within."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document's text layer."""

    number: int
    """Counted from 1."""
    text: str
    """The raw text as the extractor gives it; offsets of anchors count in it."""


@dataclass(frozen=True)
class TextLayer:
    """The text of one copy of a document, page by page, and what extracted it."""

    pages: tuple[Page, ...]
    extractor: str
    """Name and version of the extractor and of our format: ``pypdfium2 5.15 / openbook-pdf-1``."""
    is_scan: bool = False
    """Whether an engine read it from pictures of pages: it may be misread, and verifies nothing."""

    @cached_property
    def sha256(self) -> str:
        """Hash of all page texts; two layers with one hash give every anchor the same place."""
        digest = hashlib.sha256(self.extractor.encode())
        for page in self.pages:
            text = page.text.encode("utf-8", "surrogatepass")
            digest.update(f"\f{page.number} {len(text)}\n".encode())
            digest.update(text)
        return digest.hexdigest()

    @cached_property
    def text(self) -> str:
        """All pages joined by form feeds: a page break is a line break."""
        return "\f".join(page.text for page in self.pages)

    @cached_property
    def blank(self) -> tuple[int, ...]:
        """The numbers of the pages without a letter or digit: pictures, or nothing at all."""
        return tuple(page.number for page in self.pages if not any(map(str.isalnum, page.text)))

    @property
    def has_text(self) -> bool:
        """Whether any page has a letter or digit."""
        return len(self.blank) < len(self.pages)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each page begins in :attr:`text`."""
        starts, at = [], 0
        for page in self.pages:
            starts.append(at)
            at += len(page.text) + 1
        return tuple(starts)

    @cached_property
    def folded(self) -> Folded:
        """The layer's solid characters, for searching."""
        return fold(self.text)

    @cached_property
    def bare(self) -> Folded:
        """The layer's solid characters less sentence punctuation."""
        return without_punctuation(self.folded)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text layer."""

    start: int
    """Offset in :attr:`TextLayer.text`, counted in characters from 0."""
    end: int
    """Offset just after the last character."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as solid characters, each with its place in the raw text."""

    raw: str
    solid: str
    """NFKC characters without white space, dashes and noise."""
    places: array[int]
    """``places[i]`` is the raw offset of the character that gave ``solid[i]``."""

    def start(self, index: int) -> int:
        """Raw offset at which solid character ``index`` begins."""
        return self.places[index]

    def end(self, index: int) -> int:
        """Raw offset just after the cluster that gave solid character ``index``."""
        return cluster_end(self.raw, self.places[index])

    def gap(self, index: int) -> str:
        """Raw text between solid characters ``index`` and ``index + 1``."""
        if self.places[index] == self.places[index + 1]:
            return ""
        return self.raw[self.end(index) : self.places[index + 1]]


def cluster_end(text: str, start: int) -> int:
    """Offset just after the character at ``start`` and the combining marks that belong to it."""
    end = start + 1
    while end < len(text) and _continues(text[end]):
        end += 1
    return end


def _continues(char: str) -> bool:
    if char < "\u0300":
        return False
    return unicodedata.category(char) in ("Mn", "Mc", "Me") or bool(_CONTINUES.match(char))


@lru_cache(maxsize=4096)
def fold_char(cluster: str) -> str:
    """A character (with its combining marks) under rules 1 to 4 of the relation."""
    styled = cluster.translate(STYLES)
    if unicodedata.category(styled[0]) == "No":
        return styled
    return unicodedata.normalize("NFKC", styled).translate(STYLES)


def is_noise(char: str) -> bool:
    """Whether a folded character is neither solid nor white space nor a dash: noise or a mark."""
    return char in HYPHENATION or unicodedata.category(char) == "Cf"


def _is_solid(char: str) -> bool:
    return not (char == "-" or char.isspace() or is_noise(char))


# ASCII needs no folding but for white space, the dash, the grave accent and U+0002: a quick path
# for nearly all of a document's characters. The second group is anything else worth a look.
_TOKEN = re.compile(r"[\x01\x03-\x08\x0e-\x1b!-,./0-9:-_a-~\x7f]+|([^ \n\r\t\f])")


def fold(text: str) -> Folded:
    """The solid characters of ``text`` and where each stands."""
    solid: list[str] = []
    places = array("l")
    done = 0
    size = len(text)
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if start < done:
            continue  # a combining mark, folded with its base already
        at = start
        if match.lastindex is None:
            # The last character of a run may carry the combining marks that follow it.
            at = end - 1 if end < size and _continues(text[end]) else end
            solid.append(text[start:at])
            places.extend(range(start, at))
        if at < end:
            done = cluster_end(text, at)
            kept = "".join(filter(_is_solid, fold_char(text[at:done])))
            places.extend([at] * len(kept))
            solid.append(kept)
    return Folded(text, "".join(solid), places)


FOLDABLE = frozenset(".,;:!?'\"()[]{}-。、「」『』《》【】〈〉·¿¡")
"""Sentence punctuation: differences in it alone make the weaker state verified-punctuation."""


def without_punctuation(folded: Folded) -> Folded:
    """The solid characters less sentence punctuation, which goes into the gaps."""
    kept = [index for index, char in enumerate(folded.solid) if char not in FOLDABLE]
    places = array("l", (folded.places[index] for index in kept))
    return Folded(folded.raw, "".join(folded.solid[index] for index in kept), places)


def gap_readings(gap: str, before: str, after: str) -> frozenset[str]:
    """The canonical readings of the raw text between two solid characters.

    ``before`` and ``after`` are those characters. Two gaps are equal when they share a reading.
    """
    marks = _gap_marks(gap)
    if marks == " " and _space_says_nothing(before, after):
        return frozenset((" ", ""))
    if marks in ("", " ", "-", " - ", "- ", " -"):
        return frozenset((marks,))
    readings = {""}
    for match in re.finditer("[-~=]?\n|~|.", marks, re.DOTALL):
        divides = match.start() == 0 and is_word_char(before)
        ways = _mark_readings(match.group(), before, after, divides)
        readings = {head + tail for head in readings for tail in ways}
    return frozenset(re.sub(" +", " ", reading) for reading in readings)


def _space_says_nothing(before: str, after: str) -> bool:
    if after == ".":  # of ".5", which is another number than "5"
        return False
    return bool(SPACELESS.match(before) or SPACELESS.match(after))


def is_wide_gap(source: Folded, index: int) -> bool:
    """Whether the document has a full-width mark before or behind the gap after solid character
    ``index``: white space there equals nothing, as the mark brings its own. Not so beside a digit,
    as a mark may belong to a number. Folded, such a mark is no longer told from a narrow one, so
    that :func:`gap_readings` cannot know it."""
    before, after = source.raw[source.places[index]], source.raw[source.places[index + 1]]
    return (before in WIDE_MARKS and not after.isdigit()) or (
        after in WIDE_MARKS and not before.isdigit()
    )


def _mark_readings(mark: str, before: str, after: str, divides: bool) -> tuple[str, ...]:
    """The readings of one mark; ``divides`` where it stands right behind a letter or digit."""
    if mark == "\n":
        return (" ", "") if _break_may_vanish(before, after) else (" ",)
    if mark in ("~", "~\n", "-\n", "=\n"):
        # Neither a number nor a long dash is hyphenation ("4-" above "9" is a range), nor is a
        # hyphen that stands alone: "of -" above "5" is a sign.
        is_number = after.isdigit() and (before.isdigit() or not divides)
        stays = mark == "=\n" or is_number or (mark == "-\n" and not divides)
        return ("-", "- ") if stays else ("", "-", "- ")
    return ("-" if mark == "=" else mark,)


def _gap_marks(gap: str) -> str:
    """A gap as a string of `` `` (space), ``\\n`` (line break), ``-`` (hyphen), ``=`` (long dash)
    and ``~`` (divided word)."""
    if gap in ("", " "):
        return gap
    marks = []
    for char in gap:
        if char in HYPHENATION:
            marks.append("~")
            continue
        for folded in fold_char(char):
            if folded in "\n\r\f\v\x85\u2028\u2029":
                marks.append("\n")
            elif folded.isspace():
                marks.append(" ")
            elif folded == "-":
                marks.append("-" if char in HYPHENS else "=")
    joined = re.sub(r" *\n[ \n]*", "\n", "".join(marks))
    return re.sub(" +", " ", joined)


def _break_may_vanish(before: str, after: str) -> bool:
    if before.isdigit() and after.isdigit():
        return False
    if NO_SPACES.match(before) or NO_SPACES.match(after):
        return True
    wordless = not (is_word_char(before) and is_word_char(after))
    return wordless and not (before.isdigit() or after.isdigit())


def is_word_char(char: str) -> bool:
    """Whether a character belongs to a word or number: a letter, mark or digit."""
    return unicodedata.category(char)[0] in "LMN"


def divides_words(char: str) -> bool:
    """Whether a character's script writes words without spaces between them."""
    return bool(NO_SPACES.match(char))
