"""DOCX: the words of a Word document, paragraph by paragraph. One page, as pages are made on paper.

A DOCX is a ZIP of XML. Nothing is unpacked to disk, no name in it is followed but that of the main
text and its notes, no entity is expanded (a document type alone is refused), and what is read is
limited before it is read. Text that was deleted under tracked changes, or is hidden, is not there
for a reader and not here either; nor are comments, headers and footers.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from openbook.core.text import Page
from openbook.sources.errors import ExtractionError

MOST = 64 << 20
"""Bytes of one part, unpacked; the longest novels take a tenth of it."""
MAX_DEPTH = 256
"""Elements in elements."""
MAX_PARTS = 10_000
"""Files in the ZIP."""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MAIN = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_SKIPPED = frozenset("del moveFrom Fallback instrText delText rPr pPr sectPr tblPr".split())
"""Elements with nothing in them that a reader sees. A fallback says its choice once more."""
_IN_RUN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


def pages(data: bytes, name: str) -> tuple[Page, ...]:
    """The text as one page. Raises :class:`ExtractionError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if len(file.infolist()) > MAX_PARTS:
                raise _refused(name, f"holds more than {MAX_PARTS} parts")
            parts = [_part(file, one, name) for one in (_MAIN, *_NOTES)]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise _refused(name, "cannot be unpacked") from error
    except RuntimeError as error:  # how zipfile says that a password is wanted
        raise _refused(name, "is protected by a password") from error
    if parts[0] is None:
        raise _refused(name, "holds no text of a Word document")
    texts = (_text(part, name) for part in parts if part is not None)
    whole = "\n\n".join(text for text in texts if text)
    return (Page(1, re.sub(r"\n{3,}", "\n\n", whole).strip("\n")),)


def is_docx(data: bytes) -> bool:
    """Whether bytes look like a ZIP with the main text of a Word document; nothing is unpacked."""
    return data.startswith(b"PK\3\4") and _MAIN.encode() in data


def _part(file: zipfile.ZipFile, part: str, name: str) -> bytes | None:
    """A part's bytes, None where there is none. The size that the ZIP tells is not believed."""
    if part not in file.NameToInfo:
        return None
    with file.open(part) as opened:
        data = opened.read(MOST + 1)
    if len(data) > MOST:
        raise _refused(name, f"unpacks to more than {MOST >> 20} MB")
    return data


def _text(part: bytes, name: str) -> str:
    reader = _Reader(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise _refused(name, "holds XML that is damaged") from error
    return "".join(reader.parts)


@dataclass
class _Run:
    """A stretch of words that look alike."""

    words: list[str] = field(default_factory=list)
    is_hidden: bool = False


class _Reader:
    """Gathers the words of one part as the parser comes by."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[str] = []
        self.open: list[str] = []
        self.skipped = 0
        """How many of the open elements are within one that is not seen, that one included."""
        self.runs: list[_Run] = []
        """The runs that are open: a drawing in a run may hold paragraphs with runs of their own."""

    def doctype(self, *_: Any) -> None:
        raise _refused(self.name, "holds a document type, which no Word document has")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        self.open.append(local)
        if len(self.open) > MAX_DEPTH:
            raise _refused(self.name, f"nests more than {MAX_DEPTH} elements in each other")
        if local == "vanish" and space in (_WORD, _STRICT) and self.runs:
            self.runs[-1].is_hidden = attributes.get(f"{space} val") not in ("0", "false", "off")
        if self.skipped or local in _SKIPPED:
            self.skipped += 1
        elif local == "r":
            self.runs.append(_Run())
        elif local in _IN_RUN and self.runs:
            self.runs[-1].words.append(_IN_RUN[local])

    def words(self, text: str) -> None:
        if not self.skipped and self.runs and self.open[-1] == "t":
            self.runs[-1].words.append(text)

    def end(self, _tag: str) -> None:
        local = self.open.pop()
        if self.skipped:
            self.skipped -= 1
        elif local == "r":
            run = self.runs.pop()
            if not run.is_hidden:
                self.parts += run.words
        elif local == "p":
            # A paragraph of a table ends within its cell, others stand apart.
            self.parts.append(" " if "tc" in self.open else "\n\n")
        elif local == "tc":
            self._trimmed("\t")
        elif local == "tr":
            self._trimmed("\n")
        elif local == "tbl":
            self.parts.append("\n")

    def _trimmed(self, then: str) -> None:
        """End what was begun with ``then`` instead of the space before it."""
        while self.parts and self.parts[-1] in (" ", "\t"):
            if then == "\t" and self.parts[-1] == "\t":
                break
            self.parts.pop()
        self.parts.append(then)


def _refused(name: str, why: str) -> ExtractionError:
    return ExtractionError(
        f"{name} {why}: it is damaged or hostile, or no DOCX; save it as PDF or plain text and "
        "give that"
    )
