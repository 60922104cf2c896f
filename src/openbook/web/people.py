"""Who may come in: people, their roles, links and sessions.

Tokens of sessions and links are 32 random bytes, of which only the hash is kept. A new token is
made at each login, so that one planted before is worth nothing after.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import NamedTuple

from openbook.audit.auditors import free_key
from openbook.core.initiative import slug
from openbook.web.acts import record
from openbook.web.limits import Limit, count, few_enough, forgive, network
from openbook.web.passwords import LoginError, TooManyError, hash_of, is_right
from openbook.web.store import Store, hashed

__all__ = ["LoginError", "TooManyError", "few_enough"]

SESSION_IDLE = 12 * 3600.0
SESSION_MOST = 14 * 86400.0
INVITATION = 7 * 86400.0
LOGIN_LINK = 30 * 60.0
TRIES_WITHIN = 15 * 60.0
TRIES, TRIES_FROM, TRIES_FOR = (Limit(most, TRIES_WITHIN) for most in (5, 20, 50))
"""Failed logins: for one name from one address, from one address, and for one name. The last is
wide, since anybody can fail for somebody else; links of login are not counted."""
LONGEST_NAME = 80
COMMAND_LINE = "the command line"
"""Who makes links with ``openbook serve``: somebody who may read all files anyway."""


class Role(StrEnum):
    """What a person may do; each may also do what those after it may."""

    OWNER = "owner"
    """Names people's roles and reads the act log."""
    EDITOR = "editor"
    """Assigns, invites, settles disputes, decides on corrections."""
    AUDITOR = "auditor"
    """Judges the releases assigned."""
    READER = "reader"
    """Reads what is settled."""

    def may(self, needed: Role) -> bool:
        """Whether this role includes another one."""
        order = list(Role)
        return order.index(self) <= order.index(needed)


class Person(NamedTuple):
    """Somebody with an account."""

    id: str
    name: str
    role: Role
    auditor: str
    """Key under which this person judges, in audit.toml; empty for readers."""
    disabled: bool = False


def person_of(row: sqlite3.Row) -> Person:
    """A row of the table of people."""
    return Person(row["id"], row["name"], Role(row["role"]), row["auditor"], bool(row["disabled"]))


def find(store: Store, id_: str) -> Person | None:
    """The person with this id."""
    row = store.row("SELECT * FROM people WHERE id = ?", (id_,))
    return person_of(row) if row else None


def everybody(store: Store) -> list[Person]:
    """All people, in the order in which they came."""
    return [person_of(row) for row in store.rows("SELECT * FROM people ORDER BY rowid")]


def name_of(text: str) -> str:
    """A name as it is kept. Raises :class:`LoginError` for what cannot be shown or give a key."""
    name = " ".join(text.split())
    if not slug(name):
        raise LoginError("a name needs at least one Latin letter or digit, for file names")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise LoginError(f"a name has at most {LONGEST_NAME} characters, all of which can be seen")
    return name


Joining = Callable[[Person], Person]
"""Makes the person an auditor of the audit's files, before all of it counts."""


def join(
    store: Store,
    token: str,
    name: str,
    password: str,
    now: float,
    created: str,
    *,
    taken: Collection[str] = (),
    joining: Joining = lambda person: person,
) -> tuple[Person, str]:
    """Take up an invitation: the person made, and the token of a session. ``taken`` are keys that
    belong to others. Raises :class:`LoginError` for a link that is used up or no more valid, a name
    and a password that will not do."""
    name = name_of(name)
    if link_of(store, token, "invitation", now) is None:
        raise LoginError(USED_UP)
    hash_ = hash_of(password) if password else ""
    with store.writing() as db:
        link = _take_link(db, token, "invitation", now)
        role = Role(link["role"])
        id_ = _id_for(db, link, name, taken)
        person = joining(Person(id_, name, role, "" if role is Role.READER else id_))
        db.execute(
            "INSERT INTO people (id, name, role, auditor, password, created) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (id_, name, str(role), person.auditor, hash_, created),
        )
        record(db, id_, "joined", about=id_, detail=f"as {role}, invited by {link['made_by']}")
        return person, new_session(db, id_, now)


def _id_for(db: sqlite3.Connection, link: sqlite3.Row, name: str, others: Collection[str]) -> str:
    here = {row["id"] for row in db.execute("SELECT id FROM people")}
    if not link["person"]:
        return free_key(slug(name), here | set(others))
    if link["person"] in here:
        raise LoginError(f"{link['person']} has come in before. Ask for a login link.")
    return str(link["person"])


