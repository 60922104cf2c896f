"""The nearest passage begins and ends with the words that a failing quote was made from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.audit.quoting.nearest import nearest
from openbook.core.anchor import DiffPart, Nearest
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from tests.corpus import layer

TEXT = """Since the start of the project our staff have met weekly with all hired labelers. We do
not train the models on user data at all, and the labelers were paid $40 an hour. A longer de-
scription of the pay follows in the appendix, which also holds the guidelines."""


def near(quote: str, text: str = TEXT) -> Nearest:
    found = nearest(parse_quote(quote), layer(text), "doc")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("We train the models on user data", "We do not train the models on user data"),
        (
            "models on user data at all, and labelers",
            "models on user data at all, and the labelers",
        ),
        ("all of our hired labelers. We", "all hired labelers. We"),
        ("We do not train the very large models", "We do not train the models"),
        ("the labelers were paid $15", "the labelers were paid $40"),
        ("15 an hour. A longer description", "40 an hour. A longer description"),
        ("a short description of the pay", "A longer description of the pay"),
        ("start of project our staff", "start of the project our staff"),
    ],
)
def test_a_passage_has_the_words_that_a_quote_left_out_and_no_others(
    quote: str, passage: str
) -> None:
    assert near(quote).text == passage


def test_a_passage_at_the_beginning_of_a_text_is_whole_where_words_are_missing_inside() -> None:
    """Letters find its first part alone there."""
    text = (
        "labelers prioritise helpfulness over truth while their training guidelines change each "
        "month because we saw many prompts written by users who never agreed about harmless "
        "answers instructions larger models that follow from given earlier this year"
    )
    words = text.split()[:34]
    quoted = words[:24] + words[27:]
    assert near(" ".join(quoted), f"{text} without any human feedback end").text == " ".join(words)


def test_the_difference_has_no_words_beside_the_passage() -> None:
    assert near("We train the models on user data").diff == (
        DiffPart("same", "We"),
        DiffPart("document", "do not"),
        DiffPart("same", "train the models on user data"),
    )


def test_a_passage_without_spaces_between_words_ends_at_its_signs() -> None:
    text = "我们收集数据。我们用人工反馈训练模型，使其更安全。"
    assert near("我们用反馈训练模型", text).text == "我们用人工反馈训练模型"


def test_each_segment_has_a_passage_of_its_own() -> None:
    assert near("our staff met weekly [...] were never paid $40").text == (
        "our staff have met weekly [...] were paid $40"
    )


def test_the_page_is_that_of_the_first_segment() -> None:
    pages = TextLayer((Page(1, "We train models"), Page(2, "on user data at all")), "test")
    found = nearest(parse_quote("on most user data"), pages, "doc")
    assert found is not None
    assert (found.page, found.text) == (2, "on user data")


@pytest.mark.parametrize("text", ["", " ", "-"])
def test_nothing_is_near_in_an_empty_text(text: str) -> None:
    assert nearest(parse_quote("we train"), layer(text), "doc") is None


WORDS = st.permutations(
    """labelers prioritise helpfulness over truth while their training guidelines change each month
    because we saw many prompts written by users who never agreed about harmless answers from larger
    models that follow instructions given earlier this year without any human feedback""".split()
)
OTHERS = st.lists(st.text("αβγδεζηθ", min_size=1, max_size=12), min_size=1, max_size=3)
BREAKS = st.sampled_from([" ", "\n", ", ", ". "])


@given(WORDS, OTHERS, BREAKS, st.sampled_from(["in", "out", "instead"]), st.data())
def test_words_changed_inside_a_quote_move_no_end_of_its_passage(
    words: list[str], others: list[str], between: str, change: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(words) - 12))
    end = data.draw(st.integers(start + 12, len(words)))
    site = data.draw(st.integers(start + 4, end - 4 - len(others)))
    gone = 0 if change == "in" else len(others)
    put_in = [] if change == "out" else others
    quoted = words[start:site] + put_in + words[site + gone : end]
    found = near(" ".join(quoted), f"{between.join(words)} end")
    assert found.text == " ".join(between.join(words[start:end]).split())


@given(WORDS, OTHERS, BREAKS, st.booleans(), st.data())
def test_words_put_before_or_after_a_quote_take_no_more_words_of_the_document(
    words: list[str], others: list[str], between: str, is_first: bool, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(words) - 8))
    end = data.draw(st.integers(start + 8, len(words)))
    true = words[start:end]
    found = near(" ".join([*others, *true] if is_first else [*true, *others]), between.join(words))
    passage = found.text.replace(",", "").replace(".", "").split()
    assert len(passage) <= len(true) + len(others)
    assert " ".join(true) in " ".join(passage)
