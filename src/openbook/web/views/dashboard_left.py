"""What is left on the first page: for the viewer, and who waits for whom."""

from __future__ import annotations

from dataclasses import dataclass

from openbook.core.initiative import ReleaseId
from openbook.core.progress import Part, Sign, Stage
from openbook.core.recheck import in_words
from openbook.core.review import CellId, Recheck
from openbook.report.site import words
from openbook.web.people import Role
from openbook.web.shown import cell_url, release_url
from openbook.web.submissions import problems, submission, was_sent_back
from openbook.web.views.dashboard_seen import Seen, leads_to


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
    return next((href for state in empty if (href := leads_to(at, state))), "")


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
            Again(f"{at.label(cell.release)}, {cell.keyword}", leads_to(at, at.states[cell]), every)
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
