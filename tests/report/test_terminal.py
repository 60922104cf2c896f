"""The terminal's heatmap: readable without colour, in any width, and never obeying its data."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from openbook.core.records import Audit
from openbook.report.palette import GRADE_COLOURS
from openbook.report.terminal import heatmap_text


def test_the_small_audit_in_full(small: Audit) -> None:
    assert (
        heatmap_text(small, 100)
        == """\
A small audit
Release  Year WHO WHY_2 HOW   Sum
Acme Ox
  Ox 1   2022  3     0   4   7/12
  Ox 2   2023  1     2   ·    3/8

Hive Bee
  Bee 1        0     0   1   1/12

 0  Nothing
 1  Hints
 2  Some
 3  Most
 4  All
 ·  Not settled
8 of 9 cells settled
graded by: 1 language model, 1 person
edition 2026.11
"""
    )


def test_colour_adds_nothing_but_colour(small: Audit) -> None:
    coloured = heatmap_text(small, 100, colour=True)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    squeezed = [" ".join(line.split()) for line in plain.splitlines()]
    assert squeezed == [" ".join(one.split()) for one in heatmap_text(small, 100).splitlines()]
    red, green, blue = (int(GRADE_COLOURS[3][i : i + 2], 16) for i in (1, 3, 5))
    assert f"48;2;{red};{green};{blue}" in coloured


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_hundred_questions_fold_and_none_is_lost(hostile: Audit, width: int) -> None:
    text = heatmap_text(hostile, width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    words = text.split()
    assert all(words.count(f"Q_{number}") == 1 for number in range(100))
    assert words.count("170/340") == 8 * words.count("Sum")


def test_data_cannot_steer_the_terminal(hostile: Audit) -> None:
    text = heatmap_text(hostile, 100)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "[red]markup" in text


def test_the_environment_does_not_matter(small: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    before = heatmap_text(small, 100, colour=True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "dumb")
    assert heatmap_text(small, 100, colour=True) == before
