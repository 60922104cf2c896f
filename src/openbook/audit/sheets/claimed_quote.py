"""A quote of a spreadsheet: whether it stands in a copy at hand, where, and why not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openbook.audit.layers import CopyAtHand, at_hand
from openbook.audit.quoting.verify import Outcome, Reader
from openbook.audit.sheets.claims import ClaimedQuote
from openbook.audit.suggesting.proposed import MIN_QUOTE
from openbook.core.initiative import Document
from openbook.core.quote import QuoteError, parse_quote
from openbook.core.review import CellId
from openbook.core.text import is_word_char
from openbook.core.verify import State

_AROUND = (("“", "”"), ('"', '"'), ("„", "“"), ("«", "»"), ("‘", "’"), ("'", "'"))
_DOTS = re.compile(r"\s*\(?(?:\.\s*\.\s*\.|…)\)?\s*")
_BRACKETED_DOTS = re.compile(r"\[\s*(?:\.\s*\.\s*\.|…)\s*\]")


FIRMEST = tuple(map(str, (State.VERIFIED, State.WITH_ELISION, State.PUNCTUATION, State.FROM_SCAN)))


class Weighed(NamedTuple):
    """What became of one quote of a sheet."""

    cell: CellId
    claimed: ClaimedQuote
    text: str
    """The words as they stand; the sheet's own where they do not."""
    document: str = ""
    """Key of the document that it stands in; empty where it stands in none at hand."""
    state: str = "unverified"
    pages: tuple[int, ...] = ()
    """Where it stands; none in a copy that is one long page."""
    reason: str = ""
    """Why it is not verified."""

    @property
    def is_found(self) -> bool:
        """Whether it stands in the text of a document, or in what was read from a scan."""
        return bool(self.document)

    @property
    def is_verified(self) -> bool:
        return self.is_found and not self.is_from_scan

    @property
    def is_from_scan(self) -> bool:
        return self.state == State.FROM_SCAN

    @property
    def is_on_another_page(self) -> bool:
        """Whether the sheet names pages, and none of them is where it stands."""
        claimed = set(map(int, re.findall(r"\d+", self.claimed.page)[:20]))
        return bool(self.pages) and bool(claimed) and not claimed & set(self.pages)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it stands in another document than the sheet names."""
        named = self.claimed.document
        return self.is_found and bool(named) and named != self.document


def weighed(
    reader: Reader, cell: CellId, claimed: ClaimedQuote, documents: Sequence[Document]
) -> Weighed:
    """A quote looked for in these documents, the first that has it. The sheet's own quotation marks
    may be taken off and dots read as ``[...]``: of these readings the one that stands most firmly
    is taken."""
    if sum(map(is_word_char, claimed.text)) < MIN_QUOTE:
        return Weighed(cell, claimed, claimed.text, reason="is too short to be a quote")
    here = [one for document in documents for one in at_hand(document, reader.opened.library)]
    if not here:
        named = claimed.document or claimed.named or "its document"
        return Weighed(cell, claimed, claimed.text, reason=f"no copy of {named} is at hand")
    fault = ""
    found: list[Weighed] = []
    for text in readings(claimed.text):
        try:
            parse_quote(text)
        except QuoteError as error:
            fault = fault or str(error)
            continue
        for one in here:
            outcome = reader.outcome(text, one)
            if outcome is not None and outcome.state.is_found:
                key, pages = one.document.key, _pages(outcome) if _has_pages(one) else ()
                found.append(Weighed(cell, claimed, text, key, str(outcome.state), pages))
                if outcome.state.stands:
                    break
    if found:
        return min(found, key=lambda one: FIRMEST.index(one.state))
    keys = ", ".join(dict.fromkeys(one.document.key for one in here))
    return Weighed(cell, claimed, claimed.text, reason=fault or f"does not stand in {keys}")


def readings(text: str) -> Iterator[str]:
    """A text as people write quotes into cells: as it is, without the marks around it, with dots
    read as an elision. Each once."""
    bare = text.strip()
    for before, after in _AROUND:
        if len(bare) > 1 and bare.startswith(before) and bare.endswith(after):
            bare = bare[1:-1].strip()
            break
    dotted = _BRACKETED_DOTS.sub("…", bare)
    parts = [part for part in _DOTS.split(dotted) if part]
    yield from dict.fromkeys((text, bare, " [...] ".join(parts)))


def _has_pages(one: CopyAtHand) -> bool:
    return one.copy.media_type == "application/pdf" or (one.copy.pages or 0) > 1


def _pages(outcome: Outcome) -> tuple[int, ...]:
    found = (place.page for segment in outcome.segments for place in segment)
    return tuple(sorted(set(found)))
