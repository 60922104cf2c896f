"""What becomes of an account: passwords, roles, being shut out, and the sessions that end."""

from __future__ import annotations

import sqlite3

from openbook.web.acts import record
from openbook.web.limits import count, forgive, network
from openbook.web.passwords import LoginError, hash_of, is_right
from openbook.web.people import (
    SESSION_IDLE,
    SESSION_MOST,
    TRIES,
    TRIES_FROM,
    Role,
    new_session,
)
from openbook.web.store import Store, hashed


def end_all(db: sqlite3.Connection, person: str, *, but: str = "") -> int:
    """End the sessions of a person, but for that of the token ``but``; how many there were."""
    return db.execute(
        "DELETE FROM sessions WHERE person = ? AND token != ?", (person, hashed(but))
    ).rowcount


def sessions_of(store: Store, person: str, now: float) -> int:
    """How many sessions a person has."""
    row = store.row(
        "SELECT count(*) AS n FROM sessions WHERE person = ? AND seen > ? AND created > ?",
        (person, now - SESSION_IDLE, now - SESSION_MOST),
    )
    return int(row["n"]) if row else 0


def has_password(store: Store, person: str) -> bool:
    """Whether somebody can log in with a password, and so must give it to change it."""
    row = store.row("SELECT password FROM people WHERE id = ?", (person,))
    return bool(row and row["password"])


def set_password(store: Store, person: str, old: str, new: str, address: str, now: float) -> str:
    """Give a person another password: every session ends, and a new one begins, whose token this
    is. Raises :class:`LoginError` where the old one is wrong or the new one will not do."""
    row = store.row("SELECT password FROM people WHERE id = ?", (person,))
    keys = {f"password {person}": TRIES, f"login from {network(address)}": TRIES_FROM}
    if row is not None and row["password"]:
        count(store, keys, now)
        if not is_right(row["password"], old):
            raise LoginError("The password that you have now is another one.")
    hash_ = hash_of(new)
    with store.writing() as db:
        forgive(db, keys, now)
        db.execute("UPDATE people SET password = ? WHERE id = ?", (hash_, person))
        end_all(db, person)
        record(db, person, "changed the password")
        return new_session(db, person, now)


def change(
    db: sqlite3.Connection, person: str, role: Role, *, disabled: bool, by: str, auditor: str = ""
) -> None:
    """Give a person another role, or shut the person out. Sessions end where they must, and open
    links too: nobody comes back by one made before. Raises :class:`LoginError` for the last owner.
    """
    others = "SELECT 1 FROM people WHERE role = 'owner' AND disabled = 0 AND id != ?"
    stays = role is Role.OWNER and not disabled
    if not stays and db.execute(others, (person,)).fetchone() is None:
        raise LoginError("Somebody has to be owner: make another person owner first.")
    db.execute(
        "UPDATE people SET role = ?, disabled = ?, "
        "auditor = coalesce(nullif(auditor, ''), ?) WHERE id = ?",
        (str(role), disabled, auditor, person),
    )
    db.execute("DELETE FROM links WHERE used IS NULL AND made_by = ?", (person,))
    db.execute("DELETE FROM links WHERE used IS NULL AND kind = 'login' AND person = ?", (person,))
    if disabled:
        end_all(db, person)
    record(db, by, "changed a person", person, f"{role}{', shut out' if disabled else ''}")


def may_see_to(who: Role, other: Role) -> bool:
    """Whether somebody may invite people with a role and make login links for them: owners for
    everybody, editors for those who may less, since a link lets its maker in."""
    return who is Role.OWNER or (who is Role.EDITOR and not other.may(Role.EDITOR))
