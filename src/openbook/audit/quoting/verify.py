"""Checking every quote against the copies at hand, and showing what stands there instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from openbook.audit.layers import (
    CopyAtHand,
    at_hand,
    layer_of,
    scan_of,
    versions,
    with_boxes,
)
from openbook.audit.opened import Opened
from openbook.core.anchor import Anchor, Checked, Nearest, Place, changes, places, word_diff
from openbook.core.evidence import QuoteEvidence, RegionEvidence
from openbook.core.initiative import Document
from openbook.core.passage import readable
from openbook.core.problem import Problem
from openbook.core.quote import Quote, QuoteError, parse_quote
from openbook.core.text import Span, TextLayer
from openbook.core.verify import Elided, State, Verification, verify
from openbook.sources.extractors import extractor_for

VERIFIER = "verify-7"
"""Version of the verifier: results remembered under another version are not used."""

ALTERED_FROM = 0.75
"""Likeness from which a passage is called an altered form of the quote rather than another one."""

Progress = Callable[[int, int], None]


@dataclass
class Reader:
    """Gives the text layers of copies at hand, each read at most once."""

    opened: Opened
    problems: list[Problem] = field(default_factory=list)
    """Copies that could not be read."""
    _layers: dict[str, TextLayer | None] = field(default_factory=dict)
    _scans: dict[str, TextLayer | None] = field(default_factory=dict)

    def layer(self, one: CopyAtHand, *, quietly: bool = False) -> TextLayer | None:
        """The copy's text layer; None when it cannot be read, which is noted as a problem unless
        it is asked for ``quietly``."""
        sha256 = one.copy.sha256
        if sha256 not in self._layers:
            found = layer_of(one, self.opened.library, self.opened.cache)
            if isinstance(found, Problem) and not quietly:
                self.problems.append(found)
            self._layers[sha256] = found if isinstance(found, TextLayer) else None
        return self._layers[sha256]

    def scan(self, one: CopyAtHand) -> TextLayer | None:
        """What an engine read from those of the copy's pages that are pictures, if it did."""
        sha256 = one.copy.sha256
        if sha256 not in self._scans:
            self._scans[sha256] = scan_of(one.copy, self.opened.cache)
        return self._scans[sha256]

    def layers(self, one: CopyAtHand) -> tuple[TextLayer, ...]:
        """The copy's text layer and, apart from it, what was read from its pictures: those there
        are."""
        scan = self.scan(one)
        text = self.layer(one, quietly=scan is not None)
        return tuple(layer for layer in (text, scan) if layer is not None)

    def outcome(self, quote: str, one: CopyAtHand) -> Outcome | None:
        """The outcome of one quote in one copy: in its text, and where it does not stand there, in
        what was read from its pages that are pictures. None where neither can be read."""
        scan = self.scan(one)
        found = self._in_text(quote, one, quietly=scan is not None)
        if scan is None or (found is not None and found.state.stands):
            return found
        read = self._in_scan(quote, one, scan)
        return read if found is None or read.state.is_found else found

    def _in_scan(self, quote: str, one: CopyAtHand, scan: TextLayer) -> Outcome:
        cache = self.opened.cache
        key = ("outcome", VERIFIER, one.copy.sha256, scan.extractor, scan.sha256, quote)
        kept = cache.get(*key)
        if kept is not None:
            return _unpacked(kept)
        found = told(parse_quote(quote), scan)
        boxed = with_boxes(one.copy, cache)
        segments = tuple(tuple(map(boxed, places(scan, span))) for span in found.spans)
        outcome = Outcome(found, scan.sha256, scan.extractor, segments)
        cache.put(_packed(outcome), *key)
        return outcome

    def _in_text(self, quote: str, one: CopyAtHand, *, quietly: bool) -> Outcome | None:
        """From memory where nothing has changed."""
        cache = self.opened.cache
        extractor = extractor_for(one.copy.media_type) or ""
        key = ("outcome", VERIFIER, one.copy.sha256, extractor, quote)
        kept = cache.get(*key) if extractor else None
        if kept is not None:
            return _unpacked(kept)
        layer = self.layer(one, quietly=quietly)
        if layer is None:
            return None
        found = told(parse_quote(quote), layer)
        segments = tuple(places(layer, span) for span in found.spans)
        outcome = Outcome(found, layer.sha256, layer.extractor, segments)
        if extractor:
            cache.put(_packed(outcome), *key)
        return outcome


