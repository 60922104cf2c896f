"""Passwords: kept as argon2id hashes, never as such."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
AT_ONCE, WAIT = 3, 5.0
"""How many are hashed at once, and for how many seconds others wait: each takes 64 MB."""

_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody's password, for taking as long as with somebody's")
_turns = threading.BoundedSemaphore(AT_ONCE)


class LoginError(Exception):
    """A login that is refused; the message tells no more than it has to."""


class TooManyError(LoginError):
    """Too many tries; carries after how many seconds another may be made."""

    def __init__(self, wait: float) -> None:
        super().__init__("too many tries")
        self.wait = wait


def hash_of(password: str) -> str:
    """What is kept of a password. Raises :class:`LoginError` for one too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise LoginError(
            f"a password has {SHORTEST} to {LONGEST} characters; "
            "or leave it empty and come in by links"
        )
    with _turn():
        return _hasher.hash(_plain(password))


def is_right(hash_: str, password: str) -> bool:
    """Whether a password is the one hashed; without a hash it takes as long, and is not."""
    with _turn():
        try:
            found = _hasher.verify(hash_ or _nobody, _plain(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return found and bool(hash_) and len(password) <= LONGEST


def _plain(password: str) -> str:
    """The same letters from every keyboard."""
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT):
        raise TooManyError(WAIT)
    try:
        yield
    finally:
        _turns.release()
