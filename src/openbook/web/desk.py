"""An auditor's desk: one cell, the draft of it, and the audit as this auditor may see it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from starlette.exceptions import HTTPException

from openbook.audit.grade import own_evidence
from openbook.audit.opened import AuditError, Opened, WrongUseError
from openbook.audit.search.learn import ranker_for
from openbook.audit.submit import Submission, conflicts, judgement_on_file, own_view
from openbook.core.draft import Draft, draft_from, fingerprint
from openbook.core.evidence import Evidence
from openbook.core.initiative import Release
from openbook.core.progress import Part
from openbook.core.questionnaire import Question
from openbook.core.ranker import Ranker
from openbook.core.review import Auditor, CellId, Judgement
from openbook.web import drafts
from openbook.web.drafts import Saved
from openbook.web.guard import Asked
from openbook.web.room import assignments, submissions, utc_now
from openbook.web.submissions import submission


class NoAuditorError(Exception):
    """Somebody without an auditor's key of their own asked for a desk."""


@dataclass(frozen=True)
class Desk:
    """One cell, one auditor, one draft."""

    asked: Asked
    opened: Opened
    """The whole audit: for what writes, and for what the auditor asked to see."""
    cell: CellId
    release: Release
    question: Question
    auditor: Auditor
    saved: Saved
    """Version 0 where nothing was put down here yet: then it says what the file says."""
    is_locked: bool
    """Whether the release is submitted and waits to be opened."""

    @cached_property
    def bare(self) -> Opened:
        """The audit without what anybody else judged of this release, whoever was asked to: what
        is shown on request comes from :attr:`opened`."""
        hidden = self.asked.room.sealed_for(self.asked.viewer) | {self.cell.release}
        return self.asked.room.without(self.opened, hidden, self.auditor.id)

    @cached_property
    def given(self) -> Submission:
        """All drafts and readings of the release."""
        return submission(self.asked.room, self.bare, self.auditor.id, self.cell.release)

    @cached_property
    def view(self) -> Opened:
        """:attr:`bare`, with the auditor's own quotes and readings."""
        return own_view(self.bare, self.given)

    @cached_property
    def ranker(self) -> Ranker:
        """What orders passages here; nothing that others judged blindly is in it."""
        return ranker_for(self.view, keeps=False)

    @property
    def draft(self) -> Draft:
        """What is put down."""
        return self.saved.draft

    @cached_property
    def on_file(self) -> Judgement | None:
        """What the auditor's file says of the cell."""
        return judgement_on_file(self.opened, self.cell, self.auditor)

    @property
    def has_conflict(self) -> bool:
        """Whether the file was changed since the draft began from it."""
        if not self.saved.version or fingerprint(self.on_file) == self.draft.base:
            return False
        one = Submission(self.auditor, {self.cell: self.draft})
        return self.cell in conflicts(self.opened, one)

    @cached_property
    def own(self) -> tuple[Evidence, ...]:
        """Accepted evidence for the cell that the auditor added earlier."""
        return tuple(
            one for one in self.bare.audit.evidence_for(self.cell) if one.by == self.auditor.id
        )

    @cached_property
    def others(self) -> tuple[Evidence, ...]:
        """Accepted evidence for the cell that others added."""
        return tuple(
            one for one in self.opened.audit.evidence_for(self.cell) if one.by != self.auditor.id
        )

    @property
    def shown_others(self) -> tuple[Evidence, ...]:
        """What of it may be shown: all that was asked for, or what the draft rests on already."""
        if "evidence" in self.draft.saw:
            return self.others
        return tuple(one for one in self.others if one.id in self.draft.uses)

    def may_use(self, ids: Collection[str]) -> tuple[str, ...]:
        """Those of these ids that are evidence which may be shown, in order."""
        known = {one.id for one in (*self.own, *self.shown_others)}
        return tuple(dict.fromkeys(one for one in ids if one in known))

    def keep(self, draft: Draft, version: int | None = None, act: str = "saved a draft") -> int:
        """Keep a draft of the cell; the number of this change. Without a version it is kept on top
        of what is there, as acts do that are no typing. Raises :class:`AuditError` where the
        release is submitted, :class:`openbook.web.drafts.OutdatedError`."""
        viewer = self.asked.viewer
        at = utc_now().isoformat()
        given = self.saved.version if version is None else version
        store = self.asked.room.store
        try:
            return drafts.save(store, self.auditor.id, self.cell, draft, given, at, viewer.who, act)
        except drafts.SubmittedError as error:
            raise AuditError(str(error)) from error
        except drafts.OutdatedError as error:
            if version is not None:
                raise
            raise AuditError("the draft was changed just now; do it once more") from error

    def begin(self) -> None:
        """Make sure that a draft is kept, one that says what the file says: quotes belong to it."""
        if not self.saved.version:
            self.keep(self.draft, act="began a draft")


def desk_for(asked: Asked) -> Desk:
    """The desk of the cell asked for. Raises :class:`HTTPException` for a cell that there is not,
    or that is not the viewer's to judge; :class:`NoAuditorError`."""
    opened = asked.room.opened()
    try:
        release = opened.release(f"{asked.path['initiative']}/{asked.path['release']}")
        question = opened.question(asked.path["keyword"])
    except WrongUseError as error:
        raise HTTPException(404, str(error)) from error
    auditor = asked.room.auditor(asked.viewer, opened)
    if auditor is None:
        raise NoAuditorError
    is_team = asked.room.settings.is_team
    if is_team and auditor.id not in assignments(asked.room.store).get(release.id, ()):
        raise HTTPException(
            403, f"{release.label} is not assigned to you. An editor assigns releases."
        )
    cell = CellId(release.id, question.keyword)
    saved = drafts.load(asked.room.store, auditor.id, cell)
    done = submissions(asked.room.store, release.id)
    is_locked = done.get(Part(release.id, auditor.id)) is False
    found = saved or Saved(_first(opened, cell, auditor), 0)
    return Desk(asked, opened, cell, release, question, auditor, found, is_locked)


def _first(opened: Opened, cell: CellId, auditor: Auditor) -> Draft:
    """What a draft begins from: the file, else the auditor's own quotes."""
    judgement = judgement_on_file(opened, cell, auditor)
    if judgement is None:
        return Draft(uses=own_evidence(opened, cell, auditor))
    return draft_from(judgement, opened.audit.searches)
