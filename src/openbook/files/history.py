"""What changed in an audit, from git where there is git."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from openbook.core.history import Edit
from openbook.files.texts import is_text

FORMAT = "%x00%cs%x00%an%x00%s"
"""Date, author and subject, each after the one character that none of them can hold."""


def edits(folder: Path, limit: int = 100) -> tuple[Edit, ...]:
    """The commits that touched ``folder``, newest first; none where there is no git.

    Git runs without the folder's own configuration of hooks, pagers or file monitors, and fetches
    nothing, since an audit may come from anybody.
    """
    names = ("-z", "--name-only", "--relative", "--no-show-signature", "--", ".")
    said = _git(folder, "log", f"--max-count={limit}", f"--format={FORMAT}", *names)
    return () if said is None else tuple(_parsed(said.decode("utf-8", "replace")))


def revision(folder: Path, name: str) -> dict[str, bytes] | None:
    """The text files of the audit at ``folder`` as they were in a git revision, by path; None where
    there is no such revision. Links and what is no file of an audit are left out."""
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
    )
    if commit is None or name.startswith("-"):
        return None
    listed = _git(folder, "ls-tree", "-r", "-z", commit.decode("ascii").strip(), "--", ".")
    if listed is None:
        return None
    hashes = {}
    for entry in listed.decode("utf-8", "replace").split("\0"):
        about, _, path = entry.partition("\t")
        if about.startswith("100") and is_text(path):
            hashes[path] = about.split(" ")[2]
    asked = "".join(f"{one}\n" for one in hashes.values()).encode("ascii")
    said = _git(folder, "cat-file", "--batch", asked=asked) if hashes else b""
    return None if said is None else dict(zip(hashes, _blobs(said), strict=True))


def _blobs(said: bytes) -> Iterator[bytes]:
    """The files in what ``git cat-file --batch`` says: a line that ends in the size, the bytes."""
    place = 0
    while place < len(said):
        head, _, _ = said[place : place + 200].partition(b"\n")
        start = place + len(head) + 1
        place = start + int(head.rsplit(b" ", 1)[-1])
        yield said[start:place]
        place += 1


def _git(folder: Path, *arguments: str, asked: bytes = b"") -> bytes | None:
    """What git says of ``folder``; None where there is no git, or it refuses."""
    safe = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
    try:
        done = subprocess.run(  # noqa: S603 - no shell; who types a revision owns the machine
            ["git", *safe, *arguments],  # noqa: S607
            cwd=folder,
            env=_environment(),
            input=asked,
            capture_output=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _environment() -> dict[str, str]:
    """Ours, less what names another repository (as in a git hook) or other programs to run."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }
    return {
        **kept,
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }


def _parsed(output: str) -> Iterator[Edit]:
    """The commits in git's answer: each date, author, subject, then files, and an empty part."""
    parts = iter(output.split("\0")[1:])
    for date in parts:
        author, subject = next(parts, ""), next(parts, "")
        files = tuple(iter(lambda: next(parts, ""), ""))
        try:
            when = dt.date.fromisoformat(date)
        except ValueError:
            continue
        if files:
            files = (files[0].removeprefix("\n"), *files[1:])
        yield Edit(date=when, author=author, subject=subject, files=files)
