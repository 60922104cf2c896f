"""Assigning: by editors, to auditors of the audit, and taken back before they submit."""

from __future__ import annotations

import re

from openbook.web import submissions
from openbook.web.people import Role
from openbook.web.room import assignments
from tests.web.work_makers import ACME, BETA, Team, post

AT = "/assignments"


def known_in(page: str) -> str:
    found = re.search(r'name="known" value="([^"]*)"', page)
    assert found
    return found[1]


def save(team: Team, client: object, *assigned: str, known: str = "", **more: str) -> int:
    fields = {"assigned": list(assigned), "known": known, **more}
    status: int = post(client, "/assign", fields, AT).status_code  # type: ignore[arg-type]
    return status


def test_assigning_and_taking_back(team: Team) -> None:
    client = team.client("ed", Role.EDITOR)
    team.client("ana")
    assert save(team, client, "acme/1=ana", "acme/1=bo", "beta-labs/2=ana") == 303
    assert assignments(team.room.store) == {ACME: ("ana", "bo"), BETA: ("ana",)}
    known = known_in(client.get(AT).text)
    assert save(team, client, "acme/1=ana", "acme/1=bo", known=known) == 303
    assert assignments(team.room.store) == {ACME: ("ana", "bo")}


def test_what_another_editor_assigned_meanwhile_stays(team: Team) -> None:
    client = team.client("ed", Role.EDITOR)
    known = known_in(client.get(AT).text)
    team.assign("bo", release=BETA)
    save(team, client, "acme/1=ana", known=known)
    assert assignments(team.room.store) == {BETA: ("bo",), ACME: ("ana",)}


def test_every_release_at_once(team: Team) -> None:
    client = team.client("ed", Role.EDITOR)
    assert save(team, client, everything="ana") == 303
    assert assignments(team.room.store) == {ACME: ("ana",), BETA: ("ana",)}


def test_only_auditors_of_the_audit(team: Team) -> None:
    client = team.client("ed", Role.EDITOR)
    assert save(team, client, "acme/1=dora", "acme/1=ana") == 409
    assert save(team, client, "acme/9=ana") == 303
    assert assignments(team.room.store) == {ACME: ("ana",)}


def test_not_behind_the_back_of_who_submitted(team: Team) -> None:
    team.assign("ana", "bo")
    team.draft_all("ana")
    submissions.submit(team.room, "ana", ACME, "ana")
    client = team.client("ed", Role.EDITOR)
    assert save(team, client, "acme/1=bo", known="acme/1=ana acme/1=bo") == 409
    assert assignments(team.room.store) == {ACME: ("ana", "bo")}


def test_taking_the_last_one_back_opens_the_release(team: Team) -> None:
    """Nobody would come any more who opens it by submitting."""
    team.assign("ana", "bo")
    team.draft_all("ana")
    submissions.submit(team.room, "ana", ACME, "ana")
    client = team.client("ed", Role.EDITOR)
    assert save(team, client, "acme/1=ana", known="acme/1=ana acme/1=bo") == 303
    assert (team.folder / "reviews" / "ana" / "acme" / "1.toml").is_file()


def test_for_editors_alone(team: Team) -> None:
    for name, role in (("ana", Role.AUDITOR), ("r", Role.READER)):
        client = team.client(name, role)
        assert client.get(AT).status_code == 403
        assert post(client, "/assign", {"everything": name}).status_code == 403
    assert assignments(team.room.store) == {}


def test_who_is_not_in_the_file_is_told_of(team: Team) -> None:
    team.client("dora")
    page = team.client("ed", Role.EDITOR).get(AT).text
    assert "dora" in page
    assert "is not listed in" in page
