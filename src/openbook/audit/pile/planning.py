"""A pile becomes a plan: what each file is, what it seems to say, and what would become of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from openbook.audit.layers import at_hand, layer_of
from openbook.audit.opened import Opened
from openbook.audit.pile.gather import Gathered
from openbook.audit.pile.guessing.date import Stamp, date_of, stamp_of
from openbook.audit.pile.guessing.kind import kind_of_document
from openbook.audit.pile.guessing.language import language_of
from openbook.audit.pile.guessing.release import releases_of
from openbook.audit.pile.guessing.title import short_title, title_of
from openbook.audit.pile.perusing import Perused, peruse
from openbook.audit.pile.same import MOST, Compared, Likeness, likeness, may_be_same
from openbook.core.initiative import Document, ReleaseId, is_key, slug
from openbook.core.plan import NOTHING, Do, Entry, Failed, Family, Guess, NewRelease, Plan
from openbook.core.text import TextLayer, fold
from openbook.files.library import Library
from openbook.sources.extractors import kind_said
from openbook.sources.scan_engine import blank_said

NAMED_ALIKE = 0.3
"""The share of passages in common from which texts with one title or number on arXiv are one
document; without those it is :data:`openbook.audit.pile.same.MOST`."""
_MEANINGLESS = re.compile(
    r"(?:download|document|paper|file|untitled|report|article|main|full|scan|copy|print|pdf|"
    r"[\d._-]+(?:v\d+)?|[0-9a-f-]{16,})[\d._-]*(?:copy)?\d*"
)
"""File names that tell nothing."""


@dataclass(frozen=True)
class _Known:
    """A document of the audit or of the pile that others may be copies of."""

    key: str
    kind: str
    title: str
    number: str
    """On arXiv; empty where none is known."""
    text: Compared


@dataclass
class _Pile:
    """What is known while a plan is made."""

    opened: Opened
    given: tuple[ReleaseId, ...]
    known: list[_Known] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    families: dict[str, Family] = field(default_factory=dict)
    releases: dict[ReleaseId, NewRelease] = field(default_factory=dict)


class _Match(NamedTuple):
    known: _Known
    like: Likeness
    why: str


def make_plan(
    opened: Opened,
    gathered: Gathered,
    *,
    releases: tuple[ReleaseId, ...] = (),
    allow_private: bool = False,
    waiting: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """What taking in ``gathered`` would do; nothing of it is done. ``releases``, where given, are
    those of all documents and none is guessed. What is fetched waits in ``waiting``, or beside the
    audit's library."""
    by_address = _by_address(opened)
    items = tuple(one for one in gathered.items if one.source not in by_address)
    read: list[Perused] = []
    failed = list(gathered.failed)
    perused = peruse(opened, items, allow_private=allow_private, waiting=waiting, progress=progress)
    for one in perused:
        (failed if isinstance(one, Failed) else read).append(one)  # type: ignore[arg-type]
    pile = _Pile(opened, releases, list(_known(opened)), set(opened.audit.documents))
    made: dict[str, Entry] = {}
    for one in sorted(read, key=_fullest_first):
        made[one.source] = _entry(pile, one, made)
    for item in gathered.items:
        if item.source in by_address:
            made[item.source] = by_address[item.source]
    entries = tuple(made[item.source] for item in gathered.items if item.source in made)
    used = {release for one in entries for release in one.releases}
    return Plan(
        _before_their_copies(entries),
        tuple(one for key, one in pile.families.items() if key in {id_.initiative for id_ in used}),
        tuple(one for id_, one in pile.releases.items() if id_ in used),
        tuple(failed),
        gathered.passed_over,
    )


def _before_their_copies(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: list(Do).index(one.do)))


def _by_address(opened: Opened) -> dict[str, Entry]:
    """Addresses that the audit has the bytes of already: they are not fetched again."""
    return {
        copy.url: Entry(
            copy.url,
            copy.sha256,
            Do.SKIP,
            document.key,
            title=document.title,
            why={"do": "the audit has this address; `audit fetch --again` looks for changes"},
        )
        for document in opened.audit.documents.values()
        for copy in document.hashed
        if copy.url and opened.library.has(copy.sha256)
    }


