"""Learning what told, vague and missing points look like, from the point states of audits.

What ships is made by ``python -m bench verdicts`` (``make verdicts``), and measured by ``python -m
bench lint``; both leave out companies as a whole, since a company's words look better on its own
documents than they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openbook.audit.layers import at_hand
from openbook.audit.linting.lint import asked_of
from openbook.audit.opened import Opened
from openbook.audit.quoting.verify import Reader
from openbook.audit.search.index import indexed
from openbook.audit.search.learn import quoted
from openbook.core.evidence import QuoteEvidence
from openbook.core.passage import overlaps, passages
from openbook.core.questionnaire import Questionnaire
from openbook.core.ranker import Counts, Ranker, TrainedOn, count, logistic
from openbook.core.review import CellId, PointState
from openbook.core.verdict import Asked, Judge, Read, Rule, Speaks, Told, chance, read, speaks, told

EVERY = 8
"""Of the passages that are no evidence for a point, one in so many is learned from."""


class Used(NamedTuple):
    """The signals that a rule uses, by their places; the others weigh nothing. Chosen on the
    releases learned from, companies left out in turn: more signals were no better there."""

    passage: tuple[int, ...]
    told: tuple[int, ...]


def _used(passage: str, told: str) -> Used:
    return Used(
        tuple(map(Speaks._fields.index, passage.split())),
        tuple(map(Told._fields.index, told.split())),
    )


TAUGHT = _used("wording query question point", "best third around question")
PLAIN = _used("queries", "best third around length")
"""For a questionnaire of which nothing was learned."""


@dataclass(frozen=True)
class Studied:
    """A document, cut, with the places of the passages that are evidence for each point."""

    key: str
    copy: str
    company: str
    stems: Sequence[frozenset[str]]
    evidence: Mapping[str, Sequence[int]]
    """By point, as in ``HUM.number``."""
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A release whose points somebody has judged, and all of whose documents are at hand."""

    id: str
    company: str
    documents: tuple[str, ...]
    states: Mapping[str, PointState]
    """By point; those that are stated, vague or absent."""
    grades: Mapping[str, int]
    """By keyword."""


@dataclass(frozen=True)
class Studies:
    """What there is to learn from."""

    questionnaire: Questionnaire
    documents: Mapping[str, Studied]
    releases: tuple[Known, ...]

    @property
    def companies(self) -> tuple[str, ...]:
        """Those who wrote the documents."""
        return tuple(sorted({one.company for one in self.releases}))

    def less(self, *, companies: Collection[str] = (), releases: Collection[str] = ()) -> Studies:
        """Without these companies, and without these releases and the documents that no other
        release has."""
        kept = tuple(
            one for one in self.releases if one.company not in companies and one.id not in releases
        )
        keys = {key for one in kept for key in one.documents}
        documents = {key: one for key, one in self.documents.items() if key in keys}
        return Studies(self.questionnaire, documents, kept)


# --- From audits ------------------------------------------------------------------------------


def studies(audits: Iterable[Opened]) -> Studies:
    """The releases of audits that ask the same questions, as far as documents are at hand."""
    opened = list(audits)
    documents: dict[str, Studied] = {}
    releases: list[Known] = []
    for one in opened:
        companies = {}
        for known in _releases(one):
            releases.append(known)
            companies.update(dict.fromkeys(known.documents, known.company))
        found = _documents(one, companies)
        documents.update({study.key: study for study in found})
    return Studies(opened[0].audit.questionnaire, documents, tuple(releases))


def _releases(opened: Opened) -> Iterator[Known]:
    audit = opened.audit
    for initiative in audit.initiatives:
        for release in initiative.releases:
            if release.left_out or not release.documents:
                continue
            if not all(at_hand(audit.documents[key], opened.library) for key in release.documents):
                continue
            states: dict[str, PointState] = {}
            grades: dict[str, int] = {}
            for keyword in audit.questionnaire.keywords:
                finding = audit.findings.get(CellId(release.id, keyword))
                if finding is None:
                    continue
                grades[keyword] = finding.judgement.grade or 0
                for key, state in finding.judgement.points.items():
                    state = PointState.STATED if state is PointState.EXPLICITLY_NONE else state
                    if state in _LEARNED:
                        states[f"{keyword}.{key}"] = state
            company = initiative.company or initiative.key
            yield Known(str(release.id), company, tuple(release.documents), states, grades)


_LEARNED = (PointState.STATED, PointState.VAGUE, PointState.ABSENT)


def _documents(opened: Opened, companies: Mapping[str, str]) -> Iterator[Studied]:
    reader = Reader(opened)
    places = {one.at_hand.document.key: one for one in quoted(opened)}
    for key, company in companies.items():
        one = at_hand(opened.audit.documents[key], opened.library)[0]
        layer = reader.layer(one)
        if layer is None:
            continue
        cut = list(passages(key, one.copy.sha256, layer))
        with indexed(cut) as index:
            stems = index.stems
        evidence: dict[str, set[int]] = {}
        ids = []
        for place in places[key].evidence if key in places else ():
            quote = opened.audit.evidence[place.id]
            assert isinstance(quote, QuoteEvidence)
            rows = {at for at, passage in enumerate(cut) if overlaps(passage, [place.span])}
            ids.append(place.id)
            for ref in {ref for refs in quote.supports.values() for ref in refs}:
                if ref.keyword == place.keyword:
                    evidence.setdefault(str(ref), set()).update(rows)
        sorted_rows = {point: sorted(rows) for point, rows in evidence.items()}
        ids = list(dict.fromkeys(ids))
        yield Studied(key, one.copy.sha256, company, stems, sorted_rows, tuple(ids))


