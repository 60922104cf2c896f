"""Disputes: cells whose graders differ, side by side, before and after somebody has decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openbook.audit.settle import judgements_of
from openbook.core.records import Audit
from openbook.core.review import CellId, Judgement, PointState, Settlement


@dataclass(frozen=True, slots=True)
class PointBeside:
    """A point as each grader marked it."""

    key: str
    text: str
    states: tuple[PointState, ...]
    """In the order of the graders."""

    @property
    def differs(self) -> bool:
        """Whether the graders marked it differently."""
        return len(set(self.states)) > 1


@dataclass(frozen=True, slots=True)
class Dispute:
    """A cell that several graded with different grades, or that somebody decided."""

    cell: CellId
    judgements: Mapping[str, Judgement]
    """By grader."""
    points: tuple[PointBeside, ...]
    settlement: Settlement | None
    """The decision; None while nobody has decided."""


def dispute_of(audit: Audit, cell: CellId) -> Dispute | None:
    """The dispute about a cell; None where there is none, or none that this audit shows."""
    judged = judgements_of(audit, cell)
    question = audit.questionnaire.question(cell.keyword)
    decision = audit.settlements.get(cell)
    settlement = decision if decision is not None and decision.take in judged else None
    grades = {one.grade for one in judged.values()}
    if question is None or (settlement is None and len(grades) < 2):
        return None
    points = tuple(
        PointBeside(
            point.key,
            point.text,
            tuple(one.points.get(point.key, PointState.UNREVIEWED) for one in judged.values()),
        )
        for point in question.points
    )
    return Dispute(cell, judged, points, settlement)


def disputes(audit: Audit) -> tuple[Dispute, ...]:
    """Every dispute, in the order of the heatmap."""
    found = (dispute_of(audit, cell) for cell in audit.cells)
    return tuple(one for one in found if one is not None)
