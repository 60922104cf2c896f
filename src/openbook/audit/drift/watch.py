"""Watching: have the documents changed at their addresses, and what does that do to the evidence?

Every address is asked once, by a conditional request where the server gave something to ask by: one
request at a time, and never two to one host within the pace's delay. What a server says of its
bytes is kept with the copy that it said it of: so a run that finds nothing new changes no file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from openbook.audit.drift.changes import Pair, changes
from openbook.audit.drift.pace import Pace
from openbook.audit.drift.rechecks import keep_rechecks
from openbook.audit.fetching import fresh_copy, list_copy, read_fetched
from openbook.audit.layers import VERSIONS, CopyAtHand, layer_of, ordered, remember
from openbook.audit.opened import Opened, open_audit, writing
from openbook.audit.quoting.anchor import write_anchors
from openbook.core.anchor import Anchor, Checked, places
from openbook.core.change import Changed
from openbook.core.initiative import Copy, Document
from openbook.core.recheck import rechecks_of
from openbook.core.text import TextLayer
from openbook.core.watch import Seen, Watched
from openbook.files.edit import set_item
from openbook.files.write import unbroken
from openbook.sources.errors import FetchError, SourceError
from openbook.sources.extractors import EXTRACTORS
from openbook.sources.fetch import Fetched, Known, fetch

GONE = (404, 410)
"""HTTP statuses that say that there is nothing at an address."""


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
        """What one address gives, and what that does to the evidence."""
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
                known=self._known(copy),
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

    def _known(self, copy: Copy) -> Known | None:
        """What to ask by. Bytes that are not at hand are asked for, so that the next version can be
        compared with them."""
        if not self.opened.library.has(copy.sha256):
            return None
        return Known(_final(copy), copy.etag, copy.last_modified)

    def _given(self, target: Target, found: Fetched, told: Watched) -> Watched:
        document, copy = target
        if found.is_same:
            return replace(told, seen=Seen.UNCHANGED, is_not_modified=True)
        if found.sha256 == copy.sha256:
            if self.write:
                self.opened.library.add(found.data)
                self._note_validators(target, found)
            return replace(told, seen=Seen.UNCHANGED)
        known = next((one for one in document.copies if one.sha256 == found.sha256), None)
        if known is not None:
            order = ordered(document)
            if known.role in VERSIONS and order.index(known) > order.index(copy):
                message = "gives the version that was taken last elsewhere"
                return replace(told, seen=Seen.UNCHANGED, message=message)
            told = replace(told, message=f"gives again a copy that was taken {known.retrieved}")
        layer = read_fetched(document, copy, found)
        fresh = known or replace(fresh_copy(copy, found, self.date), pages=len(layer.pages))
        remember(layer, fresh, self.opened.cache)
        if self._says_the_same(document, copy, layer):
            return self._same_text(target, found, fresh, layer, told)
        return self._changed(target, found, fresh, layer, told)

    def _says_the_same(self, document: Document, copy: Copy, layer: TextLayer) -> bool:
        """Whether a text is that of a listed copy: by its text, else by an anchor in it. Of pages
        that are pictures nobody can tell."""
        if layer.blank:
            return False
        before = layer_of(CopyAtHand(document, copy), self.opened.library, self.opened.cache)
        if isinstance(before, TextLayer):
            return [one.text for one in before.pages] == [one.text for one in layer.pages]
        return any(one.layer == layer.sha256 for _, one in self._anchors(copy))

    def _anchors(self, copy: Copy) -> Iterator[tuple[str, Anchor]]:
        for id_, every in self.opened.anchors.items():
            yield from ((id_, one) for one in every if one.copy == copy.sha256)

    def _same_text(
        self, target: Target, found: Fetched, fresh: Copy, layer: TextLayer, told: Watched
    ) -> Watched:
        """New bytes that say the same are kept once. A third copy of one text is kept of a PDF
        alone, whose figures may differ: a page with a token in it would gain one each time."""
        document, copy = target
        told = replace(told, seen=Seen.SAME_TEXT)
        if fresh in document.copies:
            return told
        same = (
            one
            for one in ordered(document)
            if one.url == copy.url and self._says_the_same(document, one, layer)
        )
        if sum(1 for _ in same) > 1 and layer.extractor != EXTRACTORS["pdf"]:
            message = "not kept: the bytes of this address differ from time to time"
            return replace(told, message=message)
        anchors = {
            id_: Checked(id_, document.key, one.state, replace(one, copy=fresh.sha256))
            for id_, one in self._anchors(copy)
            if one.layer == layer.sha256
        }
        told = replace(told, copy=fresh)
        self._keep(found, told, anchors)
        return told

    def _changed(
        self, target: Target, found: Fetched, fresh: Copy, layer: TextLayer, told: Watched
    ) -> Watched:
        all_changed, problems = changes(self.opened, (Pair(*target, fresh),))
        if not all_changed:
            return replace(told, message="; ".join(map(str, problems)) or "cannot be compared")
        changed = all_changed[0]
        known = {one.id: one for one in self.opened.audit.rechecks}
        wanted = rechecks_of(self.opened.audit, changed, self.date)
        told = replace(
            told,
            seen=Seen.CHANGED,
            copy=fresh,
            changed=changed,
            rechecks=tuple(one for one in wanted if one.id not in known),
            is_settled=bool(wanted)
            and all(one.id in known and not known[one.id].is_open for one in wanted),
        )
        if layer.blank or not self.opened.library.has(target.copy.sha256):
            told = replace(told, untold=changed.neither)
        self._keep(found, told, dict(_anchored(changed, layer)))
        return told

    def _note_validators(self, target: Target, found: Fetched) -> None:
        """Keep what the server says of bytes that we had before anybody asked it. What it says
        another time of the same bytes is not kept: some servers say something else each time."""
        copy = target.copy
        if copy.etag or copy.last_modified:
            return
        fields = {"etag": found.etag, "last_modified": found.last_modified}
        if not any(fields.values()) or found.final_url != _final(copy):
            return
        with writing(self.opened.folder):
            set_item(
                self.opened.folder / "documents" / f"{target.document.key}.toml",
                "copy",
                lambda one: one.get("sha256") == copy.sha256 and one.get("url") == copy.url,
                {name: value for name, value in fields.items() if value},
            )

    def _keep(self, found: Fetched, told: Watched, anchors: dict[str, Checked]) -> None:
        """Write what is to be looked at again, then the copy, then where quotes stand in it: a run
        that is killed between two of them finds the same once more."""
        if not self.write or told.copy is None:
            return
        key, folder = told.document, self.opened.folder
        self.opened.library.add(found.data)
        with writing(folder) as current, unbroken():
            keep_rechecks(current, told.rechecks)
            if all(one.sha256 != told.copy.sha256 for one in current.document(key).copies):
                list_copy(folder / "documents" / f"{key}.toml", told.copy, fills=False)
            if anchors:
                write_anchors(open_audit(folder), anchors)


def watch(watching: Watching, wanted: Sequence[Target]) -> Iterator[Watched]:
    """Look at one address after another; a failure never stops the rest."""
    for target in wanted:
        now = Target(watching.opened.document(target.document.key), target.copy)
        told = watching.look(now)
        yield told
        if told.copy is not None and watching.write:
            watching = replace(watching, opened=open_audit(watching.opened.folder))


def _anchored(changed: Changed, layer: TextLayer) -> Iterator[tuple[str, Checked]]:
    """The quotes that stand in a new version at a place that is certain, with an anchor there."""
    for id_, one in changed.quotes:
        if one.change.is_loss or not one.spans:
            continue
        segments = tuple(places(layer, span) for span in one.spans)
        anchor = Anchor(id_, changed.new.sha256, layer.sha256, layer.extractor, one.state, segments)
        yield id_, Checked(id_, changed.document, one.state, anchor)


def _final(copy: Copy) -> str:
    """The address that gave the bytes of a copy, at the end of all redirects."""
    return copy.via[-1] if copy.via else copy.url


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
