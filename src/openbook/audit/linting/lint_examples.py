"""How others have told a point: verified quotes of the bundled audits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from openbook.audit.new import bundled, bundled_names
from openbook.audit.opened import Opened, open_audit
from openbook.core.evidence import QuoteEvidence
from openbook.core.lint import Example
from openbook.core.questionnaire import PointRef
from openbook.core.review import CellId, PointState
from openbook.core.verify import State

_Order = tuple[int, bool, int, str]

SHORTEST, LONGEST = 60, 400
"""Characters of a quote that shows something and is still read."""


@dataclass(frozen=True)
class Examples:
    """The best example of each point, by its name as in ``HUM.number``."""

    by_point: Mapping[str, Example]

    @classmethod
    def of(cls, questionnaire: str, less: Collection[str]) -> Examples:
        """Those of the audits that ask this questionnaire, none from copies with the hashes
        ``less``: nobody learns from his own words."""
        best: dict[str, tuple[_Order, Example]] = {}
        for name in bundled_names():
            opened = open_audit(bundled(name))
            if opened.audit.questionnaire.id != questionnaire:
                continue
            for ref, order, example in _examples(name, opened, less):
                if ref not in best or order < best[ref][0]:
                    best[ref] = (order, example)
        return cls({ref: example for ref, (_, example) in best.items()})

    def of_point(self, ref: PointRef) -> Example | None:
        """An example of this point, if there is one."""
        return self.by_point.get(str(ref))


def _examples(
    name: str, opened: Opened, less: Collection[str]
) -> Iterator[tuple[str, _Order, Example]]:
    """Point, order and example for each quote that tells a point that was found stated. First come
    cells with higher grades, then whole sentences, then quotes that support fewer points, then
    shorter ones."""
    audit = opened.audit
    for id_, evidence in audit.evidence.items():
        page = _verified_on(opened, id_, less)
        if page is None or not isinstance(evidence, QuoteEvidence):
            continue
        if not SHORTEST <= len(evidence.quote) <= LONGEST:
            continue
        for release, refs in evidence.supports.items():
            for ref in refs:
                finding = audit.findings.get(CellId(release, ref.keyword))
                state = finding.judgement.points.get(ref.key) if finding else None
                if finding is None or state is not PointState.STATED:
                    continue
                title = audit.documents[evidence.document].title
                row = audit.release(release)
                label = row.label if row else str(release)
                quote = " ".join(evidence.quote.split())
                is_cut = not (quote[0].isupper() and quote.endswith("."))
                grade = finding.judgement.grade or 0
                order = (-grade, is_cut, len(refs), f"{len(quote):04} {id_}")
                yield str(ref), order, Example(name, label, title, page, quote, id_)


def _verified_on(opened: Opened, evidence: str, less: Collection[str]) -> int | None:
    """The page on which a quote was verified, by the anchors that ship; no document is needed."""
    for anchor in opened.anchors.get(evidence, ()):
        if anchor.state is State.VERIFIED and anchor.copy not in less:
            return anchor.page
    return None
