"""The first page: the heatmap as it fills up, what is left, and who waits for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openbook.web.guard import Asked, page
from openbook.web.shown import rendered, shown
from openbook.web.views.dashboard_heat import heat_part
from openbook.web.views.dashboard_left import mine_part, progress_part, waiting_part
from openbook.web.views.dashboard_seen import seen


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [Route("/", page(first))]


def first(asked: Asked) -> Response:
    """The dashboard; asked for by the page itself, the parts of it that have changed."""
    at = seen(asked)
    parts = {name: _part(asked, name, make(at)) for name, make in PARTS.items()}
    if "parts" in asked.query:
        changed = {
            name: part for name, part in parts.items() if asked.query.get(name) != part.version
        }
        if not changed:
            return Response(status_code=204)
        return shown(asked, "dashboard-parts.html", parts=changed, is_update=True)
    return shown(asked, "dashboard.html", parts=parts, is_update=False, audit=at.audit)


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part of the page that is brought up to date by itself."""

    version: str
    text: Markup


def _part(asked: Asked, name: str, context: Mapping[str, Any]) -> PagePart:
    text = rendered(asked, f"dashboard-{name}.html", **context)
    return PagePart(hashlib.sha256(text.encode()).hexdigest()[:12], text)


PARTS = {
    "mine": mine_part,
    "waiting": waiting_part,
    "heat": heat_part,
    "progress": progress_part,
}
"""The parts of the page, from top to bottom."""
