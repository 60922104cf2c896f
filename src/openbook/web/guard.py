"""What every request passes before a page is made: host, session, role, token, size.

A page is a plain function of what was asked; nothing is reachable but by :func:`page`, and what it
does not allow is refused.
"""

from __future__ import annotations

import hmac
import math
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openbook.web import people
from openbook.web.bodies import FORM as FORM
from openbook.web.bodies import UPLOAD as UPLOAD
from openbook.web.bodies import read_form, text_of
from openbook.web.limits import Limit, network
from openbook.web.people import Person, Role
from openbook.web.room import Room, Viewer

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""On every answer. A browser told to send no referrer at all would not say either that a form is
ours: its Origin would be null."""
SECURE = {"Strict-Transport-Security": "max-age=31536000"}
"""Where the room is reached by https alone."""


@dataclass(frozen=True)
class Asked:
    """What a page is made of."""

    room: Room
    viewer: Viewer
    csrf: str
    """What forms must send back."""
    at: str = "/"
    """The address asked for, without its query."""
    path: Mapping[str, str] = field(default_factory=dict)
    """The variable parts of the address."""
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The form's fields with all of their values."""
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    """Names and bytes of files sent, the last of each field."""
    uploads: tuple[tuple[str, bytes], ...] = ()
    """Names and bytes of all files sent, in order."""
    is_partial: bool = False
    """Whether a script asked, for a part of a page."""

    @property
    def is_outside(self) -> bool:
        """Whether nothing of the audit may be told: nobody is logged in, and it is not public."""
        return self.viewer.person is None and not self.room.settings.is_public


Page = Callable[[Asked], Response]


def page(
    make: Page,
    *,
    needs: Role | None = Role.READER,
    most: int = FORM,
    files: int = 1,
    often: Limit | None = None,
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that makes a page for viewers with a role; ``needs=None`` lets anybody in, as the
    pages of logging in must. A form has at most ``most`` bytes and ``files`` files. ``often`` is
    how often one may send its form, counted before any of it is read."""

    async def endpoint(request: Request) -> Response:
        room: Room = request.app.state.room
        viewer, fresh = _viewer(room, request)
        csrf = _csrf(room, viewer)
        refused = _refused(room, viewer, needs, request)
        if refused is not None:
            return refused
        form: FormData | None = None
        if request.method not in ("GET", "HEAD"):
            _require_same_origin(room, request)
            if often is not None:
                await run_in_threadpool(_count, room, viewer, make.__name__, often)
            form = await read_form(request, most, files)
            _require_token(request, form, csrf)
        asked = await _asked(room, viewer, csrf, request, form)
        response = await run_in_threadpool(make, asked)
        if fresh and "set-cookie" not in response.headers:
            set_cookie(room, response, viewer.token)
        return response

    return endpoint


def _count(room: Room, viewer: Viewer, what: str, often: Limit) -> None:
    who = viewer.person.id if viewer.person else f"from {network(viewer.address)}"
    try:
        people.few_enough(room.store, f"{what} {who}", often.most, often.within, people.clock())
    except people.TooManyError as error:
        raise too_many(error) from error


def too_many(error: people.TooManyError) -> HTTPException:
    """The refusal of what was tried too often."""
    wait = max(1, math.ceil(error.wait))
    when = f"{math.ceil(wait / 60)} minutes" if wait > 90 else f"{wait} seconds"
    message = f"That was often enough for now. Try again in {when}."
    return HTTPException(429, message, {"Retry-After": str(wait)})


def cookie_name(room: Room) -> str:
    """``__Host-`` binds a cookie to this host and to https. Without https it has the port in its
    name: browsers keep one jar for all ports of a machine, and so do two rooms."""
    if room.settings.is_secure:
        return "__Host-openbook"
    port = urlsplit(room.settings.origins[0]).port
    return f"openbook-{port}" if port else "openbook"


def set_cookie(room: Room, response: Response, token: str) -> None:
    """Send the token of a session or visit: out of reach for scripts, and for other sites."""
    response.set_cookie(
        cookie_name(room),
        token,
        httponly=True,
        secure=room.settings.is_secure,
        samesite="lax",
        path="/",
    )


def _viewer(room: Room, request: Request) -> tuple[Viewer, bool]:
    """Who asks, and whether the token of the visit is new."""
    token = request.cookies.get(cookie_name(room), "")
    address = request.client.host if request.client else "?"
    is_fresh = not 20 <= len(token) <= 100
    if is_fresh:
        token = secrets.token_urlsafe(32)
    if not room.settings.is_team:
        return Viewer(_alone(room), token, address), is_fresh
    person = None if is_fresh else people.session(room.store, token, people.clock())
    return Viewer(person, token, address), is_fresh


def _alone(room: Room) -> Person:
    """The one person who works alone, and may do everything."""
    who = room.settings.alone
    return Person(who or "you", who or "you", Role.OWNER, who)


def _csrf(room: Room, viewer: Viewer) -> str:
    return hmac.new(room.store.secret, f"csrf {viewer.token}".encode(), "sha256").hexdigest()


def _refused(room: Room, viewer: Viewer, needs: Role | None, request: Request) -> Response | None:
    """The answer to somebody who may not see a page; None for who may."""
    if needs is None:
        return None
    if viewer.person is None and not (room.settings.is_public and needs is Role.READER):
        if request.method in ("GET", "HEAD") and "hx-request" not in request.headers:
            to = inside(request.url.path)
            return RedirectResponse(f"/login?to={to}" if to != "/" else "/login", 303)
        raise HTTPException(401, "You are not logged in any more. Log in again in another window.")
    if not viewer.role.may(needs):
        raise HTTPException(403, f"This is for {needs}s.")
    return None


_INSIDE = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._-]*)+")


def inside(address: str) -> str:
    """An address of the room, to go on to after logging in; the first page for all else."""
    return address if _INSIDE.fullmatch(address) and len(address) < 300 else "/"


def _require_same_origin(room: Room, request: Request) -> None:
    """Refuse what another site's page sends. Browsers say where a form comes from."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if (origin is not None and origin not in room.settings.origins) or site not in (
        "same-origin",
        "none",
    ):
        raise HTTPException(403, "This came from another site and was refused.")


