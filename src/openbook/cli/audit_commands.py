"""``openbook audit``: the auditor's work, command by command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openbook.cli.change_commands import changes
from openbook.cli.check_commands import check, verify
from openbook.cli.diff_commands import diff
from openbook.cli.edition_commands import freeze, verify_edition
from openbook.cli.import_commands import import_
from openbook.cli.intake_commands import add
from openbook.cli.judge_commands import absent, correct, decide, grade, quote, settle
from openbook.cli.lead_commands import leads
from openbook.cli.read_commands import read
from openbook.cli.region_commands import confirm, region
from openbook.cli.reply_commands import import_replies, reply_form
from openbook.cli.scan_commands import scan
from openbook.cli.shown import hit_record, show_hit
from openbook.cli.suggest_commands import proposals, suggest
from openbook.cli.terms import (
    Folder,
    JsonOption,
    PrivateOption,
    login_name,
    note,
    progress,
    show_json,
    shown,
    today,
)
from openbook.cli.translate_commands import translate
from openbook.cli.watch_commands import recheck, watch

audit_app = typer.Typer(
    help="Carry out an audit: take in documents, search, quote, grade, check, settle.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@audit_app.command("new", short_help="Make a new audit, or copy a whole one.")
def new(
    folder: Folder,
    like: Annotated[
        str | None,
        typer.Option(help="Ask the questions of this audit: a bundled one or a folder."),
    ] = None,
    questionnaire: Annotated[
        Path | None,
        typer.Option(help="Ask the questions of this file, or of one that ships, such as fmti."),
    ] = None,
    copy: Annotated[
        str | None, typer.Option(help="Copy a whole audit out, to correct or continue it.")
    ] = None,
    title: Annotated[str, typer.Option(help="The audit's title.")] = "",
    auditor: Annotated[
        str, typer.Option(help="Your name; a copied audit gains you only by it.")
    ] = "",
    private: Annotated[
        bool, typer.Option("--private", help="Keep documents in the audit's own library.")
    ] = False,
) -> None:
    """Make a new audit in an empty folder: with the ten questions, or any others."""
    from openbook.audit.new import BUNDLED, copy_audit, new_audit
    from openbook.files.library import PRIVATE_FOLDER

    if sum(one is not None for one in (like, questionnaire, copy)) > 1:
        raise typer.BadParameter("choose one of --like, --questionnaire and --copy")
    if copy is not None:
        if title:
            raise typer.BadParameter("a copied audit keeps its title; change it in audit.toml")
        copy_audit(folder, copy, auditor.strip())
    else:
        new_audit(
            folder,
            like=like or BUNDLED,
            questionnaire=questionnaire,
            title=title,
            auditor=auditor.strip() or login_name(),
        )
    if private:
        (folder / PRIVATE_FOLDER).mkdir()
    typer.echo(f"made {folder}")
    if copy is None:
        note(f"next: openbook audit add {shown(folder)} FILE_OR_URL --initiative I --release R")
    else:
        note(f"next: openbook audit fetch {shown(folder)}, then openbook audit verify")


audit_app.command("add", short_help="Take in documents: one, or a pile.")(add)


@audit_app.command("fetch", short_help="Fetch documents from their public addresses.")
def fetch(
    folder: Folder,
    again: Annotated[
        bool, typer.Option("--again", help="Also documents that are at hand: have they changed?")
    ] = False,
    allow_private: PrivateOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch the documents that are not at hand from their public addresses."""
    from openbook.audit.drift.rechecks import recheck_newest
    from openbook.audit.fetching import fetch_documents, missing_documents
    from openbook.audit.opened import open_audit

    failed = 0
    opened = open_audit(folder).sound()
    wanted = tuple(opened.audit.documents.values()) if again else missing_documents(opened)
    with progress("fetching", "bytes") as report:
        for result in fetch_documents(
            opened,
            wanted,
            today(),
            allow_private=allow_private,
            progress=lambda _, done, total: report(done, total),
        ):
            # With --again a document without an address is no failure: nobody said it had one.
            failed += bool(result.error) and not (again and result.is_unaddressed)
            name = result.document
            rechecks = recheck_newest(folder, name, today()) if result.is_changed else ()
            if as_json:
                show_json(
                    {
                        "document": name,
                        "sha256": result.sha256 or None,
                        "is_changed": result.is_changed,
                        "rechecks": [one.id for one in rechecks],
                        "error": result.error or None,
                    }
                )
            elif result.error:
                note(f"{name}: not fetched: {result.error}")
            elif result.is_changed:
                typer.echo(f"{name}: changed; both versions are kept")
                for one in rechecks:
                    typer.echo(f"  {one.id}: {one.cell} is to be looked at again")
                note(f"next: openbook audit changes {shown(folder)} --document {name}")
            else:
                typer.echo(f"{name}: at hand")
    if not wanted and not as_json:
        has_any = bool(opened.audit.documents)
        typer.echo("every document is at hand" if has_any else "there are no documents yet")
    if failed:
        raise typer.Exit(1)


