"""``openbook audit leads``: what documents point to, and what became of it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

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
    unavailable: Annotated[
        list[str] | None,
        typer.Option(metavar="LEAD", help="This lead could not be had; with --reason."),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why these leads are irrelevant, or how they were looked for.")
    ] = "",
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
    from openbook.audit.opened import WrongUseError, open_audit
    from openbook.audit.search.leads import leads as found_leads
    from openbook.audit.search.leads import leads_of, undisposed

    opened = open_audit(folder).sound()
    decided = Decided(irrelevant or [], unavailable or [], reason, collected, collected_as)
    if decided.ids:
        _dispose(folder, decided, auditor)
        return
    if reason or collected_as:
        raise WrongUseError(
            "--reason goes with --irrelevant and --unavailable, --as with --collected"
        )
    if cell is not None:
        if document:
            raise WrongUseError("--cell goes without --document")
        every = leads_of(opened, opened.cell(*cell))
    else:
        with progress("reading", "documents") as report:
            every = found_leads(opened, document or (), report)
    wanted = every if show_all else undisposed(opened, every)
    for lead in wanted[:count]:
        disposal = opened.audit.disposals.get(lead.id)
        if as_json:
            show_json(_record(lead, disposal))
        else:
            _show(lead, disposal)
    if not wanted:
        note("no open leads")
    elif len(wanted) > count:
        note(f"and {len(wanted) - count} more: -n {len(wanted)} shows all")


class Decided(NamedTuple):
    """What the command line says became of leads."""

    irrelevant: list[str]
    unavailable: list[str]
    reason: str
    collected: str | None
    document: str
    """What the collected one became."""

    @property
    def ids(self) -> list[str]:
        """Every lead that is decided about."""
        collected = [self.collected] if self.collected else []
        return [*dict.fromkeys((*self.irrelevant, *self.unavailable, *collected))]


def _dispose(folder: Path, decided: Decided, auditor: str | None) -> None:
    from openbook.audit.opened import WrongUseError, open_audit, writing
    from openbook.audit.search.leads import dispose, leads

    known = {lead.id: lead for lead in leads(open_audit(folder))}
    for id_ in decided.ids:
        if id_ not in known:
            raise WrongUseError(f"there is no lead {id_!r} in the documents at hand")
    if len(decided.ids) < sum(map(len, (decided.irrelevant, decided.unavailable))) + bool(
        decided.collected
    ):
        raise WrongUseError("one lead is named twice")
    if (decided.irrelevant or decided.unavailable) and not decided.reason.strip():
        raise WrongUseError("say with --reason why they are irrelevant, or could not be had")
    if decided.collected and not decided.document:
        raise WrongUseError("say with --as which document it became")
    for id_ in decided.ids:
        told: dict[str, Any] = {"document": decided.document}
        if id_ != decided.collected:
            told = {"reason": decided.reason, "unavailable": id_ in decided.unavailable}
        with writing(folder) as opened:
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
