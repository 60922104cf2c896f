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
from openbook.web.guard import Walls, headers_of, hosts_of, too_many
from openbook.web.passwords import TooManyError
from openbook.web.room import Room
from openbook.web.shown import STATIC
from openbook.web.views import (
    acts,
    agreement,
    assign,
    copies,
    corrections,
    dashboard,
    disputes,
    documents,
    findings,
    inbox,
    login,
    me,
    people,
    pile,
    reading,
    releases,
)

SITE_STYLE = Path(__file__).parents[1] / "report" / "site" / "templates" / "style.css"
FOREVER = "public, max-age=31536000, immutable"


def create_app(room: Room) -> Starlette:
    """The application for a room."""
    app = Starlette(
        routes=routes(),
        middleware=[
            Middleware(
                Walls, hosts=hosts_of(room.settings.origins), is_secure=room.settings.is_secure
            )
        ],
        exception_handlers={
            HTTPException: _refusal,
            AuditError: _not_done,
            WriteError: _not_done,
            TooManyError: _too_often,
            Exception: _fault,
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
        *login.routes(),
        *people.routes(),
        *me.routes(),
        *acts.routes(),
        *findings.routes(),
        *corrections.routes(),
        *inbox.routes(),
        *documents.routes(),
        *pile.routes(),
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
    room: Room = request.app.state.room
    problems = [str(one) for one in getattr(error, "problems", ())]
    told = [one for one in problems if not room.settings.is_team or not _tells(one)]
    lines = [str(error), *told[:30]]
    if hidden := len(problems) - len(told):
        lines.append(f"{hidden} in files of judgements; `openbook audit check` names them.")
    return _told(request, 409, room.without_paths("\n".join(lines)), None)


def _tells(problem: str) -> bool:
    """Whether a problem is in a file of judgements, and may tell what its reader must not know."""
    return problem.startswith(
        ("reviews/", "findings/", "settlements/", "searches/", "readings/", "proposals/")
    )


async def _too_often(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooManyError)
    refusal = too_many(error)
    return _told(request, refusal.status_code, refusal.detail, refusal.headers)


async def _fault(request: Request, _: Exception) -> Response:
    """A fault of ours: the log has it, the page tells nothing of it. It is made outside the walls,
    so it brings its headers along."""
    response = _told(request, 500, "This is a fault of the room. Its log says more.", None)
    response.headers.update(headers_of(request.app.state.room.settings.is_secure))
    return response


def _told(request: Request, status: int, message: str, headers: object) -> Response:
    kept = dict(headers) if isinstance(headers, dict) else None
    if "hx-request" in request.headers or "x-csrf" in request.headers:
        return PlainTextResponse(message, status, headers=kept)
    from openbook.web.shown import error_page

    return error_page(status, message, kept)
