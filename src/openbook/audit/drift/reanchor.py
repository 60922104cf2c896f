"""Re-anchoring: what became of a quote in a newer version of its document.

Find by fuzziness, verify by equality. :mod:`openbook.audit.quoting.placing` says where the quoted
passage is now, or that no place is certain; whether the quote *stands* there is for
:mod:`openbook.core.verify` alone. So a passage whose number changed, or into which a "not" was put,
is found and called altered, however like the quote it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from openbook.audit.quoting.nearest import trimmed
from openbook.audit.quoting.placing import Words, around, only_like, place
from openbook.audit.quoting.printed import by_prints
from openbook.audit.quoting.verify import told
from openbook.core.anchor import Anchor, DiffPart, places, word_diff
from openbook.core.change import Change, Reanchored
from openbook.core.negation import negation_at_end
from openbook.core.passage import readable
from openbook.core.prints import Prints
from openbook.core.quote import Quote
from openbook.core.text import Page, Span, TextLayer
from openbook.core.verify import State, Verification

_BESIDE = 40
"""Characters beside a place within which a quote may stand there: enough for the verifier to see
the words that its edges could cut, too few for another place of the same words."""

SAME = 0.5
"""The share of the words on one side, a page long, that make a place of a text without pages the
same place."""


@dataclass(frozen=True)
class Stood:
    """Where a quote stood in the older version."""

    page: int
    """The page on which it began."""
    spans: tuple[Span, ...] = ()
    """Where its segments stood in ``text``."""
    text: Words | None = None
    """The older text; None where it is not at hand."""
    prints: tuple[Prints, ...] = ()
    """Where it is not at hand, the prints of what surrounded each segment; none where only the
    page is known."""


def stood(anchor: Anchor, layer: TextLayer | None) -> Stood:
    """Where a quote stood by its anchor: with its surroundings, if the text layer that the anchor
    counts in is at hand."""
    if layer is None or layer.sha256 != anchor.layer:
        return Stood(anchor.page, prints=anchor.prints)
    return Stood(anchor.page, anchor.spans(layer), Words(layer))


def reanchor(quote: Quote, before: Stood, new: Words) -> Reanchored:
    """What became of a quote: in place, moved, altered or missing.

    Several segments are placed each on its own, with what an elision leaves out as part of their
    surroundings. A quote is altered when at least half of it has a place that is certain.
    """
    whole = told(quote, new.layer)
    if before.text is None and not _has_prints(before, quote) and whole.state.stands:
        at_place = _only_one(quote, before.page, whole, new.layer)
        if at_place is None:
            return _unplaced(before, whole, new)
        return _standing(before, at_place, None, new)
    found = _found(quote, before, new)
    spans = [_span(segment, one, new) for segment, one in zip(quote.segments, found, strict=True)]
    certain = [one for one in spans if one is not None]
    if len(certain) == len(spans):
        at_place = _verified_at(quote, certain, whole, new.layer)
        if at_place is not None:
            if at_place.state is State.PUNCTUATION:  # its own spans end where the words do
                at_place = replace(at_place, spans=tuple(certain))
            return _standing(before, at_place, found[0], new)
    has_place = 2 * _size(quote, spans) >= sum(map(len, quote.segments))
    if not has_place:
        return _unplaced(before, whole, new)
    if before.text is None and whole.state.stands and _overlap(whole.spans, spans):
        return _standing(before, whole, None, new)  # a short segment may have no place of its own
    return _altered(quote, before, spans, whole, new)


def _has_prints(before: Stood, quote: Quote) -> bool:
    """Whether prints of the surroundings are known, of this wording of the quote."""
    return len(before.prints) == len(quote.segments)


class _Range(NamedTuple):
    """Some words of the newer text: the number of the first, and of the first behind them."""

    start: int
    end: int


def _found(quote: Quote, before: Stood, new: Words) -> list[_Range | None]:
    """Where each segment is now."""
    if before.text is not None:
        found = [place(before.text, span, new) for span in before.spans]
        return [_Range(one.start, one.end) if one else None for one in found]
    alone = [Words(TextLayer((Page(1, segment),), "")) for segment in quote.segments]
    if _has_prints(before, quote):
        pairs = zip(alone, before.prints, strict=True)
        near = new.near_page(before.page)
        placed = [by_prints(one.lettered, prints, new.lettered, near) for one, prints in pairs]
        return [_Range(*one) if one else None for one in placed]
    found = [only_like(one, new) for one in alone]
    return [_Range(one.start, one.end) if one else None for one in found]


def _span(segment: str, found: _Range | None, new: Words) -> Span | None:
    if found is None:
        return None
    span = Span(new.spans[found.start].start, new.spans[found.end - 1].end)
    return trimmed(segment, new.layer.text, span)


def _size(quote: Quote, spans: Sequence[Span | None]) -> int:
    """How many characters of the quote have a place."""
    pairs = zip(quote.segments, spans, strict=True)
    return sum(len(segment) for segment, span in pairs if span is not None)


def _verified_at(
    quote: Quote, spans: Sequence[Span], whole: Verification, layer: TextLayer
) -> Verification | None:
    """The verification of a quote at its place; None where it does not stand just there."""
    if whole.state.stands and _overlap(whole.spans, spans):
        return whole
    start = max(0, min(one.start for one in spans) - _BESIDE)
    end = max(one.end for one in spans) + _BESIDE
    return _within(quote, layer, start, end)


def _overlap(some: Sequence[Span], others: Sequence[Span | None]) -> bool:
    """Whether segments stand at the places that are certain."""
    pairs = ((one, other) for one, other in zip(some, others, strict=True) if other)
    return all(one.start < other.end and other.start < one.end for one, other in pairs)


def _only_one(
    quote: Quote, number: int, whole: Verification, layer: TextLayer
) -> Verification | None:
    """The verification of a quote at the only place where it stands, in the text or else on the
    page it was on; None where it stands more than once."""
    if _stands_once(quote, whole, layer, 0, len(layer.text)):
        return whole
    for page, start in zip(layer.pages, layer.starts, strict=True):
        if page.number == number:
            end = start + len(page.text)
            found = _within(quote, layer, start, end)
            return found if found and _stands_once(quote, found, layer, start, end) else None
    return None


def _stands_once(quote: Quote, at: Verification, layer: TextLayer, start: int, end: int) -> bool:
    """Whether a quote that stands ``at`` a place stands neither before nor behind it."""
    before = _within(quote, layer, start, at.spans[0].start)
    return before is None and _within(quote, layer, at.spans[-1].end, end) is None


def _within(quote: Quote, layer: TextLayer, start: int, end: int) -> Verification | None:
    """The verification of a quote in a stretch of a text; None where it does not stand there."""
    part = TextLayer((Page(1, layer.text[start:end]),), layer.extractor)
    found = told(quote, part)
    if not found.state.stands:
        return None
    spans = tuple(Span(one.start + start, one.end + start) for one in found.spans)
    return Verification(found.state, spans, found.elisions, found.reason)


def _standing(before: Stood, at: Verification, found: _Range | None, new: Words) -> Reanchored:
    """A quote that stands word for word at a place that is certain."""
    page = places(new.layer, at.spans[0])[0].page
    denial = _new_denial(before, at.spans[0], new)
    if denial:
        change, reason = Change.ALTERED, f"the word before it is now {denial!r}"
    elif page != before.page:
        change, reason = Change.MOVED, f"from page {before.page} to page {page}"
    elif found is not None and _is_elsewhere(before, found, new):
        change, reason = Change.MOVED, "to a place among other words"
    else:
        change, reason = Change.IN_PLACE, at.reason
    return Reanchored(change, at.state, at.spans, before.page, page, (), reason)


def _new_denial(before: Stood, span: Span, new: Words) -> str:
    """A negation right before a quote where the older version has none."""
    if before.text is None:
        return ""
    old, was = before.text.layer.text, before.spans[0].start
    now = negation_at_end(new.layer.text[max(0, span.start - 24) : span.start])
    return "" if negation_at_end(old[max(0, was - 24) : was]) else now


def _is_elsewhere(before: Stood, found: _Range, new: Words) -> bool:
    """Whether a place in a text without pages is among other words than before."""
    if before.text is None or len(new.layer.pages) > 1:
        return False
    shares = around(before.text, before.spans[0], new, *found)
    return max(shares, default=1.0) < SAME


def _altered(
    quote: Quote, before: Stood, spans: Sequence[Span | None], whole: Verification, new: Words
) -> Reanchored:
    kept = tuple(one for one in spans if one is not None)
    diff: list[DiffPart] = []
    for segment, span in zip(quote.segments, spans, strict=True):
        there = readable(new.layer.text[span.start : span.end]) if span else ""
        diff.extend(word_diff(readable(segment), there))
    page = places(new.layer, kept[0])[0].page
    reasons = [whole.reason] if whole.state is State.ALTERED else []
    if whole.state.stands:
        elsewhere = places(new.layer, whole.spans[0])[0].page
        reasons.append(f"its words stand elsewhere, on page {elsewhere}")
    if len(kept) < len(spans):
        reasons.append("a part of it has no certain place")
    if page != before.page:
        reasons.append(f"now on page {page}")
    return Reanchored(
        Change.ALTERED, whole.state, kept, before.page, page, tuple(diff), "; ".join(reasons)
    )


def _unplaced(before: Stood, whole: Verification, new: Words) -> Reanchored:
    """A quote without a place that is certain; its words may stand for all that."""
    if not whole.state.stands:
        reason = "no place in the newer text is certain to be its own"
        return Reanchored(Change.MISSING, whole.state, was_on=before.page, reason=reason)
    page = places(new.layer, whole.spans[0])[0].page
    reason = f"its words stand on page {page}, but no place is certain to be its own"
    return Reanchored(Change.MOVED, whole.state, was_on=before.page, reason=reason)
