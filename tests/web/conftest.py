"""Rooms to read in, to work in, and to come into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openbook.web.room import Room
from tests.audit.conftest import audit, own_library, template
from tests.web import read_makers
from tests.web.people_makers import open_room
from tests.web.read_makers import Reader
from tests.web.work_makers import Team, make_team, team_template

__all__ = ["audit", "own_library", "team_template", "template"]


@pytest.fixture(scope="session")
def read_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("read")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        patch.delenv("OPENBOOK_AUDITOR", raising=False)
        read_makers.prepare(root)
    return root


@pytest.fixture
def reader(
    read_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reader]:
    """Ana Ruiz alone, with a judgement of `acme/1` on file and none of `acme/2`."""
    made = read_makers.alone(read_template, tmp_path, monkeypatch)
    yield made
    made.room.pages.close()
    made.room.store.close()


@pytest.fixture
def team(team_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Three auditors and nothing judged."""
    made = make_team(team_template, tmp_path, monkeypatch)
    yield made
    made.room.store.close()


@pytest.fixture
def room(audit: Path, tmp_path: Path) -> Iterator[Room]:
    """A team's room of a settled audit; nobody has come in."""
    made = open_room(audit.absolute(), tmp_path / "state")
    yield made
    made.store.close()


@pytest.fixture
def public(audit: Path, tmp_path: Path) -> Iterator[Room]:
    """The same, which anybody may read."""
    made = open_room(audit.absolute(), tmp_path / "state", is_public=True)
    yield made
    made.store.close()


@pytest.fixture
def alone(audit: Path, tmp_path: Path) -> Iterator[Room]:
    """The room of somebody who works alone."""
    made = open_room(audit.absolute(), tmp_path / "state", is_team=False)
    yield made
    made.store.close()
