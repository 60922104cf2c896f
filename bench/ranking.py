"""How long it takes to rank the passages of a long document for every question."""

from __future__ import annotations

import statistics
import time

from bench import corpus
from openbook.audit.new import bundled
from openbook.audit.opened import open_audit
from openbook.audit.search.index import indexed
from openbook.audit.search.rank import scores
from openbook.core.passage import passages
from openbook.core.text import Page, TextLayer
from openbook.files.rankers import shipped

PAGES = 150
"""As many as three reports of the corpus have together: it holds none so long."""


def measure(runs: int = 5) -> tuple[int, int, float]:
    """Characters and passages of a document of :data:`PAGES` pages, and the median seconds to cut,
    index and rank it for all questions of the bundled audit, its text being extracted."""
    texts = corpus.layers()
    joined = [
        page.text
        for key in ("deepseek-v2", "deepseek-v3", "askell-2021")
        for page in texts[key].pages
    ]
    layer = TextLayer(tuple(Page(n, text) for n, text in enumerate(joined[:PAGES], 1)), "bench")
    questions = open_audit(bundled()).audit.questionnaire.questions
    ranker = shipped("decoding-alignment")
    times, count = [], 0
    for _ in range(runs + 1):
        started = time.perf_counter()
        cut = list(passages("long", "long", layer))
        with indexed(cut) as index:
            for question in questions:
                scores(index, question, ranker)
        times.append(time.perf_counter() - started)
        count = len(cut)
    return len(layer.text), count, statistics.median(times[1:])
