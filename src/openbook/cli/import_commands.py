"""``openbook audit import``: an older audit in a spreadsheet, as one more reviewer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook.cli.terms import Folder, JsonOption, note, path, progress, show_json, shown, today

if TYPE_CHECKING:
    from openbook.audit.sheets.claimed_quote import Weighed
    from openbook.audit.sheets.importing import Imported


def import_(
    folder: Folder,
    sheet: Annotated[
        Path, typer.Argument(metavar="SHEET", help="An XLSX or CSV file.", parser=path)
    ],
    mapping: Annotated[
        Path | None, typer.Option("--map", help="What its columns mean (TOML).", parser=path)
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option("--draft-map", help="Draft that file instead, and stop.", parser=path),
    ] = None,
    sheet_name: Annotated[
        str, typer.Option("--sheet", help="Of an XLSX file, draft for the sheet of this name.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come; write nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import a spreadsheet's judgements as those of one more auditor. Quotes become evidence only
    where they stand in a copy at hand; all else is kept as reported, not verified."""
    from openbook.audit.opened import AuditError, WrongUseError, open_audit, writing
    from openbook.audit.sheets.import_files import Given
    from openbook.audit.sheets.importing import import_sheet
    from openbook.files.mapping import read_map
    from openbook.files.sheets import read_sheet

    if (mapping is None) == (draft is None):
        raise WrongUseError("give --map FILE, or have it drafted with --draft-map FILE")
    if draft is not None:
        _draft(folder, sheet, sheet_name, draft)
        return
    assert mapping is not None
    if sheet_name:
        raise WrongUseError("the mapping names the sheet: --sheet goes with --draft-map")
    open_audit(folder).sound()
    meant, faults = read_map(mapping)
    if meant is None:
        raise AuditError(f"{mapping} cannot be used", faults)
    found, data, problems = read_sheet(sheet, meant.sheet)
    if found is None or problems:
        raise AuditError(f"{sheet} cannot be imported", problems)
    with writing(folder) as opened, progress("looking up", "quotes") as report:
        given = Given(found, data, meant, today())
        imported = import_sheet(opened, given, dry=dry_run, progress=report)
    if imported.problems:
        count = len(imported.problems)
        message = f"{count} problem{'s' if count > 1 else ''}; nothing was imported"
        raise AuditError(message, imported.problems)
    if as_json:
        show_json(_record(imported, dry_run))
        return
    _show(imported)
    if dry_run:
        note("nothing was written; without --dry-run it is")
    elif imported.files:
        note(f"next: openbook audit settle {shown(folder)}, then openbook audit check")


def _draft(folder: Path, sheet: Path, name: str, target: Path) -> None:
    from openbook.audit.opened import AuditError, WrongUseError, open_audit
    from openbook.audit.sheets.draft_map import draft_map
    from openbook.files.sheets import read_sheet
    from openbook.files.write import write_text

    opened = open_audit(folder).sound()
    if target.exists():
        raise WrongUseError(f"{target} is there already; choose another name for the draft")
    found, _, problems = read_sheet(sheet, name)
    if found is None:
        raise AuditError(f"{sheet} cannot be read", problems)
    write_text(target, draft_map(opened, found))
    typer.echo(f"drafted {target} for {found.name or sheet.name}")
    if found.others:
        note(f"other sheets: {', '.join(found.others)} (--sheet NAME)")
    note(f'look through it; every "?" is yours to decide. Then: --map {shown(target)} --dry-run')


def _show(imported: Imported) -> None:
    """What came, or would come."""
    claims, cells = imported.claims, imported.cells
    typer.echo(
        f"{imported.auditor}: {claims.rows} rows, {len(cells)} cells, {imported.new_cells} new"
    )
    for reason, count in sorted(claims.left_out.items()):
        typer.echo(f"  left out: {count} ({reason})")
    grades = Counter(str(one.grade) if one.grade is not None else "none" for one in cells.values())
    told = ", ".join(f"{grade}: {count}" for grade, count in sorted(grades.items()))
    typer.echo(f"  grades: {told or 'none'}")
    verified = sum(one.is_verified for one in imported.quotes)
    scanned = sum(one.is_from_scan for one in imported.quotes)
    read = f", {scanned} read from a scan" if scanned else ""
    typer.echo(f"  quotes: {len(imported.quotes)}, {verified} verified{read}")
    for one in imported.quotes:
        if line := _remark(one):
            typer.echo(f"    {one.claimed.place}: {line}")
    if imported.files:
        typer.echo(f"  files: {', '.join(imported.files)}")


def _remark(one: Weighed) -> str:
    """What somebody should know of a quote; empty where all is as the sheet says."""
    if not one.is_found:
        return f"not verified, kept as reported: {one.reason}"
    told = ["read from a scan, not verified"] if one.is_from_scan else []
    if one.is_elsewhere:
        told.append(f"stands in {one.document}, not in {one.claimed.document}")
    if one.is_on_another_page:
        pages = ", ".join(map(str, one.pages))
        told.append(f"page {one.claimed.page} claimed, stands on {pages}")
    return "; ".join(told)


def _record(imported: Imported, dry_run: bool) -> dict[str, Any]:
    return {
        "auditor": imported.auditor,
        "document": imported.sheet,
        "dry_run": dry_run,
        "rows": imported.claims.rows,
        "left_out": dict(imported.claims.left_out),
        "cells": len(imported.cells),
        "new_cells": imported.new_cells,
        "files": list(imported.files),
        "quotes": [
            {
                "place": one.claimed.place,
                "cell": str(one.cell),
                "document": one.document or None,
                "state": one.state,
                "page_claimed": one.claimed.page or None,
                "pages": list(one.pages),
                "reason": one.reason or None,
            }
            for one in imported.quotes
        ],
    }
