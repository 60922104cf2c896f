"""The first page tells each viewer what may be known, and what is to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from openbook.web import submissions
from openbook.web.app import create_app
from openbook.web.people import Role
from tests.web.work_makers import ACME, ORIGIN, Team, make_team


def cells(page: str) -> dict[str, tuple[str, str]]:
    """What each cell of the heatmap says, and where it leads."""
    found = {}
    for href, label in re.findall(
        r'<a class="[gs][^"]*" href="([^"]+)" aria-label="([^"]+)"', page
    ):
        found[label.split(": ", 1)[0]] = (label.split(": ", 1)[1], href)
    for label in re.findall(r'<span class="s-[^"]*" title="([^"]+)"', page):
        found[label.split(": ", 1)[0]] = (label.split(": ", 1)[1], "")
    return found


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(" .", ".")


def look(team: Team, name: str, role: Role = Role.AUDITOR, path: str = "/") -> str:
    answer = team.client(name, role).get(path)
    assert answer.status_code == 200
    return answer.text


def test_what_is_left(team: Team) -> None:
    team.assign("ana", "bo")
    team.draft("ana", "GOALS")
    page = look(team, "ana")
    assert "1 of 3 cells ready" in text_of(page)
    assert 'href="/cell/acme/1/PEOPLE" aria-label="Go on with' in page
    found = cells(page)
    assert found["acme 1, Goals"] == ("your judgement, ready to submit", "/cell/acme/1/GOALS")
    assert found["acme 1, People"] == ("yours to judge, not begun", "/cell/acme/1/PEOPLE")
    assert found["beta labs 2, Goals"] == ("not begun", "/cell/beta-labs/2/GOALS")


def test_all_ready_leads_to_submitting(team: Team) -> None:
    team.assign("ana")
    team.draft_all("ana")
    assert '<a class="button main" href="/release/acme/1" aria-label="Submit' in look(team, "ana")


def test_who_waits_for_whom(team: Team) -> None:
    team.assign("ana", "bo")
    team.draft_all("bo", 3, "Boword")
    submissions.submit(team.room, "bo", ACME, "bo")
    team.draft("ana")
    told = "Bo Li has submitted acme 1 and waits for"
    assert f"{told} you (1 of 3 cells ready)." in text_of(look(team, "ana"))
    assert f"{told} Ana Ruiz (1 of 3 cells ready)." in text_of(look(team, "ed", Role.EDITOR))
    assert "You have submitted acme 1 and wait for Ana Ruiz (1 of 3" in text_of(look(team, "bo"))
    assert told not in text_of(look(team, "cy"))
    assert told not in text_of(look(team, "reader", Role.READER))


@pytest.mark.parametrize(
    ("name", "role"), [("ana", Role.AUDITOR), ("cy", Role.AUDITOR), ("r", Role.READER)]
)
def test_nothing_of_what_others_judge_is_on_the_page(team: Team, name: str, role: Role) -> None:
    """The page is the same whatever Bo grades and says."""
    team.assign("ana", "bo")
    client = team.client(name, role)
    team.draft_all("bo", 1, "Secretword")
    submissions.submit(team.room, "bo", ACME, "bo")
    first = client.get("/").text
    submissions.take_back(team.room, "bo", ACME, "bo")
    team.draft_all("bo", 3, "Otherword")
    submissions.submit(team.room, "bo", ACME, "bo")
    assert client.get("/").text == first
    assert "word" not in first.lower().replace("keyword", "")


def test_hidden_cells_lead_nowhere(team: Team) -> None:
    team.assign("ana", "bo")
    found = cells(look(team, "r", Role.READER))
    assert found["acme 1, Goals"] == ("hidden until all who judge it have submitted", "")
    assert found["beta labs 2, Goals"] == ("not begun", "")


def opened(team: Team) -> None:
    team.assign("ana", "bo")
    team.draft_all("ana", 2)
    team.draft_all("bo", 2)
    team.draft("bo", "GOALS", 3)
    for name in ("ana", "bo"):
        submissions.submit(team.room, name, ACME, name)


def test_settled_and_disputed(team: Team) -> None:
    opened(team)
    found = cells(look(team, "cy"))
    assert found["acme 1, People"] == ("settled, 2 of 4", "/finding/acme/1/PEOPLE")
    said, href = found["acme 1, Goals"]
    assert said.startswith("graders differ")
    assert href == "/disputes/acme/1/GOALS"
    assert cells(look(team, "r", Role.READER))["acme 1, Goals"][1] == "/finding/acme/1/GOALS"
    assert "1 dispute to settle" in text_of(look(team, "cy"))
    assert "to settle" not in text_of(look(team, "r"))


def test_progress_and_assigning_are_for_editors(team: Team) -> None:
    opened(team)
    page = look(team, "ed", Role.EDITOR)
    assert "Ana Ruiz 1 of 1 3 of 3" in text_of(page)
    assert "/assignments" in page
    for name, role in (("cy", Role.AUDITOR), ("r", Role.READER)):
        assert "/assignments" not in look(team, name, role)


def versions(page: str) -> dict[str, str]:
    return dict(re.findall(r'class="version" name="(\w+)" value="(\w+)"', page))


def test_polling_gives_what_has_changed_alone(team: Team) -> None:
    team.assign("ana", "bo")
    client = team.client("ana")
    known = versions(client.get("/").text)
    assert set(known) == {"mine", "waiting", "heat", "progress"}
    assert client.get("/", params={"parts": "", **known}).status_code == 204
    team.draft("ana")
    changed = client.get("/", params={"parts": "", **known})
    assert set(versions(changed.text)) == {"mine", "heat"}
    assert changed.text.count('hx-swap-oob="outerMorph"') == 2
    assert "<html" not in changed.text


def test_a_lost_session_is_told_and_not_swapped(team: Team) -> None:
    client = TestClient(create_app(team.room), base_url=ORIGIN)
    assert client.get("/?parts", headers={"HX-Request": "true"}).status_code == 401


@pytest.fixture
def alone(team_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    return make_team(team_template, tmp_path, monkeypatch, is_team=False, alone="ana")


def visit(team: Team) -> str:
    return TestClient(create_app(team.room), base_url=ORIGIN).get("/").text


def test_somebody_new_and_alone_is_told_what_to_do(alone: Team) -> None:
    told = text_of(visit(alone))
    assert "What to do first" in told
    assert "Begin with the first cell" in told
    assert "/assignments" not in visit(alone)


def test_alone_without_a_name(
    team_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = make_team(team_template, tmp_path, monkeypatch, is_team=False)
    assert "Say who you are" in text_of(visit(nobody))


def test_alone_without_releases(alone: Team) -> None:
    for path in (alone.folder / "initiatives").glob("*.toml"):
        path.unlink()
    text = (alone.folder / "audit.toml").read_text("utf-8")
    text = re.sub(r"^initiatives = .*$", "initiatives = []", text, flags=re.M)
    (alone.folder / "audit.toml").write_text(text, "utf-8")
    told = text_of(visit(alone))
    assert "This audit has no releases yet" in told
    assert "openbook audit add" in told


def test_alone_submitting_opens_at_once(alone: Team) -> None:
    alone.draft_all("ana")
    assert submissions.submit(alone.room, "ana", ACME, "ana").is_open
    assert "3 of 6 cells settled" in text_of(visit(alone))


RECHECK = """[[recheck]]
id = "w-0000000{number}"
cell = "{cell}"
document = "acme-card"
older = "{older}"
newer = "{newer}"
altered = ["q-000001"]
opened = 2026-11-26
"""


def test_what_is_to_be_looked_at_again(team: Team) -> None:
    cells_ = ("acme/1 PEOPLE", "beta-labs/2 GOALS")
    text = "\n".join(
        RECHECK.format(number=number, cell=cell, older="a" * 64, newer="b" * 64)
        for number, cell in enumerate(cells_)
    )
    (team.room.folder / "rechecks.toml").write_text(text, "utf-8")
    team.room.forget()
    page = look(team, "cy")
    told = "2 cells to be looked at again: acme 1, PEOPLE (1 quote altered in acme-card)"
    assert told in text_of(page).replace(" :", ":")
    assert cells(page)["acme 1, People"][0].endswith("; to be looked at again")
    assert "again" not in cells(page)["acme 1, Goals"][0]
    reader = look(team, "r", Role.READER)
    assert "cells to be looked at again" not in text_of(reader)
    assert cells(reader)["acme 1, People"][0].endswith("; to be looked at again")
    closed = text.replace("opened =", 'outcome = "holds"\nby = "ana"\nreason = "Read."\nopened =')
    (team.room.folder / "rechecks.toml").write_text(closed, "utf-8")
    team.room.forget()
    assert "looked at again" not in text_of(look(team, "cy"))
