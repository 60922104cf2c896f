"""How well scans are read: pages of real PDFs made into pictures, read, held against their text.

The pages are one of each of four documents of the paper, that on which most of its quotes stand.
Beside our engine Debian's tesseract reads the same pictures, where it is installed. Left out:
handwriting, photographs of paper, scripts other than Latin, and whatever a real scanner does
besides turning, noise and JPEG.
"""

from __future__ import annotations

import io
import json
import math
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from PIL import Image, ImageChops
from rapidfuzz.distance import Levenshtein

from openbook.core.passage import readable
from openbook.core.quote import Join, Quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import State, verify
from openbook.sources.extract import extract
from openbook.sources.scan import ScanReader
from openbook.sources.scan_engine import DPI, engine


class Way(NamedTuple):
    """How a page becomes a picture."""

    name: str
    dpi: int
    turned: float
    """Degrees."""
    noise: float
    """Standard deviation of what is added to each pixel, of 255."""
    quality: int
    """Of the JPEG, 1 to 95."""


CLEAN = Way("200 dpi, straight", 200, 0.0, 0.0, 90)
WAYS = (
    CLEAN,
    Way("200 dpi, turned by 0.5°, noise, JPEG 60", 200, 0.5, 12.0, 60),
    Way("120 dpi, turned by 0.5°, noise, JPEG 60", 120, 0.5, 12.0, 60),
)


DOCUMENTS = 4
"""A page of each is read: so the whole takes under three minutes."""


class Read(NamedTuple):
    """What reading the pages in one way gave."""

    by: str
    """What read them."""
    way: str
    pages: int
    errors: float
    """Character error rate of a page, median: edits from what was read to the text, over its
    length; both on one line, divided words joined."""
    most: float
    """That of nine in ten pages at most. The others have figures whose words the text lacks."""
    words: float
    """Share of the words of the text that were read, as often as they stand there; median."""
    quotes: int
    found: int
    """Those that stand in what was read, as read-from-scan."""
    alike: int
    """Of the others, those of which a passage 0.9 alike was read."""
    seconds: float
    """For a page, median."""


def scanned(data: bytes, pages: Sequence[int], way: Way = CLEAN) -> bytes:
    """Pages of a PDF, counted from 1, as a PDF of pictures."""
    pictures = []
    with pypdfium2.PdfDocument(data) as document:
        for number in pages:
            made = document[number - 1].render(scale=way.dpi / 72).to_pil().convert("L")
            if way.turned:
                made = made.rotate(way.turned, Image.Resampling.BICUBIC, fillcolor=255)
            pictures.append(_noisy(made, way.noise, number) if way.noise else made)
    target = io.BytesIO()
    more = pictures[1:]
    pictures[0].save(
        target, "PDF", resolution=way.dpi, save_all=True, append_images=more, quality=way.quality
    )
    return target.getvalue() + b"\n"


def _noisy(picture: Image.Image, noise: float, seed: int) -> Image.Image:
    """Grey with noise that is the same each time; darker and lighter alike."""
    width, height = picture.size
    chance = random.Random(seed)
    grain = Image.frombytes("L", (256, 256), chance.randbytes(256 * 256))
    tiled = Image.new("L", picture.size)
    for left in range(0, width, 256):
        for top in range(0, height, 256):
            tiled.paste(grain.rotate(chance.choice((0, 90, 180, 270))), (left, top))
    # Even noise between 0 and 255 has a standard deviation of 73.6.
    scale = noise / 73.6
    return ImageChops.add(
        picture.point(lambda one: min(one, 225)), tiled.point(lambda one: int(one * scale))
    )


def _quoted(folder: Path) -> dict[str, list[Quote]]:
    """The paper's verbatim quotes, by the PDF they are of."""
    rows = {
        name: [json.loads(line) for line in (folder.parent / name).read_text().splitlines()]
        for name in ("manifest.jsonl", "quotes.jsonl")
    }
    keys = {row["citation_key"]: row["key"] for row in rows["manifest.jsonl"]}
    found: dict[str, list[Quote]] = {}
    for row in rows["quotes.jsonl"]:
        key = keys.get(row["citation_key"], "")
        if row["kind"] == "verbatim" and (folder / f"{key}.pdf").is_file():
            parts = tuple(row["fragments"])
            found.setdefault(key, []).append(Quote(parts, (Join(""),) * (len(parts) - 1)))
    return found


