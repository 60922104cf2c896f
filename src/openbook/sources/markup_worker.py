"""The process that reads HTML and Markdown of some size: there is markup that takes hours.

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
from openbook.sources import html, markdown
from openbook.sources.confine import confine
from openbook.sources.errors import ExtractionError


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
        elif request["kind"] == "html":
            pages = html.pages(data, request["media_type"], name)
        else:
            pages = markdown.pages(data, name)
        answer: dict[str, object] = {"pages": [(page.number, page.text) for page in pages]}
    except ExtractionError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
