"""Leads: what the documents of an audit point to, that it has not collected, and their fate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from openbook.audit.layers import at_hand
from openbook.audit.opened import Opened, WrongUseError, prose
from openbook.audit.quoting.verify import Progress, Reader
from openbook.core.initiative import Document, ReleaseId
from openbook.core.lead import (
    Disposal,
    Kind,
    Lead,
    Mention,
    folded,
    found_in,
    gathered,
    own_numbers,
    touches,
)
from openbook.core.records import Audit
from openbook.core.review import Auditor, CellId
from openbook.files.edit import append_table, set_item
from openbook.files.write import Value, toml_table

LEADS = "leads.toml"


def leads(
    opened: Opened, keys: Sequence[str] = (), progress: Progress | None = None
) -> tuple[Lead, ...]:
    """What the documents at hand point to (all, or those of these keys) and no document of the
    audit is, disposed of or not. Of a document's copies the first that can be read is taken."""
    documents = [opened.document(key) for key in keys] or [*opened.audit.documents.values()]
    reader = Reader(opened)
    known = {target for one in opened.audit.documents.values() for target in _own(one)}
    found: list[tuple[Kind, str, Mention]] = []
    for done, document in enumerate(documents, 1):
        found += (
            one for one in _mentions(reader, opened, document) if (one[0], one[1]) not in known
        )
        if progress:
            progress(done, len(documents))
    return gathered(found, _names(opened.audit))


def _mentions(
    reader: Reader, opened: Opened, document: Document
) -> Iterator[tuple[Kind, str, Mention]]:
    for copy in at_hand(document, opened.library):
        layers = reader.layers(copy)
        if layers:
            pages = tuple(page for layer in layers for page in layer.pages)
            own = own_numbers(pages)
            for one in found_in(document.key, pages, _names(opened.audit)):
                if one[0] is not Kind.ARXIV or one[1] not in own:
                    yield one
            return


def _own(document: Document) -> Iterator[tuple[Kind, str]]:
    """What addresses that lead to a collected document say."""
    for url in (document.url, *(u for copy in document.copies for u in (copy.url, *copy.via))):
        if url:
            yield folded(url)
    yield Kind.TITLE, " ".join(document.title.lower().split())


def _names(audit: Audit) -> list[str]:
    labels = [release.label for release in audit.releases]
    return [*labels, *(name for one in audit.initiatives for name in (one.name, one.company))]


def undisposed(opened: Opened, found: Sequence[Lead]) -> tuple[Lead, ...]:
    """The leads that nobody has decided about."""
    return tuple(lead for lead in found if lead.id not in opened.audit.disposals)


def leads_of(opened: Opened, cell: CellId) -> tuple[Lead, ...]:
    """The leads in a release's documents that touch a question, disposed of or not: what somebody
    who calls the question not stated has to follow first."""
    return leads_of_cells(opened, (cell,))[cell]


def leads_of_cells(opened: Opened, cells: Iterable[CellId]) -> dict[CellId, tuple[Lead, ...]]:
    """:func:`leads_of` for several cells, each release's documents looked through once."""
    found: dict[ReleaseId, tuple[Lead, ...]] = {}
    touching = {}
    for cell in cells:
        question, release = opened.question(cell.keyword), opened.release(str(cell.release))
        if release.id not in found:
            found[release.id] = leads(opened, release.documents) if release.documents else ()
        touching[cell] = tuple(one for one in found[release.id] if touches(one, question))
    return touching


def dispose(
    opened: Opened,
    lead: Lead,
    by: Auditor,
    date: dt.date,
    *,
    reason: str = "",
    document: str = "",
    unavailable: bool = False,
) -> Disposal:
    """Record that a lead was collected, as ``document``, or is irrelevant, or could not be had,
    for a ``reason``; an earlier decision is replaced. The audit is to be held for writing."""
    reason = prose(reason, "the reason")
    if bool(document) == bool(reason):
        raise WrongUseError(
            "a lead is collected as a document, or irrelevant or unavailable for a reason"
        )
    state = "collected" if document else "unavailable" if unavailable else "irrelevant"
    key = opened.document(document).key if document else ""
    made = Disposal(lead.id, lead.target, state, by.id, reason, key, date)
    fields: dict[str, Value | None] = {
        "target": made.target,
        "state": made.state,
        "by": made.by,
        "reason": made.reason or None,
        "document": made.document or None,
        "date": date,
    }
    path = opened.folder / LEADS
    before = opened.audit.disposals.get(lead.id)
    if before is None:
        append_table(path, toml_table("[[lead]]", {"id": made.id, **fields}))
    elif (before.state, before.reason, before.document) != (state, reason, key):
        set_item(path, "lead", lambda one: one.get("id") == made.id, fields)
    return made
