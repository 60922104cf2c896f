"""The differences of two audits: exactly what was changed by hand, and nothing else."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tomlkit

from tests.workbench import done, openbook, snapshot


class Edit(NamedTuple):
    """Something a person does to a file, and the difference it makes."""

    path: str
    do: Callable[[Any], None]
    part: str
    name: str
    field: str | None
    was: object = None
    now: object = None


def put(*where: str | int, value: Any) -> Callable[[Any], None]:
    """Set a value in a file."""

    def do(data: Any) -> None:
        for step in where[:-1]:
            data = data[step]
        data[where[-1]] = value

    return do


def add(array: str, table: dict[str, Any]) -> Callable[[Any], None]:
    def do(data: Any) -> None:
        data.setdefault(array, tomlkit.aot()).append(tomlkit.item(table))

    return do


def find(array: str, key: str, value: str, field: str, new: Any) -> Callable[[Any], None]:
    """Set a field of one item of an array."""

    def do(data: Any) -> None:
        next(one for one in data[array] if one[key] == value)[field] = new

    return do


LEAD = {
    "id": "l-0a1b2c3d",
    "target": "example.org/report",
    "state": "unavailable",
    "by": "ana-ruiz",
    "reason": "Asked, without an answer.",
}
FOUND, REVIEW = "findings/acme/1.toml", "reviews/ana-ruiz/acme/1.toml"
CORRECTION = {
    "id": "c-009",
    "kind": "rebuttal",
    "about": "acme/1 GOALS",
    "author": "Jo",
    "reason": "So.",
    "state": "open",
}
EDITS = [
    Edit(FOUND, put("GOALS", "grade", value=3), "finding", "acme/1 GOALS", "grade", 4, 3),
    Edit(
        FOUND, put("GOALS", "answer", value="Else."), *("finding", "acme/1 GOALS", "answer"),
        *("Told.", "Else."),
    ),
    Edit(
        FOUND, put("PEOPLE", "points", "location", value="vague"),
        *("finding", "acme/1 PEOPLE", "points.location", "absent", "vague"),
    ),
    Edit(
        FOUND, put("PEOPLE", "reason", value="Read it twice."),
        *("finding", "acme/1 PEOPLE", "reason", "Read.", "Read it twice."),
    ),
    Edit(
        REVIEW, put("PEOPLE", "grade", value=1), "judgement", "ana-ruiz acme/1 PEOPLE", "grade",
        *(2, 1),
    ),
    Edit(
        REVIEW, put("PEOPLE", "deviation", value="Because."),
        *("judgement", "ana-ruiz acme/1 PEOPLE", "deviation", None, "Because."),
    ),
    Edit(
        "documents/acme-card.toml", put("licence", value="MIT"),
        *("document", "acme-card", "licence", None, "MIT"),
    ),
    Edit(
        "initiatives/acme.toml", find("release", "key", "1", "date", "2024-05"),
        *("release", "acme/1", "date", None, "2024-05"),
    ),
    Edit("initiatives/acme.toml", put("status", value="open"), "initiative", "acme", "status",
         "closed", "open"),
    Edit(
        "questionnaire.toml", find("question", "keyword", "PEOPLE", "wording", "Who?"),
        *("question", "PEOPLE", "wording", "Who judged?", "Who?"),
    ),
    Edit("questionnaire.toml", put("scale", "2", value="Half"), "questionnaire", "", "scale.2",
         "Some", "Half"),
    Edit(
        "questionnaire.toml", add("question", {"keyword": "NEW", "title": "N", "wording": "W"}),
        *("question", "NEW", None, None, {"title": "N", "wording": "W"}),
    ),
    Edit("audit.toml", put("edition", value="2"), "audit", "", "edition", None, "2"),
    Edit("audit.toml", put("auditor", 0, "name", value="Ana R."), "auditor", "ana-ruiz", "name",
         "Ana Ruiz", "Ana R."),
    Edit(
        "settlements/acme/1.toml",
        put("GOALS", value={"grade": 3, "take": "ana-ruiz", "by": "Jo", "reason": "So."}),
        *("settlement", "acme/1 GOALS", None, None),
        {"grade": 3, "take": "ana-ruiz", "by": "Jo", "reason": "So."},
    ),
    Edit(
        "corrections.toml", add("correction", CORRECTION), "correction", "c-009", None, None,
        {name: value for name, value in CORRECTION.items() if name != "id"},
    ),
    Edit(
        "leads.toml", add("lead", LEAD), "lead", "l-0a1b2c3d", None, None,
        {name: value for name, value in LEAD.items() if name != "id"},
    ),
]  # fmt: skip


def evidence_edits(audit: Path) -> list[Edit]:
    """The same for evidence, whose ids are made of its words."""
    path = "evidence/acme-card.toml"
    ones = tomlkit.parse((audit / path).read_text("utf-8")).unwrap()["evidence"]
    first, second, third = ones
    told = {
        "kind": "quote",
        "document": "acme-card",
        "quote": third["quote"],
        "by": third["by"],
        "date": third["date"].isoformat(),
        "supports.acme/1": ["PEOPLE.number"],
    }
    return [
        Edit(path, find("evidence", "id", first["id"], "note", "A note."), "evidence", first["id"],
             "note", None, "A note."),
        Edit(
            path, find("evidence", "id", second["id"], "supports", {"acme/1": ["GOALS"]}),
            *("evidence", second["id"], "supports.acme/1", ["GOALS.which"], ["GOALS"]),
        ),
        Edit(path, lambda data: data["evidence"].pop(), "evidence", third["id"], None, told, None),
    ]  # fmt: skip


def plain(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def told(*arguments: object) -> list[tuple[object, ...]]:
    *found, whole = done("audit", "diff", *arguments, "--json").json
    assert whole["differences"] == len(found)
    return [
        (one["part"], one["name"], one["field"], plain(one["was"]), plain(one["now"]))
        for one in found
    ]


@pytest.mark.parametrize("seed", range(12))
def test_exactly_what_was_changed_by_hand_is_told(audit: Path, seed: int) -> None:
    draw = random.Random(seed)
    other = Path("other")
    shutil.copytree(audit, other)
    every = EDITS + evidence_edits(audit)
    chosen = every if seed == 0 else draw.sample(every, draw.randrange(1, len(every)))
    # What is removed last, so that places in the file hold.
    for edit in sorted(chosen, key=lambda one: one.now is None):
        path = other / edit.path
        data = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
        edit.do(data)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tomlkit.dumps(data), "utf-8")
    wanted = {(e.part, e.name, e.field, plain(e.was), plain(e.now)) for e in chosen}
    assert len(wanted) == len(chosen)
    assert sorted(map(str, told(audit, other))) == sorted(map(str, wanted))
    back = {(e.part, e.name, e.field, plain(e.now), plain(e.was)) for e in chosen}
    assert sorted(map(str, told(other, audit))) == sorted(map(str, back))


def test_nothing_differs_in_layout_order_of_files_and_comments(audit: Path) -> None:
    other = Path("other")
    shutil.copytree(audit, other)
    path = other / "documents/acme-card.toml"
    path.write_text("# A comment.\n\n" + path.read_text("utf-8"), "utf-8")
    assert told(audit, other) == []
    ran = done("audit", "diff", audit, other)
    assert "nothing differs in what they say" in ran.out
    assert "text files that differ: documents/acme-card.toml" in ran.out
    assert "differ" not in done("audit", "diff", audit, audit).out.replace("nothing differs", "")


def test_rows_in_another_order_are_one_difference(audit: Path) -> None:
    other = Path("other")
    shutil.copytree(audit, other)
    path = other / "audit.toml"
    path.write_text(path.read_text("utf-8").replace('"acme", "beta-labs"', '"beta-labs", "acme"'))
    (found,) = told(audit, other)
    assert found[:3] == ("audit", "", "initiatives")


def test_an_edition_its_zip_and_a_git_revision_say_the_same(audit: Path) -> None:
    git = ("git", "-C", str(audit), "-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    done("audit", "freeze", audit, "1")
    told_words = ("--answer", "Else.", "--reason", "Read.", "--deviation", "So.")
    done("audit", "grade", audit, "acme/1", "PEOPLE", "--grade", "1", *told_words)
    done("audit", "settle", audit)
    before = snapshot(audit)
    from_git = told(f"{audit}@HEAD", audit)
    assert ("finding", "acme/1 PEOPLE", "grade", "2", "1") in from_git
    edition = ("audit", "", "edition", '"1"', "null")
    assert told("audit-1", audit) == [edition, *from_git]
    assert told("audit-1.zip", audit) == [edition, *from_git]
    assert told("audit-1", "audit-1.zip") == []
    assert snapshot(audit) == before


def add_auditor(audit: Path) -> None:
    with (audit / "audit.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[auditor]]\nid = "bo"\nname = "Bo"\nkind = "model"\n')
    words = ("--answer", "Other.", "--reason", "Read.", "--auditor", "bo")
    for cell, points, grade in (
        (("acme/1", "GOALS"), "which=vague", 1),
        (("acme/1", "PEOPLE"), "number=stated", 2),
    ):
        args = (*cell, points, "--grade", grade, "--deviation", "So.", *words)
        done("audit", "grade", audit, *args, "--evidence", evidence_of(audit, cell[1]))


def evidence_of(audit: Path, keyword: str) -> str:
    data = tomlkit.parse((audit / REVIEW).read_text("utf-8")).unwrap()
    return str(data[keyword]["evidence"][0])


def test_agreement_before_and_after(audit: Path) -> None:
    shutil.copytree(audit, "before")
    add_auditor(audit)
    whole = done("audit", "diff", "before", audit, "--json").json[-1]
    before, after = whole["agreement"]
    assert before == {"cells": 0, "alpha": None}
    assert after["cells"] == 2
    assert -1 <= after["alpha"] <= 1
    assert "agreement before: alpha not estimable" in done("audit", "diff", "before", audit).out


def test_two_auditors_of_one_audit(audit: Path) -> None:
    add_auditor(audit)
    both = ("--auditor", "ana-ruiz", "--auditor", "bo")
    found = told(audit, *both)
    assert ("judgement", "acme/1 GOALS", "grade", "4", "1") in found
    assert ("judgement", "acme/1 GOALS", "points.which", '"stated"', '"vague"') in found
    assert not [one for one in found if one[1] == "acme/1 PEOPLE" and one[2] == "grade"]
    alone = [one[1] for one in found if one[2] is None]
    assert alone == ["acme/1 RELEASED", "beta-labs/2 PEOPLE"]
    ran = done("audit", "diff", audit, *both)
    assert ran.out.startswith("Ana Ruiz (person) -> Bo (language model)")
    assert "1 grade differs: 0 higher, 1 lower" in ran.out
    assert "2 cells with several graders" in ran.out


def test_the_page_shows_the_same_and_runs_nothing(audit: Path) -> None:
    other = Path("other")
    shutil.copytree(audit, other)
    path = other / FOUND
    text = path.read_text("utf-8").replace("Told.", "<script>alert(1)</script>")
    path.write_text(text, "utf-8")
    done("audit", "diff", audit, other, "--html", "diff.html")
    page = Path("diff.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "script-src" not in page
    assert "default-src &#39;none&#39;" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("audit",), "give B"),
        (("audit", "audit", "--auditor", "ana-ruiz"), "give B"),
        (("audit", "--auditor", "ana-ruiz"), "twice"),
        (("audit", "--auditor", "ana-ruiz", "--auditor", "jo"), "no auditor 'jo'"),
        (("audit", "nowhere"), "nowhere is no folder"),
        (("audit@--output=x", "audit"), "knows no revision"),
        (("audit@HEAD", "audit"), "knows no revision"),
        (("library", "audit"), "holds no audit"),
    ],
)
def test_wrong_use_is_refused(audit: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = openbook("audit", "diff", *arguments)
    assert ran.status == 2, ran.text
    assert said in ran.err


def test_a_version_with_problems_is_refused(audit: Path) -> None:
    shutil.copytree(audit, "other")
    Path("other", FOUND).write_text("[GOALS]\ngrade = 9\n", "utf-8")
    ran = openbook("audit", "diff", audit, "other")
    assert ran.status == 1
    assert "findings/acme/1.toml: GOALS: grade" in ran.err


def test_long_texts_are_compared_in_time(audit: Path) -> None:
    shutil.copytree(audit, "other")
    for folder, word in (("audit", "a"), ("other", "b")):
        path = Path(folder, FOUND)
        text = path.read_text("utf-8").replace("Told.", f"{word} x " * 100_000)
        path.write_text(text, "utf-8")
    started = time.monotonic()
    done("audit", "diff", audit, "other")
    assert time.monotonic() - started < 10
