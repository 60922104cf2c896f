"""``openbook audit add``: one document, or a pile of them by a plan that is seen first."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openbook.cli.terms import (
    Folder,
    JsonOption,
    PrivateOption,
    note,
    progress,
    show_json,
    shown,
    today,
)

if TYPE_CHECKING:
    from openbook.audit.pile.taking import Taken
    from openbook.core.initiative import ReleaseId
    from openbook.core.plan import Plan


def add(
    folder: Folder,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Files (PDF, HTML, Markdown, text), folders, addresses, or a .txt that lists "
            "addresses.",
            show_default=False,
        ),
    ] = None,
    initiative: Annotated[
        str,
        typer.Option(
            metavar="I", help="The model family's key: company and name, such as openai-gpt."
        ),
    ] = "",
    release: Annotated[
        str, typer.Option(metavar="R", help="The release's key, such as 2 or 3.5.")
    ] = "",
    key: Annotated[str, typer.Option(help="Key of the document.", show_default="from name")] = "",
    title: Annotated[str, typer.Option(help="The document's title.")] = "",
    role: Annotated[
        str,
        typer.Option(help="What the file is: original, transcription, partial, other-version."),
    ] = "original",
    plan: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what would be done to this file, to edit it."),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Do what this plan says."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take the guesses as they are.")] = False,
    allow_private: PrivateOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take in documents. One, with --initiative and --release, is given to that release. Of many,
    titles, dates, kinds and releases are guessed and shown before anything is written."""
    given = tuple(sources or ())
    if from_ is not None:
        if given or plan or yes or any((initiative, release, key, title, role != "original")):
            raise typer.BadParameter("--from takes everything from the plan: give nothing else")
        _carry_out(folder, _read(from_), allow_private, as_json)
        return
    if not given:
        raise typer.BadParameter("name files, folders or addresses, or a plan with --from")
    id_ = _release_id(initiative, release)
    is_one = len(given) == 1 and not (given[0].strip() and Path(given[0]).is_dir())
    if id_ is not None and is_one and not (plan or yes):
        _add_one(folder, given[0], id_, key, title, role, allow_private, as_json)
        return
    if key or title or role != "original":
        raise typer.BadParameter(
            "--key, --title and --role are of one document: name one, with --initiative and "
            "--release; of many they are corrected in a plan (--plan FILE)"
        )
    made = _plan(folder, given, id_, allow_private)
    _show(made, as_json=as_json and not yes)
    if plan is not None:
        _write_plan(folder, made, plan)
    elif as_json and not yes:
        note("nothing is added yet: --yes takes these guesses")
    elif made.entries:
        agreed = made if yes else _asked(folder, made)
        _carry_out(folder, agreed, allow_private, as_json)
    if made.failed:
        raise typer.Exit(1)


def _release_id(initiative: str, release: str) -> ReleaseId | None:
    from openbook.audit.opened import WrongUseError
    from openbook.core.initiative import parse_release_id

    if not initiative and not release:
        return None
    id_ = parse_release_id(f"{initiative}/{release}")
    if id_ is None:
        raise WrongUseError(
            f"{initiative}/{release} cannot name a release: use lower-case letters, digits, "
            "dots and hyphens, such as acme-one and 3.5"
        )
    return id_


def _add_one(
    folder: Path,
    source: str,
    id_: ReleaseId,
    key: str,
    title: str,
    role: str,
    allow_private: bool,
    as_json: bool,
) -> None:
    from openbook.audit.intake import add_document, read_source
    from openbook.audit.opened import WrongUseError, open_audit, writing
    from openbook.core.initiative import is_key

    if key and not is_key(key):
        raise WrongUseError(f"{key!r} cannot be a key; choose one such as acme-2026")
    open_audit(folder).sound()
    with progress(f"reading {source}", "bytes") as report:
        # Before the audit is held for writing: a slow server must not keep others waiting.
        taken = read_source(source, allow_private=allow_private, progress=report)
    with writing(folder) as opened:
        added = add_document(
            opened, taken, release=id_, key=key, title=title, date=today(), role=role
        )
    pages = len(added.layer.pages)
    if as_json:
        show_json(
            {
                "document": added.document.key,
                "release": str(id_),
                "sha256": added.copy.sha256,
                "pages": pages,
                "pages_without_text": len(added.layer.blank),
                "is_new": added.is_new,
            }
        )
        return
    state = "" if added.is_new else " (these bytes were known already)"
    typer.echo(f"{added.document.key}: {pages} page{'s' if pages != 1 else ''}{state}")
    key = added.document.key
    if added.layer.blank:
        from openbook.sources.scan_engine import scan_said

        note(f"{key}: {scan_said(added.layer)}")
    if not added.layer.has_text:
        note(f"next: openbook audit scan {shown(folder)} --document {key}")
        return
    note(f"next: openbook audit search {shown(folder)} --question KEYWORD --document {key}")


# --- many -------------------------------------------------------------------------------------