def _places(layer: TextLayer, quotes: Sequence[Quote]) -> Iterator[tuple[int, Quote]]:
    """The quotes that are verified on one page, with that page's number."""
    for page in layer.pages:
        alone = TextLayer((page,), layer.extractor)
        for quote in quotes:
            if verify(quote, alone).state in (State.VERIFIED, State.WITH_ELISION):
                yield page.number, quote


def measure(folder: Path) -> list[Read]:
    """Read the pages of clean scans and of bad ones, with every engine there is."""
    sources: list[tuple[bytes, TextLayer, dict[int, list[Quote]]]] = []
    for key, quotes in sorted(_quoted(folder).items()):
        data = (folder / f"{key}.pdf").read_bytes()
        layer = extract(data, "application/pdf", key)
        by_page: dict[int, list[Quote]] = {}
        placed = set()
        for number, quote in _places(layer, quotes):
            if quote not in placed:
                by_page.setdefault(number, []).append(quote)
                placed.add(quote)
        if by_page:
            page = max(sorted(by_page), key=lambda number: len(by_page[number]))
            sources.append((data, layer, {page: by_page[page]}))
        if len(sources) == DOCUMENTS:
            break
    found = []
    with ScanReader() as reader:
        readers = {engine() or "": lambda path, page: reader.page(path, page, "scan").text}
        if name := tesseract():
            readers[name] = _by_tesseract
        for way in (WAYS[0], WAYS[-1]):
            found += [_read(sources, way, by, read) for by, read in readers.items()]
    return found


def tesseract() -> str:
    """``tesseract 5.3.0``; empty where it is not installed."""
    if shutil.which("tesseract") is None:
        return ""
    ran = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    return ran.stdout.partition("\n")[0]


def _by_tesseract(path: Path, page: int) -> str:
    """As it comes, with its model of English, at the resolution at which our engine reads."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        with pypdfium2.PdfDocument(path) as document:
            document[page - 1].render(scale=DPI / 72).to_pil().save(file, "PNG")
        file.flush()
        command = ["tesseract", file.name, "stdout", "--dpi", str(DPI), "-l", "eng"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _read(
    sources: Sequence[tuple[bytes, TextLayer, dict[int, list[Quote]]]],
    way: Way,
    by: str,
    read_page: Callable[[Path, int], str],
) -> Read:
    errors: list[float] = []
    words: list[float] = []
    seconds: list[float] = []
    quotes = found = alike = 0
    with tempfile.TemporaryDirectory() as place:
        for data, layer, by_page in sources:
            path = Path(place) / "scan.pdf"
            path.write_bytes(scanned(data, sorted(by_page), way))
            for number, page in enumerate(sorted(by_page), 1):
                started = time.perf_counter()
                text = read_page(path, number)
                seconds.append(time.perf_counter() - started)
                errors.append(_errors(text, layer.pages[page - 1].text))
                words.append(_words(text, layer.pages[page - 1].text))
                read = TextLayer((Page(1, text),), by, is_scan=True)
                for quote in by_page[page]:
                    quotes += 1
                    stands = verify(quote, read).state is State.FROM_SCAN
                    found += stands
                    alike += not stands and _is_alike(quote, read)
    return Read(
        by,
        way.name,
        len(errors),
        statistics.median(errors),
        sorted(errors)[math.ceil(0.9 * len(errors)) - 1],
        statistics.median(words),
        quotes,
        found,
        alike,
        statistics.median(seconds),
    )


def _errors(read: str, text: str) -> float:
    ours, theirs = readable(read), readable(text)
    return Levenshtein.distance(ours, theirs) / max(1, len(theirs))


def _words(read: str, text: str) -> float:
    ours, theirs = (Counter(re.findall(r"\w+", readable(one))) for one in (read, text))
    return (ours & theirs).total() / max(1, theirs.total())


def _is_alike(quote: Quote, layer: TextLayer) -> bool:
    from openbook.audit.quoting.nearest import nearest

    like = nearest(quote, layer, "scan")
    return like is not None and like.likeness >= 0.9


def table(found: Sequence[Read]) -> list[str]:
    """The measurement as Markdown."""
    return [
        "| scan | read by | character errors, median page | nine in ten pages, at most | words "
        "read, median page | quotes found word for word | of the others, 0.9 alike | s a page, "
        "median |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {one.way} | {one.by.partition(' / ')[0]} | {100 * one.errors:.1f} % | "
            f"{100 * one.most:.1f} % | {100 * one.words:.1f} % | {one.found} of {one.quotes} | "
            f"{one.alike} | {one.seconds:.1f} |"
            for one in found
        ),
    ]
