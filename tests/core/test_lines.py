"""A passage is found again in the file it was read from, line by line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openbook.core.lines import Lines, SourceLines

SOURCE = """# Card

We **hired** [40 annotators](https://x.example/a)
through an *agency*.

Nothing else is told.
"""


def test_marks_between_words_do_not_matter() -> None:
    assert SourceLines(SOURCE).of("We hired 40 annotators through an agency.") == Lines(3, 4)


def test_a_passage_of_another_file_stands_nowhere() -> None:
    assert SourceLines(SOURCE).of("Quite other words in a row") is None
    assert SourceLines(SOURCE).of("") is None
    assert SourceLines("").of("Nothing") is None


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=5), min_size=30, max_size=60, unique=True))
def test_words_on_lines_of_their_own_have_these_lines(words: list[str]) -> None:
    assert SourceLines("\r\n".join(words)).of(" ".join(words[10:20])) == Lines(11, 20)
