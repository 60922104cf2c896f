"""What a newer version of a document did to the quotes of an older one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from openbook.core.anchor import DiffPart
from openbook.core.initiative import Copy
from openbook.core.records import Audit
from openbook.core.review import CellId
from openbook.core.text import Span
from openbook.core.verify import State


class Change(StrEnum):
    """What became of a quote."""

    IN_PLACE = "in place"
    """It stands word for word where it stood."""
    MOVED = "moved"
    """It stands word for word, elsewhere, or at more places than one."""
    ALTERED = "altered"
    """Its place is certain, and the words there differ."""
    MISSING = "missing"
    """It does not stand, and no place is certain to be its own."""

    @property
    def is_loss(self) -> bool:
        """Whether the newer version no longer says what was quoted."""
        return self in (Change.ALTERED, Change.MISSING)


@dataclass(frozen=True, slots=True)
class Reanchored:
    """A quote of the older version in the newer one."""

    change: Change
    state: State
    """What verifying the quote in the newer text shows, by equality and nothing else."""
    spans: tuple[Span, ...] = ()
    """Where its segments are in the newer text; empty where no place is certain."""
    was_on: int = 0
    """The page on which it began."""
    page: int | None = None
    """The page on which it begins now."""
    diff: tuple[DiffPart, ...] = ()
    """Its words beside those at its place, where they differ."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a document's quotes from one copy to another."""

    document: str
    old: Copy
    new: Copy
    quotes: tuple[tuple[str, Reanchored], ...]
    """The quotes that stood in the older copy, by evidence id."""
    only_new: tuple[str, ...] = ()
    """Ids of quotes that stand in the newer copy alone."""
    neither: tuple[str, ...] = ()
    """Ids of quotes that stand in neither."""

    @property
    def counts(self) -> Counter[Change]:
        """How many quotes had each fate."""
        return Counter(one.change for _, one in self.quotes)

    @property
    def losses(self) -> int:
        """How many quotes the newer copy no longer has."""
        return sum(one.change.is_loss for _, one in self.quotes)


def by_cell(audit: Audit, changed: Changed) -> dict[CellId, Counter[Change]]:
    """What became of the quotes that answer each question of each release; a quote counts for
    every cell it supports."""
    found: dict[CellId, Counter[Change]] = {}
    for id_, one in changed.quotes:
        for cell in supported(audit, id_):
            found.setdefault(cell, Counter())[one.change] += 1
    order = {cell: number for number, cell in enumerate(audit.cells)}
    return dict(sorted(found.items(), key=lambda pair: order.get(pair[0], len(order))))


def supported(audit: Audit, id_: str) -> Iterator[CellId]:
    """The cells that a piece of evidence supports."""
    for release, refs in audit.evidence[id_].supports.items():
        for keyword in dict.fromkeys(ref.keyword for ref in refs):
            yield CellId(release, keyword)
