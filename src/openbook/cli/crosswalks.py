"""How questionnaires and crosswalks are shown, to people and to programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer

from openbook.cli.shown import filled

if TYPE_CHECKING:
    from openbook.core.crosswalk import Crosswalk
    from openbook.core.questionnaire import PointRef, Questionnaire


def questionnaire_record(name: str, asked: Questionnaire) -> dict[str, Any]:
    """A questionnaire for programs."""
    return {
        "name": name,
        "title": asked.title,
        "questions": len(asked.questions),
        "points": sum(len(one.points) for one in asked.questions),
        "attribution": asked.attribution,
    }


def show_questionnaire(name: str, asked: Questionnaire) -> None:
    """A questionnaire by name, with its size and where it comes from."""
    typer.secho(name, bold=True, nl=False)
    points = sum(len(one.points) for one in asked.questions)
    typer.echo(f"  {len(asked.questions)} questions, {points} points")
    typer.echo(filled(asked.title, "  "))
    if asked.attribution:
        typer.echo(filled(asked.attribution, "    ", "    "))
    typer.echo()


def crosswalk_records(walk: Crosswalk) -> Iterator[dict[str, Any]]:
    """The links for programs, each whole."""
    for link in walk.links:
        item = walk.item(link.to)
        yield {
            "crosswalk": walk.id,
            "version": walk.version,
            "from": str(link.point),
            "to": link.to,
            "name": item.name if item else "",
            "question": item.question or None if item else None,
            "relation": link.relation.value,
            "note": link.note,
        }


def show_crosswalk(walk: Crosswalk, alone: Sequence[PointRef]) -> None:
    """A crosswalk by point, with what was checked, and the points without a counterpart."""
    typer.secho(f"{walk.id}  {walk.title}", bold=True)
    typer.echo(filled(f"Version {walk.version}. Checked {walk.checked}", "  "))
    for point, links in groupby(walk.links, key=lambda link: link.point):
        typer.secho(str(point), bold=True)
        for link in links:
            item = walk.item(link.to)
            name = "" if item is None or item.name == link.to else f" {item.name}"
            what = f": {item.says}" if item and item.says else ""
            typer.echo(filled(f"{link.relation} {link.to}{name}{what}", "  ", "    "))
            typer.echo(filled(link.note, "    ", "    "))
    typer.echo(filled(f"Without a counterpart: {', '.join(map(str, alone)) or 'none'}", "", "  "))
    typer.echo(filled(walk.attribution, "", "  "))
    typer.echo()
