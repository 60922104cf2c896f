"""Bringing documents into the library: from their addresses, or from somebody who has them.

Both go through what the command line does: addresses are checked before connecting, and what is
opened is opened in a confined process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from openbook.audit.fetching import fetch_documents
from openbook.audit.intake import add_copy, source_of
from openbook.audit.opened import AuditError, writing
from openbook.files.library import sha256_of
from openbook.files.write import WriteError
from openbook.web.jobs import Outcome, Report
from openbook.web.quarantine import file_name
from openbook.web.room import Room, utc_now

Work = Callable[[Report], Outcome]


def fetched(room: Room, document: str, report: Report) -> Outcome:
    """Fetch a document from the addresses that the audit has for it, public ones only."""
    opened = room.opened()
    try:
        (found,) = fetch_documents(
            opened,
            (opened.document(document),),
            utc_now().date(),
            progress=lambda _, done, total: report(done, total),
        )
    except (AuditError, WriteError) as error:
        return Outcome(False, room.without_paths(str(error)))
    room.forget()
    if found.error:
        return Outcome(False, room.without_paths(found.error))
    if found.is_changed:
        return Outcome(True, "Fetched: it has changed, and both versions are kept.")
    return Outcome(True, "Fetched, and at hand.")


class Given(NamedTuple):
    """A copy that somebody sent."""

    document: str
    name: str
    data: bytes
    role: str


def taken_in(room: Room, given: Given) -> Outcome:
    """Keep a copy: bytes that the audit lists are simply at hand then; others become another copy
    of the document."""
    try:
        return _taken_in(room, given)
    except (AuditError, WriteError) as error:
        return Outcome(False, room.without_paths(str(error)))


def _taken_in(room: Room, given: Given) -> Outcome:
    opened = room.opened()
    sha256 = sha256_of(given.data)
    for document in opened.audit.documents.values():
        if any(one.sha256 == sha256 for one in document.copies):
            opened.library.add(given.data)
            return Outcome(
                True, f"These are the bytes the audit lists for {document.key}: at hand."
            )
    name = file_name(given.name)
    source = source_of(name, name, given.data)
    with writing(room.folder) as current:
        add_copy(current, given.document, source, date=utc_now().date(), role=given.role)
    room.forget()
    return Outcome(True, "Kept as another copy, and written into the audit.")
