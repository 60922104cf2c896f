"""Selections become quotes: taken in the document's own words, verified, then kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from openbook.audit.layers import CopyAtHand, at_hand, layers_of
from openbook.audit.opened import AuditError
from openbook.audit.quoting import selection
from openbook.audit.quoting.evidence import WouldBe
from openbook.audit.search.reading import desk as desk_by_rank
from openbook.audit.search.reading import passage_called
from openbook.core.anchor import Nearest
from openbook.core.draft import DraftQuote
from openbook.core.problem import Problem
from openbook.core.text import TextLayer
from openbook.report.site.marks import QUOTE_MARKS, Mark
from openbook.web import drafts
from openbook.web.desk import Desk, desk_for
from openbook.web.quotes import checked_words
from openbook.web.room import utc_now
from openbook.web.shown import shown


def take(desk: Desk) -> Response:
    """What was selected, as a quote in a form: to be looked at, changed and kept."""
    form = desk.asked.form
    if "text" in form:
        document, text = form.get("document", ""), form["text"]
    elif "passage" in form:
        document, text = _passage(desk, form["passage"])
    else:
        document, text = _selection(desk, form)
    return shown(
        desk.asked,
        "reading_quote.html",
        desk=desk,
        document=document,
        text=text,
        supports=form["supports"].split(",") if "supports" in form else (),
        replaces=form.get("replaces", ""),
        documents=[desk.opened.audit.documents[key] for key in _keys(desk)],
        stands=_stands(desk, document, text),
    )


def check(desk: Desk) -> Response:
    """How a quote that is being changed stands."""
    form = desk.asked.form
    document, text = form.get("document", ""), form.get("text", "")
    return shown(desk.asked, "reading_quote_state.html", stands=_stands(desk, document, text))


@dataclass(frozen=True, slots=True)
class Stands:
    """How the words in the form stand."""

    is_found: bool = False
    """In the text, or in what was read from a scan, which verifies nothing."""
    mark: Mark | None = None
    """None where they are no quote at all."""
    reason: str = ""
    place: str = ""
    nearest: Nearest | None = None
    """What is like them, where they do not stand."""


NEAR = 0.5
"""Likeness below which the nearest passage is not shown: it is only noise then."""


def _stands(desk: Desk, document: str, text: str) -> Stands:
    if not text.strip():
        return Stands()
    try:
        checked = _would_be(desk, document, text).checked
    except AuditError as error:
        return Stands(reason=str(error))
    nearest = checked.nearest
    return Stands(
        checked.state.is_found,
        QUOTE_MARKS[checked.state],
        checked.reason,
        f"page {checked.anchor.page}" if checked.anchor else "",
        nearest if nearest and nearest.likeness >= NEAR else None,
    )


def _would_be(desk: Desk, document: str, text: str) -> WouldBe:
    if document not in _keys(desk):
        raise AuditError(f"{document[:60]!r} is no document of {desk.cell.release}")
    return checked_words(desk, document, text)


def _keys(desk: Desk) -> list[str]:
    return [key for key in desk.release.documents if key in desk.opened.audit.documents]


def _passage(desk: Desk, called: str) -> tuple[str, str]:
    passage = passage_called(desk_by_rank(desk.view, desk.cell, desk.auditor, desk.ranker), called)
    one = _copy(desk, passage.document, passage.copy)
    return passage.document, selection.quote_of(_layer(desk, one, passage.page), passage.span)


def _selection(desk: Desk, form: Mapping[str, str]) -> tuple[str, str]:
    """Document and words of what was selected: between two places of a PDF, or by its words."""
    one = _copy(desk, form.get("document", ""), form.get("copy", ""))
    try:
        layer = _layer(desk, one, int(form.get("page") or form.get("from_page") or "1"))
        if "words" in form:
            down = min(max(float(form.get("down", "0")), 0.0), 1.0)
            span = selection.span_of_words(layer, form["words"], int(form.get("page", "1")), down)
        else:
            start, end = (
                selection.Mark(int(form[f"{side}_page"]), int(form[f"{side}_offset"]))
                for side in ("from", "to")
            )
            span = selection.span_between(layer, start, end)
    except (KeyError, ValueError) as error:
        raise HTTPException(400, "This selection cannot be read.") from error
    return one.document.key, selection.quote_of(layer, span)


def _copy(desk: Desk, key: str, sha256: str) -> CopyAtHand:
    if key in _keys(desk):
        for one in at_hand(desk.opened.document(key), desk.opened.library):
            if one.copy.sha256 == sha256:
                return one
    raise HTTPException(404, "This release has no such copy at hand.")


def _layer(desk: Desk, one: CopyAtHand, page: int) -> TextLayer:
    """The layer that has the words of a page: the text, or what was read from its picture."""
    layers = layers_of(one, desk.opened.library, desk.opened.cache)
    if isinstance(layers, Problem):
        raise AuditError(str(layers))
    scans = (layer for layer in layers if layer.is_scan)
    read = (layer for layer in scans if any(each.number == page for each in layer.pages))
    return next(read, layers[0])


def keep(desk: Desk) -> Response:
    """Keep a quote with the draft. What does not stand is refused, with the reason."""
    form, room = desk.asked.form, desk.asked.room
    made = _would_be(desk, form.get("document", ""), form.get("text", ""))
    if not made.checked.state.is_found:
        raise AuditError(f"this is not kept: {made.checked.reason or made.checked.state}")
    chosen = desk.asked.lists.get("supports", ())
    known = {point.key for point in desk.question.points}
    if not chosen or any(key and key not in known for key in chosen):
        raise AuditError("say what it supports: at least one point, or the question as such")
    points = tuple(dict.fromkeys(key for key in chosen if key))
    desk.begin()
    one = DraftQuote(made.evidence.id, made.evidence.document, made.evidence.quote, points)
    at, who = utc_now().isoformat(), desk.asked.viewer.who
    try:
        drafts.add_quote(room.store, desk.auditor.id, desk.cell, one, at, who)
        before = form.get("replaces", "")
        if before and before != one.id:
            drafts.remove_quote(room.store, desk.auditor.id, desk.cell, before, who)
    except drafts.SubmittedError as error:
        raise AuditError(str(error)) from error
    return _list(desk)


def remove(desk: Desk) -> Response:
    """Take a quote out of the draft."""
    store, id_ = desk.asked.room.store, desk.asked.form.get("id", "")
    try:
        drafts.remove_quote(store, desk.auditor.id, desk.cell, id_, desk.asked.viewer.who)
    except drafts.SubmittedError as error:
        raise AuditError(str(error)) from error
    return _list(desk)


def _list(desk: Desk) -> Response:
    from openbook.web.views.reading import quote_lists

    fresh = desk_for(desk.asked)
    return shown(desk.asked, "reading_quotes.html", desk=fresh, **quote_lists(fresh))
