"""Small phrases: counts, lists, dates, differences. English, since the pages are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from openbook.core.initiative import Document, Initiative, Release, ReleaseId
from openbook.core.records import Audit

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")

KINDS = {"person": "person", "model": "language model"}
"""Kinds of auditors in words."""

DOCUMENT_KINDS = {
    "paper": "paper",
    "report": "technical report",
    "model-card": "model card",
    "system-card": "system card",
    "web-page": "web page",
    "repository": "repository",
    "other": "document",
}

ROLES = {
    "original": "original",
    "transcription": "transcription",
    "partial": "part of the document",
    "other-version": "another version",
}


def count(number: int, one: str, many: str = "") -> str:
    """``1 release``, ``20 releases``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def spelled(number: int, one: str, many: str = "") -> str:
    """``one release``, ``no releases``, ``20 releases``: for running text."""
    figure = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"
    return f"{figure} {one if number == 1 else many or one + 's'}"


def listing(items: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def sentence(text: str) -> str:
    """``text`` with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def day(date: dt.date | None) -> str:
    """``23 November 2026``."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}" if date else ""


def moment(text: str) -> str:
    """A date as records write it, ``2022-03``, as words: ``March 2022``; other text as it is."""
    found = _DATE.match(text)
    if not found:
        return text
    year, month, date = found.groups()
    if month is None or not 1 <= int(month) <= 12:
        return year
    name = _MONTHS[int(month) - 1]
    return f"{int(date)} {name} {year}" if date else f"{name} {year}"


def year_of(text: str) -> str:
    """The year of a date as records write it; empty where there is none."""
    found = _DATE.match(text)
    return found[1] if found else ""


def signed(value: float, digits: int = 2) -> str:
    """``+0.42``, ``−1.08``, ``0.00``."""
    shown = f"{abs(value):.{digits}f}"
    if float(shown) == 0:
        return shown
    return f"{'+' if value > 0 else '−'}{shown}"


def auditor_name(audit: Audit, id_: str) -> str:
    """Who stands behind an id; a name that is no auditor's id is given as it is."""
    auditor = audit.auditor(id_)
    return auditor.name or auditor.id if auditor else id_


def auditor_with_kind(audit: Audit, id_: str) -> str:
    """``Ana Ruiz (person)``; without the kind where the audit does not list the name."""
    auditor = audit.auditor(id_)
    if auditor is None:
        return id_
    kind = kind_of(audit, id_)
    name = auditor.name or auditor.id
    return name if kind in name else f"{name} ({kind})"


def kind_of(audit: Audit, id_: str) -> str:
    """``person``; ``person, imported`` for an auditor whose judgements nobody verified here."""
    auditor = audit.auditor(id_)
    kind = KINDS.get(auditor.kind, auditor.kind or "kind not stated") if auditor else ""
    return f"{kind}, imported" if id_ in audit.imported else kind


def version(initiative: Initiative, release: Release) -> str:
    """The release's label less the initiative's name: ``3.5`` of ``GPT 3.5``."""
    short = release.label.removeprefix(initiative.name).strip()
    return short or release.label


def release_name(audit: Audit, id_: ReleaseId) -> str:
    """``GPT 3.5``: the release's label, with its initiative where the label has no word of it."""
    release, initiative = audit.release(id_), audit.initiative(id_.initiative)
    if release is None or initiative is None:
        return str(id_)
    words = initiative.title.lower().split()
    is_named = any(word in words for word in release.label.lower().split())
    return release.label if is_named else f"{initiative.title} {release.label}"


def citation(document: Document) -> str:
    """``Ouyang et al. 2022``; the title where no author is known."""
    if not document.authors:
        return document.title or document.key
    first, more = document.authors[0], len(document.authors) > 1
    name = f"{first.rsplit(' ', 1)[-1]} et al." if more else first
    return f"{name} {document.year}" if document.year else name
