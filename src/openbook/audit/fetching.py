"""Fetching: copies of documents from their public addresses, both versions of what changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from openbook.audit.intake import copy_fields, copy_table
from openbook.audit.layers import remember
from openbook.audit.opened import Opened, writing
from openbook.core.initiative import Copy, Document
from openbook.core.text import TextLayer
from openbook.files.edit import append_table, set_item
from openbook.files.library import Library, sha256_of
from openbook.sources.errors import FetchError, SourceError
from openbook.sources.extract import extract
from openbook.sources.fetch import Fetched, fetch


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What fetching one document gave."""

    document: str
    url: str
    sha256: str = ""
    is_changed: bool = False
    """Whether these bytes are a version that the audit did not know."""
    error: str = ""
    is_unreachable: bool = False
    """Whether no connection could be made at all, as without a network."""
    is_unaddressed: bool = False
    """Whether it never had an address, so that there was nothing to fetch it from."""


def missing_documents(opened: Opened) -> tuple[Document, ...]:
    """The documents of audited releases, and those that evidence stands in, without a copy here."""
    wanted = {key for release in opened.audit.releases for key in release.documents}
    wanted |= {one.document for one in opened.audit.evidence.values()}
    wanted -= {one.imported for one in opened.audit.reviews}  # of spreadsheets the hash is kept
    return tuple(
        document
        for key, document in opened.audit.documents.items()
        if key in wanted and not any(opened.library.has(copy.sha256) for copy in document.hashed)
    )


def fetch_documents(
    opened: Opened,
    documents: tuple[Document, ...],
    date: dt.date,
    *,
    allow_private: bool = False,
    write: bool = True,
    progress: Callable[[str, int, int | None], None] | None = None,
    seconds: float = 120,
) -> Iterator[FetchResult]:
    """Fetch documents from their addresses, one by one; a failure never stops the rest.

    A copy that comes with a hash is taken when the bytes match it. A changed document gains a
    copy: both versions are kept. With ``write`` False, only the library is filled.
    """
    for document in documents:
        yield _fetch_one(opened, document, date, allow_private, write, progress, seconds)


def _fetch_one(
    opened: Opened,
    document: Document,
    date: dt.date,
    allow_private: bool,
    write: bool,
    progress: Callable[[str, int, int | None], None] | None,
    seconds: float,
) -> FetchResult:
    errors = []
    is_unreachable = False
    for copy in sorted(document.copies, key=lambda one: not one.sha256):
        if not copy.url:
            continue
        report = (lambda done, total: progress(document.key, done, total)) if progress else None
        try:
            found = fetch(copy.url, allow_private=allow_private, progress=report, seconds=seconds)
        except FetchError as error:
            errors.append(str(error))
            is_unreachable = error.unreachable
            if is_unreachable:
                break
            continue
        return _keep(opened, document, copy, found, date, write)
    return FetchResult(
        document.key,
        document.url,
        error="; ".join(errors) or "no address to fetch it from",
        is_unreachable=is_unreachable,
        is_unaddressed=not errors,
    )


def _keep(
    opened: Opened, document: Document, copy: Copy, found: Fetched, date: dt.date, write: bool
) -> FetchResult:
    """Keep fetched bytes. Refused are new ones that cannot be read, such as a web page that asks
    for a login in place of a PDF: every quote would be missing from it."""
    sha256 = sha256_of(found.data)
    is_known = any(one.sha256 == sha256 for one in document.copies)
    fresh = fresh_copy(copy, found, date)
    if not is_known:
        try:
            layer = read_fetched(document, copy, found)
        except SourceError as error:
            return FetchResult(document.key, found.final_url, error=str(error))
        fresh = replace(fresh, pages=len(layer.pages))
        remember(layer, fresh, opened.cache)
        opened.cache.put(json.dumps([fresh.media_type, sha256]), "fetched", copy.url)
    opened.library.add(found.data)
    if not is_known and write:
        with writing(opened.folder) as current:
            listed = current.document(document.key).copies
            if all(one.sha256 != sha256 for one in listed):
                path = opened.folder / "documents" / f"{document.key}.toml"
                list_copy(path, fresh, fills=any(_awaits(one, fresh.url) for one in listed))
    is_changed = not is_known and bool(copy.sha256)
    return FetchResult(document.key, found.final_url, sha256, is_changed)


def fresh_copy(copy: Copy, found: Fetched, date: dt.date) -> Copy:
    """The bytes that the address of a copy gave, as a copy of their own."""
    return Copy(
        role=copy.role,
        media_type=found.media_type or copy.media_type,
        url=copy.url,
        sha256=sha256_of(found.data),
        bytes=len(found.data),
        retrieved=date,
        via=(*found.redirects, found.final_url) if found.final_url != copy.url else (),
        etag=found.etag,
        last_modified=found.last_modified,
    )


def read_fetched(document: Document, copy: Copy, found: Fetched) -> TextLayer:
    """The text of what the address of a copy gave. Raises :class:`SourceError` for what cannot be
    read, such as a page that asks for a login in place of a PDF."""
    try:
        return extract(found.data, copy.media_type or found.media_type, document.key, scans=True)
    except SourceError as error:
        raise SourceError(f"{copy.url} gives something else: {error}") from error


def _awaits(copy: Copy, url: str) -> bool:
    """Whether a listed copy names an address and no bytes yet."""
    return copy.url == url and not copy.sha256


def list_copy(path: Path, fresh: Copy, *, fills: bool) -> None:
    """Write what was fetched into the copy that waited for it, else as a copy of its own."""
    if not fills:
        append_table(path, copy_table(fresh))
        return
    fields = copy_fields(fresh)
    set_item(
        path,
        "copy",
        lambda one: one.get("url") == fresh.url and "sha256" not in one,
        {name: value for name, value in fields.items() if value not in (None, "", [])},
    )


def with_fetched(opened: Opened) -> Opened:
    """The audit with the copies that were fetched on this machine for documents of which it knows
    no hash. Nothing is written: this is for an audit that cannot be, such as a bundled one."""
    documents = dict(opened.audit.documents)
    for document in missing_documents(opened):
        found = [_fetched_before(opened, copy) for copy in document.copies if copy.url]
        copies = tuple(copy for copy in found if copy is not None)
        documents[document.key] = replace(document, copies=(*document.copies, *copies))
    return replace(opened, audit=replace(opened.audit, documents=documents))


def _fetched_before(opened: Opened, copy: Copy) -> Copy | None:
    kept = opened.cache.get("fetched", copy.url)
    media_type, sha256 = json.loads(kept) if kept else ("", "")
    if not sha256 or not opened.library.has(sha256):
        return None
    return replace(copy, media_type=media_type, sha256=sha256)


def add_known_files(library: Library, folder: Path, audit: Opened) -> int:
    """Add to the library the files of ``folder`` that are copies this audit knows by hash."""
    wanted = {
        copy.sha256
        for document in audit.audit.documents.values()
        for copy in document.hashed
        if not library.has(copy.sha256)
    }
    added = 0
    for path in sorted(folder.iterdir()) if wanted and folder.is_dir() else ():
        if path.is_file():
            data = path.read_bytes()
            if sha256_of(data) in wanted:
                library.add(data)
                added += 1
    return added
