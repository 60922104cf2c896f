"""How far a model's proposed grades agree with grades that were given otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openbook.core.agreement import Shares, Unit, krippendorff_alpha, shares
from openbook.core.proposal import Proposal, latest
from openbook.core.records import Audit
from openbook.core.review import CellId


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model's proposed grades beside grades given otherwise."""

    beside: str
    """``settled``, or the id of a person among the auditors."""
    cells: int
    by_people: int
    """In how many of these cells a person graded or decided."""
    alpha: float | None
    """Krippendorff's, ordinal; None where it is not estimable."""
    shares: Shares | None


def comparisons(audit: Audit, proposals: Sequence[Proposal]) -> tuple[Comparison, ...]:
    """One model's last grades beside the settled ones, then beside each person's."""
    proposed = {c: one.grade for c, one in latest(proposals).items() if one.grade is not None}
    settled = {cell: found.judgement.grade for cell, found in audit.findings.items()}
    found = [_comparison(audit, "settled", proposed, settled)]
    for person in (one.id for one in audit.auditors if one.kind == "person"):
        grades = {
            CellId(review.release, keyword): judgement.grade
            for review in audit.reviews
            if review.auditor == person
            for keyword, judgement in review.cells.items()
        }
        if any(grade is not None for grade in grades.values()):
            found.append(_comparison(audit, person, proposed, grades))
    return tuple(found)


def _comparison(
    audit: Audit, beside: str, proposed: Mapping[CellId, int], given: Mapping[CellId, int | None]
) -> Comparison:
    units: dict[CellId, Unit] = {}
    for cell, grade in proposed.items():
        other = given.get(cell)
        if other is not None:
            units[cell] = {"proposed": grade, "given": other}
    pairs = list(units.values())
    people = sum(beside != "settled" or is_by_people(audit, cell) for cell in units)
    return Comparison(
        beside, len(pairs), people, krippendorff_alpha(pairs) if pairs else None, shares(pairs)
    )


def is_by_people(audit: Audit, cell: CellId) -> bool:
    """Whether a person graded a settled cell or decided it."""
    finding = audit.findings.get(cell)
    if finding is None:
        return False
    graders = (audit.auditor(id_) for id_ in finding.settled.grades)
    is_graded = any(one is not None and one.kind == "person" for one in graders)
    return is_graded or finding.settled.how == "decided"
