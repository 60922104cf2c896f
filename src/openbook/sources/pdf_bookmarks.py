"""The bookmarks of an open PDF, for the confined process."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2_raw as pdfium  # type: ignore[import-untyped]

MAX_HEADINGS, MAX_LEVEL, MAX_TITLE = 2000, 10, 200
"""As in :mod:`openbook.core.outline`, which takes too long to import."""


def bookmarks(document: Any) -> list[tuple[str, int, int]]:
    """Title, page (from 1) and level (from 1) of each bookmark that leads to a page, in order.

    Bookmarks may lead to each other in circles: each is looked at once.
    """
    found: list[tuple[str, int, int]] = []
    seen: set[int] = set()
    pages = pdfium.FPDF_GetPageCount(document)
    stack = [(pdfium.FPDFBookmark_GetFirstChild(document, None), 1)]
    while stack and len(seen) < 2 * MAX_HEADINGS and len(found) < MAX_HEADINGS:
        mark, level = stack.pop()
        address = ctypes.cast(mark, ctypes.c_void_p).value
        if not address or address in seen:
            continue
        seen.add(address)
        title, index = _title(mark), _page(document, mark)
        if title and 0 <= index < pages:
            found.append((title, index + 1, level))
        stack.append((pdfium.FPDFBookmark_GetNextSibling(document, mark), level))
        if level < MAX_LEVEL:
            stack.append((pdfium.FPDFBookmark_GetFirstChild(document, mark), level + 1))
    return found


def _title(mark: Any) -> str:
    size = min(pdfium.FPDFBookmark_GetTitle(mark, None, 0), 1 << 20)
    buffer = ctypes.create_string_buffer(size + 2)
    pdfium.FPDFBookmark_GetTitle(mark, buffer, size)
    text = buffer.raw[: max(0, size - 2)].decode("utf-16-le", "ignore")
    words = "".join(char if char.isprintable() else " " for char in text).split()
    return " ".join(words)[:MAX_TITLE].rstrip()


def _page(document: Any, mark: Any) -> int:
    """The index of the page to which a bookmark leads; -1 for none."""
    target = pdfium.FPDFBookmark_GetDest(document, mark)
    if not target:
        action = pdfium.FPDFBookmark_GetAction(mark)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_GOTO:
            return -1
        target = pdfium.FPDFAction_GetDest(document, action)
    return int(pdfium.FPDFDest_GetDestPageIndex(document, target)) if target else -1
