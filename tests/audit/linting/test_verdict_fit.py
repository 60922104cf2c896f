"""Learning verdicts: nothing of a company left out is learned, and what is told is told apart."""

from __future__ import annotations

from openbook.audit.linting.verdict_fit import Known, Studied, Studies, fit, signals_of, words_of
from openbook.core.questionnaire import Point, Question, Questionnaire
from openbook.core.review import PointState
from openbook.core.verdict import guess

POINTS = (Point("pay", "Pay of annotators", ("wage",)), Point("age", "Age of annotators", ("old",)))
ASKED = Questionnaire("q", "Q", (Question("HUM", "People", "Who?", "", points=POINTS),), {}, "")
TOLD = {
    "HUM.pay": frozenset("annot wage euro hour".split()),
    "HUM.age": frozenset("annot old year".split()),
}
REST = [frozenset(("model", "train", f"w{n % 5}")) for n in range(40)]


def document(key: str, company: str, *told: str) -> Studied:
    stems = [*REST, *(TOLD[one] for one in told for _ in range(3))]
    rows = {one: range(len(REST) + 3 * n, len(REST) + 3 * n + 3) for n, one in enumerate(told)}
    return Studied(key, key, company, stems, rows, ())


def release(key: str, company: str, *told: str) -> Known:
    states = {one: PointState.STATED if one in told else PointState.ABSENT for one in TOLD}
    return Known(key, company, (key,), states, {"HUM": 2 * len(told)})


MADE = [
    *(("a", "A", "HUM.pay"), ("b", "B", "HUM.age"), ("e", "E", "HUM.pay"), ("f", "F", "HUM.age")),
    *(("c", "C", "HUM.pay", "HUM.age"), ("d", "D")),
]
STUDIES = Studies(
    ASKED,
    {key: document(key, company, *told) for key, company, *told in MADE},
    tuple(release(key, company, *told) for key, company, *told in MADE),
)


def test_a_company_left_out_teaches_nothing() -> None:
    words = words_of(STUDIES.less(companies=["C"]))
    assert {one.document for one in words.trained_on} == {"a", "b", "d", "e", "f"}
    assert words.background.passages == sum(
        len(one.stems) for one in STUDIES.documents.values() if one.company != "C"
    )
    assert words.questions["HUM.pay"].passages == 6


def test_a_release_left_out_takes_its_documents_along_but_not_those_of_others() -> None:
    shared = Known("g", "A", ("a",), {}, {})
    studies = Studies(ASKED, STUDIES.documents, (*STUDIES.releases, shared))
    left = studies.less(releases=["b", "g"])
    assert set(left.documents) == {"a", "c", "d", "e", "f"}


def test_what_is_told_is_told_apart_on_a_company_never_seen() -> None:
    judge = fit(STUDIES.less(companies=["C"]))
    assert judge.fitted_on == ("a", "b", "e", "f", "d")
    told, untold = [], []
    for one in STUDIES.releases:
        if one.company in ("C", "D"):
            for point, signals in signals_of(one, STUDIES, judge.words, judge.taught).items():
                is_told = one.states[point] is PointState.STATED
                (told if is_told else untold).append(guess(signals, judge.taught).stated)
    assert len(told) == len(untold) == 2
    assert min(told) > max(untold)


def test_learning_twice_gives_the_same() -> None:
    assert fit(STUDIES) == fit(STUDIES)