def _plan(
    folder: Path, sources: tuple[str, ...], id_: ReleaseId | None, allow_private: bool
) -> Plan:
    from openbook.audit.opened import open_audit
    from openbook.audit.pile.gather import gather
    from openbook.audit.pile.planning import make_plan

    opened = open_audit(folder).sound()
    gathered = gather(sources, folder)
    with progress("reading", "documents") as report:
        return make_plan(
            opened,
            gathered,
            releases=(id_,) if id_ else (),
            allow_private=allow_private,
            progress=report,
        )


def _show(made: Plan, *, as_json: bool) -> None:
    from openbook.cli.planned import plan_records, plan_table

    if as_json:
        for record in plan_records(made):
            show_json(record)
    elif made.entries:
        plan_table(made)
    elif not made.failed:
        note("nothing to add: no PDF, HTML, Markdown or text there")
    if made.passed_over:
        some = ", ".join(made.passed_over[:5])
        more = len(made.passed_over) - 5
        note(
            "passed over, as no documents by their names: "
            + some
            + (f" and {more} more" if more > 0 else "")
        )
    for one in made.failed:
        note(f"not taken: {one.source}: {one.reason}")


def _write_plan(folder: Path, made: Plan, path: Path) -> None:
    from openbook.files.plans import plan_text
    from openbook.files.write import write_text

    write_text(path, plan_text(made, shown(folder), shown(path)))
    note(f"nothing is added yet: edit {path}, then")
    note(f"next: openbook audit add {shown(folder)} --from {shown(path)}")


def _read(path: Path) -> Plan:
    from openbook.audit.opened import AuditError, WrongUseError
    from openbook.files.plans import read_plan

    if not path.is_file():
        raise WrongUseError(f"{path} is not there: --plan FILE writes a plan")
    found, problems = read_plan(path)
    if found is None:
        raise AuditError(f"{path.name} cannot be carried out; nothing was added", problems)
    return found


def _asked(folder: Path, made: Plan) -> Plan:
    """The plan that the person at the terminal agrees to. Without one there, nothing is done."""
    from dataclasses import replace

    from openbook.audit.opened import AuditError, WrongUseError
    from openbook.files.plans import plan_text

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUseError(
            "nothing is added yet: --yes takes these guesses, --plan FILE writes them to be edited"
        )
    text, is_sound = plan_text(made, shown(folder), "plan.toml"), True
    while True:
        choice = "Add them? [y]es, [n]o, [e]dit" if is_sound else "[e]dit again, or [n]othing"
        word = typer.prompt(choice, default="n", err=True).strip().lower()[:1]
        if word == "y" and is_sound:
            return made
        if word == "n":
            note("nothing was added")
            raise typer.Exit
        if word == "e":
            text = _edited(text)
            try:
                made = replace(_parsed(text), failed=made.failed)
            except AuditError as error:
                is_sound = False
                note("\n".join([str(error), *(f"  {one}" for one in error.problems)]))
            else:
                is_sound = True
                _show(made, as_json=False)


def _edited(text: str) -> str:
    """A plan's text as the person's editor leaves it."""
    import click

    edited = click.edit(text, extension=".toml")
    return text if edited is None else edited


def _parsed(text: str) -> Plan:
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "plan.toml"
        path.write_text(text, "utf-8")
        return _read(path)


def _carry_out(folder: Path, plan: Plan, allow_private: bool, as_json: bool) -> None:
    from openbook.audit.opened import open_audit
    from openbook.audit.pile.taking import carry_out
    from openbook.audit.quoting.unread import unread

    open_audit(folder).sound()
    results = []
    with progress("adding", "documents") as report:
        for one in carry_out(folder, plan, today(), allow_private=allow_private, progress=report):
            results.append(one)
            if as_json:
                show_json(
                    {
                        "source": one.entry.source,
                        "document": one.entry.key,
                        "is_new": not one.is_known and not one.error,
                        "error": one.error or None,
                    }
                )
    if not as_json:
        _tell(results)
    failed = [one for one in results if one.error]
    for one in failed:
        note(f"not taken: {one.entry.source}: {one.error}")
    if failed:
        raise typer.Exit(1)
    if not as_json:
        added = open_audit(folder)
        keys = [one.entry.key for one in results if not one.error and one.entry.key]
        if any(unread(added, keys)):
            note(f"next: openbook audit scan {shown(folder)}, for pages that are pictures")
        note(f"next: openbook audit check {shown(folder)}")


def _tell(results: Sequence[Taken]) -> None:
    """How many documents and copies there are now."""
    from openbook.cli.planned import counted
    from openbook.core.plan import Do

    done = [one.entry for one in results if not one.error and not one.is_known]
    documents = sum(entry.do is Do.NEW for entry in done)
    known = sum(one.is_known for one in results)
    was = f", {known} there already" if known else ""
    copies = counted(len(done) - documents, "further copy", "further copies")
    typer.echo(f"added: {counted(documents, 'document')}, {copies}{was}")
