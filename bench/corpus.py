"""The real documents beside the checkout, and where their evidence stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openbook.audit.quoting.nearest import nearest
from openbook.core.quote import QuoteError, parse_quote
from openbook.core.text import Span, TextLayer
from openbook.core.verify import verify
from openbook.sources.extract import extract

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPUS = SHARED / "corpus"

Cell = tuple[str, str]
"""A document and a question's keyword."""


@dataclass(frozen=True, slots=True)
class Needle:
    """A piece of evidence, as the stretches of the document that it is made of."""

    spans: tuple[Span, ...]

    def is_in(self, read: Sequence[Span]) -> bool:
        """Whether at least half of its characters were read."""
        size = sum(span.end - span.start for span in self.spans)
        seen = sum(
            max(0, min(span.end, one.end) - max(span.start, one.start))
            for span in self.spans
            for one in read
        )
        return 2 * seen >= size


def layers() -> dict[str, TextLayer]:
    """The text of every document of the corpus, by key."""
    found = {}
    for line in _lines(CORPUS / "manifest.jsonl"):
        path = CORPUS / line["file"]
        found[line["key"]] = extract(path.read_bytes(), "", path.name)
    return found


def hashes() -> dict[str, str]:
    """The sha256 of every document of the corpus, by key."""
    return {line["key"]: line["sha256"] for line in _lines(CORPUS / "manifest.jsonl")}


def paper_quotes(documents: Mapping[str, TextLayer]) -> dict[Cell, list[Needle]]:
    """The verbatim quotes of the paper's section 3.1 whose document is at hand, by cell.

    Quotes that differ by a word from a transcription are placed where they are nearest; the one
    that the paper takes for the Claude 2 card is placed in the page where it stands.
    """
    keys = {line.get("citation_key"): line["key"] for line in _lines(CORPUS / "manifest.jsonl")}
    found: dict[Cell, list[Needle]] = {}
    for line in _lines(CORPUS / "quotes.jsonl"):
        key = "claude-constitution" if line["id"] == "q029" else keys.get(line["citation_key"])
        if line["kind"] != "verbatim" or key not in documents:
            continue
        needle = _placed(line["fragments"], documents[key])
        if needle is not None:
            found.setdefault((key, line["keyword"]), []).append(needle)
    return found


def labels(documents: Mapping[str, TextLayer], relevance: int = 1) -> dict[Cell, list[Needle]]:
    """The passages that one careful reader marked in five further documents, by cell."""
    found: dict[Cell, list[Needle]] = {}
    for path in sorted((CORPUS / "labels").glob("*.jsonl")):
        for line in _lines(path):
            if line["relevance"] < relevance:
                continue
            needle = _placed([line["span"]], documents[line["doc"]])
            if needle is not None:
                found.setdefault((line["doc"], line["keyword"]), []).append(needle)
    return found


def literal_questions(keywords: Sequence[str]) -> dict[str, str]:
    """The paper's own wording of its questions, read from its text. There the question on filtering
    is the seventh and the one on volume the eighth."""
    text = (SHARED / "paper" / "decoding-alignment.txt").read_text("utf-8")
    asked = dict(re.findall(r"^- \((\d+)\) \*\*(.+?)\*\*", text, re.M))
    order = [*keywords]
    size, filter_ = order.index("SIZE"), order.index("FILTER")
    order[size], order[filter_] = order[filter_], order[size]
    return {keyword: asked[str(number)] for number, keyword in enumerate(order, 1)}


def _placed(fragments: Sequence[str], layer: TextLayer) -> Needle | None:
    spans: list[Span] = []
    for fragment in fragments:
        exact = layer.text.find(fragment)
        if exact >= 0:
            spans.append(Span(exact, exact + len(fragment)))
            continue
        try:
            quote = parse_quote(fragment.replace("[", "\\[").replace("]", "\\]"))
        except QuoteError:
            continue
        spans.extend(verify(quote, layer).spans or _nearest(fragment, layer))
    return Needle(tuple(spans)) if spans else None


def _nearest(fragment: str, layer: TextLayer) -> Iterator[Span]:
    quote = parse_quote(fragment.replace("[", "\\[").replace("]", "\\]"))
    found = nearest(quote, layer, "")
    if found is not None and found.likeness >= 0.8:
        at = re.search(r"\s+".join(map(re.escape, found.text.split())), layer.text)
        if at:
            yield Span(*at.span())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)
