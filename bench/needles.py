"""Finding the needle: how soon the evidence is read, question by question and document by document.

All contestants order the same documents for the same questions in one run. What they are asked:
openbook the question as its questionnaire has it, the others the question's literal wording in the
paper, and ASReview nothing: it learns from judgements alone. openbook is trained on the evidence of
the bundled audits less all documents of the company that wrote the document at hand. Its passages
are the records of the others too, but for PaperQA2, which cuts its own.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench import corpus, peers
from bench.corpus import Cell, Needle
from openbook.audit.opened import open_audit
from openbook.audit.search.index import Index, indexed
from openbook.audit.search.learn import Lesson, lessons, quoted, train
from openbook.audit.search.rank import Judged, scores
from openbook.core.passage import Passage, overlaps, passages
from openbook.core.questionnaire import Question
from openbook.core.ranker import Ranker
from openbook.core.text import Span, TextLayer

BUDGET = 14_000
"""Characters read per question and document."""

AUDITS = Path(__file__).resolve().parents[1] / "src" / "openbook" / "audits"

Cells = Mapping[Cell, list[Needle]]
"""What to look for."""

Order = Callable[[str, str], Sequence[Span]]
"""From document and keyword to the stretches to read, in order."""


class Score(NamedTuple):
    """How one contestant did."""

    name: str
    within: float
    """Share of the evidence in the first :data:`BUDGET` characters."""
    at_ten: float
    """Share of the evidence in the first ten passages."""
    to_95: float
    """Characters to read until 95 % of a cell's evidence is found, as a share of the document;
    median over cells."""
    saved: float
    """Work saved over sampling at 95 %: 0.95 less the share of characters read; mean over cells."""
    seconds: float | None
    """For one question in one document; median. None where there is no such thing."""


class Measured(NamedTuple):
    """How all contestants did."""

    scores: dict[str, list[Score]]
    """By the needles they looked for."""
    notes: list[str]
    """What the figures of some of them do not tell, in sentences."""


def score(name: str, order: Order, needles: Cells, size: Mapping[str, int]) -> Score:
    """Run one contestant over all cells."""
    within: list[bool] = []
    at_ten: list[bool] = []
    shares: list[float] = []
    seconds: list[float] = []
    for (document, keyword), wanted in needles.items():
        started = time.perf_counter()
        read = order(document, keyword)
        seconds.append(time.perf_counter() - started)
        within.extend(one.is_in(first(read)) for one in wanted)
        at_ten.extend(one.is_in(read[:10]) for one in wanted)
        shares.append(_until(read, wanted, 0.95, size[document]) / size[document])
    return Score(
        name,
        statistics.mean(within),
        statistics.mean(at_ten),
        statistics.median(shares),
        statistics.mean(0.95 - share for share in shares),
        statistics.median(seconds),
    )


def first(read: Sequence[Span], budget: int = BUDGET) -> list[Span]:
    """What is read until the next stretch would exceed the budget."""
    kept = []
    for span in read:
        budget -= span.end - span.start
        if budget < 0:
            break
        kept.append(span)
    return kept


def _until(read: Sequence[Span], wanted: Sequence[Needle], share: float, whole: int) -> int:
    """Characters read until this share of the needles is found; the whole where it never is."""
    allowed = int(len(wanted) * (1 - share))
    missing = {one: sum(span.end - span.start for span in one.spans) / 2 for one in wanted}
    count = 0
    for stretch in read:
        count += stretch.end - stretch.start
        for one in [*missing]:
            missing[one] -= sum(
                max(0, min(span.end, stretch.end) - max(span.start, stretch.start))
                for span in one.spans
            )
            if missing[one] <= 0:
                del missing[one]
        if len(missing) <= allowed:
            return count
    return whole


# --- Contestants ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Documents:
    """The documents, cut and indexed once for all contestants that share the passages."""

    layers: Mapping[str, TextLayer]
    passages: Mapping[str, list[Passage]]
    indices: Mapping[str, Index]

    def spans(self, document: str, rows: Iterable[int]) -> list[Span]:
        """The stretches of these passages, in this order."""
        found = (self.passages[document][row] for row in rows)
        return [Span(one.offset, one.offset + len(one.text)) for one in found]

    @property
    def sizes(self) -> dict[str, int]:
        """Characters of each document."""
        return {key: len(layer.text) for key, layer in self.layers.items()}


def ranked(values: Sequence[float]) -> list[int]:
    """Rows by value, the highest first, ties in the document's order; not those of no value."""
    valued = [row for row, one in enumerate(values) if one > 0]
    return sorted(valued, key=lambda row: (-values[row], row))


