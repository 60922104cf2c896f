"""Proposals as lines: written, read, and refused where they say what cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openbook.core.proposal import FabricatedQuote, Fabrication, ShownPassage
from openbook.core.review import PointState
from openbook.files.proposals import append_proposal, proposal_path, proposal_record
from openbook.files.read import Reading, read_audit
from tests.core.test_proposal import QUOTE, proposal
from tests.files.audits import write

WHOLE = proposal(
    shown=(ShownPassage("paper", "a" * 64, 1, 0, 99, "e" * 64),),
    quotes=(QUOTE,),
    fabricated=(FabricatedQuote(Fabrication.ELSEWHERE, "paper", "f" * 64, "beginning"),),
    set_aside=1,
    points={"what": PointState.STATED},
    grade=3,
    reason="since\u2028so",
    tokens_in=10,
    tokens_out=2,
    cost=0.25,
    is_replayed=True,
)


def read(folder: Path) -> Reading:
    return read_audit(folder)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    folder = write(tmp_path)
    bare = proposal("VS")
    for one in (WHOLE, bare):
        append_proposal(folder, one)
    reading = read(folder)
    assert reading.problems == ()
    assert reading.audit is not None
    assert reading.audit.proposals == (WHOLE, bare)
    assert proposal_path(WHOLE) == "proposals/m/acme/1.jsonl"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grade": 5}, "grade"),
        ({"grade": True}, "grade"),
        ({"set_aside": -1}, "set_aside"),
        ({"cost": -1.0}, "cost"),
        ({"prompt": "short"}, "prompt"),
        ({"points": {"what": "sure"}}, "points: what"),
        ({"model": "m\u001b[31m"}, "cannot be shown"),
        ({"endpoint": "\u202eevil"}, "cannot be shown"),
        ({"evidence": []}, "unknown field"),
        ({"model": "other"}, "belongs into proposals/other/acme/1.jsonl"),
        ({"release": "acme/2"}, "belongs into proposals/m/acme/2.jsonl"),
        (
            {"fabricated": [{"kind": "invented", "document": "p", "sha256": "f" * 64,
                             "begins": "x" * 61}]},
            "begins",
        ),
        ({"quotes": [{"document": "paper", "quote": "x"}]}, "quotes: 0"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    folder = write(tmp_path)
    append_proposal(folder, WHOLE)
    line = json.dumps(proposal_record(WHOLE) | change)
    path = folder / proposal_path(WHOLE)
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    reading = read(folder)
    assert reading.audit is not None
    assert reading.audit.proposals == (WHOLE,)
    assert all(str(one).startswith("proposals/m/acme/1.jsonl") for one in reading.problems)
    assert words in " ".join(map(str, reading.problems))


def test_a_file_at_another_depth_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, {"proposals/m/1.jsonl": ""})
    assert "files here are proposals/*/*/*.jsonl" in str(read(folder).problems[0])
