"""Small audits made by hand: an ordinary one, empty ones, foreign ones, hostile ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from openbook.core.anchor import Anchor, Checked, Place
from openbook.core.evidence import ArtifactEvidence, Evidence, QuoteEvidence, SecondaryEvidence
from openbook.core.history import Edit
from openbook.core.initiative import Copy, Document, Initiative, Release, ReleaseId
from openbook.core.objectives import Aspect, Objectives, Pillar
from openbook.core.proposal import FabricatedQuote, Fabrication, Proposal, ProposedQuote
from openbook.core.questionnaire import Point, PointRef, Question, Questionnaire
from openbook.core.records import Audit
from openbook.core.review import (
    Auditor,
    Basis,
    Bound,
    CellId,
    Correction,
    Finding,
    Judgement,
    NotStated,
    PointState,
    ReadPassage,
    Reported,
    Review,
    Sample,
    SearchedDocument,
    SearchRecord,
    Settled,
)
from openbook.core.text import Span
from openbook.core.verify import Elided, State
from openbook.report.site.material import Material
from openbook.report.site.render import render_site

SCALE = {0: "Nothing: no word.", 1: "Vague", 2: "Mostly vague", 3: "Mostly complete", 4: "All"}
DAY = dt.date(2026, 11, 23)
GPT, NEXT = ReleaseId("acme-gpt", "3.5"), ReleaseId("acme-gpt", "4")
OTHER = ReleaseId("bolt", "1")
SHA = "ab" * 32


def questionnaire(*questions: Question) -> Questionnaire:
    """A questionnaire of the given questions."""
    return Questionnaire("q", "Questions", questions, SCALE, "points-1")


AUTH = Question(
    "AUTH",
    "Authority",
    "Who decided?",
    "pre-hoc",
    "A name.",
    (Point("who", "Who set the objectives"), Point("outside_input", "Who else had a say")),
)
VS = Question(
    "VS",
    "Prioritisation",
    "What gives way?",
    "pre-hoc",
    "A rule.",
    (Point("rule", "Which gives way", ("trade-off",)), Point("conflicts", "Which conflict")),
    {0: "No word.", 4: "A rule with examples."},
)
PUB = Question("PUB", "Publication", "Is it published?", "post-hoc", "", (Point("where", "Where"),))


def initiatives() -> tuple[Initiative, ...]:
    """Two initiatives: one with two audited releases and one left out, one with a single one."""
    return (
        Initiative(
            "acme-gpt",
            "Acme",
            "GPT",
            "closed",
            (
                Release(GPT, "GPT 3.5", ("3.5",), "2022-03", ("paper",), note="First."),
                Release(NEXT, "GPT 4", ("4", "4.1"), "2023", ("card", "gone")),
                Release(ReleaseId("acme-gpt", "2"), "GPT 2", left_out="No alignment."),
            ),
        ),
        Initiative("bolt", "Bolt", "Bolt", "open", (Release(OTHER, "Bolt 1"),)),
    )


def evidence() -> dict[str, Evidence]:
    """A quote of each state, an artifact, a report."""
    at = {GPT: (PointRef("VS", "rule"),)}
    return {
        one.id: one
        for one in (
            QuoteEvidence(
                "q-000001", "paper", "We put [our models] first [...] always.", at, "ann", DAY
            ),
            QuoteEvidence("q-000002", "paper", "Not in it.", {NEXT: (PointRef("VS", "rule"),)}),
            QuoteEvidence(
                "q-000003",
                "card",
                "Said on a card.",
                {NEXT: (PointRef("AUTH", "who"),)},
                note="Careful.",
                wording_elsewhere={"paper": "Said on the card.", "elsewhere": "Said."},
            ),
            ArtifactEvidence(
                "a-000001", "paper", "A dataset", "https://example.org/data", at, SHA, "ann", DAY
            ),
            SecondaryEvidence("s-000001", "paper", "They say so.", "section 3", at, "bot", DAY),
            QuoteEvidence("q-000009", "nowhere", "Nobody uses this.", {}),
        )
    }


def documents() -> dict[str, Document]:
    """A paper with an original, a card with a transcription."""
    return {
        "paper": Document(
            "paper",
            "A Paper",
            ("Ada Lovelace", "Charles Babbage"),
            2022,
            "paper",
            "en",
            "CC-BY",
            "https://example.org/abs",
            (
                Copy(
                    "original", "application/pdf", "https://example.org/paper.pdf", SHA, 10, 20, DAY
                ),
            ),
        ),
        "card": Document(
            "card",
            "A Card",
            ("Acme",),
            2023,
            "system-card",
            copies=(
                Copy("transcription", "text/markdown", "https://example.org/card.md", "cd" * 32),
            ),
        ),
    }


def checks() -> dict[str, Checked]:
    """One verified with words left out, one missing, one against a transcription."""
    anchor = Anchor("q-000001", SHA, "l" * 64, "pdf", State.WITH_ELISION, ((Place(17, 3, 9),),))
    elided = (
        Elided(Span(1, 2), "SECRET-ONE", "our models", (), ()),
        Elided(Span(2, 9), "SECRET-TWO but not", "", ("not",), ()),
    )
    return {
        "q-000001": Checked("q-000001", "paper", State.WITH_ELISION, anchor, "original", elided),
        "q-000002": Checked(
            "q-000002",
            "paper",
            State.MISSING,
            role="original",
            reason="not found in this text",
            stands_in=("card",),
        ),
        "q-000003": Checked("q-000003", "card", State.VERIFIED, None, "transcription"),
    }


def finding(cell: CellId, grade: int | None, grades: Mapping[str, int], **more: object) -> Finding:
    """A settled cell."""
    how = "single" if len(grades) == 1 else "agreed"
    judgement = replace(Judgement(f"Answer {grade}.", (), {}, grade, "Because."), **more)  # type: ignore[arg-type]
    return Finding(cell, judgement, Settled(how, grades))


def findings() -> dict[CellId, Finding]:
    """Some cells settled, others not."""
    stated, vague, absent = PointState.STATED, PointState.VAGUE, PointState.ABSENT
    all_found = [
        finding(
            CellId(GPT, "VS"),
            3,
            {"bot": 3},
            evidence=("q-000001", "a-000001", "s-000001", "q-ffffff"),
            points={"rule": stated, "conflicts": vague},
            deviation="Off.",
        ),
        finding(
            CellId(GPT, "AUTH"), 4, {"bot": 4}, points={"who": stated, "outside_input": stated}
        ),
        finding(
            CellId(GPT, "PUB"),
            0,
            {"bot": 0},
            points={"where": absent},
            not_stated=NotStated(Basis.SEARCHED, "n-1"),
        ),
        finding(CellId(NEXT, "VS"), 1, {"bot": 1}, evidence=("q-000002",)),
        finding(CellId(NEXT, "AUTH"), 2, {"bot": 2}, evidence=("q-000003",)),
        finding(
            CellId(NEXT, "PUB"),
            0,
            {"bot": 0},
            not_stated=NotStated(Basis.PAPER_REPORTS, says="N/A", where="section 3.1"),
        ),
        finding(
            CellId(OTHER, "VS"),
            0,
            {"bot": 0},
            not_stated=NotStated(Basis.DOCUMENT_UNAVAILABLE, documents=("card", "gone")),
        ),
    ]
    return {one.cell: one for one in all_found}


def ordinary() -> Audit:
    """An audit with one grader, of every kind of evidence and absence."""
    return Audit(
        "small",
        "A small audit",
        questionnaire(AUTH, VS, PUB),
        edition="2026.11",
        description="Two initiatives.",
        auditors=(
            Auditor("bot", "Reader 1", "model", "A model's reading."),
            Auditor("ann", "Ann", "person"),
        ),
        initiatives=initiatives(),
        documents=documents(),
        evidence=evidence(),
        findings=findings(),
        searches={
            "n-1": SearchRecord(
                "n-1",
                CellId(GPT, "PUB"),
                "2026-11-23T10:00:00",
                "ann",
                (SearchedDocument("paper", SHA, SHA, 40),),
                ("published",),
                "bm25",
                (ReadPassage("paper", 1, 0, 10),),
                sample=Sample("seed", 39, (ReadPassage("paper", 1, 10, 20),)),
                bound=Bound("ppr", 0.95, 30),
            )
        },
        corrections=(
            Correction("c-1", "slip", "acme-gpt/4", "ann", DAY, "Date.", "accepted", "May", "June"),
            Correction("c-2", "rebuttal", "acme-gpt/3.5 VS", "Acme", None, "We disagree.", "open"),
            Correction("c-3", "correction", "q-000001", "bot", DAY, "Comma.", "rejected"),
            Correction("c-4", "correction", "card", "bot", DAY, "Year.", "open"),
            Correction("c-5", "correction", "questionnaire", "bot", DAY, "Word.", "open"),
            Correction("c-6", "other", "who knows", "bot", DAY, "What.", "new"),
        ),
        reported={
            CellId(GPT, "VS"): Reported("paper", "N/A"),
            CellId(GPT, "PUB"): Reported("paper", "none"),
            CellId(OTHER, "PUB"): Reported("paper", "information"),
        },
        objectives=Objectives(
            "paper",
            (
                Pillar(
                    "helpfulness",
                    "Helpfulness",
                    (
                        Aspect("clear", "being clear", "promotes", stated_by={GPT: ("q-000001",)}),
                        Aspect("dull", "being dull", "prevents", stated_by={NEXT: ("gone",)}),
                    ),
                ),
                Pillar(
                    "beyond",
                    "Beyond",
                    (Aspect("critical-thinking", "critical thinking", "promotes"),),
                ),
            ),
        ),
    )


def several_graders() -> Audit:
    """The ordinary audit graded by two, with a dispute and a decision."""
    audit = ordinary()
    grades = {
        "bot": {GPT: {"VS": 3, "AUTH": 4, "PUB": 0}, NEXT: {"VS": 1, "AUTH": 2, "PUB": 0}},
        "ann": {GPT: {"VS": 3, "AUTH": 2, "PUB": 0}, NEXT: {"VS": 1, "AUTH": 1}},
    }
    reviews = tuple(
        Review(who, release, {key: Judgement(grade=grade) for key, grade in cells.items()})
        for who, releases in grades.items()
        for release, cells in releases.items()
    )
    cell = CellId(GPT, "AUTH")
    decided = Finding(
        cell,
        Judgement("Both read it.", grade=3),
        Settled("decided", {"bot": 4, "ann": 2}, "ann", "Half way."),
    )
    settled = {key: one for key, one in audit.findings.items() if key != CellId(NEXT, "AUTH")}
    return replace(audit, reviews=reviews, findings={**settled, cell: decided})


def empty() -> Audit:
    """An audit of which only the name is known."""
    return Audit("empty", "Empty", questionnaire())


def unsettled() -> Audit:
    """Questions and releases, and not one finding."""
    audit = ordinary()
    return replace(
        audit,
        findings={},
        evidence={},
        corrections=(),
        searches={},
        objectives=None,
        reported={},
        auditors=(),
    )


def foreign(*keywords: str) -> Audit:
    """The same releases asked other questions."""
    asked = tuple(
        Question(
            word, word.title(), f"{word}?", "now" if n % 3 else "later", points=(Point("a", "A"),)
        )
        for n, word in enumerate(keywords)
    )
    found = {
        CellId(release, word): finding(
            CellId(release, word), n % 5, {"ann": n % 5}, points={"a": PointState.VAGUE}
        )
        for release in (GPT, NEXT)
        for n, word in enumerate(keywords)
    }
    return replace(
        ordinary(),
        questionnaire=questionnaire(*asked),
        findings=found,
        objectives=None,
        searches={},
    )


BAD = """</td></p></script><script>alert(1)</script><img src=x onerror=alert(1)>" on='x' \u202e"""
BAD_URL = "javascript:alert(1)"


