"""A room for one auditor at a small audit, and one for a team, asked as a browser would."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from openbook.audit.opened import open_audit
from openbook.core.review import CellId
from openbook.web import drafts, people
from openbook.web.app import create_app
from openbook.web.people import Role
from openbook.web.room import Room, Settings
from openbook.web.store import Store
from tests.workbench import build, done, pdf, use, write_sources

ORIGIN = "http://testserver"
LONG = (
    "Gamma was aligned by a team. The judges were asked to prefer what is",
    "safe over what is helpful whenever both could not be had.",
    "Nothing else is told of them.",
)
HEADED = tuple(
    f"{text}) Tj 0 -20 Td (Gamma Report) Tj 0 -20 Td ({n}" for n, text in enumerate(LONG, 1)
)
"""Three pages, each with a running title and a number below its text."""


def prepare(root: Path) -> None:
    """The workbench's audit, with a third release whose document runs over pages."""
    write_sources(root)
    (root / "gamma.pdf").write_bytes(pdf(HEADED))
    build(root / "audit", root)
    done(
        "audit", "add", root / "audit", root / "gamma.pdf", "--initiative", "acme", "--release", "2"
    )


@dataclass
class Reader:
    """Somebody at a browser."""

    client: TestClient
    room: Room
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> str:
        """A page that must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        if found := re.search(r'name="csrf" content="(\w+)"', answer.text):
            self.csrf = found[1]
        return answer.text

    def post(self, path: str, data: Mapping[str, str | Sequence[str]] | None = None) -> Any:
        """The answer to a form, sent by our script."""
        if not self.csrf:
            self.client.cookies.update(self.client.get("/").cookies)
            self.get("/")
        return self.client.post(
            path, data=dict(data or {"sent": ""}), headers={"X-CSRF": self.csrf}
        )

    def draft(self, cell: CellId, auditor: str = "ana-ruiz") -> drafts.Saved:
        """What is kept of a cell."""
        saved = drafts.load(self.room.store, auditor, cell)
        assert saved is not None
        return saved

    @property
    def acts(self) -> list[str]:
        """What the log says was done, oldest first."""
        return [row["act"] for row in self.room.store.rows("SELECT act FROM acts ORDER BY n")]


def alone(template: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Ana Ruiz, alone on this machine."""
    folder = use(template, target, monkeypatch).resolve()
    settings = Settings(folder, target / "state", (ORIGIN,), alone="ana-ruiz")
    room = Room(settings, Store(settings.state))
    return Reader(TestClient(create_app(room), base_url=ORIGIN), room)


def member(template: Path, target: Path, monkeypatch: pytest.MonkeyPatch, release: str) -> Reader:
    """Ana Ruiz in a team, as an auditor to whom one release is assigned."""
    folder = use(template, target, monkeypatch).resolve()
    settings = Settings(folder, target / "state", (ORIGIN,), is_team=True)
    room = Room(settings, Store(settings.state))
    with room.store.writing() as db:
        token = people.invite(db, Role.AUDITOR, "the command line", 0.0)
        db.execute("INSERT INTO assignments VALUES (?, 'ana-ruiz', 'ed', 'now')", (release,))
    _, session = people.join(room.store, token, "Ana Ruiz", "", 1.0, "now")
    client = TestClient(create_app(room), base_url=ORIGIN, cookies={"openbook": session})
    return Reader(client, room)


def cell(room: Room, release: str, keyword: str) -> CellId:
    """A cell by its names."""
    return open_audit(room.folder).cell(release, keyword)
