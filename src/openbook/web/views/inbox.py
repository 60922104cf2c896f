"""Corrections that wait for an editor."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.correct import Held
from openbook.core.initiative import Document
from openbook.web import inbox, quarantine
from openbook.web.findings import finding_address
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.shown import shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    editor = Role.EDITOR
    return [
        Route("/inbox", page(waiting, needs=editor)),
        Route("/inbox/{id}/file", page(file, needs=editor)),
        Route("/inbox/{id}/decide", page(decide, needs=editor), methods=["POST"]),
    ]


class Item(NamedTuple):
    """A proposal as editors see it."""

    row: sqlite3.Row
    sealed: bool
    """Whether it is about a release that this editor is still to judge: then nothing of it is
    shown, since it may tell how others judged."""
    address: str
    document: Document | None
    held: Held | None


def waiting(asked: Asked) -> Response:
    """All proposals, those that wait first."""
    opened = asked.room.seen_by(asked.viewer)
    items = []
    for row in inbox.everything(asked.room):
        sealed = inbox.is_sealed(asked.room, asked.viewer, row)
        cell = inbox.cell_of(opened, row)
        items.append(
            Item(
                row,
                sealed,
                finding_address(cell) if cell else "",
                opened.audit.documents.get(row["document"]),
                inbox.held(asked.room, opened, row)
                if row["state"] == "waiting" and not sealed
                else None,
            )
        )
    return shown(asked, "inbox.html", is_clean=True, items=items)


def _open(asked: Asked) -> sqlite3.Row:
    row = inbox.find(asked.room, asked.path["id"])
    if row is None:
        raise HTTPException(404, "There is no such proposal.")
    if inbox.is_sealed(asked.room, asked.viewer, row):
        raise HTTPException(403, "You are still to judge this release. Decide after that.")
    return row


def file(asked: Asked) -> Response:
    """The file that came with a proposal, as bytes to save: it may be anything, so no browser is
    to open it here."""
    row = _open(asked)
    data = quarantine.read(asked.room.settings.state, row["file_sha256"])
    if data is None:
        raise HTTPException(404, "No file came with it, or it is damaged.")
    name = quarantine.file_name(row["file_name"])
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    headers = {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type="application/octet-stream", headers=headers)


def decide(asked: Asked) -> Response:
    """Accept a proposal into the audit, or reject it."""
    row, reason = _open(asked), asked.form.get("reason", "")
    verdict = asked.form.get("verdict", "")
    if verdict == "accept":
        inbox.accept(asked.room, row["id"], reason, asked.viewer)
    elif verdict == "reject":
        inbox.reject(asked.room, row["id"], reason, asked.viewer)
    else:
        raise HTTPException(400, "Accept it, or reject it.")
    return RedirectResponse("/inbox", 303)
