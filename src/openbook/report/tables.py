"""Tables for other programs: the heatmap, its cells and the evidence as CSV, the heatmap as JSON.

CSV follows RFC 4180: commas, CRLF, quotes doubled, line breaks kept inside quotes; UTF-8 when
written. No cell begins a formula: see :mod:`openbook.core.guard`.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from openbook.core.anchor import Anchor
from openbook.core.evidence import (
    ArtifactEvidence,
    Evidence,
    QuoteEvidence,
    RegionEvidence,
    SecondaryEvidence,
    box_in_words,
    standing,
)
from openbook.core.guard import guarded
from openbook.core.heatmap import heatmap, point_states, rests_on
from openbook.core.records import Audit
from openbook.core.review import CellId, Finding, PointState
from openbook.core.translation import labelled, of_quote
from openbook.core.verify import State

Value = str | int | None


def heatmap_csv(audit: Audit) -> str:
    """The heatmap: ``initiative``, ``release``, ``label``, then keywords; empty where unsettled."""
    table = heatmap(audit)
    rows = (
        (row.initiative.key, row.release.id.release, row.release.label, *row.grades)
        for row in table.rows
    )
    return _csv(("initiative", "release", "label", *table.columns), rows)


def heatmap_json(audit: Audit) -> str:
    """The heatmap as a JSON list, one line a release: keys, then 0 to 4 or null by keyword."""
    table = heatmap(audit)
    rows = [
        {"initiative": row.initiative.key, "release": row.release.id.release}
        | dict(zip(table.columns, row.grades, strict=True))
        for row in table.rows
    ]
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f"[\n{lines}\n]\n" if rows else "[]\n"


class CellRow(NamedTuple):
    """One line of :func:`cells_csv`; the names are the columns."""

    initiative: str
    release: str
    keyword: str
    grade: int | None
    graders: str
    """``ana (person): 3; claude-reading (model): 2``."""
    settled: str
    """``single``, ``agreed`` or ``decided``; empty while not settled."""
    settled_by: str
    rests_on: str
    """The firmest standing among its evidence."""
    answer: str
    reason: str
    deviation: str
    evidence: str
    """Ids, with spaces between."""
    not_stated_basis: str
    not_stated_says: str
    stated: int
    vague: int
    absent: int
    explicitly_none: int
    not_applicable: int
    unreviewed: int


def cells_csv(audit: Audit, states: Mapping[str, State] | None = None) -> str:
    """Every cell on one line, settled or not; ``states`` are those of quotes by evidence id."""
    return _csv(CellRow._fields, cell_rows(audit, states or {}))


def cell_rows(audit: Audit, states: Mapping[str, State]) -> Iterator[CellRow]:
    """Every cell, row by row of the heatmap."""
    return (_cell(audit, cell, states) for cell in audit.cells)


def _cell(audit: Audit, cell: CellId, states: Mapping[str, State]) -> CellRow:
    finding = audit.findings.get(cell)
    judgement = finding.judgement if finding else None
    absence = judgement.not_stated if judgement else None
    points = Counter(point_states(audit, cell).values())
    return CellRow(
        initiative=cell.release.initiative,
        release=cell.release.release,
        keyword=cell.keyword,
        grade=judgement.grade if judgement else None,
        graders=_graders(audit, finding) if finding else "",
        settled=finding.settled.how if finding else "",
        settled_by=finding.settled.by if finding else "",
        rests_on=rests_on(audit, cell, states) or "",
        answer=judgement.answer if judgement else "",
        reason=judgement.reason if judgement else "",
        deviation=judgement.deviation if judgement else "",
        evidence=" ".join(judgement.evidence) if judgement else "",
        not_stated_basis=absence.basis if absence else "",
        not_stated_says=absence.says if absence else "",
        stated=points[PointState.STATED],
        vague=points[PointState.VAGUE],
        absent=points[PointState.ABSENT],
        explicitly_none=points[PointState.EXPLICITLY_NONE],
        not_applicable=points[PointState.NOT_APPLICABLE],
        unreviewed=points[PointState.UNREVIEWED],
    )


def _graders(audit: Audit, finding: Finding) -> str:
    parts = []
    for id_, grade in sorted(finding.settled.grades.items()):
        auditor = audit.auditor(id_)
        kind = auditor.kind if auditor else "unknown"
        kind += ", imported" if id_ in audit.imported else ""
        parts.append(f"{id_} ({kind}): {grade}")
    return "; ".join(parts)


class EvidenceRow(NamedTuple):
    """One line of :func:`evidence_csv`; the names are the columns."""

    id: str
    kind: str
    """``quote``, ``artifact`` or ``secondary``."""
    document: str
    standing: str
    state: str
    """Of a quote, as checked here."""
    page: int | None
    """Where a quote begins, in the copy named beside it."""
    copy: str
    """sha256 of that copy."""
    text: str
    """The quote, or what is reported."""
    title: str
    url: str
    where: str
    supports: str
    """``openai-gpt/3.5: VS.rule VS.where_applied; openai-gpt/4: VS.rule``."""
    by: str
    date: str
    note: str
    translation_no_evidence: str = ""
    """Translations of a quote, each with who made it; for readers alone."""


def evidence_csv(
    audit: Audit,
    states: Mapping[str, State] | None = None,
    anchors: Mapping[str, tuple[Anchor, ...]] | None = None,
) -> str:
    """All accepted evidence, one piece a line, in the order of the files."""
    return _csv(EvidenceRow._fields, evidence_rows(audit, states or {}, anchors or {}))


def evidence_rows(
    audit: Audit, states: Mapping[str, State], anchors: Mapping[str, tuple[Anchor, ...]]
) -> Iterator[EvidenceRow]:
    """All accepted evidence, in the order of the files."""
    for one in audit.evidence.values():
        told = _evidence(one, states, anchors.get(one.id, ()))
        mine = of_quote(audit.translations, one.id)
        yield told._replace(translation_no_evidence="\n".join(map(labelled, mine)))


class ReviewRow(NamedTuple):
    """One line of :func:`reviews_csv`: one auditor's judgement of a cell. The columns have names
    of a mapping for ``openbook audit import``, so that it can be imported again."""

    auditor: str
    kind: str
    """``person`` or ``model``; with ``, imported`` where nobody verified it here."""
    initiative: str
    release: str
    keyword: str
    grade: int | None
    answer: str
    reason: str
    deviation: str
    point_states: str
    """``rule=stated conflicts=absent``."""
    evidence_ids: str
    saw: str
    absence: str
    absence_search: str
    absence_says: str
    absence_where: str
    absence_documents: str
    documents_read: str
    date: str


def reviews_csv(audit: Audit) -> str:
    """Every auditor's judgement of every cell, one a line."""
    return _csv(ReviewRow._fields, review_rows(audit))


