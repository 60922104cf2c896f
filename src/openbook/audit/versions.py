"""A version of an audit, however it is kept: a folder, an edition, its zip, a git revision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from openbook.audit.opened import AuditError, WrongUseError
from openbook.core.problem import Problem
from openbook.core.records import Audit
from openbook.files.archive import ArchiveError, files_of
from openbook.files.history import revision
from openbook.files.read import read_audit
from openbook.files.texts import is_text, put, texts


@dataclass(frozen=True, slots=True)
class Version:
    """An audit as it was or is."""

    name: str
    """As it was asked for."""
    audit: Audit
    files: dict[str, bytes]
    """Its text files by path."""


def version(name: str) -> Version:
    """The audit that ``name`` means: a folder, the folder or zip of an edition, or ``DIR@REVISION``
    for a folder as it was in git. Raises :class:`AuditError` where there is none, or its files have
    problems: what is misread would be told as a difference."""
    files = _files(name)
    if "audit.toml" not in files:
        raise WrongUseError(f"{name} holds no audit: there is no audit.toml")
    with TemporaryDirectory(prefix="openbook-version-") as folder:
        put(Path(folder), files)
        reading = read_audit(Path(folder))
    if reading.audit is None or reading.problems:
        raise AuditError(f"{name} has problems; mend them first", reading.problems)
    return Version(name, reading.audit, files)


def _files(name: str) -> dict[str, bytes]:
    path = Path(name)
    if path.is_dir():
        found, problems = texts(path if (path / "audit.toml").is_file() else path / "audit")
        return _sound(name, found, problems)
    if path.is_file():
        try:
            inside = ((one.removeprefix("audit/"), one, data) for one, data in files_of(path))
            return {short: data for short, one, data in inside if short != one and is_text(short)}
        except ArchiveError as error:
            raise AuditError(f"{name} cannot be read: {error}") from error
    folder, at, wanted = name.rpartition("@")
    if not at or not Path(folder).is_dir():
        raise WrongUseError(f"{name} is no folder, no zip and no DIR@REVISION")
    past = revision(Path(folder), wanted)
    if past is None:
        raise WrongUseError(f"git knows no revision {wanted!r} of {folder}")
    return past


def _sound(name: str, found: dict[str, bytes], problems: list[Problem]) -> dict[str, bytes]:
    if problems:
        raise AuditError(f"{name} has problems; mend them first", problems)
    return found
