"""A library of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("OPENBOOK_AUDITOR", raising=False)
    monkeypatch.chdir(tmp_path)
