"""Recording absence: a search of the documents at hand, what was read of it, and by whom."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from openbook.audit.grade import own_evidence, write_judgement
from openbook.audit.layers import CopyAtHand, at_hand
from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.audit.quoting.unread import pages_unread, unread
from openbook.audit.search.leads import leads_of, undisposed
from openbook.audit.search.learn import ranker_for
from openbook.audit.search.rank import Judged
from openbook.audit.search.search import (
    Hit,
    languages_of,
    layers_at_hand,
    passages_of,
    search_question,
)
from openbook.core.bound import CONFIDENCE, RULE, at_most, drawn_order, seed_for
from openbook.core.language import primary
from openbook.core.lead import Lead
from openbook.core.passage import CUT, Passage, passages
from openbook.core.questionnaire import Point, Question
from openbook.core.ranker import Ranker
from openbook.core.review import (
    Auditor,
    Basis,
    Bound,
    CellId,
    Judgement,
    NotStated,
    PointState,
    ReadPassage,
    Sample,
    SearchedDocument,
    SearchRecord,
)
from openbook.core.text import Span, TextLayer
from openbook.files.rankers import name_of
from openbook.files.write import write_text

Progress = Callable[[int, int], None]


SHOWN = 5
"""Leads that a message names; `audit leads` lists all."""


class NoWordsError(AuditError):
    """A document is in a language in which nobody has words to search by."""

    def __init__(self, question: Question, documents: Mapping[str, str]) -> None:
        self.documents = dict(documents)
        language = next(iter(sorted(documents.values())))
        which = ", ".join(f"{key} (in {one})" for key, one in documents.items())
        has = ", ".join(sorted(question.searched_in))
        super().__init__(
            f"{question.keyword} has words to search by in {has} only, and not in the language of "
            f"{which}: a search would find nothing because nobody asked, not because nothing is "
            f"there. Give words of your own with --query … --language {language}, or add "
            f"queries_in.{language} to the points in questionnaire.toml"
        )


class OpenLeadsError(AuditError):
    """Documents point to what may answer, and nobody has said what became of it."""

    def __init__(self, cell: CellId, left: Sequence[Lead]) -> None:
        self.leads = tuple(left)
        names = ", ".join(f"{one.id} ({one.target})" for one in left[:SHOWN])
        more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        are = "1 lead touches" if len(left) == 1 else f"{len(left)} leads touch"
        super().__init__(
            f"{are} {cell} and may hold the answer: {names}{more}. Collect what they point to, or "
            "say why it is irrelevant or could not be had, before the cell is called not stated; "
            f"`openbook audit leads … --cell {cell}` shows them"
        )


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be read for a cell before anybody says that it holds nothing."""

    cell: CellId
    searched: tuple[SearchedDocument, ...]
    queries: tuple[str, ...]
    """Words searched for besides those of the question."""
    languages: tuple[str, ...]
    """The languages of all the words searched for."""
    ranker: str
    before: tuple[ReadPassage, ...]
    """The passages that the auditor read for this cell earlier and found no answer in."""
    hits: tuple[Hit, ...]
    """The passages to read by rank, best first."""
    leads: tuple[str, ...]
    """The ids of the leads that touch the question, all disposed of."""
    seed: str
    unread: int
    """How many passages are left when those are read."""
    sample: tuple[Passage, ...]
    """Those among them to read besides, in the random order that the seed fixes."""

    @property
    def at_most(self) -> int:
        """How many evidence passages may be left when all this is read and holds none."""
        return at_most(self.unread, len(self.sample), 0)


