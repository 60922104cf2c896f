"""The form of chat completions: what is asked for, and what comes back, checked."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import certifi
import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from openbook.models.asking import Answer, Asked, ModelError, UnusableError

MAX_BODY = 1024 * 1024
"""Bytes of an answer, at most, with all that a server says beside the text."""
MAX_TEXT = 128 * 1024
"""Characters of an answer's text, at most."""
_BOUNDS = ("minLength", "maxLength", "minItems", "maxItems")


def formats(schema: Mapping[str, Any]) -> tuple[dict[str, Any] | None, ...]:
    """The ways to ask for JSON, from the strictest to none; servers know more or fewer of them.

    Bounds on lengths come first because small models need them to come to an end; some servers
    refuse them.
    """

    def by_schema(one: Any) -> dict[str, Any]:
        named = {"name": "proposal", "strict": True, "schema": one}
        return {"type": "json_schema", "json_schema": named}

    return (by_schema(schema), by_schema(_unbounded(schema)), {"type": "json_object"}, None)


def _unbounded(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {name: _unbounded(one) for name, one in schema.items() if name not in _BOUNDS}
    return [_unbounded(one) for one in schema] if isinstance(schema, list) else schema


@dataclass(frozen=True, slots=True)
class Way:
    """How to put a question. Servers differ in the parameters they know."""

    format: int = 0
    """Which of :func:`formats`."""
    length: str = "max_tokens"
    """What the length of an answer is called."""
    has_temperature: bool = True

    def body(self, question: Asked) -> dict[str, Any]:
        """The question as it is sent."""
        body: dict[str, Any] = {
            "model": question.model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.user},
            ],
            self.length: question.max_tokens,
        }
        if self.has_temperature:
            body["temperature"] = 0
        wanted = formats(question.schema)[self.format]
        return body | ({"response_format": wanted} if wanted else {})

    def after(self, refusal: str) -> Way | None:
        """The way to try next when a server did not understand this one. None after the last."""
        if self.length == "max_tokens" and "max_completion_tokens" in refusal:
            return replace(self, length="max_completion_tokens")
        if self.has_temperature and "temperature" in refusal:
            return replace(self, has_temperature=False)
        if self.format < len(formats({})) - 1:
            return replace(self, format=self.format + 1)
        return None


def trust() -> ssl.SSLContext:
    """The certificates to trust: ``SSL_CERT_FILE`` where it is set, else those of certifi."""
    chosen = os.environ.get("SSL_CERT_FILE")
    try:
        return ssl.create_default_context(cafile=chosen or certifi.where())
    except OSError as error:
        raise UnusableError(f"SSL_CERT_FILE is {chosen}, which cannot be read: {error}") from error


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
    """A trace to give to httpx: when time is up, the connection is cut. httpx limits each wait, not
    their sum, so a server that sends a byte now and then would hold us for ever."""
    streams: list[Any] = []
    is_over = threading.Event()

    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            streams.append(info["return_value"])

    def cut() -> None:
        is_over.set()
        for stream in streams:
            connection = stream.get_extra_info("socket")
            if connection is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()
    if is_over.is_set():  # without a length, a connection cut looks like an end
        raise httpx.ReadTimeout("cut at the time limit")


def body_within(response: httpx.Response) -> bytes:
    """The body of a response, read within a limit of size."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ModelError(f"{response.url.host} compresses its answer, which was not asked for")
    parts: list[bytes] = []
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > MAX_BODY:
            raise ModelError(f"{response.url.host}: the answer is larger than {MAX_BODY >> 20} MB")
        parts.append(part)
    return b"".join(parts)


class _Lenient(BaseModel):
    """Only what we use; servers add fields of their own."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Message(_Lenient):
    content: str | None = None


class _Choice(_Lenient):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Lenient):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(_Lenient):
    choices: list[_Choice]
    model: str | None = None
    system_fingerprint: str | None = None
    usage: _Usage | None = None


def completion(data: str, host: str) -> Answer:
    """The answer that a server's JSON holds. Raises :class:`ModelError` where it holds none."""
    try:
        found = _Completion.model_validate_json(data)
    except ValidationError as error:
        one = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, one["loc"])) or "the answer"
        raise ModelError(
            f"{host} does not speak chat completions ({where}: {one['msg']}); does the address end "
            "in /v1?"
        ) from error
    text = found.choices[0].message.content if found.choices else None
    if not text or not text.strip():
        raise ModelError(f"{host}: the model answered without text")
    if len(text) > MAX_TEXT:
        raise ModelError(
            f"{host}: the answer has {len(text):,} characters, of {MAX_TEXT:,} at most"
        )
    usage = found.usage or _Usage()
    return Answer(
        text,
        model=" / ".join(filter(None, map(_name, (found.model, found.system_fingerprint)))),
        endpoint=host,
        tokens_in=_counted(usage.prompt_tokens),
        tokens_out=_counted(usage.completion_tokens),
        is_cut=found.choices[0].finish_reason == "length",
    )


def _counted(tokens: int | None) -> int | None:
    return tokens if tokens is not None and 0 <= tokens < 1 << 40 else None


def _name(said: str | None) -> str:
    """A name as a server says it, on one line. Local servers give the path of a file, of which the
    folders are nobody's business."""
    plain = "".join(char for char in said or "" if char.isprintable()).strip()
    if plain.endswith(".gguf") or re.match(r"[/~.]|[A-Za-z]:\\", plain):
        plain = re.split(r"[/\\]", plain)[-1]
    return plain[:120]
