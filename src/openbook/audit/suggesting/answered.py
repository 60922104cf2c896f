"""A model's answer as values: what has the wrong form is dropped, never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from openbook.audit.suggesting.prompt import MAX_REASON, plain
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE, Question
from openbook.core.review import PointState
from openbook.models.asking import ModelError

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_TRIES = 200
"""Opening braces at which an answer is looked for in a text that is not only JSON."""


@dataclass(frozen=True, slots=True)
class SaidQuote:
    """Words that a model says stand in a document."""

    document: str
    text: str
    supports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, nothing of it checked yet."""

    quotes: tuple[SaidQuote, ...]
    points: dict[str, PointState]
    grade: int | None
    reason: str


class _Quote(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    text: str
    document: Any = ""
    supports: Any = ()


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    quotes: list[Any]
    points: dict[str, Any] = {}
    grade: Any = None
    reason: Any = ""


def said(text: str, question: Question) -> Said:
    """What ``text`` answers. Raises :class:`ModelError` where it holds no answer."""
    for found in _objects(_THOUGHTS.sub("", text)):
        try:
            answer = _Answer.model_validate(found)
        except ValidationError:
            continue
        return Said(
            tuple(_quotes(answer.quotes, question)),
            _points(answer.points, question),
            _grade(answer.grade),
            plain(answer.reason)[:MAX_REASON] if isinstance(answer.reason, str) else "",
        )
    raise ModelError("the answer holds no JSON of the form asked for")


def _objects(text: str) -> Iterator[Any]:
    """The JSON objects in a text: the whole of it, or those that stand among other words."""
    decoder = json.JSONDecoder()
    at = -1
    for _ in range(_TRIES):
        at = text.find("{", at + 1)
        if at < 0:
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):  # also numbers of thousands of digits
            continue
        yield found
        at = end - 1


def _quotes(items: list[Any], question: Question) -> Iterator[SaidQuote]:
    """The quotes among ``items``, the same words of the same document once."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for item in items:
        try:
            one = _Quote.model_validate(item)
        except ValidationError:
            continue
        document = plain(one.document) if isinstance(one.document, str) else ""
        supports = found.setdefault((document, one.text.strip()), {})
        supports.update(dict.fromkeys(_supports(one.supports, question)))
    for (document, words), supports in found.items():
        yield SaidQuote(document, words, tuple(supports))


def _supports(given: Any, question: Question) -> Iterator[str]:
    for one in given if isinstance(given, list) else ():
        key = str(one).removeprefix(f"{question.keyword}.") if isinstance(one, str) else ""
        if question.point(key) is not None:
            yield key


def _points(given: dict[str, Any], question: Question) -> dict[str, PointState]:
    known = {state.value: state for state in PointState}
    return {
        point.key: known[state]
        for point in question.points
        if isinstance(state := given.get(point.key), str) and state in known
    }


def _grade(given: Any) -> int | None:
    if isinstance(given, str) and given.strip() in ("0", "1", "2", "3", "4"):
        return int(given)
    is_whole = isinstance(given, int | float) and not isinstance(given, bool)
    if is_whole and given in range(MIN_GRADE, MAX_GRADE + 1):
        return int(given)
    return None
