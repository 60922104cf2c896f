"""PassageRead by rank: the next passage for a cell, and what the auditor says of it.

What is said is kept at once, in ``readings/<auditor>.jsonl``, and orders the rest anew: words of
passages that answer weigh more, passages that do not answer are not shown again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import NamedTuple

from openbook.audit.opened import AuditError, Opened, WrongUseError
from openbook.audit.search.hit import HIT_ID
from openbook.audit.search.learn import found_so_far, ranker_for
from openbook.audit.search.rank import Judged
from openbook.audit.search.search import Hit, layers_at_hand, passages_of, search_question
from openbook.core.passage import Passage
from openbook.core.ranker import Ranker
from openbook.core.review import Auditor, CellId, PassageRead, ReadPassage
from openbook.core.text import Span
from openbook.files.write import write_text


class Progress(NamedTuple):
    """How far an auditor is with a cell."""

    read: int
    answer: int
    """How many of the passages read answer."""
    passages: int
    """How many there are."""


class Desk(NamedTuple):
    """The documents of a cell, open for reading."""

    cell: CellId
    auditor: Auditor
    passages: tuple[Passage, ...]
    best: tuple[Hit, ...]
    """What is not read yet, best first."""
    progress: Progress


def desk(opened: Opened, cell: CellId, auditor: Auditor, ranker: Ranker | None = None) -> Desk:
    """The unread passages of a cell's documents, best first. Raises :class:`AuditError` when none
    of its documents is at hand."""
    found = layers_at_hand(opened, opened.release(str(cell.release)).documents)
    if not found:
        raise AuditError(f"no document of {cell.release} is at hand to read; fetch or add one")
    every = passages_of(found)
    said = opened.audit.read_by(auditor.id, cell)
    known = found_so_far(opened, cell.keyword)
    evidence: dict[str, list[Span]] = {}
    nothing: dict[str, list[Span]] = {}
    for copy in {passage.copy for passage in every}:
        evidence[copy] = [*known.evidence.get(copy, ()), *_spans(every, said, copy, answers=True)]
        nothing[copy] = _spans(every, said, copy, answers=False)
    question = opened.question(cell.keyword)
    ranker = ranker or ranker_for(opened)
    hits = search_question(found, question, ranker, len(every), Judged(evidence, nothing))
    unread = tuple(hit for hit in hits if hit.passage.place not in said)
    answer = sum(one.answers for one in said.values())
    return Desk(cell, auditor, tuple(every), unread, Progress(len(said), answer, len(every)))


def _spans(
    every: Sequence[Passage], said: dict[ReadPassage, PassageRead], copy: str, *, answers: bool
) -> list[Span]:
    return [
        one.span
        for one in every
        if one.copy == copy and (kept := said.get(one.place)) and kept.answers is answers
    ]


def passage_called(at: Desk, hit_id: str) -> Passage:
    """The passage with this id. Raises :class:`WrongUseError` where there is none."""
    found = next((one for one in at.passages if one.id == hit_id), None)
    if found is None:
        what = "is no passage of these documents" if HIT_ID.fullmatch(hit_id) else "is no hit"
        raise WrongUseError(f"{hit_id!r} {what}; `openbook audit search` gives their ids")
    return found


def judge(opened: Opened, at: Desk, passage: Passage, answers: bool, now: dt.datetime) -> None:
    """Keep what the auditor says of a passage."""
    keep_readings(opened, (reading_of(at.auditor, at.cell, passage, answers, now),))


def reading_of(
    auditor: Auditor, cell: CellId, passage: Passage, answers: bool, now: dt.datetime
) -> PassageRead:
    """That an auditor read a passage for a cell."""
    at = now.isoformat(timespec="seconds")
    return PassageRead(auditor.id, cell, passage.copy, passage.place, answers, at)


def keep_readings(opened: Opened, readings: Sequence[PassageRead]) -> None:
    """Add what one auditor read to that auditor's file; lines that it has already are not added."""
    if not readings:
        return
    path = opened.folder / "readings" / f"{readings[0].auditor}.jsonl"
    before = path.read_text("utf-8") if path.exists() else ""
    there = set(before.splitlines())
    lines = [json.dumps(reading_line(one), ensure_ascii=False) for one in readings]
    write_text(path, before + "".join(f"{line}\n" for line in lines if line not in there))


def reading_line(one: PassageRead) -> dict[str, object]:
    """What was read of a cell, as the files write it."""
    return {
        "release": str(one.cell.release),
        "keyword": one.cell.keyword,
        "document": one.passage.document,
        "copy": one.copy,
        "page": one.passage.page,
        "start": one.passage.start,
        "end": one.passage.end,
        "answers": one.answers,
        "at": one.at,
    }
