"""Politeness towards the hosts that documents are asked of."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Pause = Callable[[float], object]


@dataclass
class Pace:
    """Keeps us from asking a host too often, and from asking one that wants to be left alone."""

    delay: float
    """Seconds between two requests to one host."""
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
