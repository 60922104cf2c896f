"""How far graders agree: textbook statistics that say when they cannot be had.

A table of ratings is a sequence of units (cells); each unit maps grader to grade. With fewer than
two graders on any unit nothing is estimable, and the functions return None: never a number.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

Unit = Mapping[str, int]
"""Grader to grade, for one cell."""

Statistic = Callable[[Sequence[Unit]], float | None]

MIN_GROUPS = 5
"""Below this many groups to draw from, no interval is claimed: drawn from two releases that agree
each in itself, alpha would be 1 in every draw."""


def krippendorff_alpha(units: Sequence[Unit]) -> float | None:
    """Krippendorff's alpha for ordinal data; None where it is not estimable.

    alpha = 1 - D_o / D_e over the coincidence matrix o_ck, to which each unit with m >= 2 values
    adds 1 / (m - 1) for every ordered pair of values, with the ordinal metric
    delta(c, k) = (sum of n_g for g from c to k, less (n_c + n_k) / 2) squared
    (Krippendorff, *Computing Krippendorff's Alpha-Reliability*, 2011). Not estimable when no unit
    has two values, or when all values are the same: then there is no variation to agree about.
    """
    weights: dict[tuple[int, int], float] = {}
    for unit in units:
        values = list(unit.values())
        if len(values) < 2:
            continue
        for i, j in ((i, j) for i in range(len(values)) for j in range(len(values)) if i != j):
            pair = values[i], values[j]
            weights[pair] = weights.get(pair, 0.0) + 1 / (len(values) - 1)
    totals: dict[int, float] = {}
    for (value, _), weight in weights.items():
        totals[value] = totals.get(value, 0.0) + weight
    total = sum(totals.values())
    expected = sum(
        totals[c] * totals[k] * _ordinal_distance(c, k, totals) for c in totals for k in totals
    )
    if len(totals) < 2 or not expected:
        return None
    observed = sum(weight * _ordinal_distance(c, k, totals) for (c, k), weight in weights.items())
    return 1 - (total - 1) * observed / expected


def _ordinal_distance(c: int, k: int, totals: Mapping[int, float]) -> float:
    low, high = min(c, k), max(c, k)
    between = sum(count for value, count in totals.items() if low <= value <= high)
    return (between - (totals[c] + totals[k]) / 2) ** 2


def quadratic_kappa(units: Sequence[Unit], first: str, second: str) -> float | None:
    """Cohen's kappa of two graders with quadratic weights (Cohen 1968); None where not estimable.

    kappa = 1 - sum(w o) / sum(w e), w = (i - j)^2, o the observed and e the expected proportions.
    """
    pairs = [(unit[first], unit[second]) for unit in units if first in unit and second in unit]
    if not pairs:
        return None
    rows, columns = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum((a - b) ** 2 for a, b in pairs) / len(pairs)
    expected = (
        sum((a - b) ** 2 * rows[a] * columns[b] for a in rows for b in columns) / len(pairs) ** 2
    )
    return 1 - observed / expected if expected else None


class Shares(NamedTuple):
    """Shares of grader pairs, each from 0 to 1, and how many pairs they are of."""

    exact: float
    adjacent: float
    """At most one grade apart (exact pairs included)."""
    pairs: int


def shares(units: Sequence[Unit]) -> Shares | None:
    """How often two graders of a cell give the same grade, or one at most one apart."""
    gaps = [abs(a - b) for unit in units for a, b in combinations(unit.values(), 2)]
    if not gaps:
        return None
    exact = sum(gap == 0 for gap in gaps) / len(gaps)
    return Shares(exact, sum(gap <= 1 for gap in gaps) / len(gaps), len(gaps))


class Interval(NamedTuple):
    """A percentile bootstrap interval."""

    low: float
    high: float
    level: float
    """Confidence, such as 0.95."""
    samples: int
    """Resamples in which the statistic was estimable."""


def bootstrap(
    groups: Mapping[Hashable, Sequence[Unit]],
    statistic: Statistic,
    *,
    samples: int = 1000,
    level: float = 0.95,
    seed: int = 1,
) -> Interval | None:
    """A percentile interval of ``statistic`` when whole groups (releases) are drawn anew.

    Cells of one release share documents and graders, so releases and not cells are resampled
    (cluster bootstrap; Efron and Tibshirani 1993, ch. 8). None with fewer than :data:`MIN_GROUPS`
    groups, or when the statistic is estimable in under half of the resamples.
    """
    keys = list(groups)
    if len(keys) < MIN_GROUPS:
        return None
    draw = random.Random(seed)
    values: list[float] = []
    for _ in range(samples):
        units = [unit for key in draw.choices(keys, k=len(keys)) for unit in groups[key]]
        value = statistic(units)
        if value is not None:
            values.append(value)
    if len(values) < samples / 2:
        return None
    values.sort()
    tail = (1 - level) / 2
    return Interval(quantile(values, tail), quantile(values, 1 - tail), level, len(values))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of sorted values, by linear interpolation between order statistics."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def confusion(units: Sequence[Unit], first: str, second: str) -> dict[tuple[int, int], int]:
    """How often ``first`` gave one grade where ``second`` gave another."""
    return dict(
        Counter((unit[first], unit[second]) for unit in units if first in unit and second in unit)
    )
