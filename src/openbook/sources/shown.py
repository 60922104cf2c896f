"""HTML and Markdown as plain HTML with just the words that the text layer holds, for showing.

The elements are built anew from what a reader sees: tags of a short list, no attributes but the
address of a link and the shape of a table, every text escaped. That the words are those of the
text layer is not only meant: where they are not, as with markup that two parsers read in two ways,
the text layer itself is shown.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from selectolax.lexbor import LexborNode

from openbook.core.text import Page
from openbook.sources import html, markdown

_KEPT = frozenset(
    "a abbr b blockquote br caption cite code dd del dfn div dl dt em figcaption h1 h2 h3 h4 h5 h6 "
    "hr i ins kbd li ol p pre s samp small strong sub sup table tbody td tfoot th thead tr u ul "
    "var".split()
)
"""Elements that are shown as what they are: neither ``mark``, which is ours for quotes, nor ``q``,
for which a browser writes quotation marks that are not in the text."""
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_REL = "noopener noreferrer nofollow"
_VALUES = {
    "rel": re.compile(_REL),
    "href": re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.I),
    "start": re.compile("[0-9]{1,6}"),
    "colspan": re.compile("[1-9][0-9]?"),
    "rowspan": re.compile("[1-9][0-9]{0,2}"),
}
_VOID = frozenset(("br", "hr"))
_TURNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of text: what they show is not what is quoted."""


def html_page(markup: str) -> str:
    """What a reader sees of some HTML."""
    return _certain(_rebuilt(markup), html.visible_text(markup))


def html_pages(data: bytes, media_type: str, name: str) -> tuple[Page, ...]:
    """An HTML document as one page of harmless HTML. Raises :class:`ExtractionError`."""
    return (Page(1, html_page(html.markup_of(data, media_type, name))),)


def markdown_page(text: str) -> str:
    """Some Markdown as harmless HTML."""
    shown = _Renderer().render(markdown.tokens(without_turns(text)), _OPTIONS, {})
    return _certain(shown, markdown.plain(text))


def markdown_pages(data: bytes, name: str) -> tuple[Page, ...]:
    """A Markdown document as pages of harmless HTML. Raises :class:`ExtractionError`."""
    return markdown.each_page(data, name, markdown_page)


def clean(markup: str) -> str:
    """Any HTML with nothing but allowed elements and attributes, every element closed."""
    return _CLEANER.clean(markup)


def verbatim(text: str) -> str:
    """A text as it is, its lines kept."""
    # The first line break in an element of this kind is not part of it.
    return f"<pre>\n{escape(without_turns(text), quote=False)}</pre>"


def without_turns(text: str) -> str:
    """``text`` without what HTML forbids and what turns its direction."""
    return _TURNS.sub("", text).replace("\0", "\ufffd")


def _certain(shown: str, text: str) -> str:
    """``shown``, cleaned, if its words are those of ``text``; else ``text``."""
    cleaned = clean(shown)
    if html.visible_text(cleaned).split() == without_turns(text).split():
        return cleaned
    return verbatim(text)


def _kept_value(_tag: str, attribute: str, value: str) -> str | None:
    pattern = _VALUES.get(attribute)
    return value if pattern and pattern.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=set(_KEPT),
    attributes=_ATTRIBUTES,
    attribute_filter=_kept_value,
    generic_attribute_prefixes=set(),
    url_schemes={"http", "https", "mailto"},
    link_rel=_REL,
)


def _rebuilt(markup: str) -> str:
    parts: list[str] = []
    for step in html.steps(markup):
        if step.tag == html.TEXT:
            text = without_turns(step.node.text_content or "")
            parts.append(escape(text, quote=False))
            continue
        tag = _shown_as(step.tag)
        if tag and step.is_opening:
            parts.append(f"<{tag}{_attributes(tag, step.node)}>")
        elif tag and tag not in _VOID:
            parts.append(f"</{tag}>")
    return "".join(parts)


def _shown_as(tag: str) -> str:
    """The element that stands for one of a document; none where its text alone is shown."""
    if tag in _KEPT:
        return tag
    return "div" if tag in html.BLOCKS and tag != "body" else ""


def _attributes(tag: str, node: LexborNode) -> str:
    kept = _ATTRIBUTES.get(tag, ())
    found = [(name, value) for name, value in node.attributes.items() if name in kept and value]
    return "".join(f' {name}="{escape(value or "")}"' for name, value in found)


_Env = MutableMapping[str, Any]
_OPTIONS = MarkdownIt("commonmark").options


class _Renderer(RendererHTML):
    """Markdown as HTML, where HTML within it counts for what the text layer makes of it."""

    def html_block(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        """A block of HTML, by itself: what it leaves open ends with it."""
        return clean(_rebuilt(markdown.block_of_html(tokens[idx].content)))

    def html_inline(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        """A tag within a line: only a break counts."""
        return "<br>" if markdown.is_break(tokens[idx].content) else ""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: _Env) -> str:
        """The words that stand for a picture."""
        return self.renderInline(tokens[idx].children or (), options, env)
