"""Learning to rank: from the evidence of audits to the counts that a ranker weighs.

What ships is learned from the bundled audits and kept in ``rankers/``, a file for a questionnaire.
An audit's own evidence is added each time its documents are searched; what a document taught is
remembered by its hash, so that only what changed is read anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from openbook.audit.layers import CopyAtHand, at_hand
from openbook.audit.opened import Opened
from openbook.audit.quoting.verify import Reader
from openbook.audit.search.index import indexed
from openbook.audit.search.rank import Judged, Lexical, lexical, signals
from openbook.audit.search.search import language_of
from openbook.core.evidence import QuoteEvidence
from openbook.core.passage import CUT, Passage, overlaps, passages
from openbook.core.ranker import (
    UNFITTED,
    Counts,
    Ranker,
    Signals,
    TrainedOn,
    count,
    fit,
)
from openbook.core.text import Span
from openbook.files.lessons import keep, kept
from openbook.files.library import default_root
from openbook.files.rankers import METHOD, ranker_of, record_of, shipped

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document read for a questionnaire: its passages, and where evidence stands in it."""

    document: str
    copy: str
    passages: Sequence[Passage]
    stems: Sequence[frozenset[str]]
    """One set for each passage."""
    evidence: Mapping[str, Sequence[Span]]
    """By keyword: stretches of the layer's text."""
    ids: tuple[str, ...] = ()
    """Ids of that evidence."""
    words: Mapping[str, Lexical] = field(default_factory=dict)
    """By keyword: what words alone say of each passage; needed for fitting alone."""


def learned_from(lesson: Lesson, questionnaire: str) -> Ranker:
    """What one document teaches; rankers of several documents are joined."""
    marked = {
        keyword: [overlaps(passage, spans) for passage in lesson.passages]
        for keyword, spans in lesson.evidence.items()
    }
    any_ = [any(flags) for flags in zip(*marked.values(), strict=True)]
    return Ranker(
        questionnaire,
        count((stems, 1.0) for stems in lesson.stems),
        _counted(lesson.stems, any_),
        {keyword: _counted(lesson.stems, flags) for keyword, flags in marked.items() if any(flags)},
        trained_on=(TrainedOn(lesson.document, lesson.copy, len(lesson.passages), lesson.ids),),
    )


def _counted(stems: Sequence[frozenset[str]], flags: Sequence[bool]) -> Counts:
    return count((one, 1.0) for one, flag in zip(stems, flags, strict=False) if flag)


# --- From an audit ----------------------------------------------------------------------------


def ranker_for(opened: Opened, progress: Progress | None = None, *, keeps: bool = True) -> Ranker:
    """What ships for the audit's questionnaire, joined with what its own evidence teaches and with
    what the user's other audits have taught. What the audit teaches is kept for those, unless it
    is one auditor's view of it."""
    ranker = shipped(opened.audit.questionnaire.id)
    own = _own(opened, ranker, progress)
    ranker = ranker.joined(own)
    root = default_root()
    if opened.library.root != root:
        return ranker
    if keeps:
        keep(root, opened.folder, own)
    known = _evidence(ranker)
    for other in kept(root, opened.folder, ranker.questionnaire):
        if not known & _evidence(other):  # a copy of an audit teaches the same once
            ranker = ranker.joined(other)
            known |= _evidence(other)
    return ranker


def _own(opened: Opened, ranker: Ranker, progress: Progress | None) -> Ranker:
    """What the audit's evidence teaches beyond what ``ranker`` has learned from."""
    known = _evidence(ranker)
    read = {one.copy for one in ranker.trained_on}
    own = Ranker(ranker.questionnaire)
    for document in quoted(opened, progress):
        places = [one for one in document.evidence if one.id not in known]
        if places:
            own = own.joined(_remembered(opened, document, places, document.copy in read))
    return own


def _evidence(ranker: Ranker) -> set[str]:
    return {id_ for one in ranker.trained_on for id_ in one.evidence}


@dataclass(frozen=True, slots=True)
class Place:
    """One stretch of a document that is evidence."""

    id: str
    keyword: str
    span: Span


@dataclass(frozen=True, slots=True)
class QuotedCopy:
    """A copy at hand and what of it is evidence."""

    at_hand: CopyAtHand
    evidence: tuple[Place, ...]

    @property
    def copy(self) -> str:
        return self.at_hand.copy.sha256


def quoted(opened: Opened, progress: Progress | None = None) -> list[QuotedCopy]:
    """Where the audit's quotes stand, copy by copy, as far as copies are at hand."""
    reader = Reader(opened)
    found: dict[str, tuple[CopyAtHand, list[Place]]] = {}
    quotes = [one for one in opened.audit.evidence.values() if isinstance(one, QuoteEvidence)]
    for done, evidence in enumerate(quotes):
        if progress:
            progress(done + 1, len(quotes))
        document = opened.audit.documents.get(evidence.document)
        for one in at_hand(document, opened.library) if document else ():
            outcome = reader.outcome(evidence.quote, one)
            if outcome is None or not outcome.state.stands:
                continue
            keywords = {ref.keyword for refs in evidence.supports.values() for ref in refs}
            _, places = found.setdefault(one.copy.sha256, (one, []))
            places.extend(
                Place(evidence.id, keyword, span)
                for keyword in sorted(keywords)
                for span in outcome.found.spans
            )
            break
    return [QuotedCopy(one, tuple(places)) for one, places in found.values()]


