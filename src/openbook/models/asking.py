"""A question to a language model, its answer, and what can go wrong in between.

::

    ModelError
      UnusableError        nothing this model is asked will be answered: stop asking
        UnreachableError   no connection was made, so nothing was asked

Every message is for a person: what is wrong with which server, and what to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class ModelError(Exception):
    """The root: a question that got no answer."""


class UnusableError(ModelError):
    """A server or recording from which no other question would get an answer either."""


class UnreachableError(UnusableError):
    """A server to which no connection was made."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is sent to a model, and all that a recorded answer is found again by."""

    model: str
    system: str
    """What we want of it."""
    user: str
    """The question and the documents."""
    schema: Mapping[str, Any]
    """JSON schema of the answer."""
    nonce: str
    """The random mark around documents; drawn anew each time, so it identifies nothing."""
    max_tokens: int = 4096
    """The length of the answer, at most."""

    @property
    def sha256(self) -> str:
        """A hash of what was asked, the same whatever the random mark was."""
        what = [self.model, self.system, self.user, self.max_tokens, self.schema]
        text = json.dumps(what, sort_keys=True, ensure_ascii=False).replace(self.nonce, "NONCE")
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    text: str
    model: str = ""
    """The model as the server names it, with the server's fingerprint of it."""
    endpoint: str = ""
    """Host and port of the server."""
    tokens_in: int | None = None
    """None where the server does not count."""
    tokens_out: int | None = None
    is_cut: bool = False
    """Whether it ended because it grew too long."""
    is_replayed: bool = False


Ask = Callable[[Asked], Answer]
"""Gets an answer or raises :class:`ModelError`."""
