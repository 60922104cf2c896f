"""What changed between two copies of a document, quote by quote. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openbook.audit.drift.reanchor import Stood, reanchor, stood
from openbook.audit.layers import VERSIONS, CopyAtHand, ordered, versions
from openbook.audit.opened import Opened, WrongUseError
from openbook.audit.quoting.placing import Words
from openbook.audit.quoting.verify import Outcome, Reader
from openbook.core.change import Changed, Reanchored
from openbook.core.evidence import QuoteEvidence
from openbook.core.initiative import Copy, Document
from openbook.core.problem import Problem
from openbook.core.quote import QuoteError, parse_quote


class Pair(NamedTuple):
    """Two copies of a document to compare."""

    document: Document
    old: Copy
    new: Copy


def pairs(opened: Opened) -> Iterator[Pair]:
    """The last two versions of every document with more than one at hand; where the only one at
    hand is newer than the version that anchors are recorded for, that version and this one."""
    for document in opened.audit.documents.values():
        found = versions(document, opened.library)
        if len(found) > 1:
            yield Pair(document, found[-2].copy, found[-1].copy)
        elif found and (older := _anchored_before(opened, document, found[0].copy)) is not None:
            yield Pair(document, older, found[0].copy)


def _anchored_before(opened: Opened, document: Document, new: Copy) -> Copy | None:
    """The last version before ``new`` that quotes are anchored in, though it is not at hand."""
    quoted = (one.id for one in opened.audit.evidence.values() if one.document == document.key)
    anchored = {anchor.copy for id_ in quoted for anchor in opened.anchors.get(id_, ())}
    before = [copy for copy in ordered(document) if copy.role in VERSIONS]
    older = before[: before.index(new)] if new in before else []
    return next((copy for copy in reversed(older) if copy.sha256 in anchored), None)


def pair_of(opened: Opened, document: Document, old: str, new: str) -> Pair:
    """Two copies of a document named by the beginnings of their hashes. Raises
    :class:`WrongUseError` where one names no copy, or the newer one is not at hand."""
    pair = Pair(document, _copy(document, old), _copy(document, new))
    if pair.old == pair.new:
        raise WrongUseError("--from and --to name the same copy")
    if not opened.library.has(pair.new.sha256):
        raise WrongUseError(f"the copy {new} is not at hand: fetch or add it")
    return pair


def _copy(document: Document, start: str) -> Copy:
    found = [copy for copy in document.hashed if start and copy.sha256.startswith(start)]
    if len(found) != 1:
        known = ", ".join(copy.sha256[:12] for copy in document.hashed) or "none"
        what = "more than one copy" if found else "no copy"
        raise WrongUseError(f"{start!r} names {what} of {document.key}; it has {known}")
    return found[0]


def changes(opened: Opened, wanted: Sequence[Pair]) -> tuple[tuple[Changed, ...], list[Problem]]:
    """What became of the quotes from one copy to the other, and copies that cannot be read."""
    reader = Reader(opened)
    found = (_changed(reader, pair) for pair in wanted)
    return tuple(one for one in found if one is not None), reader.problems


def _changed(reader: Reader, pair: Pair) -> Changed | None:
    layer = reader.layer(CopyAtHand(pair.document, pair.new))
    if layer is None:
        return None
    quotes: list[tuple[str, Reanchored]] = []
    only_new: list[str] = []
    neither: list[str] = []
    comparing = _Comparing(reader, pair, _older(reader, pair), Words(layer))
    for evidence in reader.opened.audit.evidence.values():
        if not isinstance(evidence, QuoteEvidence) or evidence.document != pair.document.key:
            continue
        one = comparing.became(evidence)
        if isinstance(one, Reanchored):
            quotes.append((evidence.id, one))
        else:
            (only_new if one else neither).append(evidence.id)
    return Changed(
        pair.document.key, pair.old, pair.new, tuple(quotes), tuple(only_new), tuple(neither)
    )


def _older(reader: Reader, pair: Pair) -> Words | None:
    """The older text, where its copy is at hand and can be read."""
    if not reader.opened.library.has(pair.old.sha256):
        return None
    layer = reader.layer(CopyAtHand(pair.document, pair.old))
    return Words(layer) if layer is not None else None


@dataclass(frozen=True)
class _Comparing:
    """Two copies with their texts read once."""

    reader: Reader
    pair: Pair
    old: Words | None
    new: Words

    def became(self, evidence: QuoteEvidence) -> Reanchored | bool:
        """What became of a quote; of one that did not stand in the older copy, whether it stands
        in the newer one."""
        before = self._before(evidence)
        if before is not None:
            return reanchor(parse_quote(evidence.quote), before, self.new)
        now = self._outcome(evidence, self.pair.new)
        return now is not None and now.state.stands

    def _before(self, evidence: QuoteEvidence) -> Stood | None:
        """Where a quote stood in the older copy: by its text, else by the anchor recorded."""
        if self.old is None:
            recorded = self.reader.opened.anchors.get(evidence.id, ())
            found = (one for one in recorded if one.copy == self.pair.old.sha256)
            return next((stood(one, None) for one in found), None)
        outcome = self._outcome(evidence, self.pair.old)
        if outcome is None or not outcome.state.stands:
            return None
        return Stood(outcome.segments[0][0].page, outcome.found.spans, self.old)

    def _outcome(self, evidence: QuoteEvidence, copy: Copy) -> Outcome | None:
        try:
            return self.reader.outcome(evidence.quote, CopyAtHand(self.pair.document, copy))
        except QuoteError:
            return None
