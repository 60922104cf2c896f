"""A document that is no PDF as harmless HTML, to be shown in a page of ours."""

from __future__ import annotations

from openbook.sources import markup, plaintext
from openbook.sources.errors import ExtractionError
from openbook.sources.extract import kind_of
from openbook.sources.pdf import Limits
from openbook.sources.shown import clean, verbatim


def sanitised(
    data: bytes,
    media_type: str = "",
    name: str = "the document",
    limits: Limits | None = None,
) -> str:
    """The document's pages, each a ``<section data-page="N">`` with the words of its text layer.

    In the sections are only elements of text structure, without attributes but ``href`` (http,
    https and mailto; with ``rel="noopener noreferrer nofollow"``), ``colspan``, ``rowspan`` and
    ``start``. Sections are ours alone, so their numbers can be relied on; they count as pages do in
    :class:`openbook.core.text.TextLayer`. What a reader does not see, as the text layer has it, is
    left out. Raises :class:`ExtractionError`, also for a PDF.
    """
    if not data:
        raise ExtractionError(f"{name} is empty (0 bytes); download or export it again")
    kind = kind_of(data, media_type, name)
    if kind == "pdf":
        raise ExtractionError(f"{name} is a PDF: show its pages as pictures")
    most = limits or Limits.from_environment()
    if kind == "text":
        shown = [(page.number, verbatim(page.text)) for page in plaintext.pages(data, name)]
    elif kind in ("latex", "docx"):
        read = markup.pages(kind, data, media_type, name, most)
        shown = [(page.number, verbatim(page.text)) for page in read]
    else:
        pages = markup.shown(kind, data, media_type, name, most)
        # Cleaned here, whatever was done there: the process that read it may have been taken over.
        shown = [(int(page.number), clean(page.text)) for page in pages]
    return "\n".join(
        f'<section data-page="{number}">\n{inside}\n</section>' for number, inside in shown
    )
