"""``openbook audit suggest`` and ``proposals``: what a language model proposes, kept apart."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook.cli.judge_commands import Release
from openbook.cli.shown import MAX_WIDTH
from openbook.cli.terms import Folder, JsonOption, note, now, path, progress, show_json, shown

if TYPE_CHECKING:
    from openbook.audit.opened import Opened
    from openbook.audit.suggesting.suggest import Unmade
    from openbook.core.comparison import Comparison
    from openbook.core.proposal import Proposal, Tally
    from openbook.core.review import CellId
    from openbook.models.asking import Ask


def suggest(
    folder: Folder,
    release: Release,
    model: Annotated[str, typer.Option(help="The model's name, as the server knows it.")],
    keywords: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEYWORD", help="The questions, such as HUM; all by default."),
    ] = None,
    endpoint: Annotated[
        str, typer.Option(help="Base address of the server, such as http://127.0.0.1:8080/v1.")
    ] = "",
    replay: Annotated[
        Path | None, typer.Option(help="Take answers from this recording; ask nobody.", parser=path)
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Also write the answers to this recording.", parser=path)
    ] = None,
    count: Annotated[int, typer.Option("-n", min=1, max=200, help="Passages to show.")] = 12,
    max_tokens: Annotated[
        int, typer.Option(min=64, max=1_000_000, help="Length of an answer, at most.")
    ] = 4096,
    seconds: Annotated[
        float, typer.Option(min=1, max=86_400, help="How long an answer may take.")
    ] = 300,
    price_in: Annotated[
        float | None, typer.Option(min=0, help="Price of a million tokens sent.")
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(min=0, help="Price of a million tokens answered.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Have a language model propose quotes, points and a grade. Its quotes are verified; what does
    not stand is counted as fabricated. Nothing of it becomes evidence or a grade of the audit.

    A key, where the server wants one, is read from OPENBOOK_MODEL_KEY. Exit status 1 when a cell
    got no proposal.
    """
    from openbook.audit.suggesting import suggest as room
    from openbook.files.proposals import proposal_record

    if bool(endpoint) == (replay is not None):
        raise typer.BadParameter("say whom to ask with --endpoint, or give a recording by --replay")
    if record is not None and replay is not None:
        raise typer.BadParameter("a replay is a recording already; leave out --record")
    if not model.strip() or not model.isprintable():
        raise typer.BadParameter("--model is no name of a model")
    opened, cells = _cells(folder, release, keywords or ())
    terms = room.Terms(model.strip(), count, max_tokens, price_in, price_out)
    ask = _asking(endpoint, replay, record, seconds)
    failed = standing = 0
    with progress(f"asking {terms.model}", "cells") as report:
        report(0, len(cells))
        made = room.suggest_cells(folder, opened, cells, ask, terms, now)
        for done, one in enumerate(made, 1):
            report(done, len(cells))
            if isinstance(one, room.Unmade):
                failed += 1
                note(f"problem: {one.problem}")
                if as_json:
                    show_json(_unmade_record(one))
                continue
            standing += len(one.quotes)
            if as_json:
                show_json(proposal_record(one))
            else:
                _show(one)
    if standing and not as_json:
        note("a person accepts a quote with `openbook audit quote DIR --document KEY TEXT R:POINT`")
    if failed < len(cells) and not as_json:
        note(f"kept apart in proposals/; next: openbook audit proposals {shown(folder)}")
    if failed:
        raise typer.Exit(1)


def _cells(folder: Path, release: str, keywords: Iterable[str]) -> tuple[Opened, list[CellId]]:
    """The cells to ask about, once it is sure that proposals can be written and documents read."""
    from openbook.audit.opened import AuditError, writing
    from openbook.audit.search.search import layers_at_hand

    with writing(folder) as opened:
        pass
    documents = opened.release(release).documents
    chosen = list(dict.fromkeys(keywords)) or list(opened.audit.questionnaire.keywords)
    cells = [opened.cell(release, keyword) for keyword in chosen]
    with progress("reading", "documents") as report:
        found = layers_at_hand(opened, documents, report)
    if not found:
        raise AuditError(f"no document of {release} is at hand; fetch or add one")
    if left_out := sorted(set(documents) - {one.document.key for one, _ in found}):
        note(f"not shown, as no readable copy is at hand: {', '.join(left_out)}")
    return opened, cells


def _asking(endpoint: str, replay: Path | None, record: Path | None, seconds: float) -> Ask:
    from openbook.audit.opened import WrongUseError
    from openbook.models.asking import ModelError
    from openbook.models.replay import recording, replaying

    try:
        if replay is not None:
            return replaying(replay)
        from openbook.models.endpoint import Endpoint  # slow to import, and not for a replay

        ask = Endpoint(endpoint, seconds)
        return recording(record, ask) if record is not None else ask
    except ModelError as error:
        raise WrongUseError(str(error)) from error


def _unmade_record(one: Unmade) -> dict[str, Any]:
    cell = one.cell
    problem = one.problem.message
    return {"release": str(cell.release), "keyword": cell.keyword, "problem": problem}


