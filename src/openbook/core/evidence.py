"""What a finding rests on: quotes, artifacts, secondary reports, regions of pages."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from openbook.core.anchor import Box
from openbook.core.initiative import ReleaseId
from openbook.core.questionnaire import PointRef
from openbook.core.text import fold_char
from openbook.core.verify import State

EVIDENCE_ID = re.compile(r"[a-z]-[0-9a-f]{6,64}")

Supports = Mapping[ReleaseId, tuple[PointRef, ...]]
"""Which points of which releases a piece of evidence supports."""


@dataclass(frozen=True, slots=True)
class QuoteEvidence:
    """Words of a document, verbatim."""

    id: str
    document: str
    quote: str
    """As people write it: ``[...]`` for elisions; see :func:`openbook.core.quote.parse_quote`."""
    supports: Supports
    by: str = ""
    date: dt.date | None = None
    note: str = ""
    wording_elsewhere: Mapping[str, str] = field(default_factory=dict)
    """How another document cites the same passage, by document key."""


@dataclass(frozen=True, slots=True)
class ArtifactEvidence:
    """A dataset, repository or page that exists."""

    id: str
    document: str
    """Key of the document that names it, or the file it stands in."""
    title: str
    url: str
    supports: Supports
    sha256: str = ""
    by: str = ""
    date: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SecondaryEvidence:
    """What a document reports about another one, in the auditor's words; never verified."""

    id: str
    document: str
    """Key of the document that reports it."""
    says: str
    where: str
    supports: Supports
    by: str = ""
    date: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a region looked like to whoever transcribed it; the picture itself stays in the copy."""

    sha256: str
    """Of its size and pixels, see :func:`openbook.sources.region.picture_hash`."""
    dpi: int
    """At which the page was rendered."""
    renderer: str
    """What rendered it, on what kind of machine: only the same gives the same pixels."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A second reader says that the transcription is what stands there."""

    by: str
    """An auditor, and not the one who transcribed it."""
    date: dt.date
    of: str
    """Hash of what was confirmed, see :attr:`RegionEvidence.content`: of anything else it says
    nothing."""


@dataclass(frozen=True, slots=True)
class RegionEvidence:
    """A part of a page that is a picture (a figure, a table, a stretch of a scan), transcribed."""

    id: str
    document: str
    copy: str
    """sha256 of the copy."""
    page: int
    """Counted from 1."""
    box: Box
    """Left, bottom, right, top in points from the lower left corner of the page as displayed."""
    picture: Picture
    transcription: str
    supports: Supports
    by: str
    """The auditor who transcribed it."""
    date: dt.date | None = None
    confirmed: Confirmation | None = None
    note: str = ""

    @property
    def content(self) -> str:
        """Hash of what a confirmation is of: the place, the picture and the transcription."""
        place = f"{self.document}\n{self.copy} {self.page} {self.box} {self.picture}"
        return hashlib.sha256(f"{place}\n{self.transcription}".encode()).hexdigest()

    @property
    def is_confirmed(self) -> bool:
        """Whether a second reader confirmed just this."""
        one = self.confirmed
        return one is not None and one.by != self.by and one.of == self.content


Evidence = QuoteEvidence | ArtifactEvidence | SecondaryEvidence | RegionEvidence


def box_in_words(box: Box) -> str:
    """``72, 500, 540, 700 pt``."""
    return f"{', '.join(f'{side:g}' for side in box)} pt"


class Standing(StrEnum):
    """How firmly evidence stands, strongest first."""

    VERIFIED = "verified"
    """A quote that stands in a copy at hand."""
    FROM_SCAN = "read-from-scan"
    """A quote whose words an engine read from pictures of a copy's pages."""
    CONFIRMED = "confirmed"
    """A region of a page that two readers read alike, its picture unchanged."""
    UNCHECKED = "unchecked"
    """A quote no copy of whose document is at hand, an artifact nobody looked at here, or a region
    that no second reader confirmed or whose picture could not be compared."""
    SECONDARY = "secondary"
    """Somebody reports it."""
    FAILED = "failed"
    """A quote that does not stand in the copies at hand."""


def standing(evidence: Evidence, states: Mapping[str, State]) -> Standing:
    """How firmly ``evidence`` stands, given the states of quotes by evidence id."""
    if isinstance(evidence, SecondaryEvidence):
        return Standing.SECONDARY
    if isinstance(evidence, ArtifactEvidence):
        return Standing.UNCHECKED
    state = states.get(evidence.id, State.UNCHECKED)
    if state in (State.UNCHECKED, State.UNCONFIRMED, State.INCOMPARABLE):
        return Standing.UNCHECKED
    if state is State.FROM_SCAN:
        return Standing.FROM_SCAN
    if state is State.CONFIRMED:
        return Standing.CONFIRMED
    return Standing.VERIFIED if state.stands else Standing.FAILED


def evidence_id(prefix: str, document: str, content: str, length: int = 6) -> str:
    """An id made from content: the same words of the same document get the same id.

    Re-wrapping and quote styles do not count; every word, space and dash between words does.
    """
    words = " ".join("".join(map(fold_char, content)).split())
    digest = hashlib.sha256(f"{document}\n{words}".encode("utf-8", "surrogatepass"))
    return f"{prefix}-{digest.hexdigest()[:length]}"
