"""The room: one audit being served, and what a viewer may see of it."""

from __future__ import annotations

import datetime as dt
import os
import re
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from openbook.audit.opened import Opened, open_audit
from openbook.core.draft import sealed
from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.progress import Part, Work, graded_cells, hidden_from
from openbook.core.review import Auditor
from openbook.files.library import PRIVATE_FOLDER, default_root
from openbook.web import drafts
from openbook.web.checks import Checks
from openbook.web.jobs import Jobs
from openbook.web.pages import Pages
from openbook.web.people import Person, Role
from openbook.web.store import Store

FRESH = 0.5
"""Seconds for which the folder is not looked at again."""


@dataclass(frozen=True)
class Settings:
    """How a room is served."""

    folder: Path
    state: Path
    origins: tuple[str, ...]
    """The addresses it is reached by, such as ``http://127.0.0.1:8000``."""
    is_team: bool = False
    """Whether people log in; otherwise one person works alone on this machine."""
    is_public: bool = False
    """Whether anybody may read what is settled, and propose corrections."""
    alone: str = ""
    """The auditor who works alone."""

    @property
    def is_secure(self) -> bool:
        """Whether it is reached by https alone, so that cookies may ask for it."""
        return all(one.startswith("https://") for one in self.origins)


@dataclass(frozen=True)
class Viewer:
    """Who is looking."""

    person: Person | None
    token: str = ""
    """Of the session, or of an anonymous visit."""
    address: str = ""

    @property
    def role(self) -> Role:
        """What the viewer may do; anybody may at most read."""
        return self.person.role if self.person else Role.READER

    @property
    def auditor(self) -> str:
        """Under which key the viewer judges; empty where not at all."""
        return self.person.auditor if self.person else ""

    @property
    def who(self) -> str:
        """How the act log names the viewer."""
        return self.person.id if self.person else f"visitor {self.address}"


