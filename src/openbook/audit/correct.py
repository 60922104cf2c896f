"""Corrections and rebuttals: attached to what they are about, never overwriting it."""

from __future__ import annotations

import datetime as dt

from openbook.audit.opened import Opened, WrongUseError, prose
from openbook.core.review import CellId, Correction
from openbook.files.edit import append_table
from openbook.files.write import toml_table

KINDS = ("slip", "correction", "rebuttal")


def correct(
    opened: Opened,
    cell: CellId,
    *,
    by: str,
    reason: str,
    date: dt.date,
    kind: str = "correction",
    was: str = "",
    now: str = "",
) -> Correction:
    """Attach a correction to a cell. It stays open until an editor accepts or rejects it in
    corrections.toml; grades change only when an auditor grades the cell anew."""
    if kind not in KINDS:
        raise WrongUseError(f"{kind!r} is no kind of correction; it is one of {', '.join(KINDS)}")
    if not by.strip() or not reason.strip():
        raise WrongUseError("a correction names who makes it and why")
    correction = Correction(
        id=_next_id(opened),
        kind=kind,
        about=str(cell),
        author=prose(by, "--by"),
        date=date,
        reason=prose(reason, "the reason"),
        state="open",
        was=prose(was, "--was"),
        now=prose(now, "--now"),
    )
    fields = {
        "id": correction.id,
        "kind": correction.kind,
        "about": correction.about,
        "was": correction.was,
        "now": correction.now,
        "reason": correction.reason,
        "author": correction.author,
        "date": correction.date,
        "state": correction.state,
    }
    append_table(opened.folder / "corrections.toml", toml_table("[[correction]]", fields))
    return correction


def _next_id(opened: Opened) -> str:
    taken = {one.id for one in opened.audit.corrections}
    number = len(taken) + 1
    while f"c-{number:03}" in taken:
        number += 1
    return f"c-{number:03}"
