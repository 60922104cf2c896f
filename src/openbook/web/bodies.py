"""Reading what browsers send: forms and files, not too large, not too slow, not too many."""

from __future__ import annotations

import asyncio
import sys
from typing import ClassVar

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive

FORM = 512 * 1024
"""Bytes of a form at most: an answer and a reason are a page."""
UPLOAD = 50 * 1024 * 1024
"""Bytes of a document at most."""
FIELDS = 2000
"""Fields of a form at most: assigning has one for each release and auditor."""
UPLOADS = 4
"""Large bodies that are read at once."""
FORM_SECONDS, UPLOAD_SECONDS = 30.0, 300.0
"""How long a body may take to arrive."""


async def read_form(request: Request, most: int, files: int = 1) -> FormData:
    """The form that was sent, if it comes in time. Few large ones are taken at once, since each
    waits in memory."""
    is_large = most > FORM and _length(request) > FORM
    if is_large and Uploads.now >= UPLOADS:
        raise HTTPException(503, "Others are sending files. Try again soon.", {"Retry-After": "30"})
    Uploads.now += is_large
    try:
        async with asyncio.timeout(UPLOAD_SECONDS if most > FORM else FORM_SECONDS):
            return await _form(request, most, files)
    except TimeoutError as error:
        raise HTTPException(408, "This took too long to arrive.") from error
    finally:
        Uploads.now -= is_large


class Uploads:
    """The files that are on their way. Only the event loop counts, so nothing is counted twice."""

    now: ClassVar[int] = 0


def _length(request: Request) -> int:
    """How long a body says it is; one that does not say may be as long as it likes."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else sys.maxsize


async def _form(request: Request, most: int, files: int) -> FormData:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind not in (b"application/x-www-form-urlencoded", b"multipart/form-data"):
        raise HTTPException(415, "Forms only.")
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise HTTPException(415, "Forms in UTF-8 only.")
    if most < _length(request) < sys.maxsize:
        raise HTTPException(413, _too_large(most))
    request._receive = _counted(request.receive, most)  # what comes without a length is counted
    try:
        return await request.form(max_files=files, max_fields=FIELDS, max_part_size=FORM)
    except MultiPartException as error:
        raise HTTPException(400, "This form cannot be read.") from error


def _too_large(most: int) -> str:
    return f"This is larger than {f'{most >> 20} MB' if most >= 1 << 20 else f'{most >> 10} KB'}."


def _counted(receive: Receive, most: int) -> Receive:
    left = most

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, _too_large(most))
        return message

    return counted


def text_of(value: str) -> str:
    """What was typed, with the line ends that files have. Refused is what no keyboard gives and no
    file of an audit can hold."""
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise HTTPException(400, "This form holds a character that is no text.")
    return value.replace("\r\n", "\n")
