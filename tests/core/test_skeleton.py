"""A skeleton asks everything and answers nothing; what is said behind its words is an answer."""

from __future__ import annotations

import pytest

from openbook.core.questionnaire import Point, PointRef, Question, Questionnaire
from openbook.core.skeleton import asking, blanked, label, skeleton, tells
from openbook.core.verdict import Verdict
from openbook.sources.markdown import plain

PEOPLE = Question(
    "PEOPLE",
    "People",
    "Who judged?",
    "ad-hoc",
    "Who they are, and how they were found and paid.",
    (Point("number", "How many people annotated"), Point("pay", "Pay")),
    {4: "Numbers, places and pay of the people who judged are all told."},
)
DATA = Question("DATA", "Data", "Which data were judged by people?", "ad-hoc")
ASKED = Questionnaire("two", "Two questions", (PEOPLE, DATA), {}, "points-1")


def test_a_skeleton_has_a_section_for_each_question_and_a_line_for_each_point() -> None:
    text = skeleton(ASKED)
    assert [line for line in text.splitlines() if line.startswith(("## ", "- "))] == [
        "## People (PEOPLE)",
        "- **How many people annotated:** TODO",
        "- **Pay:** TODO",
        "## Data (DATA)",
        "- **Which data were judged by people:** TODO",
    ]
    assert "A full answer: Numbers, places and pay" in text


def test_no_reader_sees_what_explains_a_skeleton() -> None:
    nasty = Question("Q", "Q", "One --> two?", "", "Not --> seen.", (Point("a", "A point"),))
    asked = Questionnaire("q", "Neither --> this", (nasty,), {}, "points-1")
    seen = [line for line in plain(skeleton(asked)).splitlines() if line]
    assert seen == ["TODO: name of the release", "Q (Q)", "A point: TODO"]


def rest(text: str) -> str:
    """What of a text may count as an answer."""
    return " ".join(blanked(text, asking(text, ASKED).unanswered).split())


def test_a_skeleton_says_nothing() -> None:
    assert [char for char in rest(plain(skeleton(ASKED))) if char.isalnum()] == []


def test_a_skeleton_whose_comments_show_says_nothing_either() -> None:
    left = rest(skeleton(ASKED).replace("<!--", "").replace("-->", ""))
    assert [word for word in ("annotated", "places", "judged", "found") if word in left] == []


@pytest.mark.parametrize(
    "nothing", ["", "TODO", "todo: ask Ana"[:4], "TBD", "n/a", "…", "to be written"]
)
def test_a_label_without_an_answer_is_left_out(nothing: str) -> None:
    text = f"How many people annotated: {nothing}\nPay: 20 euros an hour"
    assert rest(text) == "Pay: 20 euros an hour"
    assert [one.ref for one in asking(text, ASKED).answers] == [PointRef("PEOPLE", "pay")]


@pytest.mark.parametrize(
    "text",
    [
        "- **How many people annotated:** 40 people did.\n",
        "How many people\nannotated: 40 people did.\n",
        "### How many people annotated\n\n40 people did.\n",
        "How many people annotated\t40 people did.\n",
        "| How many people annotated | 40 people did. |\n",
        "• How many people annotated? 40 people did.\n",
    ],
)
def test_an_answer_is_what_stands_behind_a_point_in_whatever_form(text: str) -> None:
    (answer,) = asking(text, ASKED).answers
    assert answer.ref == PointRef("PEOPLE", "number")
    assert answer.text.rstrip(" |") == "40 people did."
    assert text[answer.span.start : answer.span.end].startswith("How many")


def test_words_of_a_point_within_a_sentence_are_no_label() -> None:
    assert asking("We say how many people annotated in the appendix.", ASKED).answers == ()
    assert asking("We pay: 20 euros.", ASKED).answers == ()


def test_an_answer_ends_where_the_next_point_or_title_begins() -> None:
    text = "How many people annotated: 40.\nPay: 20 euros.\n\n# Other things\n\nMany words."
    assert [one.text for one in asking(text, ASKED).answers] == ["40.", "20 euros."]


def test_blanking_moves_nothing() -> None:
    text = "Pay: TODO\n\fHow many people annotated: 40"
    left = blanked(text, asking(text, ASKED).unanswered)
    assert len(left) == len(text)
    assert left.index("40") == text.index("40")
    assert [at for at, char in enumerate(left) if char in "\n\f"] == [9, 10]


@pytest.mark.parametrize(
    ("answer", "looks"),
    [
        ("", Verdict.MISSING),
        ("TODO", Verdict.MISSING),
        ("40", Verdict.STATED),
        ("None.", Verdict.STATED),
        ("We did not ask for it, since the law of Sweden forbids it.", Verdict.STATED),
        ("Under the MIT licence.", Verdict.STATED),
        ("Yes.", Verdict.VAGUE),
        ("Various people.", Verdict.VAGUE),
        ("We follow industry best practices with rigorous and robust quality.", Verdict.VAGUE),
        ("Whoever the team leaders of the three labs asked to do it.", Verdict.STATED),
    ],
)
def test_an_answer_is_vague_that_promises_and_names_nothing(answer: str, looks: Verdict) -> None:
    assert tells(answer) is looks


def test_a_label_is_the_point_without_its_stop() -> None:
    assert label(Point("a", "How\n many people?")) == "How many people"