def openbook_order(
    documents: Documents, questions: Mapping[str, Question], rankers: Mapping[str, Ranker]
) -> Order:
    """By the ranker that has seen nothing of the document's company."""

    def order(document: str, keyword: str) -> list[Span]:
        values = scores(documents.indices[document], questions[keyword], rankers[document])
        return documents.spans(document, ranked(values))

    return order


def feedback_order(
    documents: Documents,
    questions: Mapping[str, Question],
    rankers: Mapping[str, Ranker],
    evidence: Mapping[Cell, Sequence[Span]],
    judgements: int = 20,
) -> Order:
    """As an auditor reads who says of each of the first passages whether it is evidence: after
    each, the order of the rest is learned anew. ``evidence`` is what the auditor recognises: all
    that is known of the document, not only what is looked for in this bench."""

    def order(document: str, keyword: str) -> list[Span]:
        index, copy = documents.indices[document], documents.passages[document][0].copy
        read: list[int] = []
        rest: list[int] = []
        while len(read) <= judgements:
            good = [
                row for row in read if overlaps(index.passages[row], evidence[document, keyword])
            ]
            bad = set(read) - set(good)
            judged = Judged(
                {copy: documents.spans(document, good)}, {copy: documents.spans(document, bad)}
            )
            values = scores(index, questions[keyword], rankers[document], judged)
            rest = [row for row in ranked(values) if row not in read]
            if not rest or len(read) == judgements:
                break
            read.append(rest[0])
        return documents.spans(document, [*read, *rest])

    return order


def fts5_order(documents: Documents, literal: Mapping[str, str]) -> Order:
    """SQLite FTS5 with the Porter stemmer, asked the literal question."""

    def order(document: str, keyword: str) -> list[Span]:
        found = documents.indices[document].matches([literal[keyword]])
        return documents.spans(document, sorted(found, key=lambda row: (-found[row], row)))

    return order


def bm25s_order(documents: Documents, literal: Mapping[str, str]) -> Order:
    """bm25s as it comes."""
    import bm25s

    retrievers = {}
    for document, cut in documents.passages.items():
        retrievers[document] = bm25s.BM25()
        tokens = bm25s.tokenize([one.text for one in cut], stopwords="en", show_progress=False)
        retrievers[document].index(tokens, show_progress=False)

    def order(document: str, keyword: str) -> list[Span]:
        query = bm25s.tokenize(literal[keyword], stopwords="en", show_progress=False)
        size = len(documents.passages[document])
        rows, _ = retrievers[document].retrieve(query, k=size, show_progress=False)
        return documents.spans(document, map(int, rows[0]))

    return order


