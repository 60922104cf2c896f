"""How far graders agree, in words and figures for any page; or why it cannot be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from openbook.core import agreement as core
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.records import Audit
from openbook.core.review import CellId
from openbook.report.site import words

GRADES = tuple(range(MIN_GRADE, MAX_GRADE + 1))

Units = Mapping[CellId, Mapping[str, int]]
"""Each cell's grades by grader."""


@dataclass(frozen=True, slots=True)
class Grader:
    """Somebody or something that graded."""

    name: str
    kind: str
    cells: str
    note: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement on some of the cells."""

    cells: int
    alpha: str
    exact: str
    adjacent: str
    why_not: str
    """Why alpha is not estimable; empty where it is."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two graders side by side."""

    first: str
    second: str
    cells: int
    alpha: str
    kappa: str
    exact: str
    adjacent: str
    confusion: tuple[tuple[int, tuple[tuple[int, bool], ...]], ...]
    """For each grade of the first, how often the second gave each grade, and if it is the same."""


def units_of(audit: Audit) -> dict[CellId, dict[str, int]]:
    """Each cell's grades by grader, from the reviews; cells nobody graded are left out."""
    known = set(audit.cells)
    found: dict[CellId, dict[str, int]] = {}
    for review in audit.reviews:
        for keyword, judgement in review.cells.items():
            cell = CellId(review.release, keyword)
            if judgement.grade is not None and cell in known:
                found.setdefault(cell, {})[review.auditor] = judgement.grade
    return found


def shared(units: Units) -> dict[CellId, Mapping[str, int]]:
    """The cells that more than one grader graded."""
    return {cell: unit for cell, unit in units.items() if len(unit) > 1}


def verdict(units: Units) -> str:
    """In a sentence, how much there is to compare."""
    if not units:
        return "Nobody has graded yet: there is nothing to compare."
    both = shared(units)
    if not both:
        graders = {name for unit in units.values() for name in unit}
        if len(graders) == 1:
            return "One grader: agreement is not estimable."
        return "No cell was graded by more than one grader: agreement is not estimable."
    return (
        f"{words.count(len(both), 'cell')} of {len(units)} "
        f"{'was' if len(both) == 1 else 'were'} graded by more than one grader."
    )


def graders(audit: Audit, units: Units) -> tuple[Grader, ...]:
    """The audit's auditors and whoever else graded, with how much."""
    counts = Counter(name for unit in units.values() for name in unit)
    listed = [one.id for one in audit.auditors]
    found = []
    for name in [*listed, *(name for name in counts if name not in listed)]:
        auditor = audit.auditor(name)
        kind = words.kind_of(audit, name) or "kind not stated"
        note = auditor.note if auditor else ""
        graded = f"{words.count(counts[name], 'cell')} graded"
        found.append(Grader(words.auditor_name(audit, name), kind, graded, note))
    return tuple(found)


def figures(units: Sequence[core.Unit]) -> Figures:
    """Agreement on cells that several graded."""
    alpha, shares = core.krippendorff_alpha(units), core.shares(units)
    return Figures(
        len(units),
        figure(alpha),
        f"{shares.exact:.0%}" if shares else "–",
        f"{shares.adjacent:.0%}" if shares else "–",
        _why_not(units) if alpha is None else "",
    )


def _why_not(units: Sequence[core.Unit]) -> str:
    """Why there is no alpha for cells that several graded."""
    if not units:
        return "no cell was graded by more than one grader"
    return "all grades are the same, so there is no variation to agree about"


def figure(value: float | None) -> str:
    """A coefficient as pages show it."""
    return "not estimable" if value is None else f"{value:.2f}".replace("-", "−")


def interval(both: Units) -> str:
    """The interval of alpha over all shared cells, or why there is none, as a sentence."""
    if not both:
        return ""
    groups: dict[Hashable, list[tuple[tuple[str, int], ...]]] = {}
    for cell, unit in both.items():
        groups.setdefault(cell.release, []).append(tuple(unit.items()))
    found = _bootstrapped(tuple(map(tuple, groups.values())))
    if found is None:
        return (
            f"No interval: it takes {core.MIN_GROUPS} releases that several graders graded, and "
            "grades that vary."
        )
    low, high = figure(found.low), figure(found.high)
    return (
        f"{found.level:.0%} interval of alpha: {low} to {high} (percentile bootstrap over "
        f"{words.count(len(groups), 'release')}). Single questions and initiatives have too few "
        "cells for an interval of their own."
    )


@lru_cache(maxsize=8)
def _bootstrapped(
    groups: tuple[tuple[tuple[tuple[str, int], ...], ...], ...],
) -> core.Interval | None:
    """Remembered, since a page that is looked at often shows the same grades."""
    units: dict[Hashable, list[core.Unit]] = {
        place: [dict(unit) for unit in group] for place, group in enumerate(groups)
    }
    return core.bootstrap(units, core.krippendorff_alpha, samples=500)


def pairs(audit: Audit, units: Sequence[core.Unit]) -> tuple[Pair, ...]:
    """Every two graders who share cells."""
    names = list(dict.fromkeys(name for unit in units for name in unit))
    found = []
    for first, second in combinations(names, 2):
        both = [
            {first: unit[first], second: unit[second]}
            for unit in units
            if first in unit and second in unit
        ]
        shares = core.shares(both)
        if shares is None:
            continue
        counts = core.confusion(both, first, second)
        found.append(
            Pair(
                words.auditor_with_kind(audit, first),
                words.auditor_with_kind(audit, second),
                len(both),
                figure(core.krippendorff_alpha(both)),
                figure(core.quadratic_kappa(both, first, second)),
                f"{shares.exact:.0%}",
                f"{shares.adjacent:.0%}",
                tuple(
                    (one, tuple((counts.get((one, other), 0), one == other) for other in GRADES))
                    for one in GRADES
                ),
            )
        )
    return tuple(found)
