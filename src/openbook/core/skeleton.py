"""A documentation's skeleton: a section for a question, a line for a point.

And the other way round: what a text says behind the words of a point, and where it asks without
answering, so that a skeleton's own words, and lines nobody has filled in, do not count.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from openbook.core.passage import titles
from openbook.core.questionnaire import MAX_GRADE, Point, PointRef, Question, Questionnaire
from openbook.core.text import Span
from openbook.core.verdict import Verdict

BLANK = "TODO"
"""What stands where an answer is to be written."""

_NO_ANSWER = frozenset("todo tbd tba fixme xxx na wip pending placeholder".split())
_NO_ANSWERS = (("n", "a"), ("to", "be", "written"), ("to", "be", "done"), ("to", "be", "added"))
_NO = frozenset(("no", "none", "not", "nothing", "nobody", "never"))
_PROMISES = frozenset(
    "adequate appropriate best broad careful carefully comprehensive diverse extensive high "
    "industry many multiple practices quality relevant responsible rigorous robust several "
    "standard standards strong strongly thorough various wide yes".split()
)
"""Words that promise without telling; a guess, and no more than one."""
_PROMISED = 8
"""An answer promises where more than one of so many words does."""
_SHORT = 6
"""Words below which an answer without a figure or a name is vague."""
_CONCRETE = re.compile(r"\d|https?://|(?<=[^\s.!?:] )[A-Z][\w-]+|\b[A-Z]{2,}\b|[\"“][^\"”]{8,}")
"""A figure, an address, a name within a sentence, or words quoted."""
_WORD = re.compile(r"\w+")
_LEAST = 3
"""Own words that are fewer count only where they begin a line and are set off."""


def skeleton(questionnaire: Questionnaire) -> str:
    """A skeleton in Markdown. What explains it stands in comments, which no reader sees."""
    parts = [
        f"# {BLANK}: name of the release",
        _comment(
            f"A skeleton after the questionnaire: {questionnaire.title}. Replace every {BLANK} by "
            "what you did; where you did not do it, say so: that is information. Keep the words "
            "before the colon, or write prose that says the same. Comments like this one are not "
            "part of the text."
        ),
    ]
    for question in questionnaire.questions:
        parts.append(f"## {question.title} ({question.keyword})")
        parts.append(_comment(_explained(question)))
        parts.append("\n".join(f"- **{label(one)}:** {BLANK}" for one in _lines(question)))
    return "\n\n".join(parts) + "\n"


def label(point: Point) -> str:
    """What a point asks, as the beginning of a line that answers it."""
    return " ".join(point.text.split()).rstrip(".:? ")


def _lines(question: Question) -> Sequence[Point]:
    return question.points or (Point("", question.wording),)


def _explained(question: Question) -> str:
    parts = [question.wording]
    if question.looks_for:
        parts.append(f"What to tell: {question.looks_for}")
    full = (question.examples or {}).get(MAX_GRADE)
    if full:
        parts.append(f"A full answer: {full}")
    return "\n".join(" ".join(part.split()) for part in parts)


def _comment(text: str) -> str:
    return f"<!--\n{text.replace('--', '—')}\n-->"


# --- What asks, and what answers it ------------------------------------------------------------


class Answer(NamedTuple):
    """What a text says behind a point's own words."""

    ref: PointRef
    span: Span
    """The point's words and the answer."""
    text: str
    """The answer alone."""


class Asking(NamedTuple):
    """Where a text asks in a questionnaire's own words."""

    answers: tuple[Answer, ...]
    """Points whose words begin a line, with what is said behind them."""
    unanswered: tuple[Span, ...]
    """What asks and does not answer: explanations in the questionnaire's words, points with
    nothing behind them or no more than ``TODO``."""


@dataclass(frozen=True, slots=True)
class _Own:
    """A stretch of a text in the questionnaire's own words."""

    start: int
    end: int
    ref: PointRef | None
    """The point it asks, if it asks one."""


