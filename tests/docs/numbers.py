"""The numbers in the documentation: computed here, compared by a test, written by running this.

A number stands between ``<!--n:NAME-->`` and ``<!--/n-->``; the measurements quoted from
bench/results.md between ``<!--bench-->`` and ``<!--/bench-->``.

    python -m tests.docs.numbers        brings every page up to date
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from openbook.audit.check import check
from openbook.audit.fetching import add_known_files
from openbook.audit.layers import at_hand
from openbook.audit.new import bundled
from openbook.audit.opened import open_audit
from openbook.core.agreement import krippendorff_alpha, quadratic_kappa
from openbook.core.bound import at_most
from openbook.core.heatmap import coverage, heatmap
from openbook.core.records import Audit
from openbook.core.review import Basis, PointState
from openbook.core.trend import trend
from openbook.files.cache import Cache
from openbook.files.library import Library
from tests.corpus import CORPUS
from tests.docs.pages import PAGES, ROOT

RESULTS = ROOT / "bench" / "results.md"
MARKED = re.compile(r"<!--n:(?P<name>\w+)-->(?P<value>.*?)<!--/n-->")
BENCH = re.compile(r"<!--bench-->\n(?P<body>.*?)<!--/bench-->", re.S)
AT_HAND = (
    *("at_hand", "verified", "elided", "unchecked", "failed"),
    *("rest_verified", "rest_unchecked", "rest_secondary"),
)
"""The numbers that need the documents."""


def numbers() -> dict[str, str]:
    """The numbers that the bundled audit's files give, by name."""
    audit = open_audit(bundled()).sound().audit
    points = coverage(audit)
    found = {
        "initiatives": len(audit.initiatives),
        "releases": len(audit.releases),
        "questions": len(audit.questionnaire.questions),
        "cells": len(list(audit.cells)),
        "settled": heatmap(audit).settled,
        "documents": len(audit.documents),
        "hashed": sum(bool(one.hashed) for one in audit.documents.values()),
        "quotes": sum(type(one).__name__ == "QuoteEvidence" for one in audit.evidence.values()),
        "unreviewed": points[PointState.UNREVIEWED],
        "points": sum(points.values()),
        "corrections": len(audit.corrections),
    }
    return {
        **{name: str(value) for name, value in found.items()},
        **_graders(audit),
        **_grades(audit),
        **_trend(audit),
        **_example(),
        **_second(),
        **_bounds(),
    }


def _bounds() -> dict[str, str]:
    """What may be left after reading passages drawn at random that hold no answer."""
    examples = ((250, 20), (250, 60), (250, 100), (250, 200), (80, 40))
    return {f"bound_{unread}_{drawn}": str(at_most(unread, drawn, 0)) for unread, drawn in examples}


def _second() -> dict[str, str]:
    """The same of the second audit that ships, under names of its own."""
    audit = open_audit(bundled("beyond-the-six")).sound().audit
    points = coverage(audit)
    found = {
        "initiatives": len(audit.initiatives),
        "releases": len(audit.releases),
        "cells": len(list(audit.cells)),
        "settled": heatmap(audit).settled,
        "documents": len(audit.documents),
        "quotes": len(audit.evidence),
        "unreviewed": points[PointState.UNREVIEWED],
        "points": sum(points.values()),
        "deviations": sum(bool(one.judgement.deviation) for one in audit.findings.values()),
        **_grades(audit),
        **_searches(audit),
    }
    return {f"second_{name}": str(value) for name, value in found.items()}


def _searches(audit: Audit) -> dict[str, int]:
    """What was read for grades of 0, which is the same for all questions of a release."""
    found: dict[str, int] = {}
    for record in audit.searches.values():
        assert record.sample is not None
        assert record.bound is not None
        release = record.cell.release.release
        numbers = {
            "ranked": len(record.read),
            f"passages_{release}": sum(one.passages for one in record.documents),
            f"read_{release}": len(record.all_read),
            f"left_{release}": record.bound.at_most,
        }
        if record.unread:
            numbers["drawn"] = len(record.sample.read)
        for name, number in numbers.items():
            assert found.setdefault(name, number) == number, (record.id, name)
    return found


