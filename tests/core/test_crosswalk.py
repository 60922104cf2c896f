"""A crosswalk names only what there is, and says which points have no counterpart."""

from __future__ import annotations

from dataclasses import replace

from openbook.core.crosswalk import (
    Crosswalk,
    Item,
    Link,
    Relation,
    crosswalk_problems,
    without_counterpart,
)
from openbook.core.questionnaire import PointRef, parse_point_ref
from tests.core.makers import questionnaire

TWO = questionnaire()


def link(point: str, to: str) -> Link:
    return Link(parse_point_ref(point), to, Relation.TOUCHES, "They meet.")


WALK = Crosswalk(
    id="other",
    title="Another scheme",
    questionnaire=TWO.id,
    version="1",
    source="https://example.org",
    attribution="",
    checked="today",
    items=(Item("a", "A"), Item("b", "B", question="DEF")),
    links=(link("VS.rule", "a"), link("VS.rule", "b")),
)


def told(walk: Crosswalk) -> list[str]:
    return [str(one) for one in crosswalk_problems(walk, TWO, TWO)]


def test_a_sound_crosswalk_has_no_problems() -> None:
    assert told(WALK) == []


def test_every_key_that_names_nothing_is_told() -> None:
    faulty = replace(
        WALK,
        items=(*WALK.items, Item("a", "Again"), Item("c", "C", question="NOPE")),
        links=(
            *WALK.links,
            *(link("VS.nope", "a"), link("NOPE.rule", "a"), link("VS", "a")),
            *(link("DEF.rationale", "nowhere"), link("VS.rule", "a")),
        ),
    )
    found = told(faulty)
    assert len(found) == 7
    for words in (
        *("a stands twice", "no question NOPE", "no point VS.nope", "no point NOPE.rule"),
        *("no point VS\n", "no item nowhere", "VS.rule to a: stands twice"),
    ):
        assert any(words in f"{one}\n" for one in found), words


def test_a_question_needs_the_questionnaire_that_asks_it() -> None:
    assert len(list(crosswalk_problems(WALK, TWO))) == 1


def test_points_that_nothing_bears_on_are_listed() -> None:
    every = {PointRef(one.keyword, point.key) for one in TWO.questions for point in one.points}
    assert set(without_counterpart(WALK, TWO)) == every - {PointRef("VS", "rule")}
    assert set(without_counterpart(replace(WALK, links=()), TWO)) == every
