"""Evidence as a page shows it: the words, where they stand, and how they were checked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openbook.core.anchor import Anchor, Checked
from openbook.core.evidence import (
    ArtifactEvidence,
    Evidence,
    QuoteEvidence,
    RegionEvidence,
    SecondaryEvidence,
    box_in_words,
)
from openbook.core.initiative import Copy, Document
from openbook.core.language import direction, is_tag
from openbook.core.review import CellId
from openbook.core.translation import Translation, of_quote
from openbook.core.verify import State
from openbook.report.site import address, marks, words
from openbook.report.site.amends import Amend, amends
from openbook.report.site.material import Material
from openbook.report.site.quoted import Piece, pieces


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; without an address they are shown as words alone."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence under a cell."""

    id: str
    """Of the HTML element."""
    name: str
    """The evidence's own id."""
    kind: str
    """``quote``, ``artifact``, ``secondary``, ``region`` or ``missing``."""
    mark: marks.Mark
    pieces: tuple[Piece, ...] = ()
    lang: str = ""
    dir: str = ""
    """``ltr`` or ``rtl``; empty where the language is unknown."""
    translations: tuple[Translation, ...] = ()
    """For readers; no evidence."""
    says: str = ""
    """Of a secondary report: what it says; of an artifact: its title."""
    document: Link = Link("")
    title: str = ""
    """The document's title."""
    place: str = ""
    source: Link = Link("")
    """The copy it stands in, outside."""
    careful: tuple[str, ...] = ()
    """What to know about how it was checked."""
    accepted: str = ""
    supports: tuple[str, ...] = ()
    note: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()
    """Who else cites the passage, and in which wording."""
    used: bool = True
    """Whether the cell's grade rests on it."""
    amends: tuple[Amend, ...] = ()


def proof(material: Material, cell: CellId, id_: str) -> Proof:
    """A piece of evidence as shown under ``cell``."""
    evidence = material.audit.evidence.get(id_)
    element = address.evidence_element(cell, id_)
    if evidence is None:
        return Proof(element, id_, "missing", marks.MISSING_MARK)
    base = _common(material, cell, evidence, element)
    if isinstance(evidence, QuoteEvidence):
        return _quote(material, evidence, base)
    if isinstance(evidence, ArtifactEvidence):
        return replace(
            base,
            kind="artifact",
            says=evidence.title,
            mark=marks.ARTIFACT_MARK,
            source=Link(evidence.url, address.web_url(evidence.url)),
            careful=(f"sha256 {evidence.sha256}",) if evidence.sha256 else (),
        )
    if isinstance(evidence, RegionEvidence):
        return _region(material, evidence, base)
    return replace(base, says=evidence.says, place=evidence.where)


def _region(material: Material, evidence: RegionEvidence, base: Proof) -> Proof:
    """A transcription with its place; the picture stays in the document."""
    checked = material.checks.get(evidence.id)
    state = checked.state if checked else State.UNCHECKED
    document = material.audit.documents.get(evidence.document)
    copies = document.copies if document else ()
    copy = next((one for one in copies if one.sha256 == evidence.copy), None)
    url = address.web_url(copy.url) if copy else ""
    at = address.at_page(url, copy.media_type, evidence.page) if copy and url else ""
    one = evidence.confirmed
    confirmed = (
        f"confirmed by {words.auditor_with_kind(material.audit, one.by)}, {words.day(one.date)}"
        if one and evidence.is_confirmed
        else ""
    )
    picture = evidence.picture
    drawn = f"picture {picture.sha256[:12]} at {picture.dpi} dpi by {picture.renderer}"
    role = _AGAINST.get(checked.role, "") if checked else ""
    told = (confirmed, role, checked.reason if checked else "", drawn)
    return replace(
        base,
        kind="region",
        mark=marks.region_mark(state),
        says=evidence.transcription,
        place=f"page {evidence.page}, box {box_in_words(evidence.box)}",
        source=Link("source", at),
        careful=tuple(filter(None, told)),
        accepted=base.accepted.replace("accepted by", "transcribed by", 1),
    )


