"""Where a quote stands on its pages, and how two texts differ."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.anchor import Anchor, Checked, Place, changes, places, states, word_diff
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import Span, State, verify


def pages(*texts: str) -> TextLayer:
    return TextLayer(tuple(Page(n, text) for n, text in enumerate(texts, 1)), "test")


PAGES = st.lists(st.text("ab \n", max_size=6), min_size=1, max_size=5).map(
    lambda all_: pages(*all_)
)


@given(PAGES, st.data())
def test_the_places_of_a_span_hold_its_text_less_the_page_breaks(
    layer: TextLayer, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(layer.text)))
    end = data.draw(st.integers(start, len(layer.text)))
    found = places(layer, Span(start, end))
    text = {page.number: page.text for page in layer.pages}
    shown = "".join(text[place.page][place.start : place.end] for place in found)
    assert shown == layer.text[start:end].replace("\f", "")
    assert [place.page for place in found] == sorted({place.page for place in found})
    assert all(place.start < place.end for place in found)


def test_a_quote_over_a_page_break_has_a_place_on_each_page() -> None:
    layer = pages("first we train a help-", "", "ful model and")
    span = verify(parse_quote("train a helpful model"), layer).spans[0]
    assert places(layer, span) == (Place(1, 9, 22), Place(3, 0, 9))


def test_pages_keep_their_own_numbers() -> None:
    layer = TextLayer((Page(7, "one"), Page(9, "two")), "test")
    assert places(layer, Span(1, 6)) == (Place(7, 1, 3), Place(9, 0, 2))


@pytest.mark.parametrize("span", [Span(0, 0), Span(3, 3), Span(3, 4), Span(7, 7)])
def test_an_empty_span_has_no_place(span: Span) -> None:
    assert places(pages("one", "two"), span) == ()


def test_an_anchor_begins_on_the_page_of_its_first_segment() -> None:
    segments = ((Place(3, 5, 9), Place(4, 0, 2)), (Place(4, 7, 9),))
    anchor = Anchor("q-000001", "00", "11", "test", State.VERIFIED, segments)
    assert anchor.page == 3


TEXTS = st.text("ab ,.的é1-\n", max_size=30)


@given(TEXTS, TEXTS)
def test_a_diff_holds_both_texts_word_for_word(quote: str, document: str) -> None:
    parts = word_diff(quote, document)

    def words(text: str) -> list[str]:
        return re.findall(r"\w+|[^\w\s]", text)

    for kind, text in (("quote", quote), ("document", document)):
        kept = [part.text for part in parts if part.kind in ("same", kind)]
        assert words(" ".join(kept)) == words(text)
    assert {part.kind for part in parts} <= {"same", "quote", "document"}
    assert all(part.text for part in parts)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {part.kind for part in word_diff(text, text)} <= {"same"}


def test_a_diff_shows_the_word_that_was_put_in() -> None:
    parts = word_diff("it is not safe.", "it is safe.")
    assert parts == (("same", "it is"), ("quote", "not"), ("same", "safe."))


@pytest.mark.parametrize(
    ("quote", "document", "told"),
    [
        ("helpful honest and safe", "helpful, honest, and safe", "helpful {+,+} … honest {+,+}"),
        ("is it safe. Yes", "is it safe? Yes", "safe [-.-] {+?+}"),
        ("safe", "“safe”", "{+“+} … safe {+”+}"),
        ("safe", "safe", ""),
    ],
)
def test_changes_are_told_with_the_word_before_them(quote: str, document: str, told: str) -> None:
    assert changes(word_diff(quote, document)) == told


def test_states_are_by_evidence_id() -> None:
    checks = {"q-000001": Checked("q-000001", "doc", State.ALTERED)}
    assert states(checks) == {"q-000001": State.ALTERED}
