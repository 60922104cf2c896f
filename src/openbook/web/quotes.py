"""Evidence as the reading page shows it: its words, how they stand, and where to find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from openbook.audit.opened import AuditError, Opened
from openbook.audit.quoting.evidence import WouldBe, would_be
from openbook.audit.quoting.selection import MOST
from openbook.audit.quoting.verify import check_quotes
from openbook.audit.search.search import layers_at_hand
from openbook.core.anchor import Checked, Place, places
from openbook.core.evidence import (
    ArtifactEvidence,
    Evidence,
    QuoteEvidence,
    RegionEvidence,
    box_in_words,
)
from openbook.core.language import direction
from openbook.core.passage import Passage, readable
from openbook.core.quote import QuoteError, parse_quote
from openbook.core.translation import Translation, of_quote
from openbook.report.site.marks import ARTIFACT_MARK, QUOTE_MARKS, SECONDARY_MARK, Mark, region_mark
from openbook.report.site.proof import lang_of
from openbook.report.site.quoted import Piece, pieces
from openbook.web.desk import Desk


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """One piece of evidence."""

    id: str
    document: str
    mark: Mark
    pieces: tuple[Piece, ...]
    by: str = ""
    points: tuple[str, ...] = ()
    """Keys of the points of the cell's question that it supports; empty for the question."""
    place: str = ""
    """Where it stands, in words."""
    reason: str = ""
    """What to be careful about, or why it does not stand."""
    copy: str = ""
    """Of the copy it stands in."""
    places: str = ""
    """The stretches of that copy, as the page's script reads them."""
    words: tuple[str, ...] = ()
    """The document's words, segment by segment."""
    text: str = ""
    """The quote as people write it."""
    lang: str = ""
    dir: str = ""
    """``ltr`` or ``rtl``; empty where the language is unknown."""
    translations: tuple[Translation, ...] = ()
    """For readers; no evidence."""


def narrowed(opened: Opened, keys: Iterable[str]) -> Opened:
    """The audit with these documents alone: a quote that fails is looked for in them, and not in
    all that the audit has."""
    wanted = set(keys)
    documents = {key: one for key, one in opened.audit.documents.items() if key in wanted}
    return replace(opened, audit=replace(opened.audit, documents=documents))


def checked_words(desk: Desk, document: str, text: str) -> WouldBe:
    """A quote that the auditor means to take, checked in the release's documents. Raises
    :class:`openbook.audit.opened.AuditError` for what is no quote."""
    if len(text) > MOST:
        raise AuditError(f"{len(text):,} characters are more than a quote may have ({MOST:,})")
    keys = (*desk.release.documents, document)
    return would_be(narrowed(desk.view, keys), document, text, {}, desk.auditor.id)


def own_quotes(desk: Desk) -> list[ShownEvidence]:
    """The quotes of the draft."""
    evidence = [
        QuoteEvidence(one.id, one.document, one.text, {}, desk.auditor.id)
        for one in desk.draft.quotes
    ]
    shown = shown_evidence(desk, evidence)
    return [
        replace(one, points=quote.points)
        for one, quote in zip(shown, desk.draft.quotes, strict=True)
    ]


def shown_evidence(desk: Desk, ones: Iterable[Evidence]) -> list[ShownEvidence]:
    """Evidence, with how its quotes stand in the copies at hand."""
    every = list(ones)
    quotes = [one for one in every if isinstance(one, (QuoteEvidence, RegionEvidence))]
    keys = (*desk.release.documents, *(one.document for one in quotes))
    checked, _ = check_quotes(narrowed(desk.opened, keys), quotes)
    return [_shown(desk, one, checked.get(one.id)) for one in every]


def _shown(desk: Desk, one: Evidence, checked: Checked | None) -> ShownEvidence:
    refs = one.supports.get(desk.cell.release, ())
    points = tuple(ref.key for ref in refs if ref.keyword == desk.cell.keyword and ref.key)
    if isinstance(one, RegionEvidence) and checked is not None:
        place = f"page {one.page}, box {box_in_words(one.box)}"
        said, mark = (Piece("words", one.transcription),), region_mark(checked.state)
        return ShownEvidence(
            one.id, one.document, mark, said, one.by, points, place, checked.reason
        )
    if not isinstance(one, QuoteEvidence) or checked is None:
        is_artifact = isinstance(one, ArtifactEvidence)
        says = one.title if isinstance(one, ArtifactEvidence) else getattr(one, "says", "")
        mark = ARTIFACT_MARK if is_artifact else SECONDARY_MARK
        place = one.url if isinstance(one, ArtifactEvidence) else getattr(one, "where", "")
        said = (Piece("words", says),)
        return ShownEvidence(one.id, one.document, mark, said, one.by, points, place)
    anchor = checked.anchor
    audit = desk.opened.audit
    lang = lang_of(audit.documents.get(one.document))
    return ShownEvidence(
        one.id,
        one.document,
        QUOTE_MARKS[checked.state],
        pieces(one.quote, checked.elisions),
        one.by,
        points,
        f"page {anchor.page}" if anchor else "",
        checked.reason,
        anchor.copy if anchor else "",
        as_text(place for segment in anchor.segments for place in segment) if anchor else "",
        _segments(one.quote),
        one.quote,
        lang,
        direction(lang),
        of_quote(audit.translations, one.id),
    )


def _segments(text: str) -> tuple[str, ...]:
    try:
        return parse_quote(text).segments
    except QuoteError:
        return ()


def as_text(found: Iterable[Place]) -> str:
    """Places as the page's script reads them: ``36:1204-1890 37:0-40``."""
    return " ".join(f"{one.page}:{one.start}-{one.end}" for one in found)


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage to be read."""

    id: str
    document: str
    copy: str
    page: int
    section: str
    text: str
    places: str
    answers: bool | None = None
    """What the auditor said of it; None where nothing yet."""
    is_scan: bool = False
    """Whether an engine read it from the picture of a page."""


def shown_passages(
    desk: Desk, ones: Sequence[Passage], answers: Sequence[bool | None] = ()
) -> list[ShownPassage]:
    """Passages, with where they stand."""
    layers = {
        (one.copy.sha256, page.number): layer
        for one, layer in layers_at_hand(desk.view, sorted({each.document for each in ones}))
        for page in layer.pages
        if layer.is_scan or page.number not in layer.blank
    }
    said = answers or [None] * len(ones)
    return [
        ShownPassage(
            one.id,
            one.document,
            one.copy,
            one.page,
            one.section,
            readable(one.text),
            as_text(places(layers[one.copy, one.page], one.span))
            if (one.copy, one.page) in layers
            else "",
            told,
            one.is_scan,
        )
        for one, told in zip(ones, said, strict=True)
    ]
