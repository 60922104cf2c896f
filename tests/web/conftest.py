"""Rooms to work in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.work_makers import Team, make_team, team_template

__all__ = ["team_template"]


@pytest.fixture
def team(team_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Three auditors and nothing judged."""
    made = make_team(team_template, tmp_path, monkeypatch)
    yield made
    made.room.store.close()
