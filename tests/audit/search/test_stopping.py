"""Audits of the labelled documents that stop by the rule have what the rule promised."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest

from openbook.audit.new import bundled
from openbook.audit.opened import open_audit
from openbook.audit.search.index import indexed
from openbook.audit.search.rank import scores
from openbook.core.bound import at_most
from openbook.core.passage import overlaps, passages
from openbook.core.text import Span
from openbook.files.rankers import shipped
from openbook.sources.extract import extract
from tests.corpus import CORPUS, needs_corpus

DRAWS = 20
PROMISE = 0.8


@pytest.fixture(scope="module")
def cells() -> list[list[bool]]:
    """For each labelled document and question, whether its passages answer, best ranked first."""
    return list(_cells())


def _cells() -> Iterator[list[bool]]:
    ranker = shipped("decoding-alignment")
    questions = open_audit(bundled("decoding-alignment")).audit.questionnaire.questions
    for path in sorted((CORPUS / "labels").glob("*.jsonl")):
        (file,) = (CORPUS / "docs").glob(f"{path.stem}.*")
        layer = extract(file.read_bytes(), "", file.name)
        labels = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        cut = list(passages(path.stem, path.stem, layer))
        with indexed(cut) as index:
            for question in questions:
                spans = [
                    Span(at, at + len(one["span"]))
                    for one in labels
                    if one["keyword"] == question.keyword
                    and (at := layer.text.find(one["span"])) >= 0
                ]
                values = scores(index, question, ranker)
                order = sorted(range(len(cut)), key=lambda row: -values[row])
                yield [overlaps(cut[row], spans) for row in order]


@needs_corpus
def test_audits_that_stop_have_the_promised_recall(cells: list[list[bool]]) -> None:
    """An auditor reads ten passages by rank, then others at random, and looks at the bound after
    each; she stops when it says that at most a fifth of the answers can be left."""
    dice = random.Random(2026)
    stopped = kept = early = 0
    for answers in cells:
        for _ in range(DRAWS):
            rest = answers[10:]
            dice.shuffle(rest)
            found = sum(answers[:10])
            drawn = _stops(found, rest)
            stopped += 1
            early += drawn < len(rest)
            have = found + sum(rest[:drawn])
            kept += have >= PROMISE * sum(answers)
    assert stopped >= 40 * DRAWS
    assert early >= stopped / 4  # else nothing is shown: everybody read everything
    assert kept >= 0.95 * stopped


def _stops(found: int, rest: list[bool]) -> int:
    seen = 0
    for drawn in range(len(rest) + 1):
        left = at_most(len(rest), drawn, seen)
        if found + seen >= PROMISE * (found + seen + left):
            return drawn
        seen += rest[drawn]
    return len(rest)
