"""Who may come in: people, their roles, passwords, links and sessions.

Passwords are kept as argon2id hashes. Tokens of sessions and links are 32 random bytes, of which
only the hash is kept. A new token is made at each login, so that one planted before is worth
nothing after.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from enum import StrEnum
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from openbook.core.initiative import slug
from openbook.web.acts import record
from openbook.web.store import Store, hashed

SESSION_IDLE = 12 * 3600.0
SESSION_MOST = 14 * 86400.0
INVITATION = 7 * 86400.0
LOGIN_LINK = 30 * 60.0
TRIES, TRIES_WITHIN = 5, 15 * 60.0
"""So many failed logins for one name or from one address, and no more is tried for so long."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200

_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody's password, for taking as long as with somebody's")


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


class LoginError(Exception):
    """A login that is refused; the message tells no more than it has to."""


class TooManyError(LoginError):
    """Too many tries; carries after how many seconds another may be made."""

    def __init__(self, wait: float) -> None:
        super().__init__("too many tries")
        self.wait = wait


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


def join(
    store: Store, token: str, name: str, password: str, now: float, created: str
) -> tuple[Person, str]:
    """Take up an invitation: the person made, and the token of a session. Raises
    :class:`LoginError` for a link that is used up or no more valid, and a password too short."""
    name = " ".join(name.split())
    if not slug(name):
        raise LoginError("a name needs at least one Latin letter or digit, for file names")
    hash_ = _hash_of(password) if password else ""
    with store.writing() as db:
        link = _take_link(db, token, "invitation", now)
        role = Role(link["role"])
        id_ = _free_id(db, slug(name))
        auditor = "" if role is Role.READER else id_
        person = Person(id_, name, role, auditor)
        db.execute(
            "INSERT INTO people (id, name, role, auditor, password, created) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (id_, name, str(role), auditor, hash_, created),
        )
        record(db, id_, "joined", about=id_, detail=f"as {role}, invited by {link['made_by']}")
        return person, _new_session(db, id_, now)


def _hash_of(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise LoginError(
            f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; "
            "or leave it empty and come in by links"
        )
    return _hasher.hash(password)


def _free_id(db: sqlite3.Connection, wanted: str) -> str:
    taken = {row["id"] for row in db.execute("SELECT id FROM people")}
    id_, number = wanted, 2
    while id_ in taken:
        id_, number = f"{wanted}-{number}", number + 1
    return id_


def login(store: Store, id_: str, password: str, address: str, now: float) -> str:
    """The token of a new session. Raises :class:`LoginError`, with the same words and after the
    same time whether the name or the password is wrong; :class:`TooManyError`."""
    keys = (f"login {slug(id_)}", f"login from {address}")
    _require_few(store, keys, now)
    row = store.row("SELECT * FROM people WHERE id = ?", (slug(id_),))
    is_right = _is_password(row["password"] if row and row["password"] else _nobody, password)
    with store.writing() as db:
        if not is_right or row is None or not row["password"] or row["disabled"]:
            db.executemany("INSERT INTO attempts VALUES (?, ?)", [(key, now) for key in keys])
            db.execute("DELETE FROM attempts WHERE at < ?", (now - 86400,))
            record(db, address, "failed to log in", about=slug(id_))
            is_right = False
        else:
            db.execute("DELETE FROM attempts WHERE key = ?", (keys[0],))
            record(db, row["id"], "logged in", detail="with a password")
            return _new_session(db, row["id"], now)
    raise LoginError("name or password is wrong")


def _is_password(hash_: str, password: str) -> bool:
    try:
        return _hasher.verify(hash_, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def _require_few(store: Store, keys: tuple[str, ...], now: float) -> None:
    """Raise :class:`TooManyError` where a key had too many failures of late."""
    for key in keys:
        rows = store.rows(
            "SELECT at FROM attempts WHERE key = ? AND at > ? ORDER BY at DESC LIMIT ?",
            (key, now - TRIES_WITHIN, TRIES),
        )
        if len(rows) >= TRIES:
            raise TooManyError(rows[-1]["at"] + TRIES_WITHIN - now)


def few_enough(store: Store, key: str, most: int, within: float, now: float) -> None:
    """Count one act under ``key``. Raises :class:`TooManyError` beyond ``most`` ``within`` so many
    seconds."""
    with store.writing() as db:
        rows = db.execute(
            "SELECT at FROM attempts WHERE key = ? AND at > ? ORDER BY at DESC LIMIT ?",
            (key, now - within, most),
        ).fetchall()
        if len(rows) >= most:
            raise TooManyError(rows[-1]["at"] + within - now)
        db.execute("INSERT INTO attempts VALUES (?, ?)", (key, now))


def invite(db: sqlite3.Connection, role: Role, by: str, now: float, note: str = "") -> str:
    """The token of an invitation, valid once and for a week."""
    return _new_link(db, "invitation", by, now + INVITATION, role=str(role), note=note)


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


def _take_link(db: sqlite3.Connection, token: str, kind: str, now: float) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM links WHERE token = ? AND kind = ? AND used IS NULL AND expires > ?",
        (hashed(token), kind, now),
    ).fetchone()
    if row is None:
        raise LoginError("this link is used up or no longer valid; ask for a new one")
    db.execute("UPDATE links SET used = ? WHERE token = ?", (now, hashed(token)))
    return row


def enter_by_link(store: Store, token: str, now: float) -> str:
    """The token of a session, for a login link. Raises :class:`LoginError`."""
    with store.writing() as db:
        link = _take_link(db, token, "login", now)
        row = db.execute("SELECT disabled FROM people WHERE id = ?", (link["person"],)).fetchone()
        if row is None or row["disabled"]:
            raise LoginError("this link is used up or no longer valid; ask for a new one")
        record(db, link["person"], "logged in", detail=f"by a link of {link['made_by']}")
        return _new_session(db, link["person"], now)


def _new_session(db: sqlite3.Connection, person: str, now: float) -> str:
    token = secrets.token_urlsafe(32)
    db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (hashed(token), person, now, now))
    return token


def session(store: Store, token: str, now: float) -> Person | None:
    """Whose session a token is; None where it is nobody's, or over."""
    row = store.row(
        "SELECT s.created, s.seen, p.* FROM sessions s JOIN people p ON p.id = s.person "
        "WHERE s.token = ?",
        (hashed(token),),
    )
    if row is None or row["disabled"]:
        return None
    if now - row["seen"] > SESSION_IDLE or now - row["created"] > SESSION_MOST:
        return None
    if now - row["seen"] > 60:
        with store.writing() as db:
            db.execute("UPDATE sessions SET seen = ? WHERE token = ?", (now, hashed(token)))
    return person_of(row)


def logout(store: Store, token: str, who: str) -> None:
    """End a session."""
    with store.writing() as db:
        db.execute("DELETE FROM sessions WHERE token = ?", (hashed(token),))
        record(db, who, "logged out")


def change(db: sqlite3.Connection, person: str, role: Role, *, disabled: bool, by: str) -> None:
    """Give a person another role, or shut the person out; sessions end where they must."""
    db.execute(
        "UPDATE people SET role = ?, disabled = ? WHERE id = ?", (str(role), disabled, person)
    )
    if disabled:
        db.execute("DELETE FROM sessions WHERE person = ?", (person,))
    record(db, by, "changed a person", person, f"{role}{', shut out' if disabled else ''}")


def clock() -> float:
    """Seconds since 1970."""
    return time.time()
