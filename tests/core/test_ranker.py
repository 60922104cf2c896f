"""Words that evidence uses weigh; how they are counted and mixed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.ranker import (
    Counts,
    Ranker,
    Signals,
    count,
    fit,
    in_context,
    learned,
    likeness,
    word_weights,
)

EVIDENCE = [frozenset({"we", "annot", "hire", "vendor"})] * 12
OTHERS = [frozenset({"we", "loss", "layer", "attent"})] * 188


def weights() -> dict[str, float]:
    evidence = count((one, 1.0) for one in EVIDENCE)
    return word_weights(evidence, count((one, 1.0) for one in EVIDENCE + OTHERS))


def test_words_of_evidence_weigh_more_than_words_of_everything() -> None:
    found = weights()
    assert found["annot"] > 1
    assert abs(found["we"]) < 0.5
    assert "loss" not in found


def test_a_passage_scores_by_its_words_and_not_by_its_length() -> None:
    found = weights()
    short = learned(frozenset({"annot", "hire"}), found)
    padded = learned(frozenset({"annot", "hire", *map(str, range(60))}), found)
    assert short > padded > learned(frozenset({"loss"}), found) == 0


def test_a_word_seen_seldom_says_nothing_yet() -> None:
    evidence = count([(frozenset({"upwork"}), 1.0)] * 2)
    assert word_weights(evidence, evidence + count([(frozenset({"x"}), 1.0)] * 50)) == {}


def test_nothing_learned_weighs_nothing() -> None:
    assert word_weights(Counts(), count([(frozenset({"a"}), 1.0)])) == {}


passage = st.frozensets(st.sampled_from("abcdef"), max_size=4)


@given(st.lists(passage), st.lists(passage))
def test_counting_apart_and_joining_is_counting_together(
    one: list[frozenset[str]], other: list[frozenset[str]]
) -> None:
    together = count((words, 1.0) for words in one + other)
    joined = count((words, 1.0) for words in one) + count((words, 1.0) for words in other)
    assert joined.passages == together.passages
    assert dict(joined.stems) == dict(together.stems)


def test_rankers_of_other_questions_are_not_joined() -> None:
    mine = Ranker("ten", Counts(5.0, {"a": 3.0}))
    assert mine.joined(Ranker("three", Counts(9.0, {"b": 9.0}))) is mine
    assert mine.joined(Ranker("ten", Counts(2.0, {"a": 1.0}))).background == Counts(7.0, {"a": 4.0})


def test_neighbours_lend_a_share_within_a_document_only() -> None:
    assert in_context([0.0, 4.0, 0.0], ["x", "x", "x"]) == [1.0, 4.0, 1.0]
    assert in_context([0.0, 4.0], ["x", "y"]) == [0.0, 6.0]
    assert in_context([], []) == []


def test_what_is_like_the_evidence_found_is_told_by_its_seldom_words() -> None:
    common = {"the", "model"}
    passages = [
        frozenset({*common, "vendor", "lisbon"}),
        frozenset({*common, "vendor", "test"}),
        frozenset({*common, "loss", "layer"}),
        frozenset({"snow"}),
    ]
    found = likeness(passages, [0])
    assert found[0] == pytest.approx(1)
    assert found[0] > found[1] > found[2] > found[3] == 0
    assert likeness(passages, []) == [0, 0, 0, 0]


def test_fitting_finds_the_signal_that_tells() -> None:
    rows = [Signals(n % 2, n % 3, 0.5, n / 10, 0.0) for n in range(60)]
    mixture = fit(rows, [row.words == 1 and n % 20 != 1 for n, row in enumerate(rows)])
    assert mixture.words > 10 * abs(mixture.points)
    assert mixture.words > 1


def test_fitting_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="with and without"):
        fit([Signals(1, 1, 1, 1, 1)], [True])
