"""Titles of a text layer, told by their looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.outline import DEEPEST, LONGEST_TITLE, Heading, headings
from openbook.core.text import Page, TextLayer
from tests.corpus import document, needs_corpus


def layer(*pages: str) -> TextLayer:
    return TextLayer(tuple(Page(number, text) for number, text in enumerate(pages, 3)), "test")


def test_titles_are_told_with_page_and_level() -> None:
    text = layer(
        "Abstract\nWe did this.\n1 Introduction\nIt was so.\n1.1 Motivation\nWe wanted to.",
        "2.1.3 Human Labelers\nThey were forty.\n\nA Details\nMore.",
    )
    assert headings(text) == (
        Heading("Abstract", 3, 1),
        Heading("1 Introduction", 3, 1),
        Heading("1.1 Motivation", 3, 2),
        Heading("2.1.3 Human Labelers", 4, 3),
        Heading("A Details", 4, 1),
    )


def test_lines_of_a_table_of_contents_are_left_out() -> None:
    text = layer(
        "Contents\n1 METHOD 4\n2.1 Results of all . . . . . 17\n2.2 Data ............ 9\n",
        "1. Method\nWe asked.\n2.1 Results of all\nGood.\n2.2 Data\nMany.\n3 Stage 1\nThe first.",
    )
    assert [one.title for one in headings(text)] == [
        "Contents",
        "1. Method",
        "2.1 Results of all",
        "2.2 Data",
        "3 Stage 1",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "2. We have seen some evidence that models generalize to",
        "# Params 32B 72B",
        "1 𝑁𝑁𝑠𝑠 1 2",
        "It is a sentence, and it is no title.",
    ],
)
def test_what_only_looks_like_a_title_is_left_out(line: str) -> None:
    assert headings(layer(f"Some words before.\n{line}\nand some words behind it.")) == ()


@given(st.lists(st.text("ab AB 12.\n#\x07\t", max_size=300), max_size=4))
def test_titles_are_bounded_and_printable(pages: list[str]) -> None:
    text = layer(*pages)
    numbers = [page.number for page in text.pages]
    for one in headings(text):
        assert 0 < len(one.title) <= LONGEST_TITLE
        assert one.title.isprintable()
        assert one.page in numbers
        assert 1 <= one.level <= DEEPEST


@needs_corpus
def test_the_sections_of_a_real_paper_are_found_in_order() -> None:
    found = headings(document("ouyang-2022"))
    expected = ["1 Introduction", "3.4 Human data collection", "5.3 Limitations", "References"]
    at = [next(n for n, one in enumerate(found) if one.title == title) for title in expected]
    assert at == sorted(at)
    assert [found[n].level for n in at] == [1, 2, 2, 1]
    assert [one.page for one in found] == sorted(one.page for one in found)
