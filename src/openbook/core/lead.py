"""Leads: what a document points to, by address, number, title or in words alone.

A lead is told by its kind and folded target, so that the same address in ten places, with and
without ``www.``, is one lead. What a text says around it is used to order leads and to tell which
questions they touch; it is not kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from openbook.core.questionnaire import Question
from openbook.core.text import Page

BEFORE, AFTER = 200, 60
"""Characters before and after a lead that count as being around it: in a list of references the
title stands before the address, and behind it the next entry begins."""
SHORTEST_NAME = 4
"""Letters and digits a release's name must have to be looked for: shorter ones stand anywhere."""

LONG = 7
"""Letters from which a word of a query tells something alone: *annotators* does, *total* not."""


class Kind(StrEnum):
    """How a document points to something."""

    ARXIV = "arxiv"
    DOI = "doi"
    URL = "url"
    TITLE = "title"
    """``GPT-4 technical report``: an own document of an audited release, by what it is called."""
    WORDS = "words"
    """``as in our earlier report``: an own document, without saying where."""


class Mention(NamedTuple):
    """Where a document points to something."""

    document: str
    page: int
    start: int
    """Offset in the page's text."""
    context: str
    """What stands around it; to look at, not to keep."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Something that documents point to."""

    kind: Kind
    target: str
    """Folded: ``2203.02155``, ``10.1/abc``, ``example.org/report``; the words, for WORDS."""
    mentions: tuple[Mention, ...]
    names: tuple[str, ...] = ()
    """The audited initiatives and releases that are named around it."""

    @property
    def id(self) -> str:
        """The same for the same target, in whatever document and order."""
        told = hashlib.sha256(f"{self.kind}\n{self.target}".encode("utf-8", "surrogatepass"))
        return f"l-{told.hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Disposal:
    """What somebody decided about a lead."""

    id: str
    target: str
    state: str
    """``collected``, ``irrelevant``, or ``unavailable``: it could not be had."""
    by: str
    reason: str = ""
    """Why it is irrelevant, or how it was looked for."""
    document: str = ""
    """Key of the document that it became, where it was collected."""
    date: dt.date | None = None


_URL = re.compile(r"https?://[^\s<>\"'“”‘’()\[\]{}|\\^`\x00-\x1f\ufffe]+", re.I)
_BROKEN = re.compile(r"(?<=[/\-_=])(?:\ufffe|\x02)?\r?\n(?=[\w%.-]{3})")
_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf)/|arxiv[:\s]\s*(?:abs/)?|arxiv\.|\babs/)(\d{4}\.\d{4,5})", re.I
)
_OF_ARXIV = "10.48550/arxiv"
"""How the DOIs of arXiv begin: one whose number a line break cut off tells nothing."""
_STAMP = re.compile(r"(?m)^arxiv:(\d{4}\.\d{4,5})v\d+\s+\[[\w.-]+\]", re.I)
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s<>\"'(){}\[\]]+)", re.I)
_WORDS = re.compile(
    r"\b(?:our|the)\s+(?:earlier|previous|prior|companion|accompanying|original|full)\s+"
    r"(?:technical\s+|research\s+)?"
    r"(?:reports?|papers?|system\s+cards?|model\s+cards?|blog\s+posts?|appendix)\b",
    re.I,
)


def own_numbers(pages: Sequence[Page]) -> frozenset[str]:
    """The numbers by which a document itself is known on arXiv: the stamp at the edge of its first
    page, ``arXiv:2405.04434v5 [cs.CL]``, which no reference to another paper looks like."""
    return frozenset(_STAMP.findall(pages[0].text)) if pages else frozenset()


def found_in(
    document: str, pages: Iterable[Page], names: Sequence[str] = ()
) -> Iterator[tuple[Kind, str, Mention]]:
    """Everything that a document points to, in its order: kind, folded target, place. ``names``
    are those whose reports and cards are meant where somebody speaks of one."""
    titles = _titles(names)
    for page in pages:
        # An address that the end of a line divided, after a sign that ends no sentence, is one.
        breaks = [*_BROKEN.finditer(page.text)] if "://" in page.text else []
        text = _BROKEN.sub("", page.text) if breaks else page.text
        for kind, target, at in sorted(_targets(text, titles), key=lambda one: one[2]):
            start = at
            for one in breaks:
                start += len(one[0]) if one.start() < start else 0
            context = " ".join(text[max(0, at - BEFORE) : at + AFTER].split())
            yield kind, target, Mention(document, page.number, start, context)


def _titles(names: Sequence[str]) -> re.Pattern[str] | None:
    """``GPT-4 technical report`` and the like, for telling names."""
    telling = "|".join(_pattern(name) for name in dict.fromkeys(names) if _is_telling(name))
    if not telling:
        return None
    what = r"(?:technical\s+report|system\s+card|model\s+card|model\s+spec)"
    return re.compile(rf"(?<!\w)((?:{telling})(?:[-\s]\w+){{0,2}}[’']?s?\s+{what})\b", re.I)