def _show(one: Proposal) -> None:
    from openbook.core.passage import readable

    grade = "no grade" if one.grade is None else f"grade {one.grade} proposed"
    typer.secho(f"{one.cell}", bold=True, nl=False)
    typer.echo(f"  {grade}, {_quotes(len(one.quotes))} stand{'s' if len(one.quotes) == 1 else ''}")
    width = min(MAX_WIDTH, shutil.get_terminal_size().columns)
    for quote in one.quotes:
        supports = ", ".join(quote.supports) or "no point"
        typer.echo(f"  {quote.document}, page {quote.anchor.page}, for {supports}:")
        text = readable(quote.quote)
        typer.echo(textwrap.fill(text, width, initial_indent="    ", subsequent_indent="    "))
    for gone in one.fabricated:
        typer.secho(f"  fabricated ({gone.kind}): ", fg="red", nl=False)
        typer.echo(f"{gone.begins} …, said to stand in {gone.document or 'no document'}")
    if one.set_aside:
        typer.echo(f"  {_quotes(one.set_aside)} too short, too long or too many to check")


def _quotes(count: int) -> str:
    return f"{count} quote{'' if count == 1 else 's'}"


def proposals(folder: Folder, as_json: JsonOption = False) -> None:
    """What language models proposed, by model: quotes that stand and that were fabricated, tokens,
    cost, and how far the proposed grades agree with others."""
    from openbook.audit.opened import open_audit
    from openbook.core.comparison import comparisons
    from openbook.core.proposal import by_model, tally

    opened = open_audit(folder)
    models = by_model(opened.audit.proposals)
    for model, made in models.items():
        sums, beside = tally(model, made), comparisons(opened.audit, made)
        if as_json:
            show_json(_tally_record(sums, beside))
        else:
            _show_tally(opened, sums, beside)
    if not models and not as_json:
        typer.echo("no proposals yet")
    for problem in opened.problems:
        note(f"problem: {problem}")
    if opened.problems:
        raise typer.Exit(1)


def _tally_record(sums: Tally, beside: Iterable[Comparison]) -> dict[str, Any]:
    return {
        "model": sums.model,
        "versions": list(sums.versions),
        "proposals": sums.proposals,
        "cells": sums.cells,
        "quotes": sums.checked + sums.set_aside,
        "standing": sums.standing,
        "fabricated": {kind.value: count for kind, count in sums.fabricated.items()},
        "fabrication_rate": sums.fabrication_rate,
        "set_aside": sums.set_aside,
        "grades_without_a_standing_quote": sums.unfounded,
        "tokens_in": sums.tokens_in,
        "tokens_out": sums.tokens_out,
        "cost": sums.cost,
        "agreement": [
            {
                "beside": one.beside,
                "cells": one.cells,
                "of_people": one.by_people,
                "alpha": one.alpha,
                "exact": one.shares.exact if one.shares else None,
                "adjacent": one.shares.adjacent if one.shares else None,
            }
            for one in beside
        ],
    }


def _show_tally(opened: Opened, sums: Tally, beside: Iterable[Comparison]) -> None:
    typer.secho(sums.model, bold=True, nl=False)
    typer.echo(f"  ({', '.join(filter(None, sums.versions)) or 'the server names no version'})")
    typer.echo(f"  {sums.cells} cells in {sums.proposals} answers")
    kinds = ", ".join(f"{count} {kind}" for kind, count in sums.fabricated.items() if count)
    rate = f" ({sums.fabrication_rate:.0%})" if sums.fabrication_rate is not None else ""
    typer.echo(f"  quotes: {sums.standing} stand, {sums.fabrications} fabricated{rate}", nl=False)
    typer.echo(f": {kinds}" if kinds else "")
    if sums.set_aside:
        typer.echo(f"  {_quotes(sums.set_aside)} not checked: too short, too long or too many")
    typer.echo(f"  grades above 0 without a quote that stands: {sums.unfounded}")
    counted = sums.tokens_in is not None and sums.tokens_out is not None
    tokens = f"{sums.tokens_in:,} in, {sums.tokens_out:,} out" if counted else "not counted"
    cost = f"; cost {sums.cost:g}" if sums.cost is not None else ""
    typer.echo(f"  tokens: {tokens}{cost}")
    for one in beside:
        typer.echo(f"  {_comparison(opened, one)}")


def _comparison(opened: Opened, one: Comparison) -> str:
    """``grades beside the settled ones (3 cells, none by people): alpha not estimable``."""
    auditor = opened.audit.auditor(one.beside)
    what = f"those of {auditor.name}" if auditor else "the settled ones"
    if not one.cells or one.shares is None:
        return f"grades beside {what}: no cell in common, not estimable"
    whose = "" if auditor else f", {one.by_people or 'none'} of them graded by people"
    alpha = "not estimable" if one.alpha is None else f"{one.alpha:.2f}"
    return (
        f"grades beside {what} ({one.cells} cells{whose}): alpha {alpha}, "
        f"same {one.shares.exact:.0%}, at most one apart {one.shares.adjacent:.0%}"
    )
