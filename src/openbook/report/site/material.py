"""All that the pages are made of, with what several pages look up computed once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from openbook.core.anchor import Anchor, Checked, states
from openbook.core.change import Changed
from openbook.core.evidence import Standing, standing
from openbook.core.heatmap import Heatmap, Row, heatmap
from openbook.core.history import Edit
from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.recheck import open_rechecks
from openbook.core.records import Audit
from openbook.core.review import CellId, Correction, Recheck
from openbook.core.verify import State
from openbook.report.site import address


@dataclass(frozen=True)
class Material:
    """An audit, what checking its quotes showed, and what else a site tells."""

    audit: Audit
    checks: Mapping[str, Checked] = field(default_factory=dict)
    anchors: Mapping[str, tuple[Anchor, ...]] = field(default_factory=dict)
    history: Sequence[Edit] = ()
    built: str = ""
    downloads: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, Changed] = field(default_factory=dict)
    """What became of quotes in a document's newest version, by document key."""
    beside: Mapping[str, Material] = field(default_factory=dict)
    """Other audits that ask the same questions, by the folder that holds the site of each."""
    url: str = ""
    """The address of the site's folder, where it is known."""
    frozen_on: dt.date | None = None
    """The day of the edition that the site belongs to; None for a site that goes on."""

    @cached_property
    def table(self) -> Heatmap:
        """The heatmap."""
        return heatmap(self.audit)

    @cached_property
    def row_of(self) -> dict[ReleaseId, Row]:
        """The row of each audited release."""
        return {row.release.id: row for row in self.table.rows}

    @cached_property
    def states(self) -> dict[str, State]:
        """The state of every checked quote."""
        return states(self.checks)

    @cached_property
    def _accepted(self) -> dict[CellId, list[str]]:
        found: dict[CellId, list[str]] = defaultdict(list)
        for id_, evidence in self.audit.evidence.items():
            for release, refs in evidence.supports.items():
                for keyword in dict.fromkeys(ref.keyword for ref in refs):
                    found[CellId(release, keyword)].append(id_)
        return found

    def used(self, cell: CellId) -> tuple[str, ...]:
        """The ids of the evidence that a settled cell rests on; none twice."""
        finding = self.audit.findings.get(cell)
        return tuple(dict.fromkeys(finding.judgement.evidence)) if finding else ()

    def shown(self, cell: CellId) -> tuple[str, ...]:
        """The ids shown under a cell: what its grade rests on, then what else supports it."""
        return tuple(dict.fromkeys((*self.used(cell), *self._accepted.get(cell, ()))))

    @cached_property
    def _places(self) -> dict[tuple[ReleaseId, str], CellId]:
        found: dict[tuple[ReleaseId, str], CellId] = {}
        for cell in self.audit.cells:
            for id_ in self.shown(cell):
                found.setdefault((cell.release, id_), cell)
        return found

    @cached_property
    def _anywhere(self) -> dict[str, CellId]:
        found: dict[str, CellId] = {}
        for (_, id_), cell in self._places.items():
            found.setdefault(id_, cell)
        return found

    def place_of(self, evidence: str, release: ReleaseId | None = None) -> str:
        """The address where evidence can be read, under the given release if one is given."""
        cell = self._places.get((release, evidence)) if release else self._anywhere.get(evidence)
        return address.evidence_address(cell, evidence) if cell else ""

    def rests_on(self, cell: CellId) -> Standing | None:
        """The firmest standing among the evidence a cell rests on."""
        used = (self.audit.evidence.get(id_) for id_ in self.used(cell))
        found = {standing(one, self.states) for one in used if one is not None}
        return next((one for one in Standing if one in found), None)

    @cached_property
    def _corrections(self) -> dict[str, list[Correction]]:
        found: dict[str, list[Correction]] = defaultdict(list)
        for correction in self.audit.corrections:
            found[correction.about.strip()].append(correction)
        return found

    def corrections_of(self, *names: str) -> tuple[Correction, ...]:
        """The corrections about any of these: a release, a cell, a document, evidence."""
        return tuple(
            one for name in dict.fromkeys(names) for one in self._corrections.get(name, ())
        )

    def address_of(self, about: str) -> str:
        """The address of what a correction is about; empty where there is nothing to go to."""
        about = about.strip()
        name, _, keyword = about.partition(" ")
        release = parse_release_id(name)
        if release is not None and release in self.row_of:
            if not keyword:
                return address.release_address(release)
            if self.audit.questionnaire.question(keyword) is not None:
                return address.cell_address(CellId(release, keyword))
        if about in self.audit.documents:
            return address.document_address(about)
        if about in self.audit.evidence:
            document = self.audit.evidence[about].document
            place = self.place_of(about)
            known = document in self.audit.documents
            return place or (address.document_address(document) if known else "")
        return f"{address.INDEX}#Questions" if about == "questionnaire" else ""

    @cached_property
    def rechecks(self) -> Mapping[CellId, tuple[Recheck, ...]]:
        """What is to be looked at again, by cell."""
        return open_rechecks(self.audit)

    @cached_property
    def built_on(self) -> dt.date | None:
        """The day the site was built, as the caller gives it."""
        try:
            return dt.date.fromisoformat(self.built[:10])
        except ValueError:
            return None
