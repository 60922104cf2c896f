"""Many documents at once: dropped, guessed, shown in one table to be corrected, then added."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.pile.amending import (
    amended,
    release_named,
)
from openbook.audit.pile.gather import addresses
from openbook.core.initiative import ROLES
from openbook.core.plan import Do, Failed, Plan
from openbook.report.site import words
from openbook.web import dropping, piles
from openbook.web.acts import record
from openbook.web.bodies import FORM, UPLOAD
from openbook.web.guard import Asked, page
from openbook.web.jobs import Job, Outcome, Report
from openbook.web.limits import Limit
from openbook.web.people import Role
from openbook.web.pile_form import (
    document_keys,
    field_of,
    given,
    joined,
    news,
    release_names,
    rows,
    typed,
)
from openbook.web.piles import Pile
from openbook.web.shown import rendered, shown

AT_ONCE = 2 * UPLOAD
"""Bytes of files in one form; the page's script sends them one by one."""
OFTEN = Limit(1000, 3600.0)
BECOMES = {
    Do.NEW: "a document of its own",
    Do.COPY: "a further copy",
    Do.SKIP: "left out",
}
KINDS = ("paper", "report", "model-card", "system-card", "web-page", "repository", "other")


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    editor, post = Role.EDITOR, ["POST"]
    sent = page(bring, needs=editor, most=AT_ONCE + FORM, files=piles.MOST_THINGS, often=OFTEN)
    return [
        Route("/pile", page(pile, needs=editor)),
        Route("/pile", sent, methods=post),
        Route("/pile/state", page(state, needs=editor)),
        Route("/pile/read", page(read, needs=editor), methods=post),
        Route("/pile/save", page(save, needs=editor), methods=post),
        Route("/pile/name", page(name, needs=editor), methods=post),
        Route("/pile/add", page(add, needs=editor), methods=post),
        Route("/pile/discard", page(discard, needs=editor), methods=post),
    ]


class Limits(NamedTuple):
    """What may be sent, for people to read."""

    things: int
    megabytes: int
    at_once: int


def limits() -> Limits:
    """What may be sent."""
    return Limits(piles.MOST_THINGS, UPLOAD >> 20, AT_ONCE >> 20)


def owner(asked: Asked) -> str:
    """Whose pile it is: each person's own; alone there is one."""
    person = asked.viewer.person
    return person.id if person is not None and asked.room.settings.is_team else ""


def pile_of(asked: Asked) -> Pile:
    """The viewer's pile; what is too old is gone."""
    who = owner(asked)
    piles.tidy(asked.room, [who] if _running(asked) else [])
    return piles.load(asked.room.store, who)


def _job(asked: Asked) -> Job | None:
    return asked.room.jobs.of(dropping.job_of(owner(asked)))


def _running(asked: Asked) -> bool:
    job = _job(asked)
    return job is not None and job.outcome is None


def pile(asked: Asked) -> Response:
    """What the viewer dropped, and what the room takes it for."""
    found, job = pile_of(asked), _job(asked)
    audit = asked.room.opened().audit
    plan = found.plan or Plan(())
    corrected = amended(plan, found.edits, audit)
    return shown(
        asked,
        "pile.html",
        is_clean=True,
        pile=found,
        job=job if found.things else None,
        rows=list(rows(found, plan, corrected)),
        failed=[one for one in plan.failed if one.source in {t.source for t in found.waiting}],
        limits=limits(),
        becomes=BECOMES,
        kinds=[(one, words.DOCUMENT_KINDS[one]) for one in KINDS],
        roles=[(one, words.ROLES[one]) for one in ROLES],
        documents=document_keys(audit.documents, corrected.plan),
        releases=release_names(audit, found, plan),
        **news(audit, found, plan, corrected),
    )


def state(asked: Asked) -> Response:
    """How far the work at a pile is: asked for again and again until it is done."""
    job = _job(asked)
    answer = shown(asked, "pile_job.html", is_clean=True, job=job)
    if job is None or job.outcome is not None:
        answer.headers["HX-Refresh"] = "true"
    return answer


