"""Whether the passages of search records are those that their seeds draw.

A random sample that somebody may choose is none. The seed names the cell, the auditor and the texts
searched, so it cannot be tried out, and the draw can be made again wherever the texts are at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from openbook.audit.layers import at_hand
from openbook.audit.opened import Opened
from openbook.audit.quoting.verify import Reader
from openbook.core.bound import drawn_order, seed_for
from openbook.core.passage import CUT, Passage, passages
from openbook.core.problem import Problem
from openbook.core.review import ReadPassage, SearchedDocument, SearchRecord


def check_draws(opened: Opened) -> list[Problem]:
    """What is wrong with the samples of all search records whose documents are at hand."""
    reader = Reader(opened)
    found = []
    for record in opened.audit.searches.values():
        fault = _remembered(opened, reader, record)
        if fault:
            found.append(Problem(f"searches: {record.id}", fault))
    return found


def _remembered(opened: Opened, reader: Reader, record: SearchRecord) -> str:
    """What is wrong with one record, from memory where it was looked at before."""
    if record.cut != CUT or not all(_is_at_hand(opened, one) for one in record.documents):
        return ""
    key = ("draw", CUT, repr(asdict(record)))
    kept = opened.cache.get(*key)
    if kept is None:
        kept = next(_faults(opened, reader, record), "")
        opened.cache.put(kept, *key)
    return kept


def _is_at_hand(opened: Opened, one: SearchedDocument) -> bool:
    return one.key in opened.audit.documents and opened.library.has(one.sha256)


def _faults(opened: Opened, reader: Reader, record: SearchRecord) -> Iterator[str]:
    every: dict[ReadPassage, Passage] = {}
    for searched in record.documents:
        cut = _cut(opened, reader, searched)
        if cut is None:
            return  # another extractor, other offsets: nothing can be said
        every.update((one.place, one) for one in cut)
        if len(cut) != searched.passages:
            yield f"counts {searched.passages} passages of {searched.key}; there are {len(cut)}"
    strange = [one for one in record.all_read if one not in every]
    if strange:
        yield f"{len(strange)} of its passages are none of the documents searched"
        return
    if record.sample is None:
        return
    layers = [one.layer for one in record.documents]
    if record.sample.seed != seed_for(str(record.cell), record.by, layers):
        yield "its sample has another seed than cell, auditor and texts give"
    read = set(record.read)
    order = drawn_order([p.id for one, p in every.items() if one not in read], record.sample.seed)
    if _ids(every, record.sample.read) != order[: len(record.sample.read)]:
        yield "its sample is not the one that the seed draws"


def _cut(opened: Opened, reader: Reader, searched: SearchedDocument) -> list[Passage] | None:
    document = opened.audit.documents[searched.key]
    for one in at_hand(document, opened.library):
        for layer in reader.layers(one) if one.copy.sha256 == searched.sha256 else ():
            if layer.sha256 == searched.layer:
                return list(passages(searched.key, searched.sha256, layer))
    return None


def _ids(every: dict[ReadPassage, Passage], read: Iterable[ReadPassage]) -> list[str]:
    return [every[one].id for one in read]
