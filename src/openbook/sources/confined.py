"""One confined process that answers requests: started when needed, killed when it fails.

What it answers is bytes of a stranger, since a hostile document may have taken it over: frames of
one byte for the kind, four for the length, then the body. Whoever reads them checks them.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import NamedTuple

_HEAD = struct.Struct(">cI")
_PART = 1 << 20


class ConfinedError(Exception):
    """The process gives no answer; it has to be stopped."""


class NotStartedError(ConfinedError):
    """It could not be started."""


class LateError(ConfinedError):
    """It took longer than it may."""


class CrashError(ConfinedError):
    """It ended; the message says how, such as ``SIGSEGV``."""


class NonsenseError(ConfinedError):
    """It answered what our own code does not answer."""


class TooLargeError(ConfinedError):
    """A body is announced that is larger than it may be."""

    def __init__(self, kind: bytes) -> None:
        super().__init__(kind)
        self.kind = kind


class Frame(NamedTuple):
    """One piece of an answer."""

    kind: bytes
    body: bytearray


@dataclass
class Confined:
    """A process running one of our worker modules, which confines itself before it reads."""

    module: str
    """Such as ``openbook.sources.pdf_worker``."""
    memory: int
    """Bytes of address space it may take, where the system enforces it."""
    process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, object]) -> None:
        """Send a request, to a new process where none runs. Raises :class:`NotStartedError`."""
        try:
            if self.process is None or self.process.poll() is not None:
                self.stop()
                self.process = start(self.module, self.memory)
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError as error:
            raise NotStartedError(self.module) from error

    def frame(self, deadline: float, most: int) -> Frame:
        """The next frame, its body of at most ``most`` bytes, until ``deadline`` on the monotonic
        clock. Raises :class:`ConfinedError`."""
        kind, length = _HEAD.unpack(self._read(_HEAD.size, deadline))
        if length > most:
            raise TooLargeError(kind)
        return Frame(kind, self._read(length, deadline))

    def _read(self, size: int, deadline: float) -> bytearray:
        assert self.process is not None
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        # Grown as the bytes come: a length alone must not make us take memory.
        found = bytearray()
        while len(found) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not _has_more(pipe, left):
                raise LateError
            part = os.read(pipe, min(size - len(found), _PART))
            if not part:
                raise self._end()
            found += part
        return found

    def _end(self) -> ConfinedError:
        assert self.process is not None
        try:
            code = self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return NonsenseError()
        how = f"signal {-code}" if code < 0 else f"status {code}"
        with contextlib.suppress(ValueError):
            how = signal.Signals(-code).name
        return CrashError(how)

    def stop(self) -> None:
        """Kill the process, if there is one; what is left in its pipe belongs to no request."""
        if self.process is None:
            return
        process, self.process = self.process, None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait(timeout=10)


def _has_more(pipe: int, seconds: float) -> bool:
    """Whether bytes or the end come in time."""
    # Not select(), which knows no file numbers from 1024 on: a server may have as many.
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return bool(waiting.poll(math.ceil(1000 * seconds)))


def start(module: str, memory: int) -> subprocess.Popen[bytes]:
    """The process: it inherits no environment, and confines itself before it reads."""
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-I", "-m", module, str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        env={},
    )
