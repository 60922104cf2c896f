"""Sums over proposals, and what of an answer may be kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.anchor import Anchor, Place
from openbook.core.initiative import ReleaseId, is_key
from openbook.core.proposal import (
    FabricatedQuote,
    Fabrication,
    Proposal,
    ProposedQuote,
    by_model,
    grounded_points,
    latest,
    model_folder,
    tally,
)
from openbook.core.review import CellId, PointState
from openbook.core.verify import State

ANCHOR = Anchor("q-000000", "a" * 64, "b" * 64, "x", State.VERIFIED, ((Place(1, 0, 9),),))
QUOTE = ProposedQuote("paper", "we made it", ("what",), ANCHOR)


def proposal(keyword: str = "DEF", at: str = "2026-01-01", **more: Any) -> Proposal:
    head: dict[str, Any] = {
        "model": "m",
        "version": "m-1",
        "endpoint": "localhost",
        "prompt": "c" * 64,
        "ranker": "r",
        "shown": (),
    }
    return Proposal(CellId(ReleaseId("acme", "1"), keyword), at=at, **(head | more))


def gone(kind: Fabrication) -> FabricatedQuote:
    return FabricatedQuote(kind, "paper", "d" * 64, "we")


def test_every_answer_is_summed_and_each_cells_last_one_counts() -> None:
    first = proposal(
        quotes=(QUOTE,),
        fabricated=(gone(Fabrication.INVENTED), gone(Fabrication.ALTERED)),
        grade=3,
        tokens_in=10,
        tokens_out=1,
        cost=0.1,
    )
    second = proposal(
        at="2026-01-02",
        fabricated=(gone(Fabrication.INVENTED),),
        set_aside=2,
        grade=2,
        tokens_in=20,
        tokens_out=2,
        cost=0.2,
        version="m-2",
    )
    (made,) = by_model((second, first)).values()
    sums = tally("m", made)
    assert made == (first, second)
    assert latest(made) == {first.cell: second}
    assert (sums.proposals, sums.cells, sums.standing, sums.set_aside) == (2, 1, 1, 2)
    assert sums.fabricated == {
        Fabrication.INVENTED: 2,
        Fabrication.ALTERED: 1,
        Fabrication.ELSEWHERE: 0,
    }
    assert (sums.fabrications, sums.checked, sums.fabrication_rate) == (3, 4, 0.75)
    assert (sums.tokens_in, sums.tokens_out, sums.cost) == (30, 3, 0.3)
    assert sums.versions == ("m-1", "m-2")
    assert sums.unfounded == 1


def test_what_was_not_counted_is_no_number() -> None:
    sums = tally("m", (proposal(tokens_in=10, cost=0.1), proposal("VS")))
    assert (sums.tokens_in, sums.tokens_out, sums.cost) == (None, None, None)
    assert sums.fabrication_rate is None


def test_a_grade_of_0_needs_no_quote() -> None:
    assert tally("m", (proposal(grade=0), proposal("VS", grade=1), proposal("X"))).unfounded == 1


@given(
    said=st.dictionaries(st.sampled_from("abcd"), st.sampled_from(PointState)),
    standing=st.lists(st.lists(st.sampled_from("abcd"))),
    failed=st.lists(st.lists(st.sampled_from("abcd"))),
)
def test_no_point_is_told_without_a_quote_that_stands(
    said: dict[str, PointState], standing: list[list[str]], failed: list[list[str]]
) -> None:
    kept = grounded_points(said, standing, failed)
    grounded = {key for points in standing for key in points}
    assert kept.keys() == said.keys()
    for key, state in kept.items():
        assert state in (said[key], PointState.UNREVIEWED)
        assert not state.informs or key in grounded
    assert grounded_points(kept, standing, ()) == kept


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Qwen/Qwen3-8B", "qwen-qwen3-8b"),
        ("gpt-5.2", "gpt-5.2"),
        ("../../etc", "etc"),
        ("con", "model-7e66ad2d"),
        ("模型", "model-"),
    ],
)
def test_a_models_folder_is_a_safe_name(name: str, folder: str) -> None:
    assert model_folder(name).startswith(folder[:6])
    assert is_key(model_folder(name))


@given(st.text(max_size=200))
def test_every_name_has_a_folder(name: str) -> None:
    assert is_key(model_folder(name))
