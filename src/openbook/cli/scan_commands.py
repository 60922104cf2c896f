"""``openbook audit scan``: pages that are pictures, read into a layer of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openbook.cli.terms import Folder, JsonOption, note, progress, show_json, shown

if TYPE_CHECKING:
    from openbook.audit.quoting.scanning import Scanned


def scan(
    folder: Folder,
    document: Annotated[
        list[str] | None, typer.Option(help="Only this document (may be given often).")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read anew what was read before.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Have an engine read the pages that are pictures, some seconds each. What it reads is kept
    apart from the text and verifies nothing: quotes found in it are read-from-scan.

    Needs the extra: pip install 'openbook[ocr]'. Exit status 1 when a page could not be read.
    """
    from openbook.audit.opened import open_audit
    from openbook.audit.quoting.scanning import read_scans

    opened = open_audit(folder).sound()
    failed = count = is_read = 0
    with progress("reading scans", "pages") as report:
        for one in read_scans(opened, document or (), again=again, progress=report):
            count += 1
            failed += bool(one.error)
            is_read += one.layer is not None
            if as_json:
                show_json(_record(one))
            else:
                _show(one)
    if not count:
        note("every page of the documents at hand has text: there is nothing to read")
    elif is_read:
        note(f"next: openbook audit search {shown(folder)} --question KEYWORD")
    if failed:
        raise typer.Exit(1)


def _record(one: Scanned) -> dict[str, object]:
    return {
        "document": one.document,
        "copy": one.sha256,
        "pages": one.pages,
        "without_text": list(one.blank),
        "with_words": list(one.told),
        "engine": one.layer.extractor if one.layer else None,
        "is_known": one.is_known,
        "error": one.error or None,
    }


def _show(one: Scanned) -> None:
    have = "page has" if one.pages == 1 else "pages have"
    head = f"{one.document}: {len(one.blank)} of {one.pages} {have} no text"
    if one.layer is None:
        typer.secho(f"{head}; not read", fg="red")
        note(f"  {one.error}")
        return
    before = " before" if one.is_known else ""
    empty = len(one.layer.pages) - len(one.told)
    nothing = f", nothing on {empty}" if empty else ""
    typer.echo(f"{head}; words read{before} on {len(one.told)}{nothing}")
    note(f"  by {one.layer.extractor}")
    if one.error:
        typer.secho(f"  not read: {one.error}", fg="red")
