"""Change from release to release: is the information draining (paper section 4)?

Each pair of successive releases of one initiative gives, for each question, one paired change.
Releases of one initiative are not independent and initiatives are few, so the interval resamples
initiatives, the number of initiatives is told beside it, and none is given below five.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openbook.core.agreement import MIN_GROUPS, Interval, quantile
from openbook.core.heatmap import Heatmap, Row
from openbook.core.initiative import Initiative, Release

MIN_INITIATIVES = MIN_GROUPS
"""Below this many initiatives with a change, no interval is claimed."""


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of one question's grade between two successive releases."""

    initiative: Initiative
    earlier: Release
    later: Release
    keyword: str
    was: int
    now: int

    @property
    def difference(self) -> int:
        """Positive where more is told."""
        return self.now - self.was


@dataclass(frozen=True, slots=True)
class Trend:
    """All paired changes, and what they come to."""

    changes: tuple[Change, ...]
    unpaired: int
    """Cells of successive releases that could not be compared: one of the two has no grade."""
    rose: int
    fell: int
    same: int
    mean: float | None
    """Mean difference, in grades; None without a pair."""
    interval: Interval | None
    """Percentile bootstrap over initiatives of the mean; None below :data:`MIN_INITIATIVES`."""
    initiatives: int
    """How many initiatives have a change to compare."""


def trend(table: Heatmap, keyword: str | None = None) -> Trend:
    """Paired changes between successive releases, of all questions or of one."""
    changes: list[Change] = []
    unpaired = 0
    for earlier, later in pairwise(table.rows):
        if earlier.initiative.key != later.initiative.key:
            continue
        for column, was, now in zip(table.columns, earlier.grades, later.grades, strict=True):
            if keyword not in (None, column):
                continue
            if was is None or now is None:
                unpaired += 1
                continue
            changes.append(
                Change(earlier.initiative, earlier.release, later.release, column, was, now)
            )
    differences = [change.difference for change in changes]
    return Trend(
        tuple(changes),
        unpaired,
        rose=sum(one > 0 for one in differences),
        fell=sum(one < 0 for one in differences),
        same=sum(one == 0 for one in differences),
        mean=sum(differences) / len(differences) if differences else None,
        interval=_interval(changes),
        initiatives=len({change.initiative.key for change in changes}),
    )


def _interval(
    changes: Sequence[Change], samples: int = 2000, level: float = 0.95, seed: int = 1
) -> Interval | None:
    by_initiative: dict[str, list[int]] = {}
    for change in changes:
        by_initiative.setdefault(change.initiative.key, []).append(change.difference)
    if len(by_initiative) < MIN_INITIATIVES:
        return None
    draw = random.Random(seed)
    keys = sorted(by_initiative)
    means = []
    for _ in range(samples):
        drawn = [one for key in draw.choices(keys, k=len(keys)) for one in by_initiative[key]]
        means.append(sum(drawn) / len(drawn))
    means.sort()
    tail = (1 - level) / 2
    return Interval(quantile(means, tail), quantile(means, 1 - tail), level, samples)


@dataclass(frozen=True, slots=True)
class Total:
    """What one release tells, over all questions."""

    row: Row
    points: int
    """Sum of its grades."""
    graded: int
    """How many of its cells have a grade."""


def totals(table: Heatmap) -> tuple[Total, ...]:
    """The sum of grades of each release, in the order of the rows."""
    return tuple(
        Total(
            row,
            sum(grade for grade in row.grades if grade is not None),
            sum(grade is not None for grade in row.grades),
        )
        for row in table.rows
    )
