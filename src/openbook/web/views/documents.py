"""The documents of the audit: which are at hand, and bringing those that are not."""

from __future__ import annotations

from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.core.initiative import ROLES, Document
from openbook.report.site import words
from openbook.web import bringing
from openbook.web.acts import record
from openbook.web.bodies import FORM, UPLOAD
from openbook.web.findings import outside
from openbook.web.guard import Asked, page
from openbook.web.jobs import Job
from openbook.web.limits import Limit
from openbook.web.people import Role
from openbook.web.shown import shown
from openbook.web.views.pile import limits, pile_of

OFTEN = Limit(60, 3600.0)


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    editor = Role.EDITOR
    return [
        Route("/documents", page(documents, needs=editor)),
        Route("/documents/{document}/state", page(state, needs=editor)),
        Route(
            "/documents/{document}/fetch",
            page(fetch, needs=editor, often=OFTEN),
            methods=["POST"],
        ),
        Route(
            "/documents/{document}/copy",
            page(upload, needs=editor, most=UPLOAD + FORM, often=OFTEN),
            methods=["POST"],
        ),
    ]


class CopyLine(NamedTuple):
    """A copy in the list."""

    role: str
    what: str
    sha256: str
    is_here: bool
    url: str
    href: str
    """The address, where it may be a link."""


class Line(NamedTuple):
    """A document in the list."""

    document: Document
    copies: tuple[CopyLine, ...]
    is_here: bool
    can_fetch: bool
    releases: tuple[str, ...]
    job: Job | None


def documents(asked: Asked) -> Response:
    """All documents, those that are missing first."""
    audit = asked.room.opened().audit
    lines = sorted(
        (_line(asked, one) for one in audit.documents.values()), key=lambda one: one.is_here
    )
    here = sum(one.is_here for one in lines)
    return shown(
        asked,
        "documents.html",
        pile=pile_of(asked),
        limits=limits(),
        is_clean=True,
        lines=lines,
        here=here,
        roles=[(role, words.ROLES[role]) for role in ROLES],
        megabytes=UPLOAD >> 20,
    )


def _line(asked: Asked, document: Document) -> Line:
    opened = asked.room.opened()
    copies = tuple(
        CopyLine(
            words.ROLES[one.role],
            ", ".join(
                filter(
                    None,
                    (
                        one.media_type.partition(";")[0],
                        words.count(one.pages, "page") if one.pages else "",
                        f"{one.bytes / 1e6:.1f} MB" if one.bytes else "",
                        words.day(one.retrieved),
                    ),
                )
            ),
            one.sha256,
            bool(one.sha256) and opened.library.has(one.sha256),
            one.url,
            outside(one.url),
        )
        for one in document.copies
    )
    releases = tuple(one.label for one in opened.audit.releases if document.key in one.documents)
    return Line(
        document,
        copies,
        any(one.is_here for one in copies),
        any(one.url for one in copies),
        releases,
        asked.room.jobs.of(document.key),
    )


def _document(asked: Asked) -> Document:
    document = asked.room.opened().audit.documents.get(asked.path["document"])
    if document is None:
        raise HTTPException(404, "There is no such document in this audit.")
    return document


def state(asked: Asked) -> Response:
    """How far bringing a document is: asked for again and again until it is done."""
    job = asked.room.jobs.of(_document(asked).key)
    return shown(asked, "documents_job.html", is_clean=True, job=job, key=_document(asked).key)


def fetch(asked: Asked) -> Response:
    """Begin to fetch a document from the addresses that the audit has for it."""
    document = _document(asked)
    if not any(one.url for one in document.copies):
        raise HTTPException(409, "The audit has no address for this document.")
    room = asked.room
    return _begun(
        asked, document, "fetching", lambda report: bringing.fetched(room, document.key, report)
    )


def upload(asked: Asked) -> Response:
    """Begin to read a copy that somebody has."""
    document = _document(asked)
    name, data = asked.files.get("file", ("", b""))
    role = asked.form.get("role", "original")
    if not data or role not in ROLES:
        raise HTTPException(400, "Choose a file, and say what kind of copy it is.")
    if len(data) > UPLOAD:
        raise HTTPException(413, f"This is larger than {UPLOAD >> 20} MB.")
    room, given = asked.room, bringing.Given(document.key, name, data, role)
    return _begun(asked, document, "reading", lambda _: bringing.taken_in(room, given))


def _begun(asked: Asked, document: Document, what: str, work: bringing.Work) -> Response:
    if not asked.room.jobs.start(document.key, what, work):
        raise HTTPException(409, "Other documents are being brought. Try again in a minute.")
    with asked.room.store.writing() as db:
        record(db, asked.viewer.who, f"began {what} a document", document.key)
    return RedirectResponse(f"/documents#d-{document.key}", 303)
