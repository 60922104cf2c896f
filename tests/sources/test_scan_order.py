"""The lines of a page in the order in which they are read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openbook.sources.scan import as_page
from openbook.sources.scan_order import Found, rows


def line(text: str, left: float, top: float, width: float = 200, height: float = 10) -> Found:
    return Found(text, (left, top - height, left + width, top))


def told(found: list[Found]) -> str:
    return as_page(found).text


def test_what_stands_at_one_height_is_one_line_from_left_to_right() -> None:
    found = [line("Discussion", 100, 701), line("below", 50, 680), line("5.1", 50, 700, 20)]
    assert told(found) == "5.1 Discussion\nbelow"


def test_two_columns_are_read_one_after_the_other_with_what_lies_across_in_its_place() -> None:
    left = [line(f"L{n}", 50, 700 - 12 * n) for n in range(12)]
    right = [line(f"R{n}", 300, 700 - 12 * n) for n in range(12)]
    title, foot = line("Title", 60, 730, 430), line("Foot", 60, 500, 400)
    expected = ["Title", *(f"L{n}" for n in range(12)), *(f"R{n}" for n in range(12)), "Foot"]
    assert told([foot, *right, *left, title]).split() == expected


def test_a_page_of_one_column_is_never_cut() -> None:
    found = [line(f"w{n}", 50 + n % 3, 700 - 12 * n, 450 - 40 * (n % 4)) for n in range(30)]
    assert told(found[::-1]).split() == [f"w{n}" for n in range(30)]


def test_lines_of_a_page_turned_a_little_stay_apart() -> None:
    found = [line(f"w{n}", 50, 700 - 12 * n, 450, 13) for n in range(20)]
    assert len(rows(found)) == 20


def test_text_that_runs_up_the_page_is_left_out() -> None:
    found = [line("words", 50, 700), line("more", 50, 688), line("arXiv", 10, 600, 10, 300)]
    assert told(found) == "words\nmore"


boxes = st.builds(
    line,
    st.text("abc", min_size=1, max_size=5),
    st.floats(0, 500),
    st.floats(20, 800),
    st.floats(5, 400),
    st.just(10.0),
)


@given(st.lists(boxes, max_size=40))
def test_nothing_is_lost_or_said_twice_and_lines_say_where_words_stand(found: list[Found]) -> None:
    page = as_page(found)
    assert sorted(page.text.split()) == sorted(one.text for one in found)
    assert sorted(one.box for one in page.lines) == sorted(one.box for one in found)
    for one in page.lines:
        words = page.text[one.start : one.end]
        assert any(words == each.text and one.box == each.box for each in found)
