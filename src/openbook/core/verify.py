"""Verification: does a quote stand in a document, word for word?

Find by fuzziness, verify by equality: nothing here is approximate. A quote is verified when its
segments stand in the text layer in order, equal under the relation enumerated in
:mod:`openbook.core.text`, each beginning and ending at the edge of a word, and when neither an
elision nor an insertion turns a partly quoted sentence round.

Differences in punctuation alone give the weaker state *verified-punctuation*. For it the sentence
punctuation ``. , ; : ! ? ' " ( ) [ ] { } -`` counts as a mere edge between words, except between
digits, in a sign before a digit, and as an apostrophe inside a word, where it stays significant.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from openbook.core.edges import cuts
from openbook.core.negation import (
    hidden_negations,
    negation_at_end,
    negation_behind,
    negations_in,
)
from openbook.core.quote import Quote
from openbook.core.text import (
    HYPHENATION,
    HYPHENS,
    SPACELESS,
    Folded,
    Span,
    TextLayer,
    divides_words,
    fold,
    fold_char,
    gap_readings,
    is_noise,
    is_wide_gap,
    is_word_char,
    without_punctuation,
)

MAX_ELISION = 2500
"""How many characters of the document one elision may leave out (about a page)."""

MAX_REPLACED = 300
"""How many characters of the document an editorial insertion may stand for (about a sentence)."""


class State(StrEnum):
    """What is known of a quote in a copy, or of a region of it, which is never verified."""

    VERIFIED = "verified"
    WITH_ELISION = "verified-with-elision"
    PUNCTUATION = "verified-punctuation"
    MOVED = "moved"
    FROM_SCAN = "read-from-scan"
    """The words are those that an engine read from pictures of pages, which may be misread."""
    ALTERED = "altered"
    MISSING = "missing"
    UNCHECKED = "unchecked"
    CONFIRMED = "confirmed"
    """Of a region: its picture is the one recorded, and a second reader confirmed what it says."""
    UNCONFIRMED = "unconfirmed"
    """Of a region: its picture is the one recorded, and one person alone read it."""
    INCOMPARABLE = "cannot-be-compared"
    """Of a region: another version of the renderer, or another kind of machine, drew it then."""

    @property
    def stands(self) -> bool:
        """Whether the words stand in the text of the copy at hand."""
        return self in (State.VERIFIED, State.WITH_ELISION, State.PUNCTUATION, State.MOVED)

    @property
    def is_found(self) -> bool:
        """Whether the words stand in the text of the copy at hand, or in what was read from
        pictures of its pages, which verifies nothing."""
        return self.stands or self is State.FROM_SCAN


@dataclass(frozen=True, slots=True)
class Elided:
    """What a quote leaves out between two segments, as the document has it."""

    span: Span
    text: str
    insertion: str
    """The editor's words that stand instead, if any."""
    negations: tuple[str, ...]
    """Words in the text left out that turn a meaning round: for the reader's attention."""
    hides: tuple[str, ...]
    """Those among them in a sentence that is partly quoted: these make the quote *altered*."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome for one quote in one text layer."""

    state: State
    spans: tuple[Span, ...] = ()
    """Where each segment stands; empty unless the words were found."""
    elisions: tuple[Elided, ...] = ()
    reason: str = ""
    """Why the quote is not verified, or what to be careful about."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of comparing: what is solid, and which readings a gap has."""

    view: Callable[[TextLayer], Folded]
    fold: Callable[[str], Folded]
    readings: Callable[[str, str, str], frozenset[str]]


def verify(quote: Quote, layer: TextLayer) -> Verification:
    """The state of ``quote`` in ``layer``: verified, verified-with-elision, verified-punctuation,
    altered (the words stand there but an elision or insertion turns them round) or missing.

    In a layer read from a scan nothing is verified: what would be is read-from-scan."""
    found = _verified(quote, layer)
    if not layer.is_scan or not found.state.stands:
        return found
    weaker = "" if found.state is State.VERIFIED else _LESS[found.state]
    reason = "; ".join(filter(None, (weaker, found.reason)))
    return replace(found, state=State.FROM_SCAN, reason=reason)


def _verified(quote: Quote, layer: TextLayer) -> Verification:
    denied = [words for words in quote.insertions if negations_in(words)]
    if denied:
        reason = (
            f"the editorial insertion [{denied[0]}] holds a negation that is not the document's"
        )
        return Verification(State.ALTERED, reason=reason)
    exact = State.WITH_ELISION if len(quote.segments) > 1 else State.VERIFIED
    for way, state in ((_STRICT, exact), (_LOOSE, State.PUNCTUATION)):
        chain = _best_chain(quote, layer, way)
        if chain is None:
            continue
        elisions = _elisions(quote, layer, chain)
        hidden = [word for elided in elisions for word in elided.hides]
        if hidden:
            reason = f"an elision leaves out {hidden[0]!r} in a sentence that is partly quoted"
            return Verification(State.ALTERED, chain, elisions, reason)
        return Verification(state, chain, elisions, _caution(layer, chain))
    return Verification(State.MISSING, reason="not found in this text")


