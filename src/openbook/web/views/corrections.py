"""Proposing a correction, and what became of it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.web import inbox
from openbook.web.bodies import FORM, UPLOAD
from openbook.web.findings import finding_address
from openbook.web.guard import Asked, page
from openbook.web.inbox import Proposed
from openbook.web.limits import Limit, few_enough
from openbook.web.people import clock
from openbook.web.shown import shown
from openbook.web.views.findings import cell_asked, finding_page

OFTEN = Limit(10, 3600.0)
"""Forms from one address, the faulty ones too."""
EVERYBODY = Limit(200, 86400.0)
"""Proposals of everybody together."""


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [
        Route(
            "/correct/{initiative}/{release}/{keyword}",
            page(propose, most=UPLOAD + FORM, often=OFTEN),
            methods=["POST"],
        ),
        Route("/correction/{id}", page(correction)),
    ]


def propose(asked: Asked) -> Response:
    """Keep a proposal, and show where its state can be seen."""
    room, form = asked.room, dict(asked.form)
    seen = room.seen_by(asked.viewer)
    cell = cell_asked(asked, seen)
    if cell.release in room.sealed_for(asked.viewer):
        raise HTTPException(409, "This release is under review: wait until it is settled.")
    if inbox.is_robots(room, form):
        wrong = "It came within seconds, as from a robot. Look it over, and send it once more."
        return finding_page(asked, form, (wrong,))
    given = Proposed(
        cell,
        **{
            name: form.get(name, "")
            for name in (
                "kind",
                "author",
                "contact",
                "was",
                "now",
                "reason",
                "document",
                "quote",
            )
        },
        file=asked.files.get("file"),
    )
    if wrong_ones := tuple(inbox.faults(seen, given)):
        return finding_page(asked, form, wrong_ones)
    few_enough(room.store, "proposals", *EVERYBODY, clock())
    id_ = inbox.propose(room, given, asked.viewer)
    return RedirectResponse(f"/correction/{id_}", 303)


def correction(asked: Asked) -> Response:
    """What became of a proposal, for whoever has its number."""
    row = inbox.find(asked.room, asked.path["id"])
    if row is None:
        raise HTTPException(404, "There is no correction with this number.")
    opened = asked.room.seen_by(asked.viewer)
    cell = inbox.cell_of(opened, row)
    sealed = inbox.is_sealed(asked.room, asked.viewer, row)
    return shown(
        asked,
        "correction.html",
        is_clean=True,
        row=row,
        cell=cell,
        held=None if sealed else inbox.held(asked.room, opened, row),
        sealed=sealed,
        became=inbox.correction_of(opened, row),
        document=opened.audit.documents.get(row["document"]),
        address=finding_address(cell) if cell else "",
    )
