"""What taking in many documents would do: a plan that people see and correct before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from openbook.core.initiative import ReleaseId


class Guess(NamedTuple):
    """Something a document seems to say of itself."""

    value: str
    """Empty where nothing says it."""
    why: str
    """What says it, in a few words for a person."""


NOTHING = Guess("", "")


class Do(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    """It becomes a document of its own."""
    COPY = "copy"
    """It becomes a further copy of a document."""
    SKIP = "skip"
    """Nothing becomes of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or address of a plan; whatever could not be guessed is empty."""

    source: str
    """The path or address."""
    sha256: str
    do: Do
    key: str
    """Of the document it becomes, or becomes a copy of."""
    role: str = "original"
    """What the bytes are to the document: one of :data:`openbook.core.initiative.ROLES`."""
    title: str = ""
    date: str = ""
    """ISO date of publication as far as known: ``2024``, ``2024-05`` or ``2024-05-07``."""
    language: str = ""
    kind: str = ""
    url: str = ""
    """The public landing page of the document."""
    releases: tuple[ReleaseId, ...] = ()
    media_type: str = ""
    fetched_from: str = ""
    """The address that gave the bytes; empty for a file."""
    via: tuple[str, ...] = ()
    """Where that address led, step by step."""
    note: str = ""
    """What the copy says of itself, such as its version on arXiv."""
    why: Mapping[str, str] = field(default_factory=dict)
    """For each field that was guessed, what says so."""


@dataclass(frozen=True, slots=True)
class Family:
    """An initiative that the audit does not have yet."""

    key: str
    name: str
    company: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class NewRelease:
    """A release that the audit does not have yet."""

    id: ReleaseId
    label: str
    date: str = ""
    """ISO date of publication as far as known; empty where nobody has told it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file or address that could not be taken."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that taking in would do."""

    entries: tuple[Entry, ...]
    families: tuple[Family, ...] = ()
    """Initiatives to be made."""
    releases: tuple[NewRelease, ...] = ()
    """Releases to be made."""
    failed: tuple[Failed, ...] = ()
    passed_over: tuple[str, ...] = ()
    """Files of a folder that are no documents by their names."""
