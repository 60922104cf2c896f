"""Rechecks: opened by the machine where evidence changed, closed by a person who looked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from openbook.audit.drift.changes import changes, pairs
from openbook.audit.opened import Opened, WrongUseError, prose, writing
from openbook.core.recheck import OUTCOMES, rechecks_of
from openbook.core.review import Auditor, Recheck
from openbook.files.edit import append_table, set_item
from openbook.files.write import Value, toml_table

RECHECKS = "rechecks.toml"


def keep_rechecks(opened: Opened, found: Sequence[Recheck]) -> None:
    """Write rechecks into an audit, those that it has left out. The audit is to be held for
    writing."""
    known = {one.id for one in opened.audit.rechecks}
    tables = [toml_table("[[recheck]]", _fields(one)) for one in found if one.id not in known]
    if tables:
        append_table(opened.folder / RECHECKS, "\n".join(tables))


def recheck_newest(folder: Path, document: str, date: dt.date) -> tuple[Recheck, ...]:
    """Open what is to be looked at again since the newest version of a document was taken in; what
    is open or closed already is not opened again."""
    with writing(folder) as opened:
        wanted = [pair for pair in pairs(opened) if pair.document.key == document]
        known = {one.id for one in opened.audit.rechecks}
        found = tuple(
            one
            for changed in changes(opened, wanted)[0]
            for one in rechecks_of(opened.audit, changed, date)
            if one.id not in known
        )
        keep_rechecks(opened, found)
    return found


def close_recheck(
    opened: Opened, id_: str, outcome: str, by: Auditor, reason: str, date: dt.date
) -> Recheck:
    """Record what a person found who looked again. Raises :class:`WrongUseError` where there is no
    such open recheck, the auditor is a model, or no reason is given. The audit is to be held for
    writing."""
    found = next((one for one in opened.audit.rechecks if one.id == id_), None)
    if found is None:
        known = ", ".join(one.id for one in opened.audit.rechecks if one.is_open) or "none"
        raise WrongUseError(f"there is no recheck {id_!r}; open are {known}")
    if not found.is_open:
        raise WrongUseError(f"{id_} is closed already: {found.outcome}, by {found.by}")
    if outcome not in OUTCOMES:
        raise WrongUseError(f"{outcome!r} is no outcome; it is one of {', '.join(OUTCOMES)}")
    if by.kind != "person":
        raise WrongUseError(f"{by.id} is a {by.kind}: a person must have looked")
    reason = prose(reason, "the reason")
    if not reason:
        raise WrongUseError("say with --reason what was found")
    fields: dict[str, Value | None] = {
        "outcome": outcome,
        "by": by.id,
        "reason": reason,
        "closed": date,
    }
    set_item(opened.folder / RECHECKS, "recheck", lambda one: one.get("id") == id_, fields)
    return replace(found, outcome=outcome, by=by.id, reason=reason, closed=date)


def _fields(one: Recheck) -> dict[str, Value | None]:
    return {
        "id": one.id,
        "cell": str(one.cell),
        "document": one.document,
        "older": one.older,
        "newer": one.newer,
        "altered": one.altered,
        "missing": one.missing,
        "moved": one.moved,
        "opened": one.opened,
    }
