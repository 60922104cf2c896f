"""What a language model proposes for a cell. Never evidence, never a judgement: kept apart."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from openbook.core.anchor import Anchor
from openbook.core.initiative import is_key, slug
from openbook.core.review import CellId, PointState

SHORTENED = 60
"""Characters kept of a quote that does not stand: enough to know it by, too few to quote it."""


class Fabrication(StrEnum):
    """What is wrong with a proposed quote that does not stand in the document it names."""

    INVENTED = "invented"
    """Nothing in the document is much like it."""
    ALTERED = "altered"
    """It is like a passage of the document, and differs in words."""
    ELSEWHERE = "of another document"
    """It stands, but in another document than the one named."""


@dataclass(frozen=True, slots=True)
class ProposedQuote:
    """Words a model proposes that do stand in the document it names."""

    document: str
    quote: str
    """As people write it, ready for ``audit quote``."""
    supports: tuple[str, ...]
    """Keys of the points it is said to support."""
    anchor: Anchor
    """Where it stands. ``anchor.evidence`` is the id it would have as evidence."""


@dataclass(frozen=True, slots=True)
class FabricatedQuote:
    """The trace of words a model proposed that do not stand: not the words."""

    kind: Fabrication
    document: str
    """The document the model named, whether there is one or not."""
    sha256: str
    """Of the words."""
    begins: str
    """Their first characters, :data:`SHORTENED` at most."""


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage the model was shown, by place and hash; its words stay in the document."""

    document: str
    copy: str
    page: int
    start: int
    end: int
    sha256: str
    """Of the passage's words as they were shown."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One answer of a model for one cell, after every quote of it was verified."""

    cell: CellId
    model: str
    """The name it was asked for by."""
    version: str
    """What the server says answered."""
    endpoint: str
    """Host and port of the server."""
    at: str
    """ISO time."""
    prompt: str
    """sha256 of what was asked, its random marks left out."""
    ranker: str
    """Name and version of what chose the passages."""
    shown: tuple[ShownPassage, ...]
    quotes: tuple[ProposedQuote, ...] = ()
    fabricated: tuple[FabricatedQuote, ...] = ()
    set_aside: int = 0
    """Quotes too short, too long or too many to be checked: neither standing nor fabricated."""
    points: Mapping[str, PointState] = field(default_factory=dict)
    """What the model says of points; one whose quotes all failed is unreviewed."""
    grade: int | None = None
    reason: str = ""
    """The model's words."""
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    """In the currency of the prices given; None where none were, or the server counts nothing."""
    is_replayed: bool = False
    """Whether the answer comes from a recording."""


def model_folder(name: str) -> str:
    """The key that names a model's folder: ``Qwen/Qwen3-8B`` gives ``qwen-qwen3-8b``."""
    key = slug(name)
    return key if is_key(key) else f"model-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def grounded_points(
    said: Mapping[str, PointState],
    standing: Sequence[Sequence[str]],
    failed: Sequence[Sequence[str]],
) -> dict[str, PointState]:
    """Point states as far as they may be kept, given what each quote was said to support.

    A point that is told rests on a quote that stands; without one it is unreviewed. So is a point
    all of whose quotes failed, whatever it was called.
    """
    grounded = {key for points in standing for key in points}
    undone = {key for points in failed for key in points} - grounded
    return {
        key: PointState.UNREVIEWED
        if key in undone or (state.informs and key not in grounded)
        else state
        for key, state in said.items()
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """What a model's proposals come to."""

    model: str
    versions: tuple[str, ...]
    proposals: int
    cells: int
    standing: int
    fabricated: Mapping[Fabrication, int]
    set_aside: int
    unfounded: int
    """Cells whose grade above 0 rests on no quote that stands, going by each cell's last answer."""
    tokens_in: int | None
    """None where some answer was not counted by the server."""
    tokens_out: int | None
    cost: float | None
    """None where some answer has none."""

    @property
    def fabrications(self) -> int:
        """How many quotes were fabricated, of whatever kind."""
        return sum(self.fabricated.values())

    @property
    def checked(self) -> int:
        """How many proposed quotes were held against their documents."""
        return self.standing + self.fabrications

    @property
    def fabrication_rate(self) -> float | None:
        """The share of checked quotes that were fabricated; None where there are none."""
        return self.fabrications / self.checked if self.checked else None


def by_model(proposals: Sequence[Proposal]) -> dict[str, tuple[Proposal, ...]]:
    """Proposals by the model that made them, in the order they were made."""
    found: dict[str, list[Proposal]] = {}
    for one in sorted(proposals, key=lambda one: one.at):
        found.setdefault(one.model, []).append(one)
    return {model: tuple(found[model]) for model in sorted(found)}


def latest(proposals: Sequence[Proposal]) -> dict[CellId, Proposal]:
    """The last proposal for each cell, of proposals in the order they were made."""
    return {one.cell: one for one in proposals}


def tally(model: str, proposals: Sequence[Proposal]) -> Tally:
    """The sums over one model's proposals."""
    kinds = Counter(quote.kind for one in proposals for quote in one.fabricated)
    last = latest(proposals)
    return Tally(
        model=model,
        versions=tuple(dict.fromkeys(one.version for one in proposals)),
        proposals=len(proposals),
        cells=len(last),
        standing=sum(len(one.quotes) for one in proposals),
        fabricated={kind: kinds[kind] for kind in Fabrication},
        set_aside=sum(one.set_aside for one in proposals),
        unfounded=sum(bool(one.grade) and not one.quotes for one in last.values()),
        tokens_in=_total([one.tokens_in for one in proposals]),
        tokens_out=_total([one.tokens_out for one in proposals]),
        cost=_total_cost([one.cost for one in proposals]),
    )


def _total(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(one for one in counts if one is not None)


def _total_cost(costs: Sequence[float | None]) -> float | None:
    return None if None in costs else round(sum(one for one in costs if one is not None), 6)
