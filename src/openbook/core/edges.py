"""Edges: where a segment may begin and end without cutting a word, number or compound.

A cut between two characters is refused when they are *glued*: letters of one word, digits of one
number with its sign, decimals, unit and exponent, the parts of a compound (``non-harmful``) or of
a word with an apostrophe (``can't``), and the halves of a word divided at the end of a line.
"""

from __future__ import annotations

import re
import unicodedata

from openbook.core.text import (
    HYPHENATION,
    HYPHENS,
    divides_words,
    fold_char,
    is_noise,
    is_word_char,
)

_REACH = 16
"""How many characters on either side of a cut are looked at."""

_SIGNS = frozenset("-+<>=≤≥±~≈$€£¥#^×·%°'/\u2044")
"""Before a digit: its sign, comparison, currency, operator, or the other half of a fraction."""

_UNITS = re.compile(
    r"\s?[%‰％万萬亿億兆千百]|[°^×\u2044]"
    r"|[\s-]+(?:hundred|thousand|million|billion|trillion|percent|per\s?cent"
    r"|hundert|tausend|millionen|milliarden|prozent)\b",
    re.I,
)
"""After a digit: what belongs to the number."""

_LEFT_HALF = re.compile(rf"[{HYPHENS}{HYPHENATION}]\s*[\n\r\f]\s*$")
_RIGHT_HALF = re.compile(rf"^[{HYPHENS}{HYPHENATION}][ \t]*[\n\r\f]\s*")


def cuts(raw: str, at: int) -> bool:
    """Whether cutting ``raw`` at offset ``at`` parts what belongs together."""
    left, right = _clean(raw[max(0, at - _REACH) : at]), _clean(raw[at : at + _REACH])
    if not left or not right:
        return False
    return _is_divided(left, right) or _parts_number(left, right) or _parts_word(left, right)


def _clean(text: str) -> str:
    """A text without noise; the marks of a divided word stay."""
    return "".join(char for char in text if char in HYPHENATION or not is_noise(char))


def _is_divided(left: str, right: str) -> bool:
    """Whether the cut falls at a word divided at the end of a line."""
    if left[-1] in HYPHENATION or right[0] in HYPHENATION:
        return True
    before = _LEFT_HALF.search(left)
    if before and before.start() and is_word_char(left[before.start() - 1]):
        return is_word_char(right[0])
    after = _RIGHT_HALF.match(right)
    rest = right[after.end() :] if after else ""
    return bool(rest) and is_word_char(rest[0]) and is_word_char(left[-1])


def _parts_number(left: str, right: str) -> bool:
    a, b = left[-1], right[0]
    a_far, b_far = left[-2:-1], right[1:2]
    if a.isdigit() and _UNITS.match(right):
        return True
    if a.isdigit() and (b in ".,:/'" or _is_dash(b)):
        return b_far.isdigit()
    if not b.isdigit():
        # A cut after "1." or "40," of a number, or before its sign: "4" and "-9".
        return False
    if a in ".,:":
        # "word.5" is a footnote mark after a sentence; " .5" and "1.5" are numbers.
        return not (a_far and not a_far.isspace() and not a_far.isdigit())
    return a in _SIGNS or _is_dash(a) or unicodedata.category(a) in ("Sm", "Sc")


def _is_dash(char: str) -> bool:
    return fold_char(char) == "-"


def _parts_word(left: str, right: str) -> bool:
    a, b = left[-1], right[0]
    if is_word_char(a) and is_word_char(b):
        return not (divides_words(a) or divides_words(b))
    if is_word_char(a) and _joins(b):
        return bool(right[1:2]) and is_word_char(right[1])
    if is_word_char(b) and _joins(a):
        return bool(left[-2:-1]) and is_word_char(left[-2])
    symbols = [char for char in (a, b) if unicodedata.category(char) in ("Sm", "Sc")]
    return bool(symbols) and (is_word_char(a) or is_word_char(b))


def _joins(char: str) -> bool:
    return char == "_" or char in HYPHENS or fold_char(char) == "'"
