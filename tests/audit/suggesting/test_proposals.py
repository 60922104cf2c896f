"""Checking proposals: what was changed by hand is noticed, and none of it can stop settling."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.audit.suggesting.test_suggest import ALTERED, PEOPLE, TRUE
from tests.models.fakes import MODEL, answer_text, record
from tests.workbench import done, openbook

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def proposed(audit: Path) -> Path:
    said = answer_text(TRUE, ALTERED, points={"number": "stated", "location": "absent"}, grade=2)
    record(Path("talk.jsonl"), audit, PEOPLE, said)
    done("audit", "suggest", audit, *PEOPLE, "--model", MODEL, "--replay", "talk.jsonl")
    return audit


def changed(audit: Path, change: Change) -> None:
    (path,) = (audit / "proposals").rglob("*.jsonl")
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data) + "\n", "utf-8")


def test_a_proposal_as_it_was_made_is_no_problem_and_nothing_to_do(proposed: Path) -> None:
    (checked,) = done("audit", "check", proposed, "--json").json
    assert checked["problems"] == []
    assert "proposals" not in json.dumps(checked["todos"])


FORGERIES: dict[str, tuple[Change, str]] = {
    "words": (
        lambda one: one["quotes"][0].update(quote="We hired 900 annotators", evidence="q-2b7c62"),
        "the proposed quote is",
    ),
    "id": (lambda one: one["quotes"][0].update(evidence="q-000000"), "is not the id"),
    "points": (lambda one: one["points"].update(location="stated"), "calls a point told"),
    "no such point": (lambda one: one["points"].update(pay="absent"), "has no point pay"),
    "no such question": (lambda one: one.update(keyword="PAY"), "is no cell of this audit"),
    "copy": (lambda one: one["quotes"][0].update(copy="0" * 64), "that no document shown lists"),
    "document": (
        lambda one: one["quotes"][0].update(document="beta-report"),
        "of which no passage was shown",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_was_changed_by_hand_is_a_problem_and_settling_goes_on(
    proposed: Path, forgery: str
) -> None:
    change, words = FORGERIES[forgery]
    changed(proposed, change)
    ran = openbook("audit", "check", proposed)
    assert ran.status == 1
    assert words in ran.out
    assert "proposals/acme-fabricator-1/acme/1.jsonl" in ran.out
    done("audit", "settle", proposed)


def test_proposed_quotes_of_documents_not_at_hand_are_no_problem(proposed: Path) -> None:
    for path in Path("library").rglob("*"):
        if path.is_file() and path.suffix != ".sqlite3":
            path.unlink()
    assert "proposed quote" not in openbook("audit", "check", proposed).out
