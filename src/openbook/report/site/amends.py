"""Corrections as pages show them, beside what they are about or in their own list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openbook.core.review import Correction
from openbook.report.site import address, words
from openbook.report.site.material import Material

KINDS = {
    "slip": "Slip of the paper",
    "correction": "Correction",
    "rebuttal": "Rebuttal",
}
STATES = {"open": "open", "accepted": "accepted", "rejected": "rejected"}


@dataclass(frozen=True, slots=True)
class Amend:
    """One correction."""

    id: str
    """Of its element in the list of corrections."""
    name: str
    href: str
    kind: str
    state: str
    css: str
    about: str
    about_href: str
    was: str
    now: str
    reason: str
    author: str
    date: str
    source: str = ""
    """What it rests on: a document, or a file sent along."""
    quote: str = ""
    decision: str = ""


def amends(material: Material, corrections: Iterable[Correction]) -> tuple[Amend, ...]:
    """Corrections, ready to be shown."""
    return tuple(amend(material, one) for one in corrections)


def amend(material: Material, one: Correction) -> Amend:
    """A correction, ready to be shown."""
    state = one.state if one.state in STATES else "other"
    return Amend(
        id=address.name_slug(one.id),
        name=one.id,
        href=address.correction_address(one.id),
        kind=KINDS.get(one.kind, one.kind),
        state=STATES.get(one.state, one.state),
        css=f"a-{state}",
        about=about_words(material, one.about),
        about_href=material.address_of(one.about),
        was=one.was,
        now=one.now,
        reason=one.reason,
        author=words.auditor_with_kind(material.audit, one.author),
        date=words.day(one.date),
        source=_source(material, one),
        quote=one.quote,
        decision=": ".join(
            filter(None, (words.auditor_name(material.audit, one.decided_by), one.decision))
        ),
    )


def _source(material: Material, one: Correction) -> str:
    document = material.audit.documents.get(one.document)
    named = words.citation(document) if document else one.document
    file = f"a file sent along (sha256 {one.sha256})" if one.sha256 else ""
    return words.listing([part for part in (named, file) if part])


def about_words(material: Material, about: str) -> str:
    """What a correction is about, in a reader's words."""
    audit = material.audit
    name, _, keyword = about.strip().partition(" ")
    for release, row in material.row_of.items():
        if str(release) == name:
            question = audit.questionnaire.question(keyword)
            if question is None:
                return " ".join(filter(None, (row.release.label, keyword)))
            return f"{row.release.label}, {question.title or keyword}"
    if about in audit.documents:
        return audit.documents[about].title or about
    if about in audit.evidence:
        document = audit.documents.get(audit.evidence[about].document)
        return f"{about} in {words.citation(document)}" if document else about
    return about
