"""The ``openbook`` command. Imports of the rooms wait until a command needs them: ``--help`` is
asked for more often than anything else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

import typer
from typer.main import get_command

from openbook import __version__
from openbook.cli.audit_commands import audit_app
from openbook.cli.export_commands import export
from openbook.cli.library_commands import library_app
from openbook.cli.lint_commands import lint, template
from openbook.cli.publish_commands import demo, report, show_app
from openbook.cli.ranker_commands import ranker_app
from openbook.cli.serve_commands import serve

INTERRUPTED = 130
"""Exit status after Ctrl-C."""
PIPE_CLOSED = 128 + 13
"""Exit status when our output is no longer read: what a shell shows of a tool ended by SIGPIPE."""

app = typer.Typer(
    name="openbook",
    help="How values get into language models, made an open book: audit what developers document, "
    "with quotes that can be checked.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo", short_help="The bundled audit: verify, heatmap, site.")(demo)
app.add_typer(
    audit_app, name="audit", short_help="Carry out an audit: add, search, quote, grade, settle."
)
app.add_typer(
    show_app, name="show", short_help="Show the questions, and the heatmap in many formats."
)
app.command("report", short_help="Write the audit as a static site.")(report)
app.command("export", short_help="Write the audit as a workbook or a memo.")(export)
app.command("serve", short_help="The reading room: a team audits in the browser.")(serve)
app.command("lint", short_help="Your own documentation: what it tells, what it misses.")(lint)
app.command("template", short_help="A documentation's skeleton, a line for each point.")(template)
app.add_typer(ranker_app, name="ranker", short_help="What the order of passages rests on.")
app.add_typer(library_app, name="library", short_help="Documents by hash, shared by audits.")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"openbook {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Nothing of its own: the commands do the work."""


@cache
def _command() -> Callable[..., object]:
    """The whole command line, built once for all runs of a process."""
    return get_command(app)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; the one place where every error becomes words.

    Exit status: 0 done, 1 problems, 2 wrong use, 130 interrupted, 141 when the reader of our output
    went away before all of it was written, as of a tool that SIGPIPE ended.
    """
    _ready_streams()
    try:
        try:
            _command()(args=arguments, prog_name="openbook")
        finally:
            # Here, where a full disk becomes words; after us Python could only print a traceback.
            sys.stdout.flush()
    except SystemExit as stopped:
        # Typer has made an exit status of these two before they could reach us.
        if isinstance(stopped.__context__, BrokenPipeError):
            _leave_pipe()
        if stopped.code == INTERRUPTED:
            _say("stopped; what was written so far is whole")
        raise
    except KeyboardInterrupt:
        _say("stopped; what was written so far is whole")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _leave_pipe()
    except Exception as error:
        if os.environ.get("OPENBOOK_TRACEBACK"):
            raise
        _say(_describe(error))
        sys.exit(2 if isinstance(error, _wrong_use()) else 1)


def _ready_streams() -> None:
    """Streams that take whatever is written: closed ones swallow it, and characters that the
    terminal cannot show are spelled out."""
    nowhere = Path(os.devnull)
    if sys.stdout is None:
        sys.stdout = nowhere.open("w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = nowhere.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _leave_pipe() -> NoReturn:
    """Leave as nobody reads on (`| head`). Not 0: problems may have been still to be told."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(PIPE_CLOSED)


def _wrong_use() -> type[Exception]:
    from openbook.audit.opened import WrongUseError

    return WrongUseError


def _describe(error: Exception) -> str:
    from openbook.audit.opened import AuditError
    from openbook.files.write import WriteError

    if isinstance(error, AuditError):
        lines = [str(error), *(f"  {problem}" for problem in error.problems[:50])]
        if len(error.problems) > 50:
            lines.append(f"  and {len(error.problems) - 50} more")
        return "\n".join(lines)
    if isinstance(error, WriteError):
        return str(error)
    if type(error).__name__ == "StoreError":
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'the output'}: {error.strerror or error}"
    return (
        f"this should not have happened: {type(error).__name__}: {error}\n"
        "Please report it; OPENBOOK_TRACEBACK=1 shows where."
    )


def _say(message: str) -> None:
    print(f"openbook: {message}", file=sys.stderr)


if __name__ == "__main__":
    run()
