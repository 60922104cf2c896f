"""``openbook audit``: evidence and judgements."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from openbook.cli.shown import (
    hit_record,
    passage_record,
    quote_record,
    show_elisions,
    show_hit,
    show_passage,
    show_refused,
)
from openbook.cli.terms import (
    AuditorOption,
    Folder,
    JsonOption,
    note,
    now,
    progress,
    show_json,
    shown,
    today,
)

Release = Annotated[str, typer.Argument(metavar="RELEASE", help="Such as openai-gpt/3.5.")]
Keyword = Annotated[str, typer.Argument(metavar="KEYWORD", help="The question, such as HUM.")]


def quote(
    folder: Folder,
    what: Annotated[
        str, typer.Argument(metavar="HIT_ID|TEXT", help="A hit of a search, or the words.")
    ],
    more_supports: Annotated[
        list[str] | None, typer.Argument(metavar="R:POINT", help="More that it supports.")
    ] = None,
    document: Annotated[
        str | None, typer.Option(help="The document the words stand in, when they are typed.")
    ] = None,
    supports: Annotated[
        list[str] | None,
        typer.Option(help="Release and points, such as openai-gpt/3.5:HUM.number,HUM.channel."),
    ] = None,
    only: Annotated[str, typer.Option(help="Of a hit, just these words.")] = "",
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Keep it even where no copy is at hand.")
    ] = False,
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make words of a document evidence. They are verified first; what fails is not written."""
    from openbook.audit.opened import writing
    from openbook.audit.quoting.evidence import QuoteRefusedError, parse_supports
    from openbook.audit.quoting.evidence import quote as keep
    from openbook.audit.search.hit import text_of_hit

    if document and only:
        raise typer.BadParameter("--only is for a hit; with --document, type just these words")
    with writing(folder) as opened:
        who = opened.auditor(auditor)
        wanted = parse_supports(opened, [*(supports or ()), *(more_supports or ())])
        key, text = (document, what) if document else text_of_hit(opened, what, only)
        try:
            kept = keep(opened, key, text, wanted, who.id, today(), unchecked=unchecked)
        except QuoteRefusedError as error:
            note(f"openbook: {error}")
            if as_json:
                show_json(quote_record(error.checked))
            else:
                show_refused(error.checked)
            raise typer.Exit(1) from error
    if as_json:
        show_json({**quote_record(kept.checked), "is_new": kept.is_new})
        return
    anchor = kept.checked.anchor
    where = f", page {anchor.page}" if anchor else ""
    again = "" if kept.is_new else " (evidence already; what it supports is added)"
    typer.echo(f"{kept.evidence.id}  {kept.checked.state}{where}{again}")
    if kept.checked.reason:
        note(f"note: {kept.checked.reason}")
    show_elisions(kept.checked)
    release, refs = next(iter(wanted.items()))
    note(f"next: openbook audit grade {shown(folder)} {release} {refs[0].keyword}")


