"""What changed, as the version history tells it, newest first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from openbook.core.history import Edit
from openbook.report.site import words
from openbook.report.site.material import Material

FOLDERS = {
    "findings": "findings",
    "evidence": "evidence",
    "reviews": "reviews",
    "settlements": "settlements",
    "documents": "documents",
    "initiatives": "initiatives",
    "searches": "searches",
    "proposals": "proposals",
    "anchors": "anchors",
}
MOST_FILES = 12
"""Files named one by one; more are summed up by folder alone."""


@dataclass(frozen=True, slots=True)
class EditView:
    """One change."""

    subject: str
    author: str
    touched: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The changes of one day."""

    date: str
    iso: str
    edits: tuple[EditView, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The page."""

    days: tuple[Day, ...]
    total: str


def changes_view(material: Material) -> ChangesView:
    """The history by day."""
    ordered = sorted(material.history, key=lambda one: one.date, reverse=True)
    days = tuple(
        Day(words.day(date), date.isoformat(), tuple(map(_edit, run)))
        for date, run in groupby(ordered, key=lambda one: one.date)
    )
    return ChangesView(days, words.count(len(ordered), "recorded change") if ordered else "")


def _edit(edit: Edit) -> EditView:
    counts = Counter(_folder(name) for name in edit.files)
    touched = ", ".join(f"{name} ({number})" for name, number in counts.most_common())
    files = edit.files if len(edit.files) <= MOST_FILES else ()
    return EditView(edit.subject, edit.author, touched, files)


def _folder(name: str) -> str:
    head, slash, _ = name.partition("/")
    return FOLDERS.get(head, "other files") if slash else head
