"""Corrections and rebuttals: attached to what they are about, never overwriting it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from openbook.audit.layers import at_hand
from openbook.audit.opened import Opened, WrongUseError, prose
from openbook.audit.quoting.verify import Reader
from openbook.core.quote import QuoteError, parse_quote
from openbook.core.review import CellId, Correction
from openbook.core.verify import State
from openbook.files.edit import append_table
from openbook.files.write import toml_table

KINDS = ("slip", "correction", "rebuttal")
STATES = ("open", "accepted", "rejected")


class Source(NamedTuple):
    """What a correction rests on, besides its reason."""

    document: str = ""
    """Key of a document of the audit."""
    quote: str = ""
    """Words of that document."""
    sha256: str = ""
    """Of a file that was sent along."""


class Decision(NamedTuple):
    """What an editor made of a correction."""

    state: str = "open"
    by: str = ""
    reason: str = ""


NO_SOURCE, OPEN = Source(), Decision()


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
    source: Source = NO_SOURCE,
    decision: Decision = OPEN,
) -> Correction:
    """Attach a correction to a cell. Without a decision it stays open until an editor accepts or
    rejects it in corrections.toml; grades change only when an auditor grades the cell anew."""
    if kind not in KINDS:
        raise WrongUseError(f"{kind!r} is no kind of correction; it is one of {', '.join(KINDS)}")
    if decision.state not in STATES:
        raise WrongUseError(f"{decision.state!r} is no state; it is one of {', '.join(STATES)}")
    if not by.strip() or not reason.strip():
        raise WrongUseError("a correction names who makes it and why")
    if source.document:
        opened.document(source.document)
    elif source.quote:
        raise WrongUseError("a quote needs the document in which it stands")
    correction = Correction(
        id=_next_id(opened),
        kind=kind,
        about=str(cell),
        author=prose(by, "--by"),
        date=date,
        reason=prose(reason, "the reason"),
        state=decision.state,
        was=prose(was, "--was"),
        now=prose(now, "--now"),
        document=source.document,
        quote=prose(source.quote, "the quote"),
        sha256=source.sha256,
        decided_by=prose(decision.by, "who decides"),
        decision=prose(decision.reason, "the reason of the decision"),
    )
    keep(opened, [correction])
    return correction


def keep(opened: Opened, corrections: Sequence[Correction]) -> None:
    """Write corrections into an audit, all at once or none."""
    tables = (toml_table("[[correction]]", _fields(one)) for one in corrections)
    append_table(opened.folder / "corrections.toml", "\n".join(tables))


def _fields(one: Correction) -> dict[str, str | dt.date | None]:
    return {
        "id": one.id,
        "kind": one.kind,
        "about": one.about,
        "was": one.was,
        "now": one.now,
        "reason": one.reason,
        "document": one.document,
        "quote": one.quote,
        "sha256": one.sha256,
        "author": one.author,
        "date": one.date,
        "state": one.state,
        "decided_by": one.decided_by,
        "decision": one.decision,
    }


def _next_id(opened: Opened) -> str:
    taken = {one.id for one in opened.audit.corrections}
    number = len(taken) + 1
    while f"c-{number:03}" in taken:
        number += 1
    return f"c-{number:03}"


class Held(NamedTuple):
    """A quote held against its document."""

    state: State
    page: int = 0
    """Where it begins; 0 where it does not stand."""
    reason: str = ""


_ORDER = tuple(State)


def held_against(opened: Opened, document: str, quote: str) -> Held:
    """Whether words stand in the copies of a document that are at hand. Nothing is said of what
    stands there instead: whoever asks may be anybody."""
    try:
        parse_quote(quote)
    except QuoteError as error:
        return Held(State.ALTERED, reason=str(error))
    reader = Reader(opened)
    copies = at_hand(opened.document(document), opened.library)
    outcomes = [one for one in (reader.outcome(quote, copy) for copy in copies) if one is not None]
    if not outcomes:
        told = "its copies cannot be read" if copies else "no copy of the document is at hand"
        return Held(State.UNCHECKED, reason=told)
    best = min(outcomes, key=lambda one: _ORDER.index(one.state))
    if not best.state.is_found and all(reader.scan(copy) for copy in copies):
        return Held(State.UNCHECKED, reason="not so in what was read from the scan")
    if not best.state.is_found:
        return Held(best.state, reason="these words do not stand in the copies at hand")
    return Held(best.state, best.segments[0][0].page, best.found.reason)
