"""An initiative's page: every question with its answer, release by release (paper 3.1)."""

from __future__ import annotations

from dataclasses import dataclass

from openbook.core.heatmap import Row
from openbook.core.initiative import Initiative, Release
from openbook.report.site import address, words
from openbook.report.site.amends import Amend, amends
from openbook.report.site.cell import CellView, cell_view
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.site.views.heat import Heat, heat
from openbook.report.wording import row_sum

STATUS = {
    "closed": "closed weights",
    "open-weight": "open weights",
    "open": "open weights, code and data",
}


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release with what it is documented by."""

    id: str
    label: str
    covers: str
    date: str
    documents: tuple[tuple[Link, str], ...]
    """Each document with its kind."""
    total: str
    note: str
    left_out: str
    amends: tuple[Amend, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer for each release."""

    id: str
    keyword: str
    title: str
    phase: str
    wording: str
    href: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class InitiativeView:
    """The page."""

    company: str
    name: str
    status: str
    note: str
    heat: Heat
    releases: tuple[ReleaseLine, ...]
    questions: tuple[Asked, ...]
    siblings: tuple[tuple[Link, bool], ...]


def initiative_view(material: Material, initiative: Initiative) -> InitiativeView:
    """One initiative in the question-and-answer form."""
    rows = [row for row in material.table.rows if row.initiative.key == initiative.key]
    return InitiativeView(
        initiative.company,
        initiative.name,
        STATUS.get(initiative.status, initiative.status),
        initiative.note,
        heat(material, initiative.key),
        tuple(_release(material, rows, release) for release in initiative.releases),
        tuple(
            Asked(
                address.keyword_slug(question.keyword),
                question.keyword,
                question.title,
                question.phase,
                question.wording,
                address.question_page(question.keyword),
                tuple(cell_view(material, row, question) for row in rows),
            )
            for question in material.audit.questionnaire.questions
        ),
        tuple(
            (Link(one.title, address.initiative_page(one.key)), one.key == initiative.key)
            for one in material.audit.initiatives
        ),
    )


def _release(material: Material, rows: list[Row], release: Release) -> ReleaseLine:
    documents = []
    for key in release.documents:
        document = material.audit.documents.get(key)
        if document is None:
            documents.append((Link(key), "not in the records"))
            continue
        kind = words.DOCUMENT_KINDS.get(document.kind, document.kind)
        documents.append((Link(document.title or key, address.document_address(key)), kind))
    got, most = next((row_sum(row) for row in rows if row.release.id == release.id), (0, 0))
    covers = [one for one in release.covers if one != release.id.release]
    return ReleaseLine(
        address.key_slug(release.id.release),
        release.label,
        f"stands for {words.listing(release.covers)}" if covers else "",
        words.moment(release.date),
        tuple(documents),
        f"{got} of {most}" if most else "",
        release.note,
        release.left_out,
        amends(material, material.corrections_of(str(release.id))),
    )