def _fullest_first(one: Perused) -> tuple[bool, int, bool, int, str]:
    """PDFs before what is made of them, whole texts before parts, telling names before others."""
    is_telling = not _MEANINGLESS.fullmatch(_stem(one.source))
    depth = len(Path(one.source).parts)
    return one.kind != "pdf", -len(one.layer.text), not is_telling, depth, one.source


def _stem(source: str) -> str:
    """The name of a file as a key, without its suffix."""
    name = re.split(r"[/\\]", source.rstrip("/"))[-1]
    return slug(re.sub(r"\.(?:pdf|html?|md|markdown|txt)$", "", name, flags=re.I))


def _known(opened: Opened) -> Iterator[_Known]:
    for document in opened.audit.documents.values():
        for one in at_hand(document, opened.library)[:1]:
            layer = layer_of(one, opened.library, opened.cache)
            if isinstance(layer, TextLayer):
                first = layer.pages[0].text if layer.pages else ""
                stamp = stamp_of(first, document.url)
                yield _Known(
                    document.key,
                    kind_said(one.copy.media_type) or "",
                    document.title,
                    stamp.number if stamp else "",
                    Compared(document.key, layer, opened.cache),
                )


def _entry(pile: _Pile, one: Perused, made: Mapping[str, Entry]) -> Entry:
    """What would become of one file, given what becomes of those before it."""
    bare = Entry(
        one.source,
        one.sha256,
        Do.SKIP,
        key="",
        media_type=one.media_type,
        fetched_from=one.fetched_from,
        via=one.via,
    )
    for document in pile.opened.audit.documents.values():
        if any(copy.sha256 == one.sha256 for copy in document.copies):
            return _of_known_bytes(pile, bare, document)
    for other in made.values():
        if other.sha256 == one.sha256:
            why = f"the same bytes as {other.source}"
            return replace(bare, key=other.key, title=other.title, why={"do": why})
    return _of_text(pile, bare, one)


def _of_text(pile: _Pile, bare: Entry, one: Perused) -> Entry:
    """What would become of bytes nobody has: a copy of a document by its text, or a new one."""
    stamp = stamp_of(one.first_page, one.fetched_from or one.source)
    title = title_of(one.about, one.first_page)
    if not one.layer.has_text:
        return _of_pictures(pile, bare, one)
    text = Compared(one.source, one.layer, pile.opened.cache)
    match = _match(pile.known, text, title.value, stamp)
    if match is not None:
        role = _role(match, one.kind)
        return replace(
            bare,
            do=Do.COPY,
            key=match.known.key,
            role=role.value,
            title=match.known.title,
            note=stamp.note if stamp else "",
            why={"do": match.why, "role": role.why},
        )
    entry = _new(pile, bare, one, title, stamp)
    number = stamp.number if stamp else ""
    pile.known.append(_Known(entry.key, one.kind, entry.title, number, text))
    return entry


def _of_pictures(pile: _Pile, bare: Entry, one: Perused) -> Entry:
    """A scan is a document of its own, since nothing tells whether it is one that is there."""
    entry = _new(pile, bare, one, NOTHING, None)
    why = {"do": blank_said(one.layer), **entry.why}
    why.pop("date", None)  # the day on which it was scanned
    return replace(entry, date="", why=why)


def _of_known_bytes(pile: _Pile, bare: Entry, document: Document) -> Entry:
    """Bytes that the audit lists: they come into the library where they are not at hand."""
    is_here = pile.opened.library.has(bare.sha256)
    why = "the audit has these bytes" + ("" if is_here else ", and they were not at hand")
    copy = next(one for one in document.copies if one.sha256 == bare.sha256)
    return replace(
        bare,
        do=Do.SKIP if is_here else Do.COPY,
        key=document.key,
        role=copy.role,
        title=document.title,
        why={"do": why},
    )


