"""What stands beside the records of an edition: manifest, citations, a page to begin with."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from openbook.core.anchor import Checked
from openbook.core.evidence import QuoteEvidence
from openbook.core.heatmap import heatmap
from openbook.core.records import Audit
from openbook.report.bibtex import bib_url
from openbook.report.latex import latex_escape
from openbook.report.site.address import cell_address
from openbook.report.wording import graded_by, one_line

KEYWORDS = ("AI alignment", "transparency", "audit", "evidence", "language models")


class Author(NamedTuple):
    """Somebody who answers for an edition."""

    family: str
    """The family's name, or all of an organisation's."""
    given: str = ""

    @property
    def name(self) -> str:
        """``Ana Ruiz``."""
        return f"{self.given} {self.family}".strip()

    @property
    def inverted(self) -> str:
        """``Ruiz, Ana``."""
        return f"{self.family}, {self.given}" if self.given else self.family


def person(name: str) -> Author:
    """A person by name: of ``Ana Ruiz`` the last word is taken for the family's; ``Ruiz, Ana``
    says which is which."""
    if "," in name:
        return named(name)
    given, _, family = one_line(name).rpartition(" ")
    return Author(family, given)


def named(name: str) -> Author:
    """A person as ``Ruiz, Ana``; any other name as that of an organisation."""
    family, _, given = one_line(name).partition(",")
    return Author(family.strip(), given.strip())


@dataclass(frozen=True)
class Edition:
    """An edition and all that is said of it."""

    audit: Audit
    """As frozen: its edition is this one's name."""
    date: dt.date
    authors: tuple[Author, ...]
    """People and organisations that answer for it. No language model is among them."""
    version: str
    """Of openbook."""
    url: str = ""
    """Where its site will stand."""
    licence: str = ""
    """An SPDX name."""
    sha256: str = ""
    """Of its records and pages."""

    @property
    def name(self) -> str:
        """``decoding-alignment-2026.1``: of its folder and its zip, and to cite it by."""
        return f"{self.audit.id}-{self.audit.edition}"

    @property
    def title(self) -> str:
        """The audit's title on one line."""
        return one_line(self.audit.title)


def dates(audit: Audit) -> Iterator[dt.date]:
    """Every day that an audit's records name as that of some work on it."""
    copies = (copy for one in audit.documents.values() for copy in one.copies)
    for some in (
        (one.date for one in audit.reviews),
        (one.date for one in audit.evidence.values()),
        (one.date for one in audit.settlements.values()),
        (one.date for one in audit.corrections),
        (copy.retrieved for copy in copies),
    ):
        yield from filter(None, some)
    moments = [
        *(one.at for one in audit.searches.values()),
        *(one.at for one in audit.readings),
        *(one.at for one in audit.proposals),
    ]
    for moment in moments:
        try:
            yield dt.date.fromisoformat(moment[:10])
        except ValueError:
            continue


def graders(audit: Audit) -> str:
    """Who graded, and of what kind, in a sentence: models are named, and never as authors."""
    ids = {id_ for one in audit.findings.values() for id_ in one.settled.grades}
    models = [one for one in audit.auditors if one.kind == "model" and one.id in ids]
    named = f" ({', '.join(one_line(one.name) for one in models)})" if models else ""
    return f"{graded_by(audit).capitalize()}{named}."


