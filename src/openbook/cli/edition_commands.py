"""``openbook audit freeze`` and ``verify-edition``: copies that stay as they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from openbook.cli.terms import Folder, JsonOption, note, path, progress, show_json, shown


def day(text: str) -> dt.date:
    """A day as typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-03-04") from error


def freeze(
    folder: Folder,
    edition: Annotated[str, typer.Argument(metavar="EDITION", help="Its name, such as 2026.1.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The edition's folder; ID-EDITION by default.", parser=path
        ),
    ] = None,
    date: Annotated[
        dt.date | None,
        typer.Option(help="Its date; by default the last one in the records.", parser=day),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Also an author: an organisation, or a person as 'Ruiz, Ana' (often)."),
    ] = None,
    url: Annotated[str, typer.Option(help="Where its site will stand.")] = "",
    licence: Annotated[str, typer.Option(help="Its licence by SPDX name: CC-BY-4.0.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Freeze the audit as an edition: records, site, hashes and citations, in a folder and a zip.

    The same records give the same bytes. An audit with problems is refused, and so is a name that
    another edition has.
    """
    from openbook.audit.opened import open_audit
    from openbook.cli.freeze import Wish, freeze

    opened = open_audit(folder).sound()
    with progress("verifying", "quotes") as update:
        wish = Wish(edition, date, tuple(by or ()), url, licence)
        found = freeze(opened, wish, output, update)
    if as_json:
        show_json(
            {
                "edition": edition,
                "folder": str(found.folder),
                "zip": str(found.archive),
                "files": found.files,
                "sha256": found.edition.sha256,
                "date": found.edition.date.isoformat(),
                "is_new": found.is_new,
            }
        )
        return
    state = "" if found.is_new else " (it was there already, the same)"
    typer.echo(f"{found.folder}: edition {edition}, {found.files} files{state}")
    typer.echo(f"{found.archive}: the same as a zip")
    typer.echo(f"sha256 {found.edition.sha256}")
    if found.todos:
        things = "thing is" if found.todos == 1 else "things are"
        note(f"{found.todos} {things} left to do in it: openbook audit check {shown(folder)}")
    if not licence:
        note("no licence is named; a repository such as Zenodo asks for one: --licence CC-BY-4.0")
    note(f"next: openbook audit verify-edition {shown(found.archive)}")


def verify_edition(
    edition: Annotated[
        Path, typer.Argument(metavar="EDITION", help="An edition's folder or zip.", parser=path)
    ],
    as_json: JsonOption = False,
) -> None:
    """Whether every file of an edition is as it was frozen; exit status 1 when one is not.

    Whoever can change files can change their list of hashes: compare the sha256 with the citation.
    """
    from openbook.audit.edition import verify_edition as verify
    from openbook.report.wording import one_line

    found = verify(edition)
    if as_json:
        show_json(
            {
                "edition": found.edition,
                "sha256": found.sha256,
                "files": found.files,
                "problems": [{"file": one.place, "message": one.message} for one in found.problems],
            }
        )
    else:
        for problem in found.problems:
            typer.echo(one_line(str(problem)))
        count = len(found.problems)
        state = f"{count} differ{'s' if count == 1 else ''}" if count else "all as frozen"
        typer.echo(f"{found.edition or edition}: {found.files} files, {state}")
        typer.echo(f"sha256 {found.sha256}")
    if found.problems:
        raise typer.Exit(1)