def _common(material: Material, cell: CellId, evidence: Evidence, element: str) -> Proof:
    audit = material.audit
    document = audit.documents.get(evidence.document)
    href = address.document_address(evidence.document) if document else ""
    by = words.auditor_with_kind(audit, evidence.by) if evidence.by else ""
    when = f", {words.day(evidence.date)}" if evidence.date else ""
    question = audit.questionnaire.question(cell.keyword)
    refs = [ref for ref in evidence.supports.get(cell.release, ()) if ref.keyword == cell.keyword]
    points = [question.point(ref.key) for ref in refs] if question else []
    return Proof(
        element,
        evidence.id,
        "secondary" if isinstance(evidence, SecondaryEvidence) else "quote",
        marks.SECONDARY_MARK,
        document=Link(words.citation(document) if document else evidence.document, href),
        title=document.title if document else "",
        accepted=f"accepted by {by}{when}" if by else "",
        supports=tuple(point.text for point in points if point is not None),
        note=evidence.note,
        used=evidence.id in material.used(cell),
        amends=amends(material, material.corrections_of(evidence.id)),
    )


def _quote(material: Material, evidence: QuoteEvidence, base: Proof) -> Proof:
    checked = material.checks.get(evidence.id) or Checked(
        evidence.id, evidence.document, State.UNCHECKED
    )
    document = material.audit.documents.get(evidence.document)
    recorded = material.anchors.get(evidence.id, ())
    anchor = checked.anchor or (recorded[0] if recorded else None)
    source, place = _source(document, anchor)
    documents = material.audit.documents
    return replace(
        base,
        mark=marks.QUOTE_MARKS[checked.state],
        pieces=pieces(evidence.quote, checked.elisions),
        lang=lang_of(document),
        dir=direction(lang_of(document)),
        translations=of_quote(material.audit.translations, evidence.id),
        place=place,
        source=source,
        careful=tuple(_careful(material, checked, recorded)),
        elsewhere=tuple(
            (words.citation(documents[key]) if key in documents else key, wording)
            for key, wording in evidence.wording_elsewhere.items()
        ),
    )


def lang_of(document: Document | None) -> str:
    """The document's language, for pronunciation and hyphenation, where it is a proper tag."""
    language = document.language if document else ""
    return language if is_tag(language) else ""


def _source(document: Document | None, anchor: Anchor | None) -> tuple[Link, str]:
    """Where a reader finds the words outside: the copy they were anchored in, else the document."""
    if document is None:
        return Link(""), ""
    copy = _copy_of(document, anchor)
    place = _place(copy, anchor)
    if copy is not None and anchor is not None:
        url = address.web_url(copy.url)
        if url:
            return Link("source", address.at_page(url, copy.media_type, anchor.page)), place
    urls = (address.web_url(one) for one in (*(c.url for c in document.copies), document.url))
    return Link("source", next((url for url in urls if url), "")), place


def _copy_of(document: Document, anchor: Anchor | None) -> Copy | None:
    if anchor is None:
        return None
    return next((copy for copy in document.copies if copy.sha256 == anchor.copy), None)


def _place(copy: Copy | None, anchor: Anchor | None) -> str:
    """``page 17``; nothing for a copy that is one long page."""
    if anchor is None or not anchor.segments or not all(anchor.segments):
        return ""
    paged = copy is None or copy.media_type == "application/pdf" or (copy.pages or 0) > 1
    if not paged:
        return ""
    last = max(place.page for segment in anchor.segments for place in segment)
    return f"page {anchor.page}" if last == anchor.page else f"pages {anchor.page}–{last}"


_AGAINST = {
    "transcription": "against a transcription, not the original",
    "partial": "against a part of the document",
    "other-version": "against another version of the document",
}


def _careful(material: Material, checked: Checked, recorded: tuple[Anchor, ...]) -> list[str]:
    """What a reader should know beyond the state: the kind of copy, reasons, other places."""
    told: list[str] = []
    if checked.state is State.UNCHECKED:
        before = f"recorded as {recorded[0].state.value.replace('-', ' ')}" if recorded else ""
        told.append(before or "no copy of the document was at hand")
    else:
        told += filter(None, (_AGAINST.get(checked.role, ""), checked.reason))
    documents = material.audit.documents
    others = [words.citation(documents[key]) for key in checked.stands_in if key in documents]
    if others:
        told.append(f"the words do stand in {words.listing(others)}")
    return told