def _graders(audit: Audit) -> dict[str, str]:
    ids = {id_ for finding in audit.findings.values() for id_ in finding.settled.grades}
    kinds = Counter(one.kind for one in audit.auditors if one.id in ids)
    return {"models": str(kinds["model"]), "people": str(kinds["person"])}


def _grades(audit: Audit) -> dict[str, str]:
    judged = [finding.judgement for finding in audit.findings.values()]
    counts = Counter(one.grade for one in judged)
    bases = Counter(one.not_stated.basis for one in judged if one.grade == 0 and one.not_stated)
    return {
        "grades": ", ".join(str(counts[grade]) for grade in range(5)),
        "zeros": str(counts[0]),
        "zeros_searched": str(bases[Basis.SEARCHED]),
        "zeros_reported": str(bases[Basis.PAPER_REPORTS]),
    }


def _trend(audit: Audit) -> dict[str, str]:
    found = trend(heatmap(audit))
    interval, mean = found.interval, found.mean
    return {
        "trend_pairs": str(len(found.changes)),
        "trend_rose": str(found.rose),
        "trend_fell": str(found.fell),
        "trend_same": str(found.same),
        "trend_mean": "not estimable" if mean is None else _signed(mean),
        "trend_interval": f"{_signed(interval.low)} to {_signed(interval.high)}"
        if interval
        else "none",
        "trend_initiatives": str(found.initiatives),
    }


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _example() -> dict[str, str]:
    pairs = zip((0, 1, 2, 3), (0, 1, 3, 3), strict=True)
    units = [{"first": one, "second": other} for one, other in pairs]
    alpha, kappa = krippendorff_alpha(units), quadratic_kappa(units, "first", "second")
    return {"alpha_example": f"{alpha:.3f}", "kappa_example": f"{kappa:.3f}"}


def numbers_at_hand() -> dict[str, str]:
    """The numbers that need the documents: how every quote stands with all that are at hand."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        cache = Cache(library.root / "index.sqlite3")
        opened = replace(open_audit(bundled()), library=library, cache=cache)
        add_known_files(library, CORPUS / "docs", opened)
        report = check(opened)
        documents = opened.audit.documents.values()
        having = sum(bool(at_hand(one, library)) for one in documents)
    states = Counter(str(one.state) for one in report.checked.values())
    return {
        "at_hand": str(having),
        "verified": str(states["verified"]),
        "elided": str(states["verified-with-elision"]),
        "unchecked": str(states["unchecked"]),
        "failed": str(states["altered"] + states["missing"]),
        "rest_verified": str(report.standings["verified"]),
        "rest_unchecked": str(report.standings["unchecked"]),
        "rest_secondary": str(report.standings["secondary"]),
    }


def bench_quoted() -> str:
    """What the README says of speed and quality: the first sentences of each section of
    bench/results.md, as they stand there."""
    sections = re.split(r"^## .*$", RESULTS.read_text(encoding="utf-8"), flags=re.M)
    listed = ""
    for section in sections:
        parts = [part.strip() for part in section.split("\n\n")]
        told = [part for part in parts if part and not part.startswith(("#", "|"))]
        listed += "".join(f"- {' '.join(part.split())}\n" for part in told[:1])
    where = "All of it is in [bench/results.md](bench/results.md); `make bench` makes it anew."
    return f"{listed}\n{where}\n"


def main() -> None:
    """Write the numbers into every page."""
    values = numbers() | (numbers_at_hand() if (CORPUS / "docs").is_dir() else {})

    def marked(match: re.Match[str]) -> str:
        value = values.get(match["name"], match["value"])
        return f"<!--n:{match['name']}-->{value}<!--/n-->"

    def quoted(_: re.Match[str]) -> str:
        return f"<!--bench-->\n{bench_quoted()}<!--/bench-->"

    for page in PAGES:
        before = page.read_text(encoding="utf-8")
        after = MARKED.sub(marked, before)
        if RESULTS.is_file():
            after = BENCH.sub(quoted, after)
        if after != before:
            page.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
