"""The ways of a user through the commands, each as one script."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS
from tests.workbench import done, openbook, snapshot, write_sources

FORMATS = {
    "csv": b"initiative",
    "json": b"{",
    "latex": b"\\begin{tabular}",
    "svg": b"<svg",
    "html": b"<!doctype html>",
    "png": b"\x89PNG",
}


def _two_documents() -> tuple[Path, Path]:
    real = CORPUS / "docs" / "mistral-7b.pdf", CORPUS / "docs" / "kimi-k2.md"
    return real if all(map(Path.is_file, real)) else (Path("beta-report.pdf"), Path("acme-card.md"))


def _words_of(hit: dict[str, str]) -> str:
    """A few whole words from the middle of a passage."""
    words = re.findall(r"(?<=\s)\w+ \w+ \w+ \w+(?=\s)", hit["text"])
    return str(words[0])


def test_an_audit_of_ones_own_with_the_ten_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_sources(tmp_path)
    made = done("audit", "new", "mine", "--like", "decoding-alignment", "--auditor", "Ana Ruiz")
    assert "next: openbook audit add mine" in made.err
    first, second = _two_documents()
    done("audit", "add", "mine", first, "--initiative", "one-a", "--release", "1", "--key", "first")
    done("audit", "add", "mine", second, "--initiative", "two-b", "--release", "2.5")
    second_key = second.stem

    text = done("audit", "search", "mine", "trained on", "--document", "first", "-n", 3)
    found = done("audit", "search", "mine", "trained on", "--document", "first", "-n", 3, "--json")
    assert set(found.json[0]) >= {"id", "document", "page", "start", "end", "text", "score"}
    assert [hit["id"] for hit in found.json if hit["id"] not in text.out] == []
    assert {hit["document"] for hit in found.json} == {"first"}
    by_question = done("audit", "search", "mine", "--question", "PLAN", "--json").json
    assert by_question
    assert [hit["score"] for hit in by_question] == sorted(
        (hit["score"] for hit in by_question), reverse=True
    )

    whole = done("audit", "quote", "mine", found.json[0]["id"], "--supports", "one-a/1:USE.stages")
    assert re.match(r"q-[0-9a-f]{6}  verified", whole.out)
    part = _words_of(
        done("audit", "search", "mine", "we", "--document", second_key, "--json").json[0]
    )
    typed = done(
        *("audit", "quote", "mine", "--document", second_key, part, "--json"),
        *("--supports", "two-b/2.5:DEF.objectives,PLAN"),
    ).json[0]
    assert typed["state"] == "verified"
    assert typed["document"] == second_key
    assert typed["page"] >= 1

    told = ("--answer", "Told in part.", "--reason", "Read in full.")
    graded = done("audit", "grade", "mine", "one-a/1", "USE", "--grade", 2, *told, "stages=stated")
    assert "grade 2" in graded.out
    done(
        "audit",
        "grade",
        "mine",
        "two-b/2.5",
        "DEF",
        "--points",
        "objectives=vague",
        "--grade",
        1,
        *told,
    )
    done("audit", "grade", "mine", "two-b/2.5", "PLAN", "--grade", 3, *told)
    if points_to := done("audit", "leads", "mine", "--cell", "one-a/1", "PUB", "--json").json:
        ids = [argument for one in points_to for argument in ("--irrelevant", one["id"])]
        done("audit", "leads", "mine", *ids, "--reason", "Looked at.")
    absent = done("audit", "absent", "mine", "one-a/1", "PUB", "-n", 4, "--sample", 3)
    assert "not stated: search-" in absent.out
    bounds = ("if the reader recognises an answer", "Every passage was read")
    assert any(one in absent.out for one in bounds)  # without the corpus, documents are short

    before = done("audit", "check", "mine")
    assert "To do" in before.out
    assert "one-a/1 USE: graded but not settled" in before.out
    assert "one-a/1 DEF: not graded yet" in before.out
    assert "4 cells settled, 0 disputed" in done("audit", "settle", "mine").out
    checked = done("audit", "check", "mine", "--json").json[0]
    assert checked["problems"] == []
    assert checked["settled_grades_rest_on"]["verified"] == 3

    grades = {("one-a/1", "USE"): 2, ("two-b/2.5", "DEF"): 1, ("two-b/2.5", "PLAN"): 3}
    grades["one-a/1", "PUB"] = 0
    table = done("show", "heatmap", "mine", "--format", "csv").out
    assert _grades(csv.DictReader(io.StringIO(table))) == grades
    assert _grades(json.loads(done("show", "heatmap", "mine", "--format", "json").out)) == grades
    for name, begins in FORMATS.items():
        data = done("show", "heatmap", "mine", "--format", name).data
        assert begins in data[:2000], name
        done("show", "heatmap", "mine", "--format", name, "-o", f"out/heatmap.{name}")
        assert Path(f"out/heatmap.{name}").read_bytes() == data
    sums = re.findall(r"(\d+)/8", done("show", "heatmap", "mine").out)
    assert sums == ["2", "4"]

    assert "pages" in done("report", "mine", "-o", "site").out
    index = Path("site/index.html").read_text("utf-8")
    assert "mine" in index
    assert not list(Path().glob(".site.*"))
    done("report", "mine", "-o", "site")


def _grades(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """The settled cells of a heatmap's rows."""
    keywords = "DEF AUTH VS PLAN HUM PROMPT SIZE FILTER USE PUB".split()
    return {
        (f"{row['initiative']}/{row['release']}", keyword): int(row[keyword])
        for row in rows
        for keyword in keywords
        if row[keyword] not in ("", None)
    }


