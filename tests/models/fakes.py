"""Language models that say what a test tells them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openbook.audit.opened import open_audit
from openbook.audit.quoting.verify import Reader
from openbook.audit.suggesting.suggest import Terms, suggest
from openbook.models.asking import Answer, Asked
from openbook.models.replay import recording
from tests.sources.server import Answer as Reply
from tests.sources.server import reply
from tests.workbench import clock

MODEL = "acme/fabricator-1"


def answer_text(
    *quotes: tuple[str, str, Sequence[str]],
    grade: Any = 4,
    points: Mapping[str, str] | None = None,
    reason: str = "It says so.",
) -> str:
    """An answer of the form asked for; each quote as document, words and points."""
    listed = [{"document": d, "text": t, "supports": list(s)} for d, t, s in quotes]
    return json.dumps(
        {"quotes": listed, "points": dict(points or {}), "reason": reason, "grade": grade}
    )


class Fake:
    """Answers each question with the next text, the last one for ever."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.asked: list[Asked] = []

    def __call__(self, question: Asked) -> Answer:
        self.asked.append(question)
        text = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        return Answer(text, f"{MODEL}-0901 / fp1", "127.0.0.1:1", 1000, 100)


def record(path: Path, audit: Path, cell: tuple[str, str], text: str) -> None:
    """Add to a recording what a model would answer for a cell. Nothing is written to the audit."""
    opened = open_audit(audit)
    ask = recording(path, Fake(text))
    suggest(Reader(opened), opened.cell(*cell), ask, Terms(MODEL), clock)


def completed(text: str, **more: Any) -> Reply:
    """A server's reply with a completion that holds ``text``."""
    body = {
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "model": "small-2026",
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100},
    }
    return reply(200, json.dumps({**body, **more}).encode(), Content_Type="application/json")
