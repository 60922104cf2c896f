"""The process that parses PDFs, apart from the rest: a hostile file can only take this one down.

Reads one request a line from standard input, JSON ``{"path", "max_pages", "seconds", "boxes",
"page", "about"}``, and answers on standard output with frames: one byte for the kind, four for the
length, then the body.

    N  number of pages (decimal)
    T  the text of one page, UTF-8
    B  the boxes of its characters: four doubles each (left, bottom, right, top)
    M  JSON ``{"title", "created", "language"}``: what the file says, in place of its pages
    D  done
    E  JSON ``{"kind", "detail"}``: the file could not be parsed

The only argument is how much memory (bytes of address space) the process may take. It sets its
own limits before it reads anything.

Only the standard library and pypdfium2's raw bindings are imported: start-up is most of the cost
of a short document.
"""

from __future__ import annotations

import ctypes
import json
import math
import signal
import struct
import sys
from collections import deque
from collections.abc import Callable
from itertools import repeat
from typing import Any

# Not by way of pypdfium2, whose helpers take three times as long to import.
import pypdfium2_raw as pdfium  # type: ignore[import-untyped]

from openbook.sources.confine import confine
from openbook.sources.pdf_hidden import is_unseen

BOX = struct.Struct("=4d")
"""The box of one character."""


_MOST_SAID = 1024
"""Characters of a title or date that a file may declare: longer ones are left out."""


def _address(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


# A prototype without argument types takes ready-made pointers as they are, nearly three times
# quicker than one that converts numbers at each call; a call this short may keep the GIL.
_get_box: Any = ctypes.PYFUNCTYPE(None)(_address(pdfium.FPDFText_GetCharBox))

_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: "encrypted",
    pdfium.FPDF_ERR_SECURITY: "encrypted",
    pdfium.FPDF_ERR_FORMAT: "damaged",
}


class Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    """The file cannot be parsed; ``kind`` and ``detail`` go to the parent."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind, self.detail = kind, detail


def send(kind: bytes, *parts: bytes | memoryview) -> None:
    """Write one frame."""
    sys.stdout.buffer.write(struct.pack(">cI", kind, sum(map(len, parts))))
    for part in parts:
        sys.stdout.buffer.write(part)


def opened(path: str, max_pages: int) -> tuple[Any, int]:
    """The document at a path, to be closed, and its pages. Raises :class:`Refused`."""
    document = pdfium.FPDF_LoadDocument(path.encode() + b"\0", None)
    if not document:
        raise Refused(_ERRORS.get(pdfium.FPDF_GetLastError(), "damaged"))
    count = int(pdfium.FPDF_GetPageCount(document))
    if count > max_pages:
        pdfium.FPDF_CloseDocument(document)
        raise Refused("too_long", str(count))
    return document, count


def answer(request: dict[str, Any]) -> None:
    """Parse one file and write its frames."""
    document, count = opened(request["path"], request["max_pages"])
    try:
        send(b"N", str(count).encode())
        sys.stdout.buffer.flush()
        if request["about"]:
            send(b"M", json.dumps(_about(document)).encode())
            return
        wanted = range(count) if request["page"] is None else (request["page"] - 1,)
        for index in wanted:
            _page(document, index, with_boxes=request["boxes"])
            # At once, so that the parent knows the page on which we crash.
            sys.stdout.buffer.flush()
        send(b"D")
    finally:
        pdfium.FPDF_CloseDocument(document)


def _about(document: Any) -> dict[str, str]:
    """What the file declares of itself; empty where it says nothing."""
    meta, language = pdfium.FPDF_GetMetaText, pdfium.FPDFCatalog_GetLanguage
    return {
        "title": _said(lambda *buffer: meta(document, b"Title", *buffer)),
        "created": _said(lambda *buffer: meta(document, b"CreationDate", *buffer)),
        "language": _said(lambda *buffer: language(document, *buffer)),
    }


def _said(ask: Callable[[Any, int], int]) -> str:
    buffer = (ctypes.c_ushort * _MOST_SAID)()
    size = ask(buffer, 2 * _MOST_SAID)
    fits = 2 < size <= 2 * _MOST_SAID
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace") if fits else ""


def _page(document: Any, index: int, *, with_boxes: bool) -> None:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        if 0 <= index < pdfium.FPDF_GetPageCount(document):
            # As an empty page it would pass for one that says nothing.
            raise Refused("page", str(index + 1))
        send(b"T")
        if with_boxes:
            send(b"B")
        return
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        is_seen = not is_unseen(page)
        text, boxes = text_of(text_page, with_boxes=with_boxes) if is_seen else ("", b"")
        send(b"T", text.encode("utf-8", "surrogatepass"))
        if with_boxes:
            send(b"B", boxes)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
        pdfium.FPDF_ClosePage(page)


def text_of(text_page: Any, *, with_boxes: bool) -> tuple[str, bytes]:
    """A page's text with ``\\r\\n`` as ``\\n``, and one box for each of its characters."""
    count = max(0, pdfium.FPDFText_CountChars(text_page))
    # PDFium is asked for ``count`` characters and may write more units than that.
    buffer = (ctypes.c_ushort * (2 * count + 16))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer) if count else 0
    raw = bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", "surrogatepass")
    text = raw.replace("\r\n", "\n")
    if not with_boxes:
        return text, b""
    boxes = _room.boxes(text_page, count)
    if max(0, written - 1) == len(raw) == len(text) == count:
        return text, boxes
    is_plain = max(0, written - 1) == len(raw) == count
    return text, _aligned(raw, boxes, None if is_plain else text_page)


