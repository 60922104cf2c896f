"""The documents of an audit as a BibTeX file, with the documents' keys as citation keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote as percent

from openbook.core.initiative import Document
from openbook.core.records import Audit
from openbook.report.latex import latex_escape
from openbook.report.wording import one_line

_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})")
_ISSUED = {
    "report": "Report",
    "model-card": "Model card",
    "system-card": "System card",
}
"""Kinds of documents that an organisation issues by itself."""


def bibtex(audit: Audit) -> str:
    """One entry a document, in the order of their keys."""
    return "\n".join(_entry(audit.documents[key]) for key in sorted(audit.documents))


def _entry(document: Document) -> str:
    kind, fields = _kind(document), dict(_fields(document))
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{document.key},\n{''.join(lines)}}}\n"


def _kind(document: Document) -> str:
    if _arxiv(document):
        return "article"
    # A technical report must name its institution, which only a sole author can be taken for.
    if document.kind in _ISSUED and len(document.authors) == 1:
        return "techreport"
    return "misc"


def _fields(document: Document) -> Iterator[tuple[str, str]]:
    kind = _kind(document)
    # Double braces keep the title's capitals.
    yield "title", f"{{{latex_escape(document.title)}}}"
    yield "author", " and ".join(_author(name, document) for name in document.authors)
    if kind == "techreport":
        yield "institution", latex_escape(document.authors[0])
        yield "type", _ISSUED[document.kind]
    if number := _arxiv(document):
        yield "journal", f"arXiv preprint arXiv:{number}"
        yield "eprint", number
        yield "archiveprefix", "arXiv"
    yield "year", str(document.year) if document.year is not None else ""
    yield "url", bib_url(document.url)
    yield "language", latex_escape(document.language)
    yield "note", latex_escape(document.note)


def _arxiv(document: Document) -> str:
    addresses = (document.url, *(copy.url for copy in document.copies))
    found = next(filter(None, map(_ARXIV.search, addresses)), None)
    return found[1] if found else ""


def _author(name: str, document: Document) -> str:
    """A name; in braces, which BibTeX takes as they stand, where it is an organisation's."""
    escaped = latex_escape(name)
    organisation = (
        " " not in name.strip()
        or "," in name
        or re.search(r"\b(team|and|others)\b", name, re.IGNORECASE)
        or (document.kind != "paper" and len(document.authors) == 1)
    )
    return f"{{{escaped}}}" if organisation else escaped


def bib_url(address: str) -> str:
    """An address without signs that BibTeX or LaTeX would take for its own."""
    return percent(one_line(address), safe=":/?#@!$&'()*+,;=%~-._[]")
