"""The reading page: a release's documents beside one question, and the auditor's draft of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.layers import at_hand
from openbook.audit.opened import AuditError
from openbook.core.draft import Draft, lacks
from openbook.core.grade import suggest
from openbook.core.initiative import Document
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.review import PointState
from openbook.report.site.address import web_url
from openbook.report.site.marks import Mark, point_mark
from openbook.report.site.words import release_name
from openbook.web import drafts
from openbook.web.desk import Desk, NoAuditorError, desk_for
from openbook.web.drafts import OutdatedError, Saved
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.quotes import own_quotes, shown_evidence
from openbook.web.room import utc_now
from openbook.web.shown import cell_url, shown
from openbook.web.views import merging, passages, quoting
from openbook.web.views.copies import WIDTHS, is_pdf, prepare

AT = "/cell/{initiative}/{release}/{keyword}"
LONGEST = 50_000
"""Characters of an answer or a reason at most."""
STATE_KEYS = {
    PointState.STATED: "s",
    PointState.VAGUE: "v",
    PointState.ABSENT: "a",
    PointState.EXPLICITLY_NONE: "e",
    PointState.NOT_APPLICABLE: "x",
    PointState.UNREVIEWED: "u",
}


def routes() -> list[BaseRoute]:
    """Addresses of this module."""

    def of(path: str, make: Callable[[Desk], Response], method: str = "POST") -> Route:
        return Route(AT + path, page(at_desk(make), needs=Role.AUDITOR), methods=[method])

    return [
        of("", cell, "GET"),
        of("/save", save),
        of("/see", see),
        of("/merge", merging.merge),
        of("/passages", passages.ranked, "GET"),
        of("/passages", passages.judge),
        of("/absence", passages.absence, "GET"),
        of("/absence", passages.record),
        of("/absence/lead", passages.dispose),
        of("/absence/undo", passages.undo),
        of("/take", quoting.take),
        of("/check", quoting.check),
        of("/quotes", quoting.keep),
        of("/quotes/remove", quoting.remove),
    ]


def at_desk(make: Callable[[Desk], Response]) -> Callable[[Asked], Response]:
    """A page made at the desk of the cell asked for."""

    def made(asked: Asked) -> Response:
        try:
            desk = desk_for(asked)
        except NoAuditorError:
            if asked.is_partial:
                raise AuditError("say first who you are, on the page /me") from None
            return shown(asked, "reading_nobody.html", 409)
        return make(desk)

    return made


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """A document in the selector: a copy at hand, or none."""

    document: Document
    label: str
    sha256: str = ""
    kind: str = ""
    """``pdf`` or ``page``; empty where there is nothing to show."""
    url: str = ""


def _copies(desk: Desk) -> list[ShownCopy]:
    found = []
    for key in desk.release.documents:
        document = desk.opened.audit.documents.get(key)
        if document is None:
            continue
        copies = at_hand(document, desk.opened.library)
        for number, one in enumerate(copies):
            role = f" ({one.copy.role.replace('-', ' ')})" if len(copies) > 1 else ""
            label = f"{document.title}{role if number or role else ''}"
            kind = "pdf" if is_pdf(one, desk.opened.library) else "page"
            found.append(ShownCopy(document, label, one.copy.sha256, kind))
        if not copies:
            label = f"{document.title} (not at hand)"
            found.append(ShownCopy(document, label, url=web_url(document.url)))
    return found


def cell(desk: Desk) -> Response:
    """The reading page of a cell."""
    copies = _copies(desk)
    wanted = desk.asked.query.get("document", "")
    first = next(
        (number for number, one in enumerate(copies) if one.sha256 and one.document.key == wanted),
        next((number for number, one in enumerate(copies) if one.sha256), 0),
    )
    _prepare(desk, copies[first : first + 1])
    keywords = desk.opened.audit.questionnaire.keywords
    here = keywords.index(desk.cell.keyword)
    around = [
        cell_url(desk.cell._replace(keyword=keywords[at])) if 0 <= at < len(keywords) else ""
        for at in (here - 1, here + 1)
    ]
    return shown(
        desk.asked,
        "reading.html",
        desk=desk,
        name=release_name(desk.opened.audit, desk.release.id),
        copies=copies,
        first=first,
        widths=" ".join(map(str, WIDTHS)),
        progress=_progress(desk),
        number=here + 1,
        previous=around[0],
        following=around[1],
        scale=desk.opened.audit.questionnaire.scale,
        states=[(state, point_mark(state), STATE_KEYS[state]) for state in PointState],
        grades=range(MIN_GRADE, MAX_GRADE + 1),
        said=_said(desk, desk.draft),
        conflict=merging.rows(desk) if desk.has_conflict else [],
        proposals=_proposals(desk),
        **quote_lists(desk),
    )


def _prepare(desk: Desk, first: list[ShownCopy]) -> None:
    for shown_ in first:
        for one in at_hand(shown_.document, desk.opened.library):
            if one.copy.sha256 == shown_.sha256 and shown_.kind == "pdf":
                prepare(desk.asked, one)


def quote_lists(desk: Desk) -> dict[str, Any]:
    """What the list of quotes shows."""
    return {
        "own_quotes": own_quotes(desk),
        "accepted": shown_evidence(desk, desk.own),
        "others": shown_evidence(desk, desk.shown_others),
        "others_count": len(desk.others),
        "others_shown": "evidence" in desk.draft.saw,
    }


def _proposals(desk: Desk) -> list[Any]:
    return [one for one in desk.opened.audit.proposals if one.cell == desk.cell]


@dataclass(frozen=True, slots=True)
class Step:
    """One cell of the release, in the strip that shows how far the auditor is."""

    keyword: str
    url: str
    mark: Mark
    is_here: bool


_READY = Mark("p-stated", "●", "ready")
_BEGUN = Mark("p-vague", "◐", "begun")
_NOTHING = Mark("p-unreviewed", "·", "nothing yet")


def _progress(desk: Desk) -> list[Step]:
    kept = drafts.all_of(desk.asked.room.store, desk.auditor.id, desk.cell.release)
    on_file = {
        keyword
        for review in desk.opened.audit.reviews
        if review.auditor == desk.auditor.id and review.release == desk.cell.release
        for keyword in review.cells
    }
    steps = []
    for keyword in desk.opened.audit.questionnaire.keywords:
        one = desk.cell._replace(keyword=keyword)
        saved = kept.get(one)
        is_ready = saved.draft.is_ready if saved else keyword in on_file
        is_begun = saved is not None and saved.draft.is_begun
        mark = _READY if is_ready else _BEGUN if is_begun else _NOTHING
        steps.append(Step(keyword, cell_url(one), mark, one == desk.cell))
    return steps


# --- saving -----------------------------------------------------------------------------------


def save(desk: Desk) -> Response:
    """Keep what the form says, from the version that it was made from; JSON."""
    form = desk.asked.form
    version = _number(form.get("version", ""))
    begun = desk.saved.version
    draft = fields_of(desk, form, desk.asked.lists.get("uses", ()))
    if not begun:
        # What the page began from, which the file may not say any more.
        draft = replace(draft, base=form.get("base", "")[:64])
    try:
        kept = desk.keep(draft, version)
    except OutdatedError as error:
        return JSONResponse(_fields(error.kept), 409)
    at = utc_now().isoformat()
    return JSONResponse({"version": kept, "at": at, **_said(desk, draft)})


def fields_of(desk: Desk, form: Mapping[str, str], uses: tuple[str, ...]) -> Draft:
    """The draft with what the form says. Raises :class:`HTTPException` for what no form of ours
    sends."""
    try:
        points = {
            point.key: PointState(form.get(f"point-{point.key}", "unreviewed"))
            for point in desk.question.points
        }
        grade = int(form["grade"]) if form.get("grade", "") else None
    except ValueError as error:
        raise HTTPException(400, "This form says what it cannot.") from error
    if grade is not None and not MIN_GRADE <= grade <= MAX_GRADE:
        raise HTTPException(400, "This form says what it cannot.")
    texts: dict[str, Any] = {name: form.get(name, "") for name in ("answer", "reason", "deviation")}
    if any(len(text) > LONGEST for text in texts.values()):
        raise HTTPException(413, f"A text has {LONGEST:,} characters at most.")
    marked = {key: state for key, state in points.items() if state is not PointState.UNREVIEWED}
    return replace(desk.draft, points=marked, grade=grade, uses=desk.may_use(uses), **texts)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise HTTPException(400, "This form says what it cannot.")
    return int(text)


def _fields(kept: Saved) -> dict[str, Any]:
    """What is kept, for another window to compare."""
    draft = kept.draft
    return {
        "version": kept.version,
        "fields": {
            **{f"point-{key}": [str(state)] for key, state in draft.points.items()},
            "answer": [draft.answer],
            "reason": [draft.reason],
            "deviation": [draft.deviation],
            "grade": [str(draft.grade)] if draft.grade is not None else [""],
            "uses": list(draft.uses),
        },
    }


def _said(desk: Desk, draft: Draft) -> dict[str, Any]:
    """What the rule says of a draft, and what it lacks."""
    rule = desk.opened.audit.questionnaire.rule
    suggestion = suggest(desk.question, draft.points, rule)
    grade = draft.grade
    return {
        "suggestion": str(suggestion),
        "rule": rule,
        "deviates": grade is not None and not suggestion.allows(grade),
        "lacks": list(lacks(draft, desk.question, rule)),
        "is_ready": draft.is_ready,
    }


# --- what others have ------------------------------------------------------------------------


def see(desk: Desk) -> Response:
    """Show what others accepted, or what models proposed; it is recorded that it was seen."""
    what = desk.asked.form.get("what", "")
    if what not in ("evidence", "proposals"):
        raise HTTPException(400, "There is nothing of this name to see.")
    if what not in desk.draft.saw:
        act = "was shown others' quotes" if what == "evidence" else "was shown a model's proposals"
        desk.keep(replace(desk.draft, saw=(*desk.draft.saw, what)), act=act)
        desk = desk_for(desk.asked)
    if what == "evidence":
        return shown(desk.asked, "reading_quotes.html", desk=desk, **quote_lists(desk))
    proposals = _proposals(desk)
    return shown(desk.asked, "reading_proposals.html", desk=desk, proposals=proposals)
