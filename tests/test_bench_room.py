"""The room under load and under kills for a few seconds: what the bench measures holds here too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import room


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))


def test_auditors_who_save_at_once_lose_and_mix_nothing() -> None:
    found = room.load(seconds=3, auditors=8)
    assert found.saves > 50
    assert (found.refused, found.lost) == (0, 0)


def test_a_room_killed_while_it_saves_keeps_what_it_acknowledged() -> None:
    found = room.kills(3, auditors=3)
    assert found.saves > 3
    assert (found.lost, found.half_written) == (0, 0)


def test_a_room_killed_while_it_opens_releases_finishes_at_the_next_start() -> None:
    found = room.openings(most=4)
    assert found.kills == 4
    assert (found.lost, found.half_written) == (0, 0)
