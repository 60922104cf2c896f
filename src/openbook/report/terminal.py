"""The heatmap for a terminal. Digits are always there; colour only repeats what they say."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from openbook.core.heatmap import Row, heatmap
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.records import Audit
from openbook.report.palette import (
    GRADE_COLOURS,
    GRADE_INK,
    UNSETTLED,
    UNSETTLED_INK,
    UNSETTLED_SYMBOL,
)
from openbook.report.wording import caption_parts, one_line, row_sum, scale_word, year

LABEL_WIDTH = 30
"""Longer names of initiatives and releases are cut."""


def heatmap_table(
    audit: Audit, keywords: Sequence[str] | None = None, *, title: bool = True, legend: bool = True
) -> RenderableType:
    """The heatmap for rich to print, of all questions or of those with ``keywords``.

    The sums count all questions, shown or not. Data enter as :class:`Text`, never as markup: a
    label such as ``[red]`` stays a label.
    """
    table = heatmap(audit)
    shown = [
        number
        for number, keyword in enumerate(table.columns)
        if keywords is None or keyword in keywords
    ]
    drawn = _empty(audit, [table.columns[number] for number in shown], title)
    for number, (_, group) in enumerate(groupby(table.rows, key=lambda row: row.initiative.key)):
        for place, row in enumerate(group):
            if place == 0:
                if number:
                    drawn.add_row()
                drawn.add_row(Text(one_line(row.initiative.title), style="bold"))
            drawn.add_row(*_cells(row, shown, table.columns))
    # Not as the table's caption, which would break at the width of a narrow table.
    return Group(drawn, _legend(audit)) if legend else drawn


def heatmap_text(
    audit: Audit, width: int = 100, *, colour: bool = False, title: bool = True
) -> str:
    """The heatmap as text of at most ``width`` columns; questions that do not fit follow below.

    With ``colour`` the text holds ANSI escape sequences, else none at all.
    """
    blocks = _blocks(audit, width)
    # An empty environment: what is written must not depend on the terminal this runs in.
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        for number, block in enumerate(blocks):
            last = number == len(blocks) - 1
            console.print(heatmap_table(audit, block, title=title and not number, legend=last))
            if not last:
                console.print()
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _blocks(audit: Audit, width: int) -> list[list[str]]:
    """The keywords, divided so that a table of each part fits ``width``."""
    table = heatmap(audit)
    names = ["Release", *(one_line(row.initiative.title) for row in table.rows)]
    names += [f"  {one_line(row.release.label)}" for row in table.rows]
    label = min(max(map(cell_len, names)), LABEL_WIDTH)
    room = width - label - len(" 2025") - max(map(len, (" 32/40", *map(_sum, table.rows)))) - 1
    blocks: list[list[str]] = [[]]
    left = room
    for keyword in table.columns:
        needs = _column_width(keyword) + 1
        if needs > left and blocks[-1]:
            blocks.append([])
            left = room
        blocks[-1].append(keyword)
        left -= needs
    return blocks


def _column_width(keyword: str) -> int:
    return max(3, len(keyword))


def _empty(audit: Audit, keywords: Sequence[str], title: bool) -> Table:
    table = Table(
        box=None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title=Text(one_line(audit.title), style="bold") if title else None,
        title_justify="left",
    )
    table.add_column("Release", no_wrap=True, overflow="ellipsis", max_width=LABEL_WIDTH)
    table.add_column("Year", no_wrap=True, style="dim")
    for keyword in keywords:
        width = _column_width(keyword)
        table.add_column(Text(keyword), justify="center", no_wrap=True, min_width=width)
    table.add_column("Sum", justify="right", no_wrap=True, style="dim", min_width=5)
    return table


def _cells(row: Row, shown: Sequence[int], columns: Sequence[str]) -> list[Text]:
    return [
        Text(f"  {one_line(row.release.label)}"),
        Text(year(row)),
        *(_digit(row.grades[number], _column_width(columns[number])) for number in shown),
        Text(_sum(row)),
    ]


def _sum(row: Row) -> str:
    got, most = row_sum(row)
    return f"{got}/{most}" if most else UNSETTLED_SYMBOL


def _digit(grade: int | None, width: int) -> Text:
    """A digit on its colour; the spaces belong to it so that the colour fills the column."""
    if grade is None:
        style = Style(color=UNSETTLED_INK, bgcolor=UNSETTLED)
        return Text(f"{UNSETTLED_SYMBOL:^{width}}", style=style)
    style = Style(color=GRADE_INK[grade], bgcolor=GRADE_COLOURS[grade], bold=True)
    return Text(f"{grade:^{width}}", style=style)


def _legend(audit: Audit) -> Text:
    lines = [
        Text(),
        *(
            Text.assemble(_digit(grade, 3), f" {scale_word(audit, grade)}")
            for grade in range(MIN_GRADE, MAX_GRADE + 1)
        ),
        Text.assemble(_digit(None, 3), " Not settled"),
        # A line each: all on one is wider than most terminals.
        *(Text(part, style="dim") for part in caption_parts(audit)),
    ]
    return Text("\n").join(lines)
