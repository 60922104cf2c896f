"""Pages that are pictures: which documents have them, and which of those nobody has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def unread(opened: Opened, keys: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """The documents of pictures alone that no engine has read here, and what to do."""
    for one, layer in with_blanks(opened, keys):
        if not layer.has_text and scan_of(one.copy, opened.cache) is None:
            yield one.document.key, scan_said(layer)
