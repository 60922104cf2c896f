"""What a document's file says of it besides its text: declared title and date, largest heading.

None of it is to be believed: programs put template titles and the day of an export there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from openbook.core.text import TextLayer
from openbook.sources import markup
from openbook.sources.errors import ExtractionError
from openbook.sources.lines import Box, Line, lines
from openbook.sources.pdf import Limits, PdfParser

LONGEST = 400
"""Characters of each field that are kept."""
_SIDEWAYS = re.compile(r"arXiv:\d{4}\.\d")


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of its document."""

    kind: str
    """``pdf``, ``html``, ``markdown`` or ``text``."""
    title: str = ""
    """As the file's head declares it."""
    heading: str = ""
    """The largest or first heading of the first page."""
    created: str = ""
    """ISO date of publication, or for a PDF of the file's making, as declared."""
    language: str = ""
    """As declared."""
    url: str = ""
    """The address that a clipping says it is of."""

    @property
    def is_html(self) -> bool:
        """Whether it is a page of the web."""
        return self.kind == "html"

    @property
    def is_markup(self) -> bool:
        """Whether people wrote its head."""
        return self.kind in ("html", "markdown")

    @property
    def heading_is(self) -> str:
        """What its heading is, for a person."""
        found = {"pdf": "the largest words of page 1", "text": "its first line"}
        return found.get(self.kind, "its first heading")


def about(data: bytes, kind: str, name: str, layer: TextLayer, parser: PdfParser) -> About:
    """What a document's file says of it; of a file that says nothing readable, nothing."""
    found = About(kind)
    try:
        if kind == "pdf":
            found = _of_pdf(data, name, layer, parser)
        elif kind in ("html", "markdown"):
            said = markup.about(kind, data, name, Limits.from_environment())
            found = replace(found, **said)
        else:
            found = replace(found, heading=_first_line(layer))
    except ExtractionError:  # its text is there all the same
        return found
    return _shortened(found)


def _shortened(found: About) -> About:
    return About(
        found.kind,
        found.title[:LONGEST],
        found.heading[:LONGEST],
        _date(found.created),
        found.language[:20],
        found.url[:2000] if re.match(r"https?://", found.url) else "",
    )


def _date(text: str) -> str:
    """The ISO date that a declared date begins with: ``D:20240621002500Z``, ``2024-06-21T…``."""
    found = re.match(r"(?:D:)?((?:19|20)\d\d)-?(0[1-9]|1[0-2])(?:-?([0-2]\d|3[01]))?", text.strip())
    return "-".join(filter(None, found.groups())) if found else ""


def _of_pdf(data: bytes, name: str, layer: TextLayer, parser: PdfParser) -> About:
    said = parser.about(data, name)
    text = layer.pages[0].text if layer.pages else ""
    boxes = parser.boxes(data, name, 1)
    heading = largest(text, boxes) if len(boxes) == len(text) else ""
    return About("pdf", said["title"], heading, said["created"], said["language"])


def largest(text: str, boxes: tuple[Box, ...]) -> str:
    """The largest lines of a page that follow each other, as one; a stamp on the margin is none."""
    sized = [(one, _size(text, boxes, one)) for one in lines(text, boxes)]
    sized = [
        (one, size)
        for one, size in sized
        if sum(map(str.isalpha, text[one.start : one.end])) >= 3
        and not _SIDEWAYS.search(text[one.start : one.end])
    ]
    most = max((size for _, size in sized), default=0.0)
    at = next((at for at, (_, size) in enumerate(sized) if size >= 0.9 * most), 0)
    found = takewhile(lambda pair: pair[1] >= 0.85 * most, sized[at:])
    return "\n".join(text[one.start : one.end] for one, _ in found)


def _size(text: str, boxes: tuple[Box, ...], line: Line) -> float:
    """How high the letters of a line are: a capital or an ascender is among every four or so."""
    heights = sorted(
        boxes[at][3] - boxes[at][1] for at in range(line.start, line.end) if text[at].isalpha()
    )
    return heights[len(heights) * 4 // 5] if heights else 0.0


def _first_line(layer: TextLayer) -> str:
    text = layer.pages[0].text.strip() if layer.pages else ""
    line = text.partition("\n")[0].strip()
    return line if len(line) <= 120 and not line.endswith((".", ",", ";")) else ""
