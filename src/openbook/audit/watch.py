"""Watching: have the documents changed at their addresses, and what does that do to the evidence?

Every address is asked once, by a conditional request where the server gave something to ask by, one
request at a time and never two to one host within ``delay`` seconds. What a server says of its bytes
is kept with the copy that it said it of, and written with that copy: so a run that finds nothing new
changes no file.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from openbook.audit.anchor import write_anchors
from openbook.audit.changes import Pair, changes
from openbook.audit.fetching import fresh_copy, list_copy, read_fetched
from openbook.audit.layers import VERSIONS, CopyAtHand, ordered, remember
from openbook.audit.opened import Opened, open_audit, writing
from openbook.audit.rechecks import keep_rechecks
from openbook.audit.verify import Reader
from openbook.core.anchor import Anchor, Checked, places
from openbook.core.change import Changed
from openbook.core.initiative import Copy, Document
from openbook.core.recheck import needs_person, rechecks_of
from openbook.core.text import TextLayer
from openbook.core.watch import Seen, Watched
from openbook.files.edit import set_item
from openbook.files.write import unbroken
from openbook.sources.errors import FetchError, SourceError
from openbook.sources.extractors import EXTRACTORS
from openbook.sources.fetch import Fetched, Known, fetch

DELAY = 1.0
"""Seconds between two requests to one host."""
GONE = (404, 410)

Pause = Callable[[float], object]


class Target(NamedTuple):
    """An address to watch, with the last bytes that it gave."""

    document: Document
    copy: Copy


def targets(opened: Opened, only: Sequence[str] = ()) -> tuple[Target, ...]:
    """The addresses of an audit's documents that gave versions of them. Raises
    :class:`WrongUseError` where ``only`` names a document that is not there."""
    wanted = [opened.document(key) for key in dict.fromkeys(only)]
    found = []
    for document in wanted or opened.audit.documents.values():
        last = {copy.url: copy for copy in ordered(document) if copy.url and copy.role in VERSIONS}
        found += [Target(document, copy) for copy in last.values()]
    return tuple(found)


def unwatched(opened: Opened, watched: Sequence[Target]) -> tuple[str, ...]:
    """Keys of the documents that have no address, or were never fetched from it."""
    known = {one.document.key for one in watched}
    return tuple(key for key in opened.audit.documents if key not in known)


@dataclass
class Pace:
    """Keeps us from asking a host too often, and from asking one that wants to be left alone."""

    delay: float
    pause: Pause = time.sleep
    clock: Callable[[], float] = time.monotonic
    _free: dict[str, float] = field(default_factory=dict)
    _closed: dict[str, float] = field(default_factory=dict)

    def wait(self, host: str) -> None:
        """Wait until the host may be asked."""
        if (left := self._free.get(host, 0) - self.clock()) > 0:
            self.pause(left)

    def asked(self, *hosts: str) -> None:
        """These hosts were asked just now."""
        self._free |= dict.fromkeys(hosts, self.clock() + self.delay)

    def close(self, host: str, seconds: float) -> None:
        """The host asks to be left alone."""
        if seconds > 0:
            self._closed[host] = self.clock() + seconds

    def closed_for(self, host: str) -> float:
        """For how many seconds the host is to be left alone; 0 where it may be asked."""
        return max(0.0, self._closed.get(host, 0) - self.clock())


@dataclass(frozen=True)
class Watching:
    """How an audit is watched."""

    opened: Opened
    date: dt.date
    pace: Pace
    allow_private: bool = False
    seconds: float = 120
    """The time that each address has."""
    write: bool = True
    """Whether what is found is written; else it is only told."""

    def look(self, target: Target) -> Watched:
        """What one address gives, and what that does to the evidence; all of it is written, or
        nothing."""
        document, copy = target
        host, told = _host(copy.url), Watched(document.key, copy.url, Seen.FAILED)
        if left := self.pace.closed_for(host):
            message = f"not asked: {host} asks to be left alone for {left:.0f} s more"
            return replace(told, message=message)
        self.pace.wait(host)
        try:
            found = fetch(
                copy.url,
                allow_private=self.allow_private,
                seconds=self.seconds,
                known=Known(_final(copy), copy.etag, copy.last_modified),
            )
        except FetchError as error:
            self.pace.asked(host)
            self.pace.close(host, error.retry_after)
            is_gone = error.status in GONE
            return replace(told, seen=Seen.GONE if is_gone else Seen.FAILED, message=str(error))
        self.pace.asked(host, *map(_host, (*found.redirects, found.final_url)))
        now_at = _host(found.final_url)
        told = replace(told, led_to=now_at if now_at not in (host, _host(_final(copy))) else "")
        try:
            return self._given(target, found, told)
        except SourceError as error:
            return replace(told, message=str(error))

    def _given(self, target: Target, found: Fetched, told: Watched) -> Watched:
        document, copy = target
        if found.is_same:
            return replace(told, seen=Seen.UNCHANGED, is_not_modified=True)
        if found.sha256 == copy.sha256:
            self._note_validators(target, found)
            return replace(told, seen=Seen.UNCHANGED)
        if any(one.sha256 == found.sha256 for one in document.copies):
            message = "gives a version that the audit has, and not the one that it gave last"
            return replace(told, seen=Seen.UNCHANGED, message=message)
        layer = read_fetched(document, copy, found)
        fresh = replace(fresh_copy(copy, found, self.date), pages=len(layer.pages))
        if not self._says_the_same(target, layer):
            return self._changed(target, found, fresh, layer, told)
        if _is_pdf(layer):
            self._keep(target, found, fresh, None, layer)
            return replace(told, seen=Seen.SAME_TEXT, copy=fresh)
        return replace(told, seen=Seen.SAME_TEXT)

    def _says_the_same(self, target: Target, layer: TextLayer) -> bool:
        """Whether a text is that of the version before: by its text, else by an anchor in it."""
        if self.opened.library.has(target.copy.sha256):
            before = Reader(self.opened).layer(CopyAtHand(*target))
            if before is not None:
                return [one.text for one in before.pages] == [one.text for one in layer.pages]
        anchors = (one for every in self.opened.anchors.values() for one in every)
        return any(one.layer == layer.sha256 for one in anchors if one.copy == target.copy.sha256)

    def _changed(
        self, target: Target, found: Fetched, fresh: Copy, layer: TextLayer, told: Watched
    ) -> Watched:
        remember(layer, fresh, self.opened.cache)
        if self.write:
            self.opened.library.add(found.data)
        pair = Pair(target.document, target.copy, fresh)
        all_changed, problems = changes(self.opened, (pair,))
        if not all_changed:
            return replace(told, message="; ".join(map(str, problems)) or "cannot be compared")
        changed = all_changed[0]
        known = {one.id for one in self.opened.audit.rechecks}
        wanted = rechecks_of(self.opened.audit, changed, self.date)
        rechecks = tuple(one for one in wanted if one.id not in known)
        told = replace(told, seen=Seen.CHANGED, copy=fresh, changed=changed, rechecks=rechecks)
        if not self.opened.library.has(target.copy.sha256):
            told = replace(told, untold=changed.neither)
        self._keep(target, found, fresh, told, layer)
        return told

    def _note_validators(self, target: Target, found: Fetched) -> None:
        """Keep what the server says of bytes that we had before anybody asked it. What it says
        another time of the same bytes is not kept: some servers say something else each time."""
        copy = target.copy
        if not self.write or copy.etag or copy.last_modified:
            return
        fields = {"etag": found.etag or None, "last_modified": found.last_modified or None}
        if not any(fields.values()) or found.final_url != _final(copy):
            return
        with writing(self.opened.folder):
            set_item(
                self.opened.folder / "documents" / f"{target.document.key}.toml",
                "copy",
                lambda one: one.get("sha256") == copy.sha256 and one.get("url") == copy.url,
                {name: value for name, value in fields.items() if value},
            )

    def _keep(
        self,
        target: Target,
        found: Fetched,
        fresh: Copy,
        told: Watched | None,
        layer: TextLayer,
    ) -> None:
        """Write what is to be looked at again, then the copy, then where quotes stand in it: a run
        that is killed between two of them finds the same once more."""
        if not self.write:
            return
        key, folder = target.document.key, self.opened.folder
        self.opened.library.add(found.data)
        with writing(folder) as current, unbroken():
            if told is not None:
                keep_rechecks(current, told.rechecks)
            if all(one.sha256 != fresh.sha256 for one in current.document(key).copies):
                list_copy(folder / "documents" / f"{key}.toml", fresh, fills=False)
            if told is not None and told.changed is not None:
                checked = dict(_anchored(told.changed, layer))
                write_anchors(open_audit(folder), checked)


def watch(watching: Watching, wanted: Sequence[Target]) -> Iterator[Watched]:
    """Look at one address after another; a failure never stops the rest."""
    for target in wanted:
        yield watching.look(target)


def _is_pdf(layer: TextLayer) -> bool:
    """Whether a text was read from a PDF, whose bytes do not change with every request, and whose
    figures may change when its text does not."""
    return layer.extractor == EXTRACTORS["pdf"]


def _anchored(changed: Changed, layer: TextLayer) -> Iterator[tuple[str, Checked]]:
    """The quotes that stand in a new version at a place that is certain, with an anchor there."""
    for id_, one in changed.quotes:
        if needs_person(one) or not one.spans:
            continue
        segments = tuple(places(layer, span) for span in one.spans)
        anchor = Anchor(id_, changed.new.sha256, layer.sha256, layer.extractor, one.state, segments)
        yield id_, Checked(id_, changed.document, one.state, anchor)


def _final(copy: Copy) -> str:
    """The address that gave the bytes of a copy, at the end of all redirects."""
    return copy.via[-1] if copy.via else copy.url


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
