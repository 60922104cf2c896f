"""Who is here: roles, invitations, links of login."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.auditors import add_auditor, free_key, keys_of_others
from openbook.audit.opened import writing
from openbook.web import accounts, acts, people
from openbook.web.guard import Asked, page
from openbook.web.people import LoginError, Person, Role
from openbook.web.shown import shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    editor, owner = Role.EDITOR, Role.OWNER
    return [
        Route("/people", page(everybody, needs=editor)),
        Route("/people/invite", page(invite, needs=editor), methods=["POST"]),
        Route("/people/uninvite", page(uninvite, needs=editor), methods=["POST"]),
        Route("/people/{person}/link", page(login_link, needs=editor), methods=["POST"]),
        Route("/people/{person}/change", page(change, needs=owner), methods=["POST"]),
    ]


class Line(NamedTuple):
    """A person in the list."""

    person: Person
    last: str
    at: str
    may_link: bool
    waits: tuple[str, ...]
    """Releases that wait for somebody who was shut out."""


class Made(NamedTuple):
    """A link just made, shown this once."""

    address: str
    words: str


def everybody(asked: Asked) -> Response:
    """The list of people."""
    return _list(asked)


def _list(asked: Asked, made: Made | None = None, wrong: str = "", status: int = 200) -> Response:
    room = asked.room
    here = people.everybody(room.store)
    keys = {one.auditor for one in here} | {one.id for one in here}
    rows = room.store.rows(
        "SELECT * FROM links WHERE kind = 'invitation' AND used IS NULL AND expires > ? "
        "ORDER BY expires",
        (people.clock(),),
    )
    return shown(
        asked,
        "people.html",
        status,
        is_clean=True,
        lines=[_line(asked, one) for one in here],
        invitations=rows,
        day=_day,
        may_invite=[one for one in Role if _may_see_to(asked, one)],
        roles=list(Role),
        known=[
            one
            for one in room.opened().audit.auditors
            if one.kind == "person" and one.id not in keys
        ],
        made=made,
        wrong=wrong,
    )


def _line(asked: Asked, person: Person) -> Line:
    room = asked.room
    did = acts.by(room.store, person.id, 1)
    waits = room.store.rows(
        "SELECT a.release FROM assignments a LEFT JOIN submissions s USING (release, auditor) "
        "WHERE a.auditor = ? AND s.at IS NULL",
        (person.auditor,),
    )
    return Line(
        person,
        ": ".join(filter(None, (did[0]["act"], did[0]["about"]))) if did else "",
        did[0]["at"] if did else "",
        not person.disabled and _may_see_to(asked, person.role) and person.id != asked.viewer.who,
        tuple(row["release"] for row in waits) if person.disabled else (),
    )


def _may_see_to(asked: Asked, role: Role) -> bool:
    return accounts.may_see_to(asked.viewer.role, role)


def _day(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%d %B, %H:%M UTC").lstrip("0")


def _role(asked: Asked) -> Role:
    try:
        return Role(asked.form.get("role", ""))
    except ValueError as error:
        raise HTTPException(400, "There is no such role.") from error


def invite(asked: Asked) -> Response:
    """Make an invitation, and show its link this once."""
    _require_team(asked)
    role = _role(asked)
    if not _may_see_to(asked, role):
        raise HTTPException(403, f"Only an owner invites {role}s.")
    known = asked.form.get("known", "")
    auditor = asked.room.opened().audit.auditor(known) if known else None
    if known and (auditor is None or auditor.kind != "person" or role is Role.READER):
        raise HTTPException(400, "An invitation is for a person whom audit.toml names, to judge.")
    if known and not asked.viewer.role.may(Role.OWNER):
        raise HTTPException(403, "Only an owner says who goes on under a name of audit.toml.")
    with asked.room.store.writing() as db:
        note = " ".join(asked.form.get("note", "").split())[:80]
        token = people.invite(db, role, asked.viewer.who, people.clock(), note, known)
    article = "an" if str(role)[0] in "aeio" else "a"
    words = f"An invitation for {article} {role}, good once and for seven days."
    return _list(asked, Made(_address(asked, f"/join/{token}"), words))


def uninvite(asked: Asked) -> Response:
    """Take back an invitation."""
    with asked.room.store.writing() as db:
        row = db.execute(
            "SELECT * FROM links WHERE token = ? AND kind = 'invitation' AND used IS NULL",
            (asked.form.get("invitation", ""),),
        ).fetchone()
        if row is None:
            raise HTTPException(404, "There is no such invitation.")
        if not _may_see_to(asked, Role(row["role"])):
            raise HTTPException(403, "Only an owner takes this back.")
        db.execute("DELETE FROM links WHERE token = ?", (row["token"],))
        acts.record(db, asked.viewer.who, "took back an invitation", row["role"])
    return RedirectResponse("/people", 303)


def _address(asked: Asked, path: str) -> str:
    return asked.room.settings.origins[0] + path


def _person(asked: Asked) -> Person:
    _require_team(asked)
    person = people.find(asked.room.store, asked.path["person"])
    if person is None:
        raise HTTPException(404, "There is nobody of this name.")
    return person


def _require_team(asked: Asked) -> None:
    if not asked.room.settings.is_team:
        raise HTTPException(
            409, "You are alone in this room. `openbook serve --team` lets others in."
        )


def login_link(asked: Asked) -> Response:
    """Make a link of login for somebody, and show it this once."""
    person = _person(asked)
    if person.disabled or not _may_see_to(asked, person.role):
        raise HTTPException(403, f"Only an owner makes links for {person.role}s.")
    with asked.room.store.writing() as db:
        token = people.login_link(db, person.id, asked.viewer.who, people.clock())
    words = f"A link by which {person.name} comes in, good once and for half an hour."
    return _list(asked, Made(_address(asked, f"/enter/{token}"), words))


def change(asked: Asked) -> Response:
    """Give somebody another role, or shut the person out or let in again."""
    person = _person(asked)
    role = _role(asked) if "role" in asked.form else person.role
    disabled = {"out": True, "in": False}.get(asked.form.get("shut", ""), person.disabled)
    try:
        if role is Role.READER or person.auditor:
            with asked.room.store.writing() as db:
                accounts.change(db, person.id, role, disabled=disabled, by=asked.viewer.who)
        else:
            _make_auditor(asked, person, role, disabled)
    except LoginError as error:
        return _list(asked, wrong=str(error), status=409)
    return RedirectResponse("/people", 303)


def _make_auditor(asked: Asked, person: Person, role: Role, disabled: bool) -> None:
    """Let somebody judge who only read so far: as an auditor of audit.toml."""
    here = {one.auditor for one in people.everybody(asked.room.store)}
    with writing(asked.room.folder) as opened:
        key = free_key(person.id, keys_of_others(opened, person.name) | here)
        with asked.room.store.writing() as db:
            accounts.change(
                db, person.id, role, disabled=disabled, by=asked.viewer.who, auditor=key
            )
            add_auditor(opened, key, person.name)
    asked.room.forget()
