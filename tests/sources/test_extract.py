"""What a document is: by its bytes, then by what is said of it, then by its name."""

from __future__ import annotations

import time

import pytest

from openbook.sources.errors import ExtractionError, NoTextError, SourceError
from openbook.sources.extract import extract, kind_of
from openbook.sources.extractors import extractor_for
from tests.sources.pdfs import pdf

PDF, HTML, WORDS = b"%PDF-1.7\n", b"<!doctype html><p>x", b"# words"


@pytest.mark.parametrize(
    ("data", "media_type", "name", "kind"),
    [
        (PDF, "text/html", "x.md", "pdf"),
        (b"\n\n" + PDF, "text/plain", "x.txt", "pdf"),
        (b"garbage before " + PDF, "application/pdf", "x", "pdf"),
        (b"garbage before " + PDF, "", "x", "pdf"),
        (b"A PDF begins with %PDF-1.7", "text/plain", "x", "text"),
        (b"A PDF begins with %PDF-1.7", "", "x.md", "markdown"),
        (HTML, "text/plain", "x.txt", "html"),
        (HTML, "", "x.md", "html"),
        (HTML, "text/markdown", "x", "markdown"),
        (b"\xef\xbb\xbf" + HTML, "", "", "html"),
        (b'<?xml version="1.0"?>\n<!-- a -- b -->\n<!--c--> <HTML lang=en>', "", "x", "html"),
        (WORDS, "text/html; charset=utf-8", "x.md", "html"),
        (WORDS, "Text/Markdown", "x.txt", "markdown"),
        (WORDS, "text/plain", "x.md", "text"),
        (WORDS, "application/octet-stream", "x.MD", "markdown"),
        (WORDS, "", "x.markdown", "markdown"),
        (WORDS, "", "x.htm", "html"),
        (WORDS, "", "x.unknown", "text"),
        (WORDS, "", "", "text"),
        ("words".encode("utf-16"), "", "x", "text"),
    ],
)
def test_content_beats_media_type_beats_suffix(
    data: bytes, media_type: str, name: str, kind: str
) -> None:
    assert kind_of(data, media_type, name) == kind


@pytest.mark.parametrize(
    ("data", "media_type", "name", "message"),
    [
        (HTML, "application/pdf", "x", "x is no PDF: it does not begin as one; download it again"),
        (b"\0\1", "", "x.pdf", "x.pdf is no PDF: it does not begin as one; download it again"),
        (
            b"PK\3\4\0\0",
            "application/zip",
            "x.docx",
            "x.docx is no DOCX: it holds no Word document; save it as PDF",
        ),
        (
            b"PK\3\4\0\0",
            "application/zip",
            "x.odt",
            "x.odt is no PDF, HTML, Markdown, LaTeX, DOCX or plain text; save it as one of these",
        ),
    ],
)
def test_what_is_none_of_these_is_told(
    data: bytes, media_type: str, name: str, message: str
) -> None:
    with pytest.raises(ExtractionError) as caught:
        kind_of(data, media_type, name)
    assert str(caught.value) == message


def test_telling_the_kind_takes_no_time() -> None:
    began = time.process_time()
    for start in (b"<!---->" * 600 + b"x", b"<!-- - -" * 600, b" " * 5000, b"<?xml " * 900):
        kind_of(start, "", "x")
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("data", "media_type", "extractor"),
    [
        (pdf(), "application/pdf", "pypdfium2 "),
        (b"<p>x", "text/html", "selectolax "),
        (WORDS, "text/markdown", "markdown-it-py "),
        (WORDS, "text/plain", "openbook-text-1"),
    ],
)
def test_a_layer_says_who_extracted_it(data: bytes, media_type: str, extractor: str) -> None:
    layer = extract(data, media_type)
    assert layer.extractor.startswith(extractor)
    assert layer.extractor == extractor_for(f"{media_type.upper()}; charset=utf-8")
    assert layer == extract(data, media_type)


def test_only_the_bytes_can_tell_without_a_media_type() -> None:
    assert extractor_for("") is extractor_for("application/octet-stream") is None


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b" \n\f ", "text/plain"),
        (b"<p hidden>x", "text/html"),
        (b"![](x.png)\n\n---", "text/markdown"),
    ],
)
def test_a_document_without_a_letter_has_no_text(data: bytes, media_type: str) -> None:
    with pytest.raises(NoTextError, match="x has no text: it is empty, or all of it is pictures"):
        extract(data, media_type, "x")


def test_every_fault_of_a_source_is_a_source_error() -> None:
    with pytest.raises(SourceError):
        extract(b"", "", "x")
