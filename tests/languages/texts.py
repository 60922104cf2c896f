"""Chinese and German prose that is real: the FAQ of Debian, from packages that tests never fetch.

The packages hold the FAQ as pages, as a text broken at 70 columns, and in German as a PDF by LaTeX.
The paragraphs are taken from the pages, so that the other forms are tested against them.
"""

from __future__ import annotations

import gzip
import html
import re
from functools import cache
from pathlib import Path

import pytest

from openbook.core.text import NO_SPACES

FAQ = Path("/usr/share/doc/debian/FAQ")
_PACKAGES = {"zh": "zh-cn", "de": "de"}
_SIGN = NO_SPACES.pattern


def needs_faq(language: str) -> None:
    """Skip the test where Debian's FAQ in this language is not installed."""
    package = f"debian-faq-{_PACKAGES[language]}"
    if not (FAQ / _PACKAGES[language]).is_dir():
        pytest.skip(f"no FAQ of Debian here: apt-get install {package}")


@cache
def faq(language: str, kind: str = "txt") -> bytes:
    """The FAQ in a language, as ``txt`` or as ``pdf``."""
    needs_faq(language)
    return gzip.decompress((FAQ / f"debian-faq.{_PACKAGES[language]}.{kind}.gz").read_bytes())


def text(language: str) -> str:
    """The FAQ as a text with broken lines."""
    return faq(language).decode("utf-8")


@cache
def paragraphs(language: str, least: int = 60) -> list[str]:
    """The paragraphs of the pages that have no links, whose addresses other forms write out, nor
    pictures; each on one line."""
    needs_faq(language)
    found: dict[str, None] = {}
    for page in sorted((FAQ / _PACKAGES[language]).glob("*.html")):
        for inner in re.findall(r"(?s)<p>(.*?)</p>", page.read_text("utf-8")):
            if not re.search("<(a|img|br)\\b", inner):
                found[_line(html.unescape(re.sub("<[^>]+>", "", inner)))] = None
    return [one for one in found if len(one) > least]


def _line(raw: str) -> str:
    joined = re.sub(rf"(?<={_SIGN})\s*\n\s*(?={_SIGN})", "", raw.strip())
    return " ".join(joined.split())


def chinese() -> str:
    """The FAQ in Chinese, its lines broken at 70 columns."""
    return text("zh")


def german() -> str:
    """The FAQ in German, its lines broken at 70 columns."""
    return text("de")


def pieces(line: str) -> list[str]:
    """A paragraph cut where a line may break: at spaces, and beside signs of such a script, but
    before no closing mark and behind no opening one; nor between a digit and such a mark, where
    equality takes a break for a space."""
    word = rf"(?:(?!{_SIGN}|[，。；、：！？“”（）\s]).)+"
    found: list[str] = []
    for piece in re.findall(rf"[“（]*(?:{_SIGN}|{word})[，。；、：！？”）]*|\s|.", line):
        if found and re.search(r"\d[“（]|[，。；、：！？”）]\d", found[-1][-1:] + piece[:1]):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def broken(line: str, width: int, mark: str = "\n") -> str:
    """A paragraph whose lines have about ``width`` signs and end in ``mark``, as in print."""
    lines = [""]
    for piece in pieces(line):
        if len(lines[-1]) + len(piece) > width and lines[-1]:
            lines.append("")
        if not piece.isspace() or lines[-1]:
            lines[-1] += piece
    return mark.join(one.rstrip() for one in lines)
