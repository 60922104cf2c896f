"""What an engine read from a scan verifies nothing, however well a quote stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openbook.core.evidence import QuoteEvidence, Standing, standing
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import State, verify

TEXT = "We hired 40 annotators, all of them in Lisbon. They were not paid by the hour."
LAYER = TextLayer((Page(3, TEXT),), "an engine", is_scan=True)


@pytest.mark.parametrize(
    ("quote", "as_text", "reason"),
    [
        ("40 annotators, all of them in Lisbon", State.VERIFIED, ""),
        ("We hired 40 annotators [...] in Lisbon", State.WITH_ELISION, "with words left out"),
        ("40 annotators all of them", State.PUNCTUATION, "punctuation differs"),
    ],
)
def test_what_a_text_would_verify_is_read_from_a_scan(
    quote: str, as_text: State, reason: str
) -> None:
    parsed = parse_quote(quote)
    found, verified = verify(parsed, LAYER), verify(parsed, replace(LAYER, is_scan=False))
    assert verified.state is as_text
    assert found == replace(verified, state=State.FROM_SCAN, reason=reason)
    assert found.state.is_found
    assert not found.state.stands


@pytest.mark.parametrize(
    ("quote", "state"),
    [
        ("40 annotators in Lisbon", State.MISSING),
        ("They were [...] paid by the hour", State.ALTERED),
    ],
)
def test_what_a_text_would_refuse_is_refused(quote: str, state: State) -> None:
    assert verify(parse_quote(quote), LAYER).state is state


def test_a_grade_that_rests_on_a_scan_rests_on_no_verified_quote() -> None:
    evidence = QuoteEvidence("q-123456", "acme", "40 annotators", {})
    assert standing(evidence, {"q-123456": State.FROM_SCAN}) is Standing.FROM_SCAN
    order = list(Standing)
    assert order.index(Standing.VERIFIED) < order.index(Standing.FROM_SCAN)
    assert order.index(Standing.FROM_SCAN) < order.index(Standing.UNCHECKED)


def test_only_pages_without_a_letter_or_digit_are_blank() -> None:
    pages = (Page(1, "a"), Page(2, " \n--"), Page(3, "7"), Page(4, ""))
    layer = TextLayer(pages, "x")
    assert layer.blank == (2, 4)
    assert layer.has_text
    assert not TextLayer(pages[1::2], "x").has_text
