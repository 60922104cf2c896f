"""The index's means from its files of scores: made-up ones, and the real ones where they are."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from bench.fmti import Scores, ScoresError, main, read_scores
from openbook.audit.questionnaires import crosswalk, read_questionnaire, shipped_questionnaires
from tests.corpus import CORPUS

OLD = """\ufeffDomain,Subdomain,Indicator,Acme,Beta Labs,Total
Upstream,Data,Data size,1,1,2
Upstream,Data,"Sources, all",0,1,1
,,Total,1,2,
"""
NEW = "Indicator,Acme,Beta Labs\nData size,1,0\nSources,1,0\nWages ,1,1\n"
REAL = Path(os.environ.get("OPENBOOK_TEST_FMTI", CORPUS.parent / "fmti"))
"""A copy of github.com/stanford-crfm/fmti, where there is one."""
PUBLISHED = {
    "October2023": (37.0, 10),
    "May2024": (57.9, 14),
    "Dec2025": (40.7, 13),
}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_sums_of_rows_and_columns_are_no_scores(tmp_path: Path) -> None:
    scores = read_scores(written(tmp_path, "Old_scores.csv", OLD))
    assert scores == Scores(("Data size", "Sources, all"), {"Acme": 1, "Beta Labs": 2})
    assert scores.mean == 1.5


def test_an_edition_without_sums(tmp_path: Path) -> None:
    scores = read_scores(written(tmp_path, "New_scores.csv", NEW))
    assert scores.totals == {"Acme": 3, "Beta Labs": 1}
    assert scores.mean == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (OLD.replace("Total,1,2", "Total,1,1"), "Beta Labs"),
        (NEW.replace("Sources,1", "Sources,2"), "row 3 (Sources)"),
        (NEW.replace("Sources,1,0", "Sources,1"), "row 3"),
        ("A,B\n1,0\n", "Indicator"),
        ("", "Indicator"),
        ("Indicator,Acme\n", "no indicators"),
        ("Indicator,Acme,Acme\nX,1,1\n", "twice"),
    ],
)
def test_a_file_that_is_not_as_described_is_named_with_its_place(
    text: str, names: str, tmp_path: Path
) -> None:
    with pytest.raises(ScoresError, match=r"Faulty_scores\.csv") as caught:
        read_scores(written(tmp_path, "Faulty_scores.csv", text))
    assert names in str(caught.value)


def test_one_faulty_file_does_not_hide_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, "A_scores.csv", "x\n")
    written(tmp_path, "B_scores.csv", NEW)
    assert main([str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.out == "B: mean 2.0 of 3 over 2 developers\n"
    assert "A_scores.csv" in told.err
    assert main([]) == main([str(tmp_path / "absent")]) == 2


at_hand = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no copy of github.com/stanford-crfm/fmti in {REAL}"
)


@at_hand
@pytest.mark.parametrize("edition", PUBLISHED)
def test_the_published_means_come_out_of_the_published_scores(edition: str) -> None:
    mean, developers = PUBLISHED[edition]
    scores = read_scores(next(REAL.rglob(f"{edition}_scores.csv")))
    assert round(scores.mean, 1) == mean
    assert len(scores.totals) == developers
    assert len(scores.indicators) == 100


def names_in(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["Indicator"].strip() for row in csv.DictReader(file)]


@at_hand
def test_the_indicators_shipped_are_those_of_the_index() -> None:
    lists = {
        "2025": names_in(REAL / "Dec2025" / "Dec2025_indicators.csv"),
        "2023": names_in(REAL / "fmti-indicators.csv"),
    }
    for item in crosswalk(Path("fmti")).items:
        edition, _, number = item.key.partition("/")
        assert lists[edition][int(number) - 1] == item.name
    for question in read_questionnaire(shipped_questionnaires()["fmti"]).questions:
        told = re.match(r'Indicator (\d+) of December 2025, "(.+?)"\.', question.looks_for)
        assert told, question.keyword
        assert lists["2025"][int(told[1]) - 1] == told[2]
