"""Judgements of cells: point states, absence with its basis, reviews, settlements, findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from openbook.core.initiative import ReleaseId


class PointState(StrEnum):
    """What a reader found of a point. Set only by somebody who read."""

    STATED = "stated"
    VAGUE = "vague"
    ABSENT = "absent"
    EXPLICITLY_NONE = "explicitly_none"
    """The document says there was none: that is information."""
    NOT_APPLICABLE = "not_applicable"
    UNREVIEWED = "unreviewed"

    @property
    def informs(self) -> bool:
        """Whether the document tells something about the point."""
        return self in (PointState.STATED, PointState.VAGUE, PointState.EXPLICITLY_NONE)


class CellId(NamedTuple):
    """One cell of the heatmap."""

    release: ReleaseId
    keyword: str

    def __str__(self) -> str:
        return f"{self.release} {self.keyword}"


class Basis(StrEnum):
    """Why a cell is said to hold nothing."""

    SEARCHED = "searched"
    PAPER_REPORTS = "paper_reports"
    DOCUMENT_UNAVAILABLE = "document_unavailable"


PAPER_SAYS = ("N/A", "none", "silent", "unclear")
"""What a paper under audit may say of a cell without information."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What an earlier work that this audit follows says of a cell, whatever auditors found."""

    by: str
    """Key of the document that reports it."""
    says: str
    """``information`` or one of :data:`PAPER_SAYS`."""


@dataclass(frozen=True, slots=True)
class NotStated:
    """Absence as a value with its basis; only ``searched`` is called proved."""

    basis: Basis
    search: str = ""
    """Id of the search record, for ``searched``."""
    says: str = ""
    """One of :data:`PAPER_SAYS`, for ``paper_reports``."""
    where: str = ""
    documents: tuple[str, ...] = ()
    """The documents that could not be had, for ``document_unavailable``."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one cell."""

    answer: str = ""
    evidence: tuple[str, ...] = ()
    """Ids of the evidence it rests on."""
    points: Mapping[str, PointState] = field(default_factory=dict)
    """Point key to state; points not listed are unreviewed."""
    grade: int | None = None
    """0 to 4; None while not graded."""
    reason: str = ""
    deviation: str = ""
    """Why the grade differs from what the rule suggests."""
    not_stated: NotStated | None = None
    saw: tuple[str, ...] = ()
    """What of others was shown before the cell was judged: ``evidence``, ``proposals``."""


@dataclass(frozen=True, slots=True)
class Auditor:
    """Somebody or something that grades, and which of the two it is."""

    id: str
    name: str
    kind: str
    """``person`` or ``model``."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """One auditor's independent judgement of a release."""

    auditor: str
    release: ReleaseId
    cells: Mapping[str, Judgement]
    """By keyword."""
    date: dt.date | None = None
    read: tuple[str, ...] = ()
    """Keys of the documents this auditor read for it."""
    imported: str = ""
    """Key of the document, a spreadsheet, that it was imported from: nobody verified it here."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A person's decision on a cell whose graders differ."""

    cell: CellId
    grade: int
    take: str
    """Id of the auditor whose answer, points and evidence are kept."""
    by: str
    reason: str
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How several judgements became one."""

    how: str
    """``single`` (one grader), ``agreed`` (several, one grade), ``decided`` (by a settlement)."""
    grades: Mapping[str, int]
    """Each grader's grade."""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The settled judgement of a cell; written by ``settle`` alone."""

    cell: CellId
    judgement: Judgement
    settled: Settled


@dataclass(frozen=True, slots=True)
class Correction:
    """A slip of the paper, a correction, or a rebuttal by the developer audited."""

    id: str
    kind: str
    """``slip``, ``correction`` or ``rebuttal``."""
    about: str
    """A release, a cell, a document, an evidence id, or ``questionnaire``."""
    author: str
    date: dt.date | None
    reason: str
    state: str
    """``open``, ``accepted`` or ``rejected``."""
    was: str = ""
    now: str = ""
    document: str = ""
    """Key of the document that it rests on, if it names one."""
    quote: str = ""
    """The words of that document which say so."""
    sha256: str = ""
    """Of a file that was sent along; the file itself is not part of the audit."""
    decided_by: str = ""
    decision: str = ""
    """Why it was accepted or rejected."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """A cell to be looked at again, since quotes that support it are not in their document's newer
    version as they were."""

    id: str
    """Made of the cell, the document and its two versions: the same drift is opened once."""
    cell: CellId
    document: str
    older: str
    """sha256 of the version that had the quotes."""
    newer: str
    opened: dt.date
    altered: tuple[str, ...] = ()
    """Ids of evidence."""
    missing: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    """Those whose words stand, elsewhere."""
    outcome: str = ""
    """What somebody who looked found; empty while nobody did. See
    :data:`openbook.core.recheck.OUTCOMES`."""
    by: str = ""
    reason: str = ""
    closed: dt.date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return not self.outcome


@dataclass(frozen=True, slots=True)
class SearchedDocument:
    """A copy that was searched."""

    key: str
    sha256: str
    layer: str
    """sha256 of its text layer."""
    passages: int
    is_scan: bool = False
    """Whether the layer is what an engine read from pages that are pictures: it may be misread."""
    unread_pages: int = 0
    """Pages that have no text and that no engine read: nobody searched them."""


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage somebody read, by place; its words stay in the document."""

    document: str
    page: int
    start: int
    end: int
    """Counted from the same page; beyond its end where the passage runs on to the next."""


@dataclass(frozen=True, slots=True)
class PassageRead:
    """A passage that an auditor read for a cell, and whether it answers the question."""

    auditor: str
    cell: CellId
    copy: str
    """sha256 of the copy read."""
    passage: ReadPassage
    answers: bool
    at: str
    """ISO time."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Passages read in a random order that was fixed before anybody read."""

    seed: str
    """See :func:`openbook.core.bound.drawn_order`."""
    unread: int
    """How many passages had not been read by rank: what the sample was drawn from."""
    read: tuple[ReadPassage, ...]
    """The first of that order, as far as somebody read."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What may still be missed: with this confidence at most so many unread passages are evidence,
    if the reader was attentive. See :mod:`openbook.core.bound`."""

    rule: str
    confidence: float
    at_most: int


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """What was searched and read, by whom, before a cell was called not stated."""

    id: str
    cell: CellId
    at: str
    """ISO time."""
    by: str
    documents: tuple[SearchedDocument, ...]
    queries: tuple[str, ...]
    """Words searched for besides those of the question."""
    ranker: str
    """Name and version of what ordered the passages."""
    read: tuple[ReadPassage, ...]
    """The passages read by rank, best first."""
    cut: str = ""
    """Name and version of the way documents were cut into passages."""
    sample: Sample | None = None
    bound: Bound | None = None
    """None where the record claims nothing of what is left unread."""
    leads: tuple[str, ...] | None = None
    """The ids of the leads that touched the question, each disposed of before the search; None in
    records of a time when nobody was asked about leads."""
    languages: tuple[str, ...] | None = None
    """The languages of the words searched by; None in records of a time when all were English."""

    @property
    def all_read(self) -> tuple[ReadPassage, ...]:
        """Everything somebody read for it."""
        return self.read + (self.sample.read if self.sample else ())

    @property
    def unread_pages(self) -> int:
        """How many pages had no text and were not read by an engine: nobody searched them."""
        return sum(one.unread_pages for one in self.documents)

    @property
    def unread(self) -> int:
        """How many passages nobody read."""
        return sum(one.passages for one in self.documents) - len(self.all_read)
