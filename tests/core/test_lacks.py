"""What a draft still needs, told to who writes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openbook.core.draft import Draft, DraftQuote, lacks
from openbook.core.initiative import ReleaseId
from openbook.core.questionnaire import Point, Question
from openbook.core.review import CellId, PointState, SearchRecord

ASKED = Question("GOALS", "Goals", "Which?", "before", "", (Point("a", "A"), Point("b", "B")))
QUOTE = DraftQuote("q-000000", "paper", "words")
WHOLE = Draft(
    {"a": PointState.STATED, "b": PointState.ABSENT}, "An answer.", 2, "A reason.", "", (QUOTE,)
)
SEARCH = SearchRecord("search-1", CellId(ReleaseId("a", "1"), "GOALS"), "", "ana", (), (), "r", ())


def told(draft: Draft) -> str:
    return "; ".join(lacks(draft, ASKED, "points-1"))


def test_a_whole_draft_lacks_nothing() -> None:
    assert told(WHOLE) == ""
    assert told(replace(WHOLE, quotes=(), uses=("q-1",))) == ""
    assert told(Draft(search=SEARCH)) == ""


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft(), "an answer; a reason; a grade"),
        (replace(WHOLE, answer=" "), "an answer"),
        (replace(WHOLE, grade=3), "why the grade is not 2, as the points suggest"),
        (replace(WHOLE, quotes=()), "a quote that it rests on"),
        (replace(WHOLE, grade=4, deviation="So."), "grade 4 says nothing is missing"),
        (replace(WHOLE, grade=0, deviation="So.", quotes=()), "grade 0 says nothing is told"),
        (replace(WHOLE, search=SEARCH), "nothing is said to be found"),
    ],
)
def test_what_is_missing_is_named(draft: Draft, words: str) -> None:
    assert words in told(draft)
