"""The process that shows PDFs: sizes and pictures of pages, lines of their text, bookmarks.

Reads one request a line from standard input, JSON ``{"path", "max_pages", "seconds", "what",
"page", "width", "most"}``, and answers with one frame as :mod:`openbook.sources.pdf_worker` does:

    S  the size of each page: two doubles (width, height)
    P  a picture: width and height (four bytes each), then four bytes a pixel (R, G, B, unused)
    L  the lines of a page: start and end (eight bytes), left, bottom, right, top (doubles)
    H  JSON ``[[title, page, level], ...]``
    E  JSON ``{"kind", "detail"}``: the file cannot be shown

The last few documents stay open. Their bytes are not copied: PDFium reads what it needs.
"""

from __future__ import annotations

import ctypes
import json
import math
import mmap
import os
import struct
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2_raw as pdfium  # type: ignore[import-untyped]

from openbook.sources.lines import Box, lines
from openbook.sources.pdf_bookmarks import bookmarks
from openbook.sources.pdf_hidden import is_unseen
from openbook.sources.pdf_worker import BOX, Refused, opened, send, serve, text_of
from openbook.sources.whole import is_whole

KEPT = 4
"""Documents kept open."""
ASKED_MOST = 100
"""Requests after which all are closed: PDFium keeps much of every page that it has shown, some
0.4 MB of a page of text, and opening anew takes a few milliseconds."""
SIZE = struct.Struct("=2d")
LINE = struct.Struct("=2Q4d")
HEAD = struct.Struct("=2I")
MAX_SIDE = 16_000
"""Pixels: a WebP picture has at most 16,383 on a side."""
_WHITE = 0xFFFFFFFF


class Shelf:
    """The documents that are open, the one asked last at the end."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, int, int], tuple[Any, int]] = OrderedDict()
        self._asked = 0

    def document(self, path: str, max_pages: int) -> tuple[Any, int]:
        """The document at a path and its number of pages. Raises :class:`Refused`."""
        try:
            stat = os.stat(path)  # noqa: PTH116 - pathlib is slow to import
        except OSError as error:
            raise Refused("missing") from error
        self._asked += 1
        if self._asked % ASKED_MOST == 0:
            self._close(0)
        key = path, stat.st_mtime_ns, stat.st_size
        if key not in self._open:
            _require_whole(path)
            self._close(KEPT - 1)
            self._open[key] = opened(path, max_pages)
        self._open.move_to_end(key)
        return self._open[key]

    def _close(self, but: int) -> None:
        while len(self._open) > but:
            pdfium.FPDF_CloseDocument(self._open.popitem(last=False)[1][0])


_shelf = Shelf()


def _require_whole(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                whole = is_whole(data)
        except ValueError:  # an empty file
            whole = False
    if not whole:
        raise Refused("cut_short")


def answer(request: dict[str, Any]) -> None:
    """Write the frame that answers one request."""
    document, count = _shelf.document(request["path"], request["max_pages"])
    what = request["what"]
    if what == "sizes":
        send(b"S", b"".join(SIZE.pack(*_size(document, index)) for index in range(count)))
    elif what == "outline":
        send(b"H", json.dumps(bookmarks(document)).encode())
    else:
        if not 1 <= request["page"] <= count:
            raise Refused("no_page", str(count))
        with _page(document, request["page"] - 1) as page:
            if what == "picture":
                _picture(page, request["width"], request["most"])
            else:
                send(b"L", _lines(page))


@contextmanager
def _page(document: Any, index: int) -> Iterator[Any]:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise Refused("page", str(index + 1))
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)


def _size(document: Any, index: int) -> tuple[float, float]:
    """Width and height of a page as displayed; zeros where it cannot be displayed."""
    size = pdfium.FS_SIZEF()
    if not pdfium.FPDF_GetPageSizeByIndexF(document, index, ctypes.byref(size)):
        return 0.0, 0.0
    return _sound(size.width, size.height)


def _sound(width: float, height: float) -> tuple[float, float]:
    if math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0:
        return width, height
    return 0.0, 0.0


def _picture(page: Any, wanted: int, most: int) -> None:
    """A page on white, ``wanted`` pixels wide or as many as make no more than ``most`` in all."""
    across, up = _sound(pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page))
    if not across:
        raise Refused("no_size")
    scale = min(wanted / across, MAX_SIDE / across, MAX_SIDE / up, math.sqrt(most / (across * up)))
    width, height = max(1, int(across * scale + 1e-6)), max(1, int(up * scale + 1e-6))
    pixels = (ctypes.c_char * (4 * width * height))()
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRx, pixels, 4 * width)
    if not bitmap:
        raise Refused("memory")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
        # Annotations as they look; a form's scripts would need an environment that is not made.
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    send(b"P", HEAD.pack(width, height), memoryview(pixels).cast("B"))


def _lines(page: Any) -> bytes:
    if is_unseen(page):
        return b""
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        text, packed = text_of(text_page, with_boxes=True)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    boxes = list(BOX.iter_unpack(packed))
    show = _Shown(page)
    return b"".join(LINE.pack(one.start, one.end, *show(one.box)) for one in lines(text, boxes))


class _Shown:
    """From a page's own coordinates to those of the page as displayed: turned, and cropped."""

    def __init__(self, page: Any) -> None:
        area = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(area))
        self.left, self.bottom, self.right, self.top = (
            area.left,
            area.bottom,
            area.right,
            area.top,
        )
        self.turns = pdfium.FPDFPage_GetRotation(page) % 4

    def __call__(self, box: Box) -> Box:
        """A box as displayed; what lies outside the page is put on its edge."""
        left, right = (min(max(x, self.left), self.right) for x in (box[0], box[2]))
        bottom, top = (min(max(y, self.bottom), self.top) for y in (box[1], box[3]))
        if self.turns == 1:
            return bottom - self.bottom, self.right - right, top - self.bottom, self.right - left
        if self.turns == 2:
            return self.right - right, self.top - top, self.right - left, self.top - bottom
        if self.turns == 3:
            return self.top - top, left - self.left, self.top - bottom, right - self.left
        return left - self.left, bottom - self.bottom, right - self.left, top - self.bottom


if __name__ == "__main__":
    serve(answer)