def grade(
    folder: Folder,
    release: Release,
    keyword: Keyword,
    more_points: Annotated[
        list[str] | None, typer.Argument(metavar="POINT=STATE", help="More points.")
    ] = None,
    points: Annotated[
        list[str] | None,
        typer.Option(help="Points and states, such as number=stated,location=absent."),
    ] = None,
    given: Annotated[
        int | None, typer.Option("--grade", help="0 to 4; else what the points suggest.")
    ] = None,
    answer: Annotated[str, typer.Option(help="What the documents tell, in your words.")] = "",
    reason: Annotated[str, typer.Option(help="Why this grade.")] = "",
    deviation: Annotated[
        str, typer.Option(help="Why the grade is not what the points suggest.")
    ] = "",
    evidence: Annotated[
        list[str] | None,
        typer.Option(help="Ids it rests on; else all evidence for the cell that you added."),
    ] = None,
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Your judgement of a cell, kept in your review. Grading again replaces it."""
    from openbook.audit.grade import grade as keep
    from openbook.audit.grade import parse_points
    from openbook.audit.opened import writing

    if not answer.strip() or not reason.strip():
        raise typer.BadParameter("a judgement needs --answer and --reason")
    with writing(folder) as opened:
        cell = opened.cell(release, keyword)
        marked = parse_points(opened.question(keyword), [*(points or ()), *(more_points or ())])
        graded = keep(
            opened,
            cell,
            opened.auditor(auditor),
            today(),
            points=marked,
            given=given,
            answer=answer,
            reason=reason,
            deviation=deviation,
            evidence=evidence,
        )
    kept_in = graded.path.relative_to(folder).as_posix()
    if as_json:
        suggested = graded.suggestion
        show_json(
            {
                "release": str(cell.release),
                "keyword": cell.keyword,
                "grade": graded.judgement.grade,
                "suggested": [suggested.low, suggested.high],
                "rule": suggested.rule,
                "evidence": list(graded.judgement.evidence),
                "file": kept_in,
            }
        )
        return
    typer.echo(f"{cell}  grade {graded.judgement.grade} (the points suggest {graded.suggestion})")
    note(f"kept in {kept_in}; next: openbook audit settle {shown(folder)}")


def absent(
    folder: Folder,
    release: Release,
    keyword: Keyword,
    count: Annotated[
        int, typer.Option("-n", min=1, max=2000, help="Passages to read, the likeliest.")
    ] = 10,
    sample: Annotated[
        int, typer.Option(min=0, max=2000, help="Passages to read besides, at random.")
    ] = 20,
    query: Annotated[
        list[str] | None, typer.Option(help="Search for this too (may be given often).")
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="TAG", help="Language of --query, such as ja.")
    ] = "",
    answer: Annotated[str, typer.Option(help="In your words.")] = "",
    reason: Annotated[str, typer.Option(help="Why you call it absent.")] = "",
    unavailable: Annotated[
        list[str] | None, typer.Option(help="Record that this document could not be had.")
    ] = None,
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that the documents say nothing: searches them, shows the passages to read, and keeps
    what was searched and read, and by whom. On a terminal it asks before it writes."""
    from openbook.audit.opened import open_audit, writing
    from openbook.audit.search.absent import record_absence, search_cell
    from openbook.core.language import is_tag
    from openbook.report.wording import bound_in_words, scans_in_words

    if unavailable:
        if query:
            raise typer.BadParameter("--unavailable searches nothing; leave out --query")
        _unavailable(folder, release, keyword, unavailable, answer, reason, auditor, as_json)
        return
    if language and not (query and is_tag(language)):
        raise typer.BadParameter("--language is the language of --query, a tag such as ja")
    opened = open_audit(folder).sound()
    cell, who = opened.cell(release, keyword), opened.auditor(auditor)
    with progress("reading", "documents") as report:
        made = search_cell(opened, cell, who, query or (), count, sample, report, language=language)
    if not as_json:
        if made.before:
            note(f"{len(made.before)} passages you read before are part of the record")
        for hit in made.hits:
            show_hit(hit)
        if made.sample:
            typer.secho("Drawn at random from the rest:\n", bold=True)
        for passage in made.sample:
            show_passage(passage)
        _confirm_reading(len(made.hits) + len(made.sample))
    with writing(folder) as current:
        record = record_absence(current, made, who, now(), answer=answer, reason=reason)
    if as_json:
        show_json(
            {
                "cell": str(cell),
                "basis": "searched",
                "search": record.id,
                "passages": [hit_record(hit) for hit in made.hits],
                "sample": [passage_record(passage) for passage in made.sample],
                "unread": record.unread,
                "bound": asdict(record.bound) if record.bound else None,
                "leads": record.leads,
                "languages": record.languages,
            }
        )
        return
    read = len(record.all_read)
    typer.echo(f"{cell}  not stated: {record.id}, {read} passage{'s' if read != 1 else ''} read")
    typer.echo(f"  {bound_in_words(record)}")
    if told := scans_in_words(record):
        typer.echo(f"  {told}")
    note(
        f"by this record {who.name} says to have read what is shown above and found no answer; "
        "if that is not so, quote what answers and grade the cell"
    )


def _confirm_reading(count: int) -> None:
    """On a terminal, a record of reading waits until somebody says to have read."""
    if count and sys.stdin.isatty():
        what = "this passage, and does it" if count == 1 else f"these {count} passages, and do they"
        if not typer.confirm(f"Have you read {what} say nothing that answers?"):
            note("nothing was recorded")
            raise typer.Exit(1)


def _unavailable(
    folder: Path,
    release: str,
    keyword: str,
    documents: list[str],
    answer: str,
    reason: str,
    auditor: str | None,
    as_json: bool,
) -> None:
    from openbook.audit.opened import writing
    from openbook.audit.search.absent import record_unavailable

    with writing(folder) as opened:
        cell, who = opened.cell(release, keyword), opened.auditor(auditor)
        record_unavailable(opened, cell, who, now(), documents, answer=answer, reason=reason)
    if as_json:
        show_json({"cell": str(cell), "basis": "document_unavailable"})
    else:
        typer.echo(f"{cell}  not stated: document unavailable")


def settle(folder: Folder, as_json: JsonOption = False) -> None:
    """Make findings of all judgements that agree or are decided; list the disputes."""
    from openbook.audit.opened import writing
    from openbook.audit.settle import settle as write

    with writing(folder) as opened:
        settling = write(opened)
    if as_json:
        disputed = [{"place": one.place, "message": one.message} for one in settling.disputed]
        show_json({"settled": len(settling.findings), "disputed": disputed})
        return
    settled = len(settling.findings)
    typer.echo(
        f"{settled} cell{'s' if settled != 1 else ''} settled, {len(settling.disputed)} disputed"
    )
    for todo in settling.disputed:
        typer.echo(f"  {todo}")
    if settled:
        note(
            f"next: openbook show heatmap {shown(folder)}, openbook report {shown(folder)} -o SITE"
        )


def decide(
    folder: Folder,
    release: Release,
    keyword: Keyword,
    given: Annotated[int, typer.Option("--grade", help="The grade decided on, 0 to 4.")],
    take: Annotated[str, typer.Option(help="Whose answer and evidence are kept.")],
    by: Annotated[str, typer.Option(help="Who decides.")],
    reason: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Decide a cell whose graders differ; every grade stays in the record."""
    from openbook.audit.opened import writing
    from openbook.audit.settle import decide as write

    with writing(folder) as opened:
        cell = opened.cell(release, keyword)
        write(opened, cell, given, take, by, reason, today())
    typer.echo(f"{cell}  decided: {given}")
    note(f"next: openbook audit settle {shown(folder)}")


def correct(
    folder: Folder,
    release: Release,
    keyword: Keyword,
    by: Annotated[str, typer.Option(help="Who makes the correction.")],
    reason: Annotated[str, typer.Option(help="Why, with a source if there is one.")],
    kind: Annotated[str, typer.Option(help="correction, rebuttal or slip.")] = "correction",
    was: Annotated[str, typer.Option(help="What stands now.")] = "",
    instead: Annotated[str, typer.Option("--now", help="What should stand.")] = "",
) -> None:
    """Attach a correction or, as the developer audited, a rebuttal to a cell."""
    from openbook.audit.correct import correct as attach
    from openbook.audit.opened import writing

    with writing(folder) as opened:
        cell = opened.cell(release, keyword)
        made = attach(
            opened, cell, by=by, reason=reason, date=today(), kind=kind, was=was, now=instead
        )
    typer.echo(f"{made.id}  {made.kind} of {cell}, open until an editor decides")
