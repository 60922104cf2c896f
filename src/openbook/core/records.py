"""All that an audit's folder says, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from openbook.core.evidence import Evidence, QuoteEvidence
from openbook.core.initiative import Document, Initiative, Release, ReleaseId
from openbook.core.lead import Disposal
from openbook.core.objectives import Objectives
from openbook.core.proposal import Proposal
from openbook.core.questionnaire import Questionnaire
from openbook.core.review import (
    Auditor,
    CellId,
    Correction,
    Finding,
    PassageRead,
    ReadPassage,
    Recheck,
    Reported,
    Review,
    SearchRecord,
    Settlement,
)
from openbook.core.translation import Translation


@dataclass(frozen=True)
class Audit:
    """An audit: who was asked what, by whom, on which evidence, with which result."""

    id: str
    title: str
    questionnaire: Questionnaire
    edition: str = ""
    description: str = ""
    auditors: tuple[Auditor, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    """In the order of the heatmap's rows."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By id."""
    reviews: tuple[Review, ...] = ()
    settlements: Mapping[CellId, Settlement] = field(default_factory=dict)
    findings: Mapping[CellId, Finding] = field(default_factory=dict)
    searches: Mapping[str, SearchRecord] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    objectives: Objectives | None = None
    reported: Mapping[CellId, Reported] = field(default_factory=dict)
    """What an earlier work says of cells, where this audit follows one."""
    readings: tuple[PassageRead, ...] = ()
    """Passages read, in order of time for each auditor; of two for one passage the later holds."""
    proposals: tuple[Proposal, ...] = ()
    """What language models proposed; no finding is ever made of it."""
    disposals: Mapping[str, Disposal] = field(default_factory=dict)
    """What was decided about leads to other documents, by the lead's id."""
    translations: tuple[Translation, ...] = ()
    """Quotes in other languages, for readers alone: no evidence."""
    rechecks: tuple[Recheck, ...] = ()
    """Cells to be looked at again, and those that somebody looked at again, in order of time."""

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """The audited releases in the order of the heatmap's rows."""
        return tuple(release for one in self.initiatives for release in one.audited)

    @cached_property
    def _releases_by_id(self) -> dict[ReleaseId, Release]:
        return {release.id: release for one in self.initiatives for release in one.releases}

    @cached_property
    def _initiatives_by_key(self) -> dict[str, Initiative]:
        return {initiative.key: initiative for initiative in self.initiatives}

    def release(self, id_: ReleaseId) -> Release | None:
        """The release with this id, audited or left out."""
        return self._releases_by_id.get(id_)

    def initiative(self, key: str) -> Initiative | None:
        """The initiative with this key."""
        return self._initiatives_by_key.get(key)

    def auditor(self, id_: str) -> Auditor | None:
        """The auditor with this id."""
        return next((auditor for auditor in self.auditors if auditor.id == id_), None)

    @property
    def cells(self) -> Iterator[CellId]:
        """Every cell, row by row."""
        for release in self.releases:
            for keyword in self.questionnaire.keywords:
                yield CellId(release.id, keyword)

    @cached_property
    def imported(self) -> frozenset[str]:
        """Ids of the auditors with a review that was imported, and that nobody verified here."""
        return frozenset(one.auditor for one in self.reviews if one.imported)

    def read_by(self, auditor: str, cell: CellId) -> dict[ReadPassage, PassageRead]:
        """What an auditor said of the passages read for a cell: the last word on each."""
        return {
            one.passage: one for one in self.readings if one.cell == cell and one.auditor == auditor
        }

    @property
    def quoted_documents(self) -> frozenset[str]:
        """Keys of the documents that evidence is quoted from."""
        quotes = (one for one in self.evidence.values() if isinstance(one, QuoteEvidence))
        return frozenset(one.document for one in quotes)

    def evidence_for(self, cell: CellId) -> tuple[Evidence, ...]:
        """The accepted evidence that supports a cell, whoever used it."""
        return tuple(
            item
            for item in self.evidence.values()
            if any(ref.keyword == cell.keyword for ref in item.supports.get(cell.release, ()))
        )