@pytest.mark.parametrize(
    "how", [["--like", "decoding-alignment"], ["--copy", "decoding-alignment"]]
)
def test_an_audit_is_made_in_the_folder_one_stands_in(
    how: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    before = here.stat().st_ino
    done("audit", "new", ".", *how)
    assert here.stat().st_ino == before  # a shell in it still stands in it
    done("audit", "check", ".")
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_a_heatmap_is_written_in_the_format_its_name_says(audit: Path) -> None:
    for name in ("a.csv", "a.json", "a.tex", "a.SVG", "a.html", "a.png", "a.txt", "a"):
        done("show", "heatmap", audit, "-o", name)
    suffixes = {"latex": "tex", "svg": "SVG"}
    for name, begins in FORMATS.items():
        assert begins in Path(f"a.{suffixes.get(name, name)}").read_bytes()[:2000]
    assert Path("a").read_bytes() == Path("a.txt").read_bytes()
    done("show", "heatmap", audit, "--format", "csv", "-o", "a.png")
    assert Path("a.png").read_bytes() == Path("a.csv").read_bytes()
    Path("link.csv").symlink_to("a.csv")
    done("show", "heatmap", audit, "-o", "link.csv")
    assert Path("link.csv").is_symlink()


def test_a_search_names_the_documents_it_left_out(audit: Path) -> None:
    for path in Path("library/documents").rglob("*.bin"):
        if path.read_bytes().startswith(b"%PDF"):
            path.unlink()
    for as_json in ((), ("--json",)):
        ran = done("audit", "search", audit, "goals", *as_json)
        assert ran.err == "not searched, as no readable copy is at hand: beta-report\n"


def test_passages_fit_the_terminal(audit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, most in (("60", 60), ("300", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        lines = done("audit", "search", audit, "goals safety").out.splitlines()
        assert most - 15 < max(map(len, lines)) <= most


def test_an_audit_with_questions_of_ones_own(audit: Path) -> None:
    assert "no problems" in done("audit", "check", audit).out
    heading = done("show", "heatmap", audit).out
    assert "GOALS PEOPLE RELEASED" in heading
    assert "DEF" not in heading
    record = done("audit", "verify", audit, "--json").json
    assert [one["state"] for one in record] == ["verified"] * 4
    assert {(one["document"], one["page"]) for one in record} == {
        ("acme-card", 1),
        ("beta-report", 2),
    }
    done("report", audit, "-o", "site")
    pages = {path.name for path in Path("site/questions").glob("*.html")}
    assert {name.lower() for name in pages} >= {"goals.html", "people.html", "released.html"}


def test_a_copied_audit_is_corrected_regraded_disputed_and_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = done("audit", "new", "copy", "--copy", "decoding-alignment")
    assert "audit fetch copy" in made.err
    cell = ("openai-gpt/3.5", "HUM")
    corrected = done(
        *("audit", "correct", "copy", *cell, "--by", "Ben", "--reason", "Table 12 tells more.")
    )
    assert "open until an editor decides" in corrected.out
    assert (
        "correction of openai-gpt/3.5 HUM waits for an editor" in done("audit", "check", "copy").out
    )

    path = Path("copy/audit.toml")
    second = '\n[[auditor]]\nid = "ben"\nname = "Ben"\nkind = "person"\n'
    path.write_text(path.read_text("utf-8") + second, "utf-8")
    before = _finding("copy")
    words = "hired a team of about 40 contractors"
    quoted = done(
        *("audit", "quote", "copy", "--document", "ouyang-2022", words, "--unchecked", "--json"),
        *("--supports", "openai-gpt/3.5:HUM.number"),
    ).json[0]
    other = 1 if before["grade"] != 1 else 2
    told = ("--answer", "Forty people.", "--reason", "Little else is told.", "--grade", other)
    done("audit", "grade", "copy", *cell, *told, "--evidence", quoted["evidence"])
    todo = f"openai-gpt/3.5 HUM: graders differ (ben {other}, claude-reading {before['grade']})"
    settled = done("audit", "settle", "copy")
    assert "199 cells settled, 1 disputed" in settled.out
    assert todo in settled.out
    assert todo in done("audit", "check", "copy").out
    assert _finding("copy") == {}

    decision = (
        "--grade",
        other,
        "--take",
        "ben",
        "--by",
        "Chair",
        "--reason",
        "Ben read Table 12.",
    )
    done("audit", "decide", "copy", *cell, *decision)
    assert "200 cells settled, 0 disputed" in done("audit", "settle", "copy").out
    after = _finding("copy")
    assert after["grade"] == other
    assert after["answer"] == "Forty people."
    assert after["settled"]["how"] == "decided"
    assert after["settled"]["by"] == "Chair"
    assert after["settled"]["grades"] == {"ben": other, "claude-reading": before["grade"]}
    assert openbook("audit", "check", "copy").status == 0


def _finding(folder: str) -> dict[str, Any]:
    text = (Path(folder) / "findings/openai-gpt/3.5.toml").read_text("utf-8")
    return dict(tomllib.loads(text).get("HUM", {}))


def test_settling_twice_writes_the_same_bytes(audit: Path) -> None:
    before = snapshot(audit)
    done("audit", "settle", audit)
    assert snapshot(audit) == before


def test_the_questions_are_shown_by_keyword(audit: Path) -> None:
    listed = done("show", "questions", audit).out.splitlines()
    assert [line.split()[0] for line in listed] == ["GOALS", "PEOPLE", "RELEASED"]
    assert "which" in done("show", "questions", audit, "GOALS").out
    (record,) = done("show", "questions", audit, "GOALS", "--json").json
    assert list(record["points"]) == ["which", "who"]
    assert openbook("show", "questions", audit, "NOPE").status == 2


def test_the_demo_needs_no_network_and_writes_a_site(
    at_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = done("demo", "--no-fetch", "-o", "site")
    assert "200 of 200 cells settled" in shown.out
    assert "documents at hand" in shown.out
    assert "\n\n\n" not in shown.out
    lines = [line for line in shown.out.splitlines()[:-1] if "https://" not in line]
    assert max(map(len, lines)) <= 80
    assert (tmp_path / "site/index.html").is_file()
    assert list((tmp_path / "site/questions").glob("*.html"))
