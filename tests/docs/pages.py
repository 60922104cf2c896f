"""The documentation as a program sees it: its pages, fenced blocks, tables, headings and links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / ".github/PULL_REQUEST_TEMPLATE.md"]
)

_BLOCK = re.compile(
    r"(?:^<!-- (?P<directive>[^>]*) -->\n)?^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.M | re.S
)


def name(page: Path) -> str:
    """The page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


@cache
def text_of(page: Path) -> str:
    """A page's text."""
    return page.read_text(encoding="utf-8")


class Block(NamedTuple):
    """A fenced block, with the comment on the line before it."""

    page: Path
    heading: str
    directive: str
    """``run``, ``run: status 1``, ``append: FILE`` or ``write: FILE``; empty for a
    block that is only shown."""
    language: str
    body: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = text_of(page)
    for match in _BLOCK.finditer(text):
        above = re.findall(r"^#+ (.+)$", _prose(text[: match.start()]), re.M)
        yield Block(
            page,
            above[-1] if above else "",
            match["directive"] or "",
            match["language"],
            match["body"],
        )


def commands(body: str) -> list[list[str]]:
    """The commands of a shell block, as words; comments and prompts dropped, long lines joined."""
    joined = re.sub(r"\\\n\s*", "", body)
    lines = (re.sub(r"^\$ ", "", line.strip()) for line in joined.splitlines())
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def inline_commands(page: Path) -> list[list[str]]:
    """The commands named within sentences, such as ```openbook audit check DIR```."""
    found = re.findall(r"`(openbook [^`\n]+)`", _prose(text_of(page)))
    return [one.split() for one in found]


def _prose(text: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def table_after(page: Path, mark: str) -> list[list[str]]:
    """The rows of the table that follows ``<!-- table: MARK -->``, without its head."""
    _, _, rest = text_of(page).partition(f"<!-- table: {mark} -->\n")
    lines = rest.split("\n\n", 1)[0].splitlines()
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def links(page: Path) -> list[str]:
    """The targets of links and images that stay within the repository."""
    prose = _prose(text_of(page))
    found = re.findall(r"\]\(([^()\s]+)\)", prose) + re.findall(r'(?:src|href)="([^"]+)"', prose)
    return [one for one in found if not re.match(r"[a-z]+:", one)]


def anchors(page: Path) -> set[str]:
    """The fragments that headings of a page give, as repository hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _prose(text_of(page)), re.M)
    plain = (re.sub(r"[`*]|&\w+;", "", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", one).replace(" ", "-") for one in plain}


def sections(page: Path, level: int) -> dict[str, str]:
    """The text under each heading of a level, by heading."""
    parts = re.split(rf"^{'#' * level} (.+)$", text_of(page), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
