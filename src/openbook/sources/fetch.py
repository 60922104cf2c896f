"""Fetching a document over http(s), trusting neither the address nor the answer.

The host is resolved first, every address it has must be public, and the connection is made to an
address that was checked, so a name that changes its mind (DNS rebinding) changes nothing. For the
same reason proxies of the environment are not used: through one, nobody knows where we connect.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import hashlib
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urljoin

import certifi
import httpx

from openbook import __version__
from openbook.sources.errors import FetchError, RefusedError
from openbook.sources.hosts import NoHostError, Target, target_of

MAX_BYTES = 200 * 1024 * 1024
MAX_REDIRECTS = 8
RETRIES = 2
"""How often a fetch is tried again after a fault that may pass."""
MAX_WAIT = 20
"""Seconds we wait at most when a server asks us to come back later; one that asks for more is not
asked again."""

Progress = Callable[[int, int | None], None]
"""Called with the bytes so far and, where known, the bytes in all."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of an address, and how they were had."""

    url: str
    final_url: str
    redirects: tuple[str, ...]
    """The addresses on the way from ``url`` to ``final_url``, both left out."""
    data: bytes
    media_type: str
    """The Content-Type header, with its charset; empty where there is none."""
    sha256: str
    fetched_at: dt.datetime
    etag: str = ""
    last_modified: str = ""
    is_same: bool = False
    """Whether the server says that its bytes are still those we know: then there are no data."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a server said of bytes that we have, by which it can tell whether it has others."""

    url: str
    """The address at the end of all redirects: what was said holds for no other."""
    etag: str = ""
    last_modified: str = ""

    def conditions(self, url: str) -> dict[str, str]:
        """The headers that make a request for ``url`` conditional; none for another address."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value and url == self.url}


class _PassingFault(Exception):  # noqa: N818 - never leaves this file
    """A fault that may pass: worth another try after ``wait`` seconds."""

    def __init__(
        self, message: str, wait: float = 0, *, unreachable: bool = False, status: int = 0
    ) -> None:
        super().__init__(message)
        self.wait, self.unreachable, self.status = wait, unreachable, status

    def final(self, url: str) -> FetchError:
        """The error that it becomes where nobody tries again."""
        later = f"; it asks to be left alone for {self.wait:.0f} s" if self.wait > MAX_WAIT else ""
        return FetchError(
            f"{url}: {self}{later}",
            unreachable=self.unreachable,
            status=self.status,
            retry_after=self.wait,
        )


class _Deadline:
    """The time a fetch has in all. httpx limits each wait, not their sum, so a server that sends
    a byte now and then would hold us for ever: at the deadline the connection itself is cut."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds
        self.seconds = seconds
        self._stream: Any = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    @property
    def left(self) -> float:
        return self.at - time.monotonic()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by httpcore what it does; keeps the connection in use."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]

    def _cut(self) -> None:
        connection = self._stream.get_extra_info("socket") if self._stream else None
        if connection is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def over(self, url: str) -> FetchError:
        return FetchError(f"{url}: took longer than {self.seconds:g} s and was stopped")


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    progress: Progress | None = None,
    seconds: float = 120,
    max_bytes: int = MAX_BYTES,
    retries: int = RETRIES,
    known: Known | None = None,
) -> Fetched:
    """Fetch one address within ``seconds`` in all, redirects and retries included. With ``known``,
    a server may answer that its bytes are still those.

    Raises :class:`RefusedError` for what is not http(s) or not public, :class:`FetchError` for the
    rest; the message names the address.
    """
    with _Deadline(seconds) as deadline:
        for attempt in range(retries + 1):
            try:
                return _once(url, allow_private, progress, deadline, max_bytes, known)
            except _PassingFault as fault:
                if deadline.left <= 0:
                    raise deadline.over(url) from fault
                wait = max(fault.wait, 0.5 * 2**attempt)
                if attempt == retries or wait > MAX_WAIT or wait >= deadline.left:
                    raise fault.final(url) from fault
                time.sleep(wait)
    raise FetchError(f"{url}: not fetched")


def _once(
    url: str,
    allow_private: bool,
    progress: Progress | None,
    deadline: _Deadline,
    max_bytes: int,
    known: Known | None,
) -> Fetched:
    trail = [url]
    with httpx.Client(trust_env=False, verify=_trust(), follow_redirects=False) as client:
        while True:
            here = trail[-1]
            asked = known.conditions(here) if known else {}
            with _get(client, here, allow_private, deadline, asked) as response:
                if asked and response.status_code == httpx.codes.NOT_MODIFIED:
                    return replace(_fetched(trail, response, b""), sha256="", is_same=True)
                if not response.has_redirect_location:
                    data = _body(response, here, progress, deadline, max_bytes)
                    return _fetched(trail, response, data)
                location = response.headers["location"]
            if len(trail) > MAX_REDIRECTS:
                raise FetchError(f"{url}: redirected more than {MAX_REDIRECTS} times")
            trail.append(_joined(here, location))


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise FetchError(f"{url}: redirected to {location!r}, which is no address") from error


@contextlib.contextmanager
def _get(
    client: httpx.Client,
    url: str,
    allow_private: bool,
    deadline: _Deadline,
    asked: Mapping[str, str],
) -> Iterator[httpx.Response]:
    """A streamed response from a checked address, closed at the end of the block."""
    with contextlib.closing(_response(client, url, allow_private, deadline, asked)) as response:
        _require_success(response, url, is_conditional=bool(asked))
        yield response


