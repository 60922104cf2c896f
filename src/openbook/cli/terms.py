"""What several commands share: arguments, the clock, who is at work, progress."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer


def path(text: str) -> Path:
    """A path as typed. An empty one, as of a variable that is not set, is not the folder one is
    in, as which Python would take it."""
    if not text.strip():
        raise typer.BadParameter("the path is empty")
    return Path(text)


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder.", parser=path)]
AuditorOption = Annotated[
    str | None,
    typer.Option(
        "--auditor",
        envvar="OPENBOOK_AUDITOR",
        help="Who you are, by id in audit.toml; the only person there by default.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
PrivateOption = Annotated[
    bool,
    typer.Option("--allow-private", help="Also fetch from private and loopback addresses."),
]


def today() -> dt.date:
    """The date in the auditor's time zone."""
    return now().date()


def now() -> dt.datetime:
    """The time, with its zone."""
    return dt.datetime.now().astimezone()


def login_name() -> str:
    """The name this person is logged in by; nothing where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def shown(path: Path) -> str:
    """A path as it can be typed."""
    return shlex.quote(str(path))


def show_json(value: Any) -> None:
    """Write one JSON value on one line, in UTF-8 whatever the terminal speaks."""
    sys.stdout.flush()
    line = json.dumps(value, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "replace"))


def note(message: str) -> None:
    """A remark for the person at the terminal, out of the way of the output."""
    typer.echo(message, err=True)


@contextmanager
def progress(label: str, unit: str = "") -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on the terminal's error stream; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
