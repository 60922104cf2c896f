"""How quotes and passages are shown, to people and to programs."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from openbook.cli.terms import note

if TYPE_CHECKING:
    from openbook.audit.search.search import Hit
    from openbook.core.anchor import Checked
    from openbook.core.evidence import QuoteEvidence, RegionEvidence
    from openbook.core.passage import Passage
    from openbook.core.questionnaire import Question
    from openbook.core.translation import Translation

COLOURS = {
    "altered": "red",
    "missing": "red",
    "unchecked": "yellow",
    "moved": "yellow",
    "read-from-scan": "magenta",
    "confirmed": "magenta",
    "unconfirmed": "yellow",
    "cannot-be-compared": "yellow",
}
MAX_WIDTH = 100
"""Longer lines are hard to read, on however wide a terminal."""
NEAR = 0.5
"""Likeness below which the nearest passage is not shown: it is only noise then."""


def hit_record(hit: Hit) -> dict[str, Any]:
    """A passage found, for programs."""
    return passage_record(hit.passage) | {"score": hit.score, "also": list(hit.also)}


def passage_record(one: Passage) -> dict[str, Any]:
    """A passage for programs."""
    return {
        "id": one.id,
        "document": one.document,
        "page": one.page,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "section": one.section,
        "is_scan": one.is_scan,
    }


def show_hit(hit: Hit) -> None:
    """A passage found, to be read."""
    show_passage(hit.passage, f", score {hit.score:.2f}", hit.also)


def show_passage(one: Passage, remark: str = "", also: Sequence[str] = ()) -> None:
    """A passage to be read."""
    from openbook.core.passage import readable

    section = f", in {one.section!r}" if one.section else ""
    typer.secho(one.id, bold=True, nl=False)
    scan = ", read from a scan" if one.is_scan else ""
    typer.echo(f"  page {one.page}{section}{scan}{remark}")
    indent = "    "
    typer.echo(filled(readable(one.text), indent, indent))
    if also:
        typer.echo(f"{indent}the same stands in {', '.join(also)}")
    typer.echo()


def question_record(question: Question) -> dict[str, Any]:
    """A question for programs."""
    return {
        "keyword": question.keyword,
        "title": question.title,
        "wording": question.wording,
        "phase": question.phase,
        "points": {point.key: point.text for point in question.points},
        "examples": {str(grade): text for grade, text in (question.examples or {}).items()},
    }


def show_question(question: Question) -> None:
    """A question with its points, and what a document says to get each grade."""
    typer.secho(f"{question.keyword}  {question.title}", bold=True)
    typer.echo(filled(question.wording, "  "))
    rows = {point.key: point.text for point in question.points}
    examples = {str(grade): text for grade, text in (question.examples or {}).items()}
    for heading, table in (("Points", rows), ("Grades, by example", examples)):
        if table:
            typer.echo(f"\n{heading}")
            width = max(map(len, table))
            for key, text in table.items():
                typer.echo(filled(text, f"  {key:{width}}  ", " " * (width + 4)))


def filled(text: str, first: str, indent: str = "  ") -> str:
    """``text`` broken into lines of the terminal's width, and not wider than can be read."""
    width = min(MAX_WIDTH, shutil.get_terminal_size().columns)
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=indent)


def quote_record(one: Checked) -> dict[str, Any]:
    """A checked quote for programs."""
    nearest = one.nearest
    return {
        "evidence": one.evidence,
        "what": one.what,
        "document": one.document,
        "state": str(one.state),
        "page": one.anchor.page if one.anchor else None,
        "copy": one.anchor.copy if one.anchor else None,
        "role": one.role or None,
        "reason": one.reason or None,
        "elisions": [
            {"text": e.text, "insertion": e.insertion or None, "negations": list(e.negations)}
            for e in one.elisions
        ],
        "nearest": nearest
        and {
            "document": nearest.document,
            "page": nearest.page,
            "text": nearest.text,
            "likeness": nearest.likeness,
            "diff": [list(part) for part in nearest.diff],
        },
        "stands_in": list(one.stands_in),
        "is_outdated": one.is_outdated,
    }


def show_quote(
    one: Checked, evidence: QuoteEvidence, translations: Iterable[Translation] = ()
) -> None:
    """A quote's state and page on one line; below it what a reader should know, and translations,
    each called one."""
    from openbook.core.translation import labelled

    where = f"page {one.anchor.page}" if one.anchor else ""
    state = typer.style(f"{one.state:<21}", fg=COLOURS.get(one.state, "green"))
    words = textwrap.shorten(evidence.quote, 56, placeholder=" …")
    typer.echo(f"  {one.evidence}  {state}  {where:<8}  {words}")
    if one.reason and (one.state != "unchecked" or one.nearest):
        typer.echo(f"    {one.reason}")
    if is_near(one) and one.nearest:
        typer.echo(f"    nearest, on page {one.nearest.page}: {diff_text(one)}")
    for translation in translations:
        typer.echo(f"    {textwrap.shorten(labelled(translation), 160, placeholder=' …')}")


def show_region(one: Checked, evidence: RegionEvidence) -> None:
    """A region's state and page on one line; below it what a reader should know."""
    state = typer.style(f"{one.state:<21}", fg=COLOURS.get(one.state, "magenta"))
    words = textwrap.shorten(evidence.transcription, 56, placeholder=" …")
    typer.echo(f"  {one.evidence}  {state}  {f'page {evidence.page}':<8}  {words}")
    if one.reason:
        typer.echo(f"    {one.reason}")


def show_refused(checked: Checked) -> None:
    """What stands in the document instead of a refused quote."""
    nearest = checked.nearest
    if nearest is not None and is_near(checked):
        note(f"nearest, on page {nearest.page} of {nearest.document}:")
        note(f"  {diff_text(checked)}")


def is_near(checked: Checked) -> bool:
    """Whether the nearest passage tells anything: it is like the quote, which stands nowhere."""
    nearest = checked.nearest
    return nearest is not None and not checked.stands_in and nearest.likeness >= NEAR


def diff_text(checked: Checked) -> str:
    """The word diff on one line: [-only in the quote-] {+only in the document+}."""
    from openbook.core.anchor import MARKS

    diff = checked.nearest.diff if checked.nearest else ()
    return " ".join(MARKS[part.kind].format(part.text) for part in diff)


def show_elisions(checked: Checked) -> None:
    """What the quote leaves out, so that nobody has to take an elision on trust."""
    from openbook.core.passage import readable

    for elided in checked.elisions:
        flag = f"  (holds {', '.join(elided.negations)})" if elided.negations else ""
        left_out = textwrap.shorten(readable(elided.text), 300, placeholder=" …")
        note(f"leaves out: {left_out or 'nothing'}{flag}")


def summary(checked: Iterable[Checked]) -> str:
    """``52 quotes: 40 verified, 12 unchecked; 1 region: 1 confirmed``."""
    every = list(checked)
    told = []
    for what in ("quote", "region"):
        counts = Counter(str(one.state) for one in every if one.what == what)
        total = sum(counts.values())
        parts = ", ".join(f"{count} {state}" for state, count in counts.most_common())
        if total:
            told.append(f"{total} {what}{'s' if total != 1 else ''}: {parts}")
    return "; ".join(told) or "no quotes yet"
