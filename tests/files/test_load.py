"""One file at a time, with every problem in it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from openbook.files import shapes as sh
from openbook.files.load import MAX_FILE, load, load_lines, load_toml, shaped


def problems(folder: Path, text: str, shape: type[sh.Shape]) -> list[str]:
    path = folder / "x.toml"
    path.write_text(text, "utf-8")
    return [str(one) for one in load(path, shape, "x.toml")[1]]


def test_every_problem_is_told_at_once_and_the_rest_still_loads(tmp_path: Path) -> None:
    """
    titel = "x"
    [[evidence]]
    id = "q-000001"
    quote = "good"
    supports = { "acme/1" = ["DEF"] }
    [[evidence]]
    id = "q-000002"
    qoute = "x"
    supports = { "acme" = ["DEF"] }
    [[evidence]]
    id = "../../x"
    quote = 3
    """
    path = tmp_path / "x.toml"
    path.write_text(test_every_problem_is_told_at_once_and_the_rest_still_loads.__doc__ or "")
    found, said = load(path, sh.EvidenceFile, "x.toml")
    assert found is not None
    assert [one.id for one in found.evidence] == ["q-000001"]
    assert sorted(map(str, said)) == [
        "x.toml: evidence 2 (q-000002): qoute: unknown field; did you mean quote?",
        "x.toml: evidence 2 (q-000002): supports: acme: [key]: 'acme' is no release; "
        "write initiative/release, such as openai-gpt/3.5",
        "x.toml: evidence 3 (../../x): id: expected the form ^[a-z]-[0-9a-f]{6,64}$; "
        "found '../../x'",
        "x.toml: evidence 3 (../../x): quote: expected a text; found 3",
        "x.toml: evidence 3 (../../x): supports: is missing",
        "x.toml: titel: unknown field; did you mean title?",
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("grade = 5", "grade: input should be less than or equal to 4; found 5"),
        ("grade = -1", "grade: input should be greater than or equal to 0; found -1"),
        ("grade = 2.5", "grade: expected a whole number; found 2.5"),
        ("grade = true", "grade: expected a whole number; found True"),
        ('grade = "3"', "grade: expected a whole number; found '3'"),
        ("answer = 3", "answer: expected a text; found 3"),
        ("evidence = 'q-1'", "evidence: expected a list; found 'q-1'"),
        ("points = 'stated'", "points: expected a table; found 'stated'"),
        (
            "points = { a = 'said' }",
            "points: a: input should be 'stated', 'vague', 'absent', 'explicitly_none', "
            "'not_applicable' or 'unreviewed'; found 'said'",
        ),
        ("grades = 3", "grades: unknown field; did you mean grade?"),
        ("zzz = 3", "zzz: unknown field"),
        ("not_stated = {}", "not_stated: basis: is missing"),
        ("answer = 'a'\nanswer = 'b'", "not TOML: Cannot overwrite a value (at end of document)"),
    ],
)
def test_a_judgement_s_problems(line: str, problem: str, tmp_path: Path) -> None:
    said = problems(tmp_path, line, sh.JudgementShape)
    assert [one.removeprefix("x.toml: ") for one in said] == [problem]


@pytest.mark.parametrize("key", ["../../x", "/x", "a/b", "A", "", ".a", "a..b", "a.", "a b", "é"])
def test_a_key_that_could_be_a_path_is_refused(key: str) -> None:
    data = {"key": key, "title": "t"}
    found, said = shaped(data, sh.DocumentShape, "x.toml")
    assert found is None
    assert [str(one) for one in said] == [
        f"x.toml: key: {key!r} cannot be a key: use lower-case letters, digits, dots and hyphens, "
        "beginning with a letter or digit"
    ]


@pytest.mark.parametrize("date", ["2022-03-04", '"2022-03-04"', '"2022-03"', '"2022"'])
def test_a_date_may_be_partial(date: str, tmp_path: Path) -> None:
    assert problems(tmp_path, f"key='1'\nlabel='x'\ndate = {date}", sh.ReleaseShape) == []


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ('"2022-13"', "2022-13"),
        ('"2022-02-30"', "2022-02-30"),
        ('"March 2022"', "March 2022"),
        ('"٢٠٢٢"', "٢٠٢٢"),
        ("2022", "2022"),
        ("2022-03-04T10:00:00", "2022-03-04 10:00:00"),
    ],
)
def test_what_is_no_date_is_told_once(date: str, shown: str, tmp_path: Path) -> None:
    said = problems(tmp_path, f"key='1'\nlabel='x'\ndate = {date}", sh.ReleaseShape)
    assert said == [f'x.toml: date: {shown} is no date; write 2022-03-04, or "2022-03", or "2022"']


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a = 1\nb = \n", "not TOML: Invalid value (at line 2, column 5)"),
        (b"a = 1\na.b = 2", "not TOML: Cannot overwrite a value (at end of document)"),
        (b"d = 2022-02-30", "not TOML: Invalid date or datetime (at line 1, column 5)"),
        (b"a = 'x'\nb = '\xff'", "not UTF-8 in line 2: save the file as UTF-8"),
        ("a = 1".encode("utf-16"), "not UTF-8 in line 1: save the file as UTF-8"),
        (b"a = " + b"[" * 100_000, "not TOML: nested too deeply"),
        (b"a = " + b"{a=" * 5_000, "not TOML: nested too deeply"),
        (b"a" + b".a" * 100_000 + b" = 1", "not TOML: nested too deeply"),
        (b"[a" + b" . a" * 100_000 + b"]", "not TOML: nested too deeply"),
        (b"a = 1" + b"0" * 5_000, "not TOML: holds a number of thousands of digits"),
        (b"#" * (MAX_FILE + 1), "larger than 8 MB: not a data file"),
    ],
)
def test_what_is_no_toml_is_told_at_once(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    began = time.process_time()
    found, [problem] = load_toml(path, "x.toml")
    assert found is None
    assert problem.place == "x.toml"
    assert problem.message.startswith(message)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_what_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    _, [problem] = load_toml(tmp_path / name, name)
    assert problem.message in (
        "cannot be read: No such file or directory",
        "is no plain file",
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe")
def test_a_pipe_is_no_data_file_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.toml")
    _, [problem] = load_toml(tmp_path / "x.toml", "x.toml")
    assert str(problem) == "x.toml: is no plain file"


def test_a_value_of_any_size_is_shown_short() -> None:
    deep: object = 1
    for _ in range(10_000):
        deep = {"a": deep}
    for value in (deep, list(range(10**6)), {str(n): n for n in range(10**5)}):
        _, said = shaped({"id": "a", "name": "n", "kind": value}, sh.AuditorShape, "x")
        assert len(str(said[0])) < 200


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfa = '''b\r\nc'''\r\n")
    assert load_toml(path, "x") == ({"a": "b\nc"}, [])


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    good = '{"document": "d", "page": 1, "start": 0, "end": 1}'
    path.write_text(f"{good}\n\n{good[:-1]}\n{good}\r\nnull\n" + '{"documnt": 1}\n')
    found, said = load_lines(path, sh.ReadShape, "x.jsonl")
    assert len(found) == 2
    assert [str(one) for one in said] == [
        "x.jsonl: line 3: not JSON: EOF while parsing an object at line 1 column 49",
        "x.jsonl: line 5: expected a table; found None",
        "x.jsonl: line 6: document: is missing",
        "x.jsonl: line 6: page: is missing",
        "x.jsonl: line 6: start: is missing",
        "x.jsonl: line 6: end: is missing",
        "x.jsonl: line 6: documnt: unknown field; did you mean document?",
    ]


def test_lines_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"{}\n\xff")
    assert [str(one) for one in load_lines(path, sh.ReadShape, "x.jsonl")[1]] == [
        "x.jsonl: not UTF-8 in line 2: save the file as UTF-8"
    ]
    assert [one.message for one in load_lines(tmp_path / "no", sh.ReadShape, "no")[1]] == [
        "cannot be read: No such file or directory"
    ]
