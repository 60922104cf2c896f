"""A hit of a search by its id, as words to be quoted."""

from __future__ import annotations

import re

from openbook.audit.layers import at_hand
from openbook.audit.opened import Opened, WrongUseError
from openbook.audit.quoting.evidence import as_written
from openbook.audit.quoting.selection import quote_of
from openbook.audit.quoting.verify import Reader
from openbook.core.passage import readable
from openbook.core.text import Span, TextLayer

HIT_ID = re.compile(r"(?P<document>[a-z0-9][a-z0-9.-]*):(?P<page>\d+):(?P<start>\d+)-(?P<end>\d+)")


def text_of_hit(opened: Opened, hit_id: str, only: str = "") -> tuple[str, str]:
    """Document key and words of a search hit; with ``only``, just these words of it."""
    match = HIT_ID.fullmatch(hit_id)
    if not match:
        raise WrongUseError(
            f"{hit_id!r} is no hit of a search, such as ouyang-2022:36:120-840; for words you "
            "type, name their document with --document"
        )
    document = opened.document(match["document"])
    reader = Reader(opened)
    place = tuple(map(int, match.group("page", "start", "end")))
    for one in at_hand(document, opened.library):
        found = ((layer, _stretch(layer, *place)) for layer in reader.layers(one))
        layer, span = next((pair for pair in found if pair[1] is not None), (None, None))
        if layer is None or span is None:
            continue
        if not only:
            return document.key, quote_of(layer, span)
        if readable(only) not in readable(layer.text[span.start : span.end]):
            raise WrongUseError(f"these words are not in {hit_id}: {only!r}")
        return document.key, as_written(readable(only))
    raise WrongUseError(f"{hit_id} is no passage of the copies at hand; search again")


def _stretch(layer: TextLayer, page: int, start: int, end: int) -> Span | None:
    """What stands between two offsets counted from the beginning of a page."""
    for one, begins in zip(layer.pages, layer.starts, strict=True):
        if one.number == page and start < min(end, len(one.text)):
            within = begins + end <= len(layer.text)
            return Span(begins + start, begins + end) if within else None
    return None
