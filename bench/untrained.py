"""``python -m bench.untrained``: how soon evidence is read where nothing was learned, as with a new
questionnaire: by points and their search words, by the wording of points alone, of questions alone.

The documents, the evidence and the budget are those of :mod:`bench.needles`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from bench import corpus, needles
from openbook.core.questionnaire import Question
from openbook.core.ranker import Ranker


def ways() -> dict[str, Mapping[str, Question]]:
    """The ten questions as they are, without search words, and without points."""
    whole = needles.asked()
    wordless = {
        key: replace(one, points=tuple(replace(point, queries=()) for point in one.points))
        for key, one in whole.items()
    }
    pointless = {key: replace(one, points=()) for key, one in whole.items()}
    return {
        "points with search words": whole,
        "wording of points alone": wordless,
        "wording of questions alone": pointless,
    }


def main() -> int:
    """Print the share of the evidence in the first characters read, by way and set of needles."""
    if not corpus.layers():
        print("no documents to measure on", file=sys.stderr)
        return 1
    nothing: Mapping[str, Ranker] = defaultdict(lambda: Ranker("none"))
    with needles.cut_and_indexed(corpus.layers()) as documents:
        literal = corpus.literal_questions([*needles.asked()])
        orders = {
            name: needles.openbook_order(documents, questions, nothing)
            for name, questions in ways().items()
        } | {"SQLite FTS5, the literal question": needles.fts5_order(documents, literal)}
        for name, wanted in needles.looked_for(documents).items():
            print(name)
            for way, order in orders.items():
                found = needles.score(way, order, wanted, documents.sizes)
                print(f"  {found.within:.2f}  {way}")
    return 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as library:
        os.environ["OPENBOOK_LIBRARY"] = library
        sys.exit(main())
