"""Settling: several judgements of a cell become one finding. Nothing else writes findings."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from openbook.audit.grade import judgement_fields
from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.audit.rules import RULES, judgement_problems
from openbook.audit.rules import findings as findings_rule
from openbook.audit.suggesting.proposals import proposals as proposals_rule
from openbook.core.initiative import ReleaseId
from openbook.core.problem import Todo
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.records import Audit
from openbook.core.review import CellId, Finding, Judgement, Settled
from openbook.files.edit import set_table
from openbook.files.write import Value, toml_table, write_text

GENERATED = "# Written by `openbook audit settle` from reviews and settlements. Do not edit.\n"
DIGEST = "# sha256 of what follows: "


class Settling(NamedTuple):
    """What settling gave."""

    findings: dict[CellId, Finding]
    disputed: tuple[Todo, ...]
    """Cells whose graders differ and which nobody has decided."""


def settlement_of(audit: Audit) -> Settling:
    """The finding of every cell that can be settled, and the disputes that cannot.

    One grader settles alone (and the finding says so); several settle when their grades are the
    same, with the first one's answer and all their evidence; otherwise a settlement decides.
    """
    findings: dict[CellId, Finding] = {}
    disputed: list[Todo] = []
    for cell in audit.cells:
        judged = judgements_of(audit, cell)
        if not judged:
            continue
        finding = _settled(audit, cell, judged)
        if finding is None:
            shown = ", ".join(f"{who} {one.grade}" for who, one in judged.items())
            disputed.append(
                Todo(str(cell), f"graders differ ({shown}): `openbook audit decide` settles it")
            )
        else:
            findings[cell] = finding
    return Settling(findings, tuple(disputed))


def judgements_of(audit: Audit, cell: CellId) -> dict[str, Judgement]:
    """Each auditor's judgement of a cell, where it has a grade."""
    return {
        review.auditor: review.cells[cell.keyword]
        for review in audit.reviews
        if review.release == cell.release
        and cell.keyword in review.cells
        and review.cells[cell.keyword].grade is not None
    }


def _settled(audit: Audit, cell: CellId, judged: dict[str, Judgement]) -> Finding | None:
    grades = {who: one.grade for who, one in judged.items() if one.grade is not None}
    first = next(iter(judged.values()))
    decision = audit.settlements.get(cell)
    if decision is not None and decision.take in judged:
        taken = judged[decision.take]
        judgement = _with(taken, decision.grade, taken.evidence)
        settled = Settled("decided", grades, decision.by, decision.reason)
        return Finding(cell, judgement, settled)
    if len(judged) == 1:
        return Finding(cell, first, Settled("single", grades))
    if len(set(grades.values())) == 1:
        together = tuple(dict.fromkeys(id_ for one in judged.values() for id_ in one.evidence))
        return Finding(cell, _with(first, first.grade, together), Settled("agreed", grades))
    return None


def _with(judgement: Judgement, grade: int | None, evidence: tuple[str, ...]) -> Judgement:
    return replace(judgement, grade=grade, evidence=evidence)


def settle(opened: Opened) -> Settling:
    """Write the findings of every cell that can be settled; drop those nobody grades any more.

    Raises :class:`AuditError` where what findings are made from has problems. Faults in findings
    themselves do not stand in the way: they are written anew. Nor do models' proposals, of which
    nothing is made.
    """
    checks = (rule for rule in RULES if rule not in (findings_rule, proposals_rule))
    problems = tuple(problem for rule in checks for problem in rule(opened.audit))
    if problems:
        raise AuditError("these problems stand in the way of settling", problems)
    settling = settlement_of(opened.audit)
    by_release: dict[ReleaseId, dict[str, Finding]] = {}
    for cell, finding in settling.findings.items():
        by_release.setdefault(cell.release, {})[cell.keyword] = finding
    for release, findings in by_release.items():
        write_text(findings_path(opened.folder, release), findings_text(findings))
    for path in (opened.folder / "findings").glob("*/*.toml"):
        if ReleaseId(path.parent.name, path.stem) not in by_release:
            path.unlink()
    return settling


def findings_path(folder: Path, release: ReleaseId) -> Path:
    """The file of a release's findings."""
    return folder / "findings" / release.initiative / f"{release.release}.toml"


def findings_text(findings: dict[str, Finding]) -> str:
    """A release's findings as a file; the same findings always give the same bytes."""
    tables = []
    for keyword, finding in findings.items():
        settled = finding.settled
        how: dict[str, Value] = {"how": settled.how, "grades": dict(settled.grades)}
        if settled.by:
            how["by"] = settled.by
        if settled.reason:
            how["reason"] = settled.reason
        fields = {**judgement_fields(finding.judgement), "settled": how}
        tables.append(toml_table(f"[{keyword}]", fields))
    body = "\n".join(tables)
    return f"{GENERATED}{DIGEST}{_digest(body)}\n\n{body}"


def is_as_settled(path: Path) -> bool:
    """Whether a file of findings still is what ``settle`` wrote."""
    text = path.read_text("utf-8", errors="replace")
    head, _, body = text.partition("\n\n")
    return head == f"{GENERATED}{DIGEST}{_digest(body)}"


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def decide(
    opened: Opened, cell: CellId, grade: int, take: str, by: str, reason: str, date: dt.date
) -> None:
    """Record a person's decision on a disputed cell; ``settle`` then follows it."""
    judged = judgements_of(opened.audit, cell)
    if not judged:
        raise AuditError(f"nobody has graded {cell} yet")
    if take not in judged:
        raise WrongUseError(f"{take} has not graded {cell}; take one of {', '.join(judged)}")
    by, reason = prose(by, "--by"), prose(reason, "the reason")
    if not by or not reason:
        raise WrongUseError("a decision names who decides and why")
    if not MIN_GRADE <= grade <= MAX_GRADE:
        raise WrongUseError(f"a grade is {MIN_GRADE} to {MAX_GRADE}, not {grade}")
    taken = _with(judged[take], grade, judged[take].evidence)
    faults = judgement_problems(opened.audit, cell, taken, str(cell), is_decided=True)
    for fault in faults:
        raise AuditError(f"{take}'s judgement cannot be kept with grade {grade}: {fault.message}")
    if grade and not taken.evidence:
        raise AuditError(f"{take}'s judgement names no evidence for a grade of {grade}")
    release = cell.release
    path = opened.folder / "settlements" / release.initiative / f"{release.release}.toml"
    fields: dict[str, Value | None] = {
        "grade": grade,
        "take": take,
        "by": by,
        "date": date,
        "reason": reason,
    }
    set_table(path, cell.keyword, fields)
