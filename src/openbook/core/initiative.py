"""Who is audited, and by which documents."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
"""Keys of initiatives, documents, releases and auditors: safe as file names everywhere."""

_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])([.].*)?")
"""Names that Windows keeps for devices, with any suffix."""

ROLES = ("original", "transcription", "partial", "other-version")
"""What a copy is to its document."""


def is_key(text: str) -> bool:
    """Whether ``text`` may name a file: no separators, no leading dot, no ``..``, no device."""
    if _DEVICES.fullmatch(text):
        return False
    return bool(KEY.fullmatch(text)) and ".." not in text and not text.endswith(".")


def slug(text: str) -> str:
    """A key made from a name: ``Ana Ruíz`` gives ``ana-ruiz``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9.]+", "-", plain)).strip("-.")[:48]


class ReleaseId(NamedTuple):
    """A release named by initiative and key: ``openai-gpt/3.5``."""

    initiative: str
    release: str

    def __str__(self) -> str:
        return f"{self.initiative}/{self.release}"


@lru_cache(maxsize=4096)
def parse_release_id(text: str) -> ReleaseId | None:
    """``openai-gpt/3.5`` taken apart, or None where ``text`` is no such name."""
    initiative, slash, release = text.strip().partition("/")
    if slash and is_key(initiative) and is_key(release):
        return ReleaseId(initiative, release)
    return None


@dataclass(frozen=True, slots=True)
class Release:
    """One row of the heatmap: a model, or several versions that share their documentation."""

    id: ReleaseId
    label: str
    covers: tuple[str, ...] = ()
    """The versions this row stands for."""
    date: str = ""
    """ISO date of publication, as far as known: ``2022-03`` or ``2022-03-04``."""
    documents: tuple[str, ...] = ()
    left_out: str = ""
    """Why the release is not audited; empty for audited ones."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Initiative:
    """A model family of one organisation; releases in order of time."""

    key: str
    company: str
    """Empty while nobody has told it."""
    name: str
    status: str
    """``closed``, ``open-weight`` or ``open``; empty while nobody has told it."""
    releases: tuple[Release, ...]
    note: str = ""

    @property
    def title(self) -> str:
        """``OpenAI GPT``."""
        return self.name if self.company in ("", self.name) else f"{self.company} {self.name}"

    @property
    def audited(self) -> tuple[Release, ...]:
        """The releases that have a row in the heatmap."""
        return tuple(release for release in self.releases if not release.left_out)


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes of a document as somebody had them; anchors belong to a copy."""

    role: str
    """One of :data:`ROLES`."""
    media_type: str = ""
    url: str = ""
    sha256: str = ""
    """Empty until somebody has fetched the copy."""
    bytes: int | None = None
    pages: int | None = None
    retrieved: dt.date | None = None
    via: tuple[str, ...] = ()
    """Where ``url`` led when these bytes were taken, step by step; empty where it led nowhere."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A source; it may serve several releases, and have several copies."""

    key: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    kind: str = "other"
    language: str = ""
    licence: str = ""
    url: str = ""
    """The public landing page."""
    copies: tuple[Copy, ...] = ()
    note: str = ""

    @property
    def hashed(self) -> tuple[Copy, ...]:
        """The copies whose bytes are known by hash."""
        return tuple(copy for copy in self.copies if copy.sha256)
