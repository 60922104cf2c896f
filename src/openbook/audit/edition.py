"""Editions: frozen copies of an audit. What is in them, and whether they are still as they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from openbook.audit.opened import AuditError, Opened, WrongUseError, open_audit
from openbook.core.problem import Problem
from openbook.files.archive import SUMS, ArchiveError, files_of, parse_sums
from openbook.files.edit import set_head
from openbook.files.texts import put, texts

MANIFEST = "edition.json"
RECORDS = ("audit/", "site/")
"""The folders whose files the hash of an edition is made of; the other files cite that hash."""


@contextmanager
def staged(opened: Opened, edition: str) -> Iterator[tuple[Opened, dict[str, bytes]]]:
    """A copy of an audit's text files, called ``edition`` in its audit.toml, in a folder of its own
    for a while; and its files. Raises :class:`AuditError` where the copy does not say what the
    audit says."""
    found, problems = texts(opened.folder)
    if problems:
        raise AuditError(f"{opened.folder} cannot be copied", problems)
    with TemporaryDirectory(prefix="openbook-edition-") as name:
        folder = Path(name) / "audit"
        put(folder, found)
        set_head(folder / "audit.toml", "edition", edition)
        copied = open_audit(folder).sound()
        if copied.audit != replace(opened.audit, edition=edition):
            raise AuditError(f"{opened.folder} was changed meanwhile; freeze it again")
        own = {"audit.toml": (folder / "audit.toml").read_bytes()}
        # Its documents are where those of the audit are, a library in its folder above all.
        yield replace(copied, library=opened.library), {**found, **own}


def whole_hash(sums: str) -> str:
    """The sha256 of an edition: of the lines of its SHA256SUMS that name records and pages."""
    lines = [line for line in sums.splitlines(keepends=True) if line[66:].startswith(RECORDS)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verified:
    """What checking an edition's hashes showed."""

    edition: str
    """``decoding-alignment 2026.1``, as its manifest says; empty where that cannot be read."""
    sha256: str
    """Of the records and pages that its list of hashes names: to be compared with a citation."""
    files: int
    problems: tuple[Problem, ...]


def verify_edition(path: Path) -> Verified:
    """Whether every file of an edition, a folder or a zip, is the one its list of hashes names.
    Raises :class:`AuditError` for what is no edition, or no archive to be read without harm."""
    if not path.exists():
        raise WrongUseError(f"{path} is not there")
    found: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    try:
        for name, data in files_of(path):
            found[name] = hashlib.sha256(data).hexdigest()
            if name in (SUMS, MANIFEST):
                kept[name] = data
    except ArchiveError as error:
        raise AuditError(f"{path} cannot be checked: {error}") from error
    if SUMS not in kept:
        raise AuditError(f"{path} is no edition: it has no {SUMS}")
    text = kept[SUMS].decode("utf-8", "replace")
    listed = parse_sums(text)
    manifest = _manifest(kept.get(MANIFEST, b""))
    whole = whole_hash(text)
    problems = list(_faults(found, listed))
    if manifest.get("sha256") != whole:
        problems.append(Problem(MANIFEST, f"names another hash of the whole than {SUMS} gives"))
    named = f"{manifest.get('audit', '')} {manifest.get('edition', '')}".strip()
    return Verified(named, whole, len(found), tuple(problems))


def _faults(found: dict[str, str], listed: dict[str, str]) -> Iterator[Problem]:
    for name in sorted({**found, **listed}.keys() - {SUMS}):
        if name not in found:
            yield Problem(name, "is missing")
        elif name not in listed:
            yield Problem(name, f"is not in {SUMS}: it was added")
        elif found[name] != listed[name]:
            yield Problem(name, "was changed")


def _manifest(data: bytes) -> dict[str, str]:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    short = (item for item in said.items() if isinstance(item[1], str) and len(item[1]) < 200)
    return {key: one for key, one in short if one.isprintable()}
