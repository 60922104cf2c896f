"""The paper's concerns as indicators: what the records say, and where they cannot speak."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from openbook.core.heatmap import Row, point_states
from openbook.core.objectives import Aspect
from openbook.core.questionnaire import Question, parse_point_ref
from openbook.core.review import CellId, PointState
from openbook.core.trend import trend
from openbook.report.site import address, marks, words
from openbook.report.site.material import Material
from openbook.report.site.matrix import (
    Dot,
    Line,
    LineGroup,
    Matrix,
    firsts,
    legend,
    matrix,
    point_line,
)
from openbook.report.site.proof import Link
from openbook.report.site.views.concern_list import CONCERNS, PILLARS, Concern
from openbook.report.site.views.objectives import aspect_line
from openbook.report.site.views.trending import headline, uncertainty


@dataclass(frozen=True, slots=True)
class Indicator:
    """A concern with what the records say on it."""

    id: str
    title: str
    concern: str
    asks: str
    cannot: str
    answers: tuple[str, ...]
    silent: bool
    """Whether nothing in the records bears on it."""
    matrix: Matrix | None
    more: Link


@dataclass(frozen=True, slots=True)
class ConcernsView:
    """The page."""

    indicators: tuple[Indicator, ...]
    legend: tuple[marks.Mark, ...]
    """Of the squares, where there are any."""


def concerns_view(material: Material) -> ConcernsView:
    """All concerns, in the paper's order."""
    return ConcernsView(
        tuple(_indicator(material, one) for one in CONCERNS),
        legend() if any(one.points for one in material.audit.questionnaire.questions) else (),
    )


def bears(material: Material) -> bool:
    """Whether the questionnaire or the taxonomy asks anything that a concern reads. Where they do
    not, the paper's concerns are no subject of the audit."""
    return any(any(_asked(material, one)) or any(_aspects(material, one)) for one in CONCERNS)


def _indicator(material: Material, concern: Concern) -> Indicator:
    points = tuple(_points(material, concern))
    aspects = tuple(_aspects(material, concern))
    answers: list[str] = []
    if concern.trend:
        found = trend(material.table)
        answers += filter(None, (headline(found), uncertainty(found)))
    elif not points and not aspects:
        answers.append(_unasked(material, concern))
    else:
        answers += _on_points(material, concern)
        answers += _on_aspects(material, aspects)
    groups = (
        LineGroup("Points" if aspects else "", "", points),
        LineGroup(
            "Aims stated" if points else "", "", tuple(aspect_line(material, a) for a in aspects)
        ),
    )
    shown = [group for group in groups if group.lines]
    return Indicator(
        concern.key,
        concern.title,
        concern.concern,
        concern.asks,
        concern.cannot,
        tuple(answers),
        not concern.trend and not shown,
        matrix(material, concern.asks, "", shown) if shown else None,
        Link("The trend in full", address.TREND) if concern.trend else Link(""),
    )


def _unasked(material: Material, concern: Concern) -> str:
    if concern.points:
        return "This questionnaire does not ask."
    if material.audit.objectives is None:
        return "This audit records no taxonomy of objectives, so its records do not say."
    return "This audit's taxonomy of objectives does not list the aspects in question."


def _asked(material: Material, concern: Concern) -> Iterator[tuple[Question, str]]:
    """The questions and point keys of a concern that this questionnaire has."""
    for text in concern.points:
        ref = parse_point_ref(text)
        question = material.audit.questionnaire.question(ref.keyword)
        if question is not None and (not ref.key or question.point(ref.key)):
            yield question, ref.key


def _points(material: Material, concern: Concern) -> Iterator[Line]:
    for question, key in _asked(material, concern):
        point = question.point(key)
        yield point_line(material, question, point) if point else grade_line(material, question)


def grade_line(material: Material, question: Question) -> Line:
    """The grades of one question as a row of squares."""
    rows = material.table.rows
    dots, told = [], 0
    for row, first in zip(rows, firsts(rows), strict=True):
        cell = CellId(row.release.id, question.keyword)
        finding = material.audit.findings.get(cell)
        grade = finding.judgement.grade if finding else None
        told += bool(grade)
        mark = marks.grade_mark(grade)
        label = f"{row.release.label}: {mark.words}"
        dots.append(Dot(mark, label, address.cell_address(cell), first))
    title = f"Grade: {question.title or question.keyword}"
    href = address.question_page(question.keyword)
    return Line("", title, href, tuple(dots), f"{told}/{len(rows)}")


def _aspects(material: Material, concern: Concern) -> Iterator[Aspect]:
    objectives = material.audit.objectives
    for pillar in objectives.pillars if objectives else ():
        outside = concern.beyond and pillar.key not in PILLARS
        for aspect in pillar.aspects:
            if outside or aspect.key.replace("_", "-") in concern.aspects:
                yield aspect


def _on_points(material: Material, concern: Concern) -> Iterator[str]:
    """How many releases tell each point, and whether the first and the latest do."""
    asked = [(q, key) for q, key in _asked(material, concern) if key]
    if not asked:
        return
    rows = material.table.rows
    states = [
        (row, point_states(material.audit, CellId(row.release.id, question.keyword))[key])
        for row in rows
        for question, key in asked
    ]
    informs = sum(state.informs for _, state in states)
    vague = sum(state is PointState.VAGUE for _, state in states)
    unreviewed = sum(state is PointState.UNREVIEWED for _, state in states)
    yield (
        f"Of {words.count(len(states), 'point')} ({len(asked)} in each of {len(rows)} releases) "
        f"the documents tell {informs}, {vague} of them vaguely."
        + (f" {unreviewed} are unreviewed and say nothing." if unreviewed else "")
    )
    ends = [(run[0], run[-1]) for run in _runs(rows) if len(run) > 1]
    if ends:
        first, last = (
            sum(state.informs for row, state in states if row in [pair[n] for pair in ends])
            for n in (0, 1)
        )
        of = len(ends) * len(asked)
        yield (
            f"Of the first releases of {words.count(len(ends), 'initiative')} they tell {first} of "
            f"{of} points, of the latest ones {last}."
        )


def _runs(rows: tuple[Row, ...]) -> Iterator[list[Row]]:
    for _, run in groupby(rows, key=lambda row: row.initiative.key):
        yield list(run)


def _on_aspects(material: Material, aspects: tuple[Aspect, ...]) -> Iterator[str]:
    """Which aspects any release states, and which none does."""
    if not aspects:
        return
    rows = material.table.rows
    stated = {
        aspect.label or aspect.key: sum(row.release.id in aspect.stated_by for row in rows)
        for aspect in aspects
    }
    nobody = [label for label, number in stated.items() if not number]
    if len(nobody) == len(stated):
        yield f"Stated as an aim by none of the {len(rows)} audited releases: {'; '.join(nobody)}."
        return
    releases = sum(any(row.release.id in aspect.stated_by for aspect in aspects) for row in rows)
    yield (
        f"At least one of {words.count(len(stated), 'such aim')} is stated by {releases} of "
        f"{len(rows)} releases; none of them by the other {len(rows) - releases}."
    )
    if nobody:
        yield f"Stated by none of the audited releases: {'; '.join(nobody)}."
