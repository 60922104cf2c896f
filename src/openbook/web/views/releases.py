"""A release as its auditor works on it: what is ready, submitting, taking back, opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.dispute import disputes
from openbook.audit.opened import Opened
from openbook.audit.settle import findings_path
from openbook.audit.submit import Submission, conflicts
from openbook.core.evidence import QuoteEvidence
from openbook.core.initiative import Release, ReleaseId, parse_release_id
from openbook.core.progress import CellState, Part, Sign, Stage, Work, cell_states
from openbook.core.questionnaire import Question
from openbook.core.review import CellId, Judgement
from openbook.report.site import words
from openbook.web import submissions
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.shown import cell_url, release_url, shown
from openbook.web.signs import SignMark, mark_of


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    at = "/release/{initiative}/{release}"
    return [
        Route(at, page(release_page, needs=Role.AUDITOR)),
        Route(f"{at}/submit", page(submit, needs=Role.AUDITOR), methods=["POST"]),
        Route(f"{at}/take-back", page(take_back, needs=Role.AUDITOR), methods=["POST"]),
        Route(f"{at}/open", page(open_again, needs=Role.AUDITOR), methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One of the auditor's cells."""

    question: Question
    mark: SignMark
    grade: int | None
    answer: str
    faults: tuple[str, ...]
    is_changed: bool
    """Whether the file of the cell was changed since the draft began."""
    href: str
    dispute: str
    """The page of its dispute; empty where there is none open."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who is to judge the release."""

    name: str
    stage: Stage
    ready: int
    came_back: bool


def release_page(asked: Asked) -> Response:
    """The page of a release."""
    release, auditor = _release(asked), _auditor(asked)
    room, part = asked.room, Part(release.id, auditor)
    opened, seen, work = room.opened(), room.seen_by(asked.viewer), room.work()
    given = submissions.submission(room, opened, auditor, release.id)
    stage = work.stage(part)
    is_frozen = stage is Stage.WAITING
    changed = () if is_frozen else conflicts(opened, given)
    found = [] if is_frozen else submissions.problems(opened, given, release.id)
    faults: dict[str, list[str]] = {}
    for one in found:
        faults.setdefault(one.place, []).append(one.message)
    hidden = room.sealed_for(asked.viewer)
    differ = {one.cell for one in disputes(seen.audit) if one.settlement is None}
    states = cell_states(seen.audit, work, auditor, hidden, differ)
    lines = [
        _line(seen, CellId(release.id, question.keyword), given, states, faults, changed)
        for question in seen.audit.questionnaire.questions
    ]
    is_read = auditor in work.assigned.get(release.id, ()) or bool(given.drafts)
    return shown(
        asked,
        "release.html",
        name=words.release_name(seen.audit, release.id),
        initiative=seen.audit.initiative(release.id.initiative),
        stage=stage,
        Stage=Stage,
        lines=lines,
        ready=work.ready(part, seen.audit.questionnaire.keywords),
        has_drafts=bool(given.drafts),
        is_begun=is_read or stage is not Stage.JUDGING,
        can_submit=bool(given.drafts) and not found and not changed and not is_frozen,
        changed=[(cell.keyword, f"{cell_url(cell)}?merge=1") for cell in changed],
        others=_others(asked, seen, work, part),
        left=words.listing([words.auditor_name(seen.audit, one) for one in work.left(release.id)]),
        is_stuck=is_frozen and work.is_complete(release.id),
        trouble=submissions.last_trouble(room, release.id),
        came_back=stage is not Stage.WAITING
        and submissions.was_sent_back(room, auditor, release.id, asked.viewer.who),
        written=_written(seen, part) if stage is Stage.OPENED else [],
        told=asked.query.get("told", ""),
        act=release_url(release.id),
    )


def _release(asked: Asked) -> Release:
    """The audited release of the address."""
    id_ = ReleaseId(asked.path["initiative"], asked.path["release"])
    is_named = parse_release_id(str(id_)) is not None
    found = asked.room.opened().audit.release(id_) if is_named else None
    if found is None or found.left_out:
        raise HTTPException(404, "There is no such release in this audit.")
    return found


def _auditor(asked: Asked) -> str:
    """The viewer's key in audit.toml."""
    id_ = asked.viewer.auditor
    if asked.room.opened().audit.auditor(id_) is None:
        raise HTTPException(
            403, "Only who is an auditor in audit.toml judges releases, and you are not there."
        )
    return id_


