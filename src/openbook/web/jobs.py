"""What takes longer than a page may: fetching a document, reading one that was sent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

AT_ONCE = 2
KEPT = 200

Report = Callable[[int, int | None], None]
"""Told the bytes so far and, where known, the bytes in all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job came to, in words."""

    is_good: bool
    words: str


@dataclass(frozen=True, slots=True)
class Job:
    """Something being done."""

    what: str
    done: int = 0
    total: int | None = None
    outcome: Outcome | None = None
    """None while it is being done."""


@dataclass
class Jobs:
    """What is being done, and how what was done last ended, by name."""

    _all: dict[str, Job] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, name: str) -> Job | None:
        """The last job of this name."""
        return self._all.get(name)

    def start(self, name: str, what: str, work: Callable[[Report], Outcome]) -> bool:
        """Begin a job in a thread of its own; False where this one, or too many, are under way."""
        with self._lock:
            running = [key for key, job in self._all.items() if job.outcome is None]
            if name in running or len(running) >= AT_ONCE:
                return False
            while len(self._all) >= KEPT:
                self._all.pop(next(key for key in self._all if key not in running))
            self._all[name] = Job(what)
        threading.Thread(target=self._run, args=(name, work), daemon=True).start()
        return True

    def _run(self, name: str, work: Callable[[Report], Outcome]) -> None:
        def report(done: int, total: int | None) -> None:
            self._all[name] = replace(self._all[name], done=done, total=total)

        outcome = Outcome(False, "This is a fault of the room. Its log says more.")
        try:
            outcome = work(report)
        finally:
            self._all[name] = replace(self._all[name], outcome=outcome)
