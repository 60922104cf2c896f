"""Which extractor reads which kind of document, by name and version.

The names go into text layers, anchors and remembered results, so a new version of an extractor
never meets results of an old one. None of the libraries is imported to tell its version.
"""

from __future__ import annotations

from importlib.metadata import version

KINDS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
    "application/x-tex": "latex",
    "application/x-latex": "latex",
    "text/x-tex": "latex",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
"""Media type to kind."""

EXTRACTORS = {
    "pdf": f"pypdfium2 {version('pypdfium2')} / openbook-pdf-1",
    "html": f"selectolax {version('selectolax')} / openbook-html-1",
    "markdown": f"markdown-it-py {version('markdown-it-py')} / openbook-markdown-1",
    "text": "openbook-text-1",
    "latex": f"pylatexenc {version('pylatexenc')} / openbook-latex-1",
    "docx": "openbook-docx-1",
}
"""Kind to the library that reads it, its version, and the version of what we make of it."""


def kind_said(media_type: str) -> str | None:
    """The kind that a media type names, if it names one."""
    return KINDS.get(media_type.partition(";")[0].strip().lower())


def extractor_for(media_type: str) -> str | None:
    """The extractor for a media type; None when only the bytes can tell."""
    kind = kind_said(media_type)
    return EXTRACTORS[kind] if kind else None
