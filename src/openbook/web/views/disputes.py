"""Disputes: cells whose graders differ, side by side, and deciding them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.dispute import Dispute, dispute_of, disputes
from openbook.audit.opened import AuditError, WrongUseError, open_audit, writing
from openbook.audit.settle import decide, settle
from openbook.core.evidence import ArtifactEvidence, Evidence, QuoteEvidence, RegionEvidence
from openbook.core.grade import suggest
from openbook.core.initiative import ReleaseId
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.records import Audit
from openbook.core.review import Basis, CellId, Judgement
from openbook.files.write import WriteError
from openbook.report.site import words
from openbook.report.site.marks import STATE_CLASS, point_mark
from openbook.report.wording import scale_word
from openbook.web.acts import record
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.room import Room, utc_now
from openbook.web.shown import cell_url, shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    at = "/disputes/{initiative}/{release}/{keyword}"
    return [
        Route("/disputes", page(all_disputes, needs=Role.AUDITOR)),
        Route(at, page(one_dispute, needs=Role.AUDITOR)),
        Route(at, page(settle_dispute, needs=Role.EDITOR), methods=["POST"]),
    ]


def all_disputes(asked: Asked) -> Response:
    """The list: open ones first."""
    audit = asked.room.seen_by(asked.viewer).audit
    found = disputes(audit)
    return shown(
        asked,
        "disputes.html",
        audit=audit,
        open=[_row(audit, one) for one in found if one.settlement is None],
        decided=[_row(audit, one) for one in found if one.settlement is not None],
        hidden=len(asked.room.sealed_for(asked.viewer)),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A dispute in the list."""

    dispute: Dispute
    label: str
    title: str
    grades: tuple[tuple[str, int | None], ...]
    href: str


