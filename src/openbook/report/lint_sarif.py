"""What lint found as SARIF 2.1.0, for code scanning: a rule for a point, a result for what misses.

Points that are told are no results: scanners would list them as alerts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from openbook.core.lint import NOTICE, Linted, LintedPoint, LintedQuestion, Passage
from openbook.core.verdict import Verdict
from openbook.report.lint_words import example_words, said

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Verdict.MISSING: "warning", Verdict.VAGUE: "note"}
"""How loud a verdict is."""


def sarif(found: Linted, version: str) -> str:
    """The log of one run, as the text of a file. ``version`` is openbook's."""
    rules = [_rule(one, point) for one in found.questions for point in one.points]
    driver = {
        "name": "openbook lint",
        "version": version,
        "semanticVersion": version,
        "fullDescription": {"text": NOTICE},
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(file)}} for file in found.files],
        "results": list(_results(found)),
        "properties": {
            "method": found.method,
            "questionnaire": found.questionnaire.id,
            "suggestedGrades": {one.question.keyword: one.grade for one in found.questions},
        },
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(question: LintedQuestion, point: LintedPoint) -> dict[str, Any]:
    wanted = f"{question.question.title}: {question.question.wording}"
    help_text = f"{point.text}.\n\n{wanted}\n{question.question.looks_for}".strip()
    if point.example:
        help_text += f"\n\nTold elsewhere: {example_words(point.example)}"
    return {
        "id": str(point.ref),
        "shortDescription": {"text": point.text},
        "fullDescription": {"text": wanted},
        "help": {"text": f"{help_text}\n\n{NOTICE}"},
        "defaultConfiguration": {"level": LEVELS[Verdict.MISSING]},
        "properties": {"tags": ["documentation", question.question.keyword]},
    }


def _results(found: Linted) -> Iterator[dict[str, Any]]:
    points = [(one, point) for one in found.questions for point in one.points]
    for number, (question, point) in enumerate(points):
        if point.verdict not in LEVELS:
            continue
        yield {
            "ruleId": str(point.ref),
            "ruleIndex": number,
            "level": LEVELS[point.verdict],
            "message": {"text": said(question, point)},
            "locations": [_location(found, point.passage)],
            "partialFingerprints": {"openbookPoint/v1": str(point.ref)},
            "properties": {"verdict": point.verdict.value},
        }


def _location(found: Linted, passage: Passage | None) -> dict[str, Any]:
    file = passage.file if passage else found.files[0]
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": _uri(file), "index": found.files.index(file)}
    }
    if passage and passage.line:
        physical["region"] = {"startLine": passage.line, "endLine": passage.last_line}
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    """A file's path as an address, relative where the path is."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
