"""Text layers of the copies at hand, extracted once and remembered."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from openbook.core.initiative import ROLES, Copy, Document
from openbook.core.problem import Problem
from openbook.core.text import Page, TextLayer
from openbook.files.cache import Cache
from openbook.files.library import Library
from openbook.sources.errors import SourceError
from openbook.sources.extractors import extractor_for


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


def layer_of(one: CopyAtHand, library: Library, cache: Cache) -> TextLayer | Problem:
    """The text layer of a copy, or the problem that keeps it from being read."""
    copy = one.copy
    place = f"documents/{one.document.key}.toml: copy {copy.sha256[:12]}"
    layer = recalled(copy.sha256, copy.media_type, cache)
    if layer is not None:
        return layer
    data = library.read(copy.sha256)
    if data is None:
        message = "the bytes in the library are damaged: remove the copy and add it again"
        return Problem(place, message)
    from openbook.sources.extract import extract  # slow to import, and seldom needed

    try:
        layer = extract(data, copy.media_type, one.document.key)
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
    kept = cache.get("layer", sha256, extractor)
    return _unpacked(kept) if kept else None


def remember(layer: TextLayer, copy: Copy, cache: Cache) -> None:
    """Keep a copy's text layer, so that it need not be extracted again."""
    extractor = extractor_for(copy.media_type) or layer.extractor
    cache.put(_packed(layer), "layer", copy.sha256, extractor)


def _packed(layer: TextLayer) -> str:
    pages = [[page.number, page.text] for page in layer.pages]
    return json.dumps({"extractor": layer.extractor, "pages": pages})


def _unpacked(text: str) -> TextLayer | None:
    """What :func:`_packed` packed; None for anything else."""
    try:
        data = json.loads(text)
        pages = tuple(Page(int(number), str(text)) for number, text in data["pages"])
        return TextLayer(pages, str(data["extractor"]))
    except (ValueError, TypeError, KeyError):
        return None
