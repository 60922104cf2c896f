"""Freezing an audit: records, pages, hashes and citations as one folder and one zip.

The same text files and the same documents at hand give the same bytes, whenever, wherever and by
whomever they are frozen: the date is the records', pages tell no history of git, and the copy that
is frozen is the one that was checked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openbook import __version__
from openbook.audit.check import Report, check
from openbook.audit.edition import MANIFEST, staged, whole_hash
from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.cli.site import DATA, CheckedAudit, site_files, write_whole
from openbook.core.initiative import is_key
from openbook.files.archive import SUMS, ArchiveError, files_of, sums, zipped
from openbook.files.write import write_bytes
from openbook.report import edition as report
from openbook.report.site.address import web_url

_LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What whoever freezes says of the edition."""

    edition: str
    date: dt.date | None = None
    by: Sequence[str] = ()
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was frozen."""

    folder: Path
    archive: Path
    edition: report.Edition
    files: int
    is_new: bool
    """Whether it was not there before."""
    todos: int


def freeze(
    opened: Opened,
    wish: Wish,
    folder: Path | None,
    progress: Callable[[int, int], None] | None = None,
) -> Frozen:
    """Freeze an audit into ``folder`` and a zip beside it. Raises :class:`AuditError` where the
    audit has problems, or something else stands there; then nothing is written."""
    wish = _checked(wish)
    target = folder or Path(f"{opened.audit.id}-{wish.edition}")
    _require_apart(target, opened.folder)
    with staged(opened, wish.edition) as (copied, texts):
        found = check(copied, progress)
        if found.problems:
            raise AuditError(
                f"{opened.folder} has problems, which no edition holds", found.problems
            )
        edition = _edition(copied, wish)
        files = {f"audit/{name}": data for name, data in texts.items()}
        pages = site_files(
            CheckedAudit(copied, found.checked), edition.date, url=wish.url, frozen=True
        )[1]
        files |= {f"site/{name}": data for name, data in pages.items()}
        edition = replace(edition, sha256=whole_hash(sums(files)))
        files |= _beside(edition, copied, found)
    files[SUMS] = sums(files).encode()
    archive = target.with_name(f"{target.name}.zip")
    is_new = _write(target, archive, files, edition.name)
    return Frozen(target, archive, edition, len(files), is_new, len(found.todos))


def _checked(wish: Wish) -> Wish:
    if not is_key(wish.edition):
        raise WrongUseError(
            f"{wish.edition!r} cannot name an edition: use lower-case letters, digits, dots and "
            "hyphens, such as 2026.1"
        )
    if wish.url and not web_url(wish.url):
        raise WrongUseError(f"{wish.url} is no http or https address")
    if wish.licence and not _LICENCE.fullmatch(wish.licence):
        raise WrongUseError(f"{wish.licence!r} is no SPDX name of a licence, such as CC-BY-4.0")
    return replace(wish, by=tuple(prose(name, "--by") for name in wish.by))


def _require_apart(target: Path, audit: Path) -> None:
    where, source = target.resolve(), audit.resolve()
    if source.is_relative_to(where):
        raise WrongUseError(f"the audit {audit} lies in {target}: choose another folder with -o")
    inside = where.relative_to(source).parts if where.is_relative_to(source) else ()
    if inside and inside[0] in DATA:
        raise WrongUseError(f"{target} lies among the audit's files: choose another folder with -o")


def _edition(copied: Opened, wish: Wish) -> report.Edition:
    audit = copied.audit
    date = wish.date or max(report.dates(audit), default=None)
    if date is None:
        raise WrongUseError("no record of the audit names a date: give one with --date")
    people = [report.person(one.name) for one in audit.auditors if one.kind == "person"]
    authors = tuple(dict.fromkeys([*people, *map(report.named, wish.by)]))
    if not authors:
        raise WrongUseError(
            "no auditor of this audit is a person, and a language model cannot answer for an "
            "edition: name who does with --by"
        )
    return report.Edition(audit, date, authors, __version__, wish.url, wish.licence)


def _beside(edition: report.Edition, copied: Opened, found: Report) -> Mapping[str, bytes]:
    """The files that cite the records and pages."""
    hashes = (copy.sha256 for one in copied.audit.documents.values() for copy in one.hashed)
    at_hand = [one for one in hashes if copied.library.has(one)]
    made = {
        MANIFEST: report.manifest(edition, found.checked, at_hand),
        "CITATION.cff": report.citation_cff(edition),
        "citation.bib": report.edition_bibtex(edition),
        ".zenodo.json": report.zenodo(edition),
        "README.md": report.readme(edition),
    }
    return {name: text.encode() for name, text in made.items()}


def _write(target: Path, archive: Path, files: Mapping[str, bytes], top: str) -> bool:
    """Write what is not there yet; whether anything was written."""
    data = zipped(files, top)
    is_there, has_zip = target.exists(), archive.exists()
    if is_there:
        _require_same(target, files)
    if has_zip and (not archive.is_file() or archive.read_bytes() != data):
        raise AuditError(f"{archive} is there already, and is another; nothing was written")
    if not is_there:
        write_whole(target.resolve(), files)
    if not has_zip:
        write_bytes(archive, data)
    return not (is_there and has_zip)


def _require_same(target: Path, files: Mapping[str, bytes]) -> None:
    try:
        there = dict(files_of(target)) if target.is_dir() else {}
    except ArchiveError as error:
        raise AuditError(f"{target} is there already, and is no edition: {error}") from error
    names = sorted({*files, *there})
    other = [name for name in names if files.get(name) != there.get(name)]
    if other:
        more = f" and {len(other) - 1} more" if len(other) > 1 else ""
        raise AuditError(
            f"{target} is there already, and differs ({other[0]}{more}): an edition never changes. "
            "Choose another name for this one; nothing was written"
        )