def proposed() -> Audit:
    """The ordinary audit, for which a model proposed something."""
    anchor = Anchor("q-0000aa", SHA, SHA, "x", State.VERIFIED, ((Place(1, 0, 9),),))
    lies = tuple(
        FabricatedQuote(kind, "card", SHA, "Words nobody wrote")
        for kind in (Fabrication.INVENTED, Fabrication.INVENTED, Fabrication.ALTERED)
    )
    head = ("m/small", "m-small-1", "localhost:1", "2026-11-23T10:00:00+00:00", SHA, "r", ())
    return replace(
        ordinary(),
        proposals=(
            Proposal(
                CellId(GPT, "VS"),
                *head,
                (ProposedQuote("card", "A proposed quote", ("rule",), anchor),),
                lies,
                grade=3,
            ),
            Proposal(CellId(NEXT, "VS"), *head, set_aside=2, grade=2),
        ),
    )


def hostile() -> Audit:
    """An audit whose every text tries to break out, keys included."""
    release = ReleaseId("../" + BAD, "../../etc/" + BAD)
    cell = CellId(release, BAD)
    ref = {release: (PointRef(BAD, BAD),)}
    questions = questionnaire(
        Question(BAD, BAD, BAD, BAD, BAD, (Point(BAD, BAD, (BAD,)),), {0: BAD, 3: BAD})
    )
    copy = Copy(BAD, BAD, BAD_URL, BAD, 1, 1, DAY, BAD)
    judgement = Judgement(
        BAD,
        (BAD, BAD, "a" + BAD, "s" + BAD, "?" + BAD),
        {BAD: PointState.STATED},
        3,
        BAD,
        BAD,
        NotStated(Basis.PAPER_REPORTS, BAD, BAD, BAD, (BAD,)),
    )
    return Audit(
        BAD,
        BAD,
        replace(
            questions,
            scale=dict.fromkeys(range(5), BAD),
            attribution=BAD,
            by_reference=BAD,
            explicitly_none=BAD,
        ),
        BAD,
        BAD,
        (Auditor(BAD, BAD, BAD, BAD),),
        (
            Initiative(
                "../" + BAD,
                BAD,
                BAD,
                BAD,
                (
                    Release(release, BAD, (BAD,), BAD, (BAD, BAD), note=BAD),
                    Release(ReleaseId("../" + BAD, "x"), BAD, left_out=BAD),
                ),
            ),
        ),
        {BAD: Document(BAD, BAD, (BAD, BAD), 1, BAD, BAD, BAD, BAD_URL, (copy,), BAD)},
        {
            BAD: QuoteEvidence(
                BAD, BAD, f"{BAD} [{BAD}] [...] {BAD}", ref, BAD, DAY, BAD, {BAD: BAD}
            ),
            "a" + BAD: ArtifactEvidence("a" + BAD, BAD, BAD, BAD_URL, ref, BAD, BAD, DAY, BAD),
            "s" + BAD: SecondaryEvidence("s" + BAD, BAD, BAD, BAD, ref, BAD, DAY, BAD),
        },
        (Review(BAD, release, {BAD: judgement}), Review("2" + BAD, release, {BAD: judgement})),
        findings={cell: Finding(cell, judgement, Settled(BAD, {BAD: 3, "2" + BAD: 1}, BAD, BAD))},
        corrections=(
            Correction(BAD, BAD, BAD, BAD, DAY, BAD, BAD, BAD, BAD),
            Correction("2" + BAD, "slip", f"{release} {BAD}", BAD, DAY, BAD, "open", BAD, BAD),
        ),
        reported={cell: Reported(BAD, BAD)},
        objectives=Objectives(
            BAD, (Pillar(BAD, BAD, (Aspect(BAD, BAD, BAD, BAD, {release: (BAD,)}),)),)
        ),
        proposals=(Proposal(cell, BAD, BAD, BAD, BAD, BAD, BAD, (), grade=3),),
    )


