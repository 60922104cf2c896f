"""Finding the needle: how soon the evidence is read, question by question and document by document.

All contestants order the same documents for the same questions in one run. What they are asked:
openbook the question as its questionnaire has it, the others the question's literal wording in the
paper. openbook is trained on the evidence of the bundled audits less all documents of the company
that wrote the document at hand. Its passages are the records of the others too, but for PaperQA2,
which cuts its own.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench import corpus
from bench.corpus import Cell, Needle
from openbook.audit.index import Index, indexed
from openbook.audit.learn import lessons, quoted, train
from openbook.audit.opened import open_audit
from openbook.audit.rank import Judged, scores
from openbook.core.passage import Passage, overlaps, passages
from openbook.core.questionnaire import Question
from openbook.core.ranker import Ranker
from openbook.core.text import Span, TextLayer

BUDGET = 14_000
"""Characters read per question and document."""

AUDITS = Path(__file__).resolve().parents[1] / "src" / "openbook" / "audits"

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
    seconds: float
    """For one question in one document; median."""


def score(
    name: str, order: Order, needles: Mapping[Cell, list[Needle]], size: Mapping[str, int]
) -> Score:
    """Run one contestant over all cells."""
    within: list[bool] = []
    at_ten: list[bool] = []
    shares: list[float] = []
    seconds: list[float] = []
    for (document, keyword), wanted in needles.items():
        started = time.perf_counter()
        read = order(document, keyword)
        seconds.append(time.perf_counter() - started)
        within.extend(one.is_in(_first(read, BUDGET)) for one in wanted)
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


def _first(read: Sequence[Span], budget: int) -> list[Span]:
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
        return [one.span for one in found]


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


# --- The whole run ----------------------------------------------------------------------------


def rankers_without(documents: Documents, questions: Sequence[Question]) -> dict[str, Ranker]:
    """For each document, what the bundled audits teach without the company that wrote it."""
    grouped = lessons(map(open_audit, bundled()))
    wrote = {one.copy: group for group, ones in grouped.items() for one in ones}
    trained: dict[str, Ranker] = {}
    found = {}
    for document, cut in documents.passages.items():
        group = wrote.get(cut[0].copy, "")
        if group not in trained:
            others = {key: ones for key, ones in grouped.items() if key != group}
            trained[group] = train(others, questions, "decoding-alignment")
        found[document] = trained[group]
    return found


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


def measure() -> dict[str, list[Score]]:
    """All contestants on the paper's quotes and on the labels."""
    texts = corpus.layers()
    audit = open_audit(AUDITS / "decoding-alignment").audit
    questions = {one.keyword: one for one in audit.questionnaire.questions}
    literal = corpus.literal_questions(audit.questionnaire.keywords)
    hashes = corpus.hashes()
    cut = {key: list(passages(key, hashes[key], layer)) for key, layer in texts.items()}
    size = {key: len(layer.text) for key, layer in texts.items()}
    with ExitStack() as stack:
        indices = {key: stack.enter_context(indexed(one)) for key, one in cut.items()}
        documents = Documents(texts, cut, indices)
        rankers = rankers_without(documents, audit.questionnaire.questions)
        found = {}
        sets = {
            "quotes of the paper": corpus.paper_quotes(texts),
            "labels, direct and partial": corpus.labels(texts),
            "labels, direct": corpus.labels(texts, 2),
        }
        known = _known(texts, sets.values())
        for name, needles in sets.items():
            contestants = {
                "openbook": openbook_order(documents, questions, rankers),
                "openbook, 20 judgements": feedback_order(documents, questions, rankers, known),
                "SQLite FTS5": fts5_order(documents, literal),
                "bm25s": bm25s_order(documents, literal),
                "TF-IDF": tfidf_order(documents, literal),
            }
            found[name] = [score(*pair, needles, size) for pair in contestants.items()]
    return found


def summary(found: Mapping[str, Sequence[Score]]) -> str:
    """The outcome in one sentence."""
    parts = []
    for name, rows in found.items():
        best = {row.name: row.within for row in rows}
        ours, taught, fts5 = best["openbook"], best["openbook, 20 judgements"], best["SQLite FTS5"]
        parts.append(
            f"{name}: openbook {ours:.2f}, with twenty judgements {taught:.2f}, SQLite FTS5 with "
            f"the literal question {fts5:.2f}"
        )
    return f"Share of the evidence in the first {BUDGET:,} characters read, " + "; ".join(parts)


def tables(found: Mapping[str, Sequence[Score]]) -> list[str]:
    """A table for each kind of needle, and what the columns mean."""
    lines = [
        "openbook is trained without any document of the company whose document it reads. "
        f"**within** is the share of the evidence in the first {BUDGET:,} characters read per "
        "question and document; **ten** the share in the first ten passages; **to 95 %** the share "
        "of a document read until 95 % of its evidence for a question is found (median); **saved** "
        "is the work saved over reading in any order (WSS@95, mean); **ms** the time for a "
        "question in a document, once it is indexed (median).",
        "",
    ]
    for name, rows in found.items():
        lines += [f"### {name.capitalize()}", ""]
        lines += ["| | within | ten | to 95 % | saved | ms |", "|---|---:|---:|---:|---:|---:|"]
        lines += [
            f"| {row.name} | {row.within:.2f} | {row.at_ten:.2f} | {row.to_95:.2f} | "
            f"{row.saved:.2f} | {row.seconds * 1000:.1f} |"
            for row in rows
        ]
        lines.append("")
    return lines
