"""A plan corrected field by field: what people typed is laid over the guesses, and looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from openbook.core.initiative import ReleaseId, parse_release_id, slug
from openbook.core.plan import Do, Entry, Family, NewRelease, Plan
from openbook.core.records import Audit
from openbook.files.plans import faults_of

Fields = Mapping[str, str]
ROW = ("do", "key", "role", "title", "date", "kind", "language", "releases", "url")
"""The fields of an entry that people correct."""
FAMILY = ("name", "company", "status")
RELEASE = ("label", "date")


@dataclass(frozen=True)
class Edits:
    """What people typed over the guesses, as they typed it; fields that nobody touched are not
    there."""

    rows: Mapping[str, Fields] = field(default_factory=dict)
    """By the entry's source."""
    families: Mapping[str, Fields] = field(default_factory=dict)
    """By the initiative's key."""
    releases: Mapping[str, Fields] = field(default_factory=dict)
    """By the release's name, such as ``acme-one/2``."""


class Fault(NamedTuple):
    """Why a field will not do."""

    table: str
    """``row``, ``family`` or ``release``."""
    of: str
    """The entry's source, the initiative's key or the release's name."""
    field: str
    message: str


@dataclass(frozen=True)
class Amended:
    """A corrected plan."""

    plan: Plan
    """What would be carried out. It names the initiatives and releases that its entries need and
    the audit lacks."""
    faults: tuple[Fault, ...]
    """What keeps it from being carried out."""


def row_fields(entry: Entry, edits: Edits) -> dict[str, str]:
    """An entry's fields as they are shown to be corrected."""
    guessed = {
        **{name: getattr(entry, name) for name in ROW if name not in ("do", "releases")},
        "do": entry.do.value,
        "releases": ", ".join(map(str, entry.releases)),
    }
    return {**guessed, **edits.rows.get(entry.source, {})}


def amended(plan: Plan, edits: Edits, audit: Audit) -> Amended:
    """A plan with what people typed, and everything that is wrong with it."""
    names = _Names(plan, edits, audit)
    entries: list[Entry] = []
    faults: list[Fault] = []
    for entry in plan.entries:
        made, wrong = _entry(entry, row_fields(entry, edits), names)
        entries.append(made)
        faults += (Fault("row", entry.source, name, told) for name, told in wrong.items())
    used = dict.fromkeys(release for one in entries for release in one.releases)
    families = tuple(dict.fromkeys(map(names.family, (one.initiative for one in used))))
    releases = tuple(names.release(one) for one in used if audit.release(one) is None)
    new = tuple(one for one in families if audit.initiative(one.key) is None)
    faults += _between(entries, audit, {(one.of, one.field) for one in faults})
    faults += _of_names(new, releases)
    # A document is written before the copies of it.
    ordered = tuple(sorted(entries, key=lambda one: list(Do).index(one.do)))
    made_of = replace(plan, entries=ordered, families=new, releases=releases)
    return Amended(made_of, tuple(faults))


def new_names(plan: Plan, edits: Edits, audit: Audit) -> tuple[list[Family], list[NewRelease]]:
    """The initiatives and releases to be made that are used or were named, in order of key."""
    names = _Names(plan, edits, audit)
    used = {one for entry in amended(plan, edits, audit).plan.entries for one in entry.releases}
    ids = used | {id_ for one in edits.releases if (id_ := parse_release_id(one))}
    keys = {one.initiative for one in ids} | set(edits.families)
    return (
        [names.family(key) for key in sorted(keys) if audit.initiative(key) is None],
        [names.release(one) for one in sorted(ids) if audit.release(one) is None],
    )


@dataclass(frozen=True)
class _Names:
    """What initiatives and releases are called, there and to be."""

    plan: Plan
    edits: Edits
    audit: Audit

    def family(self, key: str) -> Family:
        guess = next((one for one in self.plan.families if one.key == key), Family(key, key))
        return replace(guess, **dict(self.edits.families.get(key, {})))

    def release(self, id_: ReleaseId) -> NewRelease:
        first = NewRelease(id_, id_.release)
        guess = next((one for one in self.plan.releases if one.id == id_), first)
        return replace(guess, **dict(self.edits.releases.get(str(id_), {})))  # type: ignore[arg-type]

    def find(self, text: str) -> ReleaseId | None:
        """The release that somebody means: by its name, or as people call it."""
        id_ = parse_release_id(text)
        if id_ is not None:
            return id_
        called = text.strip().casefold()
        for initiative in self.audit.initiatives:
            for release in initiative.releases:
                forms = (release.label, *(f"{name} {release.label}" for name in
                         (initiative.title, initiative.name)))  # fmt: skip
                if called in map(str.casefold, forms):
                    return release.id
        return None


