"""The small signs that stand for grades, point states and how firmly evidence stands.

Every sign has a class for its colour, a symbol and words, so that none speaks by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from openbook.core.evidence import Standing
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.records import Audit
from openbook.core.review import PointState
from openbook.core.verify import State
from openbook.report.palette import POINT_STYLES, UNSETTLED_SYMBOL


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign: what it looks like and what it says."""

    css: str
    symbol: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the scale, with the words of the questionnaire."""

    mark: Mark
    head: str
    """The words before the first colon or full stop."""
    rest: str


def grade_mark(grade: int | None) -> Mark:
    """The chip of a grade, or of a cell nobody settled."""
    if grade is None:
        return Mark("gx", UNSETTLED_SYMBOL, "not settled")
    if not MIN_GRADE <= grade <= MAX_GRADE:
        return Mark("gx", str(grade), f"{grade}, which is not on the scale")
    return Mark(f"g{grade}", str(grade), f"{grade} of {MAX_GRADE}")


def scale(audit: Audit) -> tuple[Step, ...]:
    """The steps of the scale, lowest first."""
    return tuple(
        Step(grade_mark(grade), *halves(audit.questionnaire.scale.get(grade, "")))
        for grade in range(MIN_GRADE, MAX_GRADE + 1)
    )


def halves(text: str) -> tuple[str, str]:
    """A definition's head and the rest of it; all of it is head where it has no colon."""
    head, colon, rest = text.partition(":")
    return (head.strip(), rest.strip()) if colon else (text.strip(), "")


STATE_CLASS = {
    PointState.STATED: "p-stated",
    PointState.VAGUE: "p-vague",
    PointState.ABSENT: "p-absent",
    PointState.EXPLICITLY_NONE: "p-none",
    PointState.NOT_APPLICABLE: "p-na",
    PointState.UNREVIEWED: "p-unreviewed",
}


def point_mark(state: PointState) -> Mark:
    """The square of a point's state."""
    style = POINT_STYLES[state]
    return Mark(STATE_CLASS[state], style.symbol, style.label)


STANDING_WORDS = {
    Standing.VERIFIED: "rests on a verified quote",
    Standing.FROM_SCAN: "rests on words read from a scan",
    Standing.CONFIRMED: "rests on a picture that two readers read alike",
    Standing.UNCHECKED: "rests on evidence not checked here",
    Standing.SECONDARY: "rests on a report by others",
    Standing.FAILED: "rests on a quote that does not stand",
    None: "rests on no evidence",
}


def standing_mark(standing: Standing | None) -> Mark:
    """The line under a cell's digit."""
    css = f"on-{standing.value}" if standing else "on-nothing"
    return Mark(css, "", STANDING_WORDS[standing])


QUOTE_MARKS = {
    State.VERIFIED: Mark("v-good", "✓", "verified"),
    State.WITH_ELISION: Mark("v-good", "✓", "verified, with words left out"),
    State.PUNCTUATION: Mark("v-good", "✓", "verified, punctuation differs"),
    State.MOVED: Mark("v-good", "✓", "verified, on another page than recorded"),
    State.FROM_SCAN: Mark("v-scan", "▤", "read from a scan, not verified"),
    State.ALTERED: Mark("v-bad", "✕", "differs from the document"),
    State.MISSING: Mark("v-bad", "✕", "not found in the document"),
    State.UNCHECKED: Mark("v-open", "○", "unchecked here"),
    State.CONFIRMED: Mark("v-scan", "◨", "a picture, read alike by two readers; not verified"),
    State.UNCONFIRMED: Mark("v-open", "◧", "a picture, read by one person; not confirmed"),
    State.INCOMPARABLE: Mark("v-open", "◌", "a picture that cannot be compared here"),
}
REGION_ALTERED = Mark("v-bad", "✕", "a picture that is another one than was transcribed")
ARTIFACT_MARK = Mark("v-open", "◇", "exists at an address; not checked here")


def region_mark(state: State) -> Mark:
    """The sign of a region's state."""
    return REGION_ALTERED if state is State.ALTERED else QUOTE_MARKS[state]


SECONDARY_MARK = Mark("v-report", "“", "reported by others; counts as no verified evidence")
MISSING_MARK = Mark("v-bad", "✕", "named by the finding, but not in the records")
