"""The states of quotes, remembered while the room is served: anybody may ask for a page."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from openbook.audit.correct import Held, held_against
from openbook.audit.layers import at_hand, scanned_by
from openbook.audit.opened import Opened
from openbook.audit.quoting.verify import check_quotes
from openbook.core.anchor import Checked
from openbook.core.evidence import QuoteEvidence, RegionEvidence
from openbook.core.verify import State

Key = tuple[str, str, tuple[tuple[str, str], ...]]
MOST = 2000
"""Quotes of proposals that are remembered."""
WAIT = 10.0
"""Seconds to wait for others' quotes to be checked; then a page says nothing of the state."""


@dataclass
class Checks:
    """What checking quotes gave. A copy that cannot be read is not tried again for every page."""

    _found: dict[Key, Checked] = field(default_factory=dict)
    _held: dict[Key, Held] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, opened: Opened, ids: Collection[str]) -> dict[str, Checked]:
        """The states of quotes and regions among some evidence, by id."""
        wanted = {
            one.id: (one, _key(opened, one.id, one.document, _content(one)))
            for one in map(opened.audit.evidence.get, ids)
            if isinstance(one, (QuoteEvidence, RegionEvidence))
        }
        missing = [one for one, key in wanted.values() if key not in self._found]
        if missing and self._lock.acquire(timeout=WAIT):
            try:
                fresh, _ = check_quotes(opened, missing)
                self._found.update((wanted[id_][1], checked) for id_, checked in fresh.items())
            finally:
                self._lock.release()
        return {id_: self._found[key] for id_, (_, key) in wanted.items() if key in self._found}

    def held(self, opened: Opened, document: str, quote: str) -> Held:
        """Whether words that somebody quotes stand in a document."""
        key = _key(opened, document, document, quote)
        if key not in self._held:
            if not self._lock.acquire(timeout=WAIT):
                return Held(State.UNCHECKED, reason="other quotes are being checked; load again")
            try:
                while len(self._held) >= MOST:
                    self._held.pop(next(iter(self._held)))
                self._held[key] = held_against(opened, document, quote)
            finally:
                self._lock.release()
        return self._held[key]


def _key(opened: Opened, id_: str, document: str, quote: str) -> Key:
    """All that the state depends on: the words, the copies of their document at hand, and
    which engine read those that are scans."""
    found = opened.audit.documents.get(document)
    copies = at_hand(found, opened.library) if found else ()
    read = (scanned_by(one.copy, opened.cache) for one in copies)
    return id_, quote, tuple(zip((one.copy.sha256 for one in copies), read, strict=True))


def _content(one: QuoteEvidence | RegionEvidence) -> str:
    """What a state is of: the words, or a region with who confirmed it."""
    return one.quote if isinstance(one, QuoteEvidence) else f"{one.content} {one.confirmed}"