def _remembered(
    opened: Opened, document: QuotedCopy, own: Sequence[Place], is_counted: bool
) -> Ranker:
    """What a document teaches, from memory where nothing changed. Where its passages are counted
    already, only its evidence is."""
    questionnaire = opened.audit.questionnaire.id
    marks = json.dumps([[one.id, one.keyword, one.span.start, one.span.end] for one in own])
    language = document.at_hand.document.language
    key = ("lesson", METHOD, CUT, questionnaire, document.copy, marks, str(is_counted), language)
    kept = opened.cache.get(*key)
    if kept is not None:
        return ranker_of(json.loads(kept))
    learned = learned_from(lesson_of(opened, document, own), questionnaire)
    if is_counted:
        taught = tuple(one._replace(passages=0) for one in learned.trained_on)
        learned = Ranker(
            questionnaire, Counts(), learned.anything, learned.questions, trained_on=taught
        )
    opened.cache.put(json.dumps(record_of(learned)), *key)
    return learned


def lesson_of(
    opened: Opened, document: QuotedCopy, own: Sequence[Place], *, fitting: bool = False
) -> Lesson:
    """A copy cut into passages, with these stretches as its evidence; for ``fitting`` also what
    words alone say of its passages."""
    one = document.at_hand
    layer = Reader(opened).layer(one)
    assert layer is not None, "its quotes were verified in it"
    cut = list(passages(one.document.key, one.copy.sha256, layer))
    spans: dict[str, list[Span]] = {}
    for place in own:
        spans.setdefault(place.keyword, []).append(place.span)
    asked = [
        one for one in opened.audit.questionnaire.questions if fitting and one.keyword in spans
    ]
    language = language_of(one, layer)
    with indexed(cut, {one.document.key: language}) as index:
        stems = index.stems
        words = {question.keyword: lexical(index, question) for question in asked}
    ids = tuple(dict.fromkeys(place.id for place in own))
    return Lesson(one.document.key, one.copy.sha256, cut, stems, spans, ids, words)


def found_so_far(opened: Opened, keyword: str) -> Judged:
    """What the audit's evidence says of the documents at hand for one question."""
    return Judged(
        {
            one.copy: [place.span for place in one.evidence if place.keyword == keyword]
            for one in quoted(opened)
        }
    )


def lessons(audits: Iterable[Opened], progress: Progress | None = None) -> dict[str, list[Lesson]]:
    """All documents at hand with evidence, by the company that wrote them. A copy that several
    audits quote from is one lesson."""
    found: dict[str, tuple[str, Opened, QuotedCopy, list[Place]]] = {}
    for opened in audits:
        for document in quoted(opened, progress):
            group = _company(opened, document.at_hand.document.key)
            *_, places = found.setdefault(document.copy, (group, opened, document, []))
            places.extend(document.evidence)
    grouped: dict[str, list[Lesson]] = {}
    for group, opened, document, places in found.values():
        grouped.setdefault(group, []).append(lesson_of(opened, document, places, fitting=True))
    return grouped


def _company(opened: Opened, document: str) -> str:
    for initiative in opened.audit.initiatives:
        if any(document in release.documents for release in initiative.releases):
            return initiative.company or initiative.key
    return document


# --- Fitting ----------------------------------------------------------------------------------


def train(
    lessons: Mapping[str, Sequence[Lesson]],
    questionnaire: str,
    progress: Progress | None = None,
) -> Ranker:
    """A ranker from scratch. ``lessons`` are grouped by who wrote the documents: the mixture is
    fitted on each group by counts from the others, since words of one's own documents would look
    better than they are."""
    taught = {
        group: [learned_from(one, questionnaire) for one in ones] for group, ones in lessons.items()
    }
    nothing = Ranker(questionnaire)
    rows: list[Signals] = []
    flags: list[bool] = []
    for done, (group, ones) in enumerate(lessons.items()):
        if progress:
            progress(done, len(lessons))
        others = (one for key, theirs in taught.items() if key != group for one in theirs)
        ranker = reduce(Ranker.joined, others, nothing)
        for lesson in ones:
            _add_rows(rows, flags, lesson, ranker)
    learned = reduce(Ranker.joined, (one for ones in taught.values() for one in ones), nothing)
    mixture = fit(rows, flags) if len(lessons) > 1 else UNFITTED
    return Ranker(
        questionnaire,
        learned.background,
        learned.anything,
        learned.questions,
        mixture,
        learned.trained_on,
    )


def _add_rows(rows: list[Signals], flags: list[bool], lesson: Lesson, ranker: Ranker) -> None:
    """What speaks for each passage of a document, and whether it is evidence, question by question;
    questions without evidence there teach nothing about how signals mix."""
    for keyword, words in lesson.words.items():
        rows.extend(signals(words, lesson.stems, ranker, keyword))
        flags.extend(overlaps(passage, lesson.evidence[keyword]) for passage in lesson.passages)