_LESS = {State.WITH_ELISION: "with words left out", State.PUNCTUATION: "punctuation differs"}
"""How words stand that do not stand as they are, for what is read from a scan."""


def _best_chain(quote: Quote, layer: TextLayer, way: _Way) -> tuple[Span, ...] | None:
    """Where the segments stand in order: hiding as few negations as possible, then the shortest.

    Over all places of all segments: for each place of a segment the best chain that ends there,
    made from the best chains that end within an elision's reach before it.
    """
    hay = way.view(layer)
    ends: list[_Chain] = []
    for number, segment in enumerate(quote.segments):
        places = _Finder(way.fold(segment), hay, way).places()
        if number == 0:
            ends = [_Chain(0, span.start, span, None) for span in places]
        else:
            reach = MAX_REPLACED if quote.joins[number - 1].insertion else MAX_ELISION
            ends = [one for span in places if (one := _extended(ends, span, layer.text, reach))]
        if not ends:
            return None
    return min(ends, key=lambda one: (one.hides, one.last.end - one.start)).spans()


@dataclass(frozen=True, slots=True)
class _Chain:
    """The best way found to a place of a segment."""

    hides: int
    """Negations hidden by its elisions."""
    start: int
    """Where its first segment begins."""
    last: Span
    before: _Chain | None

    def spans(self) -> tuple[Span, ...]:
        """The places of its segments, in order."""
        found = [self.last]
        here = self
        while here.before is not None:
            here = here.before
            found.append(here.last)
        return tuple(reversed(found))


def _extended(ends: list[_Chain], span: Span, text: str, reach: int) -> _Chain | None:
    """The best chain that goes on to ``span`` within ``reach``; ``ends`` in the text's order."""
    best: _Chain | None = None
    first = bisect_left(ends, span.start - reach, key=lambda one: one.last.end)
    beyond = bisect_right(ends, span.start, key=lambda one: one.last.end)
    for chain in reversed(ends[first:beyond]):  # the nearest first: it leaves most others no chance
        if best is not None and (chain.hides, -chain.start) > (best.hides, -best.start):
            continue
        hides = chain.hides + len(hidden_negations(text, Span(chain.last.end, span.start)))
        if best is None or (hides, -chain.start) <= (best.hides, -best.start):
            best = _Chain(hides, chain.start, span, chain)
    return best


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds one segment in a text."""

    needle: Folded
    hay: Folded
    way: _Way

    def places(self) -> Iterator[Span]:
        """Where the segment stands, in the order of the text."""
        solid, hay = self.needle.solid, self.hay
        at = hay.solid.find(solid)
        while solid and at >= 0:
            if self._is_whole(at) and self._gaps_agree(at) and self._forms_agree(at):
                span = self._span(at)
                if span and not (cuts(hay.raw, span.start) or cuts(hay.raw, span.end)):
                    yield span
            at = hay.solid.find(solid, at + 1)

    def _is_whole(self, at: int) -> bool:
        """Whether the ends fall between characters, not inside one (``ﬂ`` is one, ``fl`` two)."""
        places, end = self.hay.places, at + len(self.needle.solid)
        begins = at == 0 or places[at - 1] != places[at]
        return begins and (end == len(places) or places[end - 1] != places[end])

    def _gaps_agree(self, at: int) -> bool:
        needle, hay = self.needle, self.hay
        for index in range(len(needle.solid) - 1):
            ours, theirs = needle.gap(index), hay.gap(at + index)
            if ours == theirs:
                continue
            around = needle.solid[index], needle.solid[index + 1]
            if not (ours + theirs).strip() and is_wide_gap(hay, at + index):
                continue
            if not self.way.readings(ours, *around) & self.way.readings(theirs, *around):
                return False
        # A mark of a divided word may stand in a quote only where the document has a break.
        return all(
            _DIVIDED.search(hay.gap(at + index))
            for index in range(len(needle.solid) - 1)
            if _bare_mark(needle.gap(index))
        )

    def _forms_agree(self, at: int) -> bool:
        """A look-alike letter or digit (``𝐊``, ``Ｋ``) in a quote must be the document's own."""
        needle, hay = self.needle, self.hay
        for index, place in enumerate(needle.places):
            char = needle.raw[place]
            if char >= "\x80" and _is_look_alike(char) and hay.raw[hay.places[at + index]] != char:
                return False
        return True

    def _span(self, at: int) -> Span | None:
        """Where the segment stands, with the sign, point or dash at its ends; None without them."""
        needle, raw = self.needle, self.hay.raw
        last = at + len(needle.solid) - 1
        start, end = self.hay.start(at), self.hay.end(last)
        lead = _folded(needle.raw[: needle.places[0]])
        sign = re.search(r"[-.]*$" if needle.solid[0].isdigit() else "-?$", lead)
        size = len(sign.group()) if sign else 0
        if size and _folded(raw[max(0, start - size) : start]) != lead[-size:]:
            return None
        # "- 5" may be read as a number with its sign: the dash must be the document's.
        apart = re.search(r"-\s+$", lead) if needle.solid[0].isdigit() else None
        if apart and not _folded(raw[max(0, start - 8) : start]).rstrip().endswith("-"):
            return None
        if _folded(needle.raw[needle.end(len(needle.solid) - 1) :])[:1] == "-":
            if _folded(raw[end : end + 1]) != "-":
                return None
            end += 1
        return Span(start - size, end)