def login(store: Store, id_: str, password: str, address: str, now: float) -> str:
    """The token of a new session. Raises :class:`LoginError`, with the same words and after the
    same time whether the name or the password is wrong; :class:`TooManyError`."""
    id_, address = slug(id_), network(address)
    keys = {
        f"login {id_} from {address}": TRIES,
        f"login from {address}": TRIES_FROM,
        f"login {id_}": TRIES_FOR,
    }
    count(store, keys, now)
    row = store.row("SELECT * FROM people WHERE id = ?", (id_,))
    is_good = is_right(row["password"] if row else "", password)
    with store.writing() as db:
        if is_good and row is not None and not row["disabled"]:
            forgive(db, keys, now)
            record(db, row["id"], "logged in", detail="with a password")
            return new_session(db, row["id"], now)
        # What is no name here may be a password, typed into the wrong field.
        record(db, f"visitor {address}", "failed to log in", about=row["id"] if row else "")
    raise LoginError("Name or password is wrong.")


def invite(
    db: sqlite3.Connection, role: Role, by: str, now: float, note: str = "", person: str = ""
) -> str:
    """The token of an invitation, valid once and for a week; for ``person``, an auditor of the
    audit's files who comes in for the first time."""
    expires = now + INVITATION
    return _new_link(db, "invitation", by, expires, role=str(role), person=person, note=note)


def login_link(db: sqlite3.Connection, person: str, by: str, now: float) -> str:
    """The token of a link by which one person comes in once, within half an hour."""
    return _new_link(db, "login", by, now + LOGIN_LINK, person=person)


def _new_link(
    db: sqlite3.Connection,
    kind: str,
    by: str,
    expires: float,
    *,
    role: str = "",
    person: str = "",
    note: str = "",
) -> str:
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO links (token, kind, role, person, made_by, note, expires) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (hashed(token), kind, role, person, by, note, expires),
    )
    about = person or role
    record(db, by, "made an invitation" if kind == "invitation" else "made a login link", about)
    return token


def link_of(store: Store, token: str, kind: str, now: float) -> sqlite3.Row | None:
    """A link that may still be used."""
    return store.row(
        "SELECT * FROM links WHERE token = ? AND kind = ? AND used IS NULL AND expires > ?",
        (hashed(token), kind, now),
    )


USED_UP = "This link is used up or no longer valid. Ask for a new one."


def _take_link(db: sqlite3.Connection, token: str, kind: str, now: float) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM links WHERE token = ? AND kind = ? AND used IS NULL AND expires > ?",
        (hashed(token), kind, now),
    ).fetchone()
    if row is None:
        raise LoginError(USED_UP)
    db.execute("UPDATE links SET used = ? WHERE token = ?", (now, hashed(token)))
    return row


def enter_by_link(store: Store, token: str, now: float) -> str:
    """The token of a session, for a login link. Raises :class:`LoginError`."""
    with store.writing() as db:
        link = _take_link(db, token, "login", now)
        row = db.execute("SELECT disabled FROM people WHERE id = ?", (link["person"],)).fetchone()
        if row is None or row["disabled"]:
            raise LoginError(USED_UP)
        record(db, link["person"], "logged in", detail=f"by a link of {link['made_by']}")
        return new_session(db, link["person"], now)


def new_session(db: sqlite3.Connection, person: str, now: float) -> str:
    """The token of a session that begins."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "DELETE FROM sessions WHERE seen < ? OR created < ?",
        (now - SESSION_IDLE, now - SESSION_MOST),
    )
    db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (hashed(token), person, now, now))
    return token


def session(store: Store, token: str, now: float) -> Person | None:
    """Whose session a token is; None where it is nobody's, or over."""
    row = store.row(
        "SELECT s.created AS since, s.seen, p.* FROM sessions s JOIN people p ON p.id = s.person "
        "WHERE s.token = ?",
        (hashed(token),),
    )
    if row is None or row["disabled"]:
        return None
    if now - row["seen"] > SESSION_IDLE or now - row["since"] > SESSION_MOST:
        return None
    if now - row["seen"] > 60:
        with store.writing() as db:
            db.execute("UPDATE sessions SET seen = ? WHERE token = ?", (now, hashed(token)))
    return person_of(row)


def logout(store: Store, token: str, who: str) -> None:
    """End a session."""
    with store.writing() as db:
        if end_session(db, token):
            record(db, who, "logged out")


def end_session(db: sqlite3.Connection, token: str) -> bool:
    """End the session that a token is of; whether it was one."""
    return bool(db.execute("DELETE FROM sessions WHERE token = ?", (hashed(token),)).rowcount)


def clock() -> float:
    """Seconds since 1970."""
    return time.time()
