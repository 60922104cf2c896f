"""``openbook lint`` and ``openbook template``: documentation as its writers need it."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openbook import __version__
from openbook.cli.shown import MAX_WIDTH
from openbook.cli.terms import JsonOption, note, path, progress, show_json

if TYPE_CHECKING:
    from openbook.core.lint import Linted, LintedPoint, LintedQuestion
    from openbook.core.questionnaire import Questionnaire

SIGNS = {"stated": ("✓", "green"), "vague": ("~", "yellow"), "missing": ("✗", "red")}
"""Sign and colour of a verdict; its word stands beside them."""

QuestionsOption = Annotated[
    str,
    typer.Option(
        "--questions",
        metavar="FILE|NAME",
        help="The questions: a questionnaire's file, an audit's folder, or a bundled audit.",
    ),
]


def lint(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="PDF, HTML, Markdown, LaTeX, DOCX, text; several are one documentation.",
            parser=path,
        ),
    ],
    questions: QuestionsOption = "decoding-alignment",
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N|KEYWORD=N",
            help="Exit status 1 where a suggestion is lower: 2 for all, HUM=2 for one.",
        ),
    ] = None,
    sarif: Annotated[Path | None, typer.Option(help="Also write SARIF 2.1.0.", parser=path)] = None,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML.", parser=path)] = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write a page to look at.", parser=path)
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="Only the line of each question and the signs.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Which points a documentation tells, plainly or vaguely, with the passage and why, the grade
    that this suggests, and how others have told it.

    A program that counts words suggests all of it: a reading aid, not a grade of an audit. Nothing
    is kept.
    """
    from openbook.audit.linting.lint import foreign, given, linted, questionnaire_named
    from openbook.files.write import write_bytes, write_text

    asked = questionnaire_named(questions)
    least, by_question = _bar(fail_under or [], asked)
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise typer.BadParameter(f"no file: {', '.join(missing)}")
    with progress("reading", "files") as report:
        read = given(list(dict.fromkeys(files)), report)
    found = linted(read, asked)
    for name, language in foreign(read, asked).items():
        has = all(language.partition("-")[0] in one.searched_in for one in asked.questions)
        words = "words that nobody tried on real documentation" if has else "no words of it"
        note(
            f"{name} is in {language}, for which there are {words}: a point called missing here "
            "may well be told"
        )
    below = found.below(least, by_question)
    if as_json:
        for one in found.questions:
            show_json(_record(found, one))
    else:
        _show(found, brief)
    if sarif is not None:
        from openbook.report.lint_sarif import sarif as as_sarif

        write_text(sarif.resolve(), as_sarif(found, __version__))
    if junit is not None:
        from openbook.report.lint_junit import junit as as_junit

        write_bytes(junit.resolve(), as_junit(found, below))
    if html is not None:
        from openbook.report.lint_page import page

        write_text(html.resolve(), page(found))
    if below:
        named = ", ".join(
            f"{one.question.keyword} {one.grade} < {by_question.get(one.question.keyword, least)}"
            for one in below
        )
        note(f"below what was asked for: {named}")
        raise typer.Exit(1)


def template(
    questions: QuestionsOption = "decoding-alignment",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this new file.", parser=path)
    ] = None,
) -> None:
    """A documentation's skeleton in Markdown: a section for a question, a line for a point."""
    from openbook.audit.linting.lint import questionnaire_named
    from openbook.core.skeleton import skeleton
    from openbook.files.write import write_text

    text = skeleton(questionnaire_named(questions))
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        return
    if output.exists():
        raise typer.BadParameter(f"{output} is there already; what you wrote there would be lost")
    write_text(output.resolve(), text)
    note(f"written to {output}; when it is filled in: openbook lint {output}")


def _bar(asked: list[str], questionnaire: Questionnaire) -> tuple[int, dict[str, int]]:
    """What every question has to reach, and what single ones have."""
    least, by_question = 0, {}
    for one in asked:
        match = re.fullmatch(r"(?:(\w+)=)?([0-4])", one)
        if match is None:
            raise typer.BadParameter(f"{one!r} is neither a grade from 0 to 4 nor such as HUM=2")
        keyword, grade = match.groups()
        if keyword is None:
            least = int(grade)
        elif questionnaire.question(keyword) is None:
            known = ", ".join(questionnaire.keywords)
            raise typer.BadParameter(f"there is no question {keyword!r}; there is {known}")
        else:
            by_question[keyword] = int(grade)
    return least, by_question


def _show(found: Linted, brief: bool) -> None:
    from openbook.core.lint import NOTICE
    from openbook.report.lint_words import heading

    for one in found.questions:
        typer.secho(heading(one), bold=True)
        for point in one.points:
            _show_point(point, brief)
        typer.echo()
    count = len(found.questions)
    typer.echo(f"mean of {count} suggestions: {found.mean:.1f}; {', '.join(found.files)}")
    if not found.is_taught:
        note("no evidence for these questions was learned from: suggestions rest on wording alone")
    note(NOTICE)


def _show_point(point: LintedPoint, brief: bool) -> None:
    from openbook.report.lint_words import example_words, shortened
    from openbook.report.wording import one_line

    sign, colour = SIGNS[point.verdict.value]
    name = point.ref.key or point.ref.keyword
    typer.secho(f"  {sign} {point.verdict.value:<7} ", fg=colour, nl=False)
    typer.echo(f"{name}: {one_line(point.text)}")
    if brief:
        return
    if point.passage and point.verdict.value != "missing":
        typer.echo(_filled(f"{one_line(point.passage.place)}: {shortened(point.passage.excerpt)}"))
    why = one_line(point.why)
    if point.passage and point.verdict.value == "missing":
        why += f" ({one_line(point.passage.place)})"
    typer.echo(_filled(f"why: {why}"))
    if point.example and point.verdict.value != "stated":
        typer.echo(_filled(f"told elsewhere: {example_words(point.example)}"))


def _filled(text: str) -> str:
    width = min(MAX_WIDTH, shutil.get_terminal_size().columns)
    indent = " " * 6
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def _record(found: Linted, one: LintedQuestion) -> dict[str, Any]:
    return {
        "question": one.question.keyword,
        "title": one.question.title,
        "suggested_grade": one.grade,
        "by": f"openbook lint, {found.method}",
        "is_taught": found.is_taught,
        "files": list(found.files),
        "points": [_point_record(point) for point in one.points],
    }


def _point_record(point: LintedPoint) -> dict[str, Any]:
    passage, example = point.passage, point.example
    return {
        "point": str(point.ref),
        "text": point.text,
        "verdict": point.verdict.value,
        "told": round(point.told, 3),
        "stated": round(point.stated, 3),
        "why": point.why,
        "passage": passage
        and {
            "file": passage.file,
            "page": passage.page or None,
            "line": passage.line or None,
            "section": passage.section,
            "text": passage.text,
        },
        "example": example
        and {
            "audit": example.audit,
            "release": example.release,
            "document": example.document,
            "page": example.page,
            "evidence": example.evidence,
            "quote": example.quote,
        },
    }
