"""One's own page: password and sessions; alone, who one is."""

from __future__ import annotations

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.auditors import add_somebody
from openbook.audit.opened import AuditError, writing
from openbook.core.review import Auditor
from openbook.web import accounts, acts, people
from openbook.web.guard import Asked, page, set_cookie
from openbook.web.passwords import LONGEST, SHORTEST
from openbook.web.people import LoginError, TooManyError, name_of
from openbook.web.shown import shown
from openbook.web.views.login import gone


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [
        Route("/me", page(me, needs=None)),
        Route("/me/password", page(password, needs=None), methods=["POST"]),
        Route("/me/sessions", page(end_sessions, needs=None), methods=["POST"]),
        Route("/me/auditor", page(be_auditor, needs=None), methods=["POST"]),
    ]


def me(asked: Asked) -> Response:
    """One's own page."""
    if asked.viewer.person is None:
        return RedirectResponse("/login?to=/me", 303)
    return _page(asked)


def _page(asked: Asked, wrong: str = "", status: int = 200) -> Response:
    if not asked.room.settings.is_team:
        return shown(
            asked, "alone.html", status, is_clean=True, persons=_persons(asked), wrong=wrong
        )
    store, who = asked.room.store, asked.viewer.who
    return shown(
        asked,
        "me.html",
        status,
        is_clean=True,
        has_password=accounts.has_password(store, who),
        sessions=accounts.sessions_of(store, who, people.clock()),
        entries=acts.entries(store, who),
        shortest=SHORTEST,
        longest=LONGEST,
        wrong=wrong,
        is_done="done" in asked.query,
    )


def password(asked: Asked) -> Response:
    """Set or change the password."""
    viewer = _somebody(asked)
    if asked.form.get("new", "") != asked.form.get("again", ""):
        return _page(asked, "The two new passwords are not the same.", 422)
    try:
        token = accounts.set_password(
            asked.room.store,
            viewer,
            asked.form.get("old", ""),
            asked.form.get("new", ""),
            asked.viewer.address,
            people.clock(),
        )
    except TooManyError:
        raise
    except LoginError as error:
        return _page(asked, str(error), 422)
    response = RedirectResponse("/me?done", 303)
    set_cookie(asked.room, response, token)
    return response


def end_sessions(asked: Asked) -> Response:
    """End all sessions, this one too."""
    viewer = _somebody(asked)
    with asked.room.store.writing() as db:
        accounts.end_all(db, viewer)
        acts.record(db, viewer, "ended all sessions")
    return gone(asked)


def _somebody(asked: Asked) -> str:
    """The id of who has an account."""
    if asked.viewer.person is None or not asked.room.settings.is_team:
        raise HTTPException(403, "This is for those who are logged in.")
    return asked.viewer.who


def _persons(asked: Asked) -> list[Auditor]:
    return [one for one in asked.room.opened().audit.auditors if one.kind == "person"]


def be_auditor(asked: Asked) -> Response:
    """Alone: go on as an auditor of audit.toml, who is added where the name is new."""
    room = asked.room
    if room.settings.is_team:
        raise HTTPException(404, "This is for those who work alone.")
    chosen = asked.form.get("auditor", "")
    try:
        if not chosen:
            with writing(room.folder) as opened:
                chosen = add_somebody(opened, name_of(asked.form.get("name", ""))).id
        elif all(one.id != chosen for one in _persons(asked)):
            raise HTTPException(404, "There is no such auditor in audit.toml.")
    except (AuditError, LoginError) as error:
        return _page(asked, str(error), 422)
    with room.store.writing() as db:
        db.execute(
            "INSERT INTO meta VALUES ('alone', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (chosen.encode(),),
        )
        acts.record(db, chosen, "went on as an auditor")
    room.settings = replace(room.settings, alone=chosen)
    room.forget()
    return RedirectResponse("/", 303)
