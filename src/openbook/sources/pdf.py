"""PDF: page texts and character boxes, parsed in a process that may be killed.

The text is PDFium's, unchanged but for line ends: U+FFFE and U+0002 mark words divided at the end
of a line, and :mod:`openbook.core.text` knows them.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from openbook.core.text import Page
from openbook.sources.confined import (
    Confined,
    CrashError,
    Frame,
    LateError,
    NonsenseError,
    NotStartedError,
    TooLargeError,
)
from openbook.sources.errors import ExtractionError
from openbook.sources.lines import Box
from openbook.sources.whole import is_whole

OnPage = Callable[[int, int], None]
"""Called with the pages done and the pages in all."""

_MAX_TEXT = 64 * 1024 * 1024
"""Bytes of text in one document: as many as 20,000 dense pages have."""
_MAX_SAID = 64 * 1024
"""Bytes of what a file declares of itself."""
_BOX = struct.Struct("=4d")
NONSENSE = "the PDF parser answered nonsense; the file is damaged or hostile"
CUT_SHORT = "is cut short: the mark at the end of a PDF is missing; download it again"
HOSTILE = "the file is damaged or hostile. Print it to a new PDF and add that"


@dataclass(frozen=True, slots=True)
class Limits:
    """What parsing one document may take."""

    pages: int = 2000
    seconds: float = 120
    memory: int = 2 * 1024**3
    """Bytes of address space of the parsing process, where the system enforces it."""

    @classmethod
    def from_environment(cls) -> Limits:
        """The limits, with pages from ``OPENBOOK_MAX_PAGES`` where that is set."""
        text = os.environ.get("OPENBOOK_MAX_PAGES", "")
        is_count = re.fullmatch("0*[1-9][0-9]{0,8}", text)
        return cls(pages=int(text)) if is_count else cls()


@dataclass
class PdfParser:
    """Parses PDFs one after another in one process, started when needed and killed when it hangs.

    Use as a context manager.
    """

    limits: Limits = field(default_factory=Limits.from_environment)
    _worker: Confined = field(init=False)

    def __post_init__(self) -> None:
        self._worker = Confined("openbook.sources.pdf_worker", self.limits.memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._worker.stop()

    def pages(self, data: bytes, name: str, on_page: OnPage | None = None) -> tuple[Page, ...]:
        """The text of every page. Raises :class:`ExtractionError`."""
        texts = self._parse(data, name, on_page, boxes=False)
        return tuple(Page(number, text) for number, (text, _) in enumerate(texts, 1))

    def boxes(self, data: bytes, name: str, page: int) -> tuple[Box, ...]:
        """One box for each character of a page's text; ``page`` counts from 1."""
        for _, found in self._parse(data, name, None, boxes=True, page=page):
            return found
        return ()

    def pages_with_boxes(
        self, data: bytes, name: str, on_page: OnPage | None = None
    ) -> list[tuple[str, tuple[Box, ...]]]:
        """The text of every page with one box for each of its characters."""
        return list(self._parse(data, name, on_page, boxes=True))

    def about(self, data: bytes, name: str) -> dict[str, str]:
        """The ``title``, ``language`` and day of making (``created``) that a file declares, empty
        where it does not. Raises :class:`ExtractionError`."""
        _require_whole(data, name)
        deadline = time.monotonic() + self.limits.seconds
        with _on_disk(data, name) as path, self._asked(name):
            self._worker.ask(self._request(path, about=True))
            try:
                return self._said(name, deadline)
            except (NonsenseError, ValueError, TypeError) as error:
                raise ExtractionError(f"{name}: {NONSENSE}") from error

    def _said(self, name: str, deadline: float) -> dict[str, str]:
        kind, body = self._frame(deadline, 0, _MAX_SAID, name)
        if kind == b"E":
            raise ExtractionError(refusal(body, name, self.limits))
        require_sense(kind == b"N")
        kind, body = self._frame(deadline, 0, _MAX_SAID, name)
        require_sense(kind == b"M")
        said = dict(json.loads(body))
        return {one: str(said.get(one, "")) for one in ("title", "created", "language")}

    def _request(
        self, path: str, *, boxes: bool = False, page: int | None = None, about: bool = False
    ) -> dict[str, object]:
        return {
            "path": path,
            "max_pages": self.limits.pages,
            "seconds": self.limits.seconds,
            "boxes": boxes,
            "page": page,
            "about": about,
        }

    @contextlib.contextmanager
    def _asked(self, name: str) -> Iterator[None]:
        """A request: when it fails, what is left in the pipe belongs to no later one."""
        try:
            yield
        except BaseException as error:
            self._worker.stop()
            if isinstance(error, NotStartedError):
                raise ExtractionError(f"{name}: the PDF parser could not be started") from error
            raise

    def _parse(
        self,
        data: bytes,
        name: str,
        on_page: OnPage | None,
        *,
        boxes: bool,
        page: int | None = None,
    ) -> list[tuple[str, tuple[Box, ...]]]:
        _require_whole(data, name)
        deadline = time.monotonic() + self.limits.seconds
        found: list[tuple[str, tuple[Box, ...]]] = []
        with _on_disk(data, name) as path, self._asked(name):
            self._worker.ask(self._request(path, boxes=boxes, page=page))
            for total, text, its_boxes in self._answers(name, deadline, boxes, page):
                found.append((text, its_boxes))
                if on_page:
                    on_page(len(found), total)
        return found

    def _answers(
        self, name: str, deadline: float, boxes: bool, page: int | None
    ) -> Iterator[tuple[int, str, tuple[Box, ...]]]:
        """How many pages there are, with the text and boxes of each. Raises
        :class:`ExtractionError`, also for answers that :mod:`openbook.sources.pdf_worker` does not
        give: a hostile file may have taken it over."""
        try:
            yield from self._pages(name, deadline, boxes, page)
        except (NonsenseError, ValueError, TypeError, struct.error) as error:
            raise ExtractionError(f"{name}: {NONSENSE}") from error

    def _pages(
        self, name: str, deadline: float, boxes: bool, page: int | None
    ) -> Iterator[tuple[int, str, tuple[Box, ...]]]:
        room = _MAX_TEXT
        kind, body = self._frame(deadline, 0, room, name)
        require_sense(kind in (b"N", b"E"))
        if kind == b"E":
            raise ExtractionError(refusal(body, name, self.limits))
        total = int(body)
        require_sense(0 <= total <= self.limits.pages)
        wanted = total if page is None else 1
        for done in range(wanted):
            kind, body = self._frame(deadline, done, room, name)
            if kind == b"E":
                raise ExtractionError(refusal(body, name, self.limits))
            require_sense(kind == b"T")
            room -= len(body)
            text = body.decode("utf-8", "surrogatepass")
            found: tuple[Box, ...] = ()
            if boxes:
                kind, body = self._frame(deadline, done, _BOX.size * len(text), name)
                require_sense(kind == b"B" and len(body) == _BOX.size * len(text))
                found = tuple(_BOX.iter_unpack(body))
            yield total, text, found
        require_sense(self._frame(deadline, wanted, 0, name).kind == b"D")

    def _frame(self, deadline: float, done: int, most: int, name: str) -> Frame:
        try:
            return self._worker.frame(deadline, most)
        except LateError:
            said = (
                f"{name}: parsing took longer than {self.limits.seconds:g} s and was stopped "
                f"after page {done}; the file may be damaged or made to hang"
            )
        except CrashError as error:
            said = (
                f"{name}: the PDF parser crashed or ran out of memory on page {done + 1} "
                f"({error}); {HOSTILE}"
            )
        except TooLargeError as error:
            require_sense(error.kind == b"T" and most > 0)
            said = (
                f"{name} holds more than {_MAX_TEXT >> 20} MB of text, which no document does; "
                f"it was stopped after page {done}"
            )
        raise ExtractionError(said)


