"""The permanent address of every cell: what to cite, the same in every edition."""

from __future__ import annotations

from dataclasses import dataclass

from openbook.core.review import CellId
from openbook.report.site import address, marks, words
from openbook.report.site.material import Material
from openbook.report.site.proof import Link


@dataclass(frozen=True, slots=True)
class AddressLine:
    """A cell and where it stands."""

    grade: marks.Mark
    question: str
    href: str


@dataclass(frozen=True, slots=True)
class AddressGroup:
    """The cells of a release."""

    id: str
    release: Link
    lines: tuple[AddressLine, ...]


@dataclass(frozen=True, slots=True)
class AddressesView:
    """The page."""

    groups: tuple[AddressGroup, ...]
    download: Link


def addresses_view(material: Material) -> AddressesView:
    """All cells, row by row."""
    audit = material.audit
    groups: list[AddressGroup] = []
    for release in audit.releases:
        lines = []
        for question in audit.questionnaire.questions:
            cell = CellId(release.id, question.keyword)
            found = audit.findings.get(cell)
            grade = marks.grade_mark(found.judgement.grade if found else None)
            lines.append(AddressLine(grade, question.keyword, address.cell_address(cell)))
        name = Link(words.release_name(audit, release.id), address.release_address(release.id))
        groups.append(AddressGroup(f"At-{len(groups) + 1}", name, tuple(lines)))
    has_file = "addresses.json" in material.downloads
    link = Link("addresses.json", address.download_address("addresses.json")) if has_file else None
    return AddressesView(tuple(groups), link or Link(""))
