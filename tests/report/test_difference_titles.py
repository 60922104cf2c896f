"""Whatever may differ has a heading."""

from __future__ import annotations

from typing import get_args

from openbook.core.difference import PartName
from openbook.report.difference import TITLES


def test_every_part_of_a_difference_has_a_title() -> None:
    assert set(TITLES) == set(get_args(PartName))
