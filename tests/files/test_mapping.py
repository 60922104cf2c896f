"""What a mapping file may say, and what is told of one that is not ready."""

from __future__ import annotations

from pathlib import Path

from openbook.files.mapping import read_map

HEAD = 'schema = 1\n[auditor]\nid = "ngo"\nname = "NGO"\nkind = "person"\n'
COLUMNS = '[columns]\nrelease = "Model"\nquestion = ["Area", "Item"]\ngrade = "Score"\n'


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "m.toml"
    path.write_text(text, "utf-8")
    found, problems = read_map(path)
    assert (found is None) == bool(problems)
    return [str(one) for one in problems]


def test_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(f'{HEAD}{COLUMNS}[grades]\nYes = 4\n"N / A" = ""\n', "utf-8")
    found, problems = read_map(path)
    assert problems == []
    assert found is not None
    assert found.columns[0].by_field["question"] == ("Area", "Item")
    assert found.grades == {"yes": 4, "n / a": None}


def test_all_that_is_left_to_decide_is_told_at_once(tmp_path: Path) -> None:
    tables = '[releases]\na = "?"\n[questions]\nb = "?"\n[grades]\nc = "?"\n[documents]\nd = "?"\n'
    told = faults(tmp_path, HEAD + COLUMNS + tables)
    assert [one.split(" is still")[0] for one in told] == [
        "m.toml: releases: a:",
        "m.toml: questions: b:",
        "m.toml: grades: c:",
        "m.toml: documents: d:",
    ]


def test_a_grade_is_0_to_4_and_no_truth_value(tmp_path: Path) -> None:
    for value in ("5", "-1", "true", '"4"', "2.5"):
        told = faults(tmp_path, f"{HEAD}{COLUMNS}[grades]\nx = {value}\n")
        assert "is no grade: write 0 to 4" in told[0], value


def test_what_must_be_there(tmp_path: Path) -> None:
    assert faults(tmp_path, HEAD + '[columns]\ngrade = "x"\n') == [
        "m.toml: columns: which column is the release?",
        "m.toml: columns: which column is the question?",
    ]
    wide = '[columns]\nrelease = "M"\n[[wide]]\ngrade = "x"\n[[wide]]\nof_question = "A"\n'
    assert faults(tmp_path, HEAD + wide) == ["m.toml: wide 1: say either of_release or of_question"]
    assert "did you mean question?" in faults(tmp_path, HEAD + '[columns]\nquestoin = "x"\n')[0]