@dataclass
class Room:
    """What every page needs. The audit is read again when a file of it changes."""

    settings: Settings
    store: Store
    pages: Pages = field(default_factory=Pages, init=False)
    """Pictures and lines of documents' pages."""
    checks: Checks = field(default_factory=Checks, init=False)
    jobs: Jobs = field(default_factory=Jobs, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _opened: Opened | None = field(default=None, init=False)
    _sealed_of: Opened | None = field(default=None, init=False)
    _sealed: dict[tuple[frozenset[ReleaseId], str], Opened] = field(
        default_factory=dict, init=False
    )
    """The audit as several viewers see it, until a file of it changes: each page needs it."""
    _seen: tuple[tuple[str, int, int], ...] = field(default=(), init=False)
    _looked: float = field(default=0.0, init=False)

    @property
    def folder(self) -> Path:
        """The audit's folder."""
        return self.settings.folder

    def opened(self) -> Opened:
        """The whole audit, unsealed: for what writes, never for what is shown. Raises
        :class:`openbook.audit.opened.AuditError`."""
        with self._lock:
            if self._opened is not None and time.monotonic() - self._looked < FRESH:
                return self._opened
            seen = _stamps(self.folder)
            if self._opened is None or seen != self._seen:
                self._opened = open_audit(self.folder)
                self._seen = seen
            self._looked = time.monotonic()
            return self._opened

    def forget(self) -> None:
        """Read the audit anew at the next look: something was written."""
        with self._lock:
            self._looked = 0.0
            self._seen = ()

    def without_paths(self, text: str) -> str:
        """A message without where on this machine things are kept, and without advice that is for
        the command line."""
        roots = {
            self.folder: "the audit",
            self.settings.state: "the room's data",
            default_root(): "the library",
        }
        for root, name in roots.items():
            for path in {str(root.resolve()), str(root.absolute())}:
                text = text.replace(f"{path}{os.sep}", "").replace(path, name)
        return without_flags(text)

    def seen_by(self, viewer: Viewer) -> Opened:
        """The audit without what the viewer must not know yet. Where anything is hidden, so are
        faults of files, which cite them."""
        hidden = self.sealed_for(viewer)
        opened = self.opened()
        if not hidden:
            return opened
        return self.without(opened, hidden, viewer.auditor)

    def without(self, opened: Opened, hidden: frozenset[ReleaseId], auditor: str) -> Opened:
        """The audit without what anybody but this auditor judged of some releases."""
        with self._lock:
            if self._sealed_of is not opened:
                self._sealed_of, self._sealed = opened, {}
            of_this = self._sealed
        kept = of_this.get((hidden, auditor))
        if kept is None:
            audit = sealed(opened.audit, hidden, auditor)
            anchors = {id_: one for id_, one in opened.anchors.items() if id_ in audit.evidence}
            kept = replace(opened, audit=audit, anchors=anchors, problems=())
            of_this[hidden, auditor] = kept
        return kept

    def sealed_for(self, viewer: Viewer) -> frozenset[ReleaseId]:
        """The releases of which the viewer is shown no judgement but the own one; see
        :func:`openbook.core.progress.hidden_from`."""
        own = drafts.signs(self.store, viewer.auditor) if viewer.auditor else {}
        work = Work(assignments(self.store), submissions(self.store), own)
        return hidden_from(work, viewer.auditor, sees_all=viewer.role.may(Role.EDITOR))

    def work(self) -> Work:
        """How far everybody is. It holds no word and no grade, yet whom to tell what of it is for
        its caller to mind."""
        graded = graded_cells(self.opened().audit)
        return Work(
            assignments(self.store), submissions(self.store), drafts.signs(self.store), graded
        )

    def auditor(self, viewer: Viewer, opened: Opened) -> Auditor | None:
        """The auditor of audit.toml as whom the viewer judges."""
        return opened.audit.auditor(viewer.auditor) if viewer.auditor else None


_FLAG = r"--[a-z][a-z-]*"
_ADVICE = re.compile(
    rf"[;:,]\s(?:[^;:\n]*\s)?{_FLAG}[^;\n]*"  # "; --allow-private fetches from such addresses"
    rf"|[;,]?\s(?:with|by|or record|or name)\s(?:`[^`\n]*)?{_FLAG}[^;\n]*"
    rf"|\s\([^()\n]*{_FLAG}[^()\n]*\)"
    rf"|[;:,]\s`[^`\n]*{_FLAG}[^`\n]*`[^;\n]*"
)


def without_flags(text: str) -> str:
    """A message without the parts that name options of the command line: nobody can give them
    here."""
    return _ADVICE.sub("", text)


def assignments(store: Store) -> dict[ReleaseId, tuple[str, ...]]:
    """Which auditors are to judge each release."""
    found: dict[ReleaseId, tuple[str, ...]] = {}
    for row in store.rows("SELECT release, auditor FROM assignments ORDER BY rowid"):
        release = parse_release_id(row["release"])
        if release is not None:
            found[release] = (*found.get(release, ()), row["auditor"])
    return found


def submissions(store: Store, release: ReleaseId | None = None) -> dict[Part, bool]:
    """Who has submitted a release, or any, in order, and whether it is in the files yet."""
    where, values = ("WHERE release = ?", (str(release),)) if release else ("", ())
    rows = store.rows(
        f"SELECT release, auditor, written FROM submissions {where} ORDER BY at, rowid",  # noqa: S608
        values,
    )
    parts = ((parse_release_id(row["release"]), row) for row in rows)
    return {Part(id_, row["auditor"]): row["written"] is not None for id_, row in parts if id_}


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Size and time of every file of an audit: a change of any shows."""
    found = []
    for path in sorted(folder.rglob("*.*l*")):
        if path.suffix in (".toml", ".jsonl") and PRIVATE_FOLDER not in path.parts:
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(found)


def utc_now() -> dt.datetime:
    """The time of an act."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
