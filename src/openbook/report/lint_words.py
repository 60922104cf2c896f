"""The words in which every output of lint says what it found."""

from __future__ import annotations

import textwrap

from openbook.core.lint import Example, LintedPoint, LintedQuestion
from openbook.core.questionnaire import MAX_GRADE
from openbook.core.verdict import Verdict
from openbook.report.wording import one_line

LONG = 240
"""Characters of a passage that are shown."""


def heading(one: LintedQuestion) -> str:
    """A question with what is suggested: ``HUM  People: suggests 2 of 4 (3 stated, ...)``."""
    counts = ", ".join(f"{one.count(verdict)} {verdict}" for verdict in Verdict)
    title = one_line(one.question.title)
    return f"{one.question.keyword}  {title}: suggests {one.grade} of {MAX_GRADE} ({counts})"


def said(question: LintedQuestion, point: LintedPoint) -> str:
    """A point that is not told plainly, in one sentence with its place."""
    looks = "looks vague" if point.verdict is Verdict.VAGUE else "was not found"
    words = f"{point.ref} {looks}: {one_line(point.text)}."
    if point.passage:
        near = "" if point.verdict is Verdict.VAGUE else "Nearest: "
        words += f" {near}{one_line(point.passage.place)}: “{shortened(point.passage.excerpt)}”."
    grade = f"{question.question.keyword}: suggests {question.grade} of {MAX_GRADE}"
    return f"{words} Why: {one_line(point.why)}. ({grade}; a suggestion, no grade of an audit.)"


def example_words(example: Example) -> str:
    """An example with its source."""
    document, release = one_line(example.document), one_line(example.release)
    named = document if document.startswith(release) else f"{release}: {document}"
    return f"“{one_line(example.quote)}” ({named}, page {example.page})"


def shortened(text: str) -> str:
    """A passage cut at :data:`LONG` characters, on one line."""
    return textwrap.shorten(one_line(text), LONG, placeholder=" …")
