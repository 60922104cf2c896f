"""Regions: a box on a page, transcribed by one person, confirmed by another, its picture hashed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import NamedTuple

from openbook.audit.layers import CopyAtHand, versions
from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.audit.quoting.evidence import supports_as_text
from openbook.audit.quoting.region_check import check_region
from openbook.core.anchor import Box, changes, word_diff
from openbook.core.evidence import (
    Confirmation,
    Picture,
    RegionEvidence,
    Supports,
    evidence_id,
)
from openbook.core.review import Auditor
from openbook.core.verify import State
from openbook.files.edit import append_table, set_field
from openbook.files.write import Value, toml_table
from openbook.sources.errors import SourceError
from openbook.sources.pdf_view import PdfViewer, Pixels, Size
from openbook.sources.region import DPI, picture_hash, picture_of, renderer, size_of


class Seen(NamedTuple):
    """A box on a page of a copy, as it looks here."""

    one: CopyAtHand
    page: int
    size: Size
    """Of the page."""
    box: Box
    dpi: int
    pixels: Pixels

    @property
    def picture(self) -> Picture:
        """What is recorded of its looks."""
        return Picture(picture_hash(self.pixels), self.dpi, renderer())


def look(
    opened: Opened, document: str, page: int, box: Box | None, dpi: int = DPI, copy: str = ""
) -> Seen:
    """A box, or a whole page, of the PDF taken last, or of the copy whose hash begins so. Raises
    :class:`AuditError` where there is none at hand."""
    found = [
        one
        for one in versions(opened.document(document), opened.library)
        if one.copy.media_type in ("", "application/pdf") and one.copy.sha256.startswith(copy)
    ]
    if not found:
        which = f" that begins with {copy}" if copy else ""
        raise AuditError(f"no PDF of {document}{which} is at hand; fetch or add one")
    one = found[-1]
    path = opened.library.path(one.copy.sha256)
    try:
        with PdfViewer() as viewer:
            size = size_of(viewer, path, page, document)
            wanted = _rounded(box) if box else (0.0, 0.0, size.width, size.height)
            pixels = picture_of(viewer, path, page, wanted, dpi, document)
    except SourceError as error:
        raise AuditError(str(error)) from error
    return Seen(one, page, size, wanted, dpi, pixels)


def _rounded(box: Box) -> Box:
    left, bottom, right, top = (round(side, 1) for side in box)
    if not (all(map(math.isfinite, box)) and 0 <= left < right and 0 <= bottom < top):
        raise WrongUseError(
            "a box is left, bottom, right, top, in points from the lower left corner of the page"
        )
    return left, bottom, right, top


def transcribe(
    opened: Opened, seen: Seen, text: str, supports: Supports, by: Auditor, date: dt.date, note: str
) -> RegionEvidence:
    """Write what stands in a box into the audit's evidence. The same words of the same box written
    again are refused; who agrees confirms them. Raises :class:`AuditError`."""
    words = prose(text, "the transcription")
    if not any(map(str.isalnum, words)):
        raise WrongUseError("the transcription is empty: write what stands there")
    document = seen.one.document.key
    id_ = _free_id(opened, seen, words)
    made = RegionEvidence(
        id_,
        document,
        seen.one.copy.sha256,
        seen.page,
        seen.box,
        seen.picture,
        words,
        supports,
        by.id,
        date,
        note=prose(note, "the note"),
    )
    path = opened.folder / "evidence" / f"{document}.toml"
    append_table(path, toml_table("[[evidence]]", region_fields(made)))
    return made


def _free_id(opened: Opened, seen: Seen, words: str) -> str:
    """An id of these words of this box. Raises :class:`AuditError` where they are evidence."""
    for length in range(6, 65, 2):
        content = f"{seen.page} {seen.box}\n{words}"
        id_ = evidence_id("r", seen.one.document.key, content, length)
        other = opened.audit.evidence.get(id_)
        if other is None:
            return id_
        if isinstance(other, RegionEvidence) and other.copy == seen.one.copy.sha256:
            raise AuditError(f"{id_} says the same already; a second reader confirms it")
    raise AuditError("no free evidence id")  # the same box in as many copies


def region_fields(one: RegionEvidence) -> dict[str, Value | None]:
    """A region as the files write it."""
    picture: dict[str, Value] = {
        "sha256": one.picture.sha256,
        "dpi": one.picture.dpi,
        "renderer": one.picture.renderer,
    }
    return {
        "id": one.id,
        "kind": "region",
        "copy": one.copy,
        "page": one.page,
        "box": list(one.box),
        "picture": picture,
        "transcription": one.transcription,
        "supports": supports_as_text(one.supports),
        "by": one.by,
        "date": one.date,
        "note": one.note,
    }


def region(opened: Opened, id_: str) -> RegionEvidence:
    """The region called so. Raises :class:`WrongUseError` naming those there are."""
    found = opened.audit.evidence.get(id_)
    if isinstance(found, RegionEvidence):
        return found
    every = opened.audit.evidence.values()
    known = ", ".join(one.id for one in every if isinstance(one, RegionEvidence)) or "none yet"
    raise WrongUseError(f"{id_} is no region; this audit has {known}")


def confirm(opened: Opened, id_: str, by: Auditor, date: dt.date, text: str = "") -> RegionEvidence:
    """Record that a second reader read the same in a region. With ``text``, what the reader read
    without looking at the transcription, it must be the same words. Raises :class:`AuditError`
    where it is not, where the reader is the one who transcribed it, and where its picture is not
    here to be looked at, or another one."""
    one = region(opened, id_)
    if by.id == one.by:
        raise AuditError(f"{by.id} transcribed {id_}: somebody else has to confirm it")
    if text:
        _require_same(one, prose(text, "what you read"))
    checked = check_region(opened, one)
    if checked.state not in (State.CONFIRMED, State.UNCONFIRMED):
        raise AuditError(f"{id_} cannot be confirmed here: {checked.reason}")
    given = Confirmation(by.id, date, one.content)
    path = opened.folder / "evidence" / f"{one.document}.toml"
    fields: dict[str, Value] = {"by": given.by, "date": given.date, "of": given.of}
    set_field(path, "evidence", id_, "confirmed", fields)
    return replace(one, confirmed=given)


def _require_same(one: RegionEvidence, read: str) -> None:
    ours, theirs = (evidence_id("r", "", text, 64) for text in (read, one.transcription))
    if ours != theirs:
        differs = changes(word_diff(read, one.transcription))
        raise AuditError(
            f"you read something else than {one.by}: {differs or 'spaces between words differ'}"
        )
