"""A plan is carried out: document by document, each wholly or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openbook.audit.intake import Names, Source, add_copy, copy_of, copy_table, give_to_release
from openbook.audit.layers import remember, remembered
from openbook.audit.opened import AuditError, Opened, open_audit, writing
from openbook.audit.pile.gather import is_address
from openbook.audit.pile.perusing import bytes_of, pending
from openbook.core.initiative import ReleaseId
from openbook.core.plan import Do, Entry, Plan
from openbook.files.library import Library, sha256_of
from openbook.files.write import WriteError, toml_table, unbroken, write_text
from openbook.sources.errors import SourceError
from openbook.sources.extract import extract, kind_of
from openbook.sources.extractors import EXTRACTORS
from openbook.sources.fetch import fetch


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one entry."""

    entry: Entry
    error: str = ""
    is_known: bool = False
    """Whether all of it was there before."""


def carry_out(
    folder: Path,
    plan: Plan,
    date: dt.date,
    *,
    allow_private: bool = False,
    waiting: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Taken]:
    """Do what a plan says; an entry that fails stops no other. Doing it again goes on where it was
    stopped. Ctrl-C takes effect between two documents.

    With ``waiting`` the bytes are taken from there and from nowhere else, whatever the entries name
    as their sources: people elsewhere chose those names.
    """
    names = Names({one.key: one for one in plan.families}, {one.id: one for one in plan.releases})
    entries = [one for one in plan.entries if one.do is not Do.SKIP]
    for done, entry in enumerate(entries, 1):
        try:
            yield _take(folder, entry, names, date, waiting, allow_private)
        except (AuditError, SourceError, WriteError) as error:
            yield Taken(entry, str(error))
        except OSError as error:
            yield Taken(entry, f"{entry.source} cannot be read ({error.strerror or error})")
        if progress:
            progress(done, len(entries))


def _take(
    folder: Path,
    entry: Entry,
    names: Names,
    date: dt.date,
    waiting: Library | None,
    allow_private: bool,
) -> Taken:
    source = _source(open_audit(folder), entry, waiting, allow_private)
    with writing(folder) as opened, unbroken():
        before = _listing(opened, entry)
        _require_no_other(opened, entry)
        if entry.key in opened.audit.documents:
            add_copy(opened, entry.key, source, date=date, role=entry.role, note=entry.note)
        else:
            _write_document(opened, entry, source, date)
        for release in entry.releases:
            # Read anew: each may make the initiative that the next one is of.
            give_to_release(open_audit(folder), release, entry.key, names)
        after = _listing(open_audit(folder), entry)
        (waiting or pending(opened)).remove(entry.sha256)
    return Taken(entry, is_known=before == after)


def _listing(opened: Opened, entry: Entry) -> tuple[bool, tuple[bool, ...]]:
    """Whether the audit lists an entry's bytes, and its document under each of its releases."""
    document = opened.audit.documents.get(entry.key)
    has = document is not None and any(one.sha256 == entry.sha256 for one in document.copies)
    return has, tuple(_is_given(opened, release, entry.key) for release in entry.releases)


def _is_given(opened: Opened, release: ReleaseId, key: str) -> bool:
    found = opened.audit.release(release)
    return found is not None and key in found.documents


def _require_no_other(opened: Opened, entry: Entry) -> None:
    there = opened.audit.documents.get(entry.key)
    if entry.do is Do.COPY and there is None:
        raise AuditError(
            f"there is no document {entry.key!r} that {entry.source} could be a copy of"
        )
    known = {one.sha256 for one in there.copies} if there is not None else {entry.sha256}
    if entry.do is Do.NEW and entry.sha256 not in known:
        raise AuditError(
            f"there is a document {entry.key!r} already, with other bytes: choose another key, "
            'or do = "copy"'
        )
    for release in entry.releases:
        left_out = getattr(opened.audit.release(release), "left_out", "")
        if left_out:
            raise AuditError(f"{release} is left out of this audit: {left_out}")


def _source(opened: Opened, entry: Entry, waiting: Library | None, allow_private: bool) -> Source:
    """The bytes of an entry, which are those that were planned with, and their text."""
    data = (waiting or pending(opened)).read(entry.sha256) or opened.library.read(entry.sha256)
    if data is None and waiting is not None:
        raise AuditError(f"{entry.source} is no longer here: bring it again")
    if data is None and is_address(entry.source):
        data = fetch(entry.source, allow_private=allow_private).data
    elif data is None:
        data = bytes_of(Path(entry.source).expanduser())
    if sha256_of(data) != entry.sha256:
        raise AuditError(f"{entry.source} has changed since the plan was made: plan anew")
    name = Path(entry.source).name
    kind = kind_of(data, entry.media_type, name)
    layer = remembered(entry.sha256, EXTRACTORS[kind], opened.cache)
    if layer is None:
        layer = extract(data, entry.media_type, name, scans=True)
    return Source(entry.source, data, entry.media_type, entry.fetched_from, entry.via, layer)


def _write_document(opened: Opened, entry: Entry, source: Source, date: dt.date) -> None:
    copy = copy_of(source, entry.role, date, entry.note)
    opened.library.add(source.data)
    remember(source.layer, copy, opened.cache)
    head: Mapping[str, str | int | None] = {
        "key": entry.key,
        # A document must be called something; `audit check` tells that nobody has named it.
        "title": entry.title or entry.key,
        "year": int(entry.date[:4]) if entry.date else None,
        "kind": entry.kind or "other",
        "language": entry.language,
        "url": entry.url,
    }
    path = opened.folder / "documents" / f"{entry.key}.toml"
    write_text(path, toml_table("", head) + "\n" + copy_table(copy))