def manifest(edition: Edition, checked: Mapping[str, Checked], at_hand: Iterable[str]) -> str:
    """What an edition holds, for programs. ``at_hand`` are the hashes of the copies its quotes were
    checked against; the copies themselves are not in it."""
    audit, here = edition.audit, set(at_hand)
    asked = audit.questionnaire
    said: dict[str, Any] = {
        "schema": 1,
        "audit": audit.id,
        "title": edition.title,
        "edition": audit.edition,
        "date": edition.date.isoformat(),
        "openbook": edition.version,
        "authors": [one.name for one in edition.authors],
        "auditors": [{"id": a.id, "name": a.name, "kind": a.kind} for a in audit.auditors],
        "questionnaire": {"id": asked.id, "title": asked.title, "rule": asked.rule}
        | {"questions": list(asked.keywords)},
        "counts": _counts(audit),
        "quotes": _by_state(one for one in checked.values() if one.what == "quote"),
        "regions": _by_state(one for one in checked.values() if one.what == "region"),
        "documents": [
            {
                "key": one.key,
                "title": one.title,
                "copies": [
                    {"sha256": c.sha256, "role": c.role, "bytes": c.bytes, "url": c.url}
                    | {"checked_against": c.sha256 in here}
                    for c in one.hashed
                ],
            }
            for one in audit.documents.values()
        ],
        "sha256": edition.sha256,
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _by_state(checked: Iterable[Checked]) -> dict[str, int]:
    return dict(sorted(Counter(str(one.state) for one in checked).items()))


def _counts(audit: Audit) -> dict[str, int]:
    return {
        "initiatives": len(audit.initiatives),
        "releases": len(audit.releases),
        "questions": len(audit.questionnaire.questions),
        "cells": len(list(audit.cells)),
        "settled": heatmap(audit).settled,
        "documents": len(audit.documents),
        "evidence": len(audit.evidence),
        "quotes": sum(isinstance(one, QuoteEvidence) for one in audit.evidence.values()),
        "reviews": len(audit.reviews),
        "corrections": len(audit.corrections),
    }


def citation_cff(edition: Edition) -> str:
    """How to cite the edition, in the Citation File Format 1.2.0. Texts are written as JSON, which
    YAML reads."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use this edition, please cite it.",
        "type: dataset",
        f"title: {_yaml(edition.title)}",
        f"version: {_yaml(edition.audit.edition)}",
        f"date-released: {_yaml(edition.date.isoformat())}",
        "authors:",
    ]
    for one in edition.authors:
        if one.given:
            lines.append(f"  - family-names: {_yaml(one.family)}")
            lines.append(f"    given-names: {_yaml(one.given)}")
        else:
            lines.append(f"  - name: {_yaml(one.family)}")
    lines.append(f"abstract: {_yaml(_told(edition))}")
    lines += ["keywords:", *(f"  - {_yaml(word)}" for word in KEYWORDS)]
    lines += ["identifiers:", "  - type: other", f"    value: {_yaml('sha256:' + edition.sha256)}"]
    lines.append("    description: Hash of the edition's records and pages")
    lines += [f"license: {_yaml(edition.licence)}"] if edition.licence else []
    lines += [f"url: {_yaml(edition.url)}"] if edition.url else []
    return "\n".join(lines) + "\n"


def edition_bibtex(edition: Edition) -> str:
    """How to cite the edition, for BibTeX."""
    note = f"Edition {edition.audit.edition}, sha256 {edition.sha256}. {graders(edition.audit)}"
    fields = {
        "title": f"{{{latex_escape(edition.title)}}}",
        "author": " and ".join(map(_bib_name, edition.authors)),
        "year": str(edition.date.year),
        "month": str(edition.date.month),
        "version": latex_escape(edition.audit.edition),
        "url": bib_url(edition.url),
        "note": latex_escape(note),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@misc{{{edition.name},\n{''.join(lines)}}}\n"


def zenodo(edition: Edition) -> str:
    """The metadata that Zenodo asks for at a deposit, as it reads them from ``.zenodo.json``."""
    said: dict[str, Any] = {
        "title": f"{edition.title} (edition {edition.audit.edition})",
        "upload_type": "dataset",
        "description": f"<p>{escape(_told(edition))}</p>",
        "creators": [{"name": one.inverted} for one in edition.authors],
        "version": edition.audit.edition,
        "publication_date": edition.date.isoformat(),
        "language": "eng",
        "keywords": list(KEYWORDS),
        "notes": f"sha256 of the records and pages: {edition.sha256}",
        "access_right": "open",
    }
    said |= {"license": edition.licence.lower()} if edition.licence else {}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def readme(edition: Edition) -> str:
    """What somebody who finds the folder should know."""
    audit = edition.audit
    cell = next(audit.cells, None)
    example = f"`site/{cell_address(cell)}`" if cell else "an address of its own"
    url = f"\nIts site stands at <{edition.url}>.\n" if edition.url else ""
    return f"""# {edition.title}, edition {audit.edition}

{_told(edition)}
{url}
| | |
|---|---|
| `site/index.html` | the audit as pages; opens without a network |
| `site/addresses.html` | the permanent address of every cell, such as {example} |
| `audit/` | the audit's text files: what everything else is made from |
| `edition.json` | what is in this edition, and the hash of every document it rests on |
| `CITATION.cff`, `citation.bib` | how to cite it |
| `SHA256SUMS` | the hash of every file |

The documents themselves are not in it: they belong to others.

Check it with either of these:

    sha256sum -c SHA256SUMS
    openbook audit verify-edition .

The hash of the records and pages, to be compared with a citation, is

    {edition.sha256}

and is made so:

    LC_ALL=C grep -E '^.{{64}}  (audit|site)/' SHA256SUMS | sha256sum

Made with openbook {edition.version}, {edition.date.isoformat()}.
"""


def _told(edition: Edition) -> str:
    counts = _counts(edition.audit)
    numbers = (
        f"{counts['releases']} releases, {counts['questions']} questions, {counts['settled']} of "
        f"{counts['cells']} cells settled, {counts['quotes']} quotes from {counts['documents']} "
        "documents."
    )
    about = one_line(edition.audit.description)
    return " ".join(filter(None, (about, numbers, graders(edition.audit))))


def _bib_name(one: Author) -> str:
    family = latex_escape(one.family)
    return f"{family}, {latex_escape(one.given)}" if one.given else f"{{{family}}}"


def _yaml(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)