def _line(
    seen: Opened,
    cell: CellId,
    given: Submission,
    states: Mapping[CellId, CellState],
    faults: Mapping[str, list[str]],
    changed: tuple[CellId, ...],
) -> Line:
    draft, filed = given.drafts.get(cell), _own(seen, cell, given.auditor.id)
    said = draft if draft is not None else filed
    answer = said.answer if said else ""
    if draft is not None and draft.search is not None and not answer:
        answer = "Not stated, after a search."
    grade = said.grade if said else None
    question = seen.audit.questionnaire.question(cell.keyword)
    assert question is not None
    return Line(
        question,
        mark_of(states[cell]),
        0 if draft is not None and draft.search is not None else grade,
        answer,
        tuple(faults.get(str(cell), ())),
        cell in changed,
        cell_url(cell),
        cell_url(cell, "disputes") if states[cell].sign is Sign.DISPUTED else "",
    )


def _own(seen: Opened, cell: CellId, auditor: str) -> Judgement | None:
    for one in seen.audit.reviews:
        if one.auditor == auditor and one.release == cell.release:
            return one.cells.get(cell.keyword)
    return None


def _others(asked: Asked, seen: Opened, work: Work, part: Part) -> list[Other]:
    """The others who judge the release, for who judges it too."""
    keywords = seen.audit.questionnaire.keywords
    every = (*work.assigned.get(part.release, ()), *work.waiting(part.release))
    return [
        Other(
            words.auditor_name(seen.audit, one),
            work.stage(other := Part(part.release, one)),
            work.ready(other, keywords),
            other not in work.submitted
            and submissions.was_sent_back(asked.room, one, part.release, one),
        )
        for one in dict.fromkeys(every)
        if one != part.auditor and work.has(part)
    ]


def _written(seen: Opened, part: Part) -> list[tuple[str, str]]:
    """The files that hold the auditor's judgement of a release, with what each holds."""
    release, folder = part.release, seen.folder
    named = f"{release.initiative}/{release.release}.toml"
    quoted = {
        one.document
        for one in seen.audit.evidence.values()
        if isinstance(one, QuoteEvidence) and one.by == part.auditor and release in one.supports
    }
    searched = sorted(
        {one.cell.keyword for one in seen.audit.searches.values()
         if one.by == part.auditor and one.cell.release == release}
    )  # fmt: skip
    paths = [
        (folder / "reviews" / part.auditor / named, "your answers, grades and reasons"),
        *((folder / "evidence" / f"{one}.toml", "your quotes") for one in sorted(quoted)),
        *(
            (folder / "searches" / f"{release.initiative}-{release.release}-{one}.jsonl",
             "the search after which you found nothing")
            for one in searched
        ),
        (folder / "readings" / f"{part.auditor}.jsonl", "which passages you read"),
        (findings_path(folder, release), "what was settled with that"),
    ]  # fmt: skip
    return [(_shown_path(path, folder), what) for path, what in paths if path.is_file()]


def _shown_path(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def submit(asked: Asked) -> Response:
    """Submit the release."""
    release, auditor = _release(asked), _auditor(asked)
    try:
        made = submissions.submit(asked.room, auditor, release.id, asked.viewer.who)
    except submissions.ConflictError:
        return RedirectResponse(release_url(release.id), 303)  # where the cells are listed
    told = "opened" if made.is_open else "trouble" if made.trouble else "submitted"
    return RedirectResponse(f"{release_url(release.id)}?told={told}", 303)


def take_back(asked: Asked) -> Response:
    """Take a submission back that waits for others."""
    release, auditor = _release(asked), _auditor(asked)
    submissions.take_back(asked.room, auditor, release.id, asked.viewer.who)
    return RedirectResponse(f"{release_url(release.id)}?told=back", 303)


def open_again(asked: Asked) -> Response:
    """Try again to write what everybody has submitted."""
    release = _release(asked)
    is_own = Part(release.id, asked.viewer.auditor) in asked.room.work().submitted
    if not is_own and not asked.viewer.role.may(Role.EDITOR):
        raise HTTPException(403, "This is for who has submitted the release, and for editors.")
    made = submissions.try_to_open(asked.room, release.id)
    where = release_url(release.id) if is_own else "/"
    return RedirectResponse(f"{where}?told={'opened' if made.is_open else 'trouble'}", 303)
