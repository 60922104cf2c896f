"""``openbook ranker``: what the order of passages rests on, and how to learn it anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openbook.cli.terms import JsonOption, note, path, progress, show_json

ranker_app = typer.Typer(
    help="The ranker of passages: what it has learned, and from what.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@ranker_app.command("train")
def train(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Audits to learn from.", parser=path)
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Write to this file.", parser=path)
    ],
) -> None:
    """Learn from the evidence of audits, as far as their documents are at hand."""
    from openbook.audit.opened import WrongUseError, open_audit
    from openbook.audit.search.learn import lessons, train
    from openbook.files.rankers import written
    from openbook.files.write import write_text

    opened = [open_audit(folder).sound() for folder in folders]
    questionnaire = opened[0].audit.questionnaire
    if any(one.audit.questionnaire.id != questionnaire.id for one in opened):
        raise WrongUseError("these audits ask different questions: learn from each kind apart")
    with progress("reading", "quotes") as report:
        found = lessons(opened, report)
    if not found:
        raise WrongUseError("no quote of these audits stands in a document at hand")
    with progress("learning", "companies") as report:
        ranker = train(found, questionnaire.id, report)
    write_text(output.resolve(), written(ranker))
    evidence = sum(len(one.evidence) for one in ranker.trained_on)
    note(f"{len(ranker.trained_on)} documents, {evidence} quotes; written to {output}")
    known = {one.document for one in ranker.trained_on}
    if absent := sorted({key for one in opened for key in one.audit.quoted_documents} - known):
        note(f"nothing learned, as no copy is at hand: {', '.join(absent)}")


@ranker_app.command("show")
def show(
    questionnaire: Annotated[
        str, typer.Argument(metavar="[QUESTIONNAIRE]", help="Id of a questionnaire.")
    ] = "decoding-alignment",
    question: Annotated[
        str | None, typer.Option(help="The words that speak most for this question's evidence.")
    ] = None,
    count: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many words.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """What the ranker that ships has learned from, and which words weigh most."""
    from openbook.files.rankers import name_of, shipped

    ranker = shipped(questionnaire)
    if question is not None:
        best = sorted(ranker.weights(question).items(), key=lambda pair: (-pair[1], pair[0]))[
            :count
        ]
        for stem, weight in best:
            if as_json:
                show_json({"stem": stem, "weight": round(weight, 4)})
            else:
                typer.echo(f"{weight:6.2f}  {stem}")
        return
    if as_json:
        mixture = ranker.mixture._asdict()
        documents = [one._asdict() for one in ranker.trained_on]
        show_json({"name": name_of(ranker), "mixture": mixture, "trained_on": documents})
        return
    typer.echo(f"{name_of(ranker)}, for the questionnaire {questionnaire}")
    for signal, weight in ranker.mixture._asdict().items():
        typer.echo(f"{weight:6.2f}  {signal}")
    for one in ranker.trained_on:
        typer.echo(f"  {one.document}: {len(one.evidence)} quotes, {one.passages} passages")
