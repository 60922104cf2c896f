"""Rankers as files: counts that ship with openbook, one file for a questionnaire."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from openbook.core.ranker import SELDOM, Counts, Ranker, Signals, TrainedOn

METHOD = "weights-1"
"""Name and version of the way of ranking, for search records."""


@cache
def shipped(questionnaire: str) -> Ranker:
    """The ranker that ships for this questionnaire, or one that has learned nothing."""
    file = resources.files("openbook") / "rankers" / f"{questionnaire}.json"
    if not questionnaire.replace("-", "").isalnum() or not file.is_file():
        return Ranker(questionnaire)
    return ranker_of(json.loads(file.read_text("utf-8")))


def record_of(ranker: Ranker) -> dict[str, Any]:
    """A ranker as plain values. Stems that are too seldom to weigh are left out."""
    common = {stem for stem, seen in ranker.background.stems.items() if seen >= SELDOM}
    if not ranker.background.passages:
        common = set(ranker.anything.stems)

    def table(counts: Counts) -> dict[str, Any]:
        stems = {stem: round(seen, 2) for stem, seen in counts.stems.items() if stem in common}
        return {"passages": counts.passages, "stems": dict(sorted(stems.items()))}

    return {
        "questionnaire": ranker.questionnaire,
        "method": METHOD,
        "mixture": {key: round(one, 4) for key, one in ranker.mixture._asdict().items()},
        "trained_on": [
            {
                "document": one.document,
                "copy": one.copy,
                "passages": one.passages,
                "evidence": list(one.evidence),
            }
            for one in ranker.trained_on
        ],
        "background": table(ranker.background),
        "anything": table(ranker.anything),
        "questions": {key: table(one) for key, one in ranker.questions.items()},
    }


def ranker_of(record: Mapping[str, Any]) -> Ranker:
    """What :func:`record_of` recorded."""

    def counts(table: Mapping[str, Any]) -> Counts:
        return Counts(table["passages"], table["stems"])

    return Ranker(
        record["questionnaire"],
        counts(record["background"]),
        counts(record["anything"]),
        {key: counts(one) for key, one in record["questions"].items()},
        Signals(**record["mixture"]),
        tuple(
            TrainedOn(one["document"], one["copy"], one["passages"], tuple(one["evidence"]))
            for one in record["trained_on"]
        ),
    )


def written(ranker: Ranker) -> str:
    """A ranker as the text of its file: JSON, a table a line."""
    record = record_of(ranker)
    questions = record.pop("questions")
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in record.items()]
    tables = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in questions.items()]
    return "{\n" + ",\n".join(lines) + ',\n "questions": {\n' + ",\n".join(tables) + "\n }\n}\n"


def name_of(ranker: Ranker) -> str:
    """Name, version and fingerprint of a ranker, for search records: ``weights-1 3f9a41c2``."""
    digest = hashlib.sha256(written(ranker).encode()).hexdigest()
    return f"{METHOD} {digest[:8]}"
