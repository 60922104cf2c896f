"""``openbook audit watch`` and ``recheck``: documents that change, and who looks again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook.cli.change_commands import changed_record, show_changed
from openbook.cli.terms import (
    AuditorOption,
    Folder,
    JsonOption,
    PrivateOption,
    note,
    path,
    progress,
    show_json,
    shown,
    today,
)

if TYPE_CHECKING:
    from openbook.audit.opened import Opened
    from openbook.core.review import Recheck
    from openbook.core.watch import Watched


def watch(
    folder: Folder,
    document: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Only this document (may be given often)."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing into the audit or the library.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Also write a report in Markdown, for a pull request.", parser=path
        ),
    ] = None,
    delay: Annotated[
        float, typer.Option(min=0, help="Seconds between two requests to one host.")
    ] = 1.0,
    seconds: Annotated[
        float, typer.Option(min=1, help="The time that each address has to answer.")
    ] = 120,
    workflow: Annotated[
        bool,
        typer.Option(
            "--workflow", help="Print a workflow for GitHub that does this weekly; ask nothing."
        ),
    ] = False,
    allow_private: PrivateOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask every document's address whether it has other bytes, and say what became of the
    evidence: in place, moved, altered or missing, by question and release. New versions are kept
    beside the old ones; what a person must look at again is opened in rechecks.toml.

    Exit status: 0 nothing moved, 1 drift or errors, 2 wrong use.
    """
    if workflow:
        from openbook.report.workflow import watch_workflow

        if (text := watch_workflow(folder.as_posix())) is None:
            raise typer.BadParameter(
                f"name the audit's folder as a path in its repository: {folder}"
            )
        typer.echo(text, nl=False)
        return
    from openbook.audit.drift.pace import Pace
    from openbook.audit.drift.watch import Watching, targets, unwatched
    from openbook.audit.drift.watch import watch as look
    from openbook.audit.opened import open_audit

    opened = open_audit(folder).sound()
    wanted = targets(opened, document or ())
    watching = Watching(opened, today(), Pace(delay), allow_private, seconds, not dry_run)
    found: list[Watched] = []
    with progress("watching", "addresses") as update:
        for one in look(watching, wanted):
            found.append(one)
            update(len(found), len(wanted))
            if as_json:
                show_json(_record(opened, one))
            else:
                _show(opened, one)
    if not document and (left := unwatched(opened, wanted)):
        note(f"not watched, as no address gave a version of them: {', '.join(left)}")
    waiting = _waiting(folder, found, dry_run)
    if report is not None:
        from openbook.files.write import write_text
        from openbook.report.watched import report as markdown

        write_text(report, markdown(opened.audit, found, waiting))
    if not as_json:
        _sum_up(folder, found, waiting)
    if any(one.has_drift or one.has_error for one in found):
        raise typer.Exit(1)


def _waiting(folder: Path, found: Sequence[Watched], dry_run: bool) -> int:
    """How many cells wait to be looked at again, those included that would be opened."""
    from openbook.audit.opened import open_audit
    from openbook.core.recheck import open_rechecks

    cells = set(open_rechecks(open_audit(folder).audit))
    would = {recheck.cell for one in found for recheck in one.rechecks} if dry_run else set()
    return len(cells | would)


def _show(opened: Opened, one: Watched) -> None:
    from openbook.core.watch import Seen
    from openbook.report.watched import headline

    name = typer.style(one.document, bold=True)
    if one.seen in (Seen.GONE, Seen.FAILED):
        typer.echo(f"{name}: {typer.style(str(one.seen), fg='red')}: {one.message}")
    elif one.changed is not None:
        show_changed(opened, one.changed)
        for line in headline(opened.audit, one.changed):
            typer.secho(f"  {line}", fg="red")
        for id_ in one.untold:
            typer.echo(f"  {id_}: does not stand here, and where it stood before is not known")
        for recheck in one.rechecks:
            typer.echo(f"  {recheck.id}: {recheck.cell} is to be looked at again")
        settled = "a person has looked again at all of it" if one.is_settled else ""
        for remark in filter(None, (one.message, settled)):
            typer.echo(f"  {remark}")
    else:
        how = " (not modified)" if one.is_not_modified else ""
        more = f"; {one.message}" if one.message else ""
        typer.echo(f"{name}: {one.seen}{how}{more}")
    if one.led_to:
        typer.echo(f"{name}: its address leads to another host now, {one.led_to}")


