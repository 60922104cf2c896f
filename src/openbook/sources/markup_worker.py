"""The process that reads HTML and Markdown of some size, LaTeX and DOCX: there is markup that takes
hours.

Standard input holds one line of JSON ``{"what", "kind", "media_type", "name"}``, then the
document's bytes; standard output gets JSON, ``{"pages": [[number, text], ...]}`` or ``{"error"}``.
``what`` is ``text``, ``shown`` for HTML to be shown, or ``about`` for what the head of HTML
declares, as JSON in place of one page's text. The only argument is how much memory (bytes
of address space) the process may take.
"""

from __future__ import annotations

import json
import sys

from openbook.core.text import Page
from openbook.sources import docx, html, markdown
from openbook.sources.confine import confine
from openbook.sources.errors import ExtractionError


def _text(kind: str, data: bytes, media_type: str, name: str) -> tuple[Page, ...]:
    if kind == "html":
        return html.pages(data, media_type, name)
    if kind == "markdown":
        return markdown.pages(data, name)
    if kind == "docx":
        return docx.pages(data, name)
    from openbook.sources import latex  # slow to import

    return latex.pages(data, name)


def main() -> None:
    """Answer the one request."""
    confine(int(sys.argv[1]))
    request = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    name = request["name"]
    try:
        if request["what"] == "shown":
            from openbook.sources import shown  # slow to import

            pages = (
                shown.html_pages(data, request["media_type"], name)
                if request["kind"] == "html"
                else shown.markdown_pages(data, name)
            )
        elif request["what"] == "about":
            pages = (Page(1, json.dumps(html.about(data, name))),)
        else:
            pages = _text(request["kind"], data, request["media_type"], name)
        answer: dict[str, object] = {"pages": [(page.number, page.text) for page in pages]}
    except ExtractionError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