def _row(audit: Audit, one: Dispute) -> Row:
    question = audit.questionnaire.question(one.cell.keyword)
    return Row(
        one,
        words.release_name(audit, one.cell.release),
        question.title if question else one.cell.keyword,
        tuple((words.auditor_name(audit, who), said.grade) for who, said in one.judgements.items()),
        cell_url(one.cell, "disputes"),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence of one side."""

    id: str
    text: str
    kind: str
    document: str


@dataclass(frozen=True, slots=True)
class Side:
    """One grader's judgement."""

    id: str
    name: str
    kind: str
    judgement: Judgement
    suggested: str
    evidence: tuple[Shown, ...]
    """Without what all sides share."""
    absence: str
    saw: str


def one_dispute(asked: Asked) -> Response:
    """A dispute, side by side."""
    return _page(asked)


def _page(asked: Asked, trouble: str = "", status: int = 200) -> Response:
    """The page, with what was typed where that could not be done."""
    audit = asked.room.seen_by(asked.viewer).audit
    dispute = _dispute(asked, audit)
    shared = _shared(dispute)
    return shown(
        asked,
        "dispute.html",
        status,
        dispute=dispute,
        name=words.release_name(audit, dispute.cell.release),
        question=audit.questionnaire.question(dispute.cell.keyword),
        sides=[_side(audit, dispute, who, shared) for who in dispute.judgements],
        shared=[_evidence(audit, id_) for id_ in shared],
        point_mark=point_mark,
        STATE_CLASS=STATE_CLASS,
        finding=cell_url(dispute.cell, "finding"),
        taken=words.auditor_name(audit, dispute.settlement.take) if dispute.settlement else "",
        day=words.day(dispute.settlement.date) if dispute.settlement else "",
        decided_by=words.auditor_name(audit, dispute.settlement.by) if dispute.settlement else "",
        why_not=_why_not(asked, dispute),
        grades=[(one, scale_word(audit, one)) for one in range(MIN_GRADE, MAX_GRADE + 1)],
        told=asked.query.get("told", ""),
        trouble=trouble,
        chosen=_chosen(asked, dispute),
    )


def _chosen(asked: Asked, dispute: Dispute) -> dict[str, str]:
    """What the form says: what was typed, or else the decision that there is."""
    there = dispute.settlement
    before = {"grade": str(there.grade), "take": there.take} if there else {}
    return {"grade": "", "take": "", "reason": "", **before, **asked.form}


def _dispute(asked: Asked, audit: Audit) -> Dispute:
    path = asked.path
    cell = CellId(ReleaseId(path["initiative"], path["release"]), path["keyword"])
    found = dispute_of(audit, cell) if audit.release(cell.release) else None
    if found is None:
        raise HTTPException(404, "There is no dispute to be seen here.")
    return found


def _shared(dispute: Dispute) -> tuple[str, ...]:
    """The evidence that all sides rest on."""
    first, *others = (one.evidence for one in dispute.judgements.values())
    return tuple(id_ for id_ in first if others and all(id_ in one for one in others))


def _side(audit: Audit, dispute: Dispute, who: str, shared: tuple[str, ...]) -> Side:
    said = dispute.judgements[who]
    auditor = audit.auditor(who)
    kind = words.KINDS.get(auditor.kind, auditor.kind) if auditor else ""
    question = audit.questionnaire.question(dispute.cell.keyword)
    assert question is not None
    return Side(
        who,
        words.auditor_name(audit, who),
        kind,
        said,
        str(suggest(question, said.points)),
        tuple(_evidence(audit, id_) for id_ in said.evidence if id_ not in shared),
        _absence(audit, said),
        words.listing([_SAW.get(one, one) for one in said.saw]),
    )


_SAW = {
    "evidence": "quotes that others had accepted",
    "proposals": "what language models proposed",
}


def _evidence(audit: Audit, id_: str) -> Shown:
    one: Evidence | None = audit.evidence.get(id_)
    if one is None:
        return Shown(id_, "This evidence is not in the records.", "missing", "")
    document = audit.documents.get(one.document)
    source = words.citation(document) if document else one.document
    if isinstance(one, QuoteEvidence):
        return Shown(id_, one.quote, "quote", source)
    if isinstance(one, ArtifactEvidence):
        return Shown(id_, one.title, "artifact", source)
    if isinstance(one, RegionEvidence):
        return Shown(id_, one.transcription, "transcribed from a picture, not verified", source)
    return Shown(id_, one.says, "reported by others", source)


def _absence(audit: Audit, said: Judgement) -> str:
    """On what basis a side says that nothing is told; empty where it does not say so."""
    absence = said.not_stated
    if absence is None:
        return ""
    if absence.basis is Basis.SEARCHED:
        record = audit.searches.get(absence.search)
        count = len(record.all_read) if record else 0
        return f"Not stated: searched, {words.count(count, 'passage')} read."
    if absence.basis is Basis.PAPER_REPORTS:
        return f"Not stated: the paper says {absence.says} ({absence.where})."
    return f"Not stated: {words.listing(absence.documents)} could not be had."


def _why_not(asked: Asked, dispute: Dispute) -> str:
    """Why the viewer may not decide; empty where it is allowed."""
    if not asked.viewer.role.may(Role.EDITOR):
        return "An editor who has not graded this cell decides."
    if asked.room.settings.is_team and asked.viewer.auditor in dispute.judgements:
        return (
            "You graded this cell yourself, so another editor has to decide: "
            "nobody is judge in their own case."
        )
    return ""


def settle_dispute(asked: Asked) -> Response:
    """Decide: which grade holds, and whose answer is kept."""
    dispute = _dispute(asked, asked.room.seen_by(asked.viewer).audit)
    if why := _why_not(asked, dispute):
        raise HTTPException(403, why)
    try:
        trouble = _decide(asked.room, dispute.cell, asked)
    except (AuditError, WriteError) as error:
        return _page(asked, words.sentence(str(error)), 409)
    told = "unsettled" if trouble else "settled"
    return RedirectResponse(f"{cell_url(dispute.cell, 'disputes')}?told={told}", 303)


def _decide(room: Room, cell: CellId, asked: Asked) -> str:
    """Write the decision and what follows from it. The decision holds where the findings cannot
    be written for faults elsewhere: then why, in words."""
    grade, take, reason = (asked.form.get(one, "") for one in ("grade", "take", "reason"))
    if grade not in map(str, range(MIN_GRADE, MAX_GRADE + 1)):
        raise WrongUseError(f"choose a grade from {MIN_GRADE} to {MAX_GRADE}")
    if not take or not reason.strip():
        raise WrongUseError("choose whose answer is kept, and say why")
    trouble = ""
    with writing(room.folder) as opened:
        decide(opened, cell, int(grade), take, _name(asked), reason, utc_now().date())
        try:
            settle(open_audit(room.folder).sound())
        except AuditError as error:
            trouble = str(error)
        with room.store.writing() as db:
            record(db, asked.viewer.who, "decided a dispute", str(cell), trouble)
    room.forget()
    return trouble


def _name(asked: Asked) -> str:
    """Under which name the decision stands in the files."""
    auditor = asked.room.opened().audit.auditor(asked.viewer.auditor)
    if auditor is not None:
        return auditor.name or auditor.id
    return asked.viewer.person.name if asked.viewer.person else ""
