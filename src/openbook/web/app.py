"""The web application: which page answers at which address."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.opened import AuditError
from openbook.files.write import WriteError
from openbook.report.site.colours import colour_rules, icon
from openbook.web.guard import Walls, hosts_of
from openbook.web.room import Room
from openbook.web.shown import STATIC
from openbook.web.views import agreement, assign, copies, dashboard, disputes, reading, releases

SITE_STYLE = Path(__file__).parents[1] / "report" / "site" / "templates" / "style.css"
FOREVER = "public, max-age=31536000, immutable"


def create_app(room: Room) -> Starlette:
    """The application for a room."""
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(Walls, hosts=hosts_of(room.settings.origins))],
        exception_handlers={
            HTTPException: _refusal,
            AuditError: _not_done,
            WriteError: _not_done,
        },
        lifespan=_lifespan,
    )
    app.state.room = room
    return app


def routes() -> list[BaseRoute]:
    """All addresses."""
    return [
        Route("/static/{name}", _static),
        *dashboard.routes(),
        *reading.routes(),
        *copies.routes(),
        *releases.routes(),
        *disputes.routes(),
        *agreement.routes(),
        *assign.routes(),
    ]


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    app.state.room.pages.close()
    app.state.room.store.close()


async def _static(request: Request) -> Response:
    """A file of ours; styles of the site and the palette are one with the site's."""
    name = request.path_params["name"]
    headers = {"Cache-Control": FOREVER if request.url.query else "no-cache"}
    if name == "site.css":
        style = SITE_STYLE.read_text("utf-8") + colour_rules()
        return Response(style, media_type="text/css", headers=headers)
    if name == "icon.svg":
        return Response(icon(), media_type="image/svg+xml", headers=headers)
    path = STATIC / name
    if path.suffix not in (".css", ".js") or path.name != name or not path.is_file():
        raise HTTPException(404, "There is no such file.")
    return FileResponse(path, headers=headers)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _told(request, error.status_code, error.detail, error.headers)


async def _not_done(request: Request, error: Exception) -> Response:
    """What was asked cannot be done; the message says why."""
    lines = [str(error), *(str(one) for one in getattr(error, "problems", ())[:30])]
    return _told(request, 409, "\n".join(lines), None)


def _told(request: Request, status: int, message: str, headers: object) -> Response:
    kept = dict(headers) if isinstance(headers, dict) else None
    if "hx-request" in request.headers or "x-csrf" in request.headers:
        return PlainTextResponse(message, status, headers=kept)
    from openbook.web.shown import error_page

    return error_page(status, message, kept)
