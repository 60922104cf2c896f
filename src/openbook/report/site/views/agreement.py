"""How far graders agree, or the plain sentence that it cannot be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from openbook.core import agreement as core
from openbook.core.initiative import ReleaseId
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.review import CellId
from openbook.report.site import address, words
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.site.views.proposals import ProposingModel, proposing_models

GRADES = tuple(range(MIN_GRADE, MAX_GRADE + 1))


@dataclass(frozen=True, slots=True)
class Grader:
    """Somebody or something that graded."""

    name: str
    kind: str
    cells: str
    note: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """Agreement on some of the cells."""

    link: Link
    title: str
    cells: int
    alpha: str
    exact: str
    adjacent: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two graders side by side."""

    first: str
    second: str
    cells: int
    kappa: str
    exact: str
    adjacent: str
    confusion: tuple[tuple[int, tuple[tuple[int, bool], ...]], ...]
    """For each grade of the first, how often the second gave each grade, and if it is the same."""


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The page."""

    verdict: str
    graders: tuple[Grader, ...]
    estimable: bool
    overall: AgreementLine | None
    interval: str
    questions: tuple[AgreementLine, ...]
    initiatives: tuple[AgreementLine, ...]
    pairs: tuple[Pair, ...]
    disputed: tuple[Link, ...]
    """Cells with several grades that nobody has decided."""
    decided: str
    proposing: tuple[ProposingModel, ...] = ()
    """Models that only proposed; none of their grades is in any figure above."""
    grades: tuple[int, ...] = GRADES


def units_of(material: Material) -> dict[CellId, dict[str, int]]:
    """Each cell's grades by grader, from the reviews; cells nobody graded are left out."""
    known = set(material.audit.cells)
    found: dict[CellId, dict[str, int]] = {}
    for review in material.audit.reviews:
        for keyword, judgement in review.cells.items():
            cell = CellId(review.release, keyword)
            if judgement.grade is not None and cell in known:
                found.setdefault(cell, {})[review.auditor] = judgement.grade
    return found


def agreement_view(material: Material) -> AgreementView:
    """The page on graders."""
    units = units_of(material)
    shared = {cell: unit for cell, unit in units.items() if len(unit) > 1}
    audit = material.audit
    decided = sum(one.settled.how == "decided" for one in audit.findings.values())
    return AgreementView(
        _verdict(units, shared),
        _graders(material, units),
        bool(shared),
        _line(Link("All cells"), "", list(shared.values())) if shared else None,
        _interval(shared),
        tuple(
            _line(
                Link(question.keyword, address.question_page(question.keyword)),
                question.title,
                [unit for cell, unit in shared.items() if cell.keyword == question.keyword],
            )
            for question in audit.questionnaire.questions
        )
        if shared
        else (),
        tuple(
            _line(
                Link(one.title, address.initiative_page(one.key)),
                "",
                [unit for cell, unit in shared.items() if cell.release.initiative == one.key],
            )
            for one in audit.initiatives
        )
        if shared
        else (),
        _pairs(material, list(shared.values())),
        tuple(
            Link(_cell_words(material, cell), address.cell_address(cell))
            for cell in units
            if cell not in audit.findings
        ),
        f"{words.sentence(words.spelled(decided, 'disputed cell'))} "
        f"{'was' if decided == 1 else 'were'} decided by a settlement with a reason."
        if decided
        else "",
        proposing_models(material),
    )


def _verdict(units: Mapping[CellId, object], shared: Mapping[CellId, object]) -> str:
    if not units:
        return "Nobody has graded yet: there is nothing to compare."
    if not shared:
        graders = {name for unit in units.values() if isinstance(unit, dict) for name in unit}
        if len(graders) == 1:
            return "One grader: agreement is not estimable."
        return "No cell was graded by more than one grader: agreement is not estimable."
    return (
        f"{words.count(len(shared), 'cell')} of {len(units)} "
        f"{'was' if len(shared) == 1 else 'were'} graded by more than one grader."
    )


def _graders(material: Material, units: Mapping[CellId, Mapping[str, int]]) -> tuple[Grader, ...]:
    counts = Counter(name for unit in units.values() for name in unit)
    listed = [one.id for one in material.audit.auditors]
    names = [*listed, *(name for name in counts if name not in listed)]
    found = []
    for name in names:
        auditor = material.audit.auditor(name)
        kind = words.KINDS.get(auditor.kind, auditor.kind) if auditor else "kind not stated"
        note = auditor.note if auditor else ""
        graded = f"{words.count(counts[name], 'cell')} graded"
        found.append(Grader(words.auditor_name(material.audit, name), kind, graded, note))
    return tuple(found)


def _line(link: Link, title: str, units: Sequence[core.Unit]) -> AgreementLine:
    alpha, shares = core.krippendorff_alpha(units), core.shares(units)
    return AgreementLine(
        link,
        title,
        len(units),
        _figure(alpha),
        f"{shares.exact:.0%}" if shares else "–",
        f"{shares.adjacent:.0%}" if shares else "–",
    )


def _figure(value: float | None) -> str:
    return "not estimable" if value is None else f"{value:.2f}".replace("-", "−")


def _interval(shared: Mapping[CellId, core.Unit]) -> str:
    if not shared:
        return ""
    groups: dict[Hashable, list[core.Unit]] = {}
    for cell, unit in shared.items():
        groups.setdefault(cell.release, []).append(unit)
    found = core.bootstrap(groups, core.krippendorff_alpha, samples=500)
    if found is None:
        return (
            f"No interval: it takes {core.MIN_GROUPS} releases that several graders graded, and "
            "grades that vary."
        )
    low, high = _figure(found.low), _figure(found.high)
    return (
        f"{found.level:.0%} interval of alpha: {low} to {high} (percentile bootstrap over "
        f"{words.count(len(groups), 'release')}). Single questions and initiatives have too few "
        "cells for an interval of their own."
    )


def _pairs(material: Material, units: Sequence[core.Unit]) -> tuple[Pair, ...]:
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
                words.auditor_with_kind(material.audit, first),
                words.auditor_with_kind(material.audit, second),
                len(both),
                _figure(core.quadratic_kappa(both, first, second)),
                f"{shares.exact:.0%}",
                f"{shares.adjacent:.0%}",
                tuple(
                    (one, tuple((counts.get((one, other), 0), one == other) for other in GRADES))
                    for one in GRADES
                ),
            )
        )
    return tuple(found)


def _cell_words(material: Material, cell: CellId) -> str:
    release: ReleaseId = cell.release
    row = material.row_of.get(release)
    return f"{row.release.label if row else release}, {cell.keyword}"
