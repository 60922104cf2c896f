"""PDFs to look at: pictures of pages, where their lines of text stand, and bookmarks.

All of it is made in a confined process that may be killed, like the text of :mod:`.pdf`. It sends
pixels and numbers alone, which are checked here; the pictures are encoded here, so that no byte of
a stranger's reaches a decoder of pictures.
"""

from __future__ import annotations

import io
import json
import math
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

from PIL import Image

from openbook.core.outline import DEEPEST, LONGEST_TITLE, MOST_HEADINGS, Heading
from openbook.sources.confined import (
    Confined,
    ConfinedError,
    CrashError,
    LateError,
    NotStartedError,
)
from openbook.sources.errors import ExtractionError
from openbook.sources.lines import Line
from openbook.sources.pdf import HOSTILE, NONSENSE, Limits, refusal, require_sense

NARROWEST, WIDEST = 200, 2400
"""Pixels across a picture."""
MOST_PIXELS = 8_500_000
"""In one picture, whatever its shape: a sheet of A4 at the greatest width."""
PICTURE_TYPE = "image/webp"
"""Media type of the pictures."""
SECONDS = 20.0
"""For one answer: someone waits for it, and for the process."""

_HIGHEST = 16_000
# A page of text 1000 pixels wide: WebP takes 45 ms and 200 kB so (method 4: 125 ms and 170 kB), PNG
# 30 to 50 ms and 330 to 440 kB.
_QUALITY, _METHOD = 80, 0
_MOST_TEXT = 48 * 1024 * 1024
"""Bytes that the lines or the bookmarks of a document may take, as sent."""
_SIZE = struct.Struct("=2d")
_LINE = struct.Struct("=2Q4d")
_HEAD = struct.Struct("=2I")


@dataclass(frozen=True, slots=True)
class Size:
    """A page as displayed, its rotation and crop applied."""

    width: float
    """Points; 0 where the page cannot be displayed, and so is the height."""
    height: float


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Question(Generic[_T]):
    what: str
    kind: bytes
    """Of the frame that answers it."""
    most: int
    """Bytes of the answer."""
    read: Callable[[bytearray], _T]
    """Checks the answer. Raises one of ``_FAILURES``."""


def _seconds_to_wait() -> Limits:
    return replace(Limits.from_environment(), seconds=SECONDS)


