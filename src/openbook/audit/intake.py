"""Taking in: a file or an address becomes a document of a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from openbook.audit.layers import remember
from openbook.audit.new import named
from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.core.initiative import ROLES, Copy, Document, ReleaseId, is_key, slug
from openbook.core.language import TELLING, by_script
from openbook.core.plan import Family, NewRelease
from openbook.core.text import TextLayer
from openbook.files.edit import append_table
from openbook.files.library import sha256_of
from openbook.files.write import Value, toml_table, write_text
from openbook.sources.errors import FetchError, SourceError
from openbook.sources.extract import extract
from openbook.sources.fetch import Fetched, fetch

SUFFIXES = {
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".tex": "application/x-tex",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A document's bytes, found to be readable."""

    name: str
    """The path or address as given."""
    data: bytes
    media_type: str
    url: str
    """Where it was had; empty for a file."""
    via: tuple[str, ...]
    """Where the address led, step by step, if it led elsewhere."""
    layer: TextLayer
    etag: str = ""
    """How the server named the bytes."""
    last_modified: str = ""


def read_source(
    source: str,
    *,
    allow_private: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> Source:
    """A file or an address, read. Raises :class:`AuditError` for what cannot be had or read."""
    if not source.strip():
        raise WrongUseError("the source is empty: name a file or an address")
    found: Fetched | None = None
    if "://" in source:
        try:
            found = fetch(source, allow_private=allow_private, progress=progress)
        except FetchError as error:
            raise AuditError(str(error)) from error
        data, url, name = found.data, source, named(Path(urlsplit(source).path))
        via = (*found.redirects, found.final_url) if found.final_url != source else ()
        media_type = found.media_type or media_type_of(urlsplit(found.final_url).path)
    else:
        file = Path(source).expanduser()
        if not file.is_file():
            what = "is a folder" if file.is_dir() else "is not there"
            raise WrongUseError(f"{source} {what}: name a file or an address")
        data, url, via, media_type = file.read_bytes(), "", (), media_type_of(file.name)
        name = named(Path(source))
    read = source_of(source, name, data, media_type, url, via)
    return replace(read, etag=found.etag, last_modified=found.last_modified) if found else read


def source_of(
    source: str,
    name: str,
    data: bytes,
    media_type: str = "",
    url: str = "",
    via: tuple[str, ...] = (),
) -> Source:
    """Bytes that somebody has, read; ``name`` is what messages call them. Raises
    :class:`AuditError` for what cannot be read."""
    media_type = media_type or media_type_of(name)
    try:
        layer = extract(data, media_type, name, scans=True)
    except SourceError as error:
        raise AuditError(str(error)) from error
    return Source(source, data, media_type, url, via, layer)


def media_type_of(name: str) -> str:
    """The media type that a file's name ends in; empty where it says nothing."""
    return SUFFIXES.get(Path(name).suffix.lower(), "")


@dataclass(frozen=True, slots=True)
class Added:
    """A document taken in."""

    document: Document
    copy: Copy
    layer: TextLayer
    is_new: bool
    """False where these bytes were a copy of the document already."""


def add_document(
    opened: Opened,
    source: Source,
    *,
    release: ReleaseId,
    key: str,
    title: str,
    date: dt.date,
    role: str = "original",
) -> Added:
    """Take a document into an audit and give it to a release, which is made where there is none.

    Bytes go to the library, a record to ``documents/<key>.toml``. Without a key, bytes that are
    known keep theirs, others are named after the file; another document's key is then refused.
    """
    _require_role(role)
    sha256 = sha256_of(source.data)
    title = prose(title, "the title")
    existing = _document_for(opened, source, sha256, key)
    key = existing.key if existing else key or _key_from(source)
    if not is_key(key):
        raise WrongUseError(f"{key!r} cannot be a key; choose one with --key, such as acme-2026")
    left_out = getattr(opened.audit.release(release), "left_out", "")
    if left_out:
        raise WrongUseError(f"{release} is left out of this audit: {left_out}")
    copy = copy_of(source, role, date)
    document = existing or Document(key, title or _title(source), url=source.url)
    is_new = all(one.sha256 != sha256 for one in document.copies)
    opened.library.add(source.data)
    remember(source.layer, copy, opened.cache)
    path = opened.folder / "documents" / f"{key}.toml"
    if existing is None:
        head = {
            "key": key,
            "title": document.title,
            "url": document.url,
            "kind": "other",
            "language": by_script(source.layer.text[:TELLING]),
        }
        write_text(path, toml_table("", head) + "\n" + copy_table(copy))
    elif is_new:
        append_table(path, copy_table(copy))
    give_to_release(opened, release, key)
    return Added(document, copy, source.layer, is_new)


def add_copy(
    opened: Opened,
    document: str,
    source: Source,
    *,
    date: dt.date,
    role: str = "original",
    note: str = "",
) -> Added:
    """Another copy of a document there is: bytes to the library, a record to its file unless it
    lists them already. The audit is to be held for writing."""
    _require_role(role)
    existing = opened.document(document)
    copy = copy_of(source, role, date, note)
    is_new = all(one.sha256 != copy.sha256 for one in existing.copies)
    opened.library.add(source.data)
    remember(source.layer, copy, opened.cache)
    if is_new:
        append_table(opened.folder / "documents" / f"{document}.toml", copy_table(copy))
    return Added(existing, copy, source.layer, is_new)


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise WrongUseError(f"{role!r} is no role of a copy; it is one of {', '.join(ROLES)}")


def copy_of(source: Source, role: str, date: dt.date, note: str = "") -> Copy:
    """Some bytes as a copy of a document."""
    return Copy(
        role=role,
        media_type=source.media_type,
        url=source.url,
        sha256=sha256_of(source.data),
        bytes=len(source.data),
        pages=len(source.layer.pages),
        retrieved=date,
        via=source.via,
        note=note,
        etag=source.etag,
        last_modified=source.last_modified,
    )


def _document_for(opened: Opened, source: Source, sha256: str, key: str) -> Document | None:
    """The document these bytes are a copy of, or are to become a copy of."""
    documents = opened.audit.documents
    if key:
        return documents.get(key)
    for document in documents.values():
        if any(copy.sha256 == sha256 for copy in document.copies):
            return document
    named = documents.get(_key_from(source))
    if named is not None:
        raise AuditError(
            f"there is a document {named.key!r} already, with other bytes: --key {named.key} adds "
            "these as another copy of it, any other --key as a document of its own"
        )
    return None


def _key_from(source: Source) -> str:
    return slug(_title(source))


def _title(source: Source) -> str:
    path = urlsplit(source.name).path if source.url else source.name
    return named(Path(path)).rpartition(".")[0] or named(Path(path))


def copy_table(copy: Copy) -> str:
    """A copy as the files write it."""
    return toml_table("[[copy]]", copy_fields(copy))


def copy_fields(copy: Copy) -> dict[str, Value | None]:
    """What a copy says, field by field."""
    return {
        "role": copy.role,
        "media_type": copy.media_type,
        "url": copy.url,
        "sha256": copy.sha256,
        "bytes": copy.bytes,
        "pages": copy.pages,
        "retrieved": copy.retrieved,
        "via": list(copy.via),
        "note": copy.note,
        "etag": copy.etag,
        "last_modified": copy.last_modified,
    }


@dataclass(frozen=True, slots=True)
class Names:
    """What initiatives and releases are called that are made for a document."""

    families: Mapping[str, Family] = field(default_factory=dict)
    releases: Mapping[ReleaseId, NewRelease] = field(default_factory=dict)

    def head(self, key: str) -> dict[str, str]:
        """What a new initiative's file begins with."""
        found = self.families.get(key)
        if found is not None:
            return {
                "key": key,
                "company": found.company,
                "name": found.name,
                "status": found.status,
            }
        company, _, name = key.partition("-")
        return {"key": key, "company": company, "name": name or company, "status": "closed"}


def give_to_release(
    opened: Opened, release: ReleaseId, key: str, names: Names | None = None
) -> None:
    """List a document under a release; initiative and release are made where they are missing."""
    import tomlkit

    names = names or Names()
    path = opened.folder / "initiatives" / f"{release.initiative}.toml"
    new = names.releases.get(release) or NewRelease(release, release.release)
    row: dict[str, Value | None] = {"key": release.release, "label": new.label, "date": new.date}
    row["documents"] = [key]
    if opened.audit.initiative(release.initiative) is None:
        head = names.head(release.initiative)
        write_text(path, toml_table("", head) + "\n" + toml_table("[[release]]", row))
        _list_initiative(opened.folder / "audit.toml", release.initiative)
        return
    found = opened.audit.release(release)
    if found is None:
        append_table(path, toml_table("[[release]]", row))
        return
    if key not in found.documents:
        data = tomlkit.parse(path.read_text("utf-8"))
        for table in data["release"]:
            if table["key"] == release.release:
                table["documents"] = [*found.documents, key]
        write_text(path, tomlkit.dumps(data))


def _list_initiative(path: Path, key: str) -> None:
    import tomlkit

    data = tomlkit.parse(path.read_text("utf-8"))
    listed = data.get("initiatives", [])
    data["initiatives"] = [*listed, key]
    write_text(path, tomlkit.dumps(data))
