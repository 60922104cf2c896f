"""One hash for all the text files of an audit."""

from __future__ import annotations

import hashlib
from pathlib import Path

_SUFFIXES = (".toml", ".jsonl")
_NOT_OURS = ("library", ".git")


def fingerprint(folder: Path) -> str:
    """The sha256 over the paths and hashes of an audit's text files, in the order of the paths:
    two folders have the same one when their audits are the same, byte by byte."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
        where = path.relative_to(folder)
        if path.suffix in _SUFFIXES and where.parts[0] not in _NOT_OURS and path.is_file():
            inner = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{where.as_posix()}\n{inner}\n".encode())
    return digest.hexdigest()
