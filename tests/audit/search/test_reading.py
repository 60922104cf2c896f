"""Reading by rank: what is said is kept, orders the rest, and counts as read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openbook.audit.check import check
from openbook.audit.opened import open_audit
from tests.workbench import done, openbook

PARTS = (
    "The bakery sells bread in the morning and cake at noon. ",
    "Labelers were hired through a vendor, after a test. ",
    "The river runs north past the old mill and the church. ",
    "Every vendor sends its labelers for a second test each year. ",
    "Snow fell on the hills for nine days without an end. ",
    "A train leaves the small station at ten past every hour. ",
)
CELL = ("gamma/1", "PEOPLE")


@pytest.fixture
def read(audit: Path) -> Path:
    """An audit with a document of six passages, one of which speaks of annotators."""
    text = "\n\n".join(part * 10 for part in PARTS).replace("hired", "hired as annotators", 1)
    Path("long.txt").write_text(text, "utf-8")
    done("audit", "add", audit, "long.txt", "--initiative", "gamma", "--release", "1")
    return audit


def state(audit: Path, *options: str) -> dict[str, object]:
    found: dict[str, object] = done("audit", "read", audit, *CELL, *options, "--json").json[0]
    return found


def test_the_likeliest_passage_comes_first_and_is_not_shown_twice(read: Path) -> None:
    first = state(read)
    assert first["read"] == 0
    assert "annotators" in first["next"]["text"]  # type: ignore[index]
    after = state(read, "--nothing", first["next"]["id"])  # type: ignore[index]
    assert (after["read"], after["answer"]) == (1, 0)
    assert after["next"] is None or after["next"]["id"] != first["next"]["id"]  # type: ignore[index]


def test_a_passage_that_answers_draws_its_like(read: Path) -> None:
    passage = state(read)["next"]
    answered = state(read, "--answers", passage["id"])  # type: ignore[index]
    assert (answered["read"], answered["answer"]) == (1, 1)
    lines = (read / "readings" / "ana-ruiz.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["answers"] for line in lines] == [True]
    assert check(open_audit(read)).problems == ()


def test_the_last_word_holds(read: Path) -> None:
    id_ = state(read)["next"]["id"]  # type: ignore[index]
    state(read, "--answers", id_)
    assert openbook("audit", "absent", read, *CELL).status == 1
    assert state(read, "--nothing", id_)["answer"] == 0


def test_what_was_read_is_part_of_a_recorded_absence(read: Path) -> None:
    id_ = state(read)["next"]["id"]  # type: ignore[index]
    state(read, "--nothing", id_)
    record = done("audit", "absent", read, *CELL, "--sample", "2", "--json").json[0]
    assert id_ not in {one["id"] for one in (*record["passages"], *record["sample"])}
    kept = json.loads((read / "searches" / "gamma-1-PEOPLE.jsonl").read_text("utf-8"))
    place = kept["read"][0]
    assert id_ == f"{place['document']}:{place['page']}:{place['start']}-{place['end']}"
    assert check(open_audit(read)).problems == ()


@pytest.mark.parametrize("id_", ["long:1:3-9", "long", "../x:1:0-9"])
def test_a_passage_that_is_none(read: Path, id_: str) -> None:
    ran = openbook("audit", "read", read, *CELL, "--answers", id_)
    assert ran.status == 2
    assert not (read / "readings").exists()


FAULTS = {
    "another auditor": ({}, "nobody", "nobody is no auditor of audit.toml"),
    "another question": ({"keyword": "NOPE"}, "ana-ruiz", "is no cell of this audit"),
    "another copy": ({"copy": "0" * 64}, "ana-ruiz", "read a copy of long that is not listed"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_faults_in_a_file_of_readings(read: Path, case: str) -> None:
    change, auditor, message = FAULTS[case]
    state(read, "--nothing", state(read)["next"]["id"])  # type: ignore[index]
    path = read / "readings" / "ana-ruiz.jsonl"
    line = json.loads(path.read_text("utf-8")) | change
    path.unlink()
    (read / "readings" / f"{auditor}.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    assert any(message in one.message for one in check(open_audit(read)).problems)
