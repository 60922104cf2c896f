"""Rooms to work in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openbook.web.room import Room
from tests.audit.conftest import audit, own_library, template
from tests.web.people_makers import open_room

__all__ = ["audit", "own_library", "template"]


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
