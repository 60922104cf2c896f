"""What must hold in an audit's records: a plain list of pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openbook.audit.suggesting.proposals import proposals
from openbook.core.bound import RULE, at_most
from openbook.core.evidence import Evidence, QuoteEvidence, RegionEvidence
from openbook.core.grade import RULES as GRADE_RULES
from openbook.core.grade import contradictions, suggest
from openbook.core.initiative import ReleaseId, parse_release_id
from openbook.core.problem import Problem
from openbook.core.questionnaire import PointRef, Questionnaire
from openbook.core.records import Audit
from openbook.core.review import Basis, CellId, Judgement, NotStated, Review, SearchRecord

Rule = Callable[[Audit], Iterator[Problem]]


def questionnaire(audit: Audit) -> Iterator[Problem]:
    """Keywords and points are unique, and the grading rule is one this version knows."""
    yield from questionnaire_problems(audit.questionnaire)


def questionnaire_problems(asked: Questionnaire) -> Iterator[Problem]:
    """What is wrong with a questionnaire, be it of an audit or on its own."""
    place = "questionnaire.toml"
    keywords = asked.keywords
    for keyword in sorted({one for one in keywords if keywords.count(one) > 1}):
        yield Problem(f"{place}: {keyword}", "the keyword stands twice")
    for question in asked.questions:
        keys = [point.key for point in question.points]
        for key in sorted({one for one in keys if keys.count(one) > 1}):
            yield Problem(f"{place}: {question.keyword}", f"the point {key} stands twice")
    if asked.rule not in GRADE_RULES:
        known = ", ".join(GRADE_RULES)
        message = f"{asked.rule!r} is unknown; this version knows {known}"
        yield Problem(f"{place}: rule", message)


def releases(audit: Audit) -> Iterator[Problem]:
    """Releases are unique, and rest on documents that there are."""
    for initiative in audit.initiatives:
        place = f"initiatives/{initiative.key}.toml"
        seen: set[ReleaseId] = set()
        for release in initiative.releases:
            if release.id in seen:
                yield Problem(f"{place}: {release.id.release}", "the release stands twice")
            seen.add(release.id)
            for key in release.documents:
                if key not in audit.documents:
                    message = f"names the document {key}, but there is no documents/{key}.toml"
                    yield Problem(f"{place}: {release.id.release}", message)


def auditors(audit: Audit) -> Iterator[Problem]:
    """Auditors are unique."""
    ids = [auditor.id for auditor in audit.auditors]
    for id_ in sorted({one for one in ids if ids.count(one) > 1}):
        yield Problem("audit.toml: auditor", f"{id_} stands twice")


def evidence(audit: Audit) -> Iterator[Problem]:
    """Evidence stands in a document that there is, and supports releases and points there are."""
    for one in audit.evidence.values():
        place = f"evidence/{one.document}.toml: {one.id}"
        if one.document not in audit.documents:
            message = f"there is no documents/{one.document}.toml: a quote needs its document"
            yield Problem(place, message)
        if one.by and audit.auditor(one.by) is None:
            yield Problem(place, f"accepted by {one.by}, who is no auditor in audit.toml")
        yield from _supports(audit, one, place)
        for key in getattr(one, "wording_elsewhere", {}):
            if key not in audit.documents:
                yield Problem(place, f"gives the wording of {key}, which is no document here")


def regions(audit: Audit) -> Iterator[Problem]:
    """A region is of a copy its document lists, read by an auditor and confirmed by another one."""
    known = {one.id for one in audit.auditors}
    for one in audit.evidence.values():
        if not isinstance(one, RegionEvidence):
            continue
        place = f"evidence/{one.document}.toml: {one.id}"
        document = audit.documents.get(one.document)
        if document and all(copy.sha256 != one.copy for copy in document.copies):
            yield Problem(place, f"is of a copy {one.copy[:12]} that the document does not list")
        if one.by not in known:
            yield Problem(place, f"is transcribed by {one.by!r}, who is no auditor in audit.toml")
        if one.confirmed and one.confirmed.by not in known:
            who = one.confirmed.by
            yield Problem(place, f"is confirmed by {who!r}, who is no auditor in audit.toml")
        if one.confirmed and one.confirmed.by == one.by:
            yield Problem(place, f"is confirmed by {one.by}, who transcribed it")


def _supports(audit: Audit, one: Evidence, place: str) -> Iterator[Problem]:
    for release, refs in one.supports.items():
        if audit.release(release) is None:
            yield Problem(place, f"supports {release}, which is no release of this audit")
        for ref in refs:
            if not audit.questionnaire.has(ref):
                message = f"supports {ref}, which the questionnaire does not have"
                yield Problem(place, message)


def reviews(audit: Audit) -> Iterator[Problem]:
    """Reviews are by auditors there are, of releases, questions and points there are."""
    for review in audit.reviews:
        place = review_place(review)
        if audit.auditor(review.auditor) is None:
            yield Problem(place, f"{review.auditor} is no auditor in audit.toml")
        release = audit.release(review.release)
        if release is None or release.left_out:
            yield Problem(place, f"{review.release} is no audited release")
        for key in review.read:
            if key not in audit.documents:
                yield Problem(f"{place}: read", f"there is no document {key}")
        if review.imported and review.imported not in audit.documents:
            yield Problem(f"{place}: imported", f"there is no document {review.imported}")
        for keyword, judgement in review.cells.items():
            cell = CellId(review.release, keyword)
            yield from judgement_problems(audit, cell, judgement, f"{place}: {keyword}")


def review_place(review: Review) -> str:
    """The file of a review."""
    return f"reviews/{review.auditor}/{review.release}.toml"


def findings(audit: Audit) -> Iterator[Problem]:
    """What holds of reviews holds of findings; and a settled grade above 0 rests on evidence."""
    for cell, finding in audit.findings.items():
        place = f"findings/{cell.release}.toml: {cell.keyword}"
        judgement = finding.judgement
        if audit.release(cell.release) is None:
            yield Problem(place, f"{cell.release} is no release of this audit")
        is_decided = finding.settled.how == "decided"
        yield from judgement_problems(audit, cell, judgement, place, is_decided=is_decided)
        if judgement.grade and not judgement.evidence:
            message = f"the settled grade {judgement.grade} rests on no evidence"
            yield Problem(place, message)
        for who in finding.settled.grades:
            if audit.auditor(who) is None:
                yield Problem(place, f"{who} is no auditor in audit.toml")


def judgement_problems(
    audit: Audit, cell: CellId, judgement: Judgement, place: str, *, is_decided: bool = False
) -> Iterator[Problem]:
    """What is wrong with one judgement of a cell."""
    question = audit.questionnaire.question(cell.keyword)
    if question is None:
        known = ", ".join(audit.questionnaire.keywords)
        yield Problem(place, f"{cell.keyword} is no question; the questionnaire has {known}")
        return
    for key in judgement.points:
        if question.point(key) is None:
            yield Problem(place, f"{cell.keyword} has no point {key}")
    for id_ in judgement.evidence:
        found = audit.evidence.get(id_)
        if found is None:
            yield Problem(place, f"there is no evidence {id_}")
        elif not any(ref.keyword == cell.keyword for ref in found.supports.get(cell.release, ())):
            yield Problem(place, f"evidence {id_} does not support {cell}")
    if judgement.grade is not None:
        known_points = {k: s for k, s in judgement.points.items() if question.point(k)}
        for contradiction in contradictions(known_points, judgement.grade):
            yield Problem(place, contradiction)
        if audit.questionnaire.rule in GRADE_RULES and not is_decided:
            suggestion = suggest(question, known_points, audit.questionnaire.rule)
            if not suggestion.allows(judgement.grade) and not judgement.deviation:
                yield Problem(
                    place,
                    f"grade {judgement.grade}, but the points suggest {suggestion} "
                    f"({suggestion.rule}): say why in deviation",
                )
    if judgement.not_stated is not None:
        if judgement.grade:
            yield Problem(place, f"grade {judgement.grade}, but not_stated says nothing is told")
        yield from _absence(audit, cell, judgement.not_stated, place)


def _absence(audit: Audit, cell: CellId, absence: NotStated, place: str) -> Iterator[Problem]:
    place = f"{place}: not_stated"
    if absence.basis is Basis.SEARCHED:
        record = audit.searches.get(absence.search)
        if record is None:
            yield Problem(
                place, f"basis searched needs its record; there is none called {absence.search!r}"
            )
        elif record.cell != cell:
            yield Problem(place, f"the search {record.id} was made for {record.cell}")
    elif absence.basis is Basis.PAPER_REPORTS and not (absence.says and absence.where):
        yield Problem(
            place, "basis paper_reports needs says (N/A, none, silent, unclear) and where"
        )
    elif absence.basis is Basis.DOCUMENT_UNAVAILABLE:
        if not absence.documents:
            yield Problem(place, "basis document_unavailable needs the documents")
        for key in absence.documents:
            if key not in audit.documents:
                yield Problem(place, f"there is no document {key}")


def settlements(audit: Audit) -> Iterator[Problem]:
    """A settlement takes the judgement of an auditor who gave one."""
    for cell, settlement in audit.settlements.items():
        place = f"settlements/{cell.release}.toml: {cell.keyword}"
        takers = {
            review.auditor
            for review in audit.reviews
            if review.release == cell.release and cell.keyword in review.cells
        }
        if settlement.take not in takers:
            yield Problem(place, f"takes {settlement.take}, who has not judged this cell")


def searches(audit: Audit) -> Iterator[Problem]:
    """Search records are of cells and documents there are."""
    for record in audit.searches.values():
        place = f"searches: {record.id}"
        if audit.release(record.cell.release) is None:
            yield Problem(place, f"{record.cell.release} is no release of this audit")
        for one in record.documents:
            document = audit.documents.get(one.key)
            if document is None or one.sha256 not in {copy.sha256 for copy in document.copies}:
                message = f"searched a copy {one.sha256[:12]} of {one.key} that is not listed"
                yield Problem(place, message)
        for lead in record.leads or ():
            if lead not in audit.disposals:
                yield Problem(place, f"rests on lead {lead}, which leads.toml does not have")
        yield from (Problem(place, fault) for fault in _bound_faults(record))


def _bound_faults(record: SearchRecord) -> Iterator[str]:
    """What is wrong with the numbers of a search record; whether the passages are those the seed
    draws needs the documents, see :mod:`openbook.audit.search.drawn`."""
    if len(set(record.all_read)) < len(record.all_read):
        yield "names a passage twice"
    if record.bound is None:
        return
    if record.sample is None or not record.sample.seed:
        yield "claims a bound without a sample"
        return
    drawn, unread = len(record.sample.read), record.sample.unread
    passages = sum(one.passages for one in record.documents)
    if drawn > unread or unread != passages - len(record.read):
        yield f"{len(record.read)} read and {unread} left do not make {passages} passages"
    elif record.bound.rule != RULE:
        yield f"bound by an unknown rule {record.bound.rule!r}; this openbook knows {RULE}"
    elif (sure := at_most(unread, drawn, 0, record.bound.confidence)) != record.bound.at_most:
        yield f"claims at most {record.bound.at_most} missed; by {RULE} it is {sure}"


def readings(audit: Audit) -> Iterator[Problem]:
    """Readings are by auditors of the audit, of cells and copies there are."""
    for one in audit.readings:
        place = f"readings/{one.auditor}.jsonl: {one.cell}"
        if audit.auditor(one.auditor) is None:
            yield Problem(place, f"{one.auditor} is no auditor of audit.toml")
        if audit.release(one.cell.release) is None or not audit.questionnaire.has(
            PointRef(one.cell.keyword)
        ):
            yield Problem(place, "is no cell of this audit")
        document = audit.documents.get(one.passage.document)
        if document is None or one.copy not in {copy.sha256 for copy in document.copies}:
            yield Problem(place, f"read a copy of {one.passage.document} that is not listed")


def corrections(audit: Audit) -> Iterator[Problem]:
    """Corrections are about something there is, and rest on documents there are."""
    for one in audit.corrections:
        if one.document and one.document not in audit.documents:
            message = f"names document {one.document!r}, which is not in documents/"
            yield Problem(f"corrections.toml: {one.id}", message)
        if one.quote and not one.document:
            yield Problem(f"corrections.toml: {one.id}", "quotes without naming the document")
        if not _is_about_something(audit, one.about):
            message = f"is about {one.about!r}, which is no release, cell, document or evidence"
            yield Problem(f"corrections.toml: {one.id}", message)


def _is_about_something(audit: Audit, about: str) -> bool:
    release, _, keyword = about.partition(" ")
    id_ = parse_release_id(release)
    if id_ is not None:
        is_known = audit.release(id_) is not None
        return is_known and (not keyword or audit.questionnaire.question(keyword) is not None)
    if about in ("questionnaire", "audit") or about in audit.documents:
        return True
    return about in audit.evidence or audit.initiative(about) is not None


def objectives(audit: Audit) -> Iterator[Problem]:
    """Who states an aspect is a release there is, on evidence there is."""
    if audit.objectives is None:
        return
    for pillar in audit.objectives.pillars:
        for aspect in pillar.aspects:
            place = f"objectives.toml: {pillar.key}: {aspect.key}"
            for release, ids in aspect.stated_by.items():
                if audit.release(release) is None:
                    yield Problem(place, f"{release} is no release of this audit")
                for id_ in ids:
                    if id_ not in audit.evidence:
                        yield Problem(place, f"there is no evidence {id_}")


def reported(audit: Audit) -> Iterator[Problem]:
    """What an earlier work says is of cells there are, and no auditor misquotes it."""
    for cell, said in audit.reported.items():
        place = f"reported.toml: {cell}"
        if audit.release(cell.release) is None or not audit.questionnaire.question(cell.keyword):
            yield Problem(place, "is no cell of this audit")
        if said.by not in audit.documents:
            yield Problem("reported.toml: by", f"there is no document {said.by}")
    for review in audit.reviews:
        for keyword, judgement in review.cells.items():
            said_of = audit.reported.get(CellId(review.release, keyword))
            absence = judgement.not_stated
            if said_of and absence and absence.says not in ("", said_of.says):
                message = f"says {absence.says!r}, but reported.toml has {said_of.says!r}"
                yield Problem(f"{review_place(review)}: {keyword}: not_stated", message)


def leads(audit: Audit) -> Iterator[Problem]:
    """Leads were disposed of by auditors: collected as a document, or with a reason."""
    for one in audit.disposals.values():
        place = f"leads.toml: {one.id}"
        if audit.auditor(one.by) is None:
            yield Problem(place, f"decided by {one.by}, who is no auditor in audit.toml")
        if one.state == "collected" and one.document not in audit.documents:
            what = f"there is no document {one.document}" if one.document else "as which document?"
            yield Problem(place, f"is collected, but {what}")
        if one.state != "collected" and not one.reason:
            yield Problem(place, f"is called {one.state} without a reason")


def translations(audit: Audit) -> Iterator[Problem]:
    """Translations are of quotes that there are, into another language than the document's."""
    for one in audit.translations:
        evidence = audit.evidence.get(one.evidence)
        place = f"translations: {one.evidence}"
        if not isinstance(evidence, QuoteEvidence):
            yield Problem(place, "translates what is no quote of this audit")
            continue
        document = audit.documents.get(evidence.document)
        if document and document.language.lower() == one.language.lower():
            yield Problem(place, f"is into {one.language}, which is the document's own language")


def rechecks(audit: Audit) -> Iterator[Problem]:
    """What is to be looked at again is there, and was closed by a person, for a reason."""
    for one in audit.rechecks:
        place = f"rechecks.toml: {one.id}"
        question = audit.questionnaire.question(one.cell.keyword)
        if audit.release(one.cell.release) is None or question is None:
            yield Problem(place, f"{one.cell} is no cell of this audit")
        if one.document not in audit.documents:
            yield Problem(place, f"there is no document {one.document}")
        if one.is_open:
            continue
        auditor = audit.auditor(one.by)
        if auditor is None:
            yield Problem(place, f"closed by {one.by or 'nobody'}, who is no auditor in audit.toml")
        elif auditor.kind != "person":
            yield Problem(place, f"closed by {one.by}, who is no person")
        if not one.reason:
            yield Problem(place, f"is closed ({one.outcome}) without a reason")


RULES: tuple[Rule, ...] = (
    questionnaire,
    auditors,
    releases,
    evidence,
    regions,
    reviews,
    settlements,
    findings,
    searches,
    readings,
    corrections,
    objectives,
    reported,
    proposals,
    leads,
    translations,
    rechecks,
)
