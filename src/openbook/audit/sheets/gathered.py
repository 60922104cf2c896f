"""What rows of a spreadsheet come to: judgements of cells, and the evidence that they rest on.

A quote that stands in a copy at hand is evidence like any other. What does not stand, or cannot be
looked up here, is kept as secondary evidence: the sheet reports it, and nobody verified it. So is a
grade for which the sheet gives no quote at all, so that no grade looks firmer than it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from openbook.audit.opened import Opened
from openbook.audit.quoting.evidence import identity
from openbook.audit.sheets.claimed_quote import Weighed
from openbook.audit.sheets.claims import Claim
from openbook.core.evidence import Evidence, QuoteEvidence, SecondaryEvidence, Supports, evidence_id
from openbook.core.questionnaire import PointRef
from openbook.core.review import CellId, Judgement


class Gathered:
    """The evidence that an import adds, and the judgements that rest on it."""

    def __init__(self, opened: Opened, key: str, by: str, date: dt.date) -> None:
        self.opened, self.key, self.by, self.date = opened, key, by, date
        self.added: dict[str, Evidence] = {}
        self.supported: dict[str, dict[CellId, None]] = {}
        """Evidence of the audit that gains support."""

    def judgement(
        self, cell: CellId, rows: Sequence[Claim], quotes: Sequence[Weighed]
    ) -> Judgement:
        """What all rows on a cell come to."""
        said = [one.judgement for one in rows]
        ids = [id_ for one in said for id_ in one.evidence]
        ids += (
            self._quote(one) if one.is_found else self._unverified(one)
            for one in quotes
            if one.cell == cell
        )
        ids += (one for one in self._before(cell) if one not in ids)
        grade = next((one.grade for one in said if one.grade is not None), None)
        if grade and not ids:
            ids.append(self._bare(rows))
        first = next((one for one in said if one.points), said[0])
        return Judgement(
            answer=_joined(one.answer for one in said),
            evidence=tuple(dict.fromkeys(ids)),
            points=first.points,
            grade=grade,
            reason=_joined(one.reason for one in said),
            deviation=next((one.deviation for one in said if one.deviation), ""),
            not_stated=next((one.not_stated for one in said if one.not_stated), None),
            saw=first.saw,
        )

    def _before(self, cell: CellId) -> Iterator[str]:
        """What the auditor's judgement rests on already, less what this sheet reports."""
        for review in self.opened.audit.reviews:
            if (review.auditor, review.release) == (self.by, cell.release):
                said = review.cells.get(cell.keyword)
                for id_ in said.evidence if said else ():
                    found = self.opened.audit.evidence.get(id_)
                    if not isinstance(found, SecondaryEvidence) or found.document != self.key:
                        yield id_

    def _quote(self, quote: Weighed) -> str:
        """The id of a quote that was found, as evidence that there is or that is added."""
        audit = self.opened.audit
        known = replace(audit, evidence={**audit.evidence, **self.added})
        id_, _ = identity(replace(self.opened, audit=known), quote.document, quote.text)
        if id_ in audit.evidence:
            self.supported.setdefault(id_, {})[quote.cell] = None
        elif id_ in self.added:
            self.added[id_] = _supporting(self.added[id_], quote.cell)
        else:
            supports = _supports(quote.cell)
            self.added[id_] = QuoteEvidence(
                id_,
                quote.document,
                quote.text,
                supports,
                self.by,
                self.date,
                _note(self.key, quote),
            )
        return id_

    def _unverified(self, quote: Weighed) -> str:
        """The id of what the sheet gives as a quote, kept as what somebody reports."""
        claimed = quote.claimed
        page = f"page {claimed.page}" if claimed.page else ""
        where = ", ".join(filter(None, (claimed.place, claimed.named, page, claimed.url)))
        note = f"Given as a quote in the sheet, not verified: {quote.reason}."
        return self._secondary(quote.cell, claimed.text, where, note)

    def _bare(self, rows: Sequence[Claim]) -> str:
        """The id of a grade for which the sheet gives no quote."""
        one = next(row for row in rows if row.judgement.grade is not None)
        says = f"The grade {one.judgement.grade}, without a quote."
        where = one.place.partition(": ")[2]
        written = f'The sheet writes "{one.given}".' if one.given else ""
        return self._secondary(one.cell, says, where, written)

    def _secondary(self, cell: CellId, says: str, where: str, note: str) -> str:
        id_ = evidence_id("s", self.key, f"{cell}\n{where}\n{says}", 12)
        if id_ not in self.opened.audit.evidence:
            self.added[id_] = SecondaryEvidence(
                id_, self.key, says, where, _supports(cell), self.by, self.date, note
            )
        return id_


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _supports(cell: CellId) -> Supports:
    return {cell.release: (PointRef(cell.keyword),)}


def _supporting(evidence: Evidence, cell: CellId) -> Evidence:
    before = evidence.supports.get(cell.release, ())
    refs = tuple(dict.fromkeys((*before, PointRef(cell.keyword))))
    return replace(evidence, supports={**evidence.supports, cell.release: refs})


def _note(key: str, quote: Weighed) -> str:
    """Where a quote came from, and where it stands if not where the sheet says."""
    told = f"Imported from {key}, {quote.claimed.place}"
    if quote.is_on_another_page:
        pages = ", ".join(map(str, quote.pages))
        told += f", which gives page {quote.claimed.page}; it stands on {pages}"
    return f"{told}."
