"""Copies of documents to look at: pages of PDFs, and everything else as sanitised HTML.

A copy is named by its hash, and is shown only where a document of this audit lists it.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openbook.audit.layers import (
    CopyAtHand,
    at_hand,
    layers_of,
    pages_of,
    scan_lines,
    scan_of,
)
from openbook.audit.opened import AuditError
from openbook.core.outline import Heading, headings
from openbook.core.problem import Problem
from openbook.core.text import Page
from openbook.files.library import Library
from openbook.sources.errors import SourceError
from openbook.sources.extractors import kind_said
from openbook.sources.pdf_view import PICTURE_TYPE
from openbook.sources.sanitised import sanitised
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.shown import shown

WIDTHS = (400, 800, 1200, 1600)
"""Pixels across a picture: few, so that pictures are made once for everybody."""
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [
        Route("/copy/{sha256}", page(copy, needs=Role.AUDITOR)),
        Route("/copy/{sha256}/page/{page:int}.webp", page(picture, needs=Role.AUDITOR)),
        Route("/copy/{sha256}/page/{page:int}", page(lines, needs=Role.AUDITOR)),
    ]


def is_pdf(one: CopyAtHand, library: Library) -> bool:
    """Whether a copy is shown page by page."""
    kind = kind_said(one.copy.media_type)
    if kind is not None:
        return kind == "pdf"
    with library.path(one.copy.sha256).open("rb") as file:
        return file.read(1024).lstrip().startswith(b"%PDF-")


def _asked_for(asked: Asked) -> CopyAtHand:
    """The copy asked for, if a document of this audit has it and it is at hand."""
    opened = asked.room.opened()
    wanted = asked.path["sha256"]
    for document in opened.audit.documents.values():
        if any(copy.sha256 == wanted for copy in document.hashed):
            for one in at_hand(document, opened.library):
                if one.copy.sha256 == wanted:
                    return one
    raise HTTPException(404, "No document of this audit has this copy at hand.")


def copy(asked: Asked) -> Response:
    """The shape of a PDF as JSON, or another document as a part of a page."""
    one = _asked_for(asked)
    library = asked.room.opened().library
    if is_pdf(one, library):
        try:
            path = library.path(one.copy.sha256)
            body = asked.room.pages.shape(path, one.document.key, lambda: _titles(asked, one))
        except SourceError as error:
            raise AuditError(str(error)) from error
        return Response(body, media_type="application/json")
    data = library.read(one.copy.sha256)
    if data is None:
        raise AuditError("the bytes in the library are damaged: remove the copy and add it again")
    try:
        html = sanitised(data, one.copy.media_type, one.document.key)
    except SourceError as error:
        raise AuditError(str(error)) from error
    return shown(asked, "reading_document.html", sanitised=html)


def prepare(asked: Asked, one: CopyAtHand) -> None:
    """Begin to open a PDF that is about to be asked for."""
    path = asked.room.opened().library.path(one.copy.sha256)
    asked.room.pages.prepare(path, one.document.key, lambda: _titles(asked, one))


def picture(asked: Asked) -> Response:
    """A page of a PDF as a picture, in one of a few widths."""
    one = _pdf(asked)
    wanted = asked.query.get("w", "")
    width = next((each for each in WIDTHS if str(each) == wanted), None)
    if width is None:
        raise HTTPException(404, f"Pictures are {', '.join(map(str, WIDTHS))} pixels wide.")
    path = asked.room.opened().library.path(one.copy.sha256)
    number = min(int(asked.path["page"]), 1_000_000)
    try:
        made = asked.room.pages.picture(path, number, width, one.document.key)
    except SourceError as error:
        raise HTTPException(404, str(error)) from error
    return Response(made, media_type=PICTURE_TYPE, headers=FOREVER)


def lines(asked: Asked) -> Response:
    """The lines of a page of a PDF, to be laid over its picture."""
    one = _pdf(asked)
    path = asked.room.opened().library.path(one.copy.sha256)
    found = _page(asked, one)
    try:
        read = scan_lines(one.copy, found.number, asked.room.opened().cache)
        made = asked.room.pages.lines(path, found.number, found.text, one.document.key, read)
    except SourceError as error:
        raise HTTPException(404, str(error)) from error
    # Not to be kept by the browser: another version of the extractor counts otherwise.
    return Response(made, media_type="application/json")


def _pdf(asked: Asked) -> CopyAtHand:
    one = _asked_for(asked)
    if not is_pdf(one, asked.room.opened().library):
        raise HTTPException(404, "This copy has no pages to look at.")
    return one


def _titles(asked: Asked, one: CopyAtHand) -> Sequence[Heading]:
    opened = asked.room.opened()
    layers = layers_of(one, opened.library, opened.cache)
    return () if isinstance(layers, Problem) else headings(layers[0])


def _page(asked: Asked, one: CopyAtHand) -> Page:
    """The page asked for, as the text layer has it, or as an engine read it. Raises
    :class:`HTTPException`."""
    opened = asked.room.opened()
    layer = pages_of(one, opened.library, opened.cache)
    if isinstance(layer, Problem):
        raise HTTPException(404, str(layer))
    wanted = int(asked.path["page"])
    scan = scan_of(one.copy, opened.cache)
    pages = (*(scan.pages if scan else ()), *layer.pages)
    found = next((each for each in pages if each.number == wanted), None)
    if found is None:
        raise HTTPException(404, f"This document has {len(layer.pages)} pages.")
    return found
