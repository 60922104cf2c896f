"""Finding quotes again in edited documents: ours beside exact search and Hypothesis' client.

200 stretches of real documents are looked for in versions with 1, 5 and 15 % of the words edited,
and in versions in which the stretch was taken out, where every answer is wrong. Ours is asked
twice: with the older copy at hand, as after ``audit fetch``, and knowing the quote and its
anchor alone.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.client import client_place
from bench.edited import Drawn, drawn, edit, layers, without
from openbook.audit.drift.reanchor import Stood, reanchor, stood
from openbook.audit.quoting.anchor import anchor_line, with_prints
from openbook.audit.quoting.placing import Words
from openbook.core.anchor import Anchor, places
from openbook.core.quote import Quote
from openbook.core.text import Span, TextLayer
from openbook.core.verify import State
from openbook.files.nouns import anchor as noun
from openbook.files.shapes import AnchorShape

QUOTES = 200
SHARES = (0.01, 0.05, 0.15)
SEED = "re-anchoring, the reported draw"
SAME = 0.7
"""How much of the place found and the true place, taken together, must be in both."""
VERDICTS = ("correct", "wrong", "abstained")


class Case(NamedTuple):
    """A stretch to be found in a version of its document."""

    old: Words
    span: Span
    new: Words
    true: Span | None
    """Where it is; None where it was taken out."""


Finder = Callable[[Case], Span | None]


def exact(case: Case) -> Span | None:
    """The occurrence, letter by letter, that is nearest to where the quote stood."""
    text = case.old.layer.text
    quote, new = text[case.span.start : case.span.end], case.new.layer.text
    found, at = [], new.find(quote)
    while at >= 0:
        found.append(at)
        at = new.find(quote, at + 1)
    best = min(found, key=lambda one: abs(one - case.span.start), default=None)
    return None if best is None else Span(best, best + len(quote))


def client(case: Case) -> Span | None:
    """The answer of the approach of Hypothesis' client."""
    return client_place(case.old.layer.text, case.span, case.new.layer.text)


def ours(case: Case, *, has_copy: bool) -> Span | None:
    """Our answer, with the older copy at hand or without."""
    layer = case.old.layer
    before = stood(anchor(case.old, case.span), None)
    if has_copy:
        before = Stood(before.page, (case.span,), case.old)
    quote = Quote((layer.text[case.span.start : case.span.end],), ())
    spans = reanchor(quote, before, case.new).spans
    return spans[0] if spans else None


def anchor(old: Words, span: Span) -> Anchor:
    """The anchor of a stretch as it is read again after it was written: all that a stranger has."""
    segments = (places(old.layer, span),)
    layer = old.layer
    made = Anchor("q-000000", "0" * 64, layer.sha256, layer.extractor, State.VERIFIED, segments)
    line = json.dumps(anchor_line(with_prints(made, old)))
    return noun(AnchorShape.model_validate_json(line))


FINDERS: Mapping[str, Finder] = {
    "openbook": partial(ours, has_copy=True),
    "openbook, older copy not at hand": partial(ours, has_copy=False),
    "Hypothesis' client, its approach": client,
    "exact search": exact,
}


def measure(folder: Path) -> dict[str, dict[str, Counter[str]]]:
    """Verdicts by version of the documents and by finder."""
    documents = layers(folder)
    quotes = drawn(documents, QUOTES, SEED)
    found: dict[str, dict[str, Counter[str]]] = {}
    for share in (*SHARES, None):
        name = "taken out" if share is None else f"{share:.0%} edited"
        found[name] = {finder: Counter() for finder in FINDERS}
        for number, case in enumerate(_cases(documents, quotes, share)):
            _tell(name, number)
            for finder, find in FINDERS.items():
                found[name][finder][_verdict(find(case), case.true)] += 1
    return found


def _cases(
    documents: Mapping[str, TextLayer], quotes: list[Drawn], share: float | None
) -> Iterator[Case]:
    """The quotes, a document after the other, in versions with this share of words edited."""
    for key in documents:
        old = Words(documents[key])
        spans = [one.span for one in quotes if one.document == key]
        if share is None:
            for span in spans:
                yield Case(old, span, Words(without(old.layer, span)), None)
            continue
        edited = edit(old.layer, share, f"{SEED} {key} {share}")
        new = Words(edited.layer)
        for span in spans:
            if (true := edited.true_place(span)) is not None:
                yield Case(old, span, new, true)


def _verdict(found: Span | None, true: Span | None) -> str:
    if found is None:
        return "abstained"
    if true is None:
        return "wrong"
    both = min(found.end, true.end) - max(found.start, true.start)
    either = max(found.end, true.end) - min(found.start, true.start)
    return "correct" if both / either >= SAME else "wrong"


def _tell(name: str, number: int) -> None:
    if sys.stderr.isatty():
        print(f"\rre-anchoring, {name}: {number + 1}", end="", file=sys.stderr)


def table(found: Mapping[str, Mapping[str, Counter[str]]]) -> list[str]:
    """The verdicts as a table, in percent of the quotes."""
    lines = [
        f"| | {' | '.join(found)} |",
        f"|---|{'---:|' * len(found)}",
    ]
    for finder in FINDERS:
        cells = (_percent(verdicts[finder]) for verdicts in found.values())
        lines.append(f"| {finder} | {' | '.join(cells)} |")
    return lines


def summary(found: Mapping[str, Mapping[str, Counter[str]]]) -> str:
    """The two that answer to an edited document, in one sentence."""
    edited = [name for name in found if name.endswith("edited")]

    def told(finder: str) -> str:
        rates = (f"{_share(found[name][finder], 'correct'):.1f}" for name in edited)
        wrong = max(_share(found[name][finder], "wrong") for name in edited)
        return f"{', '.join(rates)} % placed right, at most {wrong:.1f} % wrong"

    ours, _, theirs, _ = FINDERS
    shares = ", ".join(f"{share:.0%}" for share in SHARES)
    return (
        f"Quotes in documents with {shares} of the words edited: openbook {told(ours)}; the "
        f"approach of Hypothesis' client {told(theirs)}"
    )


def _share(counts: Counter[str], verdict: str) -> float:
    return 100 * counts[verdict] / sum(counts.values())


def _percent(counts: Counter[str]) -> str:
    return " / ".join(f"{_share(counts, one):.1f}" for one in VERDICTS)
