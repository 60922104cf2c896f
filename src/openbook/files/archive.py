"""Many files as one: written so that the same files always give the same bytes, and read as
something that anybody may have made.

A zip is stored, not compressed: what a compressor makes differs from one of its versions to the
next. Reading never writes a file, so no name in an archive leads anywhere.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

MAX_FILES = 50_000
MAX_ONE = 64 * 1024 * 1024
"""Bytes of one file; a larger one is refused before it is read."""
MAX_ALL = 1024 * 1024 * 1024
"""Bytes of all files together."""

SUMS = "SHA256SUMS"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name. The files' own times would differ at each writing."""


class ArchiveError(Exception):
    """Something that is no folder or zip of files as we write them; the message says why."""


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
)
"""What zipfile raises for bytes that are no zip, or one cut short or forged."""


def zipped(files: Mapping[str, bytes], top: str) -> bytes:
    """Files as a zip in a folder ``top``: sorted, one date, one mode."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            one = zipfile.ZipInfo(f"{top}/{name}", _EPOCH)
            one.create_system = 3  # Unix, wherever it is written
            one.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(one, files[name])
    return data.getvalue()


def sums(files: Mapping[str, bytes]) -> str:
    """The sha256 of every file, as ``sha256sum -c`` reads them."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))


def parse_sums(text: str) -> dict[str, str]:
    """Name to sha256. Lines of another form are left out: what they name is unlisted then."""
    lines = (line.partition("  ") for line in text.splitlines())
    return {name: sha256 for sha256, _, name in lines if len(sha256) == 64 and name}


def files_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, or of a zip less the folder that holds them all, in order of names.

    Raises :class:`ArchiveError` for links, for names that lead out or stand twice, and for more
    than :data:`MAX_FILES` files or :data:`MAX_ALL` bytes, before they are read.
    """
    yield from _of_folder(path) if path.is_dir() else _of_zip(path)


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    paths = []
    for path in folder.rglob("*"):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise ArchiveError(f"{path.relative_to(folder)} is a link or a device, no file")
        if path.is_file():
            paths.append(path)
    _require_few(len(paths), (path.stat().st_size for path in paths))
    for path in sorted(paths):
        try:
            yield path.relative_to(folder).as_posix(), path.read_bytes()
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read ({error.strerror})") from error


def _of_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        if path.stat().st_size > MAX_ALL:  # the list of files is read whole
            raise ArchiveError(f"{path} is larger than {MAX_ALL >> 20} MB")
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir()]
            _require_plain(inside)
            for one in sorted(inside, key=lambda one: one.filename):
                yield one.filename.partition("/")[2], archive.read(one)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read ({error.strerror or error})") from error
    except _BROKEN as error:
        raise ArchiveError(f"{path} is no zip that can be read ({error})") from error


def _require_plain(inside: list[zipfile.ZipInfo]) -> None:
    """Every member is a file of its own in one folder, in no more bytes than we read."""
    _require_few(len(inside), (one.file_size for one in inside))
    names = [one.filename for one in inside]
    tops = {name.partition("/")[0] for name in names}
    for one in inside:
        parts = one.filename.split("/")
        kind = stat.S_IFMT(one.external_attr >> 16)
        if one.flag_bits & 1:
            raise ArchiveError(f"{one.filename} is encrypted")
        if kind not in (0, stat.S_IFREG):
            raise ArchiveError(f"{one.filename} is a link or a device, no file")
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveError(f"{one.filename} is compressed in a way that is not read here")
        is_odd = "\\" in one.filename or ":" in one.filename or not one.filename.isprintable()
        if is_odd or len(parts) < 2 or len(tops) > 1 or {"", ".", ".."} & {*parts}:
            raise ArchiveError(f"{one.filename!r} is no name of a file in one folder")
    if len({name.casefold() for name in names}) < len(names):
        raise ArchiveError("a name stands twice in it")


def _require_few(count: int, sizes: Iterator[int]) -> None:
    if count > MAX_FILES:
        raise ArchiveError(f"it has {count:,} files; {MAX_FILES:,} are read at most")
    every = list(sizes)
    if max(every, default=0) > MAX_ONE or sum(every) > MAX_ALL:
        raise ArchiveError(
            f"it unpacks to {sum(every):,} bytes; a file may have {MAX_ONE >> 20} MB, all "
            f"{MAX_ALL >> 20} MB"
        )
