"""Text layers of the copies at hand, extracted once and remembered."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from openbook.core.anchor import Box, Place
from openbook.core.initiative import ROLES, Copy, Document
from openbook.core.problem import Problem
from openbook.core.text import Page, TextLayer
from openbook.files.cache import Cache
from openbook.files.library import Library
from openbook.sources.errors import SourceError
from openbook.sources.extractors import extractor_for
from openbook.sources.lines import Line
from openbook.sources.scan_engine import engine, scan_said


@dataclass(frozen=True, slots=True)
class CopyAtHand:
    """A copy whose bytes are in the library."""

    document: Document
    copy: Copy


def at_hand(document: Document, library: Library) -> tuple[CopyAtHand, ...]:
    """The copies of a document that are in the library: originals first, newest first."""
    found = [copy for copy in document.hashed if library.has(copy.sha256)]
    found.sort(key=lambda copy: str(copy.retrieved or ""), reverse=True)
    found.sort(key=lambda copy: ROLES.index(copy.role))
    return tuple(CopyAtHand(document, copy) for copy in found)


VERSIONS = ("original", "other-version")
"""The roles of copies that are versions of a document; the others are made from one."""


def versions(document: Document, library: Library) -> tuple[CopyAtHand, ...]:
    """The versions of a document that are at hand, in the order in which they were taken."""
    place = {copy.sha256: number for number, copy in enumerate(ordered(document))}
    found = [one for one in at_hand(document, library) if one.copy.role in VERSIONS]
    found.sort(key=lambda one: place[one.copy.sha256])
    return tuple(found)


def ordered(document: Document) -> list[Copy]:
    """The copies known by hash in the order in which they were taken; those of one day in the order
    of the file, to whose end fetching adds."""
    return sorted(document.hashed, key=lambda copy: copy.retrieved or dt.date.min)


def layers_of(one: CopyAtHand, library: Library, cache: Cache) -> tuple[TextLayer, ...] | Problem:
    """What can be read of a copy: its text layer, and apart from it what an engine read from those
    of its pages that are pictures, where somebody had it read; or why nothing can be read."""
    text = layer_of(one, library, cache)
    scan = scan_of(one.copy, cache)
    found = tuple(layer for layer in (text, scan) if isinstance(layer, TextLayer))
    return found or text  # type: ignore[return-value]  # a problem, where there is no layer


def scan_of(copy: Copy, cache: Cache) -> TextLayer | None:
    """What an engine read from the pages of a copy that are pictures, if somebody had it read."""
    kept = cache.get(*_scan_key(copy.sha256, cache))
    layer = _unpacked(kept) if kept else None
    return replace(layer, is_scan=True) if layer else None


def scanned_by(copy: Copy, cache: Cache) -> str:
    """The engine that read a copy last; empty where none did."""
    return cache.get("scanned", copy.sha256) or ""


def scan_lines(copy: Copy, page: int, cache: Cache) -> tuple[Line, ...]:
    """Where the lines stand that an engine read from a page of a copy."""
    kept = cache.get(*_scan_key(copy.sha256, cache))
    try:
        found = json.loads(kept)["lines"].get(str(page), ()) if kept else ()
        return tuple(Line(start, end, tuple(box)) for start, end, box in found)
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def with_boxes(copy: Copy, cache: Cache) -> Callable[[Place], Place]:
    """What gives a place in a scan its boxes, one a line: of a line in part, the share of its box
    that its characters have of the line's."""
    lines: dict[int, tuple[Line, ...]] = {}

    def boxed(place: Place) -> Place:
        if place.page not in lines:
            lines[place.page] = scan_lines(copy, place.page, cache)
        found = (_part(line, place) for line in lines[place.page])
        return replace(place, boxes=tuple(box for box in found if box))

    return boxed


