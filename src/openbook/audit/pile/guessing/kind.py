"""What kind of document it is, by the words of its title and by its shape."""

from __future__ import annotations

import re

from openbook.audit.pile.guessing.date import Stamp
from openbook.core.plan import NOTHING, Guess
from openbook.sources.about import About

_NAMED = (
    ("system-card", re.compile(r"\bsystem[\s_-]+card\b", re.I)),
    ("model-card", re.compile(r"\bmodel[\s_-]+card\b", re.I)),
    ("report", re.compile(r"\b(?:technical[\s_-]+)?report\b", re.I)),
)
_REFERENCES = re.compile(r"^\W*(?:references|bibliography)\W*$", re.I | re.M)
_ABSTRACT = re.compile(r"^\W*abstract\b", re.I | re.M)


def kind_of_document(
    about: About, title: str, source: str, text: str, stamp: Stamp | None
) -> Guess:
    """One of the kinds of :class:`openbook.files.shapes.DocumentShape`; nothing where neither
    words nor shape tell."""
    for where, words in (("title", title), ("name", source.rpartition("/")[2])):
        for kind, pattern in _NAMED:
            found = pattern.search(words)
            if found:
                return Guess(kind, f"“{found[0]}” in its {where}")
    if re.match(r"https?://(?:www\.)?(?:github|gitlab)\.com/[^/]+/[^/]+/?$", source):
        return Guess("repository", "its address")
    if stamp is not None:
        return Guess("paper", "on arXiv")
    if _ABSTRACT.search(text[:6000]) and _REFERENCES.search(text):
        return Guess("paper", "has an abstract and references")
    if about.is_html or about.url:
        return Guess("web-page", "a page of the web")
    return NOTHING
