"""The files of an import: made in a copy of the audit, and told apart from what was there."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from openbook.audit.grade import judgement_fields
from openbook.audit.intake import copy_table
from openbook.audit.opened import Opened
from openbook.audit.quoting.evidence import add_support, quote_fields, supports_as_text
from openbook.audit.sheets.claims import Claim
from openbook.audit.sheets.gathered import Gathered
from openbook.core.evidence import Evidence, QuoteEvidence, SecondaryEvidence
from openbook.core.initiative import Copy, ReleaseId
from openbook.core.questionnaire import PointRef
from openbook.core.review import CellId, Judgement, Review
from openbook.files.edit import append_table, set_head, set_table
from openbook.files.library import sha256_of
from openbook.files.mapping import SheetMap
from openbook.files.sheets import Sheet
from openbook.files.write import LOCK_NAME, Value, toml_table, write_text


@dataclass(frozen=True, slots=True)
class Given:
    """A sheet as somebody hands it in."""

    sheet: Sheet
    data: bytes
    meant: SheetMap
    date: dt.date
    """The day of the import."""


@contextmanager
def copied(opened: Opened) -> Iterator[Opened]:
    """The audit's text files in a folder of their own, without a library's documents."""
    skip = shutil.ignore_patterns("library", ".git", LOCK_NAME, "*.part")
    with tempfile.TemporaryDirectory(prefix="openbook-import-") as name:
        copy = Path(name) / "audit"
        shutil.copytree(opened.folder, copy, ignore=skip)
        yield replace(opened, folder=copy)


def changes(folder: Path, copy: Path) -> dict[Path, bytes]:
    """The files of the copy that are new or say something else, by their path in the audit; reviews
    last, since they name all the others."""
    found = {}
    for path in sorted(copy.rglob("*.toml"), key=lambda one: ("reviews" in one.parts, one)):
        data, where = path.read_bytes(), path.relative_to(copy)
        before = folder / where
        if not before.is_file() or before.read_bytes() != data:
            found[where] = data
    return found


def write_import(
    opened: Opened,
    given: Given,
    gathered: Gathered,
    rows: Mapping[CellId, Sequence[Claim]],
    cells: Mapping[CellId, Judgement],
) -> None:
    """Write the sheet as a document, its auditor, evidence and judgements."""
    _write_sheet(opened, given, gathered.key)
    _write_auditor(opened, given, gathered.key)
    _write_evidence(opened, gathered)
    releases = dict.fromkeys(cell.release for cell in cells)
    for release in releases:
        here = {cell.keyword: one for cell, one in cells.items() if cell.release == release}
        said = [one for cell in rows if cell.release == release for one in rows[cell]]
        _write_review(opened, given, gathered.key, release, here, said)


def _write_sheet(opened: Opened, given: Given, key: str) -> None:
    """The sheet as a document whose hash and day are on record; its bytes are not kept."""
    if key in opened.audit.documents:
        return
    head = {
        "key": key,
        "title": given.sheet.file,
        "note": "A spreadsheet that was imported; what it reports was not verified here.",
    }
    copy = Copy(
        "original",
        given.sheet.media_type,
        sha256=sha256_of(given.data),
        bytes=len(given.data),
        retrieved=given.date,
    )
    path = opened.folder / "documents" / f"{key}.toml"
    write_text(path, f"{toml_table('', head)}\n{copy_table(copy)}")


def _write_auditor(opened: Opened, given: Given, key: str) -> None:
    who = given.meant.auditor
    if opened.audit.auditor(who.id) is not None:
        return
    told = (
        f"Imported from {given.sheet.file} (sha256 {sha256_of(given.data)}, document {key}) on "
        f"{given.date}; not verified here."
    )
    note = f"{who.note}\n{told}" if who.note else told
    fields = {"id": who.id, "name": who.name, "kind": who.kind, "note": note}
    append_table(opened.folder / "audit.toml", toml_table("[[auditor]]", fields))


def _write_evidence(opened: Opened, gathered: Gathered) -> None:
    by_document: dict[str, list[str]] = {}
    for one in gathered.added.values():
        table = toml_table("[[evidence]]", _fields(one))
        by_document.setdefault(one.document, []).append(table)
    for document, tables in by_document.items():
        append_table(opened.folder / "evidence" / f"{document}.toml", "\n".join(tables))
    for id_, cells in gathered.supported.items():
        existing = opened.audit.evidence[id_]
        more: dict[ReleaseId, tuple[PointRef, ...]] = {}
        for cell in cells:
            more[cell.release] = (*more.get(cell.release, ()), PointRef(cell.keyword))
        if isinstance(existing, QuoteEvidence):
            path = opened.folder / "evidence" / f"{existing.document}.toml"
            add_support(path, existing, _unsaid(existing, more))


def _unsaid(
    existing: QuoteEvidence, more: Mapping[ReleaseId, tuple[PointRef, ...]]
) -> dict[ReleaseId, tuple[PointRef, ...]]:
    """What a quote does not support yet: one that supports a point supports its question."""
    found = {}
    for release, refs in more.items():
        said = {ref.keyword for ref in existing.supports.get(release, ())}
        if left := tuple(ref for ref in refs if ref.keyword not in said):
            found[release] = left
    return found


def _fields(one: Evidence) -> dict[str, Value | None]:
    if isinstance(one, QuoteEvidence):
        return quote_fields(one)
    assert isinstance(one, SecondaryEvidence)
    return {
        "id": one.id,
        "kind": "secondary",
        "where": one.where,
        "says": one.says,
        "supports": supports_as_text(one.supports),
        "by": one.by,
        "date": one.date,
        "note": one.note,
    }


def _write_review(
    opened: Opened,
    given: Given,
    key: str,
    release: ReleaseId,
    cells: Mapping[str, Judgement],
    rows: Sequence[Claim],
) -> None:
    who = given.meant.auditor.id
    path = opened.folder / "reviews" / who / release.initiative / f"{release.release}.toml"
    before = _review(opened, who, release)
    dates = [one.date for one in rows if one.date]
    read = dict.fromkeys(key for one in rows for key in one.read)
    if before is not None:
        if more := [*dict.fromkeys((*before.read, *read))][len(before.read) :]:
            set_head(path, "read", [*before.read, *more])
        for keyword, one in cells.items():
            set_table(path, keyword, judgement_fields(one))
        return
    head: dict[str, Value | None] = {
        "auditor": who,
        "release": str(release),
        "date": max(dates, default=given.meant.date),
        "read": [*read],
        "imported": key,
    }
    tables = [toml_table("", head)]
    tables += (toml_table(f"[{word}]", judgement_fields(one)) for word, one in cells.items())
    write_text(path, "\n".join(tables))


def _review(opened: Opened, who: str, release: ReleaseId) -> Review | None:
    found = (one for one in opened.audit.reviews if (one.auditor, one.release) == (who, release))
    return next(found, None)
