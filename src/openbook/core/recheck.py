"""A cell to be looked at again, since evidence for it changed with its document."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping

from openbook.core.change import Change, Changed, Reanchored, supported
from openbook.core.records import Audit
from openbook.core.review import CellId, Recheck

OUTCOMES = {
    "regraded": "the cell was judged anew",
    "holds": "what was found still holds",
    "elsewhere": "the evidence stands elsewhere",
}
"""How somebody who looked again may close a recheck."""


def needs_person(one: Reanchored) -> bool:
    """Whether somebody must look: the words differ, are gone, or stand among other words, which
    may make them say something else."""
    return one.change is not Change.IN_PLACE


def rechecks_of(audit: Audit, changed: Changed, date: dt.date) -> tuple[Recheck, ...]:
    """The cells to be looked at again after a document changed, in the order of the audit's
    cells."""
    found: dict[CellId, dict[Change, list[str]]] = {}
    for id_, one in changed.quotes:
        if needs_person(one):
            for cell in supported(audit, id_):
                found.setdefault(cell, {}).setdefault(one.change, []).append(id_)
    return tuple(
        Recheck(
            _id(cell, changed),
            cell,
            changed.document,
            changed.old.sha256,
            changed.new.sha256,
            date,
            altered=tuple(found[cell].get(Change.ALTERED, ())),
            missing=tuple(found[cell].get(Change.MISSING, ())),
            moved=tuple(found[cell].get(Change.MOVED, ())),
        )
        for cell in audit.cells
        if cell in found
    )


def _id(cell: CellId, changed: Changed) -> str:
    """The same drift has the same id, whoever finds it and whenever."""
    said = "\n".join((str(cell), changed.document, changed.old.sha256, changed.new.sha256))
    return f"w-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def open_rechecks(audit: Audit) -> Mapping[CellId, tuple[Recheck, ...]]:
    """The rechecks that nobody has closed, by cell, in the order of the audit's cells."""
    found: dict[CellId, list[Recheck]] = {}
    for one in audit.rechecks:
        if one.is_open:
            found.setdefault(one.cell, []).append(one)
    return {cell: tuple(found[cell]) for cell in audit.cells if cell in found}


def in_words(one: Recheck) -> str:
    """``2 quotes altered, 1 missing``."""
    return ", ".join(_parts(one))


def _parts(one: Recheck) -> Iterator[str]:
    is_first = True
    for ids, what in (
        (one.altered, "altered"),
        (one.missing, "missing"),
        (one.moved, "moved"),
    ):
        if ids:
            quotes = (" quote" if len(ids) == 1 else " quotes") if is_first else ""
            yield f"{len(ids)}{quotes} {what}"
            is_first = False