@contextlib.contextmanager
def _on_disk(data: bytes, name: str) -> Iterator[str]:
    """The path of a temporary file with these bytes, for the worker to read."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(tempfile.NamedTemporaryFile(suffix=".pdf"))
            file.write(data)
            file.flush()
        except OSError as error:
            raise ExtractionError(
                f"{name} could not be written to {tempfile.gettempdir()} ({error.strerror}): "
                "make room there, or set TMPDIR to another folder"
            ) from error
        yield file.name


def require_sense(holds: bool) -> None:
    """Raise :class:`NonsenseError` unless an answer is one that our own code gives."""
    if not holds:
        raise NonsenseError


def _require_whole(data: bytes, name: str) -> None:
    if not is_whole(data):
        raise ExtractionError(f"{name} {CUT_SHORT}")


def refusal(body: bytes | bytearray, name: str, limits: Limits) -> str:
    """What to tell a person of a file that the process refused."""
    said = dict(json.loads(body))
    kind, detail = said.get("kind"), said.get("detail", "")
    if kind == "encrypted":
        return (
            f"{name} is encrypted: open it with its password and save a copy without, "
            "then add the copy"
        )
    if kind == "too_long":
        return (
            f"{name} has {detail} pages, more than the limit of {limits.pages}; "
            "set OPENBOOK_MAX_PAGES to raise it"
        )
    if kind == "cut_short":
        return f"{name} {CUT_SHORT}"
    if kind == "page":
        return f"{name} is damaged: its page {detail} cannot be read; download it again"
    if kind == "memory":
        return f"{name} needs more memory than {limits.memory >> 20} MB to parse"
    return f"{name} is damaged: it cannot be read as a PDF; download it again"
