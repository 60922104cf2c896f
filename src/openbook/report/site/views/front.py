"""The front page: the heatmap first, then what it rests on and what to keep in mind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from openbook.core.evidence import Standing, standing
from openbook.core.heatmap import coverage
from openbook.core.review import PointState
from openbook.report.site import address, marks, words
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.site.views.heat import Heat, heat


@dataclass(frozen=True, slots=True)
class Figure:
    """A key number."""

    number: str
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """The rows of another audit that asks the same questions."""

    audit: Link
    graders: str
    heat: Heat


@dataclass(frozen=True, slots=True)
class Front:
    """The front page."""

    lede: str
    edition: str
    graders: str
    heat: Heat
    joined: tuple[Joined, ...]
    scale: tuple[marks.Step, ...]
    standings: tuple[tuple[marks.Mark, str], ...]
    figures: tuple[Figure, ...]
    caveats: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    """What the auditors say of themselves: name with kind, note."""
    rules: tuple[tuple[str, str], ...]
    attribution: str
    left_out: tuple[tuple[str, str], ...]


RULES = {
    "points-1": (
        "A question is made of points. Points that are stated, or of which the documents say that "
        "there was none, count whole, vague ones half, absent ones nothing. Nothing told is grade "
        "0, up to a quarter 1, up to half 2, less than all 3, all of it 4. A grader may deviate "
        "and then says why."
    ),
}
"""What the grading rules do, in words."""


def front(material: Material) -> Front:
    """The front page of an audit."""
    audit = material.audit
    questionnaire = audit.questionnaire
    rules = (
        (
            "From points to grades",
            RULES.get(questionnaire.rule, "") if questionnaire.questions else "",
        ),
        ("Information in another document", questionnaire.by_reference),
        ("“We did not do this”", questionnaire.explicitly_none),
    )
    return Front(
        lede=audit.description,
        edition=audit.edition,
        graders=graders(material),
        heat=heat(material),
        joined=tuple(_joined(folder, other) for folder, other in material.beside.items()),
        scale=marks.scale(audit),
        standings=_standings(),
        figures=figures(material),
        caveats=caveats(material),
        notes=tuple(
            (words.auditor_with_kind(audit, one.id), one.note) for one in audit.auditors if one.note
        ),
        rules=tuple(rule for rule in rules if rule[1]),
        attribution=questionnaire.attribution,
        left_out=tuple(
            (f"{initiative.company or initiative.name}, {release.label}", release.left_out)
            for initiative in audit.initiatives
            for release in initiative.releases
            if release.left_out
        ),
    )


def _joined(folder: str, other: Material) -> Joined:
    link = Link(other.audit.title, f"{folder}/{address.INDEX}")
    return Joined(link, graders(other), heat(other, folder=f"{folder}/"))


def _standings() -> tuple[tuple[marks.Mark, str], ...]:
    meaning = {
        Standing.VERIFIED: "a quote verified word for word in a copy of the document",
        Standing.FROM_SCAN: "words that an engine read from the picture of a page, perhaps wrongly",
        Standing.CONFIRMED: "the picture of a figure or table, transcribed alike by two readers",
        Standing.UNCHECKED: "a quote or artifact that could not be checked here",
        Standing.SECONDARY: "only what others report",
        Standing.FAILED: "only quotes that do not stand in the document",
        None: "no evidence: nothing was found, or nothing is settled",
    }
    return tuple((marks.standing_mark(one), text) for one, text in meaning.items())


def graders(material: Material) -> str:
    """Who graded, by kind: said at the top because it decides how much the grades weigh."""
    audit = material.audit
    ids = {id_ for finding in audit.findings.values() for id_ in finding.settled.grades}
    if not ids:
        return "Nobody has graded yet."
    known = {one.id: one.kind for one in audit.auditors}
    imported = ids & audit.imported
    kinds = Counter(known.get(id_, "") for id_ in ids - imported)
    parts = []
    for kind, one, many in (("person", "person", "people"), ("model", "language model", "")):
        if kinds[kind]:
            parts.append(words.spelled(kinds[kind], one, many))
    other = kinds.total() - kinds["person"] - kinds["model"]
    if imported:
        parts.append(words.spelled(len(imported), "imported audit"))
    if other:
        parts.append(f"{words.spelled(other, 'grader')} of unknown kind")
    told = f"Graded by {words.listing(parts)}."
    return told if kinds["person"] else f"{told} No person has graded yet."


def figures(material: Material) -> tuple[Figure, ...]:
    """The key numbers."""
    audit, table = material.audit, material.table
    cells = len(table.rows) * len(table.columns)
    found = Counter(standing(one, material.states) for one in audit.evidence.values())
    states = coverage(audit)
    points = sum(states.values())
    unreviewed = states[PointState.UNREVIEWED]
    evidence = [
        Figure(f"{found[Standing.VERIFIED]:,}", "quotes verified word for word"),
        Figure(f"{found[Standing.UNCHECKED]:,}", "quotes and artifacts not checked here"),
        Figure(f"{found[Standing.SECONDARY]:,}", "reports by others, never counted as verified"),
    ]
    if found[Standing.FROM_SCAN]:
        scanned, noun = words.count(found[Standing.FROM_SCAN], "quote").split(" ", 1)
        evidence.append(Figure(scanned, f"{noun} read from a scan, not verified"))
    if found[Standing.CONFIRMED]:
        pictures, noun = words.count(found[Standing.CONFIRMED], "picture").split(" ", 1)
        evidence.append(Figure(pictures, f"{noun} read alike by two readers, not verified"))
    if found[Standing.FAILED]:
        failed = words.count(found[Standing.FAILED], "quote")
        number, noun = failed.split(" ", 1)
        verb = "does" if number == "1" else "do"
        evidence.append(Figure(number, f"{noun} that {verb} not stand in the document"))
    return (
        Figure(f"{table.settled:,}", f"of {cells:,} cells settled", address.OVERVIEW),
        *(Figure(one.number, one.words, address.DOCUMENTS) for one in evidence),
        Figure(f"{unreviewed:,}", f"of {points:,} points nobody has reviewed", address.POINTS),
    )


def caveats(material: Material) -> tuple[str, ...]:
    """What a reader should keep in mind, as far as the records say it themselves."""
    audit = material.audit
    graded = [finding for finding in audit.findings.values() if finding.settled.grades]
    several = sum(len(finding.settled.grades) > 1 for finding in graded)
    told: list[str] = []
    if graded and not several:
        told.append(
            "Every grade was given by one grader. How far graders would agree is not estimable, "
            "so a difference of one grade between two cells should not be read as a finding."
        )
    elif graded and several < len(graded):
        told.append(
            f"{words.sentence(words.spelled(several, 'cell'))} of {len(graded)} "
            f"{'was' if several == 1 else 'were'} graded by more than one grader; the others rest "
            "on one reading each."
        )
    told.append(
        "A grade says how much the public documents tell. It does not say how well a model was "
        "aligned, nor what was done and not written down."
    )
    absent = [finding.judgement.not_stated for finding in audit.findings.values()]
    empty = [one for one in absent if one is not None]
    proved = sum(one.basis.value == "searched" for one in empty)
    if empty:
        told.append(
            f"{words.sentence(words.spelled(len(empty), 'cell'))} "
            f"{'is' if len(empty) == 1 else 'are'} marked as not stated; "
            f"for {words.spelled(proved, 'of them', 'of them')} the absence is proved by a "
            "recorded search."
            if proved
            else f"{words.sentence(words.spelled(len(empty), 'cell'))} "
            f"{'is' if len(empty) == 1 else 'are'} marked as not stated; for none of them is the "
            "absence proved by a recorded search."
        )
    return tuple(told)
