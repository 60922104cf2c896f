"""``openbook audit reply-form`` and ``import-replies``: those who are audited are asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook.cli.edition_commands import day
from openbook.cli.terms import Folder, JsonOption, note, path, progress, show_json, shown, today

if TYPE_CHECKING:
    from openbook.audit.replies import Answer


def reply_form(
    folder: Folder,
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Its key.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The HTML file to write.", parser=path)
    ],
    deadline: Annotated[
        dt.date | None, typer.Option(help="By when an answer is asked for.", parser=day)
    ] = None,
    contact: Annotated[str, typer.Option(help="Where to send the answers, in words.")] = "",
) -> None:
    """A form for those who are audited: one HTML file with every cell of an initiative and room for
    an answer. It needs no network and sends nothing."""
    from openbook.audit.opened import WrongUseError, open_audit, prose
    from openbook.audit.quoting.verify import check_quotes
    from openbook.cli.site import recorded_and_found
    from openbook.files.write import write_text
    from openbook.report.reply_form import reply_form as form
    from openbook.report.site.material import Material

    opened = open_audit(folder).sound()
    wanted = opened.audit.initiative(initiative)
    if wanted is None:
        known = ", ".join(one.key for one in opened.audit.initiatives) or "none yet"
        raise WrongUseError(f"there is no initiative {initiative!r}; this audit has {known}")
    if not wanted.audited:
        raise WrongUseError(f"no release of {initiative} is audited")
    with progress("verifying", "quotes") as update:
        checked, _ = check_quotes(opened, progress=update)
    material = Material(opened.audit, checked, recorded_and_found(opened, checked))
    text = form(material, wanted, deadline, prose(contact, "--contact"))
    write_text(output.resolve(), text)
    cells = len(wanted.audited) * len(opened.audit.questionnaire.questions)
    typer.echo(f"{output}: {wanted.title}, {cells} cells")
    note(f"answers come back as a file: openbook audit import-replies {shown(folder)} FILE")


def import_replies(
    folder: Folder,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Saved answers.", parser=path)
    ],
    as_json: JsonOption = False,
) -> None:
    """Take in answers to a reply form, as open corrections and rebuttals. Their quotes are held
    against the documents at once. What was taken in before is not taken in again."""
    from openbook.audit.opened import writing
    from openbook.audit.replies import import_replies as take_in

    with writing(folder) as opened:
        found = take_in(opened, files, today())
    for one in found.answers:
        if as_json:
            show_json(_record(one))
        else:
            _show(one)
    new = sum(one.is_new for one in found.answers)
    if as_json:
        return
    known = len(found.answers) - new
    typer.echo(f"{new} taken in, {known} known already, agreed with: {found.agreed}")
    if new:
        note(f"next: set their state in {shown(folder / 'corrections.toml')}: accepted or rejected")


def _show(one: Answer) -> None:
    said = one.correction
    state = "" if one.is_new else "  (known already)"
    typer.secho(f"{said.id}  {said.kind} of {said.about}", bold=True, nl=False)
    typer.echo(f"  by {said.author}{state}")
    if one.held is not None:
        where = f", page {one.held.page}" if one.held.page else ""
        reason = f": {one.held.reason}" if one.held.reason else ""
        typer.echo(f"  the quote from {said.document} is {one.held.state}{where}{reason}")
    if one.is_dated:
        typer.echo("  the cell had another grade when the form was made")


def _record(one: Answer) -> dict[str, Any]:
    said, held = one.correction, one.held
    return {
        "id": said.id,
        "kind": said.kind,
        "about": said.about,
        "author": said.author,
        "document": said.document or None,
        "is_new": one.is_new,
        "is_dated": one.is_dated,
        "quote_state": str(held.state) if held else None,
        "page": held.page or None if held else None,
    }
