"""Reading a pile: bytes, text and what the file says of itself, each once and remembered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from openbook.audit.intake import SUFFIXES
from openbook.audit.layers import remember, remembered
from openbook.audit.opened import Opened
from openbook.audit.pile.gather import Item, is_address
from openbook.core.initiative import Copy
from openbook.core.plan import Failed
from openbook.core.text import TextLayer
from openbook.files.cache import Cache
from openbook.files.library import Library, sha256_of
from openbook.files.write import WriteError
from openbook.sources.about import About, about
from openbook.sources.errors import SourceError
from openbook.sources.extract import extract, kind_of
from openbook.sources.extractors import EXTRACTORS
from openbook.sources.fetch import MAX_BYTES, fetch
from openbook.sources.pdf import PdfParser

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
    "latex": SUFFIXES[".tex"],
    "docx": SUFFIXES[".docx"],
}
ABOUT = "about-1"
"""Version of what is remembered of a file's own words on itself."""


@dataclass(frozen=True, slots=True)
class Perused:
    """One file or address, read."""

    source: str
    sha256: str
    kind: str
    media_type: str
    layer: TextLayer
    about: About
    fetched_from: str = ""
    via: tuple[str, ...] = ()

    @property
    def first_page(self) -> str:
        """The text of its first page."""
        return self.layer.pages[0].text if self.layer.pages else ""


def pending(opened: Opened) -> Library:
    """Where fetched bytes wait until their plan is carried out: beside those of the audit."""
    return Library(opened.library.root / "pending")


def peruse(
    opened: Opened,
    items: tuple[Item, ...],
    *,
    allow_private: bool = False,
    waiting: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Perused | Failed]:
    """Every item read, or why it could not be; one that fails never stops the others. What is
    fetched is kept in ``waiting``, or beside the audit's library."""
    keep = waiting or pending(opened)
    with PdfParser() as parser:
        for done, item in enumerate(items, 1):
            try:
                yield _peruse(item, opened, parser, keep, allow_private)
            except (SourceError, WriteError) as error:
                yield Failed(item.source, str(error))
            except OSError as error:
                yield Failed(item.source, f"cannot be read ({error.strerror or error})")
            if progress:
                progress(done, len(items))


def _peruse(
    item: Item, opened: Opened, parser: PdfParser, keep: Library, allow_private: bool
) -> Perused:
    cache = opened.cache
    said, via = item.media_type, item.via
    address = item.source if is_address(item.source) else ""
    if item.path is None:
        found = fetch(item.source, allow_private=allow_private)
        data, said = found.data, found.media_type
        via = (*found.redirects, found.final_url) if found.final_url != address else ()
        name = _name_at(found.final_url)
    else:
        data = bytes_of(item.path)
        name = _name_at(via[-1] if via else address) if address else Path(item.source).name
    sha256 = sha256_of(data)
    kind = kind_of(data, said, name) if data else "text"
    media_type = said or MEDIA_TYPES[kind]
    layer = remembered(sha256, EXTRACTORS[kind], cache)
    if layer is None or not layer.has_text:
        layer = extract(data, media_type, name, parser=parser, scans=True)
        copy = Copy(role="original", media_type=MEDIA_TYPES[kind], sha256=sha256)
        remember(layer, copy, cache)
    if item.path is None:
        keep.add(data)
    says = _about(data, sha256, kind, name, layer, parser, cache)
    return Perused(item.source, sha256, kind, media_type, layer, says, address, via)


def _name_at(address: str) -> str:
    return Path(urlsplit(address).path).name or address


def bytes_of(path: Path) -> bytes:
    """A file's bytes. Raises :class:`OSError`, also where it has grown beyond any document."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(0, f"larger than {MAX_BYTES >> 20} MB", str(path))
    return data


def _about(
    data: bytes,
    sha256: str,
    kind: str,
    name: str,
    layer: TextLayer,
    parser: PdfParser,
    cache: Cache,
) -> About:
    key = (ABOUT, sha256, EXTRACTORS[kind])
    kept = cache.get(*key)
    if kept:
        return replace(About(kind), **json.loads(kept))
    found = about(data, kind, name, layer, parser)
    cache.put(json.dumps(asdict(found)), *key)
    return found
