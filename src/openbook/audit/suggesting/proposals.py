"""What must hold of models' proposals, which people may have changed by hand since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openbook.core.anchor import Checked
from openbook.core.evidence import EVIDENCE_ID, QuoteEvidence, evidence_id
from openbook.core.problem import Problem
from openbook.core.proposal import Proposal, grounded_points
from openbook.core.records import Audit
from openbook.core.verify import State
from openbook.files.proposals import proposal_path


def proposals(audit: Audit) -> Iterator[Problem]:
    """Proposals are of cells, points, documents and copies there are, and ground what they say."""
    for one in audit.proposals:
        place = f"{proposal_path(one)}: {one.cell.keyword} {one.at}"
        question = audit.questionnaire.question(one.cell.keyword)
        if audit.release(one.cell.release) is None or question is None:
            yield Problem(place, f"{one.cell} is no cell of this audit")
            continue
        points = {*one.points, *(key for quote in one.quotes for key in quote.supports)}
        for key in sorted(points):
            if question.point(key) is None:
                yield Problem(place, f"{one.cell.keyword} has no point {key}")
        if grounded_points(one.points, [quote.supports for quote in one.quotes], ()) != one.points:
            yield Problem(place, "calls a point told that no quote which stands supports")
        yield from _documents(audit, one, place)


def _documents(audit: Audit, one: Proposal, place: str) -> Iterator[Problem]:
    shown = {passage.document for passage in one.shown}
    copies = {passage.copy for passage in one.shown}
    for quote in one.quotes:
        copies.add(quote.anchor.copy)
        if quote.document not in shown:
            yield Problem(place, f"quotes {quote.document}, of which no passage was shown")
        if not _is_id_of(quote.anchor.evidence, quote.document, quote.quote):
            yield Problem(place, f"{quote.anchor.evidence} is not the id of these words")
    known = {
        copy.sha256
        for key in shown
        if (document := audit.documents.get(key))
        for copy in document.copies
    }
    for sha256 in sorted(copies - known):
        yield Problem(place, f"rests on a copy {sha256[:12]} that no document shown lists")


def _is_id_of(id_: str, document: str, text: str) -> bool:
    length = len(id_.partition("-")[2])
    is_id = EVIDENCE_ID.fullmatch(id_) is not None
    return is_id and id_ == evidence_id("q", document, text, length)


def proposed_quotes(audit: Audit) -> dict[str, QuoteEvidence]:
    """The quotes of all proposals by place, in the form in which quotes are checked."""
    found = {}
    for one in audit.proposals:
        for quote in one.quotes:
            id_ = quote.anchor.evidence
            place = f"{proposal_path(one)}: {one.cell.keyword} {one.at}: {id_}"
            found[place] = QuoteEvidence(id_, quote.document, quote.quote, {})
    return found


def failing(checked: Mapping[str, Checked]) -> Iterator[Problem]:
    """Proposed quotes that do not stand, though proposals keep none that do not."""
    for place, one in checked.items():
        if one.state in (State.ALTERED, State.MISSING):
            yield Problem(place, f"the proposed quote is {one.state}: {one.reason}")
