"""Which releases a document is about: those the audit has by name, else one its title names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from openbook.audit.pile.guessing.date import HEAD
from openbook.core.initiative import Initiative, Release, ReleaseId, is_key, slug
from openbook.core.plan import Family, NewRelease


class Named(NamedTuple):
    """The releases that a document seems to be about."""

    releases: tuple[ReleaseId, ...] = ()
    why: str = ""
    family: Family | None = None
    """An initiative to be made for it."""
    release: NewRelease | None = None
    """A release to be made for it."""


def releases_of(known: Sequence[Initiative], title: str, source: str, first_page: str) -> Named:
    """The releases named in the title, else in the file's name, else most on the first page.

    Where the audit has no initiative that the title names, one is proposed from the title.
    """
    file = source.rpartition("/")[2]
    for where, text in (("its title", title), ("its file's name", file)):
        found = [one.id for one in _releases(known) if _pattern(one, known).search(text)]
        if found:
            return Named(tuple(dict.fromkeys(found)), f"named in {where}")
    named = [one for one in known if _word(one.name).search(title)]
    if not named:
        proposed = _proposed(title)
        if proposed.releases:
            return proposed
    return _most_named(named or known, first_page)


def _releases(known: Sequence[Initiative]) -> Iterator[Release]:
    for initiative in known:
        yield from initiative.releases


def _most_named(known: Sequence[Initiative], first_page: str) -> Named:
    """The one release named oftenest at the top of a document, if more often than any other."""
    head = first_page[: 2 * HEAD]
    counts = Counter({one.id: len(_pattern(one, known).findall(head)) for one in _releases(known)})
    best = counts.most_common(2)
    if not best or best[0][1] < 2 or (len(best) > 1 and best[1][1] == best[0][1]):
        return Named()
    return Named((best[0][0],), f"named {best[0][1]} times on page 1")


def _pattern(release: Release, known: Sequence[Initiative]) -> re.Pattern[str]:
    initiative = next(one for one in known if one.key == release.id.initiative)
    return _forms(initiative.name, (release.label,), (release.id.release, *release.covers))


@lru_cache(maxsize=4096)
def _forms(name: str, labels: tuple[str, ...], versions: tuple[str, ...]) -> re.Pattern[str]:
    """The ways a release is written: ``GPT 4``, ``GPT-4``, ``Qwen2``, ``Claude Opus 4``."""
    # A label that is a version alone is written in every document.
    forms = [_spaced(label) for label in labels if re.search(r"[^\W\d_]{3}", label)]
    forms += [
        rf"{_spaced(name)}(?:[\s_-]+[A-Z][a-z]+)?[\s_-]*{re.escape(version)}"
        for version in versions
    ]
    # Not "Qwen2" in "Qwen2.5", nor "Llama 1" in "Llama 13B".
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(forms)})(?!\.?\d|[^\W_])", re.I)


def _spaced(words: str) -> str:
    parts = re.findall(r"[^\W\d_]+|[\d.]*\d", words)
    return r"[\s_-]*".join(map(re.escape, parts))


@lru_cache(maxsize=4096)
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){_spaced(name)}(?![^\W\d_])", re.I)


_NEW = re.compile(
    r"(?:[Tt]he\s+)?(?P<name>[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+)?)"
    r"(?P<gap>[ -]?)(?P<version>[A-Za-z]?\d{1,3}(?:\.\d{1,2})*[A-Za-z]?)\b"
)
_NO_NAME = frozenset(
    "appendix chapter section version part volume vol figure fig table issue draft page no number "
    "day week phase step level iso iclr icml acl cvpr neurips article annex top web".split()
)


def _proposed(title: str) -> Named:
    """A release made from a title that begins with a name and a version: ``DeepSeek-V2: …``."""
    found = _NEW.match(title)
    if not found or found["name"].casefold() in _NO_NAME:
        return Named()
    name, version = found["name"], found["version"]
    id_ = ReleaseId(slug(name), slug(version))
    if not (is_key(id_.initiative) and is_key(id_.release)):
        return Named()
    return Named(
        (id_,),
        "its title begins with it",
        Family(id_.initiative, name),
        NewRelease(id_, f"{name}{found['gap']}{version}"),
    )
