"""What lint says of a documentation. A machine suggests all of it; none of it is a judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from openbook.core.questionnaire import PointRef, Question, Questionnaire
from openbook.core.verdict import Verdict

NOTICE = (
    "Suggested by a program that counts words: a reading aid, not a grade of an audit. "
    "It can miss what stands there, and take words for what they do not say."
)
"""What stands with every output of lint."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a file that lint was given."""

    file: str
    """As it was named."""
    page: int
    """Counted from 1; 0 where the file has no pages."""
    line: int
    """The line of the file on which it begins, counted from 1; 0 where it is not known."""
    last_line: int
    """The line on which it ends."""
    section: str
    """The title under which it stands, as far as titles could be told."""
    text: str
    """Its words on one line, whole."""
    excerpt: str
    """From the sentence on that has most of what is asked for."""

    @property
    def place(self) -> str:
        """``card.md:12`` or ``report.pdf, page 3``."""
        if self.line:
            return f"{self.file}:{self.line}"
        return f"{self.file}, page {self.page}" if self.page else self.file


@dataclass(frozen=True, slots=True)
class Example:
    """A verified quote that tells the same point of another release."""

    audit: str
    release: str
    document: str
    """Its title."""
    page: int
    quote: str
    evidence: str
    """Its id in the audit."""


class LintedPoint(NamedTuple):
    """What one point looks like."""

    ref: PointRef
    text: str
    """What is asked."""
    verdict: Verdict
    told: float
    """How much speaks for its being told at all, 0 to 1; no frequency."""
    stated: float
    """How much speaks for its being told plainly, 0 to 1; no frequency."""
    passage: Passage | None
    """The likeliest one: of a missing point the nearest, None where there is none at all."""
    why: str
    example: Example | None


class LintedQuestion(NamedTuple):
    """What one question looks like."""

    question: Question
    grade: int
    """What the grading rule suggests, were the verdicts point states."""
    points: tuple[LintedPoint, ...]

    def count(self, verdict: Verdict) -> int:
        """How many of its points have a verdict."""
        return sum(point.verdict is verdict for point in self.points)


@dataclass(frozen=True, slots=True)
class Linted:
    """What a documentation looks like to the machine."""

    files: tuple[str, ...]
    questionnaire: Questionnaire
    questions: tuple[LintedQuestion, ...]
    method: str
    """Name and version of how verdicts come about."""
    is_taught: bool
    """Whether evidence for this very questionnaire taught the verdicts, or wording alone."""

    @property
    def mean(self) -> float:
        """The mean of the suggested grades."""
        return sum(one.grade for one in self.questions) / (len(self.questions) or 1)

    def below(self, least: int, by_question: dict[str, int]) -> tuple[LintedQuestion, ...]:
        """The questions with a suggestion below what is asked of them: ``by_question``, else
        ``least``."""
        return tuple(
            one
            for one in self.questions
            if one.grade < by_question.get(one.question.keyword, least)
        )
