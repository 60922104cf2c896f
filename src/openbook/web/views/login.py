"""Coming in and going out: by password, by invitation, by a link of login."""

from __future__ import annotations

import sqlite3

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.auditors import add_auditor, keys_of_others
from openbook.audit.opened import AuditError, writing
from openbook.files.write import WriteError
from openbook.web import people
from openbook.web.guard import Asked, cookie_name, inside, page, set_cookie, too_many
from openbook.web.passwords import LONGEST, SHORTEST
from openbook.web.people import LoginError, Person, Role, TooManyError
from openbook.web.room import utc_now
from openbook.web.shown import shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [
        Route("/login", page(login_form, needs=None)),
        Route("/login", page(login, needs=None), methods=["POST"]),
        Route("/logout", page(logout, needs=None), methods=["POST"]),
        Route("/join/{token}", page(join_form, needs=None)),
        Route("/join/{token}", page(join, needs=None), methods=["POST"]),
        Route("/enter/{token}", page(enter_form, needs=None)),
        Route("/enter/{token}", page(enter, needs=None), methods=["POST"]),
    ]


def login_form(asked: Asked) -> Response:
    """The page to log in."""
    if asked.viewer.person is not None:
        return RedirectResponse("/", 303)
    return _login_page(asked, to=inside(asked.query.get("to", "/")))


def login(asked: Asked) -> Response:
    """Log in with a password."""
    _require_team(asked)
    name, password = asked.form.get("name", ""), asked.form.get("password", "")
    to = inside(asked.form.get("to", "/"))
    try:
        token = people.login(asked.room.store, name, password, asked.viewer.address, people.clock())
    except TooManyError as error:
        told = too_many(error)
        response = _login_page(asked, to, name, told.detail, 429)
        response.headers.update(told.headers or {})
        return response
    except LoginError as error:
        return _login_page(asked, to, name, str(error), 422)
    return _come_in(asked, token, to)


def _login_page(
    asked: Asked, to: str, name: str = "", wrong: str = "", status: int = 200
) -> Response:
    return shown(asked, "login.html", status, is_clean=True, to=to, name=name[:200], wrong=wrong)


def _come_in(asked: Asked, token: str, to: str = "/") -> Response:
    """Go on with a new session; the one that this browser had is over."""
    with asked.room.store.writing() as db:
        people.end_session(db, asked.viewer.token)
    response = RedirectResponse(to, 303)
    set_cookie(asked.room, response, token)
    return response


def logout(asked: Asked) -> Response:
    """End the session."""
    _require_team(asked)
    people.logout(asked.room.store, asked.viewer.token, asked.viewer.who)
    return gone(asked)


def gone(asked: Asked) -> Response:
    """To the page to log in, without a session."""
    response = RedirectResponse("/login", 303)
    secure = asked.room.settings.is_secure
    response.delete_cookie(cookie_name(asked.room), secure=secure, httponly=True, samesite="lax")
    return response


def _require_team(asked: Asked) -> None:
    if not asked.room.settings.is_team:
        raise HTTPException(404, "You are alone in this room: no account is needed.")


def join_form(asked: Asked) -> Response:
    """The page of an invitation. Looking at it uses nothing."""
    return _join_page(asked)


def join(asked: Asked) -> Response:
    """Take up an invitation."""
    name, password = asked.form.get("name", ""), asked.form.get("password", "")
    if password != asked.form.get("again", ""):
        return _join_page(asked, "The two passwords are not the same.", 422)
    try:
        token = _joined(asked, name, password)
    except TooManyError:
        raise
    except LoginError as error:
        return _join_page(asked, str(error), 422)
    except (AuditError, WriteError):
        wrong = (
            "The audit's files cannot be written just now. Ask whoever invited you to look at "
            "them; this link stays good."
        )
        return _join_page(asked, wrong, 409)
    asked.room.forget()
    return _come_in(asked, token, "/me")


def _joined(asked: Asked, name: str, password: str) -> str:
    """The token of the newcomer's session. Who is to judge is an auditor in audit.toml first."""
    store, now = asked.room.store, people.clock()
    link = people.link_of(store, asked.path["token"], "invitation", now)
    if link is None:
        raise LoginError(people.USED_UP)
    given = (store, asked.path["token"], name, password, now, utc_now().isoformat())
    if Role(link["role"]) is Role.READER:
        taken = frozenset(one.id for one in asked.room.opened().audit.auditors)
        return people.join(*given, taken=taken)[1]
    with writing(asked.room.folder) as opened:
        is_trusted = link["made_by"] == people.COMMAND_LINE
        taken = keys_of_others(opened, people.name_of(name), is_trusted=is_trusted)

        def joining(person: Person) -> Person:
            add_auditor(opened, person.auditor, person.name)
            return person

        return people.join(*given, taken=taken, joining=joining)[1]


def _join_page(asked: Asked, wrong: str = "", status: int = 200) -> Response:
    _require_team(asked)
    link = people.link_of(asked.room.store, asked.path["token"], "invitation", people.clock())
    return shown(
        asked,
        "join.html",
        status if link else 410,
        is_clean=True,
        link=link,
        known_as=_known_as(asked, link),
        name=asked.form.get("name", "")[:200],
        wrong=wrong,
        shortest=SHORTEST,
        longest=LONGEST,
        title=asked.room.opened().audit.title if link else "",
    )


def _known_as(asked: Asked, link: sqlite3.Row | None) -> str:
    """The name that audit.toml has for whom an invitation is for."""
    auditor = asked.room.opened().audit.auditor(link["person"]) if link else None
    return auditor.name if auditor else ""


def enter_form(asked: Asked) -> Response:
    """The page of a link of login: a button. Programs that look at links press none."""
    return _enter_page(asked)


def enter(asked: Asked) -> Response:
    """Come in by a link of login."""
    _require_team(asked)
    try:
        token = people.enter_by_link(asked.room.store, asked.path["token"], people.clock())
    except LoginError:
        return _enter_page(asked)
    return _come_in(asked, token)


def _enter_page(asked: Asked) -> Response:
    _require_team(asked)
    link = people.link_of(asked.room.store, asked.path["token"], "login", people.clock())
    person = people.find(asked.room.store, link["person"]) if link else None
    return shown(asked, "enter.html", 200 if person else 410, is_clean=True, person=person)
