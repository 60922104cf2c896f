"""Writing anchors: where every standing quote stands, for readers without the documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from openbook.audit.layers import CopyAtHand
from openbook.audit.opened import Opened
from openbook.audit.quoting.placing import Words
from openbook.audit.quoting.verify import Reader
from openbook.core.anchor import Anchor, Checked
from openbook.core.prints import WORDS, Prints, counts, packed, prints_of
from openbook.core.text import Span
from openbook.files.write import write_text

FEWEST = WORDS
"""Of fewer words around a segment, on both sides together, prints are not kept: they tell too
little, and in so short a document a quote's own words and its page tell its place."""


def write_anchors(opened: Opened, checked: Mapping[str, Checked]) -> int:
    """Write the anchors that checking gave, beside those recorded for other copies; how many.

    The files are in the order of the evidence and give the same bytes for the same anchors.
    """
    printing = _Printing(opened)
    by_document: dict[str, list[Anchor]] = {}
    count = 0
    for id_, evidence in opened.audit.evidence.items():
        one = checked.get(id_)
        fresh = printing.anchor(one) if one else None
        kept = [
            old for old in opened.anchors.get(id_, ()) if fresh is None or old.copy != fresh.copy
        ]
        count += fresh is not None
        anchors = [*kept, *([fresh] if fresh else [])]
        by_document.setdefault(evidence.document, []).extend(anchors)
    for document, anchors in by_document.items():
        path = opened.folder / "anchors" / f"{document}.jsonl"
        if anchors:
            write_text(path, "".join(f"{json.dumps(anchor_line(one))}\n" for one in anchors))
        elif path.exists():
            path.unlink()
    return count


def with_prints(anchor: Anchor, words: Words) -> Anchor:
    """An anchor with the prints of what surrounds its segments in the text that it counts in."""
    prints = tuple(_prints(words, span) for span in anchor.spans(words.layer))
    has_enough = all(len(one) >= FEWEST for one in prints)
    return replace(anchor, prints=prints if has_enough else ())


def _prints(words: Words, span: Span) -> Prints:
    first, behind = words.between(span)
    before = (key for key in reversed(words.keys[:first]) if counts(key))
    after = (key for key in words.keys[behind:] if counts(key))
    return Prints(prints_of(islice(before, WORDS))[::-1], prints_of(islice(after, WORDS)))


@dataclass
class _Printing:
    """Gives anchors their prints; the words of a text are read once."""

    opened: Opened
    words: dict[str, Words] = field(default_factory=dict)
    """The words of text layers, by hash."""

    def anchor(self, checked: Checked) -> Anchor | None:
        """The anchor that checking gave, with prints."""
        fresh = checked.anchor
        words = self._words(checked.document, fresh) if fresh else None
        return fresh if fresh is None or words is None else with_prints(fresh, words)

    def _words(self, document: str, anchor: Anchor) -> Words | None:
        if anchor.layer not in self.words:
            found = self.opened.audit.documents[document]
            copy = next(one for one in found.copies if one.sha256 == anchor.copy)
            layers = Reader(self.opened).layers(CopyAtHand(found, copy))
            self.words |= {layer.sha256: Words(layer) for layer in layers}
        return self.words.get(anchor.layer)


def anchor_line(anchor: Anchor) -> dict[str, object]:
    """An anchor as a line of its file."""
    line: dict[str, object] = {
        "evidence": anchor.evidence,
        "copy": anchor.copy,
        "layer": anchor.layer,
        "extractor": anchor.extractor,
        "state": str(anchor.state),
        "segments": [
            [
                {"page": place.page, "start": place.start, "end": place.end}
                | ({"boxes": [list(box) for box in place.boxes]} if place.boxes else {})
                for place in segment
            ]
            for segment in anchor.segments
        ],
    }
    if anchor.prints:
        line["prints"] = [[packed(one.before), packed(one.after)] for one in anchor.prints]
    return line