def bring(asked: Asked) -> Response:
    """Take files and addresses. Nothing opens them before they are read, in a confined process."""
    found, bad = _addresses(asked)
    refused = [(one.source.replace(":", " "), one.reason) for one in bad]
    too_large = f"The file is larger than {UPLOAD >> 20} MB."
    oversize = asked.lists.get("oversize", ())[: piles.MOST_THINGS]
    refused += [(one[:200], too_large) for one in oversize]
    if not (asked.uploads or found or refused):
        raise HTTPException(400, "Choose files, or give addresses, one a line.")
    piles.put(asked.room, owner(asked), asked.uploads, found, refused)
    if asked.is_partial:
        return Response("kept", media_type="text/plain")
    return _begun(asked, "reading", dropping.read, is_must=False)


def _addresses(asked: Asked) -> tuple[list[str], list[Failed]]:
    listed = addresses(asked.form.get("addresses", ""), "line")
    found = [one.source for one in listed if not isinstance(one, Failed)]
    return found, [one for one in listed if isinstance(one, Failed)]


Work = Callable[..., Outcome]


def _begun(asked: Asked, what: str, work: Work, *more: str, is_must: bool = True) -> Response:
    room, who = asked.room, owner(asked)

    def done(report: Report) -> Outcome:
        return work(room, who, *more, report)

    if not room.jobs.start(dropping.job_of(who), what, done) and is_must:
        raise HTTPException(409, "The room is busy with other documents. Try again in a minute.")
    return RedirectResponse("/pile", 303)


def read(asked: Asked) -> Response:
    """Begin to read what waits."""
    return _begun(asked, "reading", dropping.read)


def save(asked: Asked) -> Response:
    """Keep what was typed. A script is told what is wrong, and what is to be named."""
    _keep(asked)
    if not asked.is_partial:
        return RedirectResponse("/pile", 303)
    found = piles.load(asked.room.store, owner(asked))
    plan = found.plan or Plan(())
    audit = asked.room.opened().audit
    corrected = amended(plan, found.edits, audit)
    numbers = {one.source: one.n for one in found.waiting}
    faults = {field_of(one, numbers): one.message for one in corrected.faults}
    named = news(audit, found, plan, corrected)
    return JSONResponse(
        {"faults": faults, "news": str(rendered(asked, "pile_news.html", is_clean=True, **named))}
    )


def _keep(asked: Asked) -> None:
    """Keep what the form says."""
    found = piles.load(asked.room.store, owner(asked))
    change = typed(asked.room.opened().audit, found, asked.form)
    piles.keep_edits(asked.room, owner(asked), change)


def name(asked: Asked) -> Response:
    """Name a release that the audit does not have, with its initiative, and give it to rows."""
    _keep(asked)
    found = piles.load(asked.room.store, owner(asked))
    plan, audit = found.plan or Plan(()), asked.room.opened().audit
    keys = ("company", "family", "status", "label", "date")
    company, family, status, label, date = (
        asked.form.get(f"new.{key}", "").strip()[:200] for key in keys
    )
    id_ = release_named(plan, found.edits, audit, company, family, label) if family else None
    if id_ is None:
        raise HTTPException(
            400, "Name the initiative and the release, in letters from a to z and digits."
        )
    if family.casefold() not in label.casefold():
        label = f"{family} {label}"  # a release stands alone in a heatmap's row
    change: dict[str, dict[str, dict[str, str | None]]] = {
        "families": {},
        "releases": {str(id_): {"label": label, "date": date}},
    }
    if audit.release(id_) is not None:
        change["releases"] = {}
    elif audit.initiative(id_.initiative) is None and (company or status):
        change["families"][id_.initiative] = {"name": family, "company": company, "status": status}
    to = asked.form.get("new.to", "")
    change["rows"] = {
        thing.source: {"releases": joined(fields["releases"], str(id_))}
        for thing, fields in given(found, plan)
        if to == str(thing.n) or (to == "bare" and not fields["releases"].strip())
    }
    piles.keep_edits(asked.room, owner(asked), change)
    return RedirectResponse("/pile#News", 303)


def add(asked: Asked) -> Response:
    """Keep what was typed, and begin to write it all into the audit."""
    _keep(asked)
    person = asked.viewer.who
    return _begun(asked, "adding", dropping.add, person)


def discard(asked: Asked) -> Response:
    """Forget a pile; nothing of it was written."""
    if _running(asked):
        raise HTTPException(409, "The room is at work on it. Wait until it is done.")
    piles.discard(asked.room, owner(asked))
    with asked.room.store.writing() as db:
        record(db, asked.viewer.who, "discarded a pile")
    return RedirectResponse("/documents", 303)
