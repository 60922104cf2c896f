"""`audit read` on a terminal: a real one, with somebody typing."""

from __future__ import annotations

import json
import os
import select
import sys
from pathlib import Path

import pytest

from tests.workbench import done

pty = pytest.importorskip("pty")

ASKED = b"[q]uit: "


def typed(*arguments: str, keys: list[bytes]) -> str:
    """What the terminal shows when these keys are typed, one each time it asks."""
    command = [sys.executable, "-m", "openbook.cli.main", *arguments]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    shown, asked, waiting = b"", 0, [*keys]
    while select.select([terminal], [], [], 60)[0]:
        try:
            got = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            got = b""
        if not got:
            break
        shown += got
        if waiting and shown.count(ASKED) > asked:
            asked += 1
            os.write(terminal, waiting.pop(0))
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode()
    return shown.decode()


def test_only_what_is_said_is_kept(audit: Path) -> None:
    Path("long.txt").write_text(
        "\n\n".join(f"{word} annotators. " * 30 for word in ("Ten hired", "Paid", "Two good")),
        "utf-8",
    )
    done("audit", "add", audit, "long.txt", "--initiative", "gamma", "--release", "1")
    shown = typed(
        *("audit", "read", "audit", "gamma/1", "PEOPLE"),
        keys=[b"\n", b"maybe\n", b"y\n", b"s\n", b"n\n", b"q\n"],
    )
    assert "quote it: openbook audit quote audit long:1:" in shown
    assert "read 2 of 4 passages; 1 answers" in shown
    lines = (audit / "readings" / "ana-ruiz.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["answers"] for line in lines] == [True, False]
