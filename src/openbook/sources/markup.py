"""HTML, Markdown, LaTeX and DOCX as pages; what is not short is read in a process that may be
killed, and so are all of the last two."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

from openbook.core.text import Page
from openbook.sources import html, markdown
from openbook.sources.errors import ExtractionError
from openbook.sources.pdf import Limits

KINDS = ("html", "markdown", "latex", "docx")
"""What is read here."""
SHORT = 8 * 1024
"""Markup of at most this many bytes is read in this process: none of it takes a second."""
MAX_SECONDS = 30.0
"""Markup needs a small part of a PDF's time, or it is made to hang."""


def pages(kind: str, data: bytes, media_type: str, name: str, limits: Limits) -> tuple[Page, ...]:
    """The text of each page of a document of one of :data:`KINDS`. Raises
    :class:`ExtractionError`."""
    if kind in ("html", "markdown") and len(data) <= SHORT:
        return html.pages(data, media_type, name) if kind == "html" else markdown.pages(data, name)
    return _asked("text", kind, data, media_type, name, limits)


def shown(kind: str, data: bytes, media_type: str, name: str, limits: Limits) -> tuple[Page, ...]:
    """The pages of a document in ``html`` or ``markdown`` as HTML with the words of their text.

    It comes from a process that a hostile document may have taken over: clean it. Raises
    :class:`ExtractionError`.
    """
    if len(data) <= SHORT:
        from openbook.sources.shown import html_pages, markdown_pages  # only for showing

        return html_pages(data, media_type, name) if kind == "html" else markdown_pages(data, name)
    return _asked("shown", kind, data, media_type, name, limits)


def about(kind: str, data: bytes, name: str, limits: Limits) -> dict[str, str]:
    """What a document in ``html`` or ``markdown`` declares in its head, and its first heading, by
    the names of :class:`openbook.sources.about.About`. Raises :class:`ExtractionError`."""
    if kind == "markdown":  # a few searches in time linear to its length
        return markdown.about(data, name)
    if len(data) <= SHORT:
        return html.about(data, name)
    try:
        (said,) = _asked("about", kind, data, "", name, limits)
        found = dict(json.loads(said.text))
    except (ValueError, TypeError, RecursionError) as error:
        raise ExtractionError(
            f"{name}: its reader answered nonsense; the file is damaged or hostile"
        ) from error
    return {one: str(found.get(one, "")) for one in ("title", "heading", "created", "language")}


def _asked(
    what: str, kind: str, data: bytes, media_type: str, name: str, limits: Limits
) -> tuple[Page, ...]:
    head = json.dumps({"what": what, "kind": kind, "media_type": media_type, "name": name})
    seconds = min(limits.seconds, MAX_SECONDS)
    command = [sys.executable, "-I", "-m", "openbook.sources.markup_worker", str(limits.memory)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=head.encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env={},
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise ExtractionError(
            f"{name}: reading it took longer than {seconds:g} s and was stopped; it may be "
            "damaged or made to hang. Save it as plain text and add that"
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise ExtractionError(
            f"{name}: its reader crashed or needed more than {limits.memory >> 20} MB of memory; "
            "it may be damaged or hostile. Save it as plain text and add that"
        ) from error
    try:
        answer = dict(json.loads(done.stdout))
        if "error" not in answer:
            return tuple(Page(int(number), str(text)) for number, text in answer["pages"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ExtractionError(
            f"{name}: its reader answered nonsense; the file is damaged or hostile"
        ) from error
    raise ExtractionError(str(answer["error"]))
