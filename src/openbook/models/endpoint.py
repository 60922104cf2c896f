"""Any server that speaks OpenAI's chat completions, near or far.

The server is of the user's choosing, so private and loopback addresses are allowed, unlike when
documents are fetched. Its answers are not trusted: they are limited in size and time and checked.
The key is read from the environment when it is sent, and is in no message and no file.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from openbook import __version__
from openbook.models.asking import Answer, Asked, ModelError, UnreachableError, UnusableError
from openbook.models.wire import Way, body_within, completion, time_limit, trust

KEY = "OPENBOOK_MODEL_KEY"
"""The environment variable that holds the key, where the server wants one."""
RETRIES = 2
"""How often a question is asked again after a fault that may pass."""
MAX_WAIT = 20
"""Seconds we wait at most when a server asks us to come back later."""
PASSING = (429, 502, 503, 504)
"""What a server answers that is busy. Not 500, and no broken answer: what was worked on may cost,
and is not asked for twice."""
NOT_UNDERSTOOD = (400, 404, 415, 422, 500, 501)
"""What servers answer to a parameter that they do not know."""


@dataclass
class Endpoint:
    """One model of one server. Call it with a question."""

    url: str
    """Base address, such as ``http://127.0.0.1:8080/v1``."""
    seconds: float = 300
    """For an answer, in all."""
    pause: Callable[[float], None] = time.sleep
    """Waits for some seconds before a question is asked again."""
    _way: Way = field(default_factory=Way)
    """The way of asking that the server is known to understand; found by trying."""
    host: str = field(init=False)

    def __post_init__(self) -> None:
        self.host = _host(self.url)

    def __call__(self, question: Asked) -> Answer:
        """The answer. Raises :class:`ModelError`."""
        way: Way | None = self._way
        while way is not None:
            response = self._patiently(way.body(question))
            if response.status == httpx.codes.OK:
                self._way = way
                return completion(response.data, self.host)
            way = way.after(response.data) if response.status in NOT_UNDERSTOOD else None
        raise self._refused(response)

    def _patiently(self, body: Mapping[str, Any]) -> _Response:
        """The response, asked for again while the server is busy or cannot be reached."""
        for attempt in range(RETRIES + 1):
            wait = 0.0
            try:
                response = self._once(body)
                if response.status not in PASSING or attempt == RETRIES:
                    return response
                wait = response.wait
            except UnreachableError:
                if attempt == RETRIES:
                    raise
            self.pause(max(wait, 0.5 * 2**attempt))
        raise AssertionError("the last attempt returns or raises")

    def _once(self, body: Mapping[str, Any]) -> _Response:
        key = self._key()
        headers = {"User-Agent": f"openbook/{__version__}", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        address = f"{self.url.rstrip('/').removesuffix('/chat/completions')}/chat/completions"
        with (
            self._told(key),
            time_limit(self.seconds) as trace,
            httpx.Client(trust_env=False, verify=trust()) as client,
            client.stream(
                "POST",
                address,
                json=body,
                headers=headers,
                timeout=httpx.Timeout(self.seconds, connect=min(10, self.seconds)),
                extensions={"trace": trace},
            ) as response,
        ):
            data = body_within(response).decode("utf-8", "replace")
            return _Response(response.status_code, _hidden(key, data), _wait(response))

    @contextlib.contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Faults of httpx as faults of this server, without the key."""
        started = time.monotonic()
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            why = _hidden(key, str(error)) or "no answer"
            message = f"{self.host} cannot be reached ({why}): is the server running?"
            raise UnreachableError(message) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            is_late = isinstance(error, httpx.TimeoutException)
            if is_late or time.monotonic() - started >= self.seconds:
                raise ModelError(
                    f"{self.host}: no answer within {self.seconds:g} s; show fewer passages with "
                    "-n, or wait longer with --seconds"
                ) from None
            why = _hidden(key, str(error)) or type(error).__name__
            raise ModelError(f"{self.host}: {why}") from None

    def _key(self) -> str:
        key = os.environ.get(KEY, "").strip()
        if not key:
            return ""
        if not (key.isascii() and key.isprintable()):
            raise UnusableError(f"{KEY} holds characters that no key has")
        if urlsplit(self.url).scheme == "http" and not _is_loopback(self.url):
            raise UnusableError(
                f"{self.host} is asked without encryption, which would show {KEY} to the network: "
                f"use https, or unset {KEY}"
            )
        return key

    def _refused(self, response: _Response) -> ModelError:
        status, said = response.status, _said(response.data)
        told = f"{self.host} answers {status}" + (f": {said}" if said else "")
        if status in (401, 403):
            hint = "is the key right?" if os.environ.get(KEY) else "it wants a key."
            return UnusableError(f"{told} ({hint} {KEY} holds it)")
        if status == 404:
            return UnusableError(
                f"{told} (is there such a model, and does the address end in /v1?)"
            )
        if 300 <= status < 400:
            return UnusableError(f"{told}: it sends us elsewhere; give the address it leads to")
        return ModelError(told)


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    data: str
    wait: float


def _hidden(key: str, text: str) -> str:
    """``text`` without the key, should a server repeat it."""
    return text.replace(key, "[key]") if key else text


def _host(url: str) -> str:
    """Host and port of an address. Raises :class:`UnusableError` for what is no base address."""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise UnusableError(f"{url!r} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not name:
        raise UnusableError(f"{url!r} is no address; write one such as http://127.0.0.1:8080/v1")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UnusableError(
            f"the address of {name} has a user, a query or a fragment; leave it out, and put a "
            f"key into {KEY}"
        )
    return f"{name}:{port}" if port is not None else name


def _is_loopback(url: str) -> bool:
    name = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _wait(response: httpx.Response) -> float:
    """The seconds a server asks us to wait."""
    said = response.headers.get("retry-after", "")
    return min(MAX_WAIT, int(said)) if re.fullmatch("[0-9]{1,9}", said) else 0


def _said(data: str) -> str:
    """What a server says of an error, on one line, without what a terminal would obey."""
    plain = "".join(char if char.isprintable() else " " for char in data[:2000])
    message = re.search(r'"message"\s*:\s*"((?:[^"\\]|\\.)*)"', plain)
    return " ".join((message[1] if message else plain).split())[:300]