# --- Counting and fitting ---------------------------------------------------------------------


def words_of(known: Studies) -> Ranker:
    """The words of evidence, counted for each question and each point."""
    documents = list(known.documents.values())
    refs = [str(one.ref) for one in asked_of(known.questionnaire)]

    def counted(wanted: Collection[str] | None) -> Counts:
        rows = (
            (one.stems[at], 1.0)
            for one in documents
            for at in sorted(
                {
                    at
                    for point, places in one.evidence.items()
                    if wanted is None or point in wanted
                    for at in places
                }
            )
        )
        return count(rows)

    questions = {
        keyword: counted([point for point in _points_of(documents) if _keyword(point) == keyword])
        for keyword in known.questionnaire.keywords
    }
    questions.update({point: counted([point]) for point in refs})
    return Ranker(
        known.questionnaire.id,
        count((stems, 1.0) for one in documents for stems in one.stems),
        counted(None),
        {key: one for key, one in questions.items() if one.passages},
        trained_on=tuple(
            TrainedOn(one.key, one.copy, len(one.stems), one.ids) for one in documents
        ),
    )


def _points_of(documents: Iterable[Studied]) -> set[str]:
    return {point for one in documents for point in one.evidence}


def _keyword(point: str) -> str:
    return point.partition(".")[0]


def fit(known: Studies) -> Judge:
    """All that can be learned: words of all documents, rules by words of other companies'."""
    words = {one: words_of(known.less(companies=[one])) for one in known.companies}
    plain = {one: Ranker("", counts.background) for one, counts in words.items()}
    return Judge(
        words_of(known),
        _rule(known, words, TAUGHT),
        _rule(known, plain, PLAIN),
        tuple(one.id for one in known.releases),
    )


def _rule(known: Studies, words: Mapping[str, Ranker], used: Used) -> Rule:
    """The rule under which words learned elsewhere tell best."""
    asked = asked_of(known.questionnaire)
    blank = Rule(_passage_weights(known, words, asked, used), (), (), 0.0, 0.0)
    rows: list[Told] = []
    states: list[PointState] = []
    for release in known.releases:
        for ref, signals in signals_of(release, known, words[release.company], blank).items():
            if ref in release.states:
                rows.append(signals)
                states.append(release.states[ref])
    is_told = [state is not PointState.ABSENT for state in states]
    is_stated = [state is PointState.STATED for state in states]
    told_weights = _fitted(rows, is_told, used.told)
    stated_weights = _fitted(rows, is_stated, used.told)
    return Rule(
        blank.passage,
        told_weights,
        stated_weights,
        _cut([chance(one, told_weights) for one in rows], sum(is_told)),
        _cut([chance(one, stated_weights) for one in rows], sum(is_stated)),
    )


def _fitted(
    rows: Sequence[Sequence[float]], flags: Sequence[bool], used: Sequence[int]
) -> tuple[float, ...]:
    """Weights of logistic regression by the signals used; 0 for the others."""
    constant, *fitted = logistic([[row[at] for at in used] for row in rows], flags)
    weights = dict(zip(used, fitted, strict=True))
    return (constant, *(weights.get(at, 0.0) for at in range(len(rows[0]))))


def _cut(chances: Sequence[float], wanted: int) -> float:
    """The cut-off that as many reach as are wanted."""
    order = sorted(chances, reverse=True)
    return (order[wanted - 1] + order[min(wanted, len(order) - 1)]) / 2


def _passage_weights(
    known: Studies, words: Mapping[str, Ranker], asked: Sequence[Asked], used: Used
) -> tuple[float, ...]:
    rows: list[Sequence[float]] = []
    flags: list[bool] = []
    for document in known.documents.values():
        for one in asked:
            places = set(document.evidence.get(str(one.ref), ()))
            if not places:
                continue
            kept = [at for at in range(len(document.stems)) if at in places or at % EVERY == 0]
            stems = [document.stems[at] for at in kept]
            found = speaks(one, stems, words[document.company])
            rows.extend(found)
            flags.extend(at in places for at in kept)
    return _fitted(rows, flags, used.passage)


def signals_of(release: Known, known: Studies, words: Ranker, rule: Rule) -> dict[str, Told]:
    """What speaks for each point of a release as told by its documents together."""
    stems = [one for key in release.documents for one in known.documents[key].stems]
    found: dict[str, Told] = {}
    grouped: dict[str, list[Read]] = {}
    for one in asked_of(known.questionnaire):
        grouped.setdefault(one.ref.keyword, []).append(read(one, stems, words, rule))
    for points in grouped.values():
        for point, signals in zip(points, told(points), strict=True):
            found[str(point.asked.ref)] = signals
    return found
