"""What a finding rests on: quotes, artifacts, secondary reports."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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


Evidence = QuoteEvidence | ArtifactEvidence | SecondaryEvidence


class Standing(StrEnum):
    """How firmly evidence stands, strongest first."""

    VERIFIED = "verified"
    """A quote that stands in a copy at hand."""
    FROM_SCAN = "read-from-scan"
    """A quote whose words an engine read from pictures of a copy's pages."""
    UNCHECKED = "unchecked"
    """A quote no copy of whose document is at hand, or an artifact nobody looked at here."""
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
    if state is State.UNCHECKED:
        return Standing.UNCHECKED
    if state is State.FROM_SCAN:
        return Standing.FROM_SCAN
    return Standing.VERIFIED if state.stands else Standing.FAILED


def evidence_id(prefix: str, document: str, content: str, length: int = 6) -> str:
    """An id made from content: the same words of the same document get the same id.

    Re-wrapping and quote styles do not count; every word, space and dash between words does.
    """
    words = " ".join("".join(map(fold_char, content)).split())
    digest = hashlib.sha256(f"{document}\n{words}".encode("utf-8", "surrogatepass"))
    return f"{prefix}-{digest.hexdigest()[:length]}"
