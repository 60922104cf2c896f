"""The heatmap as a table of links (paper Table 2)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from openbook.core.heatmap import Row
from openbook.core.review import CellId
from openbook.report.site import address, marks, words
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.wording import TALL, row_sum

WIDE = 14
"""More columns than these are wider than a page."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of the heatmap."""

    mark: marks.Mark
    standing: marks.Mark
    settled: bool
    href: str
    label: str
    first: bool
    """Whether its phase begins here."""
    is_again: bool = False
    """Whether it is to be looked at again."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A release."""

    initiative: Link
    span: int
    """How many releases the initiative has, in its first row; 0 in the others."""
    label: str
    href: str
    year: str
    cells: tuple[HeatCell, ...]
    total: str


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """A question."""

    keyword: str
    title: str
    wording: str
    href: str
    first: bool


@dataclass(frozen=True, slots=True)
class Heat:
    """The heatmap as a table."""

    phases: tuple[tuple[str, int], ...]
    columns: tuple[HeatColumn, ...]
    rows: tuple[HeatRow, ...]
    caption: str

    @property
    def wide(self) -> bool:
        """Whether the columns are too many for a page to hold side by side."""
        return len(self.columns) > WIDE

    @property
    def tall(self) -> bool:
        """Whether keywords are too long to stand upright over a cell."""
        return any(len(one.keyword) > TALL for one in self.columns)

    @property
    def has_again(self) -> bool:
        """Whether a cell is to be looked at again."""
        return any(cell.is_again for row in self.rows for cell in row.cells)

    @property
    def narrow(self) -> bool:
        """Whether all columns fit on a phone."""
        return len(self.columns) <= 10


def heat(material: Material, initiative: str = "", folder: str = "") -> Heat:
    """The heatmap, or one initiative's part of it, every cell with its permanent address.
    ``folder`` leads to the site of the audit where that is another one: ``beyond-the-six/``."""
    questions = material.audit.questionnaire.questions
    phases = tuple(
        (phase, len(list(run))) for phase, run in groupby(questions, key=lambda one: one.phase)
    )
    starts = {sum(span for _, span in phases[:n]) for n in range(len(phases))}
    columns = tuple(
        HeatColumn(
            one.keyword,
            one.title,
            one.wording,
            folder + address.question_page(one.keyword),
            place in starts,
        )
        for place, one in enumerate(questions)
    )
    rows: list[HeatRow] = []
    for key, run in groupby(material.table.rows, key=lambda row: row.initiative.key):
        if initiative not in ("", key):
            continue
        group = list(run)
        rows += [
            heat_row(material, row, columns, len(group) if place == 0 else 0, folder)
            for place, row in enumerate(group)
        ]
    title = "How much the documents tell: releases by questions, grades from 0 to 4"
    return Heat(phases, columns, tuple(rows), title)


def heat_row(
    material: Material, row: Row, columns: tuple[HeatColumn, ...], span: int, folder: str = ""
) -> HeatRow:
    """One release's row."""
    initiative = row.initiative
    got, most = row_sum(row)
    return HeatRow(
        Link(initiative.title, folder + address.initiative_page(initiative.key)),
        span,
        row.release.label,
        folder + address.release_address(row.release.id),
        words.year_of(row.release.date),
        tuple(
            _heat_cell(material, row, column, grade, folder)
            for column, grade in zip(columns, row.grades, strict=True)
        ),
        f"{got}/{most}" if most else "",
    )


def _heat_cell(
    material: Material, row: Row, column: HeatColumn, grade: int | None, folder: str
) -> HeatCell:
    cell = CellId(row.release.id, column.keyword)
    mark = marks.grade_mark(grade)
    on = marks.standing_mark(material.rests_on(cell))
    label = f"{row.release.label}, {column.title or column.keyword}: {mark.words}"
    if grade is not None:
        label += f"; {on.words}"
    is_again = cell in material.rechecks
    label += "; to be looked at again" if is_again else ""
    href = folder + address.cell_address(cell)
    return HeatCell(mark, on, grade is not None, href, label, column.first, is_again)
