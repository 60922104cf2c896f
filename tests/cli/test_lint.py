"""``openbook lint`` and ``openbook template`` as somebody types them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
from typer.testing import CliRunner, Result

from openbook.cli.main import app
from openbook.core.lint import NOTICE

ROOT = Path(__file__).resolve().parents[2]
ACME = ROOT / "tests" / "audit" / "linting" / "acme.md"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "card.md").write_text("We hired 40 annotators. We release no data.\n")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_it_shows_questions_passages_reasons_and_examples_and_says_what_it_is() -> None:
    result = run("lint", "card.md")
    assert result.exit_code == 0
    assert re.search(r"^HUM  .*: suggests \d of 4 \(", result.stdout, re.M)
    assert "card.md:1" in result.stdout
    assert "why: " in result.stdout
    assert "told elsewhere: “" in result.stdout
    assert NOTICE in result.stderr


def test_brief_is_a_line_a_point() -> None:
    lines = run("lint", "card.md", "--brief").stdout.splitlines()
    assert len(lines) == 10 + 72 + 10 + 1


def test_json_has_an_object_for_each_question() -> None:
    records = [json.loads(line) for line in run("lint", "card.md", "--json").stdout.splitlines()]
    assert [one["question"] for one in records][:2] == ["DEF", "AUTH"]
    points = [point for one in records for point in one["points"]]
    assert len(points) == 72
    assert {point["verdict"] for point in points} <= {"stated", "vague", "missing"}
    assert "grade" not in records[0]  # it is a suggestion, and called one


@pytest.mark.parametrize(
    ("bar", "status"), [("0", 0), ("4", 1), ("PUB=4", 1), ("PUB=0", 0), ("VS=0", 0)]
)
def test_the_exit_status_follows_the_bar(bar: str, status: int) -> None:
    assert run("lint", "card.md", "--fail-under", bar).exit_code == status


def test_a_bar_of_a_question_holds_instead_of_that_of_all() -> None:
    every = [one for key in ("DEF", "AUTH", "VS", "PLAN", "HUM", "PROMPT", "SIZE", "FILTER", "USE")
             for one in ("--fail-under", f"{key}=0")]  # fmt: skip
    assert (
        run("lint", "card.md", "--fail-under", "4", *every, "--fail-under", "PUB=0").exit_code == 0
    )
    result = run("lint", "card.md", "--fail-under", "4", *every)
    assert (result.exit_code, "PUB" in result.stderr, "HUM" in result.stderr) == (1, True, False)


@pytest.mark.parametrize(
    "words",
    [
        ("lint",),
        ("lint", "nowhere.md"),
        ("lint", "card.md", "--fail-under", "5"),
        ("lint", "card.md", "--fail-under", "PAY=2"),
        ("lint", "card.md", "--fail-under", "much"),
        ("template", "-o", "card.md"),
    ],
)
def test_wrong_use_is_2(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_template_is_not_written_over_a_file(here: Path) -> None:
    before = (here / "card.md").read_text()
    run("template", "-o", "card.md")
    assert (here / "card.md").read_text() == before


def test_the_template_passes_through_lint(here: Path) -> None:
    assert run("template", "-o", "mine.md").exit_code == 0
    assert run("lint", "mine.md", "--fail-under", "1").exit_code == 1
    assert run("lint", str(ACME), "--fail-under", "4").exit_code == 0


def test_sarif_and_junit_are_written_beside(here: Path) -> None:
    result = run("lint", "card.md", "--sarif", "l.sarif", "--junit", "l.xml", "--fail-under", "1")
    assert result.exit_code == 1
    assert json.loads((here / "l.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert parse(here / "l.xml").getroot().get("tests") == "72"


# --- What is ready to be copied ---------------------------------------------------------------


def test_the_hook_runs_the_command_there_is() -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    entry = re.search(r"^  entry: (.+)$", hook, re.M)
    pattern = re.search(r"^  files: (.+)$", hook, re.M)
    assert entry
    assert pattern
    words = shlex.split(entry[1])
    assert words[0] == "openbook"
    assert run(*words[1:], "card.md").exit_code == 0
    wanted = re.compile(pattern[1].strip("'"))
    assert all(map(wanted.search, ("MODEL_CARD.md", "docs/model-card.html", "a/modelcard.tex")))
    assert not any(map(wanted.search, ("README.md", "model_card.py")))


def test_the_step_of_the_page_runs() -> None:
    page = (ROOT / "docs" / "lint.md").read_text("utf-8")
    (step,) = re.findall(r"^ +(?:- )?run: (openbook lint .+)$", page, re.M)
    words = shlex.split(step)[1:]
    assert run(*["card.md" if one.endswith(".md") else one for one in words]).exit_code in (0, 1)
