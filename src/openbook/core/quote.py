"""A quote as the segments that must stand in the document, in order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from openbook.core.text import HYPHENATION, divides_words, is_word_char

_ESCAPED_OPEN, _ESCAPED_CLOSE = "\ue000", "\ue001"
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_ELLIPSIS = re.compile(r"\s*(\.\s*){2,}\s*|\s*(\u2026\s*)+|\s*")


class QuoteError(ValueError):
    """A quote that cannot be read as segments; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Join:
    """What stands between two segments of a quote in place of the document's words."""

    insertion: str
    """The editor's words (``our models``); empty for a plain elision."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim segments and the joins between them: ``joins[i]`` follows ``segments[i]``."""

    segments: tuple[str, ...]
    joins: tuple[Join, ...]
    around: tuple[str, ...] = ()
    """The editor's words before the first segment and after the last, if any."""

    @property
    def insertions(self) -> tuple[str, ...]:
        """All words that are the editor's and not the document's."""
        return tuple(join.insertion for join in self.joins if join.insertion) + self.around


def parse_quote(text: str) -> Quote:
    """The segments of a quote as people write it.

    ``[...]`` is an elision, other bracketed words an editorial insertion; ``\\[`` and ``\\]`` are
    the document's own brackets. Raises :class:`QuoteError` for a quote without words, with an
    unpaired bracket, or with invisible characters.
    """
    _refuse_invisible(text)
    escaped = text.replace("\\[", _ESCAPED_OPEN).replace("\\]", _ESCAPED_CLOSE)
    parts = _BRACKETED.split(escaped)
    segments: list[str] = []
    inserted: list[str] = [""]
    for index, part in enumerate(parts):
        part = part.replace(_ESCAPED_OPEN, "[").replace(_ESCAPED_CLOSE, "]")
        if index % 2:
            if not _ELLIPSIS.fullmatch(part):
                _refuse_misleading(part, parts[index + 1])
                inserted[-1] = " ".join(filter(None, (inserted[-1], part.strip())))
            continue
        if any(char in part for char in "[]") and not _only_escaped(parts[index]):
            raise QuoteError(
                f"unpaired square bracket in {_short(part)!r}; "
                "write \\[ for a bracket of the document"
            )
        if any(map(_says_something, part)):
            segments.append(part.strip())
            inserted.append("")
    if not any(map(is_word_char, "".join(segments))):
        raise QuoteError("the quote holds no words of the document")
    joins = tuple(Join(words) for words in inserted[1:-1])
    around = tuple(filter(None, (inserted[0], inserted[-1])))
    return Quote(tuple(segments), joins, around)


def _says_something(char: str) -> bool:
    """Whether a part of a quote with this character must stand in the document: a word, a number
    or a symbol ("$", "=", "≠"). Punctuation alone, such as a full stop after an elision, need not.
    """
    return is_word_char(char) or unicodedata.category(char) in ("Sc", "Sm", "So")


_ALPHABETS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN"))


def _refuse_misleading(insertion: str, follows: str) -> None:
    """An insertion is words of the editor, not a prefix of the document's nor a disguise."""
    if follows and is_word_char(follows[0]) and not divides_words(follows[0]):
        raise QuoteError(
            f"the insertion [{_short(insertion)}] makes a new word of {_short(follows)!r}; "
            "put the whole word in brackets"
        )
    for word in re.findall(r"\w+", insertion):
        alphabets = {unicodedata.name(char, "").partition(" ")[0] for char in word}
        if len(alphabets & _ALPHABETS) > 1:
            raise QuoteError(f"the insertion [{_short(insertion)}] mixes alphabets in {word!r}")


def _only_escaped(part: str) -> bool:
    return "[" not in part and "]" not in part


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


_BREAKS = str.maketrans("", "", "\n\r\t\f")


def _refuse_invisible(text: str) -> None:
    if text.translate(_BREAKS).isprintable():
        return  # nothing invisible, as in nearly every quote
    for place, char in enumerate(text):
        if char in HYPHENATION or char in "\n\r\t\f":
            continue
        if unicodedata.category(char) in ("Cf", "Cc", "Cn", "Co", "Cs"):
            name = unicodedata.name(char, "a control or private character")
            raise QuoteError(
                f"invisible character U+{ord(char):04X} ({name}) at position {place + 1}, "
                f"after {_short(text[max(0, place - 20) : place])!r}; type the quote without it"
            )
