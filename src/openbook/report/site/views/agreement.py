"""How far graders agree, or the plain sentence that it cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openbook.core.agreement import Unit
from openbook.core.review import CellId
from openbook.report.agreement import (
    GRADES,
    Grader,
    Pair,
    figures,
    graders,
    interval,
    pairs,
    shared,
    units_of,
    verdict,
)
from openbook.report.site import address, words
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.site.views.proposals import ProposingModel, proposing_models


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


def agreement_view(material: Material) -> AgreementView:
    """The page on graders."""
    audit = material.audit
    units = units_of(audit)
    both = shared(units)
    decided = sum(one.settled.how == "decided" for one in audit.findings.values())
    return AgreementView(
        verdict(units),
        graders(audit, units),
        bool(both),
        _line(Link("All cells"), "", list(both.values())) if both else None,
        interval(both),
        tuple(
            _line(
                Link(question.keyword, address.question_page(question.keyword)),
                question.title,
                [unit for cell, unit in both.items() if cell.keyword == question.keyword],
            )
            for question in audit.questionnaire.questions
        )
        if both
        else (),
        tuple(
            _line(
                Link(one.title, address.initiative_page(one.key)),
                "",
                [unit for cell, unit in both.items() if cell.release.initiative == one.key],
            )
            for one in audit.initiatives
        )
        if both
        else (),
        pairs(audit, list(both.values())),
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


def _line(link: Link, title: str, units: Sequence[Unit]) -> AgreementLine:
    found = figures(units)
    return AgreementLine(link, title, found.cells, found.alpha, found.exact, found.adjacent)


def _cell_words(material: Material, cell: CellId) -> str:
    row = material.row_of.get(cell.release)
    return f"{row.release.label if row else cell.release}, {cell.keyword}"
