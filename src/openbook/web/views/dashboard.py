"""The first page: the heatmap as it fills up, what is left, and who waits for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openbook.audit.dispute import disputes
from openbook.core.initiative import ReleaseId
from openbook.core.progress import CellState, Part, Sign, Stage, Work, cell_states
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.recheck import in_words, open_rechecks
from openbook.core.records import Audit
from openbook.core.review import CellId, Recheck
from openbook.report.site import words
from openbook.report.site.views.heat import WIDE
from openbook.report.wording import TALL, scale_word
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.shown import cell_url, release_url, rendered, shown
from openbook.web.signs import MARKS, SignMark, mark_of
from openbook.web.submissions import problems, submission, was_sent_back


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [Route("/", page(first))]


@dataclass(frozen=True)
class Seen:
    """What the first page is made of, as its viewer may know it."""

    asked: Asked
    audit: Audit
    """Sealed."""
    work: Work
    states: Mapping[CellId, CellState]
    disputed: tuple[CellId, ...]
    again: Mapping[CellId, tuple[Recheck, ...]]
    """What is to be looked at again, since evidence for it changed with its document."""

    @property
    def auditor(self) -> str:
        """Under which key the viewer judges; empty where audit.toml does not list it."""
        id_ = self.asked.viewer.auditor
        return id_ if self.audit.auditor(id_) else ""

    @property
    def is_editor(self) -> bool:
        """Whether the viewer may know how far everybody is."""
        return self.asked.viewer.role.may(Role.EDITOR)

    def name(self, auditor: str) -> str:
        """An auditor's name; ``you`` for the viewer."""
        return "you" if auditor == self.auditor else words.auditor_name(self.audit, auditor)

    def label(self, release: ReleaseId) -> str:
        """A release's name."""
        return words.release_name(self.audit, release)


def seen(asked: Asked) -> Seen:
    """What the viewer may know of the work."""
    audit = asked.room.seen_by(asked.viewer).audit
    work = asked.room.work()
    hidden = asked.room.sealed_for(asked.viewer)
    open_ = tuple(one.cell for one in disputes(audit) if one.settlement is None)
    states = cell_states(audit, work, asked.viewer.auditor, hidden, set(open_))
    return Seen(asked, audit, work, states, open_, open_rechecks(audit))


def first(asked: Asked) -> Response:
    """The dashboard; asked for by the page itself, the parts of it that have changed."""
    at = seen(asked)
    parts = {name: _part(asked, name, make(at)) for name, make in PARTS.items()}
    if "parts" in asked.query:
        changed = {
            name: part for name, part in parts.items() if asked.query.get(name) != part.version
        }
        if not changed:
            return Response(status_code=204)
        return shown(asked, "dashboard-parts.html", parts=changed, is_update=True)
    return shown(asked, "dashboard.html", parts=parts, is_update=False, audit=at.audit)


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part of the page that is brought up to date by itself."""

    version: str
    text: Markup


def _part(asked: Asked, name: str, context: Mapping[str, Any]) -> PagePart:
    text = rendered(asked, f"dashboard-{name}.html", **context)
    return PagePart(hashlib.sha256(text.encode()).hexdigest()[:12], text)


# --- The heatmap ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell, and where it leads for this viewer."""

    mark: SignMark
    href: str
    label: str
    is_again: bool
    """Whether it is to be looked at again."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A release."""

    label: str
    href: str
    initiative: str
    span: int
    """How many releases the initiative has, in its first row; 0 in the others."""
    cells: tuple[HeatCell, ...]


def heat_part(at: Seen) -> dict[str, object]:
    """The heatmap with its legend."""
    rows = []
    for initiative in at.audit.initiatives:
        for place, release in enumerate(initiative.audited):
            span = len(initiative.audited) if place == 0 else 0
            href = release_url(release.id) if at.auditor else ""
            rows.append(
                HeatRow(release.label, href, initiative.title, span, _cells(at, release.id))
            )
    signs = {state.sign for state in at.states.values()}
    questions = at.audit.questionnaire.questions
    return {
        "rows": rows,
        "columns": questions,
        "is_wide": len(questions) > WIDE,
        "is_tall": any(len(one.keyword) > TALL for one in questions),
        "phases": [
            (phase, len(list(run))) for phase, run in groupby(questions, key=lambda one: one.phase)
        ],
        "grades": [
            (grade, scale_word(at.audit, grade)) for grade in range(MIN_GRADE, MAX_GRADE + 1)
        ],
        "marks": [mark for sign, mark in MARKS.items() if sign in signs],
        "summary": _summary(at),
        "has_again": bool(at.again),
    }