def search_cell(
    opened: Opened,
    cell: CellId,
    auditor: Auditor,
    extra: Sequence[str],
    limit: int,
    sampled: int,
    progress: Progress | None = None,
    ranker: Ranker | None = None,
    *,
    language: str = "",
) -> Search:
    """The ``limit`` passages of the release's documents likeliest to answer, and ``sampled`` of the
    others at random. Raises :class:`AuditError` when a document of the release is not at hand:
    what was not searched cannot be called searched; and, before anybody reads for nothing, where
    the auditor has quoted an answer, and :class:`OpenLeadsError` where the documents point to
    something that may answer and nobody has said what became of it. ``language`` is that of the
    ``extra`` words, the questionnaire's where it is empty; :class:`NoWordsError` where a document
    is in a language without words."""
    require_unanswered(opened, cell, auditor)
    found = _all_documents(opened, cell, progress)
    touching = _disposed(opened, cell)
    ranker = ranker or ranker_for(opened)
    question = opened.question(cell.keyword)
    languages = _languages(question, languages_of(found), language if extra else "")
    question = _widened(question, extra)
    every = passages_of(found)
    before = _read_before(opened, cell, auditor, every)
    nothing: dict[str, list[Span]] = {one.copy: [] for one in every}
    for one in before:
        nothing[one.copy].append(one.span)
    hits = search_question(found, question, ranker, limit, Judged({}, nothing))
    read = {one.id for one in (*before, *(hit.passage for hit in hits))}
    others = {one.id: one for one in every if one.id not in read}
    seed = seed_for(str(cell), auditor.id, [layer.sha256 for _, layer in found])
    drawn = drawn_order(list(others), seed)[:sampled]
    return Search(
        cell,
        tuple(_searched(opened, one, layer, found) for one, layer in found),
        tuple(extra),
        languages,
        name_of(ranker),
        tuple(one.place for one in before),
        tuple(hits),
        touching,
        seed,
        len(others),
        tuple(others[id_] for id_ in drawn),
    )


def _languages(question: Question, documents: Mapping[str, str], extra: str) -> tuple[str, ...]:
    """The languages of the words that a search uses. Raises :class:`NoWordsError`."""
    own = primary(question.language)
    have = question.searched_in | ({primary(extra)} if extra else set())
    without = {key: one for key, one in documents.items() if one and one not in have}
    if without:
        raise NoWordsError(question, without)
    used = {own} | ({primary(extra)} if extra else set()) | {*documents.values()} - {""}
    return tuple(sorted(used))


def _disposed(opened: Opened, cell: CellId) -> tuple[str, ...]:
    touching = leads_of(opened, cell)
    if left := undisposed(opened, touching):
        raise OpenLeadsError(cell, left)
    return tuple(one.id for one in touching)


def _all_documents(
    opened: Opened, cell: CellId, progress: Progress | None
) -> list[tuple[CopyAtHand, TextLayer]]:
    release = opened.release(str(cell.release))
    found = layers_at_hand(opened, release.documents, progress)
    missing = sorted(set(release.documents) - {one.document.key for one, _ in found})
    if missing or not found:
        scans = dict(unread(opened, missing))
        if scans:
            said = "; ".join(f"{key}: {what}" for key, what in scans.items())
            raise AuditError(f"what nobody has read cannot be called searched: {said}")
        what = ", ".join(missing) or "its documents"
        raise AuditError(
            f"{what} cannot be searched, as no readable copy is at hand; fetch or add it, "
            "or record --unavailable"
        )
    return found


def _read_before(
    opened: Opened, cell: CellId, auditor: Auditor, every: Sequence[Passage]
) -> list[Passage]:
    """The passages that the auditor read for the cell with `audit read`. Raises
    :class:`AuditError` where one of them is said to answer."""
    said = opened.audit.read_by(auditor.id, cell)
    read = [one for one in every if one.place in said]
    for one in read:
        if said[one.place].answers:
            raise AuditError(
                f"you said that {one.id} answers {cell}: quote it and grade the cell, or take it "
                f"back with `audit read … --nothing {one.id}`"
            )
    return read


def _widened(question: Question, extra: Sequence[str]) -> Question:
    """The question, with the auditor's own words as one point more."""
    points = tuple(Point(f"extra-{n}", text, (text,)) for n, text in enumerate(extra))
    return replace(question, points=question.points + points)


