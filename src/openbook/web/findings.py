"""Settled findings as the room shows them: what the site tells, at the room's addresses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from openbook.audit.opened import Opened
from openbook.core.initiative import ReleaseId
from openbook.core.review import CellId
from openbook.report.site.address import key_slug, name_slug, web_url
from openbook.report.site.amends import Amend
from openbook.report.site.cell import CellView, cell_view
from openbook.report.site.material import Material
from openbook.report.site.proof import Link, Proof
from openbook.report.site.views.heat import Heat, HeatCell, HeatRow, heat, heat_row
from openbook.web.checks import Checks


def finding_address(cell: CellId) -> str:
    """Where a finding stands in the room."""
    return f"/finding/{cell.release.initiative}/{cell.release.release}/{cell.keyword}"


def release_element(release: ReleaseId) -> str:
    """The id of a release in the page of all findings."""
    return f"r-{key_slug(release.initiative)}-{key_slug(release.release)}"


def question_element(keyword: str) -> str:
    """The id of a question in the page of all findings."""
    return f"q-{keyword}"


def rooms_heat(opened: Opened) -> Heat:
    """The heatmap of what is settled, every cell leading to its finding here."""
    material = Material(opened.audit, anchors=opened.anchors)
    plain = heat(material)
    columns = tuple(replace(one, href=f"#{question_element(one.keyword)}") for one in plain.columns)
    rows = []
    for row, shown in zip(material.table.rows, plain.rows, strict=True):
        made = heat_row(material, row, columns, shown.span)
        rows.append(_here(made, row.release.id, [one.keyword for one in columns]))
    return replace(plain, columns=columns, rows=tuple(rows))


def _here(row: HeatRow, release: ReleaseId, keywords: Collection[str]) -> HeatRow:
    cells: list[HeatCell] = [
        replace(cell, href=finding_address(CellId(release, keyword)))
        for cell, keyword in zip(row.cells, keywords, strict=True)
    ]
    return replace(
        row,
        initiative=Link(row.initiative.text),
        href=f"#{release_element(release)}",
        cells=tuple(cells),
    )


def finding_view(opened: Opened, cell: CellId, checks: Checks) -> CellView | None:
    """A cell in full, with its quotes held against the copies at hand; None for no cell there is.
    ``opened`` is what the viewer may see."""
    bare = Material(opened.audit, anchors=opened.anchors)
    row, question = bare.row_of.get(cell.release), opened.audit.questionnaire.question(cell.keyword)
    if row is None or question is None:
        return None
    material = Material(
        opened.audit, checks=checks.of(opened, bare.shown(cell)), anchors=opened.anchors
    )
    view = cell_view(material, row, question)
    href = f"/findings#{question_element(cell.keyword)}"
    return replace(
        view,
        href=finding_address(cell),
        points=tuple(replace(one, href=href) for one in view.points),
        proofs=tuple(map(_proof_here, view.proofs)),
        amends=tuple(map(_amend_here, view.amends)),
    )


def _proof_here(one: Proof) -> Proof:
    return replace(
        one,
        document=Link(one.document.text),
        amends=tuple(map(_amend_here, one.amends)),
    )


def _amend_here(one: Amend) -> Amend:
    return replace(one, href=f"#{name_slug(one.name)}")


def amends_of(view: CellView) -> tuple[Amend, ...]:
    """The corrections about a cell and about its evidence; none twice."""
    every = (*view.amends, *(amend for proof in view.proofs for amend in proof.amends))
    return tuple({one.name: one for one in every}.values())


def outside(url: str) -> str:
    """An address that may be a link."""
    return web_url(url)
