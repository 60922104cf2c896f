"""Whether a small dense model would help openbook to find the needle: ``python -m bench dense``.

WordLlama (vectors of 256 numbers for pieces of words, averaged; 16 MB) may add two signals to the
five of the ranker: how near a passage is to what the question and its points ask, and how near it
is to the evidence for the question in documents of other companies, on average. The mixture is
fitted anew with either and both, on the same documents; all else is as in :mod:`bench.needles`.

What would count as a gain was written here before the first run: 0.02 more of the labels, direct
and partial, and no less of the labels, direct, and of the paper's quotes. Nothing else was tried.
What came of it is decision 023.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial, reduce
from typing import NamedTuple

from bench import corpus, needles, peers
from bench.needles import Cells, Documents, Order, Score
from openbook.audit.opened import open_audit
from openbook.audit.search.learn import Lesson, learned_from, lessons
from openbook.audit.search.rank import Lexical, lexical, signals
from openbook.core.passage import Passage, overlaps, readable
from openbook.core.questionnaire import Question
from openbook.core.ranker import Ranker, in_context, logistic
from openbook.core.text import Span

GAIN = 0.02
"""More of the labels, direct and partial, that would count."""

QUESTIONNAIRE = "decoding-alignment"

Row = tuple[float, ...]
"""What speaks for a passage: the five signals, nearness to the question, nearness to evidence."""

VARIANTS = {
    "openbook": (0, 1, 2, 3, 4),
    "openbook, near the question": (0, 1, 2, 3, 4, 5),
    "openbook, near evidence": (0, 1, 2, 3, 4, 6),
    "openbook, near both": (0, 1, 2, 3, 4, 5, 6),
}
"""Which values of a row each contestant weighs."""

Mixtures = Mapping[str, Sequence[float]]
"""The weights of those values, by contestant."""

Grouped = Mapping[str, Sequence[Lesson]]
"""Lessons by the company that wrote the documents."""


class Target(NamedTuple):
    """What passages are compared with."""

    keyword: str
    company: str = ""
    """Whose documents hold the evidence for that question; empty for what the question asks."""


@dataclass(frozen=True)
class Near:
    """How near passages are to targets, as the mean cosine with the texts of a target."""

    cosines: Mapping[str, Mapping[Target, Sequence[float]]]
    """By sha256 of the copy: a number for each of its passages."""
    texts: Mapping[Target, int]
    """How many texts each target has."""

    def question(self, copy: str, keyword: str) -> Sequence[float]:
        """To what the question asks."""
        return self.cosines[copy][Target(keyword)]

    def evidence(self, copy: str, keyword: str, without: Collection[str]) -> Sequence[float]:
        """To evidence for the question in documents of companies but these; 0 if there is none."""
        told = {
            target: often
            for target, often in self.texts.items()
            if target.keyword == keyword and target.company and target.company not in without
        }
        cosines, whole = self.cosines[copy], sum(told.values())
        if not whole:
            return [0.0] * len(self.question(copy, keyword))
        columns = zip(*(cosines[target] for target in told), strict=True)
        shares = [often / whole for often in told.values()]
        return [sum(map(float.__mul__, shares, column)) for column in columns]


def nearness(documents: Documents, grouped: Grouped, questions: Mapping[str, Question]) -> Near:
    """How near all passages are to all targets, asked of the model at once."""
    targets = {
        Target(key): ["\n".join([one.wording, *(point.text for point in one.points)])]
        for key, one in questions.items()
    }
    cut = {passages[0].copy: passages for passages in documents.passages.values()}
    for company, ones in grouped.items():
        for lesson in ones:
            cut.setdefault(lesson.copy, [*lesson.passages])
            for keyword, spans in lesson.evidence.items():
                texts = _texts(one for one in lesson.passages if overlaps(one, spans))
                targets.setdefault(Target(keyword, company), []).extend(texts)
    told = {target: texts for target, texts in targets.items() if texts}
    read = {copy: _texts(passages) for copy, passages in cut.items()}
    found = peers.wordllama(read, [*told.values()])
    return Near(
        {copy: dict(zip(told, columns, strict=True)) for copy, columns in found.items()},
        {target: len(texts) for target, texts in told.items()},
    )


def _texts(passages: Iterable[Passage]) -> list[str]:
    return [readable(one.text) for one in passages]


# --- Fitting and ordering ---------------------------------------------------------------------


class Taught(NamedTuple):
    """What is known where documents of one company are to be read."""

    ranker: Ranker
    mixtures: Mixtures


def taught_without(company: str, grouped: Grouped, near: Near) -> Taught:
    """What the other companies' documents teach. As the ranker's mixture always is, those of the
    contestants are fitted on each of them by what the rest of them teaches."""
    others = {key: ones for key, ones in grouped.items() if key != company}
    each = {key: [learned_from(one, QUESTIONNAIRE) for one in ones] for key, ones in others.items()}
    rows: list[Row] = []
    flags: list[bool] = []
    for group, ones in others.items():
        ranker = _joined(each, group)
        for lesson in ones:
            for keyword, words in lesson.words.items():
                without = {company, group}
                rows += rows_of(near, lesson.copy, keyword, without, ranker, words, lesson.stems)
                flags += [overlaps(one, lesson.evidence[keyword]) for one in lesson.passages]
    mixtures = {
        name: logistic([[row[at] for at in used] for row in rows], flags)[1:]
        for name, used in VARIANTS.items()
    }
    return Taught(_joined(each, ""), mixtures)


def _joined(each: Mapping[str, Sequence[Ranker]], but: str) -> Ranker:
    ones = (one for group, ones in each.items() if group != but for one in ones)
    return reduce(Ranker.joined, ones, Ranker(QUESTIONNAIRE))


def rows_of(
    near: Near,
    copy: str,
    keyword: str,
    without: Collection[str],
    ranker: Ranker,
    words: Lexical,
    stems: Sequence[frozenset[str]],
) -> list[Row]:
    """What speaks for each passage of a copy, the evidence of some companies being unknown."""
    five = signals(words, stems, ranker, keyword)
    asked = near.question(copy, keyword)
    evidence = near.evidence(copy, keyword, without)
    return [(*one, a, b) for one, a, b in zip(five, asked, evidence, strict=True)]


def orders(
    documents: Documents, grouped: Grouped, near: Near, questions: Mapping[str, Question]
) -> dict[str, Order]:
    """The contestants."""
    wrote = needles.companies(documents, grouped)
    taught = {company: taught_without(company, grouped, near) for company in {*wrote.values()}}

    @cache
    def rows(document: str, keyword: str) -> list[Row]:
        index, company = documents.indices[document], wrote[document]
        copy, words = index.passages[0].copy, lexical(index, questions[keyword])
        ranker = taught[company].ranker
        return rows_of(near, copy, keyword, {company}, ranker, words, index.stems)

    def order(name: str, document: str, keyword: str) -> list[Span]:
        weights = taught[wrote[document]].mixtures[name]
        used = [[row[at] for at in VARIANTS[name]] for row in rows(document, keyword)]
        alone = [sum(map(float.__mul__, weights, one)) for one in used]
        together = in_context(alone, [document] * len(alone))
        lowest = min(0.0, *together)
        return documents.spans(
            document,
            needles.ranked(
                [one - lowest if any(row) else 0.0 for one, row in zip(together, used, strict=True)]
            ),
        )

    return {name: partial(order, name) for name in VARIANTS}


# --- The whole run ----------------------------------------------------------------------------


class Compared(NamedTuple):
    """How a contestant did, beside openbook as it is."""

    score: Score
    gained: int
    """Pieces of evidence in the first 14,000 characters that are not there as openbook is."""
    lost: int
    """And the other way round."""


def measure() -> dict[str, list[Compared]]:
    """The contestants on the sets of :mod:`bench.needles`."""
    questions = needles.asked()
    with needles.cut_and_indexed(corpus.layers()) as documents:
        grouped = lessons(map(open_audit, needles.bundled()))
        near = nearness(documents, grouped, questions)
        contestants = orders(documents, grouped, near, questions)
        return {
            name: [*_compared(contestants, cells, documents.sizes)]
            for name, cells in needles.looked_for(documents).items()
        }


def _compared(
    contestants: Mapping[str, Order], cells: Cells, sizes: Mapping[str, int]
) -> Iterator[Compared]:
    base = _within(contestants["openbook"], cells)
    for name, order in contestants.items():
        pairs = [*zip(_within(order, cells), base, strict=True)]
        score = needles.score(name, order, cells, sizes)
        yield Compared(score, pairs.count((True, False)), pairs.count((False, True)))


def _within(order: Order, cells: Cells) -> list[bool]:
    return [
        one.is_in(needles.first(order(*cell))) for cell, wanted in cells.items() for one in wanted
    ]


# --- What is written of it --------------------------------------------------------------------


def gaining(found: Mapping[str, Sequence[Compared]]) -> list[str]:
    """The contestants that gain, as that was set beforehand."""
    within = {
        name: {one.score.name: one.score.within for one in rows} for name, rows in found.items()
    }
    more = {
        name: {key: share - shares["openbook"] for key, share in shares.items()}
        for name, shares in within.items()
    }
    return [
        key
        for key in VARIANTS
        if more["labels, direct and partial"][key] >= GAIN
        and all(each[key] >= 0 for each in more.values())
    ]


def summary(found: Mapping[str, Sequence[Compared]]) -> str:
    """The outcome in one sentence."""
    parts = []
    for name, rows in found.items():
        base, *others = (row.score.within for row in rows)
        parts.append(f"{max(others):.2f} instead of {base:.2f} of the {name}")
    gain = gaining(found)
    verdict = f"is a gain ({', '.join(gain)})" if gain else "is no gain"
    return (
        f"A small dense model (WordLlama) beside the ranker's own signals {verdict} as that was "
        f"set beforehand ({GAIN} more of the labels, direct and partial, and nothing less): at "
        f"best it finds {'; '.join(parts)}, in the first {needles.BUDGET:,} characters"
    )


def tables(found: Mapping[str, Sequence[Compared]]) -> list[str]:
    """A table of all sets of needles."""
    lines = [
        "**near the question** is the cosine of a passage with the question and what its points "
        "ask, **near evidence** its mean cosine with the evidence for that question in documents "
        "of other companies. The mixture of the signals is fitted anew for each row. The columns "
        "are those of [finding the needle](#finding-the-needle); **gained** and **lost** are "
        "pieces of evidence in the first 14,000 characters that are not there without the model, "
        "and the other way round.",
        "",
        "| | within | ten | to 95 % | saved | gained | lost |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, rows in found.items():
        lines.append(f"| **{name}** | | | | | | |")
        lines += [
            f"| {row.score.name} | {row.score.within:.2f} | {row.score.at_ten:.2f} | "
            f"{row.score.to_95:.2f} | {row.score.saved:.2f} | {row.gained} | {row.lost} |"
            for row in rows
        ]
    return lines
