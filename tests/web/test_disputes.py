"""Disputes: seen when opened, decided by who did not grade, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from openbook.audit.check import check
from openbook.audit.opened import open_audit
from openbook.core.review import CellId
from openbook.web import submissions
from openbook.web.app import create_app
from openbook.web.people import Role
from tests.web.test_dashboard import text_of
from tests.web.work_makers import ACME, ORIGIN, Team, make_team, post

AT = "/disputes/acme/1/GOALS"
SAID = {"grade": "3", "take": "bo", "reason": "Bo read on."}


def differ(team: Team) -> None:
    team.assign("ana", "bo")
    team.draft_all("ana", 2, "Anaword")
    team.draft_all("bo", 2, "Boword")
    team.draft("bo", "GOALS", 3, "Boword")
    for name in ("ana", "bo"):
        submissions.submit(team.room, name, ACME, name)


@pytest.fixture
def disputed(team: Team) -> Team:
    differ(team)
    return team


def test_side_by_side(disputed: Team) -> None:
    page = disputed.client("ed", Role.EDITOR).get(AT).text
    for words in ("Anaword ana", "Boword bo", "Because ana.", "We set these goals"):
        assert words in page
    listed = disputed.client("cy").get("/disputes").text
    assert AT in listed
    assert "1 to settle" in text_of(listed)


def test_sealed_releases_show_none(team: Team) -> None:
    team.assign("ana", "bo", "cy")
    team.draft_all("ana", 2)
    submissions.submit(team.room, "ana", ACME, "ana")
    for name, role in (("cy", Role.AUDITOR), ("ana", Role.AUDITOR), ("ed", Role.EDITOR)):
        client = team.client(name, role)
        assert client.get(AT).status_code == 404
        assert AT not in client.get("/disputes").text


def test_opened_for_some_is_not_opened_for_who_comes_later(disputed: Team) -> None:
    disputed.assign("cy")
    for role in (Role.AUDITOR, Role.EDITOR):
        with disputed.room.store.writing() as db:
            db.execute("UPDATE people SET role = ? WHERE id = 'cy'", (str(role),))
        client = disputed.client("cy", role)
        assert client.get(AT).status_code == 404
        assert "Boword" not in client.get("/disputes").text
        assert post(client, AT, SAID).status_code in (403, 404)


def test_settling(disputed: Team) -> None:
    client = disputed.client("ed", Role.EDITOR)
    answer = post(client, AT, SAID, AT)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}?told=settled")
    audit = open_audit(disputed.folder)
    assert check(audit).problems == ()
    finding = audit.audit.findings[CellId(ACME, "GOALS")]
    assert finding.judgement.grade == 3
    assert finding.judgement.answer == "Boword bo"
    assert dict(finding.settled.grades) == {"ana": 2, "bo": 3}
    page = client.get(answer.headers["location"]).text
    assert "Settled by ed" in text_of(page)
    assert "Anaword ana" in page, "the disagreement stays"
    assert "1 settled" in text_of(client.get("/disputes").text)


def test_nobody_is_judge_in_their_own_case(disputed: Team) -> None:
    with disputed.room.store.writing() as db:
        db.execute("UPDATE people SET role = 'editor' WHERE id = 'ana'")
    client = disputed.client("ana", Role.EDITOR)
    assert "nobody is judge in their own case" in text_of(client.get(AT).text)
    assert post(client, AT, SAID, AT).status_code == 403
    assert open_audit(disputed.folder).audit.settlements == {}


def test_auditors_look_and_do_not_decide(disputed: Team) -> None:
    client = disputed.client("cy")
    assert "An editor who has not graded this cell decides" in client.get(AT).text
    assert post(client, AT, SAID, AT).status_code == 403
    assert disputed.client("r", Role.READER).get(AT).status_code == 403


def test_alone_one_decides_oneself(
    team_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_team(team_template, tmp_path, monkeypatch)
    differ(team)
    alone = make_team(Path(tmp_path), tmp_path / "copy", monkeypatch, is_team=False, alone="ana")
    client = TestClient(create_app(alone.room), base_url=ORIGIN, follow_redirects=False)
    assert "You graded this cell yourself" in client.get(AT).text
    assert post(client, AT, SAID, AT).status_code == 303


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"grade": ""}, "Choose a grade"),
        ({"grade": "7"}, "Choose a grade"),
        ({"take": "cy"}, "Cy has not graded"),
        ({"take": ""}, "Choose whose answer"),
        ({"reason": " "}, "say why"),
        ({"grade": "0"}, "cannot be kept with grade 0"),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_typed_is_lost(
    disputed: Team, changed: dict[str, str], message: str
) -> None:
    said = {**SAID, "reason": "Typed at length.", **changed}
    answer = post(disputed.client("ed", Role.EDITOR), AT, said, AT)
    assert answer.status_code == 409
    assert message.lower() in answer.text.lower()
    if changed.get("reason") is None:
        assert "Typed at length." in answer.text
    assert open_audit(disputed.folder).audit.settlements == {}


def test_a_decision_holds_where_findings_cannot_be_written(disputed: Team) -> None:
    """A fault elsewhere keeps settle from writing, and is told."""
    path = disputed.folder / "evidence" / "acme-card.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("GOALS.who", "GOALS.nothing"), "utf-8")
    client = disputed.client("ed", Role.EDITOR)
    before = (disputed.folder / "findings" / "acme" / "1.toml").read_bytes()
    answer = post(client, AT, SAID, AT)
    assert answer.headers["location"] == f"{AT}?told=unsettled"
    assert "Your decision is kept" in client.get(answer.headers["location"]).text
    assert open_audit(disputed.folder).audit.settlements[CellId(ACME, "GOALS")].grade == 3
    assert (disputed.folder / "findings" / "acme" / "1.toml").read_bytes() == before


@pytest.mark.parametrize(
    "path", ["/disputes/acme/1/PEOPLE", "/disputes/acme/1/NOPE", "/disputes/x/1/GOALS"]
)
def test_no_dispute(disputed: Team, path: str) -> None:
    assert disputed.client("ed", Role.EDITOR).get(path).status_code == 404
