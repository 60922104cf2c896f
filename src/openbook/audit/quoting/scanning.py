"""Reading scans: the pages of copies that are pictures, once, into a layer of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openbook.audit.layers import CopyAtHand, remember_scan, scan_of
from openbook.audit.opened import AuditError, Opened
from openbook.audit.quoting.unread import with_blanks
from openbook.core.text import Page, TextLayer
from openbook.sources.errors import SourceError
from openbook.sources.lines import Line
from openbook.sources.scan import NoEngineError, ReadPage, ScanReader
from openbook.sources.scan_engine import engine

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of one copy that has pages without text."""

    document: str
    sha256: str
    pages: int
    """In all."""
    blank: tuple[int, ...]
    """The numbers of those without text."""
    layer: TextLayer | None = None
    """What was read from those; None where they could not be read."""
    error: str = ""
    is_known: bool = False
    """Whether it was read before."""

    @property
    def told(self) -> tuple[int, ...]:
        """The numbers of the pages on which the engine found words."""
        return tuple(page.number for page in self.layer.pages if page.text) if self.layer else ()


def read_scans(
    opened: Opened,
    keys: Sequence[str] = (),
    *,
    again: bool = False,
    progress: Progress | None = None,
) -> Iterator[Scanned]:
    """Have the engine read every page without text of these documents, or of all. What was read
    stays in the cache; a page is read once, and when it was stopped it goes on. A page that cannot
    be read keeps no other from being read. Raises :class:`AuditError` where
    there is something to read and no engine."""
    found = list(with_blanks(opened, keys))
    total = sum(len(layer.blank) for _, layer in found)
    if not found:
        return
    try:
        with ScanReader() as reader:
            done = 0
            for one, layer in found:
                yield _read(opened, reader, one, layer, again, _counted(progress, done, total))
                done += len(layer.blank)
    except NoEngineError as error:
        have = "page has" if total == 1 else "pages have"
        names = ", ".join(dict.fromkeys(one.document.key for one, _ in found))
        raise AuditError(f"{total} {have} no text ({names}); {error}") from error


def _counted(progress: Progress | None, before: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(before + done, total) if progress else None


def _read(
    opened: Opened,
    reader: ScanReader,
    one: CopyAtHand,
    layer: TextLayer,
    again: bool,
    counted: Callable[[int], None],
) -> Scanned:
    bare = Scanned(one.document.key, one.copy.sha256, len(layer.pages), layer.blank)
    known = scan_of(one.copy, opened.cache)
    is_whole = known is not None and {page.number for page in known.pages} >= set(layer.blank)
    if is_whole and not again:
        return Scanned(*_head(bare), layer=known, is_known=True)
    pages: list[Page] = []
    lines: dict[int, Sequence[Line]] = {}
    faults: list[str] = []
    for done, number in enumerate(layer.blank, 1):
        try:
            read = _page(opened, reader, one, number, again)
        except SourceError as error:
            faults.append(str(error))
        else:
            pages.append(Page(number, read.text))
            lines[number] = read.lines
        counted(done)
    fault = "; ".join(faults)
    if not pages:
        return Scanned(*_head(bare), error=fault)
    made = TextLayer(tuple(pages), engine() or "", is_scan=True)
    remember_scan(made, lines, one.copy, opened.cache)
    return Scanned(*_head(bare), layer=made, error=fault)


def _head(one: Scanned) -> tuple[str, str, int, tuple[int, ...]]:
    return one.document, one.sha256, one.pages, one.blank


def _page(
    opened: Opened, reader: ScanReader, one: CopyAtHand, number: int, again: bool
) -> ReadPage:
    """One page, from memory where it was read before: whoever is stopped loses nothing."""
    key = ("scan-page", one.copy.sha256, engine() or "", str(number))
    kept = None if again else opened.cache.get(*key)
    if kept is not None:
        text, lines = json.loads(kept)
        return ReadPage(text, tuple(Line(a, b, tuple(box)) for a, b, box in lines))
    path = opened.library.path(one.copy.sha256)
    read = reader.page(path, number, one.document.key)
    packed = json.dumps([read.text, [[line.start, line.end, line.box] for line in read.lines]])
    opened.cache.put(packed, *key)
    return read
