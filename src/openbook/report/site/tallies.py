"""Counts of what findings rest on, and of what an earlier work reports beside what was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from openbook.core.evidence import standing
from openbook.core.review import Basis, CellId
from openbook.report.site import words
from openbook.report.site.material import Material


@dataclass(frozen=True, slots=True)
class Tally:
    """A number with its words."""

    words: str
    number: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """Cells of which an earlier work says the same, by what was found."""

    says: str
    told: int
    """Cells with a grade above 0."""
    nothing: int
    """Cells with grade 0."""
    open: int
    """Cells not settled."""


_SHORT = {"N/A": "N/A", "none": "none", "silent": "silent", "unclear": "unclear"}


def basis_of(material: Material, cell: CellId) -> str:
    """In a word, why a cell is said to hold nothing; empty where it is not said."""
    finding = material.audit.findings.get(cell)
    found = finding.judgement.not_stated if finding else None
    if found is None:
        return ""
    if found.basis is Basis.PAPER_REPORTS:
        return _SHORT.get(found.says, "other")
    return "searched" if found.basis is Basis.SEARCHED else "document unavailable"


_BASES = {
    "searched": ("searched, and not found", "proved by a recorded search"),
    "N/A": ("the paper writes N/A", "reported, not proved"),
    "none": ("the paper reports that there is none", "reported, not proved"),
    "silent": ("the paper says nothing here", "reported, not proved"),
    "unclear": ("the paper finds it unclear", "reported, not proved"),
    "other": ("the paper reports it otherwise", "reported, not proved"),
    "document unavailable": ("the document could not be had", "not known"),
}


def bases(material: Material) -> tuple[Tally, ...]:
    """Cells said to be empty, by what that rests on; proof is named even where there is none."""
    counts = Counter(basis_of(material, cell) for cell in material.audit.cells)
    return tuple(
        Tally(text, counts[key], note)
        for key, (text, note) in _BASES.items()
        if counts[key] or key == "searched"
    )


def evidence(material: Material) -> tuple[Tally, ...]:
    """Evidence by state: quotes by what checking found, then artifacts and reports."""
    audit = material.audit
    found = Counter(standing(one, material.states).value for one in audit.evidence.values())
    names = {
        "verified": ("verified quotes", "stand word for word in a copy at hand"),
        "read-from-scan": ("quotes read from a scan", "an engine read them; not verified"),
        "confirmed": ("pictures read alike by two readers", "transcribed; not verified"),
        "unchecked": (
            "unchecked quotes, artifacts and pictures",
            "no copy at hand, an address only, or read by one person",
        ),
        "secondary": ("reports by others", "never count as verified"),
        "failed": ("quotes that do not stand", "differ from the copies at hand"),
    }
    return tuple(Tally(text, found[key], note) for key, (text, note) in names.items())


REPORTED = {
    "information": "reports information",
    "N/A": "writes N/A",
    "none": "reports that there is none",
    "silent": "does not mention the release",
    "unclear": "finds it unclear",
}
"""What an earlier work may say of a cell, as a verb."""


def reported(material: Material) -> tuple[ReportedLine, ...]:
    """What an earlier work says of the cells, against the grades found here."""
    counts: Counter[tuple[str, str]] = Counter()
    for cell in material.audit.cells:
        one = material.audit.reported.get(cell)
        if one is not None:
            counts[one.says, _found(material, cell)] += 1
    kinds = [*REPORTED, *sorted({says for says, _ in counts} - set(REPORTED))]
    return tuple(
        ReportedLine(
            REPORTED.get(kind, kind),
            counts[kind, "told"],
            counts[kind, "nothing"],
            counts[kind, "open"],
        )
        for kind in kinds
        if any(counts[kind, found] for found in ("told", "nothing", "open"))
    )


def _found(material: Material, cell: CellId) -> str:
    finding = material.audit.findings.get(cell)
    grade = finding.judgement.grade if finding else None
    return "open" if grade is None else "told" if grade else "nothing"


def reporters(material: Material) -> str:
    """The works whose reports are compared."""
    keys = dict.fromkeys(one.by for one in material.audit.reported.values())
    documents = material.audit.documents
    return words.listing([words.citation(documents[k]) if k in documents else k for k in keys])


def reported_words(material: Material, cell: CellId) -> str:
    """What an earlier work says of one cell, as a sentence; empty where there is none."""
    one = material.audit.reported.get(cell)
    if one is None:
        return ""
    document = material.audit.documents.get(one.by)
    who = words.citation(document) if document else one.by
    return f"{who} {REPORTED.get(one.says, one.says)}."
