"""A reading room as a process of its own, with people who have come in."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from openbook.audit.opened import open_audit
from openbook.core.review import CellId
from openbook.files.edit import append_table
from openbook.files.write import toml_table
from openbook.web import people
from openbook.web.people import Role
from openbook.web.store import Store

STARTED = re.compile(r"Reading room: http://127\.0\.0\.1:(\d+)")


class Answer(NamedTuple):
    """What the room answered."""

    status: int
    body: str
    seconds: float


class Member(NamedTuple):
    """An auditor with a session."""

    id: str
    cookie: str


def settle_in(folder: Path, state: Path, count: int) -> list[Member]:
    """Make so many auditors, each with a session and with every release to judge."""
    store = Store(state)
    now = people.clock()
    members = []
    for number in range(count):
        with store.writing() as db:
            token = people.invite(db, Role.AUDITOR, "the bench", now)
        person, session = people.join(store, token, f"Auditor {number:02}", "", now, "2026-01-01")
        members.append(Member(person.auditor, session))
        fields = {"id": person.auditor, "name": person.name, "kind": "person"}
        append_table(folder / "audit.toml", toml_table("[[auditor]]", fields))
    releases = open_audit(folder).audit.releases
    with store.writing() as db:
        for release in releases:
            for member in members:
                db.execute(
                    "INSERT INTO assignments VALUES (?, ?, 'the bench', '2026-01-01')",
                    (str(release.id), member.id),
                )
    store.close()
    return members


class Served:
    """A room that answers; use as a context manager. ``kill`` ends it as a power cut would."""

    def __init__(self, folder: Path, state: Path, *options: str) -> None:
        self.command = [
            *(sys.executable, "-m", "openbook.cli.main", "serve", str(folder)),
            *("--port", "0", "--state", str(state), *options),
        ]
        self.process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Served:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = STARTED.match(line)
        if found is None:
            raise RuntimeError(f"the room did not start: {line!r}")
        self.port = int(found[1])
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self.visit("/login").status:
                    return
            time.sleep(0.02)
        raise RuntimeError("the room does not answer")

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    @property
    def memory(self) -> int:
        """Bytes of memory of the server and of what it started."""
        assert self.process is not None
        return sum(_resident(one) for one in (self.process.pid, *_children(self.process.pid)))

    def visit(self, path: str, member: Member | None = None) -> Answer:
        """Ask for a page."""
        return self._send("GET", path, member, None, "")

    def send(self, path: str, member: Member, csrf: str, form: dict[str, str]) -> Answer:
        """Send a form, as the page's script does."""
        return self._send("POST", path, member, form, csrf)

    def csrf(self, member: Member) -> str:
        """What forms of this member must carry."""
        found = re.search(r'name="csrf" content="([0-9a-f]+)"', self.visit("/", member).body)
        assert found is not None
        return found[1]

    def _send(
        self, method: str, path: str, member: Member | None, form: dict[str, str] | None, csrf: str
    ) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        if member is not None:
            headers["Cookie"] = f"openbook-{self.port}={member.cookie}"
        if csrf:
            headers["X-CSRF"] = csrf
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            response = connection.getresponse()
            body = response.read().decode("utf-8", "replace")
            return Answer(response.status, body, time.perf_counter() - started)
        finally:
            connection.close()


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(one) for one in path.read_text().split()] if path.exists() else []
    return [*found, *(one for child in found for one in _children(child))]


def _resident(pid: int) -> int:
    """Proportional memory of a process: what is shared with others counts in part."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


@contextlib.contextmanager
def bundled_copy() -> Iterator[tuple[Path, Path]]:
    """A copy of the bundled audit to work in, and a folder for the room's state."""
    from openbook.audit.new import copy_audit

    with tempfile.TemporaryDirectory() as folder:
        copy_audit(Path(folder) / "audit", "decoding-alignment")
        yield Path(folder) / "audit", Path(folder) / "state"


def cell_path(cell: CellId) -> str:
    """The address of a cell."""
    return f"/cell/{cell.release.initiative}/{cell.release.release}/{cell.keyword}"