def _part(line: Line, place: Place) -> Box | None:
    start, end = max(line.start, place.start), min(line.end, place.end)
    if start >= end:
        return None
    left, bottom, right, top = line.box
    width = (right - left) / (line.end - line.start)
    sides = left + width * (start - line.start), bottom, left + width * (end - line.start), top
    return tuple(round(side, 1) for side in sides)  # type: ignore[return-value]


def remember_scan(
    layer: TextLayer, lines: Mapping[int, Sequence[Line]], copy: Copy, cache: Cache
) -> None:
    """Keep what an engine read from a copy, by the engine."""
    packed = json.loads(_packed(layer)) | {
        "lines": {
            page: [[one.start, one.end, one.box] for one in its] for page, its in lines.items()
        }
    }
    cache.put(json.dumps(packed), "scan", copy.sha256, layer.extractor)
    cache.put(layer.extractor, "scanned", copy.sha256)


def _scan_key(sha256: str, cache: Cache) -> tuple[str, str, str]:
    """By the engine installed; without one, by the one that read the copy last."""
    return "scan", sha256, engine() or cache.get("scanned", sha256) or ""


def layer_of(one: CopyAtHand, library: Library, cache: Cache) -> TextLayer | Problem:
    """The text layer of a copy, or the problem that keeps it from being read: it may have none."""
    layer = pages_of(one, library, cache)
    if isinstance(layer, Problem) or layer.has_text:
        return layer
    return Problem(_place(one), scan_said(layer))


def _place(one: CopyAtHand) -> str:
    return f"documents/{one.document.key}.toml: copy {one.copy.sha256[:12]}"


def pages_of(one: CopyAtHand, library: Library, cache: Cache) -> TextLayer | Problem:
    """The text of every page of a copy, even where all are pictures, or why it cannot be read."""
    copy = one.copy
    place = _place(one)
    layer = recalled(copy.sha256, copy.media_type, cache)
    if layer is not None:
        return layer
    data = library.read(copy.sha256)
    if data is None:
        message = "the bytes in the library are damaged: remove the copy and add it again"
        return Problem(place, message)
    from openbook.sources.extract import extract  # slow to import, and seldom needed

    try:
        layer = extract(data, copy.media_type, one.document.key, scans=True)
    except SourceError as error:
        return Problem(place, str(error))
    remember(layer, copy, cache)
    return layer


def recalled(sha256: str, media_type: str, cache: Cache) -> TextLayer | None:
    """A text layer that was kept, by the hash of the bytes it was read from."""
    extractor = extractor_for(media_type)
    return remembered(sha256, extractor, cache) if extractor else None


def remembered(sha256: str, extractor: str, cache: Cache) -> TextLayer | None:
    """The text layer of some bytes as an extractor gave it before, if it did."""
    kept = cache.get(*_layer_key(sha256, extractor))
    return _unpacked(kept) if kept else None


def remember(layer: TextLayer, copy: Copy, cache: Cache) -> None:
    """Keep a copy's text layer, so that it need not be extracted again."""
    extractor = extractor_for(copy.media_type) or layer.extractor
    cache.put(_packed(layer), *_layer_key(copy.sha256, extractor))


def _layer_key(sha256: str, extractor: str) -> tuple[str, str, str]:
    """Not ``layer``, as before: those of PDFs have the words that scanners lay over pages."""
    return "seen-layer", sha256, extractor


def _packed(layer: TextLayer) -> str:
    pages = [[page.number, page.text] for page in layer.pages]
    return json.dumps({"extractor": layer.extractor, "pages": pages, "is_scan": layer.is_scan})


def _unpacked(text: str) -> TextLayer | None:
    """What :func:`_packed` packed; None for anything else."""
    try:
        data = json.loads(text)
        pages = tuple(Page(int(number), str(text)) for number, text in data["pages"])
        return TextLayer(pages, str(data["extractor"]), bool(data.get("is_scan", False)))
    except (ValueError, TypeError, KeyError):
        return None
