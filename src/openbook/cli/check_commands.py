"""``openbook audit verify`` and ``check``: what stands, what is wrong, what is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook.cli.shown import quote_record, show_quote, show_region, summary
from openbook.cli.terms import Folder, JsonOption, note, progress, show_json, shown

if TYPE_CHECKING:
    from openbook.audit.check import Report
    from openbook.audit.opened import Opened
    from openbook.core.anchor import Checked

FAILED = ("altered", "missing")
"""States of a quote that does not stand in the copies at hand."""


def verify(
    folder: Folder,
    as_json: JsonOption = False,
    write_anchors: Annotated[
        bool, typer.Option("--write-anchors", help="Record where every quote stands.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="List unchecked quotes one by one too.")
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="List only the quotes that do not stand.")
    ] = False,
) -> None:
    """Every quote with its state and page, by document; where it fails, what stands there instead.

    Exit status 1 when a quote fails. Quotes of documents that are not at hand are unchecked.
    """
    from openbook.audit.opened import open_audit
    from openbook.audit.quoting.verify import check_quotes

    opened = open_audit(folder)
    with progress("verifying", "quotes") as report:
        checked, problems = check_quotes(opened, progress=report)
    faults = [one for one in checked.values() if one.state in FAILED]
    listed = faults if failed else list(checked.values())
    if as_json:
        for one in listed:
            show_json(quote_record(one))
    else:
        _show_by_document(opened, listed, every)
        typer.echo(summary(checked.values()))
    if not as_json and any(one.state == "unchecked" for one in listed):
        note(f"unchecked quotes: `openbook audit fetch {shown(folder)}` or `openbook library add`")
    if not as_json and any(one.is_outdated for one in listed):
        note(f"next: openbook audit changes {shown(folder)}")
    for problem in (*opened.problems, *problems):
        note(f"problem: {problem}")
    if write_anchors:
        _write_anchors(folder)
    if faults or problems or opened.problems:
        raise typer.Exit(1)


def _show_by_document(opened: Opened, listed: Iterable[Checked], every: bool) -> None:
    from openbook.core.evidence import QuoteEvidence, RegionEvidence
    from openbook.core.translation import of_quote

    by_document: dict[str, list[Checked]] = {}
    for one in listed:
        by_document.setdefault(one.document, []).append(one)
    for key, quotes in sorted(by_document.items()):
        typer.secho(key, bold=True)
        unchecked = [
            one
            for one in quotes
            if one.state == "unchecked" and one.what == "quote" and not (one.nearest or every)
        ]
        for one in quotes:
            evidence = opened.audit.evidence[one.evidence]
            if one not in unchecked and isinstance(evidence, QuoteEvidence):
                show_quote(one, evidence, of_quote(opened.audit.translations, one.evidence))
            elif one not in unchecked and isinstance(evidence, RegionEvidence):
                show_region(one, evidence)
        if unchecked:
            count = f"{len(unchecked)} quote{'s' if len(unchecked) > 1 else ''} unchecked"
            typer.secho(f"  {count}: {unchecked[0].reason}", fg="yellow")


def _write_anchors(folder: Path) -> None:
    """Record anchors of the audit as it is once nobody else writes it."""
    from openbook.audit.opened import writing
    from openbook.audit.quoting.anchor import write_anchors as write
    from openbook.audit.quoting.verify import check_quotes

    with writing(folder) as opened:
        count = write(opened, check_quotes(opened)[0])
    note(f"{count} anchors written")


def check(folder: Folder, as_json: JsonOption = False) -> None:
    """Everything wrong (exit status 1) and everything left to do (listed, exit status 0)."""
    from openbook.audit.check import check as run
    from openbook.audit.opened import open_audit

    opened = open_audit(folder)
    with progress("checking", "quotes") as report:
        found = run(opened, report)
    if as_json:
        show_json(_report_record(found))
    else:
        _show_report(found)
        if not opened.audit.releases:
            note(f"next: openbook audit add {shown(folder)} FILE_OR_URL --initiative I --release R")
    if found.problems:
        raise typer.Exit(1)


def _report_record(found: Report) -> dict[str, Any]:
    return {
        "problems": [{"place": one.place, "message": one.message} for one in found.problems],
        "todos": [{"place": one.place, "message": one.message} for one in found.todos],
        "quotes": _by_state(one for one in found.checked.values() if one.what == "quote"),
        "regions": _by_state(one for one in found.checked.values() if one.what == "region"),
        "settled_grades_rest_on": dict(found.standings),
    }


def _by_state(checked: Iterable[Checked]) -> dict[str, int]:
    return dict(Counter(str(one.state) for one in checked))


def _show_report(found: Report) -> None:
    if found.problems:
        typer.secho(f"Problems ({len(found.problems)})", fg="red", bold=True)
        for problem in found.problems:
            typer.echo(f"  {problem}")
    if found.todos:
        typer.secho(f"To do ({len(found.todos)})", bold=True)
        for todo in found.todos:
            typer.echo(f"  {todo}")
    typer.echo(summary(found.checked.values()))
    rest = ", ".join(f"{count} on {what}" for what, count in found.standings.items() if count)
    if rest:
        typer.echo(f"settled grades above 0 rest: {rest} evidence")
    if not found.problems:
        typer.secho("no problems", fg="green")
