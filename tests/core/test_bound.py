"""The bound on what was missed holds, at every look."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.bound import at_most, drawn_order


@st.composite
def draws(draw: st.DrawFn) -> tuple[int, int, int]:
    unread = draw(st.integers(0, 300))
    drawn = draw(st.integers(0, unread))
    return unread, drawn, draw(st.integers(0, min(drawn, 8)))


@given(draws())
def test_it_never_claims_more_than_is_left(given: tuple[int, int, int]) -> None:
    unread, drawn, found = given
    assert 0 <= at_most(unread, drawn, found) <= unread - drawn


@given(st.integers(0, 400))
def test_without_a_sample_nothing_is_claimed_and_with_everything_read_all(unread: int) -> None:
    assert at_most(unread, 0, 0) == unread
    assert at_most(unread, unread, 0) == 0


@given(st.integers(1, 300))
def test_reading_on_and_finding_nothing_makes_it_tighter(unread: int) -> None:
    bounds = [at_most(unread, drawn, 0) for drawn in range(unread + 1)]
    assert bounds == sorted(bounds, reverse=True)


def test_more_confidence_claims_less() -> None:
    assert at_most(250, 60, 0, 0.8) < at_most(250, 60, 0, 0.95) < at_most(250, 60, 0, 0.999)


@pytest.mark.parametrize(("unread", "evidence"), [(250, 3), (250, 10), (100, 5), (60, 20)])
def test_an_auditor_who_looks_after_every_passage_is_not_misled(unread: int, evidence: int) -> None:
    """The share of audits in which the bound was ever wrong, at any look, is at most 5 %."""
    dice = random.Random(unread * evidence)
    table = {
        (n, k): at_most(unread, n, k)
        for n in range(unread + 1)
        for k in range(min(n, evidence) + 1)
    }
    wrong = 0
    for _ in range(400):
        hits = set(dice.sample(range(unread), evidence))
        found = 0
        for drawn in range(unread):
            if evidence - found > table[drawn, found]:
                wrong += 1
                break
            found += drawn in hits
    # 400 audits at a true rate of 5 % give more than 32 wrong ones in under 1 % of runs.
    assert wrong <= 32


@pytest.mark.parametrize("numbers", [(5, 6, 0), (5, 2, 3), (5, 2, -1)])
def test_impossible_numbers(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        at_most(*numbers)


def test_the_order_is_fixed_by_the_seed_and_no_other_order() -> None:
    ids = [f"doc:1:{n}-{n + 1}" for n in range(50)]
    order = drawn_order(ids, "seed")
    assert order == drawn_order(list(reversed(ids)), "seed")
    assert sorted(order) == sorted(ids)
    assert order != drawn_order(ids, "another seed")
