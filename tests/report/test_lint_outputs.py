"""What lint found as SARIF, JUnit and a page: every point is there, and nothing breaks them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import fromstring

from openbook.core.lint import NOTICE, Example, Linted, LintedPoint, LintedQuestion, Passage
from openbook.core.questionnaire import Point, PointRef, Question, Questionnaire
from openbook.core.verdict import Verdict
from openbook.report.lint_junit import junit
from openbook.report.lint_page import page
from openbook.report.lint_sarif import sarif

NASTY = 'a]]>\x00\x1b[31m<b>&amp;"\ufffe\u202e'


def point(key: str, verdict: Verdict, passage: Passage | None = None) -> LintedPoint:
    example = Example("an-audit", "Model 1", "A paper", 7, "Forty people.", "q-123456")
    return LintedPoint(
        PointRef("HUM", key), f"Which {key} {NASTY}", verdict, 0.5, 0.5, passage, NASTY, example
    )


def found() -> Linted:
    text = Passage("my cards/card #1.md", 0, 12, 14, "", "Forty people.", "Forty people.")
    pdf = Passage("/abs/report.pdf", 3, 0, 0, "", "Pages.", NASTY)
    points = (
        point("number", Verdict.STATED, text),
        point("pay", Verdict.VAGUE, text),
        point("place", Verdict.MISSING, pdf),
        point("age", Verdict.MISSING),
    )
    question = Question(
        "HUM", "People", "Who?", "", points=tuple(Point(one.ref.key, "") for one in points)
    )
    asked = Questionnaire("q", "Q", (question,), {}, "points-1")
    linted = (LintedQuestion(question, 2, points),)
    return Linted(("my cards/card #1.md", "/abs/report.pdf"), asked, linted, "verdict-1", True)


def run() -> dict[str, Any]:
    log = json.loads(sarif(found(), "1.2.3"))
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    return dict(one)


def test_every_point_has_a_rule_with_help_and_only_what_misses_is_a_result() -> None:
    driver = run()["tool"]["driver"]
    assert [one["id"] for one in driver["rules"]] == [
        "HUM.number",
        "HUM.pay",
        "HUM.place",
        "HUM.age",
    ]
    assert all("Forty people." in one["help"]["text"] for one in driver["rules"])
    assert [(one["ruleId"], one["level"]) for one in run()["results"]] == [
        ("HUM.pay", "note"),
        ("HUM.place", "warning"),
        ("HUM.age", "warning"),
    ]
    for one in run()["results"]:
        assert driver["rules"][one["ruleIndex"]]["id"] == one["ruleId"]


def test_a_result_has_lines_in_a_text_and_the_page_of_a_pdf_in_its_message() -> None:
    text, pdf, nowhere = (one["locations"][0]["physicalLocation"] for one in run()["results"])
    assert text["artifactLocation"]["uri"] == "my%20cards/card%20%231.md"
    assert text["region"] == {"startLine": 12, "endLine": 14}
    assert pdf == {"artifactLocation": {"uri": "file:///abs/report.pdf", "index": 1}}
    assert "page 3" in run()["results"][1]["message"]["text"]
    assert nowhere["artifactLocation"]["index"] == 0


def test_both_say_that_it_is_a_suggestion() -> None:
    assert NOTICE in sarif(found(), "1")
    assert NOTICE in junit(found(), ()).decode()
    assert "no grade of an audit" in run()["results"][0]["message"]["text"]


def test_a_case_fails_only_where_its_question_is_below_what_was_asked_for() -> None:
    fine = fromstring(junit(found(), ()))
    assert (fine.get("tests"), fine.get("failures"), fine.get("skipped")) == ("4", "0", "3")
    failed = fromstring(junit(found(), found().questions))
    assert (failed.get("tests"), failed.get("failures"), failed.get("skipped")) == ("4", "3", "0")
    cases = failed.findall(".//testcase")
    assert [one.get("classname") for one in cases] == [
        f"openbook.HUM.{key}" for key in ("number", "pay", "place", "age")
    ]
    assert [one.find("failure") is not None for one in cases] == [False, True, True, True]
    assert (cases[1].get("file"), cases[1].get("line")) == ("my cards/card #1.md", "12")


def test_the_page_has_every_point_once_and_nothing_of_it_runs() -> None:
    text = page(found())
    assert "What card #1.md and report.pdf tell" in text
    assert "/abs/" not in text
    assert "Model 1: A paper, page 7" in text
    for key, verdict in (("number", "stated"), ("pay", "vague"), ("place", "missing")):
        assert text.count(f"{verdict} · {key}") == 1
    assert "3 of 4 points" not in text
    assert "2 of 4 points" in text
    assert "<b>&amp;" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script" not in text
    assert "Forty people." in text
    # Of what is stated no example is needed; of the other three there is one each.
    assert text.count("Told elsewhere") == 3


def test_files_of_one_name_keep_their_folders_on_the_page() -> None:
    text = page(replace(found(), files=("a/card.md", "b/card.md")))
    assert "a/card.md and b/card.md" in text
