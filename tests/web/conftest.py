"""Rooms to read and to work in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.read_makers import Reader, alone, prepare
from tests.web.work_makers import Team, make_team, team_template

__all__ = ["team_template"]


@pytest.fixture(scope="session")
def read_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("read")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        patch.delenv("OPENBOOK_AUDITOR", raising=False)
        prepare(root)
    return root


@pytest.fixture
def reader(
    read_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reader]:
    """Ana Ruiz alone, with a judgement of `acme/1` on file and none of `acme/2`."""
    made = alone(read_template, tmp_path, monkeypatch)
    yield made
    made.room.store.close()


@pytest.fixture
def team(team_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Three auditors and nothing judged."""
    made = make_team(team_template, tmp_path, monkeypatch)
    yield made
    made.room.store.close()
