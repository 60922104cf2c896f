"""What the first page is made of, as its viewer may know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openbook.audit.dispute import disputes
from openbook.core.initiative import ReleaseId
from openbook.core.progress import CellState, Sign, Work, cell_states
from openbook.core.recheck import open_rechecks
from openbook.core.records import Audit
from openbook.core.review import CellId, Recheck
from openbook.report.site import words
from openbook.web.guard import Asked
from openbook.web.people import Role
from openbook.web.shown import cell_url


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


def leads_to(at: Seen, state: CellState) -> str:
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
