"""A plan to look at: one table, and one JSON object a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from openbook.core.plan import Do, Entry, Plan

WIDE = 150
"""Columns where the output is no terminal."""


def plan_records(plan: Plan) -> Iterator[dict[str, Any]]:
    """A record for each file, and for each that could not be read."""
    for one in plan.entries:
        yield {
            "source": one.source,
            "do": one.do.value,
            "document": one.key,
            "role": one.role,
            "title": one.title or None,
            "date": one.date or None,
            "kind": one.kind or None,
            "language": one.language or None,
            "releases": [str(release) for release in one.releases],
            "sha256": one.sha256,
            "why": dict(one.why),
        }
    for failed in plan.failed:
        yield {"source": failed.source, "error": failed.reason}


def plan_table(plan: Plan) -> None:
    """Print what a plan would do, a row a file. What could not be guessed is left empty."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else WIDE, file=sys.stdout)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("file", "becomes", "title", "date", "kind", "lang", "releases"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("date", "lang"))
    for one in plan.entries:
        cells = (one.source, _becomes(one), *_guessed(one))
        table.add_row(*(Text(_plain(cell)) for cell in cells))
    console.print(table)
    counts = {do: sum(one.do is do for one in plan.entries) for do in Do}
    console.print(
        f"{counted(counts[Do.NEW], 'document')}, "
        f"{counted(counts[Do.COPY], 'further copy', 'further copies')}, "
        f"{counts[Do.SKIP]} skipped, {len(plan.failed)} not readable; guessed, nothing is sure"
    )


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _becomes(one: Entry) -> str:
    what = one.key
    if one.do is not Do.NEW:
        what = f"{one.role} of {one.key}" if one.do is Do.COPY else f"skipped ({one.key})"
    return f"{what}: {one.why['do']}" if "do" in one.why else what


def _guessed(one: Entry) -> tuple[str, ...]:
    if one.do is not Do.NEW:
        return ("", "", "", "", " ".join(map(str, one.releases)))
    return one.title, one.date, one.kind, one.language, " ".join(map(str, one.releases))


def _plain(text: str) -> str:
    """A stranger's words without what would steer the terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)