@audit_app.command("search", short_help="Find passages in the documents, best first.")
def search(
    folder: Folder,
    query: Annotated[
        str | None, typer.Argument(metavar="QUERY", help='Words; "in quotes" stand together.')
    ] = None,
    question: Annotated[
        str | None,
        typer.Option(help="Rank by what answers a question or point: HUM, HUM.number."),
    ] = None,
    document: Annotated[
        list[str] | None, typer.Option(help="Only in this document (may be given often).")
    ] = None,
    count: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many passages.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Find passages in the documents at hand, best first. Each has an id for `audit quote`."""
    from openbook.audit.opened import AuditError, open_audit
    from openbook.audit.quoting.unread import searched_in_words, unread
    from openbook.audit.search.learn import found_so_far, ranker_for
    from openbook.audit.search.search import layers_at_hand, search_question, search_words

    if query is not None and not query.strip():
        raise typer.BadParameter("the query is empty")
    if query is not None and question is not None:
        raise typer.BadParameter("give words to search for or --question KEYWORD, not both")
    if query is None and question is None:
        raise typer.BadParameter("give words to search for, or --question KEYWORD")
    opened = open_audit(folder)
    asked = opened.asked(question) if question is not None else None
    keys = document or sorted(opened.audit.documents)
    with progress("reading", "documents") as report:
        found = layers_at_hand(opened, keys, report)
    scans = dict(unread(opened, sorted(set(keys) - {one.document.key for one, _ in found})))
    for key, said in scans.items():
        note(f"not searched: {key}: {said}")
    if not found:
        raise AuditError(
            "there is nothing to search but pictures of pages"
            if scans
            else "no document is at hand to search; add or fetch one"
        )
    if asked is not None:
        with progress("learning", "quotes") as report:
            ranker = ranker_for(opened, report)
        hits = search_question(found, asked, ranker, count, found_so_far(opened, asked.keyword))
    else:
        hits = search_words(found, [query or ""], count)
    for hit in hits:
        if as_json:
            show_json(hit_record(hit))
        else:
            show_hit(hit)
    if not hits:
        note("nothing found")
    for told in searched_in_words(opened, found):
        note(told)
    if left_out := sorted(set(keys) - {one.document.key for one, _ in found} - set(scans)):
        note(f"not searched, as no readable copy is at hand: {', '.join(left_out)}")


audit_app.command("import", short_help="An older audit from a spreadsheet.")(import_)
audit_app.command("leads", short_help="What documents point to and nobody collected.")(leads)
audit_app.command("scan", short_help="Read pages that are pictures; verifies nothing.")(scan)
audit_app.command("read", short_help="Read by rank, passage after passage.")(read)
audit_app.command("quote", short_help="Make words of a document evidence, verified first.")(quote)
audit_app.command("region", short_help="A picture on a page, transcribed, as evidence.")(region)
audit_app.command("confirm", short_help="Confirm what another read in a picture.")(confirm)
audit_app.command("translate", short_help="Put a translation beside a quote.")(translate)
audit_app.command("suggest", short_help="Have a model propose; its quotes are verified.")(suggest)
audit_app.command("grade", short_help="Judge a cell; kept in your review.")(grade)
audit_app.command("absent", short_help="Record that the documents say nothing.")(absent)
audit_app.command("verify", short_help="Every quote: where it stands, or what stands there.")(
    verify
)
audit_app.command("changes", short_help="What became of quotes in a newer version.")(changes)
audit_app.command("watch", short_help="Have the documents changed at their addresses?")(watch)
audit_app.command("recheck", short_help="Cells to be looked at again, and who did.")(recheck)
audit_app.command("check", short_help="Everything wrong, and everything left to do.")(check)
audit_app.command("settle", short_help="Make findings of the judgements.")(settle)
audit_app.command("proposals", short_help="What models proposed, and how it stood.")(proposals)
audit_app.command("decide", short_help="Decide a cell whose graders differ.")(decide)
audit_app.command("correct", short_help="Attach a correction or rebuttal to a cell.")(correct)
audit_app.command("freeze", short_help="Freeze an edition: folder, site, zip, citation.")(freeze)
audit_app.command("verify-edition", short_help="Whether an edition is as it was frozen.")(
    verify_edition
)
audit_app.command("diff", short_help="What two editions or auditors say differently.")(diff)
audit_app.command("reply-form", short_help="A form for those who are audited.")(reply_form)
audit_app.command("import-replies", short_help="Take in their answers.")(import_replies)
