"""``openbook audit diff``: what two versions of an audit, or two auditors, say differently."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openbook.cli.terms import JsonOption, note, path, show_json

if TYPE_CHECKING:
    from openbook.report.difference import Compared


def diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="A folder, an edition, its zip, or DIR@REVISION.")
    ],
    after: Annotated[
        str | None, typer.Argument(metavar="[B]", help="What to compare it with.")
    ] = None,
    auditor: Annotated[
        list[str] | None,
        typer.Option(help="Instead of B: compare two auditors of A; given twice."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write a page to this file.", parser=path)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What two editions, folders, git revisions or auditors say differently: cells, points,
    evidence, documents, settlements, questions, agreement. It changes nothing.

    Of text, [-this was-] and {+this is+}.
    """
    from openbook.files.write import write_text
    from openbook.report.difference import lines, page, records

    chosen = tuple(auditor or ())
    if (after is None) == (not chosen):
        raise typer.BadParameter("give B, or --auditor twice")
    found = _versions(before, after) if after is not None else _auditors(before, chosen)
    if as_json:
        for record in records(found):
            show_json(record)
    else:
        for line in lines(found):
            typer.echo(line)
    if html is not None:
        write_text(html.resolve(), page(found))
        note(f"written to {html}")


def _versions(before: str, after: str) -> Compared:
    from dataclasses import replace

    from openbook.audit.versions import version
    from openbook.report.difference import compare

    one, two = version(before), version(after)
    names = sorted({*one.files, *two.files})
    files = tuple(name for name in names if one.files.get(name) != two.files.get(name))
    return replace(compare((before, one.audit), (after, two.audit)), files=files)


def _auditors(folder: str, chosen: tuple[str, ...]) -> Compared:
    from openbook.audit.opened import WrongUseError
    from openbook.audit.versions import version
    from openbook.report.difference import compare_auditors

    if len(chosen) != 2 or chosen[0] == chosen[1]:
        raise typer.BadParameter("give --auditor twice, with two auditors")
    audit = version(folder).audit
    for one in chosen:
        if audit.auditor(one) is None:
            known = ", ".join(each.id for each in audit.auditors) or "none"
            raise WrongUseError(f"there is no auditor {one!r} in audit.toml; it names {known}")
    return compare_auditors(audit, *chosen)
