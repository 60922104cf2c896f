"""The reading room under load: twenty auditors who save at once, and a server that is killed.

What was acknowledged must be there afterwards, word for word and under the right name.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.served import Answer, Member, Served, bundled_copy, cell_path, settle_in
from bench.viewing import joined
from openbook.audit.opened import open_audit
from openbook.core.draft import Draft
from openbook.core.initiative import ReleaseId
from openbook.core.questionnaire import Questionnaire
from openbook.core.review import CellId, PointState
from openbook.web import drafts
from openbook.web.store import Store

AUDITORS = 20
SECONDS = 60.0
KILLS = 50
PAUSE = 0.05
"""Seconds between an answer and the next save."""


@dataclass
class Writer:
    """An auditor at work in cells of one's own choice, and what the room acknowledged."""

    member: Member
    cells: list[CellId]
    kept: dict[CellId, str] = field(default_factory=dict)
    """The last answer acknowledged, by cell."""
    asked: dict[CellId, str] = field(default_factory=dict)
    """The last answer sent, which may have been kept although nobody heard of it."""
    versions: dict[CellId, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    count: int = 0

    def save(self, room: Served, csrf: str, cell: CellId) -> bool:
        """Save once; whether it was acknowledged."""
        self.count += 1
        answer = f"{self.member.id} {cell} {self.count} {'word ' * random.randint(1, 80)}".strip()
        form = {
            "version": str(self.versions.get(cell, 0)),
            "answer": answer,
            "reason": f"reason of {self.member.id}",
        }
        self.asked[cell] = answer
        got = room.send(f"{cell_path(cell)}/save", self.member, csrf, form)
        if got.status != 200:
            self.refused.append(got)
            return False
        self.seconds.append(got.seconds)
        self.kept[cell] = answer
        self.versions[cell] = saved_version(got)
        return True


def saved_version(answer: Answer) -> int:
    """The number of the change that was kept."""
    return int(json.loads(answer.body)["version"])


def lost(state: Path, writers: list[Writer], *, is_exact: bool) -> list[str]:
    """What was acknowledged and is not there as it was sent. After a kill the last answer sent may
    be there instead of the last acknowledged: the room kept it and could not say so."""
    store = Store(state)
    found = []
    for writer in writers:
        there = drafts.all_of(store, writer.member.id)
        for cell, answer in writer.kept.items():
            now = there[cell].draft.answer if cell in there else "nothing"
            allowed = {answer} if is_exact else {answer, writer.asked[cell]}
            if now not in allowed:
                found.append(f"{writer.member.id} {cell}: {answer[:40]!r} became {now[:40]!r}")
    store.close()
    return found


@dataclass(frozen=True)
class Loaded:
    """What twenty auditors saw."""

    saves: int
    seconds: float
    median: float
    p95: float
    most: float
    refused: int
    lost: int
    megabytes: float


def load(seconds: float = SECONDS, auditors: int = AUDITORS, pause: float = PAUSE) -> Loaded:
    """Let auditors save at once, each as quickly as the room answers and ``pause`` more."""
    with bundled_copy() as (folder, state):
        members = settle_in(folder, state, auditors)
        cells = list(open_audit(folder).audit.cells)
        writers = [Writer(one, random.sample(cells, 3)) for one in members]
        with Served(folder, state, "--team") as room:
            until = time.monotonic() + seconds
            threads = [
                threading.Thread(target=_work, args=(one, room, until, pause)) for one in writers
            ]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
            memory = room.memory
        times = sorted(one for writer in writers for one in writer.seconds)
        return Loaded(
            len(times),
            seconds,
            statistics.median(times),
            times[int(0.95 * len(times))],
            times[-1],
            sum(len(one.refused) for one in writers),
            len(lost(state, writers, is_exact=True)),
            memory / 1e6,
        )


def _work(writer: Writer, room: Served, until: float, pause: float) -> None:
    csrf = room.csrf(writer.member)
    while time.monotonic() < until:
        writer.save(room, csrf, random.choice(writer.cells))
        time.sleep(pause)


@dataclass(frozen=True)
class Killed:
    """What was left after so many kills."""

    kills: int
    saves: int
    lost: int
    half_written: int


def kills(count: int = KILLS, auditors: int = 4) -> Killed:
    """Kill the room at random moments while auditors save, and look each time at what is left."""
    with bundled_copy() as (folder, state):
        members = settle_in(folder, state, auditors)
        cells = list(open_audit(folder).audit.cells)
        writers = [Writer(one, random.sample(cells, 3)) for one in members]
        gone = broken = 0
        for number in range(count):
            room = Served(folder, state, "--team")
            room.start()
            stop = threading.Event()
            threads = [threading.Thread(target=_until, args=(one, room, stop)) for one in writers]
            before = sum(len(one.seconds) for one in writers)
            for one in threads:
                one.start()
            while sum(len(one.seconds) for one in writers) < before + auditors:
                time.sleep(0.01)  # they are at it
            time.sleep(random.uniform(0.0, 0.4))
            room.kill()
            stop.set()
            for one in threads:
                one.join()
            gone += len(lost(state, writers, is_exact=False))
            broken += len(open_audit(folder).problems)
            _take_up(state, writers)
            _tell(f"killed {number + 1} of {count}")
        return Killed(count, sum(len(one.seconds) for one in writers), gone, broken)


@dataclass(frozen=True)
class Opened:
    """What became of releases while whose files were written the room was killed."""

    kills: int
    during: int
    """How many of them left a release half done, which the next start had to finish."""
    lost: int
    """Judgements submitted that are in no file in the end, or not as they were submitted."""
    half_written: int
    """Faults that the audit's files had, before or after the next start."""


def openings(most: int | None = None) -> Opened:
    """Kill the room while it writes what two auditors submitted, for each release of the bundled
    audit or the first of them; start it again; and compare the files with what was submitted."""
    with bundled_copy() as (folder, state):
        first, second = settle_in(folder, state, 2)
        audit = open_audit(folder).audit
        during = gone = broken = 0
        for release in audit.releases[:most]:
            said = _all_judged(state, (first, second), release.id, audit.questionnaire)
            path = f"/release/{release.id}/submit"
            with Served(folder, state, "--team") as room:
                tokens = {one: room.csrf(one) for one in (first, second)}
                room.send(path, first, tokens[first], {"go": "1"})
                last = threading.Thread(target=_submit, args=(room, path, second, tokens[second]))
                last.start()
                time.sleep(random.uniform(0.02, 0.5))
                room.kill()
                last.join()
            broken += len(open_audit(folder).problems)
            store = Store(state)
            waiting = "SELECT 1 FROM submissions WHERE release = ? AND written IS NULL"
            is_both = len(store.rows(waiting, (str(release.id),))) == 2
            is_begun = any(
                (folder / "reviews" / one.id).glob(f"{release.id}.toml") for one in (first,)
            )
            during += is_both and is_begun
            store.close()
            with Served(folder, state, "--team") as room:
                room.send(path, second, room.csrf(second), {"go": "1"})
            after = open_audit(folder)
            broken += len(after.problems)
            kept = {
                (review.auditor, keyword): judgement.answer
                for review in after.audit.reviews
                if review.release == release.id
                for keyword, judgement in review.cells.items()
            }
            gone += sum(kept.get(key) != answer for key, answer in said.items())
            _tell(f"killed while opening {release.id}")
        return Opened(len(audit.releases[:most]), during, gone, broken)


def _all_judged(
    state: Path, members: tuple[Member, ...], release: ReleaseId, asked: Questionnaire
) -> dict[tuple[str, str], str]:
    """Drafts of every cell of a release; their answers by auditor and keyword."""
    store = Store(state)
    said = {}
    for member in members:
        for question in asked.questions:
            answer = f"{member.id} finds nothing on {question.keyword} of {release}."
            points = {point.key: PointState.ABSENT for point in question.points}
            draft = Draft(points=points, answer=answer, grade=0, reason="Read, and not told.")
            cell = CellId(release, question.keyword)
            drafts.save(store, member.id, cell, draft, 0, "2026-01-01T00:00:00", member.id)
            said[member.id, question.keyword] = answer
    store.close()
    return said


def _submit(room: Served, path: str, member: Member, csrf: str) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        room.send(path, member, csrf, {"go": "1"})


@dataclass(frozen=True)
class Long:
    """A long PDF, opened in the room."""

    pages: int
    first: float
    """Seconds until the reading page, the document's shape, and picture and lines of its first page
    are there; the median of several rooms, each just started."""
    megabytes: float
    """Memory of the room and its processes after looking at every tenth page."""


def long_document(folder_of_pdfs: Path, runs: int = 3) -> Long:
    """Open a PDF of at least 300 pages in rooms that were just started."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "long.pdf"
        joined(folder_of_pdfs, path)
        folder, state = Path(place) / "audit", Path(place) / "state"
        for command in (
            ("audit", "new", folder, "--title", "Long", "--auditor", "Ana Ruiz"),
            ("audit", "add", folder, path, "--initiative", "acme", "--release", "1"),
        ):
            subprocess.run(
                [sys.executable, "-m", "openbook.cli.main", *map(str, command)],
                check=True,
                capture_output=True,
            )
        audit = open_audit(folder).audit
        cell = next(audit.cells)
        sha256 = next(iter(audit.documents.values())).hashed[0].sha256
        times, most, pages = [], 0.0, 0
        for _ in range(runs):
            with Served(folder, state) as room:
                started = time.perf_counter()
                shape = [room.visit(cell_path(cell)), room.visit(f"/copy/{sha256}")][1]
                room.visit(f"/copy/{sha256}/page/1.webp?w=800")
                room.visit(f"/copy/{sha256}/page/1")
                times.append(time.perf_counter() - started)
                pages = sum(count for _, _, count in json.loads(shape.body)["sizes"])
                for number in range(1, pages, 10):
                    room.visit(f"/copy/{sha256}/page/{number}.webp?w=1200")
                    room.visit(f"/copy/{sha256}/page/{number}")
                most = max(most, room.memory / 1e6)
        return Long(pages, statistics.median(times), most)


def _until(writer: Writer, room: Served, stop: threading.Event) -> None:
    """Save until the room is gone."""
    try:
        csrf = room.csrf(writer.member)
        while not stop.is_set():
            writer.save(room, csrf, random.choice(writer.cells))
    except (OSError, http.client.HTTPException):
        return  # killed in the middle of an answer


def _take_up(state: Path, writers: list[Writer]) -> None:
    """Go on from what the room kept, as a page loaded anew does."""
    store = Store(state)
    for writer in writers:
        for cell, saved in drafts.all_of(store, writer.member.id).items():
            writer.versions[cell] = saved.version
            writer.kept[cell] = writer.asked[cell] = saved.draft.answer
    store.close()


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr)
