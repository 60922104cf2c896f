"""What is new in an audit as an Atom feed (RFC 4287).

Every date is one of the records', so that the same audit gives the same bytes. Records name days:
an entry is dated at the beginning of its day. Ids are made of what an entry is about, and stay when
it changes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from openbook.core.recheck import OUTCOMES, in_words
from openbook.core.review import CellId, Finding
from openbook.report.site import address, words
from openbook.report.site.amends import KINDS, about_words
from openbook.report.site.material import Material
from openbook.report.wording import one_line

MOST = 200
"""Entries of a feed; older ones are left out."""
LONGEST = 1000
"""Characters of an entry's text."""
ATOM = "http://www.w3.org/2005/Atom"


class Entry(NamedTuple):
    """Something that is new."""

    id: str
    """What it is about, unique in the audit."""
    date: dt.date
    title: str
    text: str
    href: str
    """Relative to the site."""


def entries(material: Material) -> tuple[Entry, ...]:
    """What is new, newest first; what no record dates is left out."""
    found = [
        *_edition(material),
        *_findings(material),
        *_corrections(material),
        *_rechecks(material),
    ]
    found.sort(key=attrgetter("id"))
    found.sort(key=attrgetter("date"), reverse=True)
    return tuple(found[:MOST])


def feed(material: Material) -> str:
    """The feed; empty where no record of the audit names a date."""
    found = entries(material)
    if not found:
        return ""
    audit, base = material.audit, _base(material.url)
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _put(root, "id", _urn(audit.id, ""))
    _put(root, "title", _short(audit.title) or audit.id)
    _put(root, "updated", _moment(found[0].date))
    people = [one.name or one.id for one in audit.auditors if one.kind == "person"]
    for name in people or [audit.title or audit.id]:
        _put(ET.SubElement(root, "author"), "name", _short(name) or audit.id)
    _put(root, "generator", "openbook")
    # Relative addresses are those of the feed's own place, where no other is given.
    for rel, href in (("self", address.FEED), ("alternate", address.INDEX)):
        ET.SubElement(root, "link", {"rel": rel, "href": urljoin(base, href)} | _TYPES[rel])
    for one in found:
        entry = ET.SubElement(root, "entry")
        _put(entry, "id", _urn(audit.id, one.id))
        _put(entry, "title", _short(one.title))
        _put(entry, "updated", _moment(one.date))
        ET.SubElement(entry, "link", {"rel": "alternate", "href": urljoin(base, one.href)})
        _put(entry, "summary", _short(one.text) or _short(one.title))
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'


_TYPES = {"self": {"type": "application/atom+xml"}, "alternate": {"type": "text/html"}}


def _edition(material: Material) -> Iterator[Entry]:
    if material.audit.edition and material.frozen_on:
        name = material.audit.edition
        title = f"Edition {name} of {material.audit.title}"
        text = f"Edition {name} was frozen: its records and pages do not change any more."
        yield Entry(f"edition {name}", material.frozen_on, title, text, address.INDEX)


def _findings(material: Material) -> Iterator[Entry]:
    for cell, finding in material.audit.findings.items():
        if cell.release not in material.row_of or (day := _settled_on(material, finding)) is None:
            continue
        grade = finding.judgement.grade
        graded = "settled without a grade" if grade is None else f"settled at {grade} of 4"
        text = " ".join(filter(None, (finding.judgement.answer, finding.judgement.reason)))
        yield Entry(
            f"finding {cell}",
            day,
            f"{_cell(material, cell)}: {graded}",
            text,
            address.cell_address(cell),
        )


def _settled_on(material: Material, finding: Finding) -> dt.date | None:
    """The last day on which somebody judged or decided what was settled; no record names the day of
    settling itself."""
    audit, cell = material.audit, finding.cell
    days = [
        one.date
        for one in audit.reviews
        if one.release == cell.release
        and cell.keyword in one.cells
        and one.auditor in finding.settled.grades
    ]
    if finding.settled.how == "decided" and cell in audit.settlements:
        days.append(audit.settlements[cell].date)
    return max(filter(None, days), default=None)


def _corrections(material: Material) -> Iterator[Entry]:
    for one in material.audit.corrections:
        if one.state == "accepted" and one.date is not None:
            kind = KINDS.get(one.kind, one.kind)
            title = f"{kind} accepted: {about_words(material, one.about)}"
            href = address.correction_address(one.id)
            yield Entry(f"correction {one.id}", one.date, title, one.reason, href)


def _rechecks(material: Material) -> Iterator[Entry]:
    for one in material.audit.rechecks:
        if one.cell.release not in material.row_of:
            continue
        document = material.audit.documents.get(one.document)
        named = (document.title if document else "") or one.document
        text = f"{in_words(one)} in {named}."
        what, day = "to be looked at again", one.opened
        if not one.is_open:
            what = f"looked at again: {OUTCOMES.get(one.outcome, one.outcome)}"
            day, text = one.closed or one.opened, f"{text} {one.reason}"
        title = f"{_cell(material, one.cell)}: {what}"
        yield Entry(f"recheck {one.id}", day, title, text, address.cell_address(one.cell))


def _cell(material: Material, cell: CellId) -> str:
    question = material.audit.questionnaire.question(cell.keyword)
    asked = (question.title if question else "") or cell.keyword
    return f"{words.release_name(material.audit, cell.release)}, {asked}"


def _base(url: str) -> str:
    """The address of the site's folder; empty where none is given."""
    checked = address.web_url(url).partition("#")[0].partition("?")[0]
    checked = checked.removesuffix(address.INDEX)
    return checked if not checked or checked.endswith("/") else f"{checked}/"


def _urn(audit: str, name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'openbook:{audit}:{name}')}"


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"
