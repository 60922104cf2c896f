"""How soon a long PDF is there to look at, and what memory that takes.

Measured in a process of its own, as making the long PDF takes memory too.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sized
from functools import partial
from pathlib import Path
from typing import NamedTuple

from openbook.sources.pdf_view import PdfViewer

PAGES = 300
WIDTH = 1000
"""Pixels across a picture."""


class Viewing(NamedTuple):
    """Seconds and memory of looking through one PDF."""

    pages: int
    megabytes: float
    """Of the file (1 MB = 1,000,000 bytes)."""
    first: float
    """Seconds from nothing to sizes, first picture and its lines; the process starts anew."""
    picture: float
    """Seconds for a page's picture, median."""
    slowest: float
    lines: float
    """Seconds for a page's lines, median."""
    picture_kb: float
    """1 kB = 1,000 bytes; median."""
    ours_mb: float
    """Most memory at once (resident) of the process that asks; 0 where that is not told."""
    theirs_mb: float
    """The same of the confined process."""


def measure(folder: Path) -> Viewing:
    """Look through the first PDFs of a folder, joined until there are :data:`PAGES` pages."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "long.pdf"
        joined(folder, path)
        command = [sys.executable, "-m", "bench.viewing", str(path)]
        done = subprocess.run(command, check=True, capture_output=True)
        return Viewing(*json.loads(done.stdout))


def joined(folder: Path, path: Path) -> None:
    """Write the first PDFs of a folder as one, until there are :data:`PAGES` pages."""
    import pypdf  # its memory is not to be counted

    writer = pypdf.PdfWriter()
    for one in sorted(folder.glob("*.pdf")):
        writer.append(one)
        if len(writer.pages) >= PAGES:
            break
    writer.write(path)


def looked_through(path: Path, runs: int = 5) -> Viewing:
    """The measurement, on one file."""
    first = statistics.median(_first(path) for _ in range(runs))
    with PdfViewer() as viewer:
        count = len(viewer.sizes(path))
        pages = range(1, count + 1)
        pictures = [_timed(partial(viewer.picture, path, page, WIDTH)) for page in pages]
        lines = [_timed(partial(viewer.lines, path, page)) for page in pages]
        process = viewer._worker.process
        theirs = _most_memory(str(process.pid)) if process else 0.0
    seconds = [one.seconds for one in pictures]
    return Viewing(
        count,
        path.stat().st_size / 1e6,
        first,
        statistics.median(seconds),
        max(seconds),
        statistics.median(one.seconds for one in lines),
        statistics.median(one.size for one in pictures) / 1e3,
        _most_memory("self"),
        theirs,
    )


def _first(path: Path) -> float:
    started = time.perf_counter()
    with PdfViewer() as viewer:
        viewer.sizes(path)
        viewer.picture(path, 1, WIDTH)
        viewer.lines(path, 1)
        return time.perf_counter() - started


class _Timed(NamedTuple):
    seconds: float
    size: int
    """Of what was given, which is not kept."""


def _timed(ask: Callable[[], Sized]) -> _Timed:
    started = time.perf_counter()
    size = len(ask())
    return _Timed(time.perf_counter() - started, size)


def _most_memory(process: str) -> float:
    status = Path(f"/proc/{process}/status")
    told = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.is_file() else None
    return int(told[1]) * 1024 / 1e6 if told else 0.0


if __name__ == "__main__":
    print(json.dumps(looked_through(Path(sys.argv[1]))))
