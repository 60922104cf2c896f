"""Pages of documents to look at: their pictures, where their lines stand, their bookmarks.

What was made is kept as bytes, the last few, and no document is kept as anything larger.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from openbook.core.outline import Heading
from openbook.sources.errors import ExtractionError
from openbook.sources.lines import Line
from openbook.sources.pdf_view import PdfViewer

Titles = Callable[[], Sequence[Heading]]

FIRST = 800
"""Pixels across the picture that is asked for first, most likely."""
KEPT = 24 * 1024 * 1024
"""Bytes of pictures and lines kept."""


@dataclass
class Pages:
    """Shows pages of PDFs. Threads may share one."""

    _viewer: PdfViewer = field(default_factory=PdfViewer, init=False)
    _kept: OrderedDict[tuple[object, ...], bytes] = field(default_factory=OrderedDict, init=False)
    _size: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _is_closed: bool = field(default=False, init=False)
    _making: dict[tuple[object, ...], threading.Lock] = field(default_factory=dict, init=False)

    def picture(self, path: Path, page: int, width: int, name: str) -> bytes:
        """A page as a picture of :data:`openbook.sources.pdf_view.PICTURE_TYPE`. Raises
        :class:`openbook.sources.errors.ExtractionError`, as all do."""
        key = ("picture", path, page, width)
        return self._remembered(key, lambda: self._viewer.picture(path, page, width, name))

    def shape(self, path: Path, name: str, titles: Titles) -> bytes:
        """JSON of a document's pages: their sizes, ``[width, height, how many]``, and its bookmarks
        or, where it has none, its titles."""
        return self._remembered(("shape", path), lambda: self._shape(path, name, titles))

    def prepare(self, path: Path, name: str, titles: Titles) -> None:
        """Begin with a document's shape, while the page that will ask for it is on its way."""

        def made() -> None:
            with contextlib.suppress(ExtractionError):
                self.shape(path, name, titles)
                if not self._is_closed:
                    self.picture(path, 1, FIRST, name)

        if ("shape", path) not in self._kept:
            threading.Thread(target=made, daemon=True).start()

    def _shape(self, path: Path, name: str, titles: Titles) -> bytes:
        sizes = [
            (round(one.width, 1), round(one.height, 1)) for one in self._viewer.sizes(path, name)
        ]
        outline = self._viewer.outline(path, name) or titles()
        return _json(
            {
                "sizes": [[*size, len(list(same))] for size, same in groupby(sizes)],
                "outline": [[one.title, one.page, one.level] for one in outline],
            }
        )

    def lines(
        self, path: Path, page: int, text: str, name: str, read: Sequence[Line] = ()
    ) -> bytes:
        """JSON of the lines of a page with this ``text``: ``[offset, words, box]`` each; of a page
        that an engine ``read``, where it found them."""
        return self._remembered(
            ("lines", path, page, hash(text)), lambda: self._lines(path, page, text, name, read)
        )

    def _lines(self, path: Path, page: int, text: str, name: str, read: Sequence[Line]) -> bytes:
        found = read or self._viewer.lines(path, page, name)
        return _json(
            [
                [one.start, text[one.start : one.end], [round(side, 2) for side in one.box]]
                for one in found
                if one.end <= len(text)
            ]
        )

    def _remembered(self, key: tuple[object, ...], make: Callable[[], bytes]) -> bytes:
        """What is kept under ``key``, made where it is not; who asks meanwhile waits for it."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if (kept := self._kept.get(key)) is not None:
                    self._kept.move_to_end(key)
                    return kept
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            self._keep(key, made)
        return made

    def _keep(self, key: tuple[object, ...], made: bytes) -> None:
        with self._lock:
            self._size += len(made) - len(self._kept.get(key, b""))
            self._kept[key] = made
            while self._size > KEPT and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])

    def close(self) -> None:
        """End the process that parses."""
        self._is_closed = True
        self._viewer.close()


def _json(value: object) -> bytes:
    # In ASCII, since a document's text may hold halves of characters.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
