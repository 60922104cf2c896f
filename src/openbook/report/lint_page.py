"""What lint found as one page, for those who write the documentation; nothing in it is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openbook.core.lint import NOTICE, Linted, LintedPoint, LintedQuestion
from openbook.core.verdict import Verdict
from openbook.report.lint_words import example_words, shortened
from openbook.report.one_file import one_file
from openbook.report.site.marks import Mark, grade_mark, point_mark
from openbook.report.site.words import count, listing
from openbook.report.wording import one_line


@dataclass(frozen=True, slots=True)
class PointView:
    """One point."""

    key: str
    text: str
    mark: Mark
    verdict: str
    place: str
    """Where the passage stands; empty where there is none."""
    passage: str
    is_nearest: bool
    """Whether the passage is only the nearest to a point that is missing."""
    why: str
    example: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question with its points."""

    keyword: str
    title: str
    wording: str
    grade: Mark
    counts: str
    points: tuple[PointView, ...]


@dataclass(frozen=True, slots=True)
class LintView:
    """The page."""

    files: str
    verb: str
    questionnaire: str
    mean: str
    missing: str
    is_taught: bool
    method: str
    notice: str
    questions: tuple[QuestionView, ...]
    legend: tuple[tuple[Mark, str], ...]


def page(found: Linted) -> str:
    """What lint found, as one HTML page."""
    every = [point for one in found.questions for point in one.points]
    missing = sum(point.verdict is Verdict.MISSING for point in every)
    names = _short_names(found.files)
    view = LintView(
        listing([one_line(name) for name in names.values()]),
        "tells" if len(names) == 1 else "tell",
        one_line(found.questionnaire.title),
        f"{found.mean:.1f}",
        f"{missing} of {count(len(every), 'point')}",
        found.is_taught,
        found.method,
        NOTICE,
        tuple(_question(one, names) for one in found.questions),
        tuple((_mark(one), one.value) for one in Verdict),
    )
    return one_file("lint.html", view)


def _short_names(files: Sequence[str]) -> dict[str, str]:
    """The files without the folders, where that tells them apart: the page may go to others, and
    where things stand on one's disk is no matter of theirs."""
    short = {one: re.split(r"[/\\]", one)[-1] or one for one in files}
    return short if len(set(short.values())) == len(short) else {one: one for one in files}


def _question(one: LintedQuestion, names: Mapping[str, str]) -> QuestionView:
    told = [f"{one.count(verdict)} {verdict}" for verdict in Verdict if one.count(verdict)]
    return QuestionView(
        one.question.keyword,
        one_line(one.question.title or one.question.keyword),
        one_line(one.question.wording),
        grade_mark(one.grade),
        ", ".join(told),
        tuple(_point(point, names) for point in one.points),
    )


def _point(point: LintedPoint, names: Mapping[str, str]) -> PointView:
    is_missing = point.verdict is Verdict.MISSING
    passage = point.passage
    if passage:
        passage = replace(passage, file=names.get(passage.file, passage.file))
    return PointView(
        point.ref.key or point.ref.keyword,
        one_line(point.text),
        _mark(point.verdict),
        point.verdict.value,
        one_line(passage.place) if passage else "",
        shortened(passage.excerpt) if passage else "",
        is_missing,
        one_line(point.why),
        example_words(point.example)
        if point.example and point.verdict is not Verdict.STATED
        else "",
    )


def _mark(verdict: Verdict) -> Mark:
    return point_mark(verdict.state)
