"""Recording absence: a search of the documents at hand, what was read of it, and by whom."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from openbook.audit.grade import own_evidence, write_judgement
from openbook.audit.layers import CopyAtHand, at_hand, layer_of
from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.audit.search import RANKER, Hit, passages, queries_for, search
from openbook.core.problem import Problem
from openbook.core.review import (
    Auditor,
    Basis,
    CellId,
    Judgement,
    NotStated,
    PointState,
    ReadPassage,
    SearchedDocument,
    SearchRecord,
)
from openbook.core.text import TextLayer
from openbook.files.write import write_text

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Search:
    """A search made for a cell, before anybody says what it showed."""

    cell: CellId
    searched: tuple[SearchedDocument, ...]
    queries: tuple[str, ...]
    hits: tuple[Hit, ...]
    """The passages to read, best first."""


def layers_at_hand(
    opened: Opened, keys: Sequence[str], progress: Progress | None = None
) -> list[tuple[CopyAtHand, TextLayer]]:
    """The first readable copy of each document, with its text."""
    found: list[tuple[CopyAtHand, TextLayer]] = []
    for done, key in enumerate(keys):
        if progress:
            progress(done, len(keys))
        for one in at_hand(opened.document(key), opened.library):
            layer = layer_of(one, opened.library, opened.cache)
            if not isinstance(layer, Problem):
                found.append((one, layer))
                break
    return found


def search_cell(
    opened: Opened,
    cell: CellId,
    auditor: Auditor,
    extra: Sequence[str],
    limit: int,
    progress: Progress | None = None,
) -> Search:
    """Search the release's documents for a question. Raises :class:`AuditError` when a document
    of the release is not at hand: what was not searched cannot be called searched; and, before
    anybody reads for nothing, where the auditor has quoted an answer."""
    _require_unanswered(opened, cell, auditor)
    release = opened.release(str(cell.release))
    found = layers_at_hand(opened, release.documents, progress)
    missing = sorted(set(release.documents) - {one.document.key for one, _ in found})
    if missing or not found:
        what = ", ".join(missing) or "its documents"
        raise AuditError(
            f"{what} cannot be searched, as no readable copy is at hand; fetch or add it, "
            "or record --unavailable"
        )
    queries = (*extra, *queries_for(opened.question(cell.keyword)))
    searched = tuple(
        SearchedDocument(
            one.document.key,
            one.copy.sha256,
            layer.sha256,
            sum(1 for _ in passages(one.document.key, one.copy.sha256, layer)),
        )
        for one, layer in found
    )
    return Search(cell, searched, queries, tuple(search(found, queries, limit)))


def record_absence(
    opened: Opened, made: Search, auditor: Auditor, now: dt.datetime, *, answer: str, reason: str
) -> SearchRecord:
    """Keep the search and the auditor's judgement that the passages read tell nothing.

    Every point becomes absent and the grade 0. No bound is claimed on what may still be missed.
    Raises :class:`AuditError` where the auditor has quoted an answer before, and where the search
    found nothing to read: words that stand nowhere show that the words were wrong, not the rest.
    """
    answer, reason = prose(answer, "the answer"), prose(reason, "the reason")
    if not made.hits:
        raise AuditError(
            "no passage holds any of the words searched for, so nobody has read anything; "
            "search by words of the document with --query"
        )
    _require_unanswered(opened, made.cell, auditor)
    read = tuple(
        ReadPassage(hit.passage.document, hit.passage.page, hit.passage.start, hit.passage.end)
        for hit in made.hits
    )
    record = SearchRecord(
        id=_record_id(made, auditor, now),
        cell=made.cell,
        at=now.isoformat(timespec="seconds"),
        by=auditor.id,
        documents=made.searched,
        queries=made.queries,
        ranker=RANKER,
        read=read,
    )
    _append(opened, record)
    question = opened.question(made.cell.keyword)
    judgement = Judgement(
        answer=answer or "The documents searched say nothing that answers this question.",
        points={point.key: PointState.ABSENT for point in question.points},
        grade=0,
        reason=reason or f"Nothing found in the {len(read)} best passages, all of them read.",
        not_stated=NotStated(Basis.SEARCHED, search=record.id),
    )
    documents = tuple(dict.fromkeys(one.document for one in read))
    write_judgement(opened, made.cell, auditor, now.date(), judgement, documents)
    return record


def _require_unanswered(opened: Opened, cell: CellId, auditor: Auditor) -> None:
    own = own_evidence(opened, cell, auditor)
    if own:
        raise AuditError(
            f"your evidence {', '.join(own)} supports {cell}: grade the cell, or take the "
            "support out of the evidence first"
        )


def record_unavailable(
    opened: Opened,
    cell: CellId,
    auditor: Auditor,
    now: dt.datetime,
    documents: Sequence[str],
    *,
    answer: str,
    reason: str,
) -> None:
    """Keep that a cell could not be judged from documents that could not be had. No point is
    marked: nobody read anything. Raises :class:`AuditError` for a document that is at hand, or is
    none of the release's."""
    release = opened.release(str(cell.release))
    for key in documents:
        document = opened.document(key)
        if key not in release.documents:
            raise WrongUseError(
                f"{key} is no document of {release.id}; it has {', '.join(release.documents)}"
            )
        if at_hand(document, opened.library):
            raise AuditError(f"{key} is at hand: leave out --unavailable, and it is searched")
    judgement = Judgement(
        answer=prose(answer, "the answer") or "The documents of this release could not be had.",
        grade=0,
        reason=prose(reason, "the reason") or "No copy could be had.",
        not_stated=NotStated(Basis.DOCUMENT_UNAVAILABLE, documents=tuple(documents)),
    )
    write_judgement(opened, cell, auditor, now.date(), judgement)


def _record_id(made: Search, auditor: Auditor, now: dt.datetime) -> str:
    text = f"{made.cell}\n{auditor.id}\n{now.isoformat()}\n" + "\n".join(made.queries)
    return f"search-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _append(opened: Opened, record: SearchRecord) -> None:
    release = record.cell.release
    name = f"{release.initiative}-{release.release}-{record.cell.keyword}.jsonl"
    path = opened.folder / "searches" / name
    before = path.read_text("utf-8") if path.exists() else ""
    line = {
        "id": record.id,
        "release": str(release),
        "keyword": record.cell.keyword,
        "at": record.at,
        "by": record.by,
        "documents": [asdict(one) for one in record.documents],
        "queries": list(record.queries),
        "ranker": record.ranker,
        "read": [asdict(one) for one in record.read],
        "bound": record.bound,
    }
    write_text(path, before + json.dumps(line, ensure_ascii=False) + "\n")