def _sum_up(folder: Path, found: Sequence[Watched], waiting: int) -> None:
    counts = Counter(str(one.seen) for one in found)
    told = ", ".join(f"{count} {seen}" for seen, count in counts.items()) or "nothing to watch"
    same = sum(one.is_not_modified for one in found)
    note(f"{told}" + (f" ({same} said so by the server, without bytes)" if same else ""))
    if waiting:
        cells = "1 cell waits" if waiting == 1 else f"{waiting} cells wait"
        note(f"{cells} to be looked at again: openbook audit recheck {shown(folder)}")


def _record(opened: Opened, one: Watched) -> dict[str, Any]:
    return {
        "document": one.document,
        "url": one.url,
        "seen": str(one.seen),
        "is_not_modified": one.is_not_modified,
        "sha256": one.copy.sha256 if one.copy else None,
        "changed": changed_record(opened, one.changed) if one.changed else None,
        "untold": list(one.untold),
        "rechecks": [recheck.id for recheck in one.rechecks],
        "led_to": one.led_to or None,
        "message": one.message or None,
    }


def recheck(
    folder: Folder,
    close: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Close this (may be given often); needs --as and --reason."
        ),
    ] = None,
    outcome: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="OUTCOME",
            help="What you found: holds, regraded (you judged the cell anew), or elsewhere (the "
            "evidence stands elsewhere).",
        ),
    ] = "",
    reason: Annotated[str, typer.Option(help="What you saw, for others.")] = "",
    show_all: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """The cells to be looked at again, since evidence for them changed with its document. A person
    closes each, with a reason."""
    from openbook.audit.drift.rechecks import close_recheck
    from openbook.audit.opened import WrongUseError, open_audit, writing

    if not close:
        if outcome or reason:
            raise WrongUseError("--as and --reason go with --close")
        rechecks = open_audit(folder).sound().audit.rechecks
        wanted = [one for one in rechecks if show_all or one.is_open]
        for one in wanted:
            _show_recheck(one, as_json)
        if not wanted and not as_json:
            note("nothing is to be looked at again")
        return
    with writing(folder) as opened:
        by = opened.auditor(auditor)
        for id_ in dict.fromkeys(close):
            _show_recheck(close_recheck(opened, id_, outcome, by, reason, today()), as_json)


def _show_recheck(one: Recheck, as_json: bool) -> None:
    from openbook.core.recheck import in_words

    if as_json:
        show_json(_recheck_record(one))
        return
    typer.secho(f"{one.id}  {one.cell}", bold=True)
    ids = ", ".join((*one.altered, *one.missing, *one.moved))
    typer.echo(f"    {in_words(one)} in {one.document}, found {one.opened}: {ids}")
    if not one.is_open:
        typer.echo(f"    {one.outcome} ({one.by}, {one.closed}): {one.reason}")


def _recheck_record(one: Recheck) -> dict[str, Any]:
    return {
        "id": one.id,
        "release": str(one.cell.release),
        "question": one.cell.keyword,
        "document": one.document,
        "older": one.older,
        "newer": one.newer,
        "altered": list(one.altered),
        "missing": list(one.missing),
        "moved": list(one.moved),
        "opened": one.opened.isoformat(),
        "outcome": one.outcome or None,
        "by": one.by or None,
        "reason": one.reason or None,
        "closed": one.closed.isoformat() if one.closed else None,
    }
