"""The shape of each file of an audit, as docs/data-format.md tells it.

Shapes say only what one file can know: which fields there are and what type each has. Whether a
keyword, a release or an evidence id exists is asked in :mod:`openbook.audit.check`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from openbook.core.proposal import SHORTENED
from openbook.files.fields import (
    Count,
    Grade,
    Key,
    Keyword,
    LanguageTag,
    Line,
    Name,
    PartialDate,
    PointKey,
    PrintsNumber,
    Prose,
    ReleaseName,
    Sha256,
    StateName,
    Text,
    Url,
    Words,
)


class Shape(BaseModel):
    """Strict: no unknown fields, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AuditorShape(Shape):
    id: Key
    name: Words
    kind: Literal["person", "model"]
    note: Text = ""


class AuditShape(Shape):
    version: Annotated[int, Field(ge=1)] = Field(alias="schema")
    id: Key
    title: Words
    edition: str = ""
    description: Text = ""
    initiatives: list[Key] = []
    auditor: list[AuditorShape] = []


class PointShape(Shape):
    key: PointKey
    text: Words
    queries: list[Words] = []
    queries_in: dict[LanguageTag, list[Words]] = {}


class QuestionShape(Shape):
    keyword: Keyword
    title: Words
    phase: str = ""
    wording: Words
    looks_for: Text = ""
    point: list[PointShape] = []
    examples: dict[Literal["0", "1", "2", "3", "4"], Words] = {}


class QuestionnaireShape(Shape):
    version: Annotated[int, Field(ge=1)] = Field(alias="schema")
    id: Key
    title: Words
    attribution: Text = ""
    rule: str = "points-1"
    language: LanguageTag = "en"
    queries_in_by: dict[LanguageTag, Words] = {}
    by_reference: Text = ""
    explicitly_none: Text = ""
    scale: dict[Literal["0", "1", "2", "3", "4"], Words]
    question: Annotated[list[QuestionShape], Field(min_length=1)]


class ReleaseShape(Shape):
    key: Key
    label: Words
    covers: list[str] = []
    date: PartialDate | None = None
    documents: list[Key] = []
    left_out: Text = ""
    note: Text = ""


class InitiativeShape(Shape):
    key: Key
    company: Text = ""
    name: Words
    status: Literal["closed", "open-weight", "open", ""] = ""
    release: list[ReleaseShape] = []
    note: Text = ""


class CopyShape(Shape):
    role: Literal["original", "transcription", "partial", "other-version"]
    media_type: str = ""
    url: Url | None = None
    sha256: Sha256 | None = None
    bytes: Annotated[int, Field(ge=0)] | None = None
    pages: Annotated[int, Field(ge=0)] | None = None
    retrieved: dt.date | None = None
    via: list[Url] = []
    note: Text = ""
    etag: Annotated[str, Field(pattern=r'^(W/)?"[\x21\x23-\x7e]{0,500}"$')] | None = None
    last_modified: (
        Annotated[
            str,
            Field(pattern=r"^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$"),
        ]
        | None
    ) = None


class DocumentShape(Shape):
    key: Key
    title: Words
    authors: list[Words] = []
    year: int | None = None
    kind: Literal[
        "paper", "report", "model-card", "system-card", "web-page", "repository", "other"
    ] = "other"
    language: str = ""
    licence: str = ""
    url: Url | None = None
    note: Text = ""
    copies: list[CopyShape] = Field(default=[], alias="copy")


Supports = Annotated[dict[ReleaseName, Annotated[list[Words], Field(min_length=1)]], Field()]


class PictureShape(Shape):
    sha256: Sha256
    dpi: Annotated[int, Field(ge=36, le=600)]
    renderer: Words


class ConfirmationShape(Shape):
    by: Key
    date: dt.date
    of: Sha256


