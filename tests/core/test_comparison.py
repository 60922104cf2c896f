"""A model's proposed grades beside grades that count."""

from __future__ import annotations

from openbook.core.comparison import comparisons
from openbook.core.initiative import ReleaseId
from openbook.core.proposal import Proposal
from openbook.core.questionnaire import Questionnaire
from openbook.core.records import Audit
from openbook.core.review import Auditor, CellId, Finding, Judgement, Review, Settled
from tests.core.test_proposal import proposal

RELEASE = ReleaseId("acme", "1")
KEYS = ("A", "B", "C", "D")


def audit(settled: dict[str, int], person: dict[str, int], grader: str = "reader") -> Audit:
    return Audit(
        id="x",
        title="x",
        questionnaire=Questionnaire("q", "q", (), {}, "points-1"),
        auditors=(Auditor("ana", "Ana", "person"), Auditor("reader", "Reader", "model")),
        findings={
            CellId(RELEASE, key): Finding(
                CellId(RELEASE, key), Judgement(grade=grade), Settled("single", {grader: grade})
            )
            for key, grade in settled.items()
        },
        reviews=(
            Review("ana", RELEASE, {key: Judgement(grade=one) for key, one in person.items()}),
        )
        if person
        else (),
    )


def proposals(**grades: int | None) -> list[Proposal]:
    return [proposal(key, grade=grade) for key, grade in grades.items()]


def test_grades_are_set_beside_the_settled_ones_and_each_persons() -> None:
    found = comparisons(
        audit({"A": 0, "B": 2, "C": 4}, {"A": 1, "B": 2}), proposals(A=0, B=2, C=3, D=4)
    )
    settled, ana = found
    assert (settled.beside, settled.cells, settled.by_people) == ("settled", 3, 0)
    assert settled.alpha is not None
    assert settled.shares is not None
    assert (round(settled.shares.exact, 2), settled.shares.adjacent) == (0.67, 1.0)
    assert (ana.beside, ana.cells, ana.by_people) == ("ana", 2, 2)


def test_full_agreement_is_1_and_a_lack_of_cells_or_variation_no_number() -> None:
    (full,) = comparisons(audit({"A": 0, "B": 4}, {}), proposals(A=0, B=4))
    assert full.alpha == 1
    (none,) = comparisons(audit({"A": 0}, {}), proposals(B=4))
    assert (none.cells, none.alpha, none.shares) == (0, None, None)
    (same,) = comparisons(audit({"A": 3, "B": 3}, {}), proposals(A=3, B=3))
    assert (same.cells, same.alpha) == (2, None)


def test_a_proposal_without_a_grade_is_none_of_0() -> None:
    (found,) = comparisons(audit({"A": 0}, {}), proposals(A=None))
    assert found.cells == 0


def test_it_is_told_how_many_cells_people_graded() -> None:
    (by_person,) = comparisons(audit({"A": 1, "B": 2}, {}, grader="ana"), proposals(A=1, B=2))
    assert by_person.by_people == 2
