"""Recorded exchanges: a file of JSON lines, each the hash of a question and its answer.

The question itself is not kept, since it holds passages of documents.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from openbook.models.asking import Answer, Ask, Asked, ModelError, UnusableError

MAX_RECORDING = 64 * 1024 * 1024
"""A recording larger than this (bytes) is refused."""


class _AnswerShape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: str
    model: str = ""
    endpoint: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    is_cut: bool = False


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    request: str
    answer: _AnswerShape


def recording(path: Path, ask: Ask) -> Ask:
    """``ask``, with every answer also written to the end of a file. Raises :class:`UnusableError`
    before anything is asked where the file cannot be written."""
    _append(path, "")

    def asked(question: Asked) -> Answer:
        answer = ask(question)
        kept = asdict(answer)
        del kept["is_replayed"]
        line = {"request": question.sha256, "answer": kept}
        _append(path, json.dumps(line) + "\n")
        return answer

    return asked


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UnusableError(f"{path} cannot be written ({error.strerror or error})") from error


def replaying(path: Path) -> Ask:
    """Answers from a recording, asking nobody; of several to one question the last."""
    answers = _read(path)

    def asked(question: Asked) -> Answer:
        found = answers.get(question.sha256)
        if found is None:
            raise ModelError(
                f"{path} holds no answer to this question ({question.sha256[:12]}): it was "
                "recorded with another model, other documents or other passages"
            )
        return replace(found, is_replayed=True)

    return asked


def _read(path: Path) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            one = _Line.model_validate_json(line)
        except ValidationError as error:
            why = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise UnusableError(f"{path}: line {number} is no recorded answer: {why}") from error
        found[one.request] = Answer(**one.answer.model_dump())
    return found


def _lines(path: Path) -> list[str]:
    try:
        if not path.is_file():
            raise UnusableError(f"{path} is no file")
        if path.stat().st_size > MAX_RECORDING:
            raise UnusableError(f"{path} is larger than {MAX_RECORDING >> 20} MB")
        return path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise UnusableError(f"{path} is not UTF-8") from error
    except OSError as error:
        raise UnusableError(f"{path} cannot be read ({error.strerror or error})") from error
