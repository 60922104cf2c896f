"""``openbook audit changes``: what became of quotes in a newer version of their document."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook.cli.terms import Folder, JsonOption, note, show_json

if TYPE_CHECKING:
    from openbook.audit.drift.changes import Pair
    from openbook.audit.opened import Opened
    from openbook.core.change import Change, Changed, Reanchored
    from openbook.core.initiative import Copy

COLOURS = {"in place": "green", "moved": "yellow", "altered": "red", "missing": "red"}


def changes(
    folder: Folder,
    document: Annotated[str | None, typer.Option(help="Only this document.")] = None,
    old: Annotated[
        str | None, typer.Option("--from", help="The older copy, by the beginning of its sha256.")
    ] = None,
    new: Annotated[
        str | None, typer.Option("--to", help="The newer copy, by the beginning of its sha256.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What became of every quote from one version of a document to the next: in place, moved,
    altered (with the words that differ) or missing. It changes nothing.

    Compares the last two versions of each document with more than one at hand. Where only a version
    newer than the quotes' anchors is at hand, the anchors stand for the older one.
    """
    from openbook.audit.drift.changes import changes as compare
    from openbook.audit.opened import open_audit

    if (old is None) != (new is None):
        raise typer.BadParameter("give both --from and --to, or neither")
    if old is not None and document is None:
        raise typer.BadParameter("--from and --to need --document")
    opened = open_audit(folder)
    found, problems = compare(opened, _wanted(opened, document, old, new))
    for one in found:
        if as_json:
            show_json(changed_record(opened, one))
        else:
            show_changed(opened, one)
    if not found and not as_json:
        typer.echo("no document has two versions at hand that can be read")
    for problem in problems:
        note(f"problem: {problem}")


def _wanted(
    opened: Opened, document: str | None, old: str | None, new: str | None
) -> tuple[Pair, ...]:
    from openbook.audit.drift.changes import pair_of, pairs

    if document is None:
        return tuple(pairs(opened))
    named = opened.document(document)
    if old is not None and new is not None:
        return (pair_of(opened, named, old, new),)
    return tuple(pair for pair in pairs(opened) if pair.document.key == named.key)


def show_changed(opened: Opened, one: Changed) -> None:
    """What became of a document's quotes, for people."""
    from openbook.core.change import by_cell

    typer.secho(f"{one.document}: {_name(one.old)} -> {_name(one.new)}", bold=True)
    total = len(one.quotes)
    typer.echo(f"  {total} quote{'s' if total != 1 else ''}: {_counts(one.counts) or 'none'}")
    for cell, counts in by_cell(opened.audit, one).items():
        if lost := sum(number for change, number in counts.items() if change.is_loss):
            what = "passage" if lost == 1 else "passages"
            typer.echo(f"  {cell}: lost {lost} {what} ({_counts(counts)})")
    for id_, quote in one.quotes:
        if quote.change.value != "in place" or quote.reason:
            _show_quote(opened, id_, quote)
    for what, ids in (("stands in the newer alone", one.only_new), ("in neither", one.neither)):
        if ids:
            typer.echo(f"  {what}: {', '.join(ids)}")


def _show_quote(opened: Opened, id_: str, one: Reanchored) -> None:
    from openbook.core.anchor import MARKS
    from openbook.core.evidence import QuoteEvidence

    evidence = opened.audit.evidence[id_]
    words = evidence.quote if isinstance(evidence, QuoteEvidence) else ""
    fate = typer.style(f"{one.change.value:<8}", fg=COLOURS[one.change.value])
    page = f"page {one.page or one.was_on}"
    typer.echo(f"  {id_}  {fate}  {page:<8}  {textwrap.shorten(words, 60, placeholder=' …')}")
    if one.reason:
        typer.echo(f"    {one.reason}")
    if one.diff:
        typer.echo(f"    {' '.join(MARKS[part.kind].format(part.text) for part in one.diff)}")


def _name(copy: Copy) -> str:
    when = f", taken {copy.retrieved}" if copy.retrieved else ""
    return f"{copy.sha256[:12]} ({copy.role}{when})"


def _counts(counts: Counter[Change]) -> str:
    from openbook.core.change import Change

    return ", ".join(f"{counts[one]} {one}" for one in Change if counts[one])


def changed_record(opened: Opened, one: Changed) -> dict[str, Any]:
    """What became of a document's quotes, for programs."""
    from openbook.core.change import by_cell

    cells = by_cell(opened.audit, one)
    return {
        "document": one.document,
        "from": one.old.sha256,
        "to": one.new.sha256,
        "counts": _plain(one.counts),
        "cells": [
            {"release": str(cell.release), "question": cell.keyword, "counts": _plain(counts)}
            for cell, counts in cells.items()
        ],
        "quotes": [
            {
                "evidence": id_,
                "change": str(quote.change),
                "state": str(quote.state),
                "was_on": quote.was_on,
                "page": quote.page,
                "spans": [[span.start, span.end] for span in quote.spans],
                "diff": [list(part) for part in quote.diff],
                "reason": quote.reason or None,
            }
            for id_, quote in one.quotes
        ],
        "only_new": list(one.only_new),
        "neither": list(one.neither),
    }


def _plain(counts: Counter[Change]) -> dict[str, int]:
    from openbook.core.change import Change

    return {str(one): counts[one] for one in Change}
