"""The page of a release: what is ready, what is to be mended, submitting and taking back."""

from __future__ import annotations

import pytest

from openbook.files.edit import set_table
from openbook.files.write import locked
from openbook.web import submissions
from openbook.web.people import Role
from tests.web.test_dashboard import text_of
from tests.web.work_makers import ACME, Team, post

AT = "/release/acme/1"


def test_what_is_missing_is_named(team: Team) -> None:
    team.assign("ana")
    team.draft("ana", "GOALS", 0)
    page = team.client("ana").get(AT).text
    assert "1 of 3 cells ready" in text_of(page)
    assert page.count("Is not judged yet.") == 2
    assert f"{AT}/submit" not in page


def test_submitting_and_taking_back(team: Team) -> None:
    team.assign("ana", "bo")
    team.draft_all("ana")
    client = team.client("ana")
    assert "Until then you can take it back" in text_of(client.get(AT).text)
    answer = post(client, f"{AT}/submit", at=AT)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "You have submitted it" in text_of(page)
    assert "When Bo Li has submitted too" in text_of(page)
    assert f"{AT}/submit" not in page
    answer = post(client, f"{AT}/take-back", at=AT)
    assert "Taken back" in client.get(answer.headers["location"]).text


def test_after_opening_it_says_what_was_written_where(team: Team) -> None:
    team.draft_all("ana")
    client = team.client("ana")
    answer = post(client, f"{AT}/submit", at=AT)
    page = client.get(answer.headers["location"]).text
    assert "written to the audit" in text_of(page)
    for path in ("reviews/ana/acme/1.toml", "evidence/acme-card.toml", "findings/acme/1.toml"):
        assert f"<code>{path}</code>" in page


def test_others_are_told_of_by_counts_alone(team: Team) -> None:
    team.assign("ana", "bo")
    team.draft_all("bo", 3, "Boword")
    page = team.client("ana").get(AT).text
    assert "Bo Li has 3 of 3 cells ready" in text_of(page)
    assert "Boword" not in page
    assert "Bo Li" not in team.client("cy").get(AT).text


def test_a_changed_file_leads_to_merging(team: Team) -> None:
    team.draft_all("ana")
    path = team.folder / "reviews" / "ana" / "acme" / "1.toml"
    head = 'auditor = "ana"\nrelease = "acme/1"\n'
    set_table(path, "GOALS", {"answer": "By hand.", "grade": 0, "reason": "So."}, head)
    team.room.forget()
    client = team.client("ana")
    page = client.get(AT).text
    assert '<a href="/cell/acme/1/GOALS?merge=1">GOALS</a>' in page
    assert f"{AT}/submit" not in page
    answer = post(client, f"{AT}/submit", at=AT)
    assert (answer.status_code, answer.headers["location"]) == (303, AT)


def test_what_could_not_be_written_can_be_tried_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.draft_all("ana")
    client = team.client("ana")
    monkeypatch.setattr("openbook.audit.opened.WRITING_WAIT", 0.1)
    with locked(team.folder):
        answer = post(client, f"{AT}/submit", at=AT)
    page = client.get(answer.headers["location"]).text
    assert "another openbook is writing" in page
    answer = post(client, f"{AT}/open", at=AT)
    assert answer.headers["location"] == f"{AT}?told=opened"
    assert post(team.client("cy"), f"{AT}/open").status_code == 403
    assert post(team.client("ed", Role.EDITOR), f"{AT}/open").status_code == 303


def test_what_came_back_is_told(team: Team) -> None:
    team.assign("ana", "bo")
    for name in ("ana", "bo"):
        team.draft_all(name)
    submissions.submit(team.room, "ana", ACME, "ana")
    path = team.folder / "reviews" / "ana" / "acme" / "1.toml"
    head = 'auditor = "ana"\nrelease = "acme/1"\n'
    set_table(path, "GOALS", {"answer": "By hand.", "grade": 0, "reason": "So."}, head)
    submissions.submit(team.room, "bo", ACME, "bo")
    assert "came back to you" in text_of(team.client("ana").get(AT).text)
    assert "came back to be mended" in text_of(team.client("bo").get(AT).text)
    assert "came back" in text_of(team.client("ana").get("/").text)


@pytest.mark.parametrize(
    ("name", "role", "path", "status"),
    [
        ("ana", Role.AUDITOR, "/release/acme/9", 404),
        ("ana", Role.AUDITOR, "/release/%2e%2e/1", 404),
        ("dora", Role.AUDITOR, AT, 403),
        ("r", Role.READER, AT, 403),
    ],
)
def test_who_has_no_business_there(
    team: Team, name: str, role: Role, path: str, status: int
) -> None:
    assert team.client(name, role).get(path).status_code == status


def test_submitting_what_is_not_ready_says_why(team: Team) -> None:
    team.draft("ana")
    answer = post(team.client("ana"), f"{AT}/submit", at=AT)
    assert answer.status_code == 409
    assert "acme/1 PEOPLE: is not judged yet" in answer.text