def _entry(entry: Entry, said: Fields, names: _Names) -> tuple[Entry, dict[str, str]]:
    """An entry as it was corrected, and its faults by field."""
    do = Do(said["do"]) if said["do"] in list(Do) else entry.do
    if do is Do.SKIP:
        return replace(entry, do=do, releases=()), {}
    wanted = {name: said[name].strip() for name in ROW if name not in ("do", "releases")}
    if do is Do.COPY:
        wanted = {"key": wanted["key"], "role": wanted["role"]}
    typed = [one.strip() for one in re.split(r"[,;\n]", said["releases"]) if one.strip()]
    ids = {one: names.find(one) for one in typed}
    table: dict[str, Any] = {"source": entry.source, "sha256": entry.sha256, "do": do.value}
    faults = faults_of("document", {**table, **wanted})
    unknown = [one for one, id_ in ids.items() if id_ is None]
    if unknown:
        faults["releases"] = (
            f"{', '.join(unknown)}: no release is called so; write initiative/release, such as "
            "acme-one/2"
        )
    found = tuple(dict.fromkeys(id_ for id_ in ids.values() if id_ is not None))
    return replace(entry, do=do, releases=found, **wanted), faults  # type: ignore[arg-type]


def _between(entries: list[Entry], audit: Audit, faulty: set[tuple[str, str]]) -> Iterator[Fault]:
    """What one entry cannot know of the others and of the audit."""
    made: dict[str, str] = {}
    for one in entries:
        if one.do is Do.NEW and (one.source, "key") not in faulty:
            if one.key in audit.documents:
                told = f"the audit has a document {one.key} already: choose another key"
                if all(copy.sha256 != one.sha256 for copy in audit.documents[one.key].copies):
                    yield Fault("row", one.source, "key", told)
            elif one.key in made:
                yield Fault("row", one.source, "key", f"{made[one.key]} has this key too")
            made.setdefault(one.key, one.source)
    for one in entries:
        if one.do is Do.COPY and one.key not in audit.documents and one.key not in made:
            yield Fault("row", one.source, "key", f"there is no document {one.key!r}")
        for release in one.releases:
            left_out = getattr(audit.release(release), "left_out", "")
            if left_out:
                told = f"{release} is left out of this audit: {left_out}"
                yield Fault("row", one.source, "releases", told)


def _of_names(families: tuple[Family, ...], releases: tuple[NewRelease, ...]) -> Iterator[Fault]:
    for family in families:
        fields = {name: getattr(family, name) for name in ("key", *FAMILY)}
        for name, told in faults_of("initiative", fields).items():
            yield Fault("family", family.key, name, told)
    for release in releases:
        fields = {"id": str(release.id), "label": release.label, "date": release.date}
        for name, told in faults_of("release", fields).items():
            yield Fault("release", str(release.id), name, told)


def release_named(
    plan: Plan, edits: Edits, audit: Audit, company: str, name: str, label: str
) -> ReleaseId | None:
    """The name for a release of an initiative that people call so, be it there or to be made; None
    where no key can be made of the words."""
    called = {name.casefold(), f"{company} {name}".strip().casefold()}
    names = _Names(plan, edits, audit)
    to_be = [names.family(key) for key in (*(one.key for one in plan.families), *edits.families)]
    titles = [(one.key, {one.name, one.title}) for one in audit.initiatives]
    titles += [(one.key, {one.name, f"{one.company} {one.name}".strip()}) for one in to_be]
    known = next((key for key, of in titles if called & {one.casefold() for one in of}), "")
    is_told = company and not name.casefold().startswith(company.casefold())
    key = known or slug(f"{company} {name}" if is_told else name)
    version = re.sub(rf"^{re.escape(name)}(?=\W)", "", label, flags=re.I)
    return parse_release_id(f"{key}/{slug(version)}")


class Difference(NamedTuple):
    """What became of an entry otherwise than was planned before."""

    source: str
    was: str
    now: str


def differences(before: Plan, after: Plan) -> Iterator[Difference]:
    """How a plan made anew differs, entry by entry, from the one that people saw."""
    now = {one.source: becomes(one) for one in after.entries}
    now |= {one.source: f"not readable: {one.reason}" for one in after.failed}
    for one in before.entries:
        then = now.get(one.source, "no longer here")
        if then != becomes(one):
            yield Difference(one.source, becomes(one), then)


def becomes(entry: Entry) -> str:
    """What a plan makes of an entry, in words."""
    if entry.do is Do.SKIP:
        return f"left out: {entry.why.get('do', 'somebody said so')}"
    of = f", of {', '.join(map(str, entry.releases))}" if entry.releases else ""
    if entry.do is Do.COPY:
        return f"a further copy of {entry.key}{of}"
    return f"a document of its own, {entry.key}{of}"