class _Room:
    """Room for the boxes of a page's characters, kept from page to page."""

    def __init__(self) -> None:
        self._grow(4096)

    def _grow(self, size: int) -> None:
        self.size = size
        self.doubles = (ctypes.c_double * (4 * size))()
        self.places = [
            [ctypes.byref(self.doubles, 32 * index + 8 * side) for index in range(size)]
            for side in range(4)
        ]

    def boxes(self, text_page: Any, count: int) -> bytes:
        if count > self.size:
            self._grow(2 * count)
        left, bottom, right, top = self.places
        handle = ctypes.byref(ctypes.c_char.from_address(_address(text_page)))
        deque(map(_get_box, repeat(handle), range(count), left, right, bottom, top), maxlen=0)
        return bytes(memoryview(self.doubles).cast("B")[: 32 * count])


_room = _Room()


def _aligned(raw: str, boxes: bytes, text_page: Any) -> bytes:
    """The boxes of the characters of the text, where PDFium counts otherwise than Python.

    Lines end with two characters where we have one. With ``text_page`` PDFium is asked which box
    is whose: it counts UTF-16 units, and some characters with a box have no place in the text.
    """
    kept: list[bytes] = []
    unit = 0
    for place, char in enumerate(raw):
        if not (char == "\r" and raw[place + 1 : place + 2] == "\n"):
            index = place
            if text_page is not None:
                index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, unit)
            kept.append(boxes[32 * index : 32 * index + 32] if index >= 0 else bytes(32))
        unit += 2 if char > "\uffff" else 1
    return b"".join(kept)


def expire(seconds: float | None) -> None:
    """Be killed a while after the time is over, should the parent be gone before it kills us."""
    if hasattr(signal, "alarm"):
        signal.alarm(0 if seconds is None else math.ceil(seconds) + 5)


def serve(answer: Callable[[dict[str, Any]], None]) -> None:
    """Answer requests until the parent closes the pipe, within the limits of the argument."""
    confine(int(sys.argv[1]))
    pdfium.FPDF_InitLibrary()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        expire(request["seconds"])
        try:
            answer(request)
        except Refused as refused:
            send(b"E", json.dumps({"kind": refused.kind, "detail": refused.detail}).encode())
        except MemoryError:
            send(b"E", json.dumps({"kind": "memory", "detail": ""}).encode())
        sys.stdout.buffer.flush()
        expire(None)


if __name__ == "__main__":
    serve(answer)