def tfidf_order(documents: Documents, literal: Mapping[str, str]) -> Order:
    """TF-IDF of words and pairs of words, by cosine (scikit-learn)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = {}
    for document, cut in documents.passages.items():
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
        made[document] = (vectorizer, vectorizer.fit_transform([one.text for one in cut]))

    def order(document: str, keyword: str) -> list[Span]:
        vectorizer, matrix = made[document]
        values = (matrix @ vectorizer.transform([literal[keyword]]).T).toarray().ravel()
        return documents.spans(document, ranked(list(values)))

    return order


def answered(name: str, answers: peers.Answers, cells: Cells, size: Mapping[str, int]) -> Score:
    """How a program did that has answered for all cells at once, in those that it answered."""
    orders = answers.orders
    answerable = {cell: ones for cell, ones in cells.items() if cell in orders}
    found = score(name, lambda *cell: orders[cell], answerable, size)
    return found._replace(seconds=answers.seconds)


class Others:
    """PaperQA2 and ASReview, where they can be had."""

    def __init__(self, documents: Documents, literal: Mapping[str, str]) -> None:
        self.documents = documents
        self.size = documents.sizes
        self.notes: list[str] = []
        found = self._installed(peers.PAPERQA)
        self.paperqa = peers.paperqa(documents.layers, literal) if found else None
        self.asreview = self._installed(peers.ASREVIEW)

    def scores(self, name: str, cells: Cells) -> Iterator[Score]:
        """Of those that can be had, on one set of needles."""
        if self.paperqa:
            yield answered("PaperQA2, sparse", self.paperqa, cells, self.size)
        if self.asreview:
            yield from self._simulated(name, cells)

    def _simulated(self, name: str, cells: Cells) -> Iterator[Score]:
        cut = self.documents.passages
        for prior, row in ((True, "ASReview, simulation"), (False, "ASReview, told nothing")):
            found = peers.asreview(cut, cells, prior=prior)
            yield answered(row, found, cells, self.size)
            skipped = len(cells) - len(found.orders)
        self.notes.append(
            f"Of the {len(cells)} pairs of question and document of the {name}, ASReview's "
            f"simulation was told all the evidence there is in {peers.given(cut, cells)}, and "
            f"{skipped} were left out of its rows, as all or none of their passages are evidence."
        )

    def _installed(self, peer: peers.Peer) -> bool:
        try:
            peers.installed(peer)
        except peers.MissingError as missing:
            self.notes.append(f"{missing}; its rows are left out.")
            return False
        return True


# --- The whole run ----------------------------------------------------------------------------


def rankers_without(documents: Documents) -> dict[str, Ranker]:
    """For each document, what the bundled audits teach without the company that wrote it."""
    grouped = lessons(map(open_audit, bundled()))
    trained: dict[str, Ranker] = {}
    found = {}
    for document, group in companies(documents, grouped).items():
        if group not in trained:
            others = {key: ones for key, ones in grouped.items() if key != group}
            trained[group] = train(others, "decoding-alignment")
        found[document] = trained[group]
    return found


def companies(documents: Documents, grouped: Mapping[str, Sequence[Lesson]]) -> dict[str, str]:
    """Who of those that lessons are grouped by wrote each document; empty where nobody of them."""
    wrote = {one.copy: group for group, ones in grouped.items() for one in ones}
    return {key: wrote.get(cut[0].copy, "") for key, cut in documents.passages.items()}


def _known(
    texts: Mapping[str, TextLayer], sets: Iterable[Mapping[Cell, Sequence[Needle]]]
) -> dict[Cell, list[Span]]:
    """All evidence there is: of these sets and of the bundled audits."""
    found: dict[Cell, list[Span]] = {}
    for needles in sets:
        for cell, ones in needles.items():
            found.setdefault(cell, []).extend(span for one in ones for span in one.spans)
    keys = {sha256: key for key, sha256 in corpus.hashes().items() if key in texts}
    for folder in bundled():
        for copy in quoted(open_audit(folder)):
            for place in copy.evidence:
                found.setdefault((keys[copy.copy], place.keyword), []).append(place.span)
    return found


def bundled() -> list[Path]:
    """The folders of the bundled audits."""
    return sorted(folder for folder in AUDITS.iterdir() if (folder / "audit.toml").is_file())


def asked() -> dict[str, Question]:
    """The questions of the bundled audits, by keyword."""
    audit = open_audit(AUDITS / "decoding-alignment").audit
    return {one.keyword: one for one in audit.questionnaire.questions}


def looked_for(documents: Documents) -> dict[str, Cells]:
    """The three sets of needles, by name."""
    return {
        "quotes of the paper": corpus.paper_quotes(documents.layers),
        "labels, direct and partial": corpus.labels(documents.layers),
        "labels, direct": corpus.labels(documents.layers, 2),
    }


@contextmanager
def cut_and_indexed(texts: Mapping[str, TextLayer]) -> Iterator[Documents]:
    """These documents, for as long as the context lasts."""
    hashes = corpus.hashes()
    cut = {key: list(passages(key, hashes[key], layer)) for key, layer in texts.items()}
    with ExitStack() as stack:
        indices = {key: stack.enter_context(indexed(one)) for key, one in cut.items()}
        yield Documents(texts, cut, indices)


def measure() -> Measured:
    """All contestants on the paper's quotes and on the labels."""
    questions = asked()
    literal = corpus.literal_questions([*questions])
    with cut_and_indexed(corpus.layers()) as documents:
        rankers = rankers_without(documents)
        others = Others(documents, literal)
        found = {}
        sets = looked_for(documents)
        known = _known(documents.layers, sets.values())
        for name, needles in sets.items():
            contestants = {
                "openbook": openbook_order(documents, questions, rankers),
                "openbook, 20 judgements": feedback_order(documents, questions, rankers, known),
                "SQLite FTS5": fts5_order(documents, literal),
                "bm25s": bm25s_order(documents, literal),
                "TF-IDF": tfidf_order(documents, literal),
            }
            found[name] = [score(*pair, needles, documents.sizes) for pair in contestants.items()]
            found[name].extend(others.scores(name, needles))
    return Measured(found, others.notes)


