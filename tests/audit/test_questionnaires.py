"""What ships is sound: questionnaires, and crosswalks with every key they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from openbook.audit.opened import AuditError, WrongUseError
from openbook.audit.questionnaires import (
    asked_by,
    crosswalk,
    question_of,
    questionnaire_file,
    read_questionnaire,
    shipped_crosswalks,
    shipped_questionnaires,
)
from openbook.core.crosswalk import Relation
from openbook.core.grade import suggest
from openbook.core.review import PointState

FMTI = read_questionnaire(shipped_questionnaires()["fmti"])


def test_what_ships() -> None:
    assert list(shipped_questionnaires()) == ["decoding-alignment", "fmti"]
    assert list(shipped_crosswalks()) == ["croissant-rai", "eu-ai-act", "fmti"]


@pytest.mark.parametrize("name", shipped_questionnaires())
def test_a_shipped_questionnaire_is_called_by_its_id_and_says_where_it_is_from(name: str) -> None:
    asked = asked_by(Path(name))
    assert asked.id == name
    assert asked.attribution
    assert set(asked.scale) == set(range(5))
    assert asked.by_reference
    assert asked.explicitly_none


@pytest.mark.parametrize("question", FMTI.questions, ids=lambda one: one.keyword)
def test_every_indicator_has_points_that_can_be_searched(question) -> None:  # type: ignore[no-untyped-def]
    """Two points or more, so that some and all are told apart; all of them told is a 4."""
    assert len(question.points) >= 2
    assert all(point.queries for point in question.points)
    all_told = {point.key: PointState.STATED for point in question.points}
    assert str(suggest(question, all_told)) == "4"
    one_missing = all_told | {question.points[0].key: PointState.ABSENT}
    assert suggest(question, one_missing).high < 4


def test_indicators_of_the_index_are_asked_once_each() -> None:
    linked = [one.question for one in crosswalk(Path("fmti")).items if one.question]
    assert sorted(linked) == sorted(FMTI.keywords)


@pytest.mark.parametrize("name", shipped_crosswalks())
def test_a_shipped_crosswalk_is_sound_and_says_what_was_checked(name: str) -> None:
    walk = crosswalk(Path(name))  # looks every key up
    assert walk.id == name
    assert walk.checked.startswith("2026")
    assert walk.links
    assert {one.relation for one in walk.links} <= set(Relation)
    assert all(one.note.endswith(".") for one in walk.links)


def test_names_of_properties_are_in_the_vocabulary_of_croissant() -> None:
    """All twenty properties of Croissant RAI 1.0, and no other."""
    keys = [one.key for one in crosswalk(Path("croissant-rai")).items]
    assert len(keys) == 20
    assert all(key.startswith("rai:") and key[4:].isalpha() for key in keys)


def test_the_annex_is_whole() -> None:
    keys = [one.key for one in crosswalk(Path("eu-ai-act")).items]
    assert keys == [*(f"1.1.{one}" for one in "abcdef"), *(f"1.2.{one}" for one in "abcde"),
                    "2.1", "2.2", "2.3"]  # fmt: skip


def test_a_crosswalk_of_ones_own_is_checked_too(tmp_path: Path) -> None:
    text = shipped_crosswalks()["eu-ai-act"].read_text("utf-8")
    faulty = tmp_path / "mine.toml"
    faulty.write_text(text.replace('"DEF.objectives"', '"DEF.nope"', 1), "utf-8")
    with pytest.raises(AuditError) as caught:
        crosswalk(faulty)
    assert "DEF.nope" in str(caught.value.problems[0])
    faulty.write_text(text.replace('relation = "touches"', 'relation = "near"', 1), "utf-8")
    with pytest.raises(AuditError) as caught:
        crosswalk(faulty)
    assert "mine.toml: link 2: relation" in str(caught.value.problems[0])
    faulty.write_text(text.replace('"decoding-alignment"', '"unheard-of"', 1), "utf-8")
    with pytest.raises(AuditError, match="unheard-of"):
        crosswalk(faulty)


def test_what_does_not_ship_is_wrong_use(tmp_path: Path) -> None:
    for ask in (questionnaire_file, asked_by, crosswalk):
        with pytest.raises(WrongUseError, match="fmti"):
            ask(Path("nope"))
    with pytest.raises(WrongUseError, match="LABOUR"):
        question_of(FMTI, "WAGES")
