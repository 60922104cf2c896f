"""Rooms with people in them, each at a browser of their own. Every request is a real one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

from openbook.web import people
from openbook.web.app import create_app
from openbook.web.inbox import QUICKEST, _signed
from openbook.web.people import Role
from openbook.web.room import Room, Settings
from openbook.web.store import Store
from tests.workbench import snapshot

ORIGIN = "http://testserver"
CELL = "acme/1/GOALS"
PASSWORD = "correct horse battery"

_addresses = itertools.count(1)


@dataclass
class Visitor:
    """A browser."""

    room: Room
    address: str = ""
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        number = next(_addresses)
        self.address = self.address or f"198.51.{number // 250}.{number % 250 + 1}"
        self.client = TestClient(
            create_app(self.room),
            base_url=self.room.settings.origins[0],
            follow_redirects=False,
            raise_server_exceptions=False,
            client=(self.address, 4711),
        )

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    @property
    def csrf(self) -> str:
        """What the forms of this browser's pages hold."""
        for path in ("/me", "/login"):
            found = re.search(r'name="csrf" content="([0-9a-f]+)"', self.client.get(path).text)
            if found:
                return found[1]
        raise AssertionError("no page with a form")

    def post(
        self,
        path: str,
        fields: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        **headers: str,
    ) -> Response:
        """Send a form as a page of the room would."""
        data = {"csrf": self.csrf, **(fields or {})}
        return self.client.post(path, data=data, files=files, headers={"Origin": ORIGIN, **headers})

    def login(self, name: str, password: str = PASSWORD) -> Response:
        return self.post("/login", {"name": name, "password": password})

    @property
    def token(self) -> str:
        """Of the session, as the cookie holds it."""
        return next(one.value or "" for one in self.client.cookies.jar)


def open_room(folder: Path, state: Path, **how: Any) -> Room:
    """A room of a team, or as ``how`` says."""
    settings = Settings(
        **{"folder": folder, "state": state, "origins": (ORIGIN,), "is_team": True, **how}
    )
    return Room(settings, Store(settings.state))


def invitation(room: Room, role: Role, by: str = people.COMMAND_LINE, person: str = "") -> str:
    """The path of an invitation."""
    with room.store.writing() as db:
        return f"/join/{people.invite(db, role, by, people.clock(), person=person)}"


def come_in(room: Room, name: str, role: Role, password: str = "") -> Visitor:
    """Somebody who takes up an invitation."""
    visitor = Visitor(room)
    fields = {"name": name, "password": password, "again": password}
    answer = visitor.post(invitation(room, role, "the test"), fields)
    assert answer.status_code == 303, answer.text
    return visitor


def stamp(room: Room, age: float = 2 * QUICKEST) -> str:
    """What a form holds that was opened a while ago."""
    at = f"{people.clock() - age:.1f}"
    return f"{at}.{_signed(room, at)}"


def correction(room: Room, **fields: str) -> dict[str, str]:
    """A form that will do."""
    return {
        "kind": "correction",
        "author": "Jane Doe",
        "contact": "jane@secret.example",
        "was": "Told.",
        "now": "Told in part.",
        "reason": "The card says who, not how.",
        "stamp": stamp(room),
        **fields,
    }


def everything(room: Room) -> tuple[dict[str, bytes], str]:
    """All that a request could change: the audit's files, and what the store holds."""
    rows = []
    tables = room.store.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for table in tables:
        name = table["name"]
        found = room.store.rows(f"SELECT * FROM {name} ORDER BY rowid")
        rows.append((name, [tuple(row) for row in found]))
    files = snapshot(room.folder)
    kept = room.settings.state / "quarantine"
    files |= {f"quarantine/{k}": v for k, v in (snapshot(kept) if kept.is_dir() else {}).items()}
    return files, repr(rows)
