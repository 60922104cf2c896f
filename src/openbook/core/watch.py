"""What watching the addresses of documents showed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openbook.core.change import Change, Changed
from openbook.core.initiative import Copy
from openbook.core.review import Recheck


class Seen(StrEnum):
    """What an address gave."""

    UNCHANGED = "unchanged"
    """The bytes that the audit has."""
    SAME_TEXT = "bytes changed, text same"
    """Other bytes that say the same: a date, a counter or a token in what surrounds the text."""
    CHANGED = "changed"
    """Another text."""
    GONE = "gone"
    """The server says that there is nothing at the address (any more)."""
    FAILED = "error"
    """Nothing is known of it: an error is never `unchanged`."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One address of a document, and what became of the document there."""

    document: str
    url: str
    seen: Seen
    is_not_modified: bool = False
    """Whether the server said so itself (304), and sent no bytes."""
    copy: Copy | None = None
    """The new bytes, where there are any."""
    changed: Changed | None = None
    """What became of the quotes, where the text changed."""
    untold: tuple[str, ...] = ()
    """Ids of evidence of which nobody can tell what became: it does not stand in the new text, and
    neither the older version nor an anchor in it is at hand."""
    rechecks: tuple[Recheck, ...] = ()
    """What is to be looked at again and was not known to be."""
    is_settled: bool = False
    """Whether a person has looked again at all that this version does to cells, as where an address
    goes back to an older one."""
    led_to: str = ""
    """The host that the address leads to now, where it led to another before."""
    message: str = ""

    @property
    def has_drift(self) -> bool:
        """Whether a quote is no longer just as and where it was, and that is not settled."""
        if self.is_settled:
            return False
        quotes = self.changed.quotes if self.changed else ()
        return any(one.change is not Change.IN_PLACE for _, one in quotes)

    @property
    def has_error(self) -> bool:
        """Whether something is not known, or the document is gone."""
        return self.seen in (Seen.GONE, Seen.FAILED) or bool(self.untold)
