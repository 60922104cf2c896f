"""``openbook library``: documents by hash, shared by audits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openbook.cli.terms import JsonOption, note, show_json

library_app = typer.Typer(
    help="The library: copies of documents by sha256, outside git, shared by audits.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@library_app.command("add")
def add(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Documents.")]) -> None:
    """Keep copies of files. An audit that knows a copy by its hash finds it there."""
    from openbook.files.library import Library, default_root

    library = Library(default_root())
    failed = False
    for path in files:
        if not path.is_file():
            note(f"openbook: {path} is not a file")
            failed = True
            continue
        typer.echo(f"{library.add(path.read_bytes())}  {path}")
    if failed:
        raise typer.Exit(1)


@library_app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Every copy, with its size in bytes."""
    from openbook.files.library import Library, default_root

    library = Library(default_root())
    count = 0
    for sha256, size in library.list():
        count += 1
        if as_json:
            show_json({"sha256": sha256, "bytes": size})
        else:
            typer.echo(f"{sha256}  {size:>12,}")
    note(f"{count} {'copy' if count == 1 else 'copies'} in {library.root}")


@library_app.command("verify")
def verify() -> None:
    """Whether every copy still is what its name says."""
    from openbook.files.library import Library, default_root

    library = Library(default_root())
    damaged = list(library.damaged())
    for sha256 in damaged:
        typer.echo(f"{sha256}  damaged: remove it and fetch or add it again")
    if damaged:
        raise typer.Exit(1)
    typer.echo("every copy is what its hash says")


@library_app.command("remove")
def remove(
    hashes: Annotated[list[str], typer.Argument(metavar="SHA256...", help="Or their beginnings.")],
) -> None:
    """Forget copies."""
    from openbook.files.library import Library, default_root

    library = Library(default_root())
    failed = False
    for wanted in hashes:
        found = [sha256 for sha256, _ in library.list() if sha256.startswith(wanted)]
        if len(found) != 1 or len(wanted) < 6:
            begin = f"{len(found)} copies begin so" if found else "no copy begins so"
            note(f"openbook: {wanted!r}: {begin}; give at least 6 characters of one")
            failed = True
            continue
        library.remove(found[0])
        typer.echo(f"removed {found[0]}")
    if failed:
        raise typer.Exit(1)
