"""``openbook audit leads``: what documents point to, and what became of it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook.cli.terms import AuditorOption, Folder, JsonOption, note, progress, show_json, today

if TYPE_CHECKING:
    from openbook.core.lead import Disposal, Lead

SHOWN = 3
"""Places of one lead that are shown."""


def leads(
    folder: Folder,
    document: Annotated[
        list[str] | None, typer.Option(help="Only in this document (may be given often).")
    ] = None,
    cell: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="RELEASE KEYWORD", help="Only what touches this question."),
    ] = None,
    count: Annotated[int, typer.Option("-n", min=1, help="How many leads.")] = 40,
    show_all: Annotated[
        bool, typer.Option("--all", help="Also those that were decided about.")
    ] = False,
    irrelevant: Annotated[
        list[str] | None, typer.Option(metavar="LEAD", help="Dispose of this lead; with --reason.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why these leads are irrelevant.")] = "",
    collected: Annotated[
        str | None, typer.Option(metavar="LEAD", help="This lead was collected; with --as.")
    ] = None,
    collected_as: Annotated[
        str, typer.Option("--as", metavar="DOCUMENT", help="The document that it became.")
    ] = "",
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What the documents at hand point to and the audit has not collected: addresses, numbers of
    arXiv, DOIs, "our earlier report". What names an audited release comes first."""
    from openbook.audit.leads import leads as found_leads
    from openbook.audit.leads import undisposed, undisposed_of
    from openbook.audit.opened import WrongUseError, open_audit

    opened = open_audit(folder).sound()
    if irrelevant or collected:
        _dispose(folder, irrelevant or [], reason, collected, collected_as, auditor)
        return
    if reason or collected_as:
        raise WrongUseError("--reason goes with --irrelevant, --as with --collected")
    if cell is not None:
        if document or show_all:
            raise WrongUseError("--cell goes with neither --document nor --all")
        wanted = undisposed_of(opened, opened.cell(*cell))
    else:
        with progress("reading", "documents") as report:
            every = found_leads(opened, document or (), report)
        wanted = every if show_all else undisposed(opened, every)
    for lead in wanted[:count]:
        decided = opened.audit.disposals.get(lead.id)
        if as_json:
            show_json(_record(lead, decided))
        else:
            _show(lead, decided)
    if not wanted:
        note("no open leads")
    elif len(wanted) > count:
        note(f"and {len(wanted) - count} more: -n {len(wanted)} shows all")


def _dispose(
    folder: Any,
    irrelevant: list[str],
    reason: str,
    collected: str | None,
    collected_as: str,
    auditor: str | None,
) -> None:
    from openbook.audit.leads import dispose, leads
    from openbook.audit.opened import WrongUseError, open_audit, writing

    known = {lead.id: lead for lead in leads(open_audit(folder))}
    ids = [*irrelevant, *([collected] if collected else [])]
    for id_ in ids:
        if id_ not in known:
            raise WrongUseError(f"there is no lead {id_!r} in the documents at hand")
    if irrelevant and not reason.strip():
        raise WrongUseError("say with --reason why they are irrelevant")
    if collected and not collected_as:
        raise WrongUseError("say with --as which document it became")
    for id_ in ids:
        with writing(folder) as opened:
            told = {"document": collected_as} if id_ == collected else {"reason": reason}
            made = dispose(opened, known[id_], opened.auditor(auditor), today(), **told)
        typer.echo(f"{made.id}  {made.state}  {made.target}")


def _show(lead: Lead, decided: Disposal | None) -> None:
    typer.secho(f"{lead.id}  {lead.target}", bold=True)
    if decided:
        typer.echo(f"    {decided.state}: {decided.reason or decided.document} ({decided.by})")
    if lead.names:
        typer.echo(f"    names {', '.join(lead.names)}")
    for one in lead.mentions[:SHOWN]:
        context = textwrap.shorten(one.context, 200, placeholder=" …")
        typer.echo(f"    {one.document}, page {one.page}: {context}")
    if len(lead.mentions) > SHOWN:
        typer.echo(f"    and {len(lead.mentions) - SHOWN} more places")


def _record(lead: Lead, decided: Disposal | None) -> dict[str, Any]:
    return {
        "id": lead.id,
        "kind": lead.kind,
        "target": lead.target,
        "names": list(lead.names),
        "state": decided.state if decided else "open",
        "mentions": [
            {"document": one.document, "page": one.page, "start": one.start}
            for one in lead.mentions
        ],
    }
