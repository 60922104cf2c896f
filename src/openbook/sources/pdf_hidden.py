"""Whether the text of a PDF's page is one that nobody sees.

Programs of scanners lay what they recognised, unseen, over the picture of a page. It may be
misread, and nobody can see that: it is not the page's text. A few seen words, such as a stamp at
the foot, make no difference. Only what the file itself declares invisible is told so: white
letters on white paper, or letters beneath a picture, are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

# Not by way of pypdfium2, whose helpers take three times as long to import.
import pypdfium2_raw as pdfium  # type: ignore[import-untyped]

_ENOUGH = 50
"""Objects by which the seen or the unseen are ahead when the others are not counted any more."""
_DEEPEST = 4
"""Forms within forms that are looked into."""


def is_unseen(page: Any) -> bool:
    """Whether more of the page's stretches of text are invisible than visible."""
    ahead = 0
    for unseen in _texts(
        pdfium.FPDFPage_CountObjects(page), lambda at: pdfium.FPDFPage_GetObject(page, at), _DEEPEST
    ):
        ahead += 1 if unseen else -1
        if abs(ahead) >= _ENOUGH:
            break
    return ahead > 0


def _texts(count: int, get: Callable[[int], Any], deepest: int) -> Iterator[bool]:
    """Of each stretch of text, whether it is invisible."""
    for at in range(count):
        one = get(at)
        kind = pdfium.FPDFPageObj_GetType(one)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield pdfium.FPDFTextObj_GetTextRenderMode(one) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and deepest:
            yield from _texts(pdfium.FPDFFormObj_CountObjects(one), _inside(one), deepest - 1)


def _inside(form: Any) -> Callable[[int], Any]:
    return lambda at: pdfium.FPDFFormObj_GetObject(form, at)