class EvidenceShape(Shape):
    id: Annotated[str, Field(pattern=r"^[a-z]-[0-9a-f]{6,64}$")]
    kind: Literal["quote", "artifact", "secondary", "region"] = "quote"
    supports: Supports
    by: str = ""
    date: dt.date | None = None
    note: Text = ""
    # quote
    quote: Words | None = None
    wording_elsewhere: dict[Key, Words] = {}
    # artifact
    title: Words | None = None
    url: Url | None = None
    sha256: Sha256 | None = None
    # secondary
    says: Words | None = None
    where: Text = ""
    # region
    copy_: Sha256 | None = Field(alias="copy", default=None)
    page: Annotated[int, Field(ge=1)] | None = None
    box: Annotated[list[float], Field(min_length=4, max_length=4)] | None = None
    picture: PictureShape | None = None
    transcription: Words | None = None
    confirmed: ConfirmationShape | None = None


class EvidenceFile(Shape):
    evidence: list[EvidenceShape] = []


class TranslationShape(Shape):
    evidence: Annotated[str, Field(pattern=r"^[a-z]-[0-9a-f]{6,64}$")]
    language: LanguageTag
    text: Prose
    by: Name
    kind: Literal["human", "language-model", "machine"]
    date: dt.date | None = None
    note: Text = ""


class TranslationsFile(Shape):
    translation: list[TranslationShape] = []


class NotStatedShape(Shape):
    basis: Literal["searched", "paper_reports", "document_unavailable"]
    search: str = ""
    says: Literal["N/A", "none", "silent", "unclear", ""] = ""
    where: Text = ""
    documents: list[Key] = []


class SettledShape(Shape):
    how: Literal["single", "agreed", "decided"]
    grades: dict[Key, Grade] = {}
    by: str = ""
    reason: Text = ""


class JudgementShape(Shape):
    answer: Text = ""
    evidence: list[str] = []
    points: dict[str, StateName] = {}
    grade: Grade | None = None
    reason: Text = ""
    deviation: Text = ""
    not_stated: NotStatedShape | None = None
    saw: list[Literal["evidence", "proposals"]] = []


class ReviewHeadShape(Shape):
    auditor: Key
    release: ReleaseName
    date: dt.date | None = None
    read: list[Key] = []
    imported: Key | None = None


class FindingShape(JudgementShape):
    settled: SettledShape


class SettlementShape(Shape):
    grade: Grade
    take: Key
    by: Words
    reason: Words
    date: dt.date | None = None


class CorrectionShape(Shape):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    kind: Literal["slip", "correction", "rebuttal"]
    about: Words
    author: Words
    date: dt.date | None = None
    reason: Words
    state: Literal["open", "accepted", "rejected"]
    was: Text = ""
    now: Text = ""
    document: Key | None = None
    quote: Text = ""
    sha256: Sha256 | None = None
    decided_by: Text = ""
    decision: Text = ""


class CorrectionsFile(Shape):
    correction: list[CorrectionShape] = []


class LeadShape(Shape):
    id: Annotated[str, Field(pattern=r"^l-[0-9a-f]{8}$")]
    target: Words
    state: Literal["collected", "irrelevant", "unavailable"]
    by: Words
    reason: Text = ""
    document: Key | None = None
    date: dt.date | None = None


class LeadsFile(Shape):
    lead: list[LeadShape] = []


class RecheckShape(Shape):
    id: Annotated[str, Field(pattern=r"^w-[0-9a-f]{8}$")]
    cell: Words
    document: Key
    older: Sha256
    newer: Sha256
    altered: list[Words] = []
    missing: list[Words] = []
    moved: list[Words] = []
    opened: dt.date
    outcome: Literal["regraded", "holds", "elsewhere"] | None = None
    by: Text = ""
    reason: Text = ""
    closed: dt.date | None = None


class RechecksFile(Shape):
    recheck: list[RecheckShape] = []


class AspectShape(Shape):
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    label: Words
    direction: Literal["promotes", "prevents"]
    where: Text = ""
    stated_by: dict[ReleaseName, list[str]] = {}


