"""``openbook audit region`` and ``confirm``: parts of pages that are pictures, as evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openbook.cli.terms import (
    AuditorOption,
    Folder,
    JsonOption,
    note,
    path,
    show_json,
    shown,
    today,
)

if TYPE_CHECKING:
    from openbook.audit.quoting.region import Seen
    from openbook.core.anchor import Box
    from openbook.core.evidence import RegionEvidence

PictureOption = Annotated[
    Path | None,
    typer.Option(
        "--picture", metavar="FILE", parser=path, help="Write the picture (PNG) here, to look at."
    ),
]


def region(
    folder: Folder,
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Its key.")],
    page: Annotated[int, typer.Option(min=1, help="The page, counted from 1.")],
    box: Annotated[
        str | None,
        typer.Option(
            metavar="L,B,R,T",
            help="Left, bottom, right, top in points from the page's lower left corner.",
            show_default="the whole page",
        ),
    ] = None,
    text: Annotated[str, typer.Option(help="What stands there, in its words and numbers.")] = "",
    supports: Annotated[
        list[str] | None,
        typer.Option(help="Release and points, such as openai-gpt/3.5:SIZE.prompts."),
    ] = None,
    remark: Annotated[str, typer.Option("--note", help="What to know about it.")] = "",
    copy: Annotated[
        str,
        typer.Option(help="Of this copy, by its hash or how that begins.", show_default="newest"),
    ] = "",
    dpi: Annotated[int, typer.Option(min=36, max=600, help="Pixels to the inch.")] = 150,
    picture: PictureOption = None,
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a part of a page that is a picture evidence, transcribed by you. With --picture and
    without --text, only look at it. A second reader has to confirm it; it is never verified."""
    from openbook.audit.opened import open_audit, writing
    from openbook.audit.quoting.evidence import parse_supports
    from openbook.audit.quoting.region import look, transcribe

    if not text and picture is None:
        raise typer.BadParameter("give --text, or --picture FILE to look first")
    if text and not supports:
        raise typer.BadParameter("say what it supports with --supports release:point")
    seen = look(open_audit(folder), document, page, _box(box), dpi, copy)
    if picture is not None:
        _write_picture(folder, picture, seen)
    if not text:
        if as_json:
            show_json(_seen_record(seen))
        else:
            size = f"{seen.size.width:g} by {seen.size.height:g} points"
            typer.echo(f"{document}: page {page} is {size}; the box is {_sides(seen.box)}")
        return
    with writing(folder) as opened:
        wanted = parse_supports(opened, supports or [])
        who = opened.auditor(auditor)
        made = transcribe(opened, seen, text, wanted, who, today(), remark)
    if as_json:
        show_json(_record(made))
        return
    typer.echo(f"{made.id}  unconfirmed, page {page}, box {_sides(made.box)}")
    note(f"next: a second reader: openbook audit confirm {shown(folder)} {made.id} --auditor ID")


def confirm(
    folder: Folder,
    id_: Annotated[str, typer.Argument(metavar="ID", help="The region, such as r-1a2b3c.")],
    text: Annotated[
        str, typer.Option(help="What you read there, before you look at the transcription.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="You have compared the transcription with the picture.")
    ] = False,
    picture: PictureOption = None,
    auditor: AuditorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Confirm, as a second reader, what another one transcribed from a picture.

    With --text your own reading is compared, word for word. Nothing is written where the picture is
    not the one that was transcribed, or cannot be compared here.
    """
    from openbook.audit.opened import open_audit, writing
    from openbook.audit.quoting.region import confirm as keep
    from openbook.audit.quoting.region import look
    from openbook.audit.quoting.region import region as find

    opened = open_audit(folder).sound()
    one = find(opened, id_)
    if picture is not None:
        seen = look(opened, one.document, one.page, one.box, one.picture.dpi, one.copy)
        _write_picture(folder, picture, seen)
    if not (text or yes):
        _show(one)
        if not _is_agreed():
            raise typer.Exit(0 if picture is not None else 1)
    with writing(folder) as held:
        made = keep(held, id_, held.auditor(auditor), today(), text)
    if as_json:
        show_json(_record(made))
    else:
        typer.echo(f"{id_}  confirmed by {made.confirmed.by if made.confirmed else ''}")


def _is_agreed() -> bool:
    if not sys.stdin.isatty():
        note("compare it with the picture (--picture FILE), then confirm with --text or --yes")
        return False
    if typer.confirm("Is this what stands there, word for word?"):
        return True
    note("nothing was confirmed")
    return False


def _show(one: RegionEvidence) -> None:
    typer.echo(f"{one.document}, page {one.page}, box {_sides(one.box)}; by {one.by}:")
    for line in one.transcription.splitlines():
        typer.echo(f"  {line}")


def _box(text: str | None) -> Box | None:
    if text is None:
        return None
    try:
        left, bottom, right, top = (float(side) for side in text.split(","))
    except ValueError:
        raise typer.BadParameter("--box takes four numbers: left,bottom,right,top") from None
    return left, bottom, right, top


def _sides(box: Box) -> str:
    from openbook.core.evidence import box_in_words

    return box_in_words(box)


def _write_picture(folder: Path, picture: Path, seen: Seen) -> None:
    """Write what a box looks like, outside of the audit: documents of others are not part of it."""
    from openbook.audit.opened import WrongUseError
    from openbook.files.write import write_bytes
    from openbook.sources.region import as_png

    if picture.resolve().is_relative_to(folder.resolve()):
        raise WrongUseError(
            f"{picture} is in the audit, where no picture of a document belongs: it would be "
            "published with it. Write it elsewhere"
        )
    write_bytes(picture, as_png(seen.pixels))
    note(f"wrote {picture}")


def _seen_record(seen: Seen) -> dict[str, object]:
    made = seen.picture
    return {
        "document": seen.one.document.key,
        "copy": seen.one.copy.sha256,
        "page": seen.page,
        "width": seen.size.width,
        "height": seen.size.height,
        "box": list(seen.box),
        "picture": {"sha256": made.sha256, "dpi": made.dpi, "renderer": made.renderer},
    }


def _record(one: RegionEvidence) -> dict[str, object]:
    made, confirmed = one.picture, one.confirmed
    return {
        "evidence": one.id,
        "document": one.document,
        "copy": one.copy,
        "page": one.page,
        "box": list(one.box),
        "picture": {"sha256": made.sha256, "dpi": made.dpi, "renderer": made.renderer},
        "transcription": one.transcription,
        "by": one.by,
        "confirmed_by": confirmed.by if confirmed else None,
    }
