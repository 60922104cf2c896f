"""A disk that is full: the message names what was asked for, and nothing is left half made."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_help import OPENBOOK
from tests.workbench import done, snapshot

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits the size of files")


def full(command: str, blocks: int = 0) -> str:
    """Run a command that may write files of so many kB at most, and must fail; what it says."""
    line = f"ulimit -f {blocks}; {OPENBOOK} {command}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout == ""
    return ran.stderr.strip()


def test_no_new_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = "openbook: mine could not be written (File too large); nothing was changed"
    assert full("audit new mine") == message
    assert full("audit new mine --copy decoding-alignment") == message
    assert full("audit new mine --copy decoding-alignment", 40) == message
    assert list(tmp_path.iterdir()) == []


def test_no_site_and_the_old_one_stays(audit: Path) -> None:
    message = f"openbook: {Path('site').resolve()} could not be written (File too large)"
    assert full(f"report {audit} -o site") == message
    assert not Path("site").exists()
    done("report", audit, "-o", "site")
    before = snapshot(Path("site"))
    assert full(f"report {audit} -o site", 10) == message
    assert snapshot(Path("site")) == before
    assert not list(Path().glob(".site*"))