@dataclass
class PdfViewer:
    """Shows PDFs, page by page, from one process that keeps the last few of them open.

    The process is started when it is needed and killed when it fails. Use as a context manager.
    Threads may share one: their requests are answered one after another. Every method takes the
    path of a file that the caller trusts not to change, and a name for messages, and raises
    :class:`ExtractionError`.
    """

    limits: Limits = field(default_factory=_seconds_to_wait)
    """Seconds are those for one answer."""
    _worker: Confined = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._worker = Confined("openbook.sources.pdf_view_worker", self.limits.memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next request would start another."""
        with self._lock:
            self._worker.stop()

    def sizes(self, path: Path, name: str = "") -> tuple[Size, ...]:
        """The size of every page."""
        return self._ask(path, name, _SIZES)

    def picture(self, path: Path, page: int, width: int, name: str = "") -> bytes:
        """A page, counted from 1, as a picture of :data:`PICTURE_TYPE` on white.

        It is ``width`` pixels wide, but no less than :data:`NARROWEST` and no more than
        :data:`WIDEST`, and less where it would have more than :data:`MOST_PIXELS`.
        """
        width = min(max(width, NARROWEST), WIDEST)
        return _encoded(self._ask(path, name, _PICTURE, page, width))

    def pixels(self, path: Path, page: int, dpi: float, name: str = "") -> Pixels:
        """A page, counted from 1, pixel by pixel on white, with so many pixels to the inch: fewer
        where it would have more than :data:`MOST_PIXELS`."""
        sizes = self.sizes(path, name)
        across = sizes[page - 1].width if 1 <= page <= len(sizes) else 0.0
        return self._ask(path, name, _PICTURE, page, max(1, round(across * dpi / 72)))

    def lines(self, path: Path, page: int, name: str = "") -> tuple[Line, ...]:
        """The lines of a page's text, in order, each with its box on the page as displayed.

        They count in the text that :meth:`openbook.sources.pdf.PdfParser.pages` gives, and cover
        all of it but white space. Boxes are in points from the lower left corner.
        """
        return self._ask(path, name, _LINES, page)

    def outline(self, path: Path, name: str = "") -> tuple[Heading, ...]:
        """The bookmarks that lead to a page, at most 2,000; empty where there are none."""
        return self._ask(path, name, _OUTLINE)

    def _ask(
        self,
        path: Path,
        name: str,
        question: _Question[_T],
        page: int = 0,
        width: int = 0,
    ) -> _T:
        name = name or path.name
        request: dict[str, object] = {
            "path": str(path.absolute()),
            "max_pages": self.limits.pages,
            "seconds": self.limits.seconds,
            "what": question.what,
            "page": page,
            "width": width,
            "most": MOST_PIXELS,
        }
        with self._lock:
            try:
                self._worker.ask(request)
                deadline = time.monotonic() + self.limits.seconds
                kind, body = self._worker.frame(deadline, question.most)
                if kind != b"E":
                    require_sense(kind == question.kind)
                    return question.read(body)
                said = _refusal(body, name, page, self.limits)
            except _FAILURES as error:
                self._worker.stop()
                raise ExtractionError(_failure(error, name, page, self.limits)) from error
            except BaseException:
                # What is left in the pipe belongs to no later request.
                self._worker.stop()
                raise
        raise ExtractionError(said)


def _failure(error: Exception, name: str, page: int, limits: Limits) -> str:
    where = f"page {page} of {name}" if page else name
    if isinstance(error, NotStartedError):
        return f"{name}: the process that shows PDFs could not be started"
    if isinstance(error, LateError):
        return (
            f"{where} took longer than {limits.seconds:g} s to show and was stopped; "
            "the file may be damaged or made to hang"
        )
    if isinstance(error, CrashError):
        return f"{where}: the PDF parser crashed or ran out of memory ({error}); {HOSTILE}"
    return f"{name}: {NONSENSE}"


def _refusal(body: bytearray, name: str, page: int, limits: Limits) -> str:
    said = dict(json.loads(body))
    if said.get("kind") == "missing":
        return f"{name} is not at hand any more; add it again"
    if said.get("kind") == "no_page":
        return f"{name} has no page {page}"
    if said.get("kind") == "no_size":
        return f"page {page} of {name} cannot be shown: it has no size"
    return refusal(body, name, limits)


def _sizes(body: bytearray) -> tuple[Size, ...]:
    sizes = tuple(Size(*pair) for pair in _SIZE.iter_unpack(body))
    require_sense(all(0 <= side < math.inf for one in sizes for side in (one.width, one.height)))
    return sizes


class Pixels(NamedTuple):
    """A picture, as it is."""

    width: int
    height: int
    rgbx: bytearray
    """Four bytes a pixel, the last of them unused, rows from the top."""


def _pixels(body: bytearray) -> Pixels:
    width, height = _HEAD.unpack_from(body)
    require_sense(1 <= width <= _HIGHEST and 1 <= height <= _HIGHEST)
    require_sense(len(body) == _HEAD.size + 4 * width * height)
    del body[: _HEAD.size]
    return Pixels(width, height, body)


def _encoded(pixels: Pixels) -> bytes:
    # A view of the pixels, not a copy, and WebP takes it as it is.
    size = pixels.width, pixels.height
    image = Image.frombuffer("RGBX", size, pixels.rgbx, "raw", "RGBX", 0, 1)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=_METHOD)
    return out.getvalue()


def _lines(body: bytearray) -> tuple[Line, ...]:
    found = tuple(Line(start, end, tuple(box)) for start, end, *box in _LINE.iter_unpack(body))
    require_sense(all(one.start < one.end for one in found))
    require_sense(all(one.end <= after.start for one, after in pairwise(found)))
    require_sense(all(math.isfinite(side) for one in found for side in one.box))
    return found


def _headings(body: bytearray) -> tuple[Heading, ...]:
    found = tuple(Heading(title, page, level) for title, page, level in json.loads(body))
    require_sense(len(found) <= MOST_HEADINGS and all(map(_is_heading, found)))
    return found


def _is_heading(one: Heading) -> bool:
    return (
        isinstance(one.title, str)
        and 0 < len(one.title) <= LONGEST_TITLE
        and one.title.isprintable()
        and type(one.page) is type(one.level) is int
        and one.page > 0
        and 0 < one.level <= DEEPEST
    )


_FAILURES = (ConfinedError, ValueError, TypeError, struct.error, RecursionError)
"""What comes of an answer that the process does not give while it is ours."""
_SIZES = _Question("sizes", b"S", _MOST_TEXT, _sizes)
_PICTURE = _Question("picture", b"P", _HEAD.size + 4 * MOST_PIXELS, _pixels)
_LINES = _Question("lines", b"L", _MOST_TEXT, _lines)
_OUTLINE = _Question("outline", b"H", _MOST_TEXT, _headings)
