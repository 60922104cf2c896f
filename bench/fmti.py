"""``python -m bench.fmti FOLDER``: the means of the Foundation Model Transparency Index, computed
anew from its own files of scores.

FOLDER is a copy of https://github.com/stanford-crfm/fmti (CC BY 4.0), or holds any of its files
``*_scores.csv``. They differ by edition: October 2023 has columns for domain and subdomain and for
the sum of a row, and it and May 2024 have a last row of sums; December 2025 has neither. In all of
them a row is an indicator, a column a developer, a cell 0 or 1.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

NOT_DEVELOPERS = {"domain", "subdomain", "indicator", "total"}
"""Headings of columns that hold no scores, in lower case."""


class ScoresError(ValueError):
    """A file that is not as described; the message names file and line."""


class Scores(NamedTuple):
    """One edition."""

    indicators: tuple[str, ...]
    totals: Mapping[str, int]
    """By developer: how many indicators are satisfied."""

    @property
    def mean(self) -> float:
        """The mean over developers, of at most as many points as there are indicators."""
        return sum(self.totals.values()) / len(self.totals)


def read_scores(path: Path) -> Scores:
    """The scores of a file. Raises :class:`ScoresError` for a cell that is not 0 or 1, and for a
    sum that the file states and its cells do not give."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    head = [cell.strip() for cell in rows[0]] if rows else []
    if "Indicator" not in head:
        raise ScoresError(f"{path.name}: no column is called Indicator")
    name_at = head.index("Indicator")
    columns = {at: one for at, one in enumerate(head) if one.lower() not in NOT_DEVELOPERS}
    if not columns or len(set(columns.values())) < len(columns):
        raise ScoresError(f"{path.name}: no developers, or one twice: {', '.join(head)}")
    totals = dict.fromkeys(columns.values(), 0)
    indicators: list[str] = []
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(head):
            raise ScoresError(f"{path.name}: row {line} has {len(row)} cells, not {len(head)}")
        cells = {developer: row[at].strip() for at, developer in columns.items()}
        name = row[name_at].strip()
        if name == "Total":
            _compare(path, cells, totals)
            continue
        if not name or not set(cells.values()) <= {"0", "1"}:
            raise ScoresError(f"{path.name}: row {line} ({name}) holds more than 0 and 1")
        indicators.append(name)
        for developer, cell in cells.items():
            totals[developer] += cell == "1"
    if not indicators:
        raise ScoresError(f"{path.name}: no indicators")
    return Scores(tuple(indicators), totals)


def _compare(path: Path, stated: Mapping[str, str], summed: Mapping[str, int]) -> None:
    wrong = [one for one, total in summed.items() if stated[one] != str(total)]
    if wrong:
        raise ScoresError(f"{path.name}: the cells do not give the total of {', '.join(wrong)}")


def main(arguments: list[str]) -> int:
    """Print every edition's mean; 1 where a file is not as described, 2 for wrong use."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m bench.fmti FOLDER", file=sys.stderr)
        return 2
    files = sorted(Path(arguments[0]).rglob("*_scores.csv"))
    if not files:
        print(f"no *_scores.csv in {arguments[0]}", file=sys.stderr)
        return 2
    faults = 0
    for path in files:
        try:
            scores = read_scores(path)
        except (ScoresError, OSError, UnicodeDecodeError) as error:
            print(error, file=sys.stderr)
            faults += 1
            continue
        print(
            f"{path.stem.removesuffix('_scores')}: mean {scores.mean:.1f} of "
            f"{len(scores.indicators)} over {len(scores.totals)} developers"
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
