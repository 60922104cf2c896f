"""The states of quotes, remembered while the room is served: anybody may ask for a page."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from openbook.audit.layers import at_hand
from openbook.audit.opened import Opened
from openbook.audit.verify import check_quotes
from openbook.core.anchor import Checked
from openbook.core.evidence import QuoteEvidence

Key = tuple[str, str, tuple[str, ...]]
WAIT = 10.0
"""Seconds to wait for others' quotes to be checked; then a page says nothing of the state."""


@dataclass
class Checks:
    """What checking quotes gave. A copy that cannot be read is not tried again for every page."""

    _found: dict[Key, Checked] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, opened: Opened, ids: Collection[str]) -> dict[str, Checked]:
        """The states of some evidence's quotes, by id."""
        keys = {
            one: _key(opened, one)
            for one in map(opened.audit.evidence.get, ids)
            if isinstance(one, QuoteEvidence)
        }
        missing = [one for one, key in keys.items() if key not in self._found]
        if missing and self._lock.acquire(timeout=WAIT):
            try:
                fresh, _ = check_quotes(opened, missing)
                self._found.update((keys[one], fresh[one.id]) for one in missing)
            finally:
                self._lock.release()
        return {one.id: self._found[key] for one, key in keys.items() if key in self._found}


def _key(opened: Opened, one: QuoteEvidence) -> Key:
    """All that the state depends on: the words, and the copies of their document at hand."""
    document = opened.audit.documents.get(one.document)
    copies = at_hand(document, opened.library) if document else ()
    return one.id, one.quote, tuple(copy.copy.sha256 for copy in copies)
