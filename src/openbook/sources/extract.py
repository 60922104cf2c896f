"""Any supported document as a text layer, whatever it says it is."""

from __future__ import annotations

import re

from openbook.core.text import Page, TextLayer
from openbook.sources import markup, plaintext
from openbook.sources.docx import is_docx
from openbook.sources.errors import ExtractionError, NoTextError
from openbook.sources.extractors import EXTRACTORS, kind_said
from openbook.sources.pdf import Limits, OnPage, PdfParser
from openbook.sources.plaintext import bom_encoding

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
) -> TextLayer:
    """The text layer of a document's bytes.

    PDFs are parsed in a process of their own: in ``parser`` where many are to be parsed, else in a
    fresh one. Raises :class:`ExtractionError`; :class:`NoTextError` where there is no text.
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
    if not any(char.isalnum() for page in pages for char in page.text):
        count = f"{len(pages)} page{'s' if len(pages) != 1 else ''}"
        raise NoTextError(
            f"{name} has {count} but no text: it is probably a scan or a picture; "
            "recognise its text (OCR) and add that as a transcription"
        )
    return TextLayer(pages, EXTRACTORS[kind])


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
