"""A sample that was chosen instead of drawn is found out."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openbook.audit.check import check
from openbook.audit.opened import open_audit
from openbook.core.bound import at_most
from tests.workbench import done


def _filler(part: int) -> str:
    """A paragraph like no other: what says the same would be folded together."""
    dice = random.Random(part)
    words = ["".join(dice.sample("abcdefghijklmnop", 6)) for _ in range(70)]
    return f"Part {part} is on {' '.join(words)}."


@pytest.fixture
def absence(audit: Path) -> Path:
    """The record of an absence in a document of many passages."""
    Path("long.txt").write_text(
        "\n\n".join(f"{_filler(n)} We share responses." for n in range(40)), "utf-8"
    )
    done("audit", "add", audit, "long.txt", "--initiative", "gamma", "--release", "1")
    done("audit", "absent", audit, "gamma/1", "RELEASED", "-n", 5, "--sample", 9)
    return audit / "searches" / "gamma-1-RELEASED.jsonl"


def problems(absence: Path) -> list[str]:
    return [one.message for one in check(open_audit(absence.parents[1])).problems]


def test_a_record_says_what_was_read_and_what_is_left(absence: Path) -> None:
    record = json.loads(absence.read_text("utf-8"))
    passages = record["documents"][0]["passages"]
    assert len(record["read"]) == 5
    assert len(record["sample"]["read"]) == 9
    assert record["sample"]["unread"] == passages - 5
    assert record["bound"]["at_most"] == at_most(passages - 5, 9, 0)
    assert problems(absence) == []


def _sample(change: Callable[[list[Any]], Any]) -> Callable[[dict[str, Any]], None]:
    return lambda record: change(record["sample"]["read"])


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a passage left out": (_sample(lambda read: read.pop(3)), "claims at most"),
    "two in another order": (
        _sample(list.reverse),
        "its sample is not the one that the seed draws",
    ),
    "another seed": (lambda record: record["sample"].update(seed="mine"), "has another seed"),
    "a bound too good": (lambda record: record["bound"].update(at_most=1), "claims at most 1"),
    "an unknown rule": (lambda record: record["bound"].update(rule="trust-me"), "unknown rule"),
    "a passage that is none": (
        lambda record: record["read"][0].update(start=1),
        "1 of its passages are none of the documents searched",
    ),
    "a passage twice": (
        lambda record: record["read"].__setitem__(1, record["read"][0]),
        "names a passage twice",
    ),
    "fewer passages than there are": (
        lambda record: (
            record["documents"][0].update(passages=20),
            record["sample"].update(unread=15),
            record["bound"].update(at_most=at_most(15, 9, 0)),
        ),
        "counts 20 passages of long",
    ),
    "no sample": (lambda record: record.update(sample=None), "claims a bound without a sample"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_was_changed_by_hand_is_a_problem(absence: Path, case: str) -> None:
    change, message = CHANGES[case]
    record = json.loads(absence.read_text("utf-8"))
    change(record)
    absence.write_text(json.dumps(record) + "\n", "utf-8")
    assert any(message in one for one in problems(absence)), problems(absence)
