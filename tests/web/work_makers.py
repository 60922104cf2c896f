"""A team at work on a small audit: Ana, Bo and Cy, two releases, three questions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from openbook.audit.opened import open_audit
from openbook.audit.quoting.evidence import identity
from openbook.core.draft import Draft, DraftQuote
from openbook.core.initiative import ReleaseId
from openbook.core.review import CellId, PointState
from openbook.web import drafts, people
from openbook.web.app import create_app
from openbook.web.people import Role
from openbook.web.room import Room, Settings
from openbook.web.store import Store
from tests.workbench import done, write_sources

ACME, BETA = ReleaseId("acme", "1"), ReleaseId("beta-labs", "2")
WORDS = {
    "GOALS": ("We set these goals ourselves", "who"),
    "PEOPLE": ("We hired 40 annotators", "number"),
    "RELEASED": ("We do not share where they live.", "published"),
}
"""What can be quoted of the first release for each question, and a point that it supports."""
AUDITORS = {"ana": "Ana Ruiz", "bo": "Bo Li", "cy": "Cy Ode"}
ORIGIN = "http://testserver"


def prepare_team(root: Path) -> None:
    """An audit with three auditors, two documents, and nothing judged."""
    write_sources(root)
    folder = root / "audit"
    done("audit", "new", folder, "--questionnaire", root / "three.toml", "--auditor", "Nobody")
    done("audit", "add", folder, root / "acme-card.md", "--initiative", "acme", "--release", "1")
    done("audit", "add", folder, root / "beta-report.pdf", "--initiative", "beta-labs",
         "--release", "2")  # fmt: skip
    text = (folder / "audit.toml").read_text("utf-8")
    head = text[: text.index("[[auditor]]")]
    named = "\n".join(
        f'[[auditor]]\nid = "{id_}"\nname = "{name}"\nkind = "person"\n'
        for id_, name in AUDITORS.items()
    )
    (folder / "audit.toml").write_text(head + named, "utf-8")


@pytest.fixture(scope="session")
def team_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("team")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        patch.delenv("OPENBOOK_AUDITOR", raising=False)
        prepare_team(root)
    return root


@dataclass
class Team:
    """A room with its people."""

    room: Room

    @property
    def folder(self) -> Path:
        return self.room.folder

    def invite(self, name: str, role: Role) -> str:
        """The token of a session of somebody who has just come in."""
        with self.room.store.writing() as db:
            link = people.invite(db, role, "the test", people.clock())
        _, token = people.join(self.room.store, link, name, "", people.clock(), "2026-11-26")
        return token

    def client(self, name: str, role: Role = Role.AUDITOR) -> TestClient:
        """A browser in which somebody is logged in."""
        client = TestClient(create_app(self.room), base_url=ORIGIN, follow_redirects=False)
        row = self.room.store.row("SELECT id FROM people WHERE id = ?", (name,))
        if row is None:
            token = self.invite(name, role)
        else:
            with self.room.store.writing() as db:
                link = people.login_link(db, name, "the test", people.clock())
            token = people.enter_by_link(self.room.store, link, people.clock())
        client.cookies.set("openbook", token)
        return client

    def assign(self, *auditors: str, release: ReleaseId = ACME) -> None:
        with self.room.store.writing() as db:
            db.executemany(
                "INSERT INTO assignments VALUES (?, ?, 'test', '2026-11-26')",
                [(str(release), one) for one in auditors],
            )

    def draft(
        self,
        auditor: str,
        keyword: str = "GOALS",
        grade: int = 2,
        says: str = "Told.",
        release: ReleaseId = ACME,
    ) -> CellId:
        """Put down a judgement that may be submitted."""
        cell = CellId(release, keyword)
        text, point = WORDS[keyword]
        store, opened = self.room.store, open_audit(self.folder)
        if grade:
            id_, _ = identity(opened, "acme-card", text)
            quote = DraftQuote(id_, "acme-card", text, (point,))
            drafts.add_quote(store, auditor, cell, quote, "2026-11-26", auditor)
        told = PointState.VAGUE if grade else PointState.ABSENT
        points: Mapping[str, PointState] = {point: told}
        draft = Draft(points, f"{says} {auditor}", grade, f"Because {auditor}.", f"Why {auditor}.")
        saved = drafts.load(store, auditor, cell)
        version = saved.version if saved else 0
        drafts.save(store, auditor, cell, draft, version, "2026-11-26", auditor)
        return cell

    def draft_all(self, auditor: str, grade: int = 2, says: str = "Told.") -> None:
        for keyword in WORDS:
            self.draft(auditor, keyword, grade, says)


def make_team(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **how: object
) -> Team:
    """A fresh copy of the team's audit, served."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("OPENBOOK_AUDITOR", raising=False)
    settings = Settings(
        tmp_path / "audit", tmp_path / "state", (ORIGIN,), **{"is_team": True, **how}
    )  # type: ignore[arg-type]
    return Team(Room(settings, Store(settings.state)))


def token_in(page: str) -> str:
    """What forms of a page send back."""
    found = re.search(r'name="csrf" (?:content|value)="([0-9a-f]+)"', page)
    assert found
    return found[1]


def post(client: TestClient, path: str, fields: Mapping[str, object] | None = None, at: str = "/"):  # type: ignore[no-untyped-def]
    """Send a form that stands on the page ``at``."""
    csrf = token_in(client.get(at).text)
    return client.post(path, data={"csrf": csrf, **(fields or {})})