def _require_token(request: Request, form: FormData, csrf: str) -> None:
    given = request.headers.get("x-csrf") or form.get("csrf") or ""
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), csrf.encode()):
        raise HTTPException(403, "This form is out of date: load the page again.")


async def _asked(
    room: Room, viewer: Viewer, csrf: str, request: Request, form: FormData | None
) -> Asked:
    texts: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    uploads: list[tuple[str, bytes]] = []
    for name, value in form.multi_items() if form is not None else ():
        if isinstance(value, UploadFile):
            if value.filename:
                uploads.append((value.filename, await value.read()))
                files[name] = uploads[-1]
        else:
            texts.setdefault(name, []).append(text_of(value))
    if form is not None:
        await form.close()
    return Asked(
        room,
        viewer,
        csrf,
        request.url.path,
        {key: str(value) for key, value in request.path_params.items()},
        dict(request.query_params),
        {name: values[-1] for name, values in texts.items()},
        {name: tuple(values) for name, values in texts.items()},
        files,
        tuple(uploads),
        "hx-request" in request.headers or "x-csrf" in request.headers,
    )


@dataclass(frozen=True)
class Walls:
    """ASGI middleware: answers to the right host alone, with headers that keep a browser from
    running anything that is not ours."""

    app: ASGIApp
    hosts: frozenset[str]
    is_secure: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1").lower()

        async def walled(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in headers_of(self.is_secure).items()
                        if name.lower().encode() not in there
                    ),
                ]
            await send(message)

        if host not in self.hosts:
            # Another name that leads here may be another site's, made to read ours.
            answer: Any = PlainTextResponse(f"There is no {host!r} here.", 421)
            await answer(scope, receive, walled)
            return
        await self.app(scope, receive, walled)


def headers_of(is_secure: bool) -> dict[str, str]:
    """The headers of every answer."""
    return {**HEADERS, **(SECURE if is_secure else {}), "Cache-Control": "no-store"}


def hosts_of(origins: tuple[str, ...]) -> frozenset[str]:
    """The hosts, with their ports, of some origins."""
    return frozenset(urlsplit(one).netloc.lower() for one in origins)