def asking(text: str, questionnaire: Questionnaire) -> Asking:
    """Where a text asks in a questionnaire's own words, with and without an answer."""
    own = list(_own(text, questionnaire))
    stops = sorted({one.start for one in own} | {one.start for one in titles(text)} | {len(text)})
    answers: list[Answer] = []
    blank = list(_placeholders(text))
    for one in own:
        end = stops[bisect_left(stops, one.end)]
        if one.ref is None:
            blank.append(Span(one.start, one.end))
        elif is_placeholder(text[one.end : end]):
            blank.append(Span(one.start, end))
        else:
            answer = text[one.end : end].strip().lstrip(":.?|*_ \t\n").rstrip()
            answers.append(Answer(one.ref, Span(one.start, end), answer))
    return Asking(tuple(answers), tuple(sorted(blank, key=lambda span: span.start)))


def blanked(text: str, spans: Iterable[Span]) -> str:
    """A text with spaces in these stretches, every other character in its place."""
    parts, done = [], 0
    for span in spans:
        if span.end <= done:
            continue
        start = max(span.start, done)
        parts += [text[done:start], re.sub(r"[^\n\f]", " ", text[start : span.end])]
        done = span.end
    return "".join(parts) + text[done:]


def tells(answer: str) -> Verdict:
    """How an answer that stands behind a point's own words looks: vague where it is a word or two,
    or promises (``various``, ``appropriate``) and names nothing. A plain no is information."""
    words = _words(answer)
    if not words or is_placeholder(answer):
        return Verdict.MISSING
    if words[0] in _NO:
        return Verdict.STATED
    if _CONCRETE.search(answer):
        return Verdict.STATED
    promises = sum(word in _PROMISES for word in words)
    if len(words) < _SHORT or promises * _PROMISED > len(words):
        return Verdict.VAGUE
    return Verdict.STATED


def is_placeholder(text: str) -> bool:
    """Whether a text says no more than that something is to be written, if anything."""
    words = _words(text)
    return words in _NO_ANSWERS or all(word in _NO_ANSWER for word in words)


def _placeholders(text: str) -> Iterator[Span]:
    """Lines that begin with :data:`BLANK`."""
    for match in re.finditer(rf"(?<![^\n\f])[\W_]*{BLANK}\b[^\n\f]*", text):
        yield Span(*match.span())


def _own(text: str, questionnaire: Questionnaire) -> Iterator[_Own]:
    """Where a text has the questionnaire's own words, in order, not overlapping."""
    known = _sayings(questionnaire)
    found = list(_WORD.finditer(text))
    words = [one[0].lower() for one in found]
    at = 0
    while at < len(words):
        for saying, ref in known.get(words[at], ()):
            last = at + len(saying)
            if words[last - 1 : last] != [saying[-1]] or tuple(words[at:last]) != saying:
                continue
            start, end = found[at].start(), found[last - 1].end()
            if (ref or len(saying) < _LEAST) and not _leads(text, start, end):
                continue
            yield _Own(start, end, ref)
            at = last - 1
            break
        at += 1


def _leads(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins its line and is set off from what follows."""
    before = text[max(text.rfind("\n", 0, start), text.rfind("\f", 0, start)) + 1 : start]
    after = re.match(r"[ )*_]*(?:[:.?|\t\n\f]|\Z)", text[end:])
    return not _WORD.search(before) and after is not None


_Sayings = dict[str, list[tuple[tuple[str, ...], PointRef | None]]]


def _sayings(questionnaire: Questionnaire) -> _Sayings:
    """What a questionnaire says, as words, by the first word; the longest first."""
    found: dict[tuple[str, ...], PointRef | None] = {}
    for question in questionnaire.questions:
        texts = [f"{question.title} {question.keyword}", question.wording]
        texts += _sentences(question.looks_for)
        for example in (question.examples or {}).values():
            texts += _sentences(example)
        found.update(dict.fromkeys(map(_words, texts)))
        for point in _lines(question):
            found[_words(point.text)] = PointRef(question.keyword, point.key)
    grouped: _Sayings = {}
    for words in sorted(found, key=len, reverse=True):
        if words:
            grouped.setdefault(words[0], []).append((words, found[words]))
    return grouped


def _sentences(text: str) -> list[str]:
    """The sentences of a text; those of few words could stand anywhere."""
    ends = [0, *(match.end() for match in re.finditer(r"[.!?](?=\s)", text)), len(text)]
    return [text[a:b] for a, b in pairwise(ends) if len(_words(text[a:b])) > 2 * _LEAST]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))
