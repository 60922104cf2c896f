"""``openbook demo``, ``show`` and ``report``: what others see."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openbook.cli.crosswalks import (
    crosswalk_records,
    questionnaire_record,
    show_crosswalk,
    show_questionnaire,
)
from openbook.cli.shown import question_record, show_question
from openbook.cli.terms import (
    Folder,
    JsonOption,
    note,
    path,
    progress,
    show_json,
    shown,
    today,
)

show_app = typer.Typer(
    help="Show results on the terminal or as a file.", no_args_is_help=True, rich_markup_mode=None
)


class Format(StrEnum):
    """The formats of the heatmap."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    LATEX = "latex"
    SVG = "svg"
    HTML = "html"
    PNG = "png"


SUFFIXES = {f".{one.value}": one for one in Format} | {".tex": Format.LATEX, ".txt": Format.TEXT}
"""What the end of a file's name says about its format."""


@show_app.command("heatmap")
def heatmap(
    folder: Folder,
    as_format: Annotated[
        Format | None,
        typer.Option("--format", help="How to show it; by default as the file's name says."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this file.", parser=path)
    ] = None,
) -> None:
    """Releases by questions, with the settled grades."""
    from openbook.audit.opened import open_audit
    from openbook.files.write import write_bytes
    from openbook.report.heatmaps import heatmap_bytes

    if as_format is None:
        suffix = output.suffix.lower() if output is not None else ""
        as_format = SUFFIXES.get(suffix, Format.TEXT)
    audit = open_audit(folder).sound().audit
    is_terminal = output is None and sys.stdout.isatty()
    if as_format is Format.TEXT and is_terminal:
        from rich.console import Console

        from openbook.report.terminal import heatmap_table

        Console().print(heatmap_table(audit))
        return
    data = heatmap_bytes(audit, as_format.value)
    if output is not None:
        write_bytes(output.resolve(), data)  # through links: /dev/stdout is one
        note(f"written to {output}")
    elif as_format is Format.PNG and is_terminal:
        raise typer.BadParameter("a PNG cannot be shown here; name a file with -o")
    else:
        sys.stdout.buffer.write(data)


@show_app.command("questions")
def questions(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="An audit's folder, or a questionnaire.", parser=path),
    ],
    keyword: Annotated[
        str | None, typer.Argument(metavar="[KEYWORD]", help="This question in full.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The questions by keyword; one of them with its points and an example for each grade."""
    from openbook.audit.questionnaires import asked_by, question_of

    questionnaire = asked_by(folder)
    asked = questionnaire.questions if keyword is None else [question_of(questionnaire, keyword)]
    for question in asked:
        if as_json:
            show_json(question_record(question))
        elif keyword is None:
            width = max(map(len, questionnaire.keywords))
            typer.echo(f"{question.keyword:{width}}  {question.wording}")
        else:
            show_question(question)


@show_app.command("questionnaires")
def questionnaires(as_json: JsonOption = False) -> None:
    """The questionnaires that ship with openbook, for `audit new --questionnaire NAME`."""
    from openbook.audit.questionnaires import read_questionnaire, shipped_questionnaires

    for name, file in shipped_questionnaires().items():
        asked = read_questionnaire(file)
        if as_json:
            show_json(questionnaire_record(name, asked))
        else:
            show_questionnaire(name, asked)


@show_app.command("crosswalk")
def crosswalk(
    to: Annotated[
        list[Path] | None,
        typer.Option(
            help="Only to this scheme: fmti, eu-ai-act, croissant-rai, or a file (may be given "
            "often).",
            parser=path,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Which points ask what other schemes ask, how far, and why; and which have no counterpart."""
    from openbook.audit import questionnaires as found
    from openbook.core.crosswalk import without_counterpart

    for name in to or map(Path, found.shipped_crosswalks()):
        walk = found.crosswalk(name)
        asked = found.read_questionnaire(found.shipped_questionnaires()[walk.questionnaire])
        if as_json:
            for record in crosswalk_records(walk):
                show_json(record)
        else:
            show_crosswalk(walk, without_counterpart(walk, asked))


def report(
    folder: Folder,
    site: Annotated[Path, typer.Option("-o", "--output", help="The site's folder.", parser=path)],
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            help="Join this audit's rows to the heatmap (may be given often).", parser=path
        ),
    ] = None,
    url: Annotated[
        str, typer.Option(help="Where the site will stand: links in its feed lead there.")
    ] = "",
) -> None:
    """Write the audit as a static site: it opens from the disk and needs no network."""
    from openbook.audit.check import check
    from openbook.audit.opened import open_audit
    from openbook.cli.site import CheckedAudit, write_site
    from openbook.report.site.address import web_url

    if url and not web_url(url):
        raise typer.BadParameter(f"{url} is no http or https address", param_hint="--url")
    audits = []
    for one in (folder, *(beside or ())):
        opened = open_audit(one).sound()
        with progress("verifying", "quotes") as update:
            found = check(opened, update)
        audits.append(CheckedAudit(opened, found.checked))
        if found.problems:
            count = f"{len(found.problems)} problem{'s' if len(found.problems) > 1 else ''}"
            note(f"{one} has {count}: openbook audit check {shown(one)}")
    pages = write_site(audits[0], site, today(), audits[1:], url)
    typer.echo(f"{site / 'index.html'}: {pages} pages")


def demo(
    site: Annotated[Path, typer.Option("-o", "--output", help="The site's folder.")] = Path(
        "openbook-demo"
    ),
    fetch: Annotated[
        bool, typer.Option("--fetch/--no-fetch", help="Fetch documents that are not at hand.")
    ] = True,
    seconds: Annotated[float, typer.Option(min=0, help="How long fetching may take in all.")] = 60,
) -> None:
    """The bundled audits: find or fetch their documents, verify every quote, heatmap, site."""
    from openbook.audit.new import bundled, bundled_names
    from openbook.audit.opened import open_audit
    from openbook.audit.quoting.verify import check_quotes
    from openbook.cli.demo import bring_documents, unchecked_here
    from openbook.cli.shown import summary
    from openbook.cli.site import CheckedAudit, write_site
    from openbook.report.terminal import heatmap_text

    audits = []
    for name in bundled_names():
        opened = open_audit(bundled(name)).sound()
        typer.secho(opened.audit.title, bold=True)
        opened = bring_documents(opened, fetch=fetch, seconds=seconds)
        with progress("verifying", "quotes") as update:
            checked, problems = check_quotes(opened, progress=update)
        for problem in problems:
            note(f"problem: {problem}")
        table = heatmap_text(opened.audit, colour=sys.stdout.isatty(), title=False)
        typer.echo(f"\n{table}")
        typer.echo(summary(checked.values()))
        for line in unchecked_here(opened, checked):
            typer.echo(line)
        typer.echo()
        audits.append(CheckedAudit(opened, checked))
    pages = write_site(audits[0], site, today(), audits[1:])
    typer.echo(f"the site: {(site / 'index.html').resolve()} ({pages} pages)")
