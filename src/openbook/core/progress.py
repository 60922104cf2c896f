"""How far the work on an audit is: who judges what, who waits for whom, what each may know.

Pure, so that what a viewer is told can be tested without a server. Of others' unfinished work
nothing but counts is ever told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from openbook.core.initiative import ReleaseId
from openbook.core.records import Audit
from openbook.core.review import CellId


class Part(NamedTuple):
    """An auditor's part in a release."""

    release: ReleaseId
    auditor: str


class Stage(StrEnum):
    """How far an auditor is with a release."""

    JUDGING = "judging"
    WAITING = "waiting"
    """Submitted, frozen, and hidden until everybody who is to judge it has submitted."""
    OPENED = "opened"
    """Written into the audit's files."""


@dataclass(frozen=True)
class Work:
    """What the room knows of work in progress: no word and no grade of it."""

    assigned: Mapping[ReleaseId, tuple[str, ...]] = field(default_factory=dict)
    """Who is to judge each release."""
    submitted: Mapping[Part, bool] = field(default_factory=dict)
    """Who has submitted, and whether that is opened."""
    drafts: Mapping[Part, Mapping[str, bool]] = field(default_factory=dict)
    """Keywords of the drafts that say something, and whether each says enough."""
    graded: Mapping[Part, frozenset[str]] = field(default_factory=dict)
    """Keywords that auditors have graded in the files."""

    @cached_property
    def releases(self) -> tuple[ReleaseId, ...]:
        """The releases that somebody has to do with."""
        parts = (*self.submitted, *self.drafts)
        return tuple(dict.fromkeys((*self.assigned, *(one.release for one in parts))))

    def stage(self, part: Part) -> Stage:
        """How far an auditor is with a release."""
        is_opened = self.submitted.get(part)
        if is_opened is None:
            return Stage.JUDGING
        return Stage.OPENED if is_opened else Stage.WAITING

    def has(self, part: Part) -> bool:
        """Whether an auditor is to judge a release, or has begun to."""
        is_assigned = part.auditor in self.assigned.get(part.release, ())
        return is_assigned or part in self.submitted or bool(self.drafts.get(part))

    def is_open_work(self, part: Part) -> bool:
        """Whether an auditor has a part in a release that is not opened yet."""
        return self.has(part) and self.stage(part) is not Stage.OPENED

    def left(self, release: ReleaseId) -> tuple[str, ...]:
        """Who is to judge a release and has not submitted it."""
        every = self.assigned.get(release, ())
        return tuple(one for one in every if Part(release, one) not in self.submitted)

    def waiting(self, release: ReleaseId) -> tuple[str, ...]:
        """Who has submitted a release that is not opened yet."""
        return tuple(
            part.auditor
            for part, is_opened in self.submitted.items()
            if part.release == release and not is_opened
        )

    def is_complete(self, release: ReleaseId) -> bool:
        """Whether a release can be opened: somebody waits, and nobody is left to submit."""
        return bool(self.waiting(release)) and not self.left(release)

    def ready(self, part: Part, keywords: Collection[str]) -> int:
        """How many of these cells an auditor could submit: drafts that say enough, and what is
        graded in the files and not being changed."""
        drafts = self.drafts.get(part, {})
        graded = self.graded.get(part, frozenset())
        return sum(drafts.get(one, one in graded) for one in keywords)


def graded_cells(audit: Audit) -> dict[Part, frozenset[str]]:
    """The keywords that each auditor has graded in the files."""
    return {
        Part(one.release, one.auditor): frozenset(
            keyword for keyword, judgement in one.cells.items() if judgement.grade is not None
        )
        for one in audit.reviews
    }


def hidden_from(work: Work, auditor: str, *, sees_all: bool) -> frozenset[ReleaseId]:
    """The releases of which somebody is shown no judgement but the own one.

    Those that the auditor has a part in, until they are opened: also after submitting, since a
    submission can be taken back. And for who has no part in them and does not ``see all``, those
    that somebody is still to judge.
    """
    found = set()
    for release in work.releases:
        mine = Part(release, auditor)
        if auditor and work.has(mine):
            is_hidden = work.is_open_work(mine)
        else:
            others = (Part(release, one) for one in work.assigned.get(release, ()))
            is_hidden = not sees_all and any(work.is_open_work(one) for one in others)
        if is_hidden:
            found.add(release)
    return frozenset(found)


class Sign(StrEnum):
    """What a viewer is told of a cell."""

    SETTLED = "settled"
    DISPUTED = "disputed"
    JUDGED = "judged"
    """Somebody has graded it, and there is no finding yet."""
    DRAFT = "draft"
    """The viewer has begun it."""
    READY = "ready"
    """The viewer's judgement says enough to be submitted."""
    SUBMITTED = "submitted"
    """The viewer has submitted it; others have not."""
    TO_DO = "to do"
    """The viewer is to judge it, and has not begun."""
    HIDDEN = "hidden"
    """Others are still to judge it."""
    EMPTY = "empty"
    """Nobody has judged it."""


class CellState(NamedTuple):
    """A cell as a viewer may see it."""

    cell: CellId
    sign: Sign
    grade: int | None = None
    """The settled grade."""
    graders: int = 0
    """How many have graded it, where the viewer may know."""


def cell_states(
    audit: Audit,
    work: Work,
    auditor: str,
    hidden: Collection[ReleaseId],
    disputed: Collection[CellId],
) -> dict[CellId, CellState]:
    """The state of every cell for a viewer who judges as ``auditor`` (or as nobody: empty).

    ``audit`` is sealed: it holds no judgement of ``hidden`` releases but the viewer's own.
    """
    graders: dict[CellId, int] = {}
    for part, keywords in graded_cells(audit).items():
        for keyword in keywords:
            cell = CellId(part.release, keyword)
            graders[cell] = graders.get(cell, 0) + 1
    found = {}
    for cell in audit.cells:
        mine = _own_sign(work, Part(cell.release, auditor), cell.keyword) if auditor else None
        if mine is not None:
            found[cell] = CellState(cell, mine)
        elif cell.release in hidden:
            found[cell] = CellState(cell, Sign.HIDDEN)
        else:
            found[cell] = _common_state(audit, cell, graders.get(cell, 0), cell in disputed)
    return found


def _own_sign(work: Work, part: Part, keyword: str) -> Sign | None:
    """What to tell of the viewer's own work on a cell; None where there is none to tell of."""
    is_ready = work.drafts.get(part, {}).get(keyword)
    if work.is_open_work(part):
        if work.stage(part) is Stage.WAITING:
            return Sign.SUBMITTED
        if is_ready is None and keyword in work.graded.get(part, frozenset()):
            return Sign.READY
        if is_ready is None:
            return Sign.TO_DO
    if is_ready is None:
        return None
    return Sign.READY if is_ready else Sign.DRAFT


def _common_state(audit: Audit, cell: CellId, graders: int, is_disputed: bool) -> CellState:
    finding = audit.findings.get(cell)
    if is_disputed:
        return CellState(cell, Sign.DISPUTED, None, graders)
    if finding is not None and finding.judgement.grade is not None:
        return CellState(cell, Sign.SETTLED, finding.judgement.grade, graders)
    return CellState(cell, Sign.JUDGED if graders else Sign.EMPTY, None, graders)
