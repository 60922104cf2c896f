"""A quote that runs over the end of a page is told how to leave out what the page has there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.audit.quoting.page_break import over_page_break
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import State, verify

PAGES = (
    "We trained the first model on prompts that our labelers wrote, as they were the only ones\n"
    "4We hired them ourselves.\n6",
    "A Report on Models\nwho knew it well, and then on prompts of customers. We asked them too.",
)


def pages(*texts: str) -> TextLayer:
    return TextLayer(tuple(Page(n, text) for n, text in enumerate(texts, 1)), "test")


def test_it_names_the_page_what_stands_there_and_the_words_beside_it() -> None:
    told = over_page_break(parse_quote("the only ones who knew it well"), pages(*PAGES))
    assert told == (
        "runs over the end of page 1, where the document has '4We hired them ourselves. 6 A Report "
        "on Models' between: write [...] between 'ones' and 'who'"
    )


@pytest.mark.parametrize(
    "quote",
    [
        "the only ones who knew it badly",
        "the only labelers who knew it well",
        "our labelers wrote as they never were",
        "as they were the ones 4We hired them ourselves",
    ],
)
def test_a_quote_that_fails_for_another_reason_is_told_nothing(quote: str) -> None:
    assert over_page_break(parse_quote(quote), pages(*PAGES)) == ""


def test_words_of_the_text_that_were_left_out_there_are_shown() -> None:
    told = over_page_break(
        parse_quote("the labelers who knew it"), pages("the labelers we", PAGES[1])
    )
    assert "the document has 'we A Report on Models' between" in told


def test_one_segment_among_others_may_run_over_the_page() -> None:
    quote = parse_quote("We trained [...] the only ones who knew it well [...] of customers")
    assert "between 'ones' and 'who'" in over_page_break(quote, pages(*PAGES))


def test_what_is_left_out_may_hide_no_negation() -> None:
    layer = pages("It is a model that we do not,\n7", "alas, train on it")
    assert over_page_break(parse_quote("a model that we train on it"), layer) == ""


WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".split()


@given(st.integers(1, 11), st.integers(0, 11), st.data())
def test_what_it_says_verifies(broken: int, start: int, data: st.DataObject) -> None:
    end = data.draw(st.integers(min(start, broken - 1) + 1, 12))
    start = min(start, broken - 1)
    end = max(end, broken + 1)
    layer = pages(f"{' '.join(WORDS[:broken])}\n12", f"Header\n{' '.join(WORDS[broken:])}")
    words = WORDS[start:end]
    told = over_page_break(parse_quote(" ".join(words)), layer)
    assert f"between {WORDS[broken - 1]!r} and {WORDS[broken]!r}" in told
    mended = " ".join([*WORDS[start:broken], "[...]", *WORDS[broken:end]])
    assert verify(parse_quote(mended), layer).state is State.WITH_ELISION