def _response(
    client: httpx.Client,
    url: str,
    allow_private: bool,
    deadline: _Deadline,
    asked: Mapping[str, str],
) -> httpx.Response:
    """The answer of the first of the host's addresses that can be reached."""
    try:
        target = target_of(url, allow_private)
    except NoHostError as error:
        raise _PassingFault(str(error), unreachable=True) from error
    fault: httpx.HTTPError | None = None
    for address in target.addresses:
        if deadline.left <= 0:
            raise deadline.over(url)
        request = _request(client, target, address, deadline, asked)
        try:
            return client.send(request, stream=True)
        except httpx.HTTPError as error:
            fault = error
            if not _is_unreachable(error):
                break
    assert fault is not None
    raise _PassingFault(_describe(fault), unreachable=_is_unreachable(fault)) from fault


def _request(
    client: httpx.Client,
    target: Target,
    address: str,
    deadline: _Deadline,
    asked: Mapping[str, str],
) -> httpx.Request:
    """A request to one address that still speaks, and proves, the name of the host."""
    left = max(0.1, deadline.left)
    try:
        return client.build_request(
            "GET",
            target.at(address),
            headers={
                "Host": target.host,
                "User-Agent": f"openbook/{__version__}",
                "Accept": "application/pdf,text/html,text/markdown,text/plain,*/*;q=0.5",
                **asked,
            },
            timeout=httpx.Timeout(min(30, left), connect=min(10, left)),
            extensions={"sni_hostname": target.name, "trace": deadline.trace},
        )
    except httpx.InvalidURL as error:
        raise RefusedError(f"{target.url!r} is no address: {error}") from error


def _is_unreachable(error: httpx.HTTPError) -> bool:
    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)


def _describe(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__


def _require_success(response: httpx.Response, url: str, *, is_conditional: bool) -> None:
    status = response.status_code
    if response.has_redirect_location or status == httpx.codes.OK:
        return
    if is_conditional and status == httpx.codes.NOT_MODIFIED:
        return
    what = f"the server answers {status} {response.reason_phrase}".strip()
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        wait = _seconds(response.headers.get("retry-after", ""))
        raise _PassingFault(what, wait=wait, status=status)
    raise FetchError(f"{url}: {what}", status=status)


def _seconds(retry_after: str) -> float:
    """For how long a server asks to be left alone: it says seconds or a time of day; 0 where it
    says neither."""
    if re.fullmatch("[0-9]{1,9}", retry_after):
        return int(retry_after)
    try:
        at = email.utils.parsedate_to_datetime(retry_after[:64])
    except ValueError:
        return 0
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return max(0.0, (at - dt.datetime.now(dt.UTC)).total_seconds())


def _body(
    response: httpx.Response,
    url: str,
    progress: Progress | None,
    deadline: _Deadline,
    max_bytes: int,
) -> bytes:
    said = response.headers.get("content-length", "")
    total = int(said) if re.fullmatch("[0-9]{1,18}", said) else None
    too_large = f"{url}: larger than the limit of {max_bytes / (1 << 20):g} MB"
    if total is not None and total > max_bytes:
        raise FetchError(too_large)
    if "," in response.headers.get("content-encoding", ""):
        # Each compression in another multiplies by a thousand before we can count.
        raise FetchError(f"{url}: the answer is compressed more than once, which no server does")
    parts: list[bytes] = []
    size = 0
    try:
        for part in response.iter_bytes():
            size += len(part)
            if size > max_bytes:
                raise FetchError(too_large)
            if deadline.left <= 0:
                raise deadline.over(url)
            parts.append(part)
            if progress:
                progress(size, total)
    except httpx.HTTPError as error:
        raise _PassingFault(f"broke off after {size} bytes: {_describe(error)}") from error
    if deadline.left <= 0:
        raise deadline.over(url)  # without a length, a connection cut looks like an end
    return b"".join(parts)


def _fetched(trail: list[str], response: httpx.Response, data: bytes) -> Fetched:
    return Fetched(
        url=trail[0],
        final_url=trail[-1],
        redirects=tuple(trail[1:-1]),
        data=data,
        media_type=response.headers.get("content-type", ""),
        sha256=hashlib.sha256(data).hexdigest(),
        fetched_at=dt.datetime.now(dt.UTC),
        etag=_proper(_ETAG, response.headers.get("etag", "")),
        last_modified=_proper(_HTTP_DATE, response.headers.get("last-modified", "")),
    )


_ETAG = r'(W/)?"[\x21\x23-\x7e]{0,500}"'
_HTTP_DATE = "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"


def _proper(form: str, value: str) -> str:
    """What a server said, if it has the form of RFC 9110; else nothing, as we send it back."""
    return value if re.fullmatch(form, value) else ""


def _trust() -> ssl.SSLContext:
    """The certificates to trust: ``SSL_CERT_FILE`` where it is set, else those of certifi."""
    chosen = os.environ.get("SSL_CERT_FILE")
    try:
        return ssl.create_default_context(cafile=chosen or certifi.where())
    except OSError as error:
        raise FetchError(
            f"SSL_CERT_FILE is {chosen}, which cannot be read as certificates ({error}); "
            "correct or unset it"
        ) from error