def told(quote: Quote, layer: TextLayer) -> Verification:
    """The verification of a quote; where punctuation differs, its reason says which."""
    found = verify(quote, layer)
    if found.state is not State.PUNCTUATION:
        return found
    differs = [
        changes(word_diff(readable(segment), readable(layer.text[span.start : span.end])))
        for segment, span in zip(quote.segments, found.spans, strict=True)
    ]
    marks = f"punctuation differs: {' … '.join(filter(None, differs))}"
    return replace(found, reason="; ".join(filter(None, (marks, found.reason))))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verification and where its segments stand, page by page."""

    found: Verification
    layer: str
    """sha256 of the text layer."""
    extractor: str
    segments: tuple[tuple[Place, ...], ...]

    @property
    def state(self) -> State:
        return self.found.state


def check_quotes(
    opened: Opened,
    wanted: Iterable[QuoteEvidence | RegionEvidence] | None = None,
    progress: Progress | None = None,
) -> tuple[dict[str, Checked], list[Problem]]:
    """The state of every quote and region (or of those wanted), by evidence id, and unreadable
    copies."""
    reader = Reader(opened)
    quotes = [
        one
        for one in (opened.audit.evidence.values() if wanted is None else wanted)
        if isinstance(one, (QuoteEvidence, RegionEvidence))
    ]
    checked: dict[str, Checked] = {}
    for done, evidence in enumerate(quotes):
        if progress:
            progress(done + 1, len(quotes))
        checked[evidence.id] = (
            check_quote(reader, evidence)
            if isinstance(evidence, QuoteEvidence)
            else _check_region(opened, evidence)
        )
    return checked, reader.problems


def _check_region(opened: Opened, evidence: RegionEvidence) -> Checked:
    from openbook.audit.quoting.region_check import check_region  # pictures, which few audits need

    return check_region(opened, evidence)


def check_quote(reader: Reader, evidence: QuoteEvidence) -> Checked:
    """The state of one quote: the best outcome among the copies of its document at hand."""
    try:
        quote = parse_quote(evidence.quote)
    except QuoteError as error:
        return Checked(evidence.id, evidence.document, State.ALTERED, reason=str(error))
    document = reader.opened.audit.documents.get(evidence.document)
    copies = at_hand(document, reader.opened.library) if document else ()
    outcomes = [(one, reader.outcome(evidence.quote, one)) for one in copies]
    readable_ = [(one, outcome) for one, outcome in outcomes if outcome is not None]
    if not readable_:
        reason = "its copies cannot be read" if copies else "no copy of its document is at hand"
        return Checked(evidence.id, evidence.document, State.UNCHECKED, reason=reason)
    for one, outcome in sorted(readable_, key=lambda pair: _ORDER.index(pair[1].state)):
        if outcome.state.is_found:
            standing = _standing(reader, evidence, one, outcome)
            return _dated(reader, standing, document, dict(readable_)) if document else standing
    one, outcome = min(readable_, key=lambda pair: _ORDER.index(pair[1].state))
    return _failing(reader, evidence, quote, one, outcome)


_ORDER = (
    State.VERIFIED,
    State.WITH_ELISION,
    State.PUNCTUATION,
    State.FROM_SCAN,
    State.ALTERED,
    State.MISSING,
)


def _standing(
    reader: Reader, evidence: QuoteEvidence, one: CopyAtHand, outcome: Outcome
) -> Checked:
    anchor = Anchor(
        evidence.id,
        one.copy.sha256,
        outcome.layer,
        outcome.extractor,
        outcome.state,
        outcome.segments,
    )
    state, reason = outcome.state, outcome.found.reason
    recorded = reader.opened.anchors.get(evidence.id, ())
    pages = {old.page for old in recorded}
    is_other_copy = bool(recorded) and all(old.copy != anchor.copy for old in recorded)
    if state.stands and is_other_copy and anchor.page not in pages:
        state = State.MOVED
        reason = f"recorded on page {min(pages)} of another copy, here on page {anchor.page}"
    return Checked(
        evidence.id, evidence.document, state, anchor, one.copy.role, outcome.found.elisions, reason
    )


def _dated(
    reader: Reader, checked: Checked, document: Document, outcomes: Mapping[CopyAtHand, Outcome]
) -> Checked:
    """A standing quote; where the version taken last no longer has it, that is said."""
    found = versions(document, reader.opened.library)
    last = outcomes.get(found[-1]) if len(found) > 1 else None
    if last is None or last.state.is_found:
        return checked
    when = found[-1].copy.retrieved
    taken = f", of {when}" if when else ""
    dated = f"does not stand in the version taken last{taken}"
    reason = "; ".join(filter(None, (dated, checked.reason)))
    return replace(checked, is_outdated=True, reason=reason)


def _failing(
    reader: Reader, evidence: QuoteEvidence, quote: Quote, one: CopyAtHand, outcome: Outcome
) -> Checked:
    like, is_misread = _nearest(reader, quote, one)
    stands_in = tuple(elsewhere(reader, evidence))
    state = outcome.state
    if state is State.MISSING and like and like.likeness >= ALTERED_FROM:
        # What an engine read wrongly is no fault of the quote.
        state = State.UNCHECKED if is_misread else State.ALTERED
    reason = outcome.found.reason if outcome.state is State.ALTERED else ""
    if not reason and not stands_in:
        reason = _over_page_break(reader, quote, one)
    return Checked(
        evidence.id,
        evidence.document,
        state,
        role=one.copy.role,
        elisions=outcome.found.elisions,
        reason=reason or _reason(state, like, stands_in),
        nearest=like,
        stands_in=stands_in,
    )


def _reason(state: State, like: Nearest | None, stands_in: tuple[str, ...]) -> str:
    if stands_in:
        return f"does not stand in this document, but in {', '.join(stands_in)}"
    if state is State.UNCHECKED and like:
        return f"read otherwise from the scan, perhaps wrongly: look at page {like.page}"
    if state is State.ALTERED and like:
        return f"differs from the document in words, on page {like.page}"
    return "does not stand in the copies at hand"


def elsewhere(reader: Reader, evidence: QuoteEvidence) -> Iterable[str]:
    """Keys of other documents at hand in which the quote does stand."""
    for key, document in reader.opened.audit.documents.items():
        if key == evidence.document:
            continue
        for one in at_hand(document, reader.opened.library):
            outcome = reader.outcome(evidence.quote, one)
            if outcome is not None and outcome.state.stands:
                yield key
                break


def _nearest(reader: Reader, quote: Quote, one: CopyAtHand) -> tuple[Nearest | None, bool]:
    """The passage most like a quote, and whether it was read from a scan."""
    from openbook.audit.quoting.nearest import (
        nearest,  # slow to import, and needed where a quote fails
    )

    found = [
        (like, layer.is_scan)
        for layer in reader.layers(one)
        if (like := nearest(quote, layer, one.document.key)) is not None
    ]
    return max(found, key=lambda pair: pair[0].likeness, default=(None, False))


def _over_page_break(reader: Reader, quote: Quote, one: CopyAtHand) -> str:
    from openbook.audit.quoting.page_break import over_page_break

    found = (over_page_break(quote, layer) for layer in reader.layers(one))
    return next(filter(None, found), "")


def anchors_of(checked: Mapping[str, Checked]) -> dict[str, list[Anchor]]:
    """The anchors that checking gave, by document key."""
    found: dict[str, list[Anchor]] = {}
    for one in checked.values():
        if one.anchor is not None:
            found.setdefault(one.document, []).append(one.anchor)
    return found


def _packed(outcome: Outcome) -> str:
    found = outcome.found
    return json.dumps(
        {
            "state": found.state,
            "spans": [[span.start, span.end] for span in found.spans],
            "elisions": [
                [one.span.start, one.span.end, one.text, one.insertion, one.negations, one.hides]
                for one in found.elisions
            ],
            "reason": found.reason,
            "layer": outcome.layer,
            "extractor": outcome.extractor,
            "segments": [
                [[p.page, p.start, p.end, p.boxes] for p in one] for one in outcome.segments
            ],
        }
    )


def _unpacked(text: str) -> Outcome:
    data = json.loads(text)
    elisions = tuple(
        Elided(Span(start, end), left_out, insertion, tuple(negations), tuple(hides))
        for start, end, left_out, insertion, negations, hides in data["elisions"]
    )
    spans = tuple(Span(start, end) for start, end in data["spans"])
    segments = tuple(
        tuple(
            Place(page, start, end, tuple(map(tuple, boxes))) for page, start, end, boxes in segment
        )
        for segment in data["segments"]
    )
    found = Verification(State(data["state"]), spans, elisions, data["reason"])
    return Outcome(found, data["layer"], data["extractor"], segments)
