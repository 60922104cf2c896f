"""The order in which a page's lines are read, from where an engine found them.

Left out: pages of more than two columns are read column by column only where each half is divided
again by a gutter of its own; text that runs up the page is not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from openbook.sources.lines import Box

_FEWEST = 4
"""Lines that a column has at least."""
_STEPS = 120
"""Places at which a gutter is looked for."""
_SPANNING = 0.25
"""Share of the lines that may lie across a gutter: a title, a caption, a footnote."""
_DEEPEST = 2
"""Times that a page is divided."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text that an engine found."""

    text: str
    box: Box


def rows(found: Sequence[Found]) -> list[list[Found]]:
    """The stretches as lines in reading order, each from left to right."""
    if not found:
        return []
    size = median(_height(one.box) for one in found)
    level = [one for one in found if not _is_upright(one.box, size)]
    return _columns(level, _DEEPEST)


def _columns(found: Sequence[Found], deepest: int) -> list[list[Found]]:
    gutter = _gutter(found) if deepest else None
    if gutter is None:
        return _lines(found)
    ordered: list[list[Found]] = []
    spanning = _lines([one for one in found if one.box[0] < gutter < one.box[2]])
    rest = [one for one in found if not one.box[0] < gutter < one.box[2]]
    for line in [*spanning, []]:
        floor = _middle(line[0].box) if line else float("-inf")
        above = [one for one in rest if _middle(one.box) > floor]
        rest = [one for one in rest if _middle(one.box) <= floor]
        for side in (
            [one for one in above if one.box[2] <= gutter],
            [one for one in above if one.box[0] >= gutter],
        ):
            ordered += _columns(side, deepest - 1)
        if line:
            ordered.append(line)
    return ordered


def _gutter(found: Sequence[Found]) -> float | None:
    """Where a page is divided into two columns; None where it is not."""
    if len(found) < 2 * _FEWEST:
        return None
    left, right = min(one.box[0] for one in found), max(one.box[2] for one in found)
    best: tuple[float, float, float] | None = None
    for step in range(_STEPS // 4, _STEPS * 3 // 4):
        x = left + (right - left) * step / _STEPS
        crossing = sum(one.box[0] < x < one.box[2] for one in found)
        sides = [
            sum(one.box[2] <= x for one in found),
            sum(one.box[0] >= x for one in found),
        ]
        if crossing > _SPANNING * len(found) or min(sides) < _FEWEST:
            continue
        if not _side_by_side(found, x):
            continue
        score = (float(crossing), abs(x - (left + right) / 2), x)
        best = score if best is None else min(best, score)
    return best[2] if best else None


def _side_by_side(found: Sequence[Found], x: float) -> bool:
    """Whether most lines of the shorter side have lines beside them, and fill their column."""
    left = [one.box for one in found if one.box[2] <= x]
    right = [one.box for one in found if one.box[0] >= x]
    fewer, more = sorted((left, right), key=len)
    top, bottom = max(box[3] for box in more), min(box[1] for box in more)
    beside = sum(bottom <= (box[1] + box[3]) / 2 <= top for box in fewer)
    return 2 * beside >= len(fewer)


def _lines(found: Sequence[Found]) -> list[list[Found]]:
    """From top to bottom; what stands at one height is one line."""
    lines: list[list[Found]] = []
    for one in sorted(found, key=lambda one: -_middle(one.box)):
        if lines and _shares_height(lines[-1][-1].box, one.box):
            lines[-1].append(one)
        else:
            lines.append([one])
    return [sorted(line, key=lambda one: one.box[0]) for line in lines]


def _shares_height(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(_height(one), _height(other))


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _height(box: Box) -> float:
    return box[3] - box[1]


def _is_upright(box: Box, size: float) -> bool:
    return _height(box) > 2 * size and _height(box) > 2 * (box[2] - box[0])
