"""The heatmap of the first page, as it fills up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from openbook.core.initiative import ReleaseId
from openbook.core.progress import Sign
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.review import CellId
from openbook.report.site import words
from openbook.report.site.views.heat import WIDE
from openbook.report.wording import TALL, scale_word
from openbook.web.shown import release_url
from openbook.web.signs import MARKS, SignMark, mark_of
from openbook.web.views.dashboard_seen import Seen, leads_to


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell, and where it leads for this viewer."""

    mark: SignMark
    href: str
    label: str
    is_again: bool
    """Whether it is to be looked at again."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A release."""

    label: str
    href: str
    initiative: str
    span: int
    """How many releases the initiative has, in its first row; 0 in the others."""
    cells: tuple[HeatCell, ...]


def heat_part(at: Seen) -> dict[str, object]:
    """The heatmap with its legend."""
    rows = []
    for initiative in at.audit.initiatives:
        for place, release in enumerate(initiative.audited):
            span = len(initiative.audited) if place == 0 else 0
            href = release_url(release.id) if at.auditor else ""
            rows.append(
                HeatRow(release.label, href, initiative.title, span, _cells(at, release.id))
            )
    signs = {state.sign for state in at.states.values()}
    questions = at.audit.questionnaire.questions
    return {
        "rows": rows,
        "columns": questions,
        "is_wide": len(questions) > WIDE,
        "is_tall": any(len(one.keyword) > TALL for one in questions),
        "phases": [
            (phase, len(list(run))) for phase, run in groupby(questions, key=lambda one: one.phase)
        ],
        "grades": [
            (grade, scale_word(at.audit, grade)) for grade in range(MIN_GRADE, MAX_GRADE + 1)
        ],
        "marks": [mark for sign, mark in MARKS.items() if sign in signs],
        "summary": _summary(at),
        "has_again": bool(at.again),
    }


def _cells(at: Seen, release: ReleaseId) -> tuple[HeatCell, ...]:
    found = []
    for question in at.audit.questionnaire.questions:
        cell = CellId(release, question.keyword)
        mark = mark_of(at.states[cell])
        label = f"{at.label(release)}, {question.title or question.keyword}: {mark.words}"
        is_again = cell in at.again
        label += "; to be looked at again" if is_again else ""
        found.append(HeatCell(mark, leads_to(at, at.states[cell]), label, is_again))
    return tuple(found)


def _summary(at: Seen) -> str:
    """How much is settled, in a sentence."""
    count = len(at.states)
    settled = sum(one.sign is Sign.SETTLED for one in at.states.values())
    hidden = sum(one.sign is Sign.HIDDEN for one in at.states.values())
    own = (Sign.TO_DO, Sign.DRAFT, Sign.READY, Sign.SUBMITTED)
    mine = sum(one.sign in own for one in at.states.values())
    told = f"{settled} of {words.count(count, 'cell')} settled"
    if at.disputed:
        told += f", {len(at.disputed)} disputed"
    if mine:
        told += f", {mine} with you"
    return f"{told}, {hidden} hidden while others judge" if hidden else told
