"""A model proposes for a cell; what it quotes survives only where it stands, word for word.

Nothing here writes evidence, reviews or findings. A proposal is a line in a file of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from openbook.audit.opened import Opened, writing
from openbook.audit.quoting.verify import Reader
from openbook.audit.search.learn import found_so_far, ranker_for
from openbook.audit.search.search import layers_at_hand, search_question
from openbook.audit.suggesting.answered import Said, said
from openbook.audit.suggesting.prompt import asked, plain, shown_text
from openbook.audit.suggesting.proposed import judged
from openbook.core.passage import Passage
from openbook.core.problem import Problem
from openbook.core.proposal import (
    FabricatedQuote,
    Proposal,
    ProposedQuote,
    ShownPassage,
    grounded_points,
)
from openbook.core.review import CellId
from openbook.files.proposals import append_proposal
from openbook.files.rankers import name_of
from openbook.models.asking import Answer, Ask, Asked, ModelError, UnusableError

PASSAGES = 12
"""Passages shown for a cell, unless others are asked for: about 2,500 tokens."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a model is asked."""

    model: str
    passages: int = PASSAGES
    max_tokens: int = 4096
    price_in: float | None = None
    """For a million tokens."""
    price_out: float | None = None


class Unmade(NamedTuple):
    """A cell for which no proposal was made, and why."""

    cell: CellId
    problem: Problem


def best_passages(opened: Opened, cell: CellId, limit: int) -> tuple[str, list[Passage]]:
    """The passages of the release's documents most likely to answer, and what ranked them."""
    found = layers_at_hand(opened, opened.release(str(cell.release)).documents)
    ranker = ranker_for(opened)
    question = opened.question(cell.keyword)
    hits = search_question(found, question, ranker, limit, found_so_far(opened, cell.keyword))
    return name_of(ranker), [hit.passage for hit in hits]


def suggest_cells(
    folder: Path,
    opened: Opened,
    cells: Sequence[CellId],
    ask: Ask,
    terms: Terms,
    clock: Callable[[], dt.datetime],
) -> Iterator[Proposal | Unmade]:
    """A proposal for each cell, kept as soon as it is made, or why there is none.

    The audit is held for writing only while a line is written: answers take their time.
    """
    reader = Reader(opened)
    for number, cell in enumerate(cells):
        try:
            proposal = suggest(reader, cell, ask, terms, clock)
        except ModelError as error:
            yield Unmade(cell, Problem(str(cell), str(error)))
            if isinstance(error, UnusableError):
                for rest in cells[number + 1 :]:
                    yield Unmade(rest, Problem(str(rest), "not asked, for the same reason"))
                return
            continue
        with writing(folder):
            append_proposal(folder, proposal)
        yield proposal


def suggest(
    reader: Reader, cell: CellId, ask: Ask, terms: Terms, clock: Callable[[], dt.datetime]
) -> Proposal:
    """One model's proposal for one cell; nothing is written. Raises :class:`ModelError`."""
    opened = reader.opened
    question = opened.question(cell.keyword)
    ranker, shown = best_passages(opened, cell, terms.passages)
    if not shown:
        raise ModelError("nothing was asked: no passage at hand holds any of its search words")
    nonce = _nonce(shown)
    ask_for = asked(
        terms.model, opened.audit.questionnaire, question, shown, nonce, terms.max_tokens
    )
    answer = ask(ask_for)
    try:
        found = said(answer.text, question)
    except ModelError as error:
        raise ModelError(f"{error}{_cut(answer)}{_spent(answer)}") from error
    heading = _Heading(cell, ask_for, answer, clock().isoformat(timespec="seconds"), ranker)
    return _proposal(reader, heading, terms, shown, found)


class _Heading(NamedTuple):
    cell: CellId
    asked: Asked
    answer: Answer
    at: str
    ranker: str


def _proposal(
    reader: Reader, heading: _Heading, terms: Terms, shown: Sequence[Passage], found: Said
) -> Proposal:
    answer = heading.answer
    standing: list[ProposedQuote] = []
    fabricated: list[FabricatedQuote] = []
    failed: list[Sequence[str]] = []
    set_aside = 0
    offered = frozenset(one.document for one in shown)
    for number, one in enumerate(found.quotes):
        outcome = judged(reader, offered, one) if number < MAX_CHECKED else None
        if isinstance(outcome, ProposedQuote):
            standing.append(outcome)
            continue
        failed.append(one.supports)
        if outcome is None:
            set_aside += 1
        else:
            fabricated.append(outcome)
    supported = [one.supports for one in standing]
    return Proposal(
        cell=heading.cell,
        model=terms.model,
        version=plain(answer.model)[:240],
        endpoint=plain(answer.endpoint)[:240],
        at=heading.at,
        prompt=heading.asked.sha256,
        ranker=heading.ranker,
        shown=tuple(map(_shown, shown)),
        quotes=tuple(standing),
        fabricated=tuple(fabricated),
        set_aside=set_aside,
        points=grounded_points(found.points, supported, failed),
        grade=found.grade,
        reason=found.reason,
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        cost=_cost(answer, terms),
        is_replayed=answer.is_replayed,
    )


MAX_CHECKED = 40
"""Quotes of one answer that are checked; a model that sends more is not worth the time."""


def _nonce(shown: Sequence[Passage]) -> str:
    """A random mark that stands in none of the passages."""
    texts = [shown_text(one) for one in shown]
    while True:
        nonce = secrets.token_hex(8)
        if not any(nonce in text for text in texts):
            return nonce


def _shown(one: Passage) -> ShownPassage:
    digest = hashlib.sha256(shown_text(one).encode()).hexdigest()
    return ShownPassage(one.document, one.copy, one.page, one.start, one.end, digest)


def _cost(answer: Answer, terms: Terms) -> float | None:
    if terms.price_in is None and terms.price_out is None:
        return None
    if answer.tokens_in is None or answer.tokens_out is None:
        return None
    of_both = answer.tokens_in * (terms.price_in or 0) + answer.tokens_out * (terms.price_out or 0)
    return round(of_both / 1_000_000, 6)


def _cut(answer: Answer) -> str:
    return ": it was cut short; allow more with --max-tokens" if answer.is_cut else ""


def _spent(answer: Answer) -> str:
    tokens = [one for one in (answer.tokens_in, answer.tokens_out) if one is not None]
    beginning = plain(answer.text)[:60]
    spent = f", {sum(tokens):,} tokens spent" if tokens else ""
    return f" (it begins {beginning!r}{spent})"
