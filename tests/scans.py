"""An engine that reads what a test puts before it, for documents of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import pytest

from openbook.audit import layers
from openbook.audit.quoting import scanning
from openbook.sources import scan_engine
from openbook.sources.errors import ExtractionError
from openbook.sources.scan import NoEngineError, ReadPage, as_page
from openbook.sources.scan_order import Found

ENGINE = "an engine 1"
WORDS = {
    1: ("Gamma was aligned with comparisons.", "We hired 12 annotators in Porto, by a test."),
    2: ("Gamma was aligned with comparisons of two",),
    3: ("They were paid by the hour. The data are not published.",),
}
"""What the engine reads on each page, line by line."""


class Reader:
    """Reads :data:`WORDS`; counts what it was asked for."""

    asked: list[int]
    fails: set[int]

    def __enter__(self) -> Self:
        if scan_engine.engine() is None:
            raise NoEngineError
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def page(self, path: Path, page: int, name: str) -> ReadPage:
        self.asked.append(page)
        if page in self.fails:
            raise ExtractionError(f"page {page} of {name}: the engine crashed")
        lines = enumerate(WORDS.get(page, ()))
        return as_page([Found(text, (20, 150 - 20 * n, 420, 165 - 20 * n)) for n, text in lines])


def use_engine(patch: pytest.MonkeyPatch, name: str | None = ENGINE) -> Reader:
    """Have this engine read scans, or none."""
    for module in (layers, scanning, scan_engine):
        patch.setattr(module, "engine", lambda: name)
    reader = Reader()
    reader.asked, reader.fails = [], set()
    patch.setattr(scanning, "ScanReader", lambda: reader)
    return reader