class PillarShape(Shape):
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    title: Words
    aspect: list[AspectShape] = []


class ObjectivesShape(Shape):
    source: Key
    pillar: list[PillarShape]


class ReportedFile(Shape):
    by: Key
    cells: dict[
        ReleaseName, dict[Keyword, Literal["information", "N/A", "none", "silent", "unclear"]]
    ]


class SearchedShape(Shape):
    key: Key
    sha256: Sha256
    layer: Sha256
    passages: int
    is_scan: bool = False
    unread_pages: int = 0


class ReadShape(Shape):
    document: Key
    page: int
    start: int
    end: int


class ReadingShape(Shape):
    release: ReleaseName
    keyword: Keyword
    copy_: Sha256 = Field(alias="copy")
    document: Key
    page: int
    start: int
    end: int
    answers: bool
    at: str


class SampleShape(Shape):
    seed: str
    unread: int
    read: list[ReadShape]


class BoundShape(Shape):
    rule: str
    confidence: Annotated[float, Field(gt=0, lt=1)]
    at_most: Annotated[int, Field(ge=0)]


class SearchShape(Shape):
    id: str
    release: ReleaseName
    keyword: Keyword
    at: str
    by: Words
    documents: list[SearchedShape]
    queries: list[str]
    ranker: str
    read: list[ReadShape]
    cut: str = ""
    sample: SampleShape | None = None
    bound: BoundShape | None = None
    leads: list[str] | None = None
    languages: list[LanguageTag] | None = None


class PlaceShape(Shape):
    page: int
    start: int
    end: int
    boxes: list[tuple[float, float, float, float]] = []


class AnchorShape(Shape):
    evidence: str
    copy_: Sha256 = Field(alias="copy")
    layer: Sha256
    extractor: str
    state: Literal["verified", "verified-with-elision", "verified-punctuation", "read-from-scan"]
    segments: Annotated[list[list[PlaceShape]], Field(min_length=1)]
    prints: list[tuple[PrintsNumber, PrintsNumber]] = []


class ShownShape(Shape):
    document: Key
    copy_: Sha256 = Field(alias="copy")
    page: int
    start: int
    end: int
    sha256: Sha256


class ProposedQuoteShape(AnchorShape):
    document: Key
    quote: Words
    supports: list[PointKey] = []


class FabricatedShape(Shape):
    kind: Literal["invented", "altered", "of another document"]
    document: Annotated[Line, Field(max_length=64)]
    sha256: Sha256
    begins: Annotated[Line, Field(max_length=SHORTENED)]


class ProposalShape(Shape):
    release: ReleaseName
    keyword: Keyword
    model: Annotated[Line, Field(min_length=1)]
    version: Line
    endpoint: Line
    at: Line
    is_replayed: bool = False
    prompt: Sha256
    ranker: Line
    shown: list[ShownShape]
    tokens_in: Count | None = None
    tokens_out: Count | None = None
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    quotes: list[ProposedQuoteShape]
    fabricated: list[FabricatedShape]
    set_aside: Count = 0
    points: dict[PointKey, StateName] = {}
    grade: Grade | None
    reason: Text = ""


class ReplyShape(Shape):
    release: Annotated[str, Field(max_length=130)]
    question: Annotated[str, Field(max_length=64)]
    grade: Grade | None
    stance: Literal["agree", "correction", "rebuttal"]
    now: Prose = ""
    reason: Prose = ""
    document: Annotated[str, Field(max_length=64)] = ""
    elsewhere: Annotated[Line, Field(max_length=1000)] = ""
    quote: Prose = ""


class RepliesShape(Shape):
    format: Literal["openbook-reply-1"]
    audit: Key
    initiative: Key
    author: Name
    organisation: Name
    date: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    replies: Annotated[list[ReplyShape], Field(max_length=2000)]
