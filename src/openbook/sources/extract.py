"""Any supported document as a text layer, whatever it says it is."""

from __future__ import annotations

import re

from openbook.core.text import Page, TextLayer
from openbook.sources import markup, plaintext
from openbook.sources.docx import is_docx
from openbook.sources.errors import ExtractionError, NoTextError, ScanError
from openbook.sources.extractors import EXTRACTORS, kind_said
from openbook.sources.pdf import Limits, OnPage, PdfParser
from openbook.sources.plaintext import bom_encoding
from openbook.sources.scan_engine import scan_said

_SUFFIXES = {
    "pdf": "pdf",
    "html": "html",
    "htm": "html",
    "md": "markdown",
    "markdown": "markdown",
    "txt": "text",
    "tex": "latex",
    "docx": "docx",
}
_HTML_START = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]*>|<!--(?:[^-]|-(?!->))*-->)*+"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.I,
)


def kind_of(data: bytes, media_type: str, name: str) -> str:
    """``pdf``, ``html``, ``markdown``, ``latex``, ``docx`` or ``text``: by the bytes first, then by
    what is said.

    Raises :class:`ExtractionError` for bytes that are none of these.
    """
    said = kind_said(media_type)
    suffix = _SUFFIXES.get(name.rpartition(".")[2].lower())
    # Readers of PDF take one that begins late; a text may speak of such a beginning.
    if data[:1024].lstrip().startswith(b"%PDF-") or (
        b"%PDF-" in data[:1024] and (said or suffix) in (None, "pdf")
    ):
        return "pdf"
    if said in (None, "text", "html") and _HTML_START.match(data[:4096]):
        return "html"
    if is_docx(data):
        return "docx"
    if said == "text" and suffix == "latex":
        return suffix  # servers call LaTeX plain text
    kind = said or suffix
    if kind == "pdf":
        raise ExtractionError(f"{name} is no PDF: it does not begin as one; download it again")
    if kind == "docx":
        raise ExtractionError(f"{name} is no DOCX: it holds no Word document; save it as PDF")
    if kind is None and (bom_encoding(data) or b"\0" not in data[:4096]):
        kind = "text"
    if kind is None:
        raise ExtractionError(
            f"{name} is no PDF, HTML, Markdown, LaTeX, DOCX or plain text; save it as one of these"
        )
    return kind


def extract(
    data: bytes,
    media_type: str = "",
    name: str = "the document",
    limits: Limits | None = None,
    *,
    parser: PdfParser | None = None,
    on_page: OnPage | None = None,
    scans: bool = False,
) -> TextLayer:
    """The text layer of a document's bytes.

    PDFs are parsed in a process of their own: in ``parser`` where many are to be parsed, else in a
    fresh one. With ``scans`` a PDF of pictures alone gives a layer of empty pages. Raises
    :class:`ExtractionError`; :class:`NoTextError` where there is no text, and for a PDF
    :class:`ScanError`.
    """
    if not data:
        raise ExtractionError(f"{name} is empty (0 bytes); download or export it again")
    kind = kind_of(data, media_type, name)
    if kind == "pdf":
        pages = _pdf_pages(data, name, limits, parser, on_page)
    elif kind in markup.KINDS:
        most = limits or Limits.from_environment()
        pages = markup.pages(kind, data, media_type, name, most)
    else:
        pages = plaintext.pages(data, name)
    layer = TextLayer(pages, EXTRACTORS[kind])
    if layer.has_text or (scans and kind == "pdf" and pages):
        return layer
    if kind == "pdf":
        raise ScanError(f"{name}: {scan_said(layer)}")
    raise NoTextError(f"{name} has no text: it is empty, or all of it is pictures")


def _pdf_pages(
    data: bytes,
    name: str,
    limits: Limits | None,
    parser: PdfParser | None,
    on_page: OnPage | None,
) -> tuple[Page, ...]:
    if parser is not None:
        return parser.pages(data, name, on_page)
    with PdfParser(limits or Limits.from_environment()) as fresh:
        return fresh.pages(data, name, on_page)