def _folded(text: str) -> str:
    return "".join(map(fold_char, text))


_REST = 200
"""Characters behind a quote in which the end of its sentence is looked for."""


_DIVIDED = re.compile(rf"[{HYPHENATION}]|[{HYPHENS}]\s*[\n\r\f]")
"""A word divided at the end of a line."""


_HALVES = re.compile(rf"[{HYPHENATION}]|[{HYPHENS}]\s*[\n\r\f]")
"""The same right behind its first half."""


_BROKEN_SIGN = re.compile(rf"(?:[{HYPHENS}\u2212]\s*[\n\r\f]|[\ufffe\x02])\s*$")
"""A sign at the end of a line, its number on the next."""


def _bare_mark(gap: str) -> bool:
    return any(char in HYPHENATION for char in gap) and not any(map(str.isspace, gap))


def _is_look_alike(char: str) -> bool:
    """Whether NFKC makes a letter or digit of it, and it is no Latin ligature."""
    is_folded = unicodedata.decomposition(char).startswith("<") and not "\ufb00" <= char <= "\ufb06"
    return is_folded and any(map(str.isalnum, unicodedata.normalize("NFKC", char)))


def _elisions(quote: Quote, layer: TextLayer, chain: tuple[Span, ...]) -> tuple[Elided, ...]:
    found: list[Elided] = []
    for join, (left, right) in zip(quote.joins, pairwise(chain), strict=True):
        span = Span(left.end, right.start)
        text = layer.text[span.start : span.end]
        hides = hidden_negations(layer.text, span)
        found.append(Elided(span, text, join.insertion, negations_in(text), hides))
    return tuple(found)


def _caution(layer: TextLayer, chain: tuple[Span, ...]) -> str:
    word = negation_at_end(layer.text[max(0, chain[0].start - 24) : chain[0].start])
    if word:
        return f"the word before the quote is {word!r}: read it in its sentence"
    end = chain[-1].end
    word = negation_behind(layer.text[end : end + _REST])
    return f"behind the quote its sentence has {word!r}: read it to its end" if word else ""


# --- Punctuation only -------------------------------------------------------------------------


def _loose_readings(gap: str, before: str, after: str) -> frozenset[str]:
    """A gap as nothing, an edge between words, or punctuation that stays significant."""
    canonical = "".join(fold_char(char) for char in gap if not is_noise(char))
    divided = is_word_char(before) and _HALVES.match(gap)
    squeezed = re.sub(r"\s+", " ", canonical)
    is_signed = _is_signed(squeezed, before) or (not divided and _BROKEN_SIGN.search(gap))
    if after.isdigit() and (before.isdigit() or is_signed):
        plain = squeezed.strip("- ") == ""
        return gap_readings(gap, before, after) if plain else frozenset((squeezed,))
    if squeezed in ("'", "'- ") and is_word_char(before) and is_word_char(after):
        return frozenset(("'",))
    if divided:
        return frozenset(("", " "))
    if squeezed in ("", " ") and (SPACELESS.match(before) or SPACELESS.match(after)):
        return gap_readings(gap, before, after)
    return frozenset((" " if squeezed else "",))


def _is_signed(squeezed: str, before: str) -> bool:
    """Whether a gap before a digit ends in a sign or decimal point of the number.

    "GPT-4" and "word.5" have none: there the mark follows the letter of a word.
    """
    if squeezed[-1:] not in tuple("-.,'"):
        return False
    follows_word = len(squeezed) == 1 and is_word_char(before) and not divides_words(before)
    return not follows_word


_STRICT = _Way(lambda layer: layer.folded, fold, gap_readings)
_LOOSE = _Way(
    lambda layer: layer.bare, lambda text: without_punctuation(fold(text)), _loose_readings
)