def _searched(
    opened: Opened, one: CopyAtHand, layer: TextLayer, found: Sequence[tuple[CopyAtHand, TextLayer]]
) -> SearchedDocument:
    key, sha256 = one.document.key, one.copy.sha256
    return SearchedDocument(
        key,
        sha256,
        layer.sha256,
        sum(1 for _ in passages(key, sha256, layer)),
        layer.is_scan,
        pages_unread(opened, one, layer, found),
    )


def record_absence(
    opened: Opened, made: Search, auditor: Auditor, now: dt.datetime, *, answer: str, reason: str
) -> SearchRecord:
    """Keep the search and the auditor's judgement that the passages read tell nothing.

    Raises :class:`AuditError` where the auditor has quoted an answer before, and as
    :func:`absence_of` does.
    """
    record = absence_of(made, auditor, now)
    keep_absence(opened, record, auditor, now, answer=answer, reason=reason)
    return record


def absence_of(made: Search, auditor: Auditor, now: dt.datetime) -> SearchRecord:
    """The record of a search whose passages the auditor says to have read and found no answer in,
    with a bound on what may still be missed. Raises :class:`AuditError` where there was nothing to
    read: words that stand nowhere show that the words were wrong, not the rest."""
    if not made.hits and not made.before:
        raise AuditError(
            "no passage holds any of the words searched for, so nobody has read anything; "
            "search by words of the document with --query"
        )
    return SearchRecord(
        id=_record_id(made, auditor, now),
        cell=made.cell,
        at=now.isoformat(timespec="seconds"),
        by=auditor.id,
        documents=made.searched,
        queries=made.queries,
        ranker=made.ranker,
        read=made.before + tuple(hit.passage.place for hit in made.hits),
        cut=CUT,
        sample=Sample(made.seed, made.unread, tuple(one.place for one in made.sample)),
        bound=Bound(RULE, CONFIDENCE, made.at_most),
        leads=made.leads,
        languages=made.languages,
    )


def keep_absence(
    opened: Opened,
    record: SearchRecord,
    auditor: Auditor,
    now: dt.datetime,
    *,
    answer: str,
    reason: str,
    saw: Sequence[str] = (),
) -> None:
    """Write a search record and the judgement that rests on it; a record that is there already is
    not written twice. Raises :class:`AuditError` where the auditor has quoted an answer."""
    judgement = absent_judgement(opened, record, answer, reason, saw)
    require_unanswered(opened, record.cell, auditor)
    if record.id not in opened.audit.searches:
        _append(opened, record)
    documents = tuple(dict.fromkeys(one.document for one in record.all_read))
    write_judgement(opened, record.cell, auditor, now.date(), judgement, documents)


def absent_judgement(
    opened: Opened, record: SearchRecord, answer: str, reason: str, saw: Sequence[str] = ()
) -> Judgement:
    """What is said of a cell whose documents were searched and hold no answer: every point is
    absent and the grade 0."""
    question = opened.question(record.cell.keyword)
    count = len(record.all_read)
    return Judgement(
        answer=prose(answer, "the answer")
        or "The documents searched say nothing that answers this question.",
        points={point.key: PointState.ABSENT for point in question.points},
        grade=0,
        reason=prose(reason, "the reason")
        or f"Nothing found in {count} passages, all of them read.",
        not_stated=NotStated(Basis.SEARCHED, search=record.id),
        saw=tuple(saw),
    )


def require_unanswered(opened: Opened, cell: CellId, auditor: Auditor) -> None:
    """Raise :class:`AuditError` where the auditor has quoted an answer."""
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
    write_text(path, before + json.dumps(search_line(record), ensure_ascii=False) + "\n")


def search_line(record: SearchRecord) -> dict[str, object]:
    """A search record as the files write it."""
    line = asdict(record)
    del line["cell"]
    for one in line["documents"]:
        for name in [name for name in ("is_scan", "unread_pages") if not one[name]]:
            del one[name]
    return line | {"release": str(record.cell.release), "keyword": record.cell.keyword}
