"""One cell of the heatmap in full: the paper's question-and-answer form, with its proofs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from openbook.core.grade import RULES, suggest
from openbook.core.heatmap import Row, point_states
from openbook.core.questionnaire import Question
from openbook.core.recheck import in_words
from openbook.core.review import Basis, CellId, Finding, NotStated, PointState, Recheck
from openbook.report.site import address, marks, words
from openbook.report.site.amends import Amend, amends
from openbook.report.site.material import Material
from openbook.report.site.proof import Proof, proof
from openbook.report.site.tallies import reported_words
from openbook.report.wording import bound_in_words, leads_in_words, scans_in_words


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point of a question and what was found of it."""

    href: str
    text: str
    mark: marks.Mark


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a cell holds nothing, plainly."""

    head: str
    text: str
    proved: bool


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell as shown under its question."""

    id: str
    href: str
    release: str
    date: str
    grade: marks.Mark
    head: str
    """The scale's word for the grade."""
    standing: marks.Mark
    answer: str
    reason: str
    deviation: str
    suggestion: str
    points: tuple[PointLine, ...]
    tally: str
    proofs: tuple[Proof, ...]
    proof_tally: str
    accepted: str
    """By whom and when all of it was accepted, where that is the same; else each piece says it."""
    absence: Absence | None
    settled: str
    reported: str
    """What an earlier work says of the cell."""
    amends: tuple[Amend, ...]
    again: tuple[str, ...] = ()
    """Why it is to be looked at again, document by document."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to unfold: no evidence and no point that tells something."""
        told = ("p-stated", "p-vague", "p-none")
        return not self.proofs and not any(point.mark.css in told for point in self.points)


def cell_view(material: Material, row: Row, question: Question) -> CellView:
    """A cell in full."""
    cell = CellId(row.release.id, question.keyword)
    finding = material.audit.findings.get(cell)
    judgement = finding.judgement if finding else None
    grade = judgement.grade if judgement else None
    proofs, accepted = _accepted_once(
        tuple(proof(material, cell, id_) for id_ in material.shown(cell))
    )
    absent = judgement.not_stated if judgement else None
    return CellView(
        id=address.cell_id(cell),
        href=address.cell_address(cell),
        release=row.release.label,
        date=words.moment(row.release.date),
        grade=marks.grade_mark(grade),
        head=marks.halves(material.audit.questionnaire.scale.get(grade, ""))[0]
        if grade is not None
        else "",
        standing=marks.standing_mark(material.rests_on(cell)),
        answer=judgement.answer if judgement else "",
        reason=judgement.reason if judgement else "",
        deviation=judgement.deviation if judgement else "",
        suggestion=_suggestion(material, question, finding),
        points=_points(material, cell, question),
        tally=tally(list(point_states(material.audit, cell).values())),
        proofs=proofs,
        proof_tally=_proof_tally(proofs),
        accepted=accepted,
        absence=absence(material, absent) if absent else None,
        settled=settled_words(material, finding),
        reported=""
        if absent and absent.basis is Basis.PAPER_REPORTS
        else reported_words(material, cell),
        amends=amends(material, material.corrections_of(str(cell))),
        again=tuple(again_words(material, one) for one in material.rechecks.get(cell, ())),
    )


def again_words(material: Material, one: Recheck) -> str:
    """``2 quotes altered in a newer version of Acme card, found 26 November 2026``."""
    document = material.audit.documents.get(one.document)
    named = (document.title if document else "") or one.document
    return f"{in_words(one)} in a newer version of {named}, found {words.day(one.opened)}"


def _points(material: Material, cell: CellId, question: Question) -> tuple[PointLine, ...]:
    from_key = point_states(material.audit, cell)
    return tuple(
        PointLine(
            f"{address.question_page(question.keyword)}#{address.name_slug(point.key)}",
            point.text or point.key,
            marks.point_mark(from_key[point.key]),
        )
        for point in question.points
    )


def tally(found: list[PointState]) -> str:
    """``10 stated, 3 vague, 2 absent``."""
    counts = Counter(found)
    return ", ".join(
        f"{counts[state]} {marks.point_mark(state).words}" for state in PointState if counts[state]
    )


def _accepted_once(proofs: tuple[Proof, ...]) -> tuple[tuple[Proof, ...], str]:
    """The pieces of evidence, and who accepted them all, taken out of each piece if it is one."""
    said = {one.accepted for one in proofs}
    if len(proofs) < 2 or len(said) > 1:
        return proofs, ""
    return tuple(replace(one, accepted="") for one in proofs), said.pop()


