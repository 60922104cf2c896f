"""Passages by rank, what the auditor says of each, and the record that there was nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from openbook.audit.opened import AuditError
from openbook.audit.search import reading
from openbook.audit.search.absent import OpenLeadsError, Search, absence_of, search_cell
from openbook.core.review import SearchRecord
from openbook.report.wording import bound_in_words, scans_in_words
from openbook.web import drafts
from openbook.web.desk import Desk, desk_for
from openbook.web.quotes import shown_passages
from openbook.web.room import utc_now
from openbook.web.shown import shown
from openbook.web.views import leads

SHOWN, MOST = 6, 60
"""Passages shown at first, and at most."""
BY_RANK, AT_RANDOM, MOST_READ = 10, 20, 300
"""Passages to read before a cell is said to hold nothing, as `openbook audit absent` has them."""


def ranked(desk: Desk) -> Response:
    """The passages likeliest to answer, and those read so far."""
    count = _count(desk.asked.query.get("n", ""), SHOWN, MOST)
    try:
        at = reading.desk(desk.view, desk.cell, desk.auditor, desk.ranker)
    except AuditError as error:
        return shown(desk.asked, "reading_passages.html", desk=desk, refusal=str(error))
    said = desk.view.audit.read_by(desk.auditor.id, desk.cell)
    read = [one for one in at.passages if one.place in said]
    return shown(
        desk.asked,
        "reading_passages.html",
        desk=desk,
        refusal="",
        progress=at.progress,
        best=shown_passages(desk, [hit.passage for hit in at.best[:count]]),
        read=shown_passages(desk, read, [said[one.place].answers for one in read]),
        left=len(at.best),
        more=min(count + 2 * SHOWN, MOST) if count < min(MOST, len(at.best)) else 0,
        count=count,
    )


def judge(desk: Desk) -> Response:
    """Keep whether a passage answers."""
    form = desk.asked.form
    at = reading.desk(desk.view, desk.cell, desk.auditor, desk.ranker)
    passage = reading.passage_called(at, form.get("passage", ""))
    answers = form.get("answers") == "yes"
    one = reading.reading_of(desk.auditor, desk.cell, passage, answers, utc_now())
    try:
        drafts.add_reading(desk.asked.room.store, desk.auditor.id, one, desk.asked.viewer.who)
    except drafts.SubmittedError as error:
        raise AuditError(str(error)) from error
    query = {"n": form.get("n", "")}
    return ranked(desk_for(replace(desk.asked, query=query)))


# --- nothing found ---------------------------------------------------------------------------


def absence(desk: Desk) -> Response:
    """What is to be read before the cell is said to hold nothing; or the record that it was."""
    query = desk.asked.query
    by_rank = _count(query.get("by_rank", ""), BY_RANK, MOST_READ)
    at_random = _count(query.get("at_random", ""), AT_RANDOM, MOST_READ)
    context: dict[str, Any] = {
        "desk": desk,
        "by_rank": by_rank,
        "at_random": at_random,
        "refusal": "",
        "leads": (),
    }
    if desk.draft.search is not None or desk.is_locked or "by_rank" not in query:
        record = desk.draft.search
        words = _words(record) if record else ""
        return shown(desk.asked, "reading_absence.html", **context, made=None, bound=words)
    try:
        made = _search(desk, by_rank, at_random)
        words = _words(absence_of(made, desk.auditor, utc_now()))
    except OpenLeadsError as error:
        context["leads"] = error.leads
        return shown(desk.asked, "reading_absence.html", **context, made=None, bound="")
    except AuditError as error:
        context["refusal"] = str(error)
        return shown(desk.asked, "reading_absence.html", **context, made=None, bound="")
    return shown(
        desk.asked,
        "reading_absence.html",
        **context,
        made=made,
        bound=words,
        ranked=shown_passages(desk, [hit.passage for hit in made.hits]),
        sample=shown_passages(desk, made.sample),
    )


def _words(record: SearchRecord) -> str:
    return " ".join(filter(None, (bound_in_words(record), scans_in_words(record))))


def _search(desk: Desk, by_rank: int, at_random: int) -> Search:
    """What is to be read: as many by rank as asked for, those counted that were read before."""
    if desk.draft.quotes:
        raise AuditError("quotes are kept for this cell: remove them first, or grade it by them")
    said = desk.view.audit.read_by(desk.auditor.id, desk.cell)
    left = max(0, by_rank - len(said))
    view, ranker = desk.view, desk.ranker
    return search_cell(view, desk.cell, desk.auditor, (), left, at_random, None, ranker)


def record(desk: Desk) -> Response:
    """Keep that everything shown was read and nothing answers."""
    form = desk.asked.form
    by_rank = _count(form.get("by_rank", ""), BY_RANK, MOST_READ)
    at_random = _count(form.get("at_random", ""), AT_RANDOM, MOST_READ)
    made = _search(desk, by_rank, at_random)
    wanted = {hit.passage.id for hit in made.hits} | {one.id for one in made.sample}
    missing = wanted - set(desk.asked.lists.get("nothing", ()))
    if missing:
        raise AuditError(
            f"{len(missing)} of the passages are not marked as read: what nobody read cannot be "
            "called empty. If this page is old, search once more"
        )
    found = absence_of(made, desk.auditor, utc_now())
    desk.keep(replace(desk.draft, search=found), act="recorded that nothing was found")
    return _again(desk)


def dispose(desk: Desk) -> Response:
    """Keep what became of a lead, and show those that are left, or the passages to read."""
    leads.decide(desk)
    query = {name: desk.asked.form.get(name, "") for name in ("by_rank", "at_random")}
    return absence(desk_for(replace(desk.asked, query=query)))


def undo(desk: Desk) -> Response:
    """Take back that nothing was found."""
    desk.keep(replace(desk.draft, search=None), act="took back that nothing was found")
    return _again(desk)


def _again(desk: Desk) -> Response:
    return absence(desk_for(replace(desk.asked, query={})))


def _count(text: str, otherwise: int, most: int) -> int:
    return min(int(text), most) if text.isdecimal() and len(text) < 6 else otherwise
