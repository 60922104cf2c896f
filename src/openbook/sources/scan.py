"""Scans: what an engine reads from pictures of pages, as a layer of its own with boxes.

The pages are rendered in one confined process and read in another; what comes of them is checked
here. The engine is an extra: without it, nothing is read and :class:`NoEngineError` says so.
"""

from __future__ import annotations

import json
import math
import struct
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from openbook.sources.confined import Confined, ConfinedError, CrashError, LateError
from openbook.sources.errors import ExtractionError
from openbook.sources.lines import Box, Line
from openbook.sources.pdf import require_sense
from openbook.sources.pdf_view import PdfViewer, Pixels
from openbook.sources.scan_engine import DPI, INSTALL, engine
from openbook.sources.scan_order import Found, rows

SECONDS = 120.0
"""For one page: some three seconds are usual, and the first has the engine to load."""
MEMORY = 4 * 1024**3
"""Bytes of address space: the engine maps much more than it uses."""
_MOST = 8 * 1024 * 1024
"""Bytes of what is found on one page."""


class NoEngineError(ExtractionError):
    """No engine that reads scans is installed."""

    def __init__(self) -> None:
        super().__init__(f"no engine that reads scans is installed: {INSTALL}")


class ReadPage(NamedTuple):
    """What was read from the picture of one page."""

    text: str
    lines: tuple[Line, ...]
    """Where its lines stand: boxes in points from the lower left corner of the page as displayed,
    offsets in the text."""


@dataclass
class ScanReader:
    """Reads pages of PDFs, one after another, in one process. Use as a context manager."""

    seconds: float = SECONDS
    memory: int = MEMORY
    _viewer: PdfViewer = field(init=False, default_factory=PdfViewer)
    _worker: Confined = field(init=False)

    def __post_init__(self) -> None:
        self._worker = Confined("openbook.sources.scan_worker", self.memory)

    def __enter__(self) -> Self:
        if engine() is None:
            raise NoEngineError
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._worker.stop()
        self._viewer.close()

    def page(self, path: Path, page: int, name: str) -> ReadPage:
        """What stands on a page, counted from 1, of the PDF at ``path``. Raises
        :class:`ExtractionError`."""
        pixels = self._viewer.pixels(path, page, DPI, name)
        size = self._viewer.sizes(path, name)[page - 1]
        scale = size.width / pixels.width
        try:
            found = self._found(pixels)
        except (ConfinedError, ValueError, TypeError, struct.error, RecursionError) as error:
            self._worker.stop()
            raise ExtractionError(f"page {page} of {name}: {_said(error, self.seconds)}") from error
        except BaseException:
            self._worker.stop()
            raise
        return as_page([Found(one.text, _in_points(one.box, scale, size.height)) for one in found])

    def _found(self, pixels: Pixels) -> list[Found]:
        with tempfile.NamedTemporaryFile(suffix=".rgbx") as file:
            file.write(pixels.rgbx)
            file.flush()
            request: dict[str, object] = {
                "path": file.name,
                "width": pixels.width,
                "height": pixels.height,
                "seconds": self.seconds,
            }
            self._worker.ask(request)
            kind, body = self._worker.frame(time.monotonic() + self.seconds, _MOST)
        if kind == b"E":
            raise MemoryFullError
        require_sense(kind == b"L")
        return [_checked(one) for one in json.loads(body)]


class MemoryFullError(ConfinedError):
    """The page takes more memory than it may."""


def _checked(one: list[object]) -> Found:
    text, *box = one
    require_sense(isinstance(text, str) and len(box) == 4)
    sides = [float(side) for side in box if isinstance(side, int | float)]
    require_sense(len(sides) == 4 and all(map(math.isfinite, sides)))
    clean = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    left, top, right, bottom = sides
    return Found(clean, (left, top, right, bottom))


def _in_points(box: Box, scale: float, height: float) -> Box:
    left, top, right, bottom = box
    return left * scale, height - bottom * scale, right * scale, height - top * scale


def as_page(found: list[Found]) -> ReadPage:
    """Stretches as the text of a page, line by line."""
    text, lines = "", []
    for row in rows([one for one in found if one.text]):
        for number, one in enumerate(row):
            text += " " if number else "\n" if text else ""
            lines.append(Line(len(text), len(text) + len(one.text), one.box))
            text += one.text
    return ReadPage(text, tuple(lines))


def _said(error: Exception, seconds: float) -> str:
    if isinstance(error, LateError):
        return f"reading it took longer than {seconds:g} s and was stopped"
    if isinstance(error, CrashError):
        return f"the engine that reads scans crashed ({error})"
    if isinstance(error, MemoryFullError):
        return "reading it takes more memory than it may"
    return "the engine that reads scans could not be started or answered nonsense"
