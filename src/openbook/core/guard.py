"""Texts in CSV: never the beginning of a formula, and back again.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break as a
formula, and quotes come from strangers' documents. Such cells get a leading apostrophe, which a
spreadsheet hides and another program must drop.
"""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could take a cell with this text for a formula."""
    return text.startswith(_FORMULA)


def guarded(text: str) -> str:
    """``text`` as a spreadsheet may see it: never the beginning of a formula."""
    return f"'{text}" if is_formula_like(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """What :func:`guarded` was given."""
    return text[1:] if text.startswith("'") and is_formula_like(text.lstrip("'")) else text
