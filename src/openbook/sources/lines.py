"""Lines of a page, from its text and the boxes of its characters: what to lay over a picture.

Only the standard library is imported: the confined process uses it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points, from the page's lower left corner."""

_GAP = 1.6
"""Sizes between two characters beyond which they are in two columns or cells; justified words stand
about one size apart at most."""
_LEAP = 0.6
"""Sizes that the middle of a character may lie above or below its line: an exponent, an index."""
_ROW = re.compile(r"[^\n]+")
_SMALLEST = 2.0
"""Points that a size is at least: a row of full stops has none that tells."""


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of a page's text that stands on one line."""

    start: int
    """Offset in the page's text, counted in characters from 0; a character that is no space."""
    end: int
    """Offset just after its last character that is no space."""
    box: Box
    """Around all of its characters; without extent where none of them has a place."""


def lines(text: str, boxes: Sequence[Box]) -> Iterator[Line]:
    """The lines of a page in the order of its text; together they cover all but white space.

    A line ends where the text has a line break, and where its boxes jump: into the next column, to
    another height. A character whose box has no extent stands where its neighbours stand.
    """
    before = (0.0, 0.0, 0.0, 0.0)
    for row in _ROW.finditer(text):
        for start, end in _cut(text, boxes, *row.span()):
            found = _around([boxes[at] for at in range(start, end) if not text[at].isspace()])
            before = found or (before[2], before[1], before[2], before[1])
            yield Line(start, end, before)


def _cut(text: str, boxes: Sequence[Box], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between two line breaks, without white space around them."""
    size = _size(boxes[start:end])
    begin = last = -1
    now: Box | None = None
    previous: Box | None = None
    for at in range(start, end):
        if text[at].isspace():
            continue
        box = boxes[at]
        if _has_extent(box):
            if now is not None and previous is not None and _jumps(now, previous, box, size):
                yield begin, last + 1
                begin, now = at, None
            now = box if now is None else _joined(now, box)
            previous = box
        if begin < 0:
            begin = at
        last = at
    if begin >= 0:
        yield begin, last + 1


def _size(boxes: Sequence[Box]) -> float:
    """How large the characters of a row are: most are no larger; one huge initial does not tell."""
    extents = sorted(max(b[2] - b[0], b[3] - b[1]) for b in boxes if _has_extent(b))
    return max(_SMALLEST, extents[len(extents) * 3 // 4]) if extents else _SMALLEST


def _jumps(line: Box, previous: Box, box: Box, size: float) -> bool:
    across = max(box[0] - previous[2], previous[0] - box[2])
    along = max(box[1] - previous[3], previous[1] - box[3])
    if _is_upright(line, size):
        # Text that runs up or down the page, as the stamp on a preprint's margin does.
        return along > _GAP * size or across > _LEAP * size
    middle = (box[1] + box[3]) / 2
    leap = max(line[1] - middle, middle - line[3])
    return across > _GAP * size or leap > _LEAP * size


def _is_upright(line: Box, size: float) -> bool:
    width, height = line[2] - line[0], line[3] - line[1]
    return height > 2 * size and height > 2 * width


def _has_extent(box: Box) -> bool:
    return box[0] < box[2] and box[1] < box[3] and all(map(math.isfinite, box))


def _joined(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _around(boxes: Sequence[Box]) -> Box | None:
    real = [box for box in boxes if _has_extent(box)]
    if not real:
        return None
    lefts, bottoms, rights, tops = zip(*real, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