def _proof_tally(proofs: tuple[Proof, ...]) -> str:
    quotes = [one for one in proofs if one.kind == "quote"]
    good = sum(one.mark.css == "v-good" for one in quotes)
    parts = []
    if quotes:
        scanned = sum(one.mark.css == "v-scan" for one in quotes)
        read = f", {scanned} read from a scan" if scanned else ""
        parts.append(f"{words.count(len(quotes), 'quote')}, {good} verified{read}")
    for kind, one, many in (
        ("region", "picture", "pictures"),
        ("artifact", "artifact", "artifacts"),
        ("secondary", "report by others", "reports by others"),
        ("missing", "missing record", "missing records"),
    ):
        number = sum(proof.kind == kind for proof in proofs)
        if number:
            parts.append(words.count(number, one, many))
    return ", ".join(parts)


def _suggestion(material: Material, question: Question, finding: Finding | None) -> str:
    """What the grading rule makes of the points; empty where it is not known or has nothing."""
    rule = material.audit.questionnaire.rule
    if finding is None or rule not in RULES or not question.points:
        return ""
    return str(suggest(question, finding.judgement.points, rule))


_REPORTS = {
    "N/A": ("Reported as not available", "writes “N/A”: it found no information"),
    "none": ("Reported as none", "reports that there is none"),
    "silent": ("Reported silent", "says nothing about this release here"),
    "unclear": ("Reported as unclear", "finds it unclear"),
}


def absence(material: Material, found: NotStated) -> Absence:
    """A not-stated value in words, saying what it rests on and whether that is proof."""
    if found.basis is Basis.SEARCHED:
        return _searched(material, found)
    if found.basis is Basis.PAPER_REPORTS:
        head, told = _REPORTS.get(found.says, ("Reported absent", f"says “{found.says}”"))
        where = f" ({found.where})" if found.where else ""
        text = (
            f"The paper this audit follows {told}{where}. "
            "No search was recorded, so the absence is reported, not proved."
        )
        return Absence(head, text, proved=False)
    documents = material.audit.documents
    missing = [documents[key].title or key if key in documents else key for key in found.documents]
    named = f": {words.listing(missing)}" if missing else ""
    text = f"The document could not be had{named}. Whether it tells anything is not known."
    return Absence("Document unavailable", text, proved=False)


def _searched(material: Material, found: NotStated) -> Absence:
    record = material.audit.searches.get(found.search)
    if record is None:
        text = "A search is named as the basis, but its record is not among this audit's records."
        return Absence("Said to be searched", text, proved=False)
    passages = sum(one.passages for one in record.documents)
    documents = len({one.key for one in record.documents})
    drawn = len(record.sample.read) if record.sample else 0
    sample = f" and {drawn} of the others, drawn at random" if drawn else ""
    text = (
        f"{words.auditor_with_kind(material.audit, record.by)} searched "
        f"{words.count(passages, 'passage')} of {words.count(documents, 'document')} "
        f"on {words.moment(record.at)}, read the {words.count(len(record.read), 'passage')} ranked "
        f"likeliest to answer{sample}, and found nothing. {bound_in_words(record)}"
    )
    if record.languages and record.languages != ("en",):
        text += f" It was searched by words in {words.listing(record.languages)}."
    for told in (scans_in_words(record), leads_in_words(material.audit, record)):
        text += f" {told}" if told else ""
    return Absence("Searched, and not found", text, proved=not record.unread_pages)


def settled_words(material: Material, finding: Finding | None) -> str:
    """How several judgements became one, and whose they were, with the kind of each grader."""
    if finding is None:
        return "Not settled yet."
    settled, audit = finding.settled, material.audit
    if not settled.grades and settled.how != "decided":
        return "Settled without a grade."
    names = [words.auditor_with_kind(audit, id_) for id_ in settled.grades]
    if settled.how == "single" or (settled.how == "agreed" and len(names) == 1):
        return f"Graded by {words.listing(names)} alone."
    if settled.how == "agreed":
        return f"{words.listing(names)} gave the same grade."
    given = ", ".join(
        f"{words.auditor_with_kind(audit, id_)} {grade}" for id_, grade in settled.grades.items()
    )
    by = words.auditor_with_kind(audit, settled.by) if settled.by else "somebody not named"
    return f"The graders differed ({given}); decided by {by}. {settled.reason}".strip()
