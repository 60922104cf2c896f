"""Markdown: the words without the marks, page by page where a transcription marks pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from openbook.core.text import Page
from openbook.sources.errors import ExtractionError
from openbook.sources.html import visible_text, without_trailing_space
from openbook.sources.plaintext import decode

# Begins with a key: a text may begin with a line across the page, and have another below.
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?=[\w\"'#-]+[^\n:]*:).*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S
)
_PAGE_MARK = re.compile(r"^[ \t]*<!--\s*page\s+(\d{1,6})\s*-->[ \t]*$", re.I | re.M)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_PART_OF_TABLE = re.compile(r"\s*</?(?:caption|colgroup|t(?:body|d|foot|h|head|r))\b", re.I)
MAX_NESTING = 100
"""Blocks in blocks; markdown-it leaves out what lies deeper, which we refuse."""
MAX_OPEN_BRACKETS = 2000
"""Brackets never closed in one block: for each, a parser looks through all the rest."""
_BREAK = re.compile(r"<br\s*/?>", re.I)
_AFTER = {
    "paragraph_close": "\n\n",
    "heading_close": "\n\n",
    "th_close": "\t",
    "td_close": "\t",
    "tr_close": "\n",
    "table_close": "\n",
    "hr": "\n",
    "list_item_close": "\n",
    "blockquote_close": "\n",
}


def pages(data: bytes, name: str) -> tuple[Page, ...]:
    """The pages of a Markdown document as text. Raises :class:`ExtractionError`."""
    return each_page(data, name, plain)


def each_page(data: bytes, name: str, made: Callable[[str], str]) -> tuple[Page, ...]:
    """The pages of a Markdown document, with what is ``made`` of each one's Markdown.

    ``<!-- page N -->`` on a line of its own begins page N; without such marks form feeds divide
    pages. Front matter is not part of the text. Raises :class:`ExtractionError`.
    """
    text = _FRONT_MATTER.sub("", decode(data, name), count=1)
    try:
        return tuple(Page(number, made(part)) for number, part in _parts(text))
    except _TooDeepError as error:
        raise ExtractionError(
            f"{name} {error}: it is damaged or hostile; save it as plain text and add that"
        ) from error


_FIELD = re.compile(
    r"^(title|date|published|lang|language|source_url|url|source):[ \t]*(.+)$", re.M
)
_HEADING = re.compile(r"^#{1,2}[ \t]+(.+?)[ \t#]*$|^(\S.{0,200})\n=+[ \t]*$", re.M)
_TOP = 64 * 1024
"""Characters in which the first heading is looked for."""


def about(data: bytes, name: str) -> dict[str, str]:
    """What front matter declares, and the first heading. Raises :class:`ExtractionError`."""
    text = decode(data, name)
    matter = _FRONT_MATTER.match(text)
    said = dict(_FIELD.findall(matter[0])) if matter else {}
    said = {key: value.strip().strip("\"'").replace("\\\\", "\\") for key, value in said.items()}
    heading = _HEADING.search(text[matter.end() if matter else 0 :][:_TOP])
    return {
        "title": said.get("title", ""),
        "heading": plain((heading[1] or heading[2])[:1000]) if heading else "",
        "created": said.get("date") or said.get("published") or "",
        "language": said.get("lang") or said.get("language") or "",
        "url": said.get("source_url") or said.get("url") or said.get("source") or "",
    }


class _TooDeepError(Exception):
    """Markdown that nobody wrote."""


def _parts(text: str) -> Iterator[tuple[int, str]]:
    marks = list(_PAGE_MARK.finditer(text))
    if not marks:
        yield from enumerate(text.split("\f"), 1)
        return
    before = text[: marks[0].start()]
    if before.strip():
        yield max(0, int(marks[0][1]) - 1), before
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        yield int(mark[1]), text[mark.end() : end]


def plain(text: str) -> str:
    """The words of some Markdown: marks dropped, blocks apart, table cells divided by tabs."""
    joined = without_trailing_space("".join(_blocks(tokens(text))))
    return re.sub(r"\n{3,}", "\n\n", joined).strip("\n")


def tokens(text: str) -> list[Token]:
    """Some Markdown, parsed. Refused where it is nested or tangled as
    nobody writes: :func:`each_page` tells of that."""
    if any(
        part.count("[") - part.count("]") > MAX_OPEN_BRACKETS for part in _BLANK_LINE.split(text)
    ):
        raise _TooDeepError(f"has more than {MAX_OPEN_BRACKETS} brackets that are never closed")
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    parsed = parser.parse(text)
    if any(token.level >= MAX_NESTING - 1 for token in parsed):
        raise _TooDeepError(f"nests more than {MAX_NESTING} blocks in each other")
    return parsed


def _blocks(parsed: Sequence[Token]) -> Iterator[str]:
    for token in parsed:
        if token.type == "inline":
            yield "".join(_inline(token.children or ()))
        elif token.type in ("fence", "code_block"):
            yield token.content + "\n"
        elif token.type == "html_block":
            yield visible_text(block_of_html(token.content)) + "\n"
        else:
            yield _AFTER.get(token.type, "")


def block_of_html(markup: str) -> str:
    """A block of HTML, which may be the rest of a table after an empty line, as a whole."""
    return f"<table>{markup}" if _PART_OF_TABLE.match(markup) else markup


def is_break(markup: str) -> bool:
    """Whether some HTML within a line breaks it; other HTML there is left out."""
    return bool(_BREAK.fullmatch(markup))


def _inline(parsed: Sequence[Token]) -> Iterator[str]:
    for token in parsed:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "image":
            yield "".join(_inline(token.children or ()))
        elif token.type == "html_inline" and is_break(token.content):
            yield "\n"