def hostile_checks() -> dict[str, Checked]:
    """What a check could say of the hostile quote."""
    elided = (Elided(Span(0, 1), BAD, BAD, (BAD,), (BAD,)),)
    return {
        BAD: Checked(BAD, BAD, State.ALTERED, None, BAD, elided, BAD, stands_in=(BAD,)),
    }


HISTORY = (
    Edit(dt.date(2026, 11, 22), "Ann", "Read the card", ("reviews/ann/x.toml", "audit.toml")),
    Edit(DAY, BAD, BAD, tuple(f"{BAD}/{n}" for n in range(20))),
)
DOWNLOADS = {"cells.csv": "All cells.", "../" + BAD: BAD}

LONG = tuple(f"RATHER_LONG_KEYWORD_{n}" for n in range(100))

AUDITS: dict[str, tuple[Audit, dict[str, Checked]]] = {
    "ordinary": (ordinary(), checks()),
    "several graders": (several_graders(), checks()),
    "proposed": (proposed(), checks()),
    "unsettled": (unsettled(), {}),
    "empty": (empty(), {}),
    "three questions": (foreign("WHO", "WHY", "HOW"), {}),
    "hundred questions": (foreign(*LONG), {}),
    "hostile": (hostile(), hostile_checks()),
}

MATERIALS = {
    name: Material(
        audit,
        checked,
        {one.evidence: (one.anchor,) for one in checked.values() if one.anchor},
        history=HISTORY if name in ("ordinary", "hostile") else (),
        built="2026-11-23",
        downloads=DOWNLOADS,
    )
    for name, (audit, checked) in AUDITS.items()
}

SITES: dict[str, dict[str, str]] = {name: render_site(one) for name, one in MATERIALS.items()}
"""Every sample rendered, once for all tests."""