def review_rows(audit: Audit) -> Iterator[ReviewRow]:
    """Every auditor's judgement of every cell."""
    for review in audit.reviews:
        auditor = audit.auditor(review.auditor)
        kind = auditor.kind if auditor else "unknown"
        for keyword, said in review.cells.items():
            absence = said.not_stated
            yield ReviewRow(
                review.auditor,
                f"{kind}, imported" if review.imported else kind,
                review.release.initiative,
                review.release.release,
                keyword,
                said.grade,
                said.answer,
                said.reason,
                said.deviation,
                " ".join(f"{key}={state}" for key, state in said.points.items()),
                " ".join(said.evidence),
                " ".join(said.saw),
                absence.basis if absence else "",
                absence.search if absence else "",
                absence.says if absence else "",
                absence.where if absence else "",
                " ".join(absence.documents) if absence else "",
                " ".join(review.read),
                review.date.isoformat() if review.date else "",
            )


def _evidence(one: Evidence, states: Mapping[str, State], anchors: Sequence[Anchor]) -> EvidenceRow:
    anchor = anchors[0] if anchors else None
    kind, text, title, url, where = _content(one)
    is_region = isinstance(one, RegionEvidence)
    state = states.get(one.id, State.UNCHECKED) if kind == "quote" or is_region else ""
    return EvidenceRow(
        one.id,
        kind,
        one.document,
        standing(one, states),
        state,
        one.page if isinstance(one, RegionEvidence) else anchor.page if anchor else None,
        one.copy if isinstance(one, RegionEvidence) else anchor.copy if anchor else "",
        text,
        title,
        url,
        where,
        "; ".join(
            f"{release}: {' '.join(map(str, refs))}" for release, refs in one.supports.items()
        ),
        one.by,
        one.date.isoformat() if one.date else "",
        one.note,
    )


def _content(one: Evidence) -> tuple[str, str, str, str, str]:
    """Kind, text, title, url and place of a piece of evidence."""
    match one:
        case QuoteEvidence(quote=quote):
            return "quote", quote, "", "", ""
        case ArtifactEvidence(title=title, url=url):
            return "artifact", "", title, url, ""
        case RegionEvidence(transcription=text, box=box):
            return "region", text, "", "", f"box {box_in_words(box)}"
        case SecondaryEvidence(says=says, where=where):
            return "secondary", says, "", "", where


def _csv(header: Iterable[str], rows: Iterable[Sequence[Value]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(header)
    for row in rows:
        writer.writerow([guarded(value) if isinstance(value, str) else value for value in row])
    return file.getvalue()
