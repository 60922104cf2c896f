"""What is settled, for readers: the heatmap, and each finding in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openbook.audit.opened import Opened
from openbook.core.initiative import parse_release_id
from openbook.core.review import CellId
from openbook.report.site import marks
from openbook.web import inbox
from openbook.web.bodies import UPLOAD
from openbook.web.findings import (
    amends_of,
    finding_address,
    finding_view,
    question_element,
    release_element,
    rooms_heat,
)
from openbook.web.guard import Asked, page
from openbook.web.shown import shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [
        Route("/findings", page(findings)),
        Route("/finding/{initiative}/{release}/{keyword}", page(finding)),
    ]


def findings(asked: Asked) -> Response:
    """The heatmap of what is settled, with what is under review."""
    opened = asked.room.seen_by(asked.viewer)
    audit = opened.audit
    return shown(
        asked,
        "findings.html",
        is_clean=True,
        root="",
        audit=audit,
        heat=rooms_heat(opened),
        scale=marks.scale(audit),
        sealed=asked.room.sealed_for(asked.viewer),
        settled=len(audit.findings),
        cells=len(audit.releases) * len(audit.questionnaire.keywords),
        question_element=question_element,
        release_element=release_element,
        finding_address=finding_address,
        cell_id=CellId,
    )


def cell_asked(asked: Asked, opened: Opened) -> CellId:
    """The cell in the address. Raises HTTPException where there is none."""
    path = asked.path
    release = parse_release_id(f"{path['initiative']}/{path['release']}")
    found = opened.audit.release(release) if release else None
    if found is None or found.left_out:
        raise HTTPException(404, "This audit has no such release.")
    if opened.audit.questionnaire.question(path["keyword"]) is None:
        raise HTTPException(404, "This audit asks no such question.")
    return CellId(found.id, path["keyword"])


def finding(asked: Asked) -> Response:
    """A settled finding, with a form to correct it."""
    return finding_page(asked)


def finding_page(
    asked: Asked, given: Mapping[str, str] | None = None, wrong: tuple[str, ...] = ()
) -> Response:
    """The page of a finding; with what was ``given`` in the form and why that will not do."""
    opened = asked.room.seen_by(asked.viewer)
    cell = cell_asked(asked, opened)
    release = opened.audit.release(cell.release)
    question = opened.audit.questionnaire.question(cell.keyword)
    is_sealed = cell.release in asked.room.sealed_for(asked.viewer)
    view = None if is_sealed else finding_view(opened, cell, asked.room.checks)
    context: dict[str, Any] = {
        "root": "",
        "cell": cell,
        "release": release,
        "question": question,
        "is_sealed": is_sealed,
        "is_settled": cell in opened.audit.findings,
        "one": view,
        "amends": amends_of(view) if view else (),
        "documents": inbox.citable(opened, cell),
        "given": given or {},
        "wrong": wrong,
        "stamp": inbox.stamp(asked.room),
        "megabytes": UPLOAD >> 20,
        "address": finding_address(cell),
    }
    return shown(asked, "finding.html", 422 if wrong else 200, is_clean=True, **context)