def _targets(text: str, titles: re.Pattern[str] | None) -> Iterator[tuple[Kind, str, int]]:
    for match in titles.finditer(text) if titles else ():
        yield Kind.TITLE, " ".join(match[1].lower().split()), match.start()
    for match in _ARXIV.finditer(text):
        yield Kind.ARXIV, match[1], match.start()
    for match in _DOI.finditer(text):
        if not match[1].lower().startswith(_OF_ARXIV):
            yield Kind.DOI, _trimmed(match[1]).lower(), match.start()
    for match in _URL.finditer(text):
        kind, target = folded(match[0])
        if kind is Kind.URL and re.search(r"\.[a-z]{2,}$", target.split("/")[0]):
            yield kind, target, match.start()
    for match in _WORDS.finditer(text):
        yield Kind.WORDS, " ".join(match[0].lower().split()), match.start()


def folded(url: str) -> tuple[Kind, str]:
    """An address as it is compared: no scheme, ``www.``, fragment or last slash; numbers of arXiv
    and DOIs as such."""
    if match := _ARXIV.search(url):
        return Kind.ARXIV, match[1]
    bare = _trimmed(re.sub(r"^https?://(www\.)?", "", url, flags=re.I)).partition("#")[0]
    host, slash, path = bare.partition("/")
    if host.lower() in ("doi.org", "dx.doi.org") and path.startswith("10."):
        return Kind.DOI, path.lower()
    return Kind.URL, f"{host.lower()}{slash}{path}".rstrip("/")


def _trimmed(text: str) -> str:
    """Without the punctuation of the sentence that it stands in."""
    return text.rstrip(".,;:!?*_/")


def gathered(
    mentions: Iterable[tuple[Kind, str, Mention]], names: Sequence[str]
) -> tuple[Lead, ...]:
    """Mentions of one target as one lead; first those around which ``names`` stand and what
    is said in words alone, then the others; of each the most often mentioned first."""
    found: dict[tuple[Kind, str], list[Mention]] = {}
    for kind, target, mention in mentions:
        # "Our earlier report" may be another one in each document.
        key = f"{target} ({mention.document})" if kind is Kind.WORDS else target
        found.setdefault((kind, key), []).append(mention)
    patterns = {name: _name(name) for name in dict.fromkeys(names) if _is_telling(name)}
    leads = []
    for (kind, target), places in found.items():
        near = (
            name
            for name, pattern in patterns.items()
            if any(pattern.search(f"{one.context} {target}") for one in places)
        )
        leads.append(Lead(kind, target, tuple(places), tuple(near)))
    return tuple(
        sorted(
            leads,
            key=lambda one: (
                not one.names and one.kind is not Kind.WORDS,
                one.kind not in (Kind.WORDS, Kind.TITLE),
                -len(one.mentions),
                one.kind,
                one.target,
            ),
        )
    )


def _is_telling(name: str) -> bool:
    return sum(char.isalnum() for char in name) >= SHORTEST_NAME


def _name(name: str) -> re.Pattern[str]:
    """A name however its words are joined: ``GPT 4``, ``GPT-4``, ``gpt4``."""
    return re.compile(rf"(?<!\w){_pattern(name)}(?!\w)", re.I)


def _pattern(name: str) -> str:
    parts = re.findall(r"[^\W\d_]+|\d+(?:\.\d+)*", name)
    return r"[-_\s]?".join(map(re.escape, parts))


def touches(lead: Lead, question: Question) -> bool:
    """Whether what the question is searched by stands around the lead: a whole query; or, where
    the audited's own document is meant, a long word of one. Others' papers, of which a list of
    references has a hundred, have a long word like *training* or *language* around them anyway."""
    queries = {query.casefold() for point in question.points for query in point.queries}
    around = " ".join(mention.context for mention in lead.mentions).casefold()
    around = _URL.sub(" ", around)  # *github.com* in an address tells nothing of what is there
    if any(_query(query).search(around) for query in queries):
        return True
    is_own = lead.names or lead.kind in (Kind.TITLE, Kind.WORDS)
    words = {word for query in queries for word in query.split() if len(word) >= LONG}
    return bool(is_own) and any(word in around for word in words)


@cache
def _query(query: str) -> re.Pattern[str]:
    """A query as it stands in a text: *age* and *ages*, but neither *agent* nor *usage*."""
    end = "" if len(query) >= LONG else "(?:s|es)?(?![a-z0-9])"
    return re.compile(rf"(?<![a-z0-9]){re.escape(query)}{end}")
