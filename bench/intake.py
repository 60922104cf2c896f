"""Forty files from an empty folder to a site: seconds; and how often what is guessed is right."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bench.pile import DOCS, make_pile
from openbook.audit.new import bundled, bundled_names
from openbook.audit.opened import Opened, open_audit
from openbook.audit.pile.gather import gather
from openbook.audit.pile.planning import make_plan
from openbook.core.initiative import Document, ReleaseId
from openbook.core.plan import Entry

PAGE = Path(__file__).resolve().parents[1] / "docs" / "forty-files.md"
KEPT = re.compile(r"(?<=<!--guesses-->\n)(?P<body>.*?)(?=<!--/guesses-->)", re.S)


# --- guesses ----------------------------------------------------------------------------------


class Right(NamedTuple):
    """What became of the guesses of one kind."""

    what: str
    right: int
    wrong: int
    empty: int
    """Not guessed, though the record of the bundled audits has it."""

    @property
    def of(self) -> int:
        return self.right + self.wrong + self.empty


class Known(NamedTuple):
    """A document of the corpus as a bundled audit records it."""

    document: Document
    releases: frozenset[ReleaseId]


def guesses() -> list[Right]:
    """How the guesses on the documents of the corpus compare with what was recorded by reading.

    Releases are guessed twice: in an audit that has the initiatives and not the documents, and in
    one that has nothing, where a name and a version are right.
    """
    audits = [open_audit(bundled(name)) for name in bundled_names()]
    known = {sha: one for opened in audits for sha, one in _recorded(opened)}
    families = tuple(one for opened in audits for one in opened.audit.initiatives)
    empty = replace(audits[0], audit=replace(audits[0].audit, documents={}, initiatives=()))
    named = replace(empty, audit=replace(empty.audit, initiatives=families))
    entries = [one for one in _entries(named) if one.sha256 in known]
    blank = [one for one in _entries(empty) if one.sha256 in known]
    pairs = [(one, known[one.sha256]) for one in entries]
    return [
        _right("title", pairs, lambda one: _plain(one.title), lambda k: _plain(k.document.title)),
        _right("year", pairs, lambda one: one.date[:4], lambda k: str(k.document.year or "")),
        _right("kind", pairs, lambda one: one.kind, lambda k: k.document.kind),
        _right("releases, the audit has the initiatives", pairs, _releases, _all),
        _right(
            "releases, the audit has none",
            [(one, known[one.sha256]) for one in blank],
            lambda one: _short(one.releases),
            lambda k: _short(k.releases),
        ),
    ]


def _entries(opened: Opened) -> tuple[Entry, ...]:
    return make_plan(opened, gather([str(DOCS)], opened.folder)).entries


def _recorded(opened: Opened) -> Iterator[tuple[str, Known]]:
    for document in opened.audit.documents.values():
        releases = frozenset(
            one.id
            for initiative in opened.audit.initiatives
            for one in initiative.releases
            if document.key in one.documents
        )
        for copy in document.hashed:
            yield copy.sha256, Known(document, releases)


def _right(
    what: str,
    pairs: Sequence[tuple[Entry, Known]],
    guessed: Callable[[Entry], str],
    recorded: Callable[[Known], str],
) -> Right:
    """Where nothing is recorded, only a guess of nothing is right."""
    found = [(guessed(entry), recorded(known)) for entry, known in pairs]
    right = sum(guess == record for guess, record in found)
    empty = sum(not guess and bool(record) for guess, record in found)
    return Right(what, right, len(found) - right - empty, empty)


def _plain(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _releases(entry: Entry) -> str:
    return " ".join(sorted(map(str, entry.releases)))


def _all(known: Known) -> str:
    return " ".join(sorted(map(str, known.releases)))


def _short(releases: Sequence[ReleaseId] | frozenset[ReleaseId]) -> str:
    """Releases by the name of the family and the version: ``gemma/2`` of ``google-gemma/2``."""
    return " ".join(
        sorted(f"{one.initiative.rpartition('-')[2]}/{one.release}" for one in releases)
    )


def table(found: Sequence[Right]) -> str:
    """The guesses for the documentation."""
    rows = [f"| {one.what} | {one.right} | {one.wrong} | {one.empty} |" for one in found]
    head = [
        "",
        f"Of the {found[0].of} documents of the bundled audits that are at hand where this was "
        "measured:",
        "",
        "| guess | as recorded | otherwise | left empty |",
        "|---|---:|---:|---:|",
    ]
    return "\n".join((*head, *rows, "", ""))


def write_guesses() -> str:
    """Measure the guesses and put them on their page; the table."""
    text = table(guesses())
    page = PAGE.read_text("utf-8")
    PAGE.write_text(KEPT.sub(lambda _: text, page), "utf-8")
    return text


# --- seconds ----------------------------------------------------------------------------------


class Piled(NamedTuple):
    """From a pile to a site."""

    files: int
    planned: float
    """Seconds: everything read, guessed and compared."""
    added: float
    reported: float
    documents: int
    copies: int

    @property
    def seconds(self) -> float:
        return self.planned + self.added + self.reported


def measure() -> Piled:
    """The seconds of each step, as whole processes, with nothing remembered from before."""
    with tempfile.TemporaryDirectory() as room:
        pile, audit, plan = f"{room}/pile", Path(room) / "audit", f"{room}/plan.toml"
        files = len(make_pile(Path(pile)))
        first = _seconds(room, "audit", "new", str(audit), "--auditor", "Ana Ruiz")
        planned = first + _seconds(room, "audit", "add", str(audit), pile, "--plan", plan)
        added = _seconds(room, "audit", "add", str(audit), "--from", plan)
        reported = _seconds(room, "report", str(audit), "-o", f"{room}/site")
        documents = open_audit(audit).audit.documents
        copies = sum(len(one.copies) for one in documents.values())
        return Piled(files, planned, added, reported, len(documents), copies - len(documents))


def _seconds(room: str, *arguments: str) -> float:
    command = [sys.executable, "-m", "openbook.cli.main", *arguments]
    environment = {**os.environ, "OPENBOOK_LIBRARY": f"{room}/library"}
    started = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, env=environment)
    if done.returncode > 1:  # 1 tells of the files that cannot be read
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return time.perf_counter() - started
