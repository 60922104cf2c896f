"""Every document with its copies, and what rests on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from openbook.core.change import Change, Changed, by_cell
from openbook.core.evidence import Standing, standing
from openbook.core.initiative import Copy, Document
from openbook.core.review import CellId
from openbook.report.site import address, words
from openbook.report.site.amends import Amend, amends
from openbook.report.site.material import Material
from openbook.report.site.proof import Link


@dataclass(frozen=True, slots=True)
class CopyView:
    """The bytes of a document as somebody had them."""

    role: str
    media_type: str
    source: Link
    sha256: str
    size: str
    retrieved: str
    note: str
    checked: str
    """How many quotes were found in it."""


@dataclass(frozen=True, slots=True)
class ChangedView:
    """What became of a document's quotes in its newest version: counts, and no words of it."""

    summary: str
    cells: tuple[tuple[Link, str], ...]
    """The cells that lost a quote, or whose quote moved, each with its counts."""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document."""

    id: str
    key: str
    title: str
    citation: str
    facts: tuple[str, ...]
    source: Link
    note: str
    copies: tuple[CopyView, ...]
    serves: tuple[Link, ...]
    """The releases it documents."""
    evidence: str
    quotes: tuple[Link, ...]
    amends: tuple[Amend, ...]
    changed: ChangedView | None


@dataclass(frozen=True, slots=True)
class DocumentsView:
    """The page."""

    summary: str
    documents: tuple[DocumentView, ...]
    unknown: tuple[str, ...]
    """Keys that evidence or releases name and no record describes."""


def documents_view(material: Material) -> DocumentsView:
    """All documents, in the order of the releases they serve."""
    audit = material.audit
    by_document: dict[str, list[str]] = defaultdict(list)
    for id_, evidence in audit.evidence.items():
        by_document[evidence.document].append(id_)
    used = [key for release in audit.releases for key in release.documents]
    order = dict.fromkeys(key for key in (*used, *audit.documents) if key in audit.documents)
    named = dict.fromkeys((*used, *by_document))
    hashed = sum(bool(document.hashed) for document in audit.documents.values())
    return DocumentsView(
        f"{words.count(len(order), 'document')}, {hashed} of them with a copy known by its hash.",
        tuple(_document(material, audit.documents[key], by_document[key]) for key in order),
        tuple(key for key in named if key not in audit.documents),
    )


def _document(material: Material, document: Document, evidence: list[str]) -> DocumentView:
    url = address.web_url(document.url)
    facts = (
        words.listing(document.authors) if len(document.authors) < 4 else "",
        str(document.year or ""),
        words.DOCUMENT_KINDS.get(document.kind, document.kind),
        f"language: {document.language}" if document.language else "",
        f"licence: {document.licence}" if document.licence else "",
    )
    return DocumentView(
        address.key_slug(document.key),
        document.key,
        document.title or document.key,
        words.citation(document),
        tuple(fact for fact in facts if fact),
        Link(document.url, url),
        document.note,
        tuple(_copy(material, one) for one in document.copies),
        tuple(
            Link(row.release.label, address.release_address(row.release.id))
            for row in material.table.rows
            if document.key in row.release.documents
        ),
        _evidence(material, evidence),
        tuple(Link(id_, place) for id_ in evidence if (place := material.place_of(id_))),
        amends(material, material.corrections_of(document.key)),
        _changed(material, material.changed.get(document.key)),
    )


def _changed(material: Material, changed: Changed | None) -> ChangedView | None:
    if changed is None or not changed.quotes:
        return None
    cells = tuple(
        (Link(_cell_name(material, cell), address.cell_address(cell)), _fates(counts))
        for cell, counts in by_cell(material.audit, changed).items()
        if cell.release in material.row_of and set(counts) - {Change.IN_PLACE}
    )
    return ChangedView(
        f"{words.sentence(_version(changed.new))} was compared with {_version(changed.old)}. Of "
        f"{words.count(len(changed.quotes), 'quote')}: {_fates(changed.counts)}.",
        cells,
    )


def _version(copy: Copy) -> str:
    when = f" taken on {words.day(copy.retrieved)}" if copy.retrieved else ""
    return f"the copy {copy.sha256[:12]}{when}"


def _cell_name(material: Material, cell: CellId) -> str:
    return f"{material.row_of[cell.release].release.label}, {cell.keyword}"


def _fates(counts: Counter[Change]) -> str:
    return ", ".join(f"{counts[one]} {one}" for one in Change if counts[one])


def _copy(material: Material, copy: Copy) -> CopyView:
    size = [f"{copy.bytes:,} bytes" if copy.bytes else ""]
    size.append(words.count(copy.pages, "page") if copy.pages else "")
    checked = sum(
        one.anchor is not None and bool(copy.sha256) and one.anchor.copy == copy.sha256
        for one in material.checks.values()
    )
    return CopyView(
        words.ROLES.get(copy.role, copy.role),
        copy.media_type,
        Link(copy.url, address.web_url(copy.url)),
        copy.sha256,
        ", ".join(filter(None, size)),
        words.day(copy.retrieved),
        copy.note,
        f"{words.count(checked, 'quote stands', 'quotes stand')} in it" if checked else "",
    )


_STANDINGS = {
    Standing.VERIFIED: "verified",
    Standing.FROM_SCAN: "read from a scan",
    Standing.CONFIRMED: "pictures read alike by two readers",
    Standing.UNCHECKED: "unchecked",
    Standing.SECONDARY: "reported in it about others",
    Standing.FAILED: "not standing in it",
}


def _evidence(material: Material, ids: list[str]) -> str:
    if not ids:
        return "No evidence rests on it."
    counts = Counter(standing(material.audit.evidence[id_], material.states) for id_ in ids)
    told = ", ".join(f"{counts[one]} {name}" for one, name in _STANDINGS.items() if counts[one])
    return f"{words.count(len(ids), 'piece of evidence', 'pieces of evidence')}: {told}."
