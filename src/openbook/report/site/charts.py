"""Geometry of the small charts: plain numbers, drawn as SVG by a template.

Colours come from classes in the style sheet; a page's content policy allows no style attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of a stacked bar."""

    x: float
    width: float
    css: str
    label: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar divided into shares."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    label: str
    """The whole in words."""


def stack(parts: Sequence[tuple[str, int, str]], width: float = 240, height: float = 16) -> Stack:
    """A stacked bar of (class, number, what it counts); parts of nothing are left out."""
    total = sum(number for _, number, _ in parts)
    bars: list[Bar] = []
    x = 0.0
    for css, number, words in parts:
        if not number:
            continue
        share = width * number / total
        bars.append(Bar(round(x, 2), round(max(share - 1, 0.5), 2), css, f"{number} {words}"))
        x += share
    label = "; ".join(bar.label for bar in bars) or "nothing to count"
    return Stack(width, height, tuple(bars), label)


@dataclass(frozen=True, slots=True)
class Dot:
    """A value on a line."""

    x: float
    y: float
    figure: str
    figure_y: float
    name: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A horizontal line with its figure."""

    y: float
    figure: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Values over releases."""

    width: float
    height: float
    left: float
    right: float
    base: float
    grid: tuple[Grid, ...]
    path: str
    dots: tuple[Dot, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value to be drawn; None where there is nothing to draw."""

    name: str
    value: float | None
    figure: str
    href: str


APART = 34
"""Pixels between two labels at least."""


def line_chart(
    values: Sequence[Value], top: float, label: str, width: float = 330, height: float = 190
) -> LineChart:
    """A line over the values in order; a gap in the values is a gap in the line."""
    left, right, above, below = 26.0, width - 14, 16.0, 30.0
    base = height - below
    step = (right - left - 30) / max(1, len(values) - 1)

    def y(value: float) -> float:
        return round(base - (base - above) * value / top, 1)

    every = max(1, ceil(APART / step)) if len(values) > 1 else 1
    dots: list[Dot] = []
    path: list[str] = []
    pen = "M"
    for place, one in enumerate(values):
        if one.value is None:
            pen = "M"
            continue
        x = round(left + 15 + step * place, 1) if len(values) > 1 else round((left + right) / 2, 1)
        path.append(f"{pen}{x} {y(one.value)}")
        pen = "L"
        up = y(one.value) - 11
        figure_y = up if up > above - 6 else y(one.value) + 20
        words = f"{one.name}: {one.figure}"
        # From the latest back, as many as do not stand on each other; all say it when pointed at.
        is_told = (len(values) - 1 - place) % every == 0
        figure, name = (one.figure, one.name) if is_told else ("", "")
        dots.append(Dot(x, y(one.value), figure, figure_y, name, one.href, words))
    grid = tuple(Grid(y(level), str(level)) for level in range(int(top) + 1))
    return LineChart(width, height, left, right, base, grid, "".join(path), tuple(dots), label)


@dataclass(frozen=True, slots=True)
class Lean:
    """A bar from a middle line to the left (less) or to the right (more), with an interval."""

    width: float
    height: float
    middle: float
    x: float
    length: float
    css: str
    low: float | None
    high: float | None
    label: str


def lean(
    value: float,
    most: float,
    label: str,
    interval: tuple[float, float] | None = None,
    width: float = 200,
    height: float = 16,
) -> Lean:
    """A bar for a signed value, ``most`` being the largest that fits."""
    middle = width / 2
    scale = (middle - 2) / most if most else 0

    def at(one: float) -> float:
        return round(middle + max(-most, min(most, one)) * scale, 1)

    end = at(value)
    css = "fell" if value < 0 else "rose"
    low, high = (at(interval[0]), at(interval[1])) if interval else (None, None)
    length = round(abs(end - middle), 1)
    return Lean(width, height, middle, min(end, middle), length, css, low, high, label)
