"""The first page: the heatmap as it fills up, what is left, and who waits for whom."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openbook.web.guard import Asked, page
from openbook.web.shown import shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [Route("/", page(first))]


def first(asked: Asked) -> Response:
    """The dashboard."""
    return shown(asked, "dashboard.html", audit=asked.room.seen_by(asked.viewer).audit)
