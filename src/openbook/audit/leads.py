"""Leads: what the documents of an audit point to, that it has not collected, and their fate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from openbook.audit.layers import at_hand
from openbook.audit.opened import Opened, WrongUseError, prose
from openbook.audit.verify import Progress, Reader
from openbook.core.initiative import Document
from openbook.core.lead import Disposal, Kind, Lead, Mention, folded, found_in, gathered, touches
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
        layer = reader.layer(copy)
        if layer is not None:
            yield from found_in(document.key, layer.pages, _names(opened.audit))
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


def undisposed_of(opened: Opened, cell: CellId) -> tuple[Lead, ...]:
    """The open leads in a release's documents that touch a question: what somebody who calls the
    question not stated should have followed first."""
    question, release = opened.question(cell.keyword), opened.release(str(cell.release))
    if not release.documents:
        return ()
    found = undisposed(opened, leads(opened, release.documents))
    return tuple(one for one in found if touches(one, question))


def dispose(
    opened: Opened,
    lead: Lead,
    by: Auditor,
    date: dt.date,
    *,
    reason: str = "",
    document: str = "",
) -> Disposal:
    """Record that a lead was collected, as ``document``, or is irrelevant, for a ``reason``; an
    earlier decision is replaced. The audit is to be held for writing."""
    reason = prose(reason, "the reason")
    if bool(document) == bool(reason):
        raise WrongUseError("a lead is collected as a document, or irrelevant for a reason")
    state = "collected" if document else "irrelevant"
    key = opened.document(document).key if document else ""
    made = Disposal(lead.id, lead.target, state, by.id, reason, key, date)
    fields: dict[str, Value] = {"target": made.target, "state": made.state, "by": made.by}
    fields |= {"reason": made.reason} if made.reason else {"document": made.document}
    fields |= {"date": date}
    path = opened.folder / LEADS
    before = opened.audit.disposals.get(lead.id)
    if before is None:
        append_table(path, toml_table("[[lead]]", {"id": made.id, **fields}))
    elif (before.state, before.reason, before.document) != (state, reason, key):
        if before.state != state:
            raise WrongUseError(
                f"{lead.id} is {before.state} already; to change that, edit {LEADS}"
            )
        set_item(path, "lead", lambda one: one.get("id") == made.id, fields)
    return made
