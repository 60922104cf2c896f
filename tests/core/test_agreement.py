"""Agreement against the krippendorff package, numpy and values worked by hand."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.agreement import (
    MIN_GROUPS,
    Interval,
    Unit,
    bootstrap,
    confusion,
    krippendorff_alpha,
    quadratic_kappa,
    quantile,
    shares,
)

GRADES = st.integers(0, 4)
UNITS = st.lists(st.dictionaries(st.sampled_from("abcd"), GRADES, max_size=4), max_size=12)


def table(units: list[Unit]) -> np.ndarray:
    rows = [[unit.get(grader, np.nan) for unit in units] for grader in "abcd"]
    return np.array(rows, dtype=float)


@given(UNITS)
def test_alpha_equals_that_of_the_krippendorff_package(units: list[Unit]) -> None:
    ours = krippendorff_alpha(units)
    pairable = [value for unit in units if len(unit) > 1 for value in unit.values()]
    if len(set(pairable)) < 2:
        assert ours is None
        return
    theirs = krippendorff.alpha(table(units), level_of_measurement="ordinal")
    assert ours == pytest.approx(theirs)


def columns(*rows: str) -> list[Unit]:
    """Units from one row of digits a grader; ``.`` is a missing value."""
    return [
        {name: int(value) for name, value in zip("abcd", unit, strict=False) if value != "."}
        for unit in zip(*rows, strict=True)
    ]


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        # Krippendorff (2011), example C: four observers, twelve units, missing data; ordinal.
        (
            ("123321412...", "1233224125.3", ".3332342251.", "12332441251."),
            0.815,
        ),
        # Two graders, three units: o_01 = o_10 = 1, n_0 = 3, n_1 = 3, so D_o = 2 d, D_e = 18 d / 5.
        (("011", "001"), 1 - 5 * 2 / 18),
        (("01", "10"), 1 - 3 * 4 / 8),
        (("0011", "0011"), 1.0),
    ],
)
def test_alpha_of_the_textbook(rows: tuple[str, ...], alpha: float) -> None:
    assert krippendorff_alpha(columns(*rows)) == pytest.approx(alpha, abs=0.0005)


@pytest.mark.parametrize(
    "units",
    [[], [{}], [{"a": 1}, {"a": 2}], [{"a": 1}, {"b": 3}], [{"a": 2, "b": 2}, {"a": 2, "b": 2}]],
)
def test_alpha_is_not_estimable_with_one_grader_or_one_value(units: list[Unit]) -> None:
    assert krippendorff_alpha(units) is None


@given(UNITS)
def test_units_with_one_grade_do_not_change_alpha(units: list[Unit]) -> None:
    assert krippendorff_alpha([*units, {"a": 4}, {}]) == krippendorff_alpha(units)


@given(st.lists(st.tuples(GRADES, GRADES), min_size=1, max_size=20))
def test_kappa_equals_the_matrix_formula(pairs: list[tuple[int, int]]) -> None:
    observed = np.zeros((5, 5))
    for one, other in pairs:
        observed[one, other] += 1
    observed /= len(pairs)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    weights = np.subtract.outer(np.arange(5), np.arange(5)) ** 2
    kappa = quadratic_kappa([{"a": one, "b": other} for one, other in pairs], "a", "b")
    if (weights * expected).sum() == 0:
        assert kappa is None
    else:
        assert kappa == pytest.approx(1 - (weights * observed).sum() / (weights * expected).sum())


def test_kappa_of_one_grader_is_not_estimable() -> None:
    assert quadratic_kappa([], "a", "b") is None
    assert quadratic_kappa([{"a": 1}, {"b": 2}], "a", "b") is None
    assert quadratic_kappa([{"a": 2, "b": 2}], "a", "b") is None


def test_kappa_counts_only_cells_that_both_graded() -> None:
    both: list[Unit] = [{"a": 0, "b": 1}, {"a": 4, "b": 4}, {"a": 2, "b": 0}]
    assert quadratic_kappa([*both, {"a": 3}, {"b": 0}], "a", "b") == quadratic_kappa(both, "a", "b")


def test_shares_are_of_pairs_of_graders() -> None:
    found = shares([{"a": 1, "b": 1, "c": 2}, {"a": 0, "b": 4}, {"a": 3}])
    assert found == (1 / 4, 3 / 4, 4)


def test_shares_of_one_grader_are_not_estimable() -> None:
    assert shares([]) is None
    assert shares([{"a": 1}, {"b": 1}]) is None


@given(UNITS)
def test_shares_lie_between_nothing_and_all(units: list[Unit]) -> None:
    found = shares(units)
    assert found is None or 0 <= found.exact <= found.adjacent <= 1


GROUPS: Mapping[Hashable, Sequence[Unit]] = {
    n: [{"a": n % 5, "b": (n * 3) % 5}, {"a": n % 3, "b": n % 4}] for n in range(8)
}


def test_the_bootstrap_is_the_same_for_the_same_seed() -> None:
    first = bootstrap(GROUPS, krippendorff_alpha, samples=200, seed=7)
    assert first == bootstrap(GROUPS, krippendorff_alpha, samples=200, seed=7)
    assert first != bootstrap(GROUPS, krippendorff_alpha, samples=200, seed=8)


def test_the_bootstrap_holds_the_estimate_and_widens_with_its_level() -> None:
    estimate = krippendorff_alpha([unit for units in GROUPS.values() for unit in units])
    narrow = bootstrap(GROUPS, krippendorff_alpha, samples=400, level=0.5)
    wide = bootstrap(GROUPS, krippendorff_alpha, samples=400, level=0.95)
    assert narrow
    assert wide
    assert estimate is not None
    assert wide.low <= narrow.low <= narrow.high <= wide.high <= 1
    assert wide.low <= estimate <= wide.high
    assert (wide.level, narrow.level) == (0.95, 0.5)
    assert 200 <= wide.samples <= 400


def test_a_statistic_that_never_varies_has_an_interval_of_no_width() -> None:
    assert bootstrap(GROUPS, lambda _: 0.25, samples=50) == Interval(0.25, 0.25, 0.95, 50)


def test_the_bootstrap_draws_whole_groups() -> None:
    def size_is_even(units: object) -> float:
        return float(len(units) % 2)  # type: ignore[arg-type]

    assert bootstrap(GROUPS, size_is_even, samples=50) == Interval(0, 0, 0.95, 50)


@pytest.mark.parametrize("size", range(MIN_GROUPS + 1))
def test_too_few_groups_have_no_interval(size: int) -> None:
    groups = {n: GROUPS[n] for n in range(size)}
    assert (bootstrap(groups, krippendorff_alpha) is None) == (size < MIN_GROUPS)


def test_a_statistic_that_is_rarely_estimable_has_no_interval() -> None:
    groups: Mapping[Hashable, Sequence[Unit]] = {n: [{"a": n}] for n in range(8)}
    assert bootstrap(groups, krippendorff_alpha, samples=20) is None


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=20).map(sorted), st.floats(0, 1))
def test_quantiles_equal_those_of_numpy(values: list[float], share: float) -> None:
    assert math.isclose(quantile(values, share), float(np.quantile(values, share)), abs_tol=1e-9)


def test_confusion_counts_pairs_of_grades() -> None:
    units = [{"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 2, "b": 1}, {"a": 4}]
    assert confusion(units, "a", "b") == {(1, 2): 2, (2, 1): 1}
