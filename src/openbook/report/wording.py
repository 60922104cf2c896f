"""The words that stand beside the heatmap, the same in every form of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from openbook.core.heatmap import Heatmap, Row, heatmap
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.records import Audit
from openbook.core.review import CellId, SearchRecord

# Marks that reverse the direction of what follows: a label could pretend to be another one.
_DIRECTION_MARKS = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
TALL = 8
"""A keyword of more letters does not fit over a cell: it is turned."""
_HEAD = re.compile(r"[:;.](?=\s|$)")


def one_line(text: str) -> str:
    """``text`` on one line, without characters that control a terminal, a parser or a reader.

    Runs of white space become one space; control characters, lone surrogates, noncharacters
    (which XML forbids) and marks of writing direction go.
    """
    return "".join(char for char in " ".join(text.split()) if _visible(char))


def _visible(char: str) -> bool:
    if char in _DIRECTION_MARKS or (ord(char) & 0xFFFE) == 0xFFFE:
        return False
    return unicodedata.category(char) not in ("Cc", "Cs")


def scale_word(audit: Audit, grade: int) -> str:
    """What a grade means, in the few words before the scale's first colon or full stop."""
    return _HEAD.split(one_line(audit.questionnaire.scale.get(grade, "")), maxsplit=1)[0]


def year(row: Row) -> str:
    """The year of a release; empty where no date is known."""
    found = re.match(r"\d{4}", row.release.date, re.ASCII)
    return found[0] if found else ""


def row_sum(row: Row) -> tuple[int, int]:
    """The sum of a row's grades, and the sum it could have at most with as many grades."""
    grades = [grade for grade in row.grades if grade is not None]
    return sum(grades), MAX_GRADE * len(grades)


def graded_by(audit: Audit) -> str:
    """Who gave the grades that count: ``graded by: 1 language model, 0 people``.

    People are named even where there are none, since a reader expects them. A grader whom the
    audit does not list is counted as neither, and an imported audit is nobody who graded here.
    """
    ids = {id_ for finding in audit.findings.values() for id_ in finding.settled.grades}
    known = {auditor.id: auditor.kind for auditor in audit.auditors}
    imported = ids & audit.imported
    kinds = Counter(known.get(id_, "") for id_ in ids - imported)
    models, people = kinds.pop("model", 0), kinds.pop("person", 0)
    parts = [
        _count(models, "language model", "language models"),
        _count(people, "person", "people"),
    ]
    if imported:
        parts.append(_count(len(imported), "imported audit", "imported audits"))
    if unknown := kinds.total():
        parts.append(f"{unknown} of unknown kind")
    return f"graded by: {', '.join(parts)}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def caption(audit: Audit) -> str:
    """How much is settled, by whom it was graded, and which edition this is, on one line."""
    return " · ".join(caption_parts(audit))


def caption_parts(audit: Audit) -> list[str]:
    """The parts of the caption."""
    table = heatmap(audit)
    cells = len(table.rows) * len(table.columns)
    parts = [f"{table.settled} of {cells} cells settled", graded_by(audit)]
    if audit.edition:
        parts.append(f"edition {one_line(audit.edition)}")
    return parts


def cell_words(audit: Audit, row: Row, keyword: str) -> str:
    """One cell as a phrase: ``OpenAI GPT 3.5, VS: 3, More or less complete``."""
    finding = audit.findings.get(CellId(row.release.id, keyword))
    grade = finding.judgement.grade if finding else None
    place = one_line(f"{row.release.label}, {keyword}")
    if grade is None:
        return f"{place}: not settled"
    return f"{place}: {grade}, {scale_word(audit, grade)}".removesuffix(", ")


def summary(audit: Audit, table: Heatmap) -> str:
    """The heatmap as a sentence, for readers who hear it."""
    counts = Counter(grade for row in table.rows for grade in row.grades)
    graded = ", ".join(
        f"{counts[grade]} cells have grade {grade}" for grade in range(MIN_GRADE, MAX_GRADE + 1)
    )
    return (
        f"{len(table.rows)} releases by {len(table.columns)} questions. {graded}, "
        f"{counts[None]} are not settled. {caption(audit)}."
    )


def leads_in_words(audit: Audit, record: SearchRecord) -> str:
    """What became of the leads that touch the question of a search record; empty where nobody was
    asked about leads, or none touches it."""
    states = Counter(
        audit.disposals[id_].state for id_ in record.leads or () if id_ in audit.disposals
    )
    if not states:
        return ""
    ways = {
        "collected": "collected",
        "irrelevant": "found irrelevant",
        "unavailable": "could not be had",
    }
    told = [f"{states[state]} {way}" for state, way in ways.items() if states[state]]
    total = states.total()
    touch = (
        "1 lead to another document touches"
        if total == 1
        else f"{total} leads to other documents touch"
    )
    return f"{touch} the question: {', '.join(told)}."


def scans_in_words(record: SearchRecord) -> str:
    """Which of what was searched was read from pictures of pages, and which pages nobody searched;
    empty where every page has text."""
    read = sum(one.passages for one in record.documents if one.is_scan)
    unread = record.unread_pages
    told = []
    if read:
        passages = _count(read, "passage was", "passages were")
        told.append(f"{passages} read from pictures of pages by an engine, perhaps wrongly.")
    if unread:
        pages = _count(unread, "page has", "pages have")
        told.append(f"{pages} no text and {'was' if unread == 1 else 'were'} not searched.")
    return " ".join(told)


def bound_in_words(record: SearchRecord) -> str:
    """What a search record says of the passages that nobody read, with its assumption."""
    bound = record.bound
    if bound is None:
        return "Of the passages that were not read nothing is claimed."
    if not record.unread:
        return "Every passage was read."
    at_most, unread = bound.at_most, record.unread
    share = f"at most {at_most} of the {unread} unread passages answer the question"
    if at_most >= unread:
        return f"Nothing bounds what the {unread} unread passages hold: none were drawn at random."
    if not at_most:
        share = f"none of the {unread} unread passages answers the question"
    return (
        f"With {bound.confidence:.0%} confidence {share}, if the reader recognises an answer when "
        f"reading it (rule {bound.rule})."
    )
