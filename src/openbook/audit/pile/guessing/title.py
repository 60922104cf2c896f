"""The title of a document: declared and standing on its first page, else its largest heading."""

from __future__ import annotations

import re

from openbook.core.passage import readable
from openbook.core.plan import NOTHING, Guess
from openbook.core.text import fold
from openbook.sources.about import About

LONGEST = 250
"""Characters: what is longer is a paragraph."""
_SECTIONS = frozenset(
    "abstract introduction contents overview summary readme changelog references background "
    "license licence home untitled document".split()
) | {"model information", "table of contents", "executive summary", "model card", "system card"}
"""Headings that are no title of a document."""
_OF_A_PROGRAM = re.compile(
    r"microsoft word|\.(?:docx?|tex|dvi|pdf|indd|pages|md|html?)\b|^\W*$|conference submission",
    re.I,
)
_SITE = re.compile(r"\s+(?:[|\\·»—–]|-)\s+[^|\\·»—–]{1,40}$")


def title_of(about: About, first_page: str) -> Guess:
    """What the document calls itself; nothing where only a section's heading or a program's name
    for the file could be found."""
    declared, heading = _line(about.title), _line(about.heading)
    if declared and _within(declared, first_page):
        return Guess(declared, "declared, and stands on page 1")
    if heading and (not declared or _within(heading, declared)):
        return Guess(heading, about.heading_is)
    if declared and about.is_markup:
        return Guess(_SITE.sub("", declared), "declared in the file's head")
    return Guess(heading, about.heading_is) if heading else NOTHING


def _line(text: str) -> str:
    """A title on one line; empty for what is none."""
    line = readable("".join(char if char.isprintable() else " " for char in text)).strip(" #*")
    is_title = sum(map(str.isalpha, line)) >= 3 and len(line) <= LONGEST
    if not is_title or line.casefold() in _SECTIONS or _OF_A_PROGRAM.search(line):
        return ""
    return line


def _within(title: str, text: str) -> bool:
    return fold(title.casefold()).solid in fold(text.casefold()).solid


def short_title(title: str) -> str:
    """What a title is called by: ``DeepSeek-V2`` of ``DeepSeek-V2: A Strong, …``."""
    head = title.partition(":")[0].strip()
    return head if 2 < len(head) <= 40 else " ".join(title.split()[:5])