def _match(
    known: Sequence[_Known], text: Compared, title: str, stamp: Stamp | None
) -> _Match | None:
    """The document that a text is of, if it is one that is known."""
    best: _Match | None = None
    runs = text.runs()
    for one in known:
        is_numbered = stamp is not None and stamp.number == one.number
        is_titled = bool(title) and _solid(title) == _solid(one.title)
        if not (is_numbered or is_titled or may_be_same(one.text, runs)):
            continue
        like = likeness(text, one.text)
        if like.most < (NAMED_ALIKE if is_numbered or is_titled else MOST):
            continue
        if best is None or like.most > best.like.most:
            best = _Match(one, like, _why(one, like, is_numbered, is_titled))
    return best


def _solid(title: str) -> str:
    return fold(title.casefold()).solid


def _why(one: _Known, like: Likeness, is_numbered: bool, is_titled: bool) -> str:
    if like.is_equal:
        return f"the same text as {one.key}"
    share = f"{like.most:.0%} of the passages looked for are in both"
    what = "the same number on arXiv, " if is_numbered else "the same title, " if is_titled else ""
    return f"{what}{share}"


def _role(match: _Match, kind: str) -> Guess:
    """What a text is to the document that it is of."""
    if match.like.ours >= MOST > match.like.theirs:
        return Guess("partial", f"{match.like.theirs:.0%} of {match.known.key} is in it")
    if kind != match.known.kind and match.known.kind == "pdf":
        return Guess("transcription", "text of a PDF")
    if match.like.is_equal:
        return Guess("original", "other bytes, the same words")
    return Guess("other-version", "words differ")


def _new(pile: _Pile, bare: Entry, one: Perused, title: Guess, stamp: Stamp | None) -> Entry:
    """A document of its own, with what it seems to say of itself."""
    text = one.layer.text
    source = one.fetched_from or one.source
    guesses = {
        "title": title,
        "date": date_of(one.about, one.first_page, stamp),
        "language": language_of(one.about, text),
        "kind": kind_of_document(one.about, title.value, source, text, stamp),
        "url": Guess(stamp.url, f"number on arXiv {stamp.number}")
        if stamp
        else Guess(one.about.url or one.fetched_from, "declared in the file's head"),
    }
    releases, why = _releases(pile, title.value, one)
    key = _key(pile, one.source, title.value)
    return replace(
        bare,
        do=Do.NEW,
        key=key,
        releases=releases,
        note=stamp.note if stamp else "",
        title=title.value,
        date=guesses["date"].value,
        language=guesses["language"].value,
        kind=guesses["kind"].value,
        url=guesses["url"].value,
        why={
            **{name: guess.why for name, guess in guesses.items() if guess.value},
            "releases": why,
        },
    )


def _releases(pile: _Pile, title: str, one: Perused) -> tuple[tuple[ReleaseId, ...], str]:
    if pile.given:
        return pile.given, "given"
    named = releases_of(pile.opened.audit.initiatives, title, one.source, one.first_page)
    if named.family is not None:
        first = pile.families.get(named.family.key)
        # "Qwen" rather than "QWEN", whichever document comes first.
        if first is None or (first.name.isupper() and not named.family.name.isupper()):
            pile.families[named.family.key] = named.family
    if named.release is not None:
        pile.releases.setdefault(named.release.id, named.release)
    return named.releases, named.why


def _key(pile: _Pile, source: str, title: str) -> str:
    """A key that nothing else has: by the file's name, or by the title where that tells nothing."""
    stem = _stem(source)
    by_title = slug(short_title(title)) if title else ""
    is_telling = is_key(stem) and not _MEANINGLESS.fullmatch(stem)
    best = next((one for one in (stem if is_telling else "", by_title, stem) if is_key(one)), "")
    best = best or "document"
    key, count = best, 1
    while key in pile.keys:
        count += 1
        key = f"{best}-{count}"
    pile.keys.add(key)
    return key
