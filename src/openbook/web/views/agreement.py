"""How far the graders agree, on what the viewer may see."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openbook.core.draft import sealed
from openbook.core.review import CellId
from openbook.report import agreement
from openbook.web.guard import Asked, page
from openbook.web.shown import shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [Route("/agreement", page(agreement_page))]


def agreement_page(asked: Asked) -> Response:
    """The page; releases that are hidden from the viewer count nowhere, not even as graded."""
    hidden = asked.room.sealed_for(asked.viewer)
    audit = sealed(asked.room.opened().audit, hidden)
    units = agreement.units_of(audit)
    both = agreement.shared(units)

    def of(is_in: Callable[[CellId], bool]) -> agreement.Figures:
        return agreement.figures([unit for cell, unit in both.items() if is_in(cell)])

    return shown(
        asked,
        "agreement.html",
        verdict=agreement.verdict(units),
        hidden=len(hidden),
        overall=of(lambda _: True),
        interval=agreement.interval(both),
        questions=[
            (one.keyword, one.title, of(lambda cell, key=one.keyword: cell.keyword == key))  # type: ignore[misc]
            for one in audit.questionnaire.questions
        ],
        initiatives=[
            (one.title, "", of(lambda cell, key=one.key: cell.release.initiative == key))  # type: ignore[misc]
            for one in audit.initiatives
        ],
        pairs=agreement.pairs(audit, list(both.values())),
        graders=agreement.graders(audit, units),
        grades=agreement.GRADES,
    )
