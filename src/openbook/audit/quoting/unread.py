"""Pages that are pictures: which documents have them, and which of those nobody has read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from openbook.audit.layers import CopyAtHand, at_hand, pages_of, scan_of
from openbook.audit.opened import Opened
from openbook.core.problem import Problem
from openbook.core.text import TextLayer
from openbook.sources.scan_engine import scan_said


def with_blanks(opened: Opened, keys: Sequence[str] = ()) -> Iterator[tuple[CopyAtHand, TextLayer]]:
    """The PDFs at hand that have pages without text, with the text of all their pages."""
    for key in keys or sorted(opened.audit.documents):
        for one in at_hand(opened.document(key), opened.library):
            if one.copy.media_type not in ("", "application/pdf"):
                continue
            layer = pages_of(one, opened.library, opened.cache)
            if not isinstance(layer, Problem) and layer.blank and "pdf" in layer.extractor:
                yield one, layer


Found = Sequence[tuple[CopyAtHand, TextLayer]]
"""Copies with what can be read of them, see :func:`openbook.audit.search.search.layers_at_hand`."""


def pages_unread(opened: Opened, one: CopyAtHand, layer: TextLayer, found: Found) -> int:
    """How many pages of a copy have no text and were read by no engine. They count with its text
    layer; where all its pages are pictures, with what was read of them."""
    its = [other for of, other in found if of == one]
    if layer.is_scan and not all(other.is_scan for other in its):
        return 0
    every = pages_of(one, opened.library, opened.cache)
    blank = layer.blank if isinstance(every, Problem) else every.blank
    read = {page.number for other in its if other.is_scan for page in other.pages}
    return len(set(blank) - read)


def searched_in_words(opened: Opened, found: Found) -> list[str]:
    """What was read from pictures among what is searched, and which pages nobody read."""
    scans = [(one, layer) for one, layer in found if layer.is_scan]
    read = _listed((one.document.key, len(layer.pages)) for one, layer in scans)
    left = ((one.document.key, pages_unread(opened, one, layer, found)) for one, layer in found)
    missed = _listed(pair for pair in left if pair[1])
    told = [f"pages read from pictures by an engine, perhaps wrongly: {read}"] if read else []
    return told + ([f"not searched, pages that have no text: {missed}"] if missed else [])


def _listed(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{key} ({count})" for key, count in pairs)


def unread(opened: Opened, keys: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """The documents of pictures alone that no engine has read here, and what to do."""
    for one, layer in with_blanks(opened, keys):
        if not layer.has_text and scan_of(one.copy, opened.cache) is None:
            yield one.document.key, scan_said(layer)
