"""A translation stands beside a quote, called one wherever it is shown, and is never evidence."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openbook.audit.check import check
from openbook.audit.opened import Opened, open_audit
from openbook.audit.quoting.verify import check_quotes
from openbook.core.difference import differences
from openbook.core.translation import NO_EVIDENCE, Translation, Translator, labelled
from openbook.files.texts import is_text
from openbook.report.tables import evidence_csv
from tests.workbench import QUESTIONS, Ran, done, openbook

DOCUMENT = """# 一号模型

我们雇用了四十名标注员，并公布他们的报酬。数据不含任何个人信息。
"""
QUOTE = "我们雇用了四十名标注员"
ENGLISH = "We hired forty annotators"


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """An audit with one Chinese quote on which a grade rests."""
    (tmp_path / "card.md").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "three.toml").write_text(QUESTIONS, encoding="utf-8")
    folder = tmp_path / "audit"
    done(
        "audit", "new", folder, "--title", "T", "--auditor", "Ana", "--questionnaire", "three.toml"
    )
    done("audit", "add", folder, "card.md", "--initiative", "acme", "--release", "1")
    path = folder / "documents" / "card.toml"
    said = path.read_text("utf-8")
    path.write_text(said.replace('language = "zh"', 'language = "zh-Hans"', 1), "utf-8")
    done(
        *("audit", "quote", folder, QUOTE, "--document", "card"),
        *("--supports", "acme/1:PEOPLE.number"),
    )
    return folder


def quoted(folder: Path) -> str:
    return next(iter(open_audit(folder).sound().audit.evidence))


def translated(folder: Path, text: str = ENGLISH, into: str = "en", by: str = "Ana Ruiz") -> Ran:
    command = ("audit", "translate", str(folder), quoted(folder), text)
    return openbook(*command, "--into", into, "--by", by, "--kind", "human")


def states(opened: Opened) -> dict[str, Any]:
    return {id_: (one.state, one.anchor) for id_, one in check_quotes(opened)[0].items()}


def test_a_translation_is_kept_in_a_file_of_its_own_and_attributed(audit: Path) -> None:
    before = (audit / "evidence" / "card.toml").read_bytes()
    ran = translated(audit)
    assert ran.status == 0, ran.err
    assert NO_EVIDENCE in ran.out
    (kept,) = tomllib.loads((audit / "translations" / "card.toml").read_text("utf-8"))[
        "translation"
    ]
    assert kept["text"] == ENGLISH
    assert (kept["language"], kept["by"], kept["kind"]) == ("en", "Ana Ruiz", "human")
    assert kept["date"]
    assert (audit / "evidence" / "card.toml").read_bytes() == before
    (one,) = open_audit(audit).sound().audit.translations
    assert one.kind is Translator.HUMAN


def test_a_translation_changes_no_state_whatever_it_says(audit: Path) -> None:
    bare = open_audit(audit)
    found = check(bare)
    assert translated(audit).status == 0
    path = audit / "translations" / "card.toml"
    for text in (ENGLISH, "We hired nobody", QUOTE, "[...]"):
        said = path.read_text("utf-8")
        now = tomllib.loads(said)["translation"][0]["text"]
        path.write_text(said.replace(f'"{now}"', f'"{text}"'), "utf-8")
        opened = open_audit(audit).sound()
        assert states(opened) == states(bare)
        after = check(opened)
        assert (after.problems, after.checked.keys()) == (found.problems, found.checked.keys())
        assert [*opened.audit.evidence] == [*bare.audit.evidence]


def test_a_translation_is_no_evidence_and_its_words_cannot_be_quoted(audit: Path) -> None:
    assert translated(audit).status == 0
    before = (audit / "evidence" / "card.toml").read_bytes()
    ran = openbook(
        *("audit", "quote", str(audit), ENGLISH, "--document", "card"),
        *("--supports", "acme/1:PEOPLE.number"),
    )
    assert ran.status == 1
    assert (audit / "evidence" / "card.toml").read_bytes() == before
    verified = done("audit", "verify", audit)
    assert "1 quote: 1 verified" in verified.out
    assert NO_EVIDENCE in verified.out


def test_a_good_translation_does_not_make_a_bad_quote_stand(audit: Path) -> None:
    path = audit / "evidence" / "card.toml"
    path.write_text(path.read_text("utf-8").replace("四十", "四百"), "utf-8")
    assert translated(audit).status == 0
    ran = openbook("audit", "verify", str(audit))
    assert ran.status == 1
    assert "altered" in ran.out or "missing" in ran.out


@pytest.mark.parametrize(
    ("into", "by", "text", "told"),
    [
        ("zh-hans", "Ana", "x", "is in zh-hans already"),
        ('e"n', "Ana", "x", "no language tag"),
        ("en", " ", "x", "who translated"),
        ("en", "Ana", " ", "the translation's words"),
        ("en", "Ana", "x\x00", "no text"),
        ("en", "Ana", "x" * 20_001, "20,000"),
    ],
)
def test_what_is_no_translation_is_refused(
    audit: Path, into: str, by: str, text: str, told: str
) -> None:
    ran = translated(audit, text, into, by)
    assert ran.status == 2
    assert told in ran.err
    assert not (audit / "translations").exists()


def test_one_translator_translates_once_into_a_language(audit: Path) -> None:
    assert translated(audit).status == 0
    again = translated(audit, "other words")
    assert again.status == 1
    assert "translations/card.toml" in again.err
    assert translated(audit, by="Bo").status == 0
    assert translated(audit, "Wir stellten vierzig ein", "de").status == 0
    assert len(open_audit(audit).sound().audit.translations) == 3


def test_evidence_that_is_no_quote_and_kinds_nobody_knows_are_refused(audit: Path) -> None:
    rest = ("--into", "en", "--by", "Ana", "--kind")
    unknown = openbook("audit", "translate", str(audit), "q-000000", "x", *rest, "human")
    assert unknown.status == 2
    kind = openbook("audit", "translate", str(audit), quoted(audit), "x", *rest, "wizard")
    assert kind.status == 2
    assert "language-model" in kind.err


def test_checking_tells_of_translations_of_nothing(audit: Path) -> None:
    assert translated(audit).status == 0
    path = audit / "translations" / "card.toml"
    path.write_text(path.read_text("utf-8").replace(quoted(audit), "q-000000"), "utf-8")
    ran = openbook("audit", "check", str(audit))
    assert ran.status == 1
    assert "translates what is no quote" in ran.out + ran.err


def test_a_difference_names_the_translation_alone(audit: Path) -> None:
    before = open_audit(audit).audit
    assert translated(audit).status == 0
    after = open_audit(audit).audit
    (one,) = differences(before, after)
    assert (one.part, one.name) == ("translation", f"{quoted(audit)} en Ana Ruiz")
    other = replace(after, translations=(replace(after.translations[0], text="We hired none"),))
    (changed,) = differences(after, other)
    assert (changed.field, changed.was, changed.now) == ("text", ENGLISH, "We hired none")


def test_an_edition_holds_translations() -> None:
    assert is_text("translations/card.toml")
    assert not is_text("translations/a/card.toml")


def test_the_tables_and_the_workbook_call_it_a_translation(audit: Path) -> None:
    assert translated(audit, "=cmd()").status == 0
    opened = open_audit(audit)
    (row,) = csv.DictReader(io.StringIO(evidence_csv(opened.audit), newline=""))
    assert row["text"] == QUOTE
    assert row["translation_no_evidence"] == labelled(opened.audit.translations[0])
    assert row["translation_no_evidence"].startswith("[a translation, which is no evidence")
    done("export", audit, "-o", "out.xlsx")
    assert NO_EVIDENCE in strings("out.xlsx", "xl/")


def strings(name: str, under: str) -> str:
    with zipfile.ZipFile(name) as archive:
        names = [one for one in archive.namelist() if one.startswith(under)]
        return "".join(archive.read(one).decode("utf-8") for one in names if one.endswith(".xml"))


def settle(folder: Path) -> None:
    done(
        *("audit", "grade", folder, "acme/1", "PEOPLE", "number=stated,location=absent"),
        *("--answer", "Forty.", "--reason", "R"),
    )
    done("audit", "settle", folder)


def test_the_site_and_the_memo_show_it_beside_the_original(audit: Path) -> None:
    settle(audit)
    assert translated(audit, "<b>forty</b> & paid").status == 0
    done("report", audit, "-o", "site")
    page = "".join(one.read_text("utf-8") for one in Path("site").rglob("*.html"))
    assert '<blockquote lang="zh-Hans" dir="ltr">' in page
    assert "Translation, no evidence:" in page
    assert "translated into en by Ana Ruiz (human)" in page
    assert '<p lang="en" dir="ltr">&lt;b&gt;forty&lt;/b&gt; &amp; paid</p>' in page
    done("export", audit, "-o", "out.docx")
    assert NO_EVIDENCE in strings("out.docx", "word/")


def test_words_from_right_to_left_are_marked_so() -> None:
    one = Translation("q-000000", "ar", "نص", "A", Translator.MACHINE)
    assert one.direction == "rtl"
    assert one.attribution == "translated into ar by A (machine)"


def test_machines_are_told_in_json(audit: Path) -> None:
    command = ("audit", "translate", str(audit), quoted(audit), ENGLISH, "--into", "en")
    ran = openbook(*command, "--by", "qwen", "--kind", "language-model", "--json")
    told = json.loads(ran.out)
    assert told["is_evidence"] is False
    assert told["kind"] == "language-model"
