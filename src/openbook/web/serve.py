"""Serving a room until somebody stops it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import uvicorn

from openbook.audit.opened import AuditError, Opened, open_audit
from openbook.web import people
from openbook.web.app import create_app
from openbook.web.people import Role
from openbook.web.room import Room, Settings
from openbook.web.store import Store
from openbook.web.submissions import resume

Say = Callable[[str], None]


class Address(NamedTuple):
    """Where a room answers."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """As a browser writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}" if self.port == 80 else f"http://{host}:{self.port}"


def open_room(settings: Settings, say: Say) -> Room:
    """The room, its store made and what a stop cut short finished. Raises :class:`AuditError` for
    an audit that cannot be read, :class:`openbook.web.store.StoreError`."""
    opened = open_audit(settings.folder)
    for problem in opened.problems[:20]:
        say(f"problem: {problem}")
    store = Store(settings.state)
    room = Room(_as_before(settings, store, opened), store)
    for told in resume(room):
        say(told)
    return room


def _as_before(settings: Settings, store: Store, opened: Opened) -> Settings:
    """Who works alone goes on as the auditor chosen before, where nothing else is said."""
    row = store.row("SELECT value FROM meta WHERE key = 'alone'")
    before = bytes(row["value"]).decode() if row else ""
    if settings.is_team or settings.alone or opened.audit.auditor(before) is None:
        return settings
    return replace(settings, alone=before)


def first_link(room: Room) -> str | None:
    """The path of an invitation for the first owner; None where somebody has come in before."""
    if any(one.role is Role.OWNER and not one.disabled for one in people.everybody(room.store)):
        return None
    with room.store.writing() as db:
        return f"/join/{people.invite(db, Role.OWNER, people.COMMAND_LINE, time.time())}"


def link_for(room: Room, person: str) -> str:
    """The path of a login link for somebody. Raises :class:`AuditError` for nobody."""
    if people.find(room.store, person) is None:
        known = ", ".join(one.id for one in people.everybody(room.store)) or "nobody yet"
        raise AuditError(f"there is no {person!r} in this room; it knows {known}")
    with room.store.writing() as db:
        return f"/enter/{people.login_link(db, person, people.COMMAND_LINE, time.time())}"


def listening(address: Address) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises :class:`AuditError`."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address.host, address.port))
    except OSError as error:
        made.close()
        raise AuditError(
            f"{address.host}:{address.port} cannot be used ({error.strerror}); "
            "choose another with --port, or --port 0 for any that is free"
        ) from error
    return made


def run(room: Room, at: socket.socket, is_behind_proxy: bool = False) -> None:
    """Serve until interrupted. Behind a proxy the visitor's address is what the proxy on this
    machine says; otherwise such headers are not believed."""
    config = uvicorn.Config(
        create_app(room),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=is_behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        h11_max_incomplete_event_size=32 * 1024,
        timeout_keep_alive=15,
        limit_concurrency=400,
    )
    uvicorn.Server(config).run(sockets=[at])
