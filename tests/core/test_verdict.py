"""From words to verdicts: more of what is asked for is never less told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openbook.core.questionnaire import PointRef
from openbook.core.ranker import Counts, Ranker
from openbook.core.review import PointState
from openbook.core.verdict import Asked, Judge, Rule, Verdict, guesses, read, speaks

COMMON = {"hire": 20.0, "annot": 30.0, "pay": 10.0, "euro": 5.0, "the": 90.0}
WORDS = Ranker(
    "asked",
    Counts(100, COMMON),
    Counts(20, {"hire": 15.0, "annot": 15.0}),
    {"HUM": Counts(20, {"annot": 15.0}), "HUM.pay": Counts(10, {"euro": 5.0, "pay": 8.0})},
)
RULE = Rule((-1.0, 1, 1, 1, 1, 1), (0.0, 1, 1, 1, 0, 0), (-2.0, 1, 1, 1, 0, 0), 0.5, 0.5)
PAY = Asked(PointRef("HUM", "pay"), frozenset(("pay", "annot")), (frozenset(("euro",)),))


def test_a_passage_with_more_of_what_is_asked_scores_more() -> None:
    passages = [
        frozenset("the".split()),
        frozenset("the pay".split()),
        frozenset("pay annot euro".split()),
    ]
    found = read(PAY, passages, WORDS, RULE)
    assert list(found.order) == [2, 1, 0]


@given(st.lists(st.frozensets(st.sampled_from(sorted(COMMON))), min_size=3, max_size=6))
def test_another_good_passage_never_makes_a_point_less_told(passages: list[frozenset[str]]) -> None:
    best = frozenset(COMMON)
    before = guesses([read(PAY, passages, WORDS, RULE)], RULE)[0]
    after = guesses([read(PAY, [*passages, best, best, best], WORDS, RULE)], RULE)[0]
    assert after.told >= before.told
    assert after.stated >= before.stated


def test_without_a_passage_there_is_no_guess() -> None:
    assert guesses([read(PAY, [], WORDS, RULE)], RULE) == []


def test_what_was_learned_for_other_questions_counts_for_nothing() -> None:
    judge = Judge(WORDS, RULE, Rule((0.0,) * 6, (0.0,) * 6, (0.0,) * 6, 0.5, 0.5))
    other = judge.known("others")
    (signals,) = speaks(PAY, [frozenset(("euro", "pay"))], other)
    assert (signals.question, signals.point) == (0, 0)
    assert signals.wording > 0
    assert judge.rule("others") is judge.plain
    assert judge.rule("asked") is judge.taught


def test_a_missing_point_counts_as_absent() -> None:
    assert Verdict.MISSING.state is PointState.ABSENT
    assert Verdict.VAGUE.state is PointState.VAGUE
