"""How far graders agree, on what the viewer may see."""

from __future__ import annotations

from openbook.web.people import Role
from tests.web.test_dashboard import text_of
from tests.web.test_disputes import differ
from tests.web.work_makers import Team

AT = "/agreement"


def test_nobody_has_graded(team: Team) -> None:
    assert "Nobody has graded yet" in team.client("r", Role.READER).get(AT).text


def test_figures_and_why_there_are_none(team: Team) -> None:
    differ(team)
    told = text_of(team.client("r", Role.READER).get(AT).text)
    assert "3 cells of 3 were graded by more than one grader." in told
    assert "No interval: it takes 5 releases" in told
    assert "all grades are the same" in told
    assert "no cell was graded by more than one grader" in told
    assert "Ana Ruiz (person) (rows) and Bo Li (person) (columns)" in told


def test_what_is_hidden_counts_nowhere(team: Team) -> None:
    differ(team)
    team.assign("cy")
    for name, role in (("cy", Role.AUDITOR), ("r", Role.READER)):
        told = text_of(team.client(name, role).get(AT).text)
        assert "Nobody has graded yet" in told
        assert "1 release is hidden from you" in told
    assert "3 cells of 3" in text_of(team.client("ana").get(AT).text)
