"""Selections become quotes that stand, over line breaks and page breaks too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.audit.opened import WrongUseError
from openbook.audit.quoting.selection import MOST, Mark, quote_of, span_between, span_of_words
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import State, verify
from tests.corpus import document, needs_corpus


def layer(*pages: str) -> TextLayer:
    return TextLayer(tuple(Page(n, text) for n, text in enumerate(pages, 1)), "test")


def selected(of: TextLayer, start: str, end: str) -> str:
    """The quote of what stands from ``start`` to the end of ``end``."""
    text = of.text
    first, last = text.index(start), text.rindex(end) + len(end)
    marks = []
    for at in (first, last):
        number = max(n for n, begins in enumerate(of.starts) if begins <= at)
        marks.append(Mark(of.pages[number].number, at - of.starts[number]))
    return quote_of(of, span_between(of, marks[0], marks[1]))


REPORT = layer(
    "A Report\nThe judges were asked to prefer\nwhat is safe over what is help\ufffe\nful, and\n1",
    "A Report\nto say so. All agreed\nthat this was not\n1 See https://example.org.\n2",
    "A Report\neasy. The rest is told\nelsewhere.\n3",
)


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [
        ("judges", "prefer", "judges were asked to prefer"),
        ("judges", "safe", "judges were asked to prefer what is safe"),
        ("udg", "pref", "judges were asked to prefer"),
        ("what is help", "ful", "what is helpful"),
        ("safe", "help", "safe over what is helpful"),
        ("ful, and", "say so", "helpful, and [...] to say so"),
        ("All agreed", "easy", "All agreed that this was not [...] easy"),
        ("prefer", "easy", "prefer what is safe over what is helpful, and [...] to say so. All "
         "agreed that this was not [...] easy"),
    ],
)  # fmt: skip
def test_a_selection_is_the_documents_words(start: str, end: str, quote: str) -> None:
    assert selected(REPORT, start, end) == quote
    assert verify(parse_quote(quote), REPORT).state.stands


def test_where_nothing_stands_between_pages_nothing_is_left_out() -> None:
    plain = layer("It begins here and goes", "on over the page.")
    assert selected(plain, "begins", "over") == "begins here and goes on over"


def test_an_elision_that_would_hide_a_negation_is_not_made() -> None:
    of = layer(
        "Never quote this\nthe judges were told\n",
        "Never quote this\nthat all is well\n",
        "Never quote this\nas it is\n",
    )
    text = selected(of, "judges", "all is well")
    assert verify(parse_quote(text), of).state.stands


def test_a_half_of_a_word_at_a_page_break_is_left_out() -> None:
    of = layer("Title\nwords that are di-\n1", "Title\nvided at the edge\n2", "Title\nof pages\n3")
    text = selected(of, "words that", "the edge")
    assert text == "words that are [...] at the edge"
    assert verify(parse_quote(text), of).state is State.WITH_ELISION


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("that Qwen2-\n7B is good", "that Qwen2-7B is good"),
        ("a table 5 -\n3 of it", "a table 5 - 3 of it"),
        ("a divi-\nded word", "a divided word"),
        ("a divi\ufffe\nded word", "a divided word"),
    ],
)
def test_hyphens_at_line_ends(text: str, quote: str) -> None:
    of = layer(text)
    assert selected(of, text[:3], text[-3:]) == quote
    assert verify(parse_quote(quote), of).state.stands


def test_brackets_and_invisible_characters_of_the_document_do_no_harm() -> None:
    of = layer("the loss [1] is\u200b low\nand \x01 stays")
    text = selected(of, "the", "low")
    assert text == r"the loss \[1\] is low"
    assert verify(parse_quote(text), of).state is State.VERIFIED
    text = selected(of, "is", "stays")
    assert text == "is low and [...] stays"
    assert verify(parse_quote(text), of).state is State.WITH_ELISION


def test_offsets_count_characters_not_utf_16() -> None:
    of = layer("\U0001d400\U0001d401 of two")
    assert quote_of(of, span_between(of, Mark(1, 3), Mark(1, 5))) == "of"


@pytest.mark.parametrize(
    ("start", "end"),
    [(Mark(0, 0), Mark(1, 5)), (Mark(1, -1), Mark(1, 5)), (Mark(1, 0), Mark(1, 9999)),
     (Mark(4, 0), Mark(4, 1)), (Mark(1, 8), Mark(1, 8))],
)  # fmt: skip
def test_what_is_no_selection_is_refused(start: Mark, end: Mark) -> None:
    with pytest.raises(WrongUseError):
        span_between(REPORT, start, end)


def test_a_selection_made_backwards_is_the_same() -> None:
    there, back = Mark(1, 13), Mark(1, 30)
    assert span_between(REPORT, there, back) == span_between(REPORT, back, there)


def test_a_copy_is_no_quote() -> None:
    of = layer("word " * MOST)
    with pytest.raises(WrongUseError, match="more than a quote may have"):
        span_between(of, Mark(1, 0), Mark(1, 5 * MOST))


def test_of_several_places_the_nearest_is_taken() -> None:
    of = layer("to be safe. And more.\nto be safe.", "to be safe.")
    starts = [
        span_of_words(of, "to be  safe", page, down).start
        for page, down in ((1, 0.0), (1, 0.7), (2, 0.0))
    ]
    assert starts == [0, 22, 34]


@given(st.data())
def test_whatever_is_selected_stands_or_is_refused(data: st.DataObject) -> None:
    pages = [len(page.text) for page in REPORT.pages]
    marks = []
    for _ in range(2):
        number = data.draw(st.integers(1, 3))
        marks.append(Mark(number, data.draw(st.integers(0, pages[number - 1]))))
    try:
        text = quote_of(REPORT, span_between(REPORT, marks[0], marks[1]))
    except WrongUseError:
        return
    if any(char.isalpha() for char in text):
        assert verify(parse_quote(text), REPORT).state.stands, text


@needs_corpus
@pytest.mark.parametrize(
    ("key", "page", "start", "end"),
    [
        ("deepseek-v3", 28, "incorporates a system prompt", "alongside the problem"),
        ("ouyang-2022", 7, "helpfulness to the user (not", "doing so requires"),
        ("ouyang-2022", 9, "topic, with various", "competing proposals"),
    ],
)
def test_page_breaks_of_real_documents(key: str, page: int, start: str, end: str) -> None:
    of = document(key)
    before, after = of.pages[page - 1], of.pages[page]
    first = before.text.replace("\n", " ").index(start)
    last = after.text.replace("\n", " ").index(end) + len(end)
    text = quote_of(of, span_between(of, Mark(page, first), Mark(page + 1, last)))
    assert text == f"{start} [...] {end}"
    assert verify(parse_quote(text), of).state is State.WITH_ELISION
