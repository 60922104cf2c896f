"""Files that strangers send: kept under their hash in the room's own data.

Nothing opens them here and no page shows them: editors get them as bytes to save.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from openbook.audit.opened import AuditError
from openbook.files.library import sha256_of
from openbook.files.write import write_bytes
from openbook.sources.errors import SourceError
from openbook.sources.extract import kind_of
from openbook.web.bodies import UPLOAD

MOST = 2 * 1024**3
"""Bytes of files that wait, all together."""


def faults(name: str, data: bytes) -> Iterator[str]:
    """Why a file is not taken. Only its first bytes are looked at."""
    if len(data) > UPLOAD:
        yield f"The file is larger than {UPLOAD >> 20} MB."
    elif not data:
        yield "The file is empty."
    else:
        try:
            kind_of(data, "", file_name(name))
        except SourceError:
            yield "The file is no PDF, HTML, Markdown, LaTeX, DOCX or plain text."


def file_name(name: str) -> str:
    """A file's name as editors may save it: no folders, nothing that cannot be seen, not hidden."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFKC", name))[-1]
    kept = "".join(char if char.isalnum() or char in "._- " else "_" for char in last)
    stem, dot, suffix = " ".join(kept.split()).strip(". ").rpartition(".")
    return f"{stem[:80]}{dot}{suffix[:12]}".lstrip(".") or "file"


def keep(state: Path, data: bytes) -> str:
    """Keep a file; its sha256. Raises :class:`AuditError` where too much is kept already."""
    folder = state / "quarantine"
    folder.mkdir(mode=0o700, exist_ok=True)
    sha256 = sha256_of(data)
    path = folder / sha256
    if not path.is_file():
        if sum(one.stat().st_size for one in folder.iterdir()) + len(data) > MOST:
            raise AuditError("Too many files wait for the editors. Send it without the file.")
        write_bytes(path, data)
        path.chmod(0o600)
    return sha256


def read(state: Path, sha256: str) -> bytes | None:
    """A file's bytes; None where there is none, or it is damaged."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        return None
    try:
        data = (state / "quarantine" / sha256).read_bytes()
    except OSError:
        return None
    return data if sha256_of(data) == sha256 else None
