"""Checking regions: whether a box still looks as recorded, and whether a second reader agrees."""

from __future__ import annotations

from openbook.audit.opened import Opened
from openbook.core.anchor import Checked
from openbook.core.evidence import RegionEvidence
from openbook.core.verify import State
from openbook.sources.errors import SourceError
from openbook.sources.pdf_view import PdfViewer
from openbook.sources.region import picture_hash, picture_of, renderer


def check_region(opened: Opened, one: RegionEvidence) -> Checked:
    """What is known of a region here."""
    state, reason = _state(opened, one)
    document = opened.audit.documents.get(one.document)
    copies = document.copies if document else ()
    role = next((copy.role for copy in copies if copy.sha256 == one.copy), "")
    return Checked(one.id, one.document, state, role=role, reason=reason, what="region")


def _state(opened: Opened, one: RegionEvidence) -> tuple[State, str]:
    if one.picture.renderer != renderer():
        return State.INCOMPARABLE, (
            f"drawn by {one.picture.renderer}, here is {renderer()}: its picture cannot be compared"
        )
    if not opened.library.has(one.copy):
        return State.UNCHECKED, "its copy is not at hand"
    try:
        found = _hash(opened, one)
    except SourceError as error:
        return State.ALTERED, str(error)
    if found != one.picture.sha256:
        return State.ALTERED, "the picture in this box is another one than was transcribed"
    if one.is_confirmed:
        return State.CONFIRMED, ""
    if one.confirmed is None:
        return State.UNCONFIRMED, "read by one person; a second has not confirmed it"
    if one.confirmed.by == one.by:
        return State.UNCONFIRMED, "confirmed by the one who transcribed it, which is nothing"
    return State.UNCONFIRMED, "was changed after it had been confirmed"


def _hash(opened: Opened, one: RegionEvidence) -> str:
    """The hash of the box's picture here, from memory where it was drawn before. Raises
    :class:`SourceError`."""
    picture = one.picture
    place = f"{one.page} {one.box} {picture.dpi}"
    key = ("region", one.copy, picture.renderer, place)
    kept = opened.cache.get(*key)
    if kept is not None:
        return kept
    path = opened.library.path(one.copy)
    with PdfViewer() as viewer:
        pixels = picture_of(viewer, path, one.page, one.box, picture.dpi, one.document)
    made = picture_hash(pixels)
    opened.cache.put(made, *key)
    return made