def _cells(at: Seen, release: ReleaseId) -> tuple[HeatCell, ...]:
    found = []
    for question in at.audit.questionnaire.questions:
        cell = CellId(release, question.keyword)
        mark = mark_of(at.states[cell])
        label = f"{at.label(release)}, {question.title or question.keyword}: {mark.words}"
        is_again = cell in at.again
        label += "; to be looked at again" if is_again else ""
        found.append(HeatCell(mark, _leads_to(at, at.states[cell]), label, is_again))
    return tuple(found)


def _leads_to(at: Seen, state: CellState) -> str:
    """What the viewer can do there; empty where there is nothing to do or see."""
    cell = state.cell
    if state.sign in (Sign.TO_DO, Sign.DRAFT, Sign.READY, Sign.SUBMITTED):
        return cell_url(cell)
    if state.sign is Sign.DISPUTED and at.asked.viewer.role.may(Role.AUDITOR):
        return cell_url(cell, "disputes")
    if state.sign is Sign.EMPTY:
        is_free = not at.work.assigned.get(cell.release)
        return cell_url(cell) if at.auditor and is_free else ""
    return "" if state.sign is Sign.HIDDEN else cell_url(cell, "finding")


def _summary(at: Seen) -> str:
    """How much is settled, in a sentence."""
    count = len(at.states)
    settled = sum(one.sign is Sign.SETTLED for one in at.states.values())
    hidden = sum(one.sign is Sign.HIDDEN for one in at.states.values())
    own = (Sign.TO_DO, Sign.DRAFT, Sign.READY, Sign.SUBMITTED)
    mine = sum(one.sign in own for one in at.states.values())
    told = f"{settled} of {words.count(count, 'cell')} settled"
    if at.disputed:
        told += f", {len(at.disputed)} disputed"
    if mine:
        told += f", {mine} with you"
    return f"{told}, {hidden} hidden while others judge" if hidden else told


# --- What is left -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mine:
    """A release that the viewer has to judge or to submit."""

    label: str
    release: ReleaseId
    ready: int
    cells: int
    is_revised: bool
    """Whether it was opened before, and the viewer has changed something since."""
    faults: int
    """How many things keep it from being submitted though every cell is there."""
    came_back: bool
    href: str
    """The page to go on with."""

    @property
    def is_complete(self) -> bool:
        """Whether every cell is ready."""
        return self.ready == self.cells


def mine_part(at: Seen) -> dict[str, object]:
    """What is left for the viewer, or what to do first."""
    mine = [_mine(at, Part(one.id, at.auditor)) for one in at.audit.releases if at.auditor]
    is_new = not any(state.sign is not Sign.EMPTY for state in at.states.values())
    return {
        "mine": [one for one in mine if one is not None],
        "is_judge": bool(at.auditor),
        "wants_to_judge": at.asked.viewer.auditor,
        "has_releases": bool(at.audit.releases),
        "is_new": is_new,
        "folder": at.asked.room.folder,
        "free": _first_free(at),
    }


def _mine(at: Seen, part: Part) -> Mine | None:
    stage = at.work.stage(part)
    is_left = stage is Stage.JUDGING and at.work.has(part)
    is_revised = stage is Stage.OPENED and bool(at.work.drafts.get(part))
    if not is_left and not is_revised:
        return None
    keywords = at.audit.questionnaire.keywords
    ready = at.work.ready(part, keywords)
    room, faults = at.asked.room, 0
    if ready == len(keywords):
        given = submission(room, room.opened(), part.auditor, part.release)
        faults = len(problems(room.opened(), given, part.release))
    return Mine(
        at.label(part.release),
        part.release,
        ready,
        len(keywords),
        is_revised,
        faults,
        was_sent_back(room, part.auditor, part.release, at.asked.viewer.who),
        _next(at, part) if ready < len(keywords) else release_url(part.release),
    )


