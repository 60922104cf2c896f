"""Where a page's text is cut into lines, by hand-made boxes."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from openbook.sources.lines import Box, lines

NOWHERE = (0.0, 0.0, 0.0, 0.0)


def row(text: str, x: float, y: float, *, size: float = 10) -> list[Box]:
    """Boxes as of a type of equal widths, half as wide as high."""
    return [
        NOWHERE if char.isspace() else (x + at * size / 2, y, x + (at + 1) * size / 2, y + size)
        for at, char in enumerate(text)
    ]


def said(text: str, boxes: list[Box]) -> list[str]:
    return [text[one.start : one.end] for one in lines(text, boxes)]


def test_a_line_has_the_box_around_its_characters() -> None:
    (one,) = lines("  two words ", row("  two words ", 100, 700))
    assert (one.start, one.end) == (2, 11)
    assert one.box == (110, 700, 155, 710)


def test_a_line_ends_at_a_line_break() -> None:
    text = "one\n\ntwo \n three"
    boxes = row("one\n\n", 0, 50) + row("two \n", 0, 30) + row(" three", 0, 10)
    assert said(text, boxes) == ["one", "two", "three"]


def test_two_columns_on_one_height_are_two_lines() -> None:
    left, right = "of the left column ", "and of the right"
    assert said(left + right, row(left, 0, 10) + row(right, 120, 10)) == [left.strip(), right]


def test_the_next_line_of_a_column_is_a_line_where_the_text_has_no_break() -> None:
    assert said("above below", row("above ", 0, 22) + row("below", 0, 10)) == ["above", "below"]


def test_one_character_right_below_the_end_is_another_line() -> None:
    assert said("ab c", row("ab ", 0, 22) + row("c", 5, 10)) == ["ab", "c"]


def test_words_wide_apart_as_in_justified_text_are_one_line() -> None:
    assert said("a wide gap", row("a ", 0, 10) + row("wide gap", 18, 10)) == ["a wide gap"]


def test_an_exponent_and_an_index_stay_in_the_line() -> None:
    boxes = row("x", 0, 10) + row("2", 5, 16, size=6) + row("y", 8, 10) + row("i", 13, 7, size=6)
    assert said("x2yi", boxes) == ["x2yi"]


def test_text_that_runs_up_the_margin_is_one_line() -> None:
    text = "arXiv:2302.13971v1"
    boxes = [(10.0, 100 + 6.0 * at, 20.0, 105 + 6.0 * at) for at in range(len(text))]
    assert said(text, boxes) == [text]


def test_text_from_right_to_left_is_one_line() -> None:
    text = "שלום עולם"
    assert said(text, row(text[::-1], 0, 10)[::-1]) == [text]


def test_characters_without_a_box_stay_with_their_neighbours() -> None:
    text = "\ufffeab\u0002cd\u0301"
    (one,) = lines(text, [NOWHERE, *row("ab", 0, 5), NOWHERE, *row("cd", 10, 5), NOWHERE])
    assert (one.start, one.end) == (0, len(text))
    assert one.box == (0, 5, 20, 15)


def test_a_line_without_any_box_is_at_the_end_of_the_one_before() -> None:
    first, second = lines("ab\ncd", [*row("ab", 30, 5), *[NOWHERE] * 3])
    assert second.box == (first.box[2], first.box[1], first.box[2], first.box[1])


def test_boxes_that_are_no_numbers_are_none() -> None:
    bad = (math.nan, 0.0, math.inf, 9.0)
    assert [one.box for one in lines("a", [bad])] == [NOWHERE]


COORDINATE = st.floats(-1000, 1000) | st.sampled_from([0.0, math.inf, -math.inf, math.nan])


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab \n\t\ufffe\u0002\u00a0é"),
            st.tuples(COORDINATE, COORDINATE, COORDINATE, COORDINATE),
        ),
        max_size=60,
    )
)
def test_lines_cover_all_but_white_space_in_order_whatever_the_boxes(
    characters: list[tuple[str, Box]],
) -> None:
    text = "".join(char for char, _ in characters)
    found = list(lines(text, [box for _, box in characters]))
    covered = {at for one in found for at in range(one.start, one.end)}
    assert all(at in covered for at, char in enumerate(text) if not char.isspace())
    assert all(one.end <= after.start for one, after in pairwise(found))
    for one in found:
        line = text[one.start : one.end]
        assert line == line.strip()
        assert "\n" not in line
        assert all(map(math.isfinite, one.box))
        assert one.box[0] <= one.box[2]
        assert one.box[1] <= one.box[3]