def summary(found: Measured) -> str:
    """The outcome in one sentence."""
    parts = []
    for name, rows in found.scores.items():
        best = {row.name: row.within for row in rows}
        ours, taught, fts5 = best["openbook"], best["openbook, 20 judgements"], best["SQLite FTS5"]
        parts.append(
            f"{name}: openbook {ours:.2f}, with twenty judgements {taught:.2f}, SQLite FTS5 with "
            f"the literal question {fts5:.2f}"
        )
    return f"Share of the evidence in the first {BUDGET:,} characters read, " + "; ".join(parts)


def tables(found: Measured) -> list[str]:
    """A table for each kind of needle, and what the columns mean."""
    lines = [
        "openbook is trained without any document of the company whose document it reads. "
        f"**within** is the share of the evidence in the first {BUDGET:,} characters read per "
        "question and document; **ten** the share in the first ten passages; **to 95 %** the share "
        "of a document read until 95 % of its evidence for a question is found (median); **saved** "
        "is the work saved over reading in any order (WSS@95, mean); **ms** the time for a "
        "question in a document, once it is indexed (median).",
        "",
        *_peers(found.scores),
        " ".join(found.notes),
        "",
    ]
    for name, rows in found.scores.items():
        lines += [f"### {name.capitalize()}", ""]
        lines += ["| | within | ten | to 95 % | saved | ms |", "|---|---:|---:|---:|---:|---:|"]
        lines += [
            f"| {row.name} | {row.within:.2f} | {row.at_ten:.2f} | {row.to_95:.2f} | "
            f"{row.saved:.2f} | {_milliseconds(row)} |"
            for row in rows
        ]
        lines.append("")
    return lines


def _milliseconds(row: Score) -> str:
    return "-" if row.seconds is None else f"{row.seconds * 1000:.1f}"


def _peers(scores: Mapping[str, Sequence[Score]]) -> Iterator[str]:
    """How those are run that are not of one kind with the rest."""
    names = {row.name for rows in scores.values() for row in rows}
    if "PaperQA2, sparse" in names:
        yield (
            "PaperQA2 is its keyless retrieval, its sparse embedding of its own chunks: the "
            "embedding that it has by default and the language model that judges what was "
            "retrieved need a key. A chunk has about 5,400 characters, so that mostly two fit "
            f"into the first {BUDGET:,}, and ten "
            "are about 54,000."
        )
        yield ""
    if "ASReview, simulation" in names:
        yield (
            "ASReview reads no question: its default model learns from the judgement of each "
            "passage that it asks for until all are found, where openbook is told twenty. Its "
            "simulation is given one passage of evidence and one other before it begins, drawn "
            "with a fixed seed and counted as read; openbook starts from nothing. Told nothing, "
            "ASReview reads from the top until it knows one of each. What it reads is judged "
            "by the evidence looked for in the table, what openbook reads by all that is known."
        )
        yield ""
