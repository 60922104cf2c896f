"""What lint has learned, as a file that ships with openbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from openbook.core.verdict import Judge, Rule
from openbook.files.rankers import ranker_of, record_of

METHOD = "verdict-1"
"""Name and version of the way from words to verdicts."""

FILE = "verdicts.json"


@cache
def shipped_judge() -> Judge:
    """What ships with openbook."""
    file = resources.files("openbook") / "rankers" / FILE
    return judge_of(json.loads(file.read_text("utf-8")))


def record_of_judge(judge: Judge) -> dict[str, Any]:
    """All that was learned, as plain values."""
    return {
        "method": METHOD,
        "fitted_on": list(judge.fitted_on),
        "taught": _rule_record(judge.taught),
        "plain": _rule_record(judge.plain),
        "words": record_of(judge.words),
    }


def _rule_record(rule: Rule) -> dict[str, Any]:
    return {
        "passage": [round(one, 4) for one in rule.passage],
        "told": [round(one, 4) for one in rule.told],
        "stated": [round(one, 4) for one in rule.stated],
        "told_from": round(rule.told_from, 4),
        "stated_from": round(rule.stated_from, 4),
    }


def judge_of(record: Mapping[str, Any]) -> Judge:
    """What :func:`record_of_judge` recorded."""
    return Judge(
        ranker_of(record["words"]),
        _rule_of(record["taught"]),
        _rule_of(record["plain"]),
        tuple(record["fitted_on"]),
    )


def _rule_of(record: Mapping[str, Any]) -> Rule:
    return Rule(
        tuple(record["passage"]),
        tuple(record["told"]),
        tuple(record["stated"]),
        record["told_from"],
        record["stated_from"],
    )


def written_judge(judge: Judge) -> str:
    """All that was learned as the text of its file: JSON, a table a line."""
    record = record_of_judge(judge)
    words = record.pop("words")
    questions = words.pop("questions")
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in record.items()]
    inner = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in words.items()]
    tables = [f"   {json.dumps(key)}: {json.dumps(value)}" for key, value in questions.items()]
    inner.append('  "questions": {\n' + ",\n".join(tables) + "\n  }")
    return "{\n" + ",\n".join(lines) + ',\n "words": {\n' + ",\n".join(inner) + "\n }\n}\n"
