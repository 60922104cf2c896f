"""HTML: the text a reader sees, blocks on lines of their own. One page."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from openbook.core.text import Page
from openbook.sources.errors import ExtractionError
from openbook.sources.plaintext import bom_encoding

_UNSEEN = frozenset(
    "script style template noscript head title meta link svg math iframe object embed canvas "
    "audio video select datalist textarea button dialog".split()
) - {"math"}
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu "
    "nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
"""Elements that stand on lines of their own."""
_CELLS = frozenset(("td", "th"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_META = re.compile(rb"""<meta\s[^>]*?charset\s*=[\s"']*+([\w.:-]+)""", re.I)
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Browsers read these labels as a larger encoding; the first differ in the quotation marks."""
_NOT_OF_THE_WEB = frozenset(
    "idna punycode unicode-escape raw-unicode-escape undefined utf-7 mbcs oem palmos".split()
)
"""What Python calls an encoding and no browser reads."""
MAX_DEPTH = 1000
"""Elements in elements; browsers stop at 512, and a parser's time grows with the depth."""
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|title|textarea)\b.*?(?:</\1|\Z)"
    r"|<(/?)([a-z][\w:-]*+)[^<>]*?(/?)>",
    re.I | re.S,
)
_NEED_NO_END = frozenset(
    "area base br col embed hr img input link meta param source track wbr "
    "body caption colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead "
    "tr".split()
)


def pages(data: bytes, media_type: str, name: str) -> tuple[Page, ...]:
    """The visible text as one page. Raises :class:`ExtractionError`, as :func:`markup_of` does."""
    return (Page(1, visible_text(markup_of(data, media_type, name))),)


def markup_of(data: bytes, media_type: str, name: str) -> str:
    """The markup as text. Raises :class:`ExtractionError` for a wrong encoding, and for markup
    nested so deeply that nobody wrote it."""
    markup = decode(data, media_type, name)
    if _is_too_deep(markup):
        raise ExtractionError(
            f"{name} nests more than {MAX_DEPTH} elements in each other: it is damaged or hostile; "
            "save it as plain text and add that"
        )
    return markup


def _is_too_deep(markup: str) -> bool:
    """Whether too many elements with an end tag nest; elements never ended count."""
    depth = 0
    for match in _TAG.finditer(markup):
        ends, tag, is_empty = match[2], match[3], match[4]
        if tag and not is_empty and tag.lower() not in _NEED_NO_END:
            depth = max(0, depth - 1) if ends else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def decode(data: bytes, media_type: str, name: str) -> str:
    """The markup as text: by byte order mark, then the server's charset, then the page's own."""
    declared = re.search(r"charset\s*=[\s\"']*+([\w.:-]+)", media_type, re.I)
    meta = _META.search(data[:8192])
    by_page = meta[1].decode() if meta else ""
    if by_page.lower().startswith(("utf-16", "utf-32")):
        by_page = "utf-8"  # as in browsers: who can read the label is not reading UTF-16
    encoding = bom_encoding(data) or (declared[1] if declared else by_page)
    label = f"declares {encoding}" if encoding else "declares no encoding"
    codec = _codec(encoding or "utf-8")
    if codec is None:
        raise ExtractionError(f"{name} {label}, which is no known encoding; save it as UTF-8")
    if not codec.startswith("utf") and not data.isascii() and _is_utf8(data):
        raise ExtractionError(
            f"{name} {label} but is in UTF-8: read as declared it would show wrong characters; "
            "save it with the right declaration"
        )
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise ExtractionError(
            f"{name} {label} but is not {codec} at byte {error.start + 1}; save it as UTF-8"
        ) from error


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _codec(label: str) -> str | None:
    """Python's name for an encoding of the web."""
    try:
        codec = codecs.lookup(label).name
        b"a".decode(codec, "ignore")  # some codecs are not for text
    except (LookupError, UnicodeError):
        return None
    return None if codec in _NOT_OF_THE_WEB else _SUPERSETS.get(codec, codec)


def visible_text(markup: str) -> str:
    """What a reader sees of some HTML, white space collapsed as a browser does."""
    writer = _Writer()
    for step in steps(markup):
        if step.tag == TEXT:
            writer.text(step.node.text_content or "", step.keeps_space)
        else:
            writer.edge(step.tag, step.is_opening)
    return writer.result()


def about(data: bytes, name: str) -> dict[str, str]:
    """What a page's head declares, and its first heading. Raises :class:`ExtractionError`."""
    tree = LexborHTMLParser(markup_of(data, "", name))
    found = {"title": _words(tree.css_first("title")), "heading": _words(tree.css_first("h1"))}
    root = tree.css_first("html")
    found["language"] = (root.attributes.get("lang") or "") if root else ""
    for node in tree.css("meta"):
        said = node.attributes.get("property") or node.attributes.get("name") or ""
        if said.lower() in _PUBLISHED and "created" not in found:
            found["created"] = node.attributes.get("content") or ""
    return found


_PUBLISHED = frozenset(("article:published_time", "date", "dc.date", "citation_publication_date"))


def _words(node: LexborNode | None) -> str:
    return " ".join(node.text(deep=True).split()) if node is not None else ""


TEXT = "-text"
"""The tag of a run of text."""


class Step(NamedTuple):
    """The beginning or end of an element that a reader sees, or a run of text."""

    node: LexborNode
    tag: str
    is_opening: bool
    keeps_space: bool


def steps(markup: str) -> Iterator[Step]:
    """A walk over all that a reader sees of some HTML, the body first and last."""
    root = LexborHTMLParser(markup).body
    if root is None:
        return
    # An explicit stack: hostile markup nests deeper than Python's recursion goes.
    stack: list[tuple[LexborNode, bool, bool]] = [(root, True, False)]
    while stack:
        node, is_opening, keeps_space = stack.pop()
        tag = node.tag or ""
        if tag != TEXT and is_opening and not _is_seen(node):
            continue
        yield Step(node, tag, is_opening, keeps_space)
        if tag == TEXT or not is_opening:
            continue
        stack.append((node, False, keeps_space))
        inside = keeps_space or tag == "pre"
        children = list(node.iter(include_text=True))
        stack.extend((child, True, inside) for child in reversed(children))


def _is_seen(node: LexborNode) -> bool:
    if node.tag in _UNSEEN or (node.tag or "").startswith(("!", "-")):
        return False
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return False
    return not _HIDDEN_STYLE.search(attributes.get("style") or "")


class _Writer:
    """Joins text runs as a browser lays them out."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def text(self, text: str, keeps_space: bool) -> None:
        if keeps_space:
            self.parts.append(text)
            return
        collapsed = re.sub(r"[ \t\n\r\f]+", " ", text)
        if collapsed.startswith(" ") and self._at_space():
            collapsed = collapsed[1:]
        if collapsed:
            self.parts.append(collapsed)

    def edge(self, tag: str, is_opening: bool) -> None:
        if tag == "br" and is_opening:
            self.parts.append("\n")
        elif tag in _CELLS and not is_opening:
            self.parts.append("\t")
        elif tag in BLOCKS:
            self._break()

    def _at_space(self) -> bool:
        return not self.parts or self.parts[-1][-1:] in " \n\t"

    def _break(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def result(self) -> str:
        text = without_trailing_space("".join(self.parts))
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n ")


def without_trailing_space(text: str) -> str:
    """``text`` without spaces and tabs before its line breaks."""
    *lines, last = text.split("\n")
    return "\n".join((*(line.rstrip(" \t") for line in lines), last))
