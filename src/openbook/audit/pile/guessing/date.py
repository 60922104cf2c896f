"""When a document was published: by its stamp, by a date at its top, by what its file declares."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from openbook.core.plan import NOTHING, Guess
from openbook.sources.about import About

HEAD = 1200
"""Characters at the top of a document in which its date stands, if before its abstract."""
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))\.?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = re.compile(
    rf"\b{_YEAR}-(?P<m>\d\d)(?:-(?P<d>\d\d))?\b"
    rf"|\b{_MONTH.replace('month', 'month2')}\s+{_DAY.replace('day', 'day2')},?\s+"
    rf"{_YEAR.replace('year', 'year2')}\b"
    rf"|\b{_DAY.replace('day', 'day3')}\s+{_MONTH.replace('month', 'month3')},?\s+"
    rf"{_YEAR.replace('year', 'year3')}\b"
    rf"|\b{_MONTH.replace('month', 'month4')},?\s+{_YEAR.replace('year', 'year4')}\b",
    re.I,
)
_STAMP = re.compile(
    r"arXiv:(?P<id>\d{4}\.\d{4,5})(?:v(?P<version>\d{1,3}))?\s+\[[\w.-]+\]\s+"
    r"(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]{2})\s+(?P<year>\d{4})"
)
_NUMBER = re.compile(r"(?<![\d.])(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})(?:v(\d{1,3}))?(?![\d.]*\d)")
_ABSTRACT = re.compile(r"^\W*(?:abstract|1?\.?\s*introduction)\b", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What arXiv prints on a first page, or what a file's name tells of it."""

    number: str
    """Such as ``2405.04434``; its first four digits are the year and month of the first version."""
    version: str = ""
    day: dt.date | None = None
    """Of this version."""

    @property
    def month(self) -> str:
        """When the first version came out: ``2024-05``."""
        return f"20{self.number[:2]}-{self.number[2:4]}"

    @property
    def url(self) -> str:
        """The landing page."""
        return f"https://arxiv.org/abs/{self.number}"

    @property
    def note(self) -> str:
        """``arXiv version 5 of 19 June 2024, by its stamp.``; empty without a day."""
        if self.day is None or not self.version:
            return ""
        return f"arXiv version {self.version} of {self.day.day} {self.day:%B %Y}, by its stamp."


def stamp_of(first_page: str, source: str) -> Stamp | None:
    """The stamp of arXiv on a first page, else the number in a file's name or address."""
    found = _STAMP.search(first_page)
    if found:
        return Stamp(found["id"], found["version"] or "", _day(found))
    named = _NUMBER.search(source.rpartition("/")[2])
    if named and ("arxiv" in source.casefold() or named[1] == _stem(source)):
        return Stamp(named[1], named[2] or "")
    return None


def _stem(source: str) -> str:
    name = source.rpartition("/")[2]
    return re.sub(r"(?:v\d{1,3})?(?:\.pdf)?$", "", name, flags=re.I)


def _day(found: re.Match[str]) -> dt.date | None:
    month = found["month"].lower()
    if month not in _MONTHS:
        return None
    try:
        return dt.date(int(found["year"]), _MONTHS.index(month) + 1, int(found["day"]))
    except ValueError:
        return None


def date_of(about: About, first_page: str, stamp: Stamp | None) -> Guess:
    """ISO date, as exact as the document tells it."""
    if stamp is not None:
        return Guess(stamp.month, f"number on arXiv {stamp.number}")
    head = head_of(first_page)
    for found in _DATES.finditer(head):
        date = _iso(found)
        if date:
            return Guess(date, f"“{' '.join(found[0].split())}” at its top")
    declared = about.created
    if declared and about.is_markup:
        return Guess(declared, "declared in the file's head")
    return Guess(declared[:7], "when the file was made, as it says") if declared else NOTHING


def head_of(first_page: str) -> str:
    """What stands above the abstract of a document."""
    head = first_page[:HEAD]
    found = _ABSTRACT.search(head)
    return head[: found.start()] if found else head


def _iso(found: re.Match[str]) -> str:
    part = {name.rstrip("234"): text for name, text in found.groupdict().items() if text}
    month = part.get("m") or str(_MONTHS.index(part["month"][:3].lower()) + 1)
    day = part.get("d") or part.get("day") or ""
    try:
        date = dt.date(int(part["year"]), int(month), int(day or 1))
    except ValueError:
        return ""
    return date.isoformat() if day else date.isoformat()[:7]
