"""``openbook audit read``: passage after passage, each with a word on whether it answers."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from openbook.cli.judge_commands import Keyword, Release
from openbook.cli.shown import hit_record, show_hit
from openbook.cli.terms import AuditorOption, Folder, JsonOption, note, now, show_json, shown


def read(
    folder: Folder,
    release: Release,
    keyword: Keyword,
    answers: Annotated[
        list[str] | None, typer.Option(metavar="HIT_ID", help="This passage answers.")
    ] = None,
    nothing: Annotated[
        list[str] | None, typer.Option(metavar="HIT_ID", help="This passage does not answer.")
    ] = None,
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a cell's documents by rank: the likeliest passage first, and after each word of yours
    the rest in a new order. On a terminal it asks; elsewhere it shows the next passage."""
    from openbook.audit.opened import open_audit, writing
    from openbook.audit.search.reading import desk, judge, passage_called

    opened = open_audit(folder).sound()
    cell, who = opened.cell(release, keyword), opened.auditor(auditor)
    given = [(one, True) for one in answers or ()] + [(one, False) for one in nothing or ()]
    if given:
        at = desk(opened, cell, who)
        passages = [(passage_called(at, one), told) for one, told in given]
        with writing(folder) as current:
            for passage, told in passages:
                judge(current, at, passage, told, now())
    if sys.stdin.isatty() and not as_json and not given:
        _aloud(folder, release, keyword, auditor)
        return
    at = desk(open_audit(folder), cell, who)
    if as_json:
        best = hit_record(at.best[0]) if at.best else None
        show_json({"cell": str(cell), **at.progress._asdict(), "next": best})
        return
    if at.best:
        show_hit(at.best[0])
    _tell(at.progress.read, at.progress.answer, at.progress.passages)


def _aloud(folder: Folder, release: str, keyword: str, auditor: str | None) -> None:
    """Ask passage by passage until the auditor has had enough or everything is read."""
    from openbook.audit.opened import open_audit, writing
    from openbook.audit.search.learn import ranker_for
    from openbook.audit.search.reading import desk, judge

    opened = open_audit(folder)
    cell, who, ranker = opened.cell(release, keyword), opened.auditor(auditor), ranker_for(opened)
    skipped: set[str] = set()
    while True:
        at = desk(open_audit(folder), cell, who, ranker)
        left = [hit for hit in at.best if hit.passage.id not in skipped]
        if not left:
            break
        passage = left[0].passage
        show_hit(left[0])
        said = _word()
        if said == "q":
            break
        if said == "s":
            skipped.add(passage.id)
            continue
        with writing(folder) as current:
            judge(current, at, passage, said == "y", now())
        if said == "y":
            note(
                f"quote it: openbook audit quote {shown(folder)} {passage.id} --only '…' "
                f"--supports {release}:{keyword}"
            )
    at = desk(open_audit(folder), cell, who, ranker)
    _tell(at.progress.read, at.progress.answer, at.progress.passages)


def _word() -> str:
    """What the auditor says of a passage. Nothing is assumed: a mere Enter would put a reading on
    record that there was none of."""
    while True:
        said = typer.prompt("Does it answer? [y]es, [n]o, [s]kip, [q]uit").strip()[:1].lower()
        if said in tuple("ynsq"):
            return str(said)


def _tell(read: int, answer: int, passages: int) -> None:
    verb = "answers" if answer == 1 else "answer"
    typer.echo(f"read {read} of {passages} passages; {answer} {verb}")
