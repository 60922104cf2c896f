"""How well lint guesses what auditors found, on documents of companies it has learned nothing from.

For each company in turn everything is learned anew from the others: words, weights and cut-offs.
What ships is learned from all releases but those of :data:`SHOWN`, on which lint is shown.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from bench import needles
from openbook.audit.linting.verdict_fit import Known, Studies, fit, signals_of, studies
from openbook.audit.opened import open_audit
from openbook.core.grade import suggest
from openbook.core.ranker import Ranker
from openbook.core.review import PointState
from openbook.core.verdict import Rule, Verdict, guess
from openbook.files.verdicts import FILE, written_judge

SHOWN = ("openai-gpt/3.5", "deepseek/r1", "meta-llama/4")
"""The releases that lint is shown on: what ships has not learned from them."""

VERDICTS = needles.AUDITS.parent / "rankers" / FILE


class Point(NamedTuple):
    """A point as auditors found it and as lint guesses it."""

    release: str
    found: Verdict
    guessed: Verdict


class Cell(NamedTuple):
    """A cell's grade as it was given, as lint suggests it, and as the baseline has it."""

    release: str
    keyword: str
    given: int
    suggested: int
    usual: int
    """The most common grade of the releases learned from."""


class Measured(NamedTuple):
    """One way of guessing."""

    points: list[Point]
    cells: list[Cell]

    @property
    def accuracy(self) -> float:
        """Share of points guessed as they were found."""
        return statistics.mean(one.found is one.guessed for one in self.points)

    @property
    def always(self) -> float:
        """The same for always guessing the most common."""
        most = Counter(one.found for one in self.points).most_common(1)[0][1]
        return most / len(self.points)

    @property
    def error(self) -> float:
        """Mean absolute error of the suggested grades."""
        return statistics.mean(abs(one.given - one.suggested) for one in self.cells)

    @property
    def usual_error(self) -> float:
        """The same for always guessing the most common grade."""
        return statistics.mean(abs(one.given - one.usual) for one in self.cells)

    def close(self, most: int) -> float:
        """Share of the grades that are off by at most so many."""
        return statistics.mean(abs(one.given - one.suggested) <= most for one in self.cells)


def known() -> Studies:
    """The releases of the bundled audits whose documents are at hand."""
    return studies(open_audit(folder) for folder in needles.bundled())


def write() -> None:
    """Learn what ships anew."""
    VERDICTS.write_text(written_judge(fit(known().less(releases=SHOWN))), encoding="utf-8")


def measure() -> tuple[Measured, Measured]:
    """As for the questionnaire that was learned, and as for one that nothing was learned of."""
    everything = known()
    taught, plain = Measured([], []), Measured([], [])
    for company in everything.companies:
        others = everything.less(companies=[company])
        judge = fit(others)
        for release in everything.releases:
            if release.company == company:
                _add(taught, release, everything, judge.words, judge.taught, others)
                bare = Ranker("", judge.words.background)
                _add(plain, release, everything, bare, judge.plain, others)
    return taught, plain


def _add(
    to: Measured, release: Known, known: Studies, words: Ranker, rule: Rule, others: Studies
) -> None:
    usual = Counter(grade for one in others.releases for grade in one.grades.values())
    verdicts = {
        point: guess(signals, rule).verdict
        for point, signals in signals_of(release, known, words, rule).items()
    }
    for point, state in release.states.items():
        found = Verdict.MISSING if state is PointState.ABSENT else Verdict(state.value)
        to.points.append(Point(release.id, found, verdicts[point]))
    for question in known.questionnaire.questions:
        if question.keyword not in release.grades:
            continue
        states = {
            point.key: verdicts[f"{question.keyword}.{point.key}"].state
            for point in question.points
        }
        given, suggested = release.grades[question.keyword], suggest(question, states).low
        most = usual.most_common(1)[0][0]
        to.cells.append(Cell(release.id, question.keyword, given, suggested, most))


def summary(found: tuple[Measured, Measured]) -> str:
    """The figures in a sentence."""
    taught, plain = found
    return (
        f"On {_releases(taught)} releases of companies left out of learning, lint guesses "
        f"{taught.accuracy:.2f} of {len(taught.points)} points as they were found (always the most "
        f"common state: {taught.always:.2f}), and the grade it suggests is off by "
        f"{taught.error:.2f} in the mean (always the most common grade: {taught.usual_error:.2f}), "
        f"by one at most in {taught.close(1):.2f} of {len(taught.cells)} cells; with nothing "
        f"learned but from the wording of points: {plain.accuracy:.2f}, {plain.error:.2f} and "
        f"{plain.close(1):.2f}"
    )


def _releases(found: Measured) -> int:
    return len({one.release for one in found.cells})


def tables(found: tuple[Measured, Measured]) -> Iterator[str]:
    """Confusion of states, and releases by mean grade."""
    taught, plain = found
    yield (
        "Auditors' states in rows, guesses in columns; explicitly none counts as stated. Cut-offs "
        "are those under which as many points of the releases learned from are told, and stated, "
        "as were found so; none was chosen by these figures."
    )
    for name, one in (("learned from evidence", taught), ("from the wording alone", plain)):
        yield from (
            "",
            f"| {name} | stated | vague | missing | right |",
            "|---|---:|---:|---:|---:|",
        )
        for state in Verdict:
            row = Counter(point.guessed for point in one.points if point.found is state)
            counts = " | ".join(str(row[guessed]) for guessed in Verdict)
            yield f"| {state} | {counts} | {row[state] / (row.total() or 1):.2f} |"
    yield ""
    yield (
        "Mean grades, releases in the order of the auditors'. Those in bold are shown in [the page "
        "on lint](../docs/lint.md); what ships has not learned from them."
    )
    yield from ("", "| release | auditors | lint | off by |", "|---|---:|---:|---:|")
    for release in sorted(
        {one.release for one in taught.cells}, key=lambda id_: -_mean(taught, id_)
    ):
        cells = [one for one in taught.cells if one.release == release]
        suggested = statistics.mean(one.suggested for one in cells)
        off = statistics.mean(abs(one.given - one.suggested) for one in cells)
        name = f"**{release}**" if release in SHOWN else release
        yield f"| {name} | {_mean(taught, release):.1f} | {suggested:.1f} | {off:.1f} |"
    yield ""


def _mean(found: Measured, release: str) -> float:
    return statistics.mean(one.given for one in found.cells if one.release == release)
