"""Questionnaires and crosswalks on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench import done, openbook


def test_what_ships_is_listed_with_its_size() -> None:
    listed = done("show", "questionnaires", "--json").json
    assert [(one["name"], one["questions"]) for one in listed] == [
        ("decoding-alignment", 10),
        ("fmti", 29),
    ]
    assert "CC BY 4.0" in done("show", "questionnaires").out


def test_an_audit_of_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    folder = tmp_path / "audit"
    done("audit", "new", folder, "--questionnaire", "fmti", "--auditor", "Ana Ruiz")
    card = tmp_path / "card.md"
    card.write_text(
        "# Acme\n\nOur model has 7 billion parameters.\n\n## Annotators\n\nAnnotators are paid "
        "20 dollars per hour; most live in Kenya.\n\n## Evaluation\n\nIt wins.\n",
        "utf-8",
    )
    done("audit", "add", folder, card, "--initiative", "acme", "--release", "1")
    hit = done("audit", "search", folder, "--question", "LABOUR", "-n", 1, "--json").json[0]
    assert "20 dollars per hour" in hit["text"]
    done("audit", "quote", folder, "paid 20 dollars per hour", "--document", "card",
         "--supports", "acme/1:LABOUR.pay")  # fmt: skip
    done("audit", "grade", folder, "acme/1", "LABOUR", "--points",
         "pay=stated,countries=vague,protection=absent,each_source=absent",
         "--answer", "20 dollars an hour.", "--reason", "Pay, and a country.")  # fmt: skip
    done("audit", "settle", folder)
    done("audit", "check", folder)
    assert done("report", folder, "-o", tmp_path / "site").status == 0


def test_questions_are_shown_by_the_name_of_a_questionnaire() -> None:
    assert "LABOUR" in done("show", "questions", "fmti").out
    assert "pay " in done("show", "questions", "fmti", "LABOUR").out
    wrong = openbook("show", "questions", "fmti", "WAGES")
    assert wrong.status == 2
    assert "LABOUR" in wrong.err
    assert openbook("show", "questions", "nope").status == 2


def test_links_are_whole_for_programs() -> None:
    links = done("show", "crosswalk", "--to", "fmti", "--json").json
    assert {
        "crosswalk": "fmti",
        "version": "1",
        "from": "HUM.pay_conditions",
        "to": "2025/10",
        "name": "Data laborer practices",
        "question": "LABOUR",
        "relation": "part of",
        "note": "Pay and protection, beside countries.",
    } in links
    every = done("show", "crosswalk", "--json").json
    assert {one["crosswalk"] for one in every} == {"fmti", "eu-ai-act", "croissant-rai"}
    both = done("show", "crosswalk", "--to", "fmti", "--to", "eu-ai-act", "--json").json
    assert len(both) > len(links)


def test_people_see_what_was_checked_and_what_has_no_counterpart() -> None:
    shown = " ".join(done("show", "crosswalk", "--to", "eu-ai-act").out.split())
    assert "Not verified: the text on EUR-Lex itself" in shown
    assert "HUM.pay_conditions" in shown.partition("Without a counterpart: ")[2]
    assert openbook("show", "crosswalk", "--to", "nope").status == 2