def _next(at: Seen, part: Part) -> str:
    """The first cell that is not ready."""
    cells = (CellId(part.release, one) for one in at.audit.questionnaire.keywords)
    unready = (one for one in cells if at.states[one].sign in (Sign.TO_DO, Sign.DRAFT))
    return cell_url(next(unready, CellId(part.release, at.audit.questionnaire.keywords[0])))


def _progress_of(at: Seen, release: ReleaseId, auditor: str) -> str:
    """``Ana Ruiz (6 of 10 cells ready)``."""
    keywords = at.audit.questionnaire.keywords
    ready = at.work.ready(Part(release, auditor), keywords)
    return f"{at.name(auditor)} ({ready} of {words.count(len(keywords), 'cell')} ready)"


def _first_free(at: Seen) -> str:
    """Where somebody with nothing to do can begin; empty where there is no such place."""
    empty = (state for state in at.states.values() if state.sign is Sign.EMPTY)
    return next((href for state in empty if (href := _leads_to(at, state))), "")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A release that somebody has submitted and that is not opened."""

    label: str
    release: ReleaseId
    is_mine: bool
    who: str
    """Who has submitted it: ``Ana Ruiz has``."""
    waits: str
    """``wait`` or ``waits``."""
    waits_for: str
    """Empty where everybody has submitted it, and yet it could not be written."""


@dataclass(frozen=True, slots=True)
class Again:
    """A cell to be looked at again."""

    label: str
    href: str
    rechecks: tuple[Recheck, ...]

    @property
    def why(self) -> str:
        """``1 quote altered in acme-card``."""
        return "; ".join(f"{in_words(one)} in {one.document}" for one in self.rechecks)


def waiting_part(at: Seen) -> dict[str, object]:
    """Who waits for whom, as far as it is the viewer's business; disputes and corrections."""
    found = []
    for release in at.audit.releases:
        done, left = at.work.waiting(release.id), at.work.left(release.id)
        is_mine = bool(at.auditor) and at.work.has(Part(release.id, at.auditor))
        if not done or not (is_mine or at.is_editor):
            continue
        who = words.sentence(words.listing([at.name(one) for one in done]))
        is_one = len(done) == 1 and at.auditor not in done
        found.append(
            Waiting(
                at.label(release.id),
                release.id,
                is_mine,
                f"{who} {'has' if is_one else 'have'}",
                "waits" if is_one else "wait",
                words.listing([_progress_of(at, release.id, one) for one in left]),
            )
        )
    inbox = at.asked.room.store.row("SELECT count(*) AS n FROM inbox WHERE state = 'waiting'")
    return {
        "waiting": found,
        "disputed": [(f"{at.label(one.release)}, {one.keyword}", one) for one in at.disputed]
        if at.asked.viewer.role.may(Role.AUDITOR)
        else [],
        "again": [
            Again(
                f"{at.label(cell.release)}, {cell.keyword}", _leads_to(at, at.states[cell]), every
            )
            for cell, every in at.again.items()
        ]
        if at.asked.viewer.role.may(Role.AUDITOR)
        else [],
        "corrections": inbox["n"] if inbox and at.is_editor else 0,
    }


@dataclass(frozen=True, slots=True)
class Auditors:
    """How far an auditor is with all that is assigned."""

    name: str
    releases: int
    submitted: int
    ready: int
    cells: int


def progress_part(at: Seen) -> dict[str, object]:
    """How far each auditor is: for editors."""
    found = []
    keywords = at.audit.questionnaire.keywords
    everybody = dict.fromkeys(one for every in at.work.assigned.values() for one in every)
    for auditor in everybody if at.is_editor else ():
        parts = [
            Part(release, auditor)
            for release, every in at.work.assigned.items()
            if auditor in every and at.audit.release(release)
        ]
        judging = [one for one in parts if one not in at.work.submitted]
        done = len(parts) - len(judging)
        ready = sum(at.work.ready(one, keywords) for one in judging) + done * len(keywords)
        name = words.auditor_name(at.audit, auditor)
        found.append(Auditors(name, len(parts), done, ready, len(parts) * len(keywords)))
    is_team = at.asked.room.settings.is_team
    return {"auditors": found, "may_assign": at.is_editor and is_team}


PARTS = {
    "mine": mine_part,
    "waiting": waiting_part,
    "heat": heat_part,
    "progress": progress_part,
}
"""The parts of the page, from top to bottom."""
