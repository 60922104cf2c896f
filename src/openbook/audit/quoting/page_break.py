"""Quotes that run over the end of a page, where page numbers, footnotes and headers intervene.

The words stand there, but not one after another: what the page has between them is left out, and
has to be left out openly. So such a quote fails, and this says how to write it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from openbook.core.anchor import places
from openbook.core.passage import readable
from openbook.core.quote import Join, Quote
from openbook.core.text import TextLayer, fold, without_punctuation
from openbook.core.verify import verify


def over_page_break(quote: Quote, layer: TextLayer) -> str:
    """How to write a quote that stands but for what a page break puts between its words; empty
    where that is not what is wrong with it."""
    for number, divided in _divisions(quote, layer):
        found = verify(divided, layer)
        if not found.state.stands or "\f" not in found.elisions[number].text:
            continue
        between = textwrap.shorten(readable(found.elisions[number].text), 60, placeholder=" …")
        page = places(layer, found.spans[number])[-1].page
        before, after = (
            divided.segments[number].split()[-1],
            divided.segments[number + 1].split()[0],
        )
        return (
            f"runs over the end of page {page}, where the document has {between!r} between: "
            f"write [...] between {before!r} and {after!r}"
        )
    return ""


def _divisions(quote: Quote, layer: TextLayer) -> Iterator[tuple[int, Quote]]:
    """The quote with one more elision between two words, wherever both sides might stand."""
    solid = layer.bare.solid
    for number, segment in enumerate(quote.segments):
        for space in re.finditer(r"\s+", segment):
            halves = segment[: space.start()], segment[space.end() :]
            if not all(without_punctuation(fold(half)).solid in solid for half in halves):
                continue
            segments = (*quote.segments[:number], *halves, *quote.segments[number + 1 :])
            joins = (*quote.joins[:number], Join(""), *quote.joins[number:])
            yield number, Quote(segments, joins, quote.around)
