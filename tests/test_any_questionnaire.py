"""Three questions or a hundred: commands, pages, exports and ranking follow the questionnaire."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from openbook.audit.opened import open_audit
from openbook.report.site import address
from tests import questionnaires
from tests.questionnaires import keywords, release_names
from tests.workbench import done, openbook

SIZES = (3, 100)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("OPENBOOK_AUDITOR", raising=False)
    return tmp_path / "audit"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """By number of questions: an audit of twenty releases, every cell settled."""
    made = {}
    for count in SIZES:
        root = tmp_path_factory.mktemp(f"of-{count}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
            patch.delenv("OPENBOOK_AUDITOR", raising=False)
            questionnaires.audit(root / "audit", count, 20)
            questionnaires.judge(root / "audit", count, 20)
        made[count] = root / "audit"
    return made


@pytest.fixture(params=SIZES)
def asked(
    request: pytest.FixtureRequest, judged: dict[int, Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    folder = judged[request.param]
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(folder.parent / "library"))
    return folder


@pytest.mark.parametrize("count", SIZES)
def test_an_audit_goes_from_new_to_settled(folder: Path, count: int) -> None:
    """Told, absent and without points: a cell of each kind, by the commands alone."""
    questionnaires.audit(folder, count)
    asked, release = keywords(count), "acme-0/r00"
    told, silent = asked[2], asked[1]
    hits = done("audit", "search", folder, "--question", f"{told}.p0", "-n", 3, "--json").json
    assert "subject 2" in hits[0]["text"], "ranked by the wording of the point alone"
    words = "Of subject 2 we tell detail 0"
    done("audit", "quote", folder, "--document", "acme-card", words, "--supports",
         f"{release}:{told}.p0")  # fmt: skip
    done("audit", "grade", folder, release, told, "p0=stated", "p1=absent",
         "--answer", "In week 2.", "--reason", "Told.")  # fmt: skip
    done("audit", "absent", folder, release, silent, "-n", 2)
    done("audit", "settle", folder)
    checked = done("audit", "check", folder)
    assert "no problems" in checked.text
    grades = open_audit(folder).audit.findings
    assert {str(cell): one.judgement.grade for cell, one in grades.items()} == {
        f"{release} {told}": 2,
        f"{release} {silent}": 0,
    }


def test_a_question_without_points_is_ranked_by_its_wording(folder: Path) -> None:
    questionnaires.audit(folder, 14)
    bare = keywords(14)[6]
    assert not open_audit(folder).audit.questionnaire.question(bare).points  # type: ignore[union-attr]
    best = done("audit", "search", folder, "--question", bare, "-n", 1, "--json").json[0]
    assert "subject 6" in best["text"]


@pytest.mark.parametrize("count", SIZES)
def test_another_audit_asks_the_same(folder: Path, count: int) -> None:
    questionnaires.audit(folder, count)
    other = folder.with_name("other")
    done("audit", "new", other, "--like", folder, "--auditor", "Bo Li")
    shown = done("show", "questions", other, "--json").json
    assert tuple(one["keyword"] for one in shown) == keywords(count)


def test_every_form_of_the_heatmap_has_every_column(asked: Path, tmp_path: Path) -> None:
    audit = open_audit(asked).audit
    columns = audit.questionnaire.keywords

    def shown(form: str) -> bytes:
        done("show", "heatmap", asked, "--format", form, "-o", tmp_path / "heat")
        return (tmp_path / "heat").read_bytes()

    table = list(csv.reader(io.StringIO(shown("csv").decode())))
    assert tuple(table[0][-len(columns) :]) == columns
    assert len(table) == 21
    assert all(set(columns) <= set(row) for row in json.loads(shown("json")))
    drawn = {one.get("data-keyword") for one in ET.fromstring(shown("svg")).iter()}
    assert set(columns) <= drawn
    page = shown("html").decode()
    assert re.findall(r'<th scope="col">([A-Z][^<]*)</th>', page)[2:] == list(columns)
    text = shown("text").decode()
    assert all(re.search(rf"(?<!\w){one}(?!\w)", text) for one in columns)
    latex = shown("latex").decode()
    for part in re.findall(r"\\begin\{tabular\}\{(l+)(c+)\}", latex):
        assert len(part[1]) <= 20, "a page is not wider"
    assert latex.count(r"\cellcolor") == 20 * len(columns)
    with Image.open(io.BytesIO(shown("png"))) as image:
        assert image.width >= 34 * len(columns)


def test_the_site_has_a_page_for_every_question(asked: Path, tmp_path: Path) -> None:
    done("report", asked, "-o", tmp_path / "site")
    audit = open_audit(asked).audit
    front = (tmp_path / "site" / "index.html").read_text("utf-8")
    for question in audit.questionnaire.questions:
        page = address.question_page(question.keyword)
        assert f'href="{page}"' in front
        told = (tmp_path / "site" / page).read_text("utf-8")
        assert all(f'id="{point.key}"' in told for point in question.points)
    folded = {path.name.lower() for path in (tmp_path / "site" / "questions").iterdir()}
    assert len(folded) == len(audit.questionnaire.questions), "no two pages meet on any disk"
    assert front.count('class="heat wide') == (len(audit.questionnaire.questions) > 14)
    assert len(audit.findings) == 20 * len(audit.questionnaire.questions)


def test_a_hundred_questions_and_twenty_releases_take_seconds(
    judged: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some 0.5 s for the check and 3 s for the site on two old cores; the bounds are generous, for
    machines that have other work."""
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(judged[100].parent / "library"))
    begun = time.monotonic()
    done("audit", "check", judged[100])
    checked = time.monotonic()
    done("report", judged[100], "-o", tmp_path / "site")
    assert checked - begun < 15
    assert time.monotonic() - checked < 60


def test_names_of_releases_are_those_of_the_audit(asked: Path) -> None:
    releases = [str(one.id) for one in open_audit(asked).audit.releases]
    assert releases == release_names(20)


def test_a_keyword_beyond_what_is_allowed_is_named_with_its_place(folder: Path) -> None:
    text = questionnaires.questionnaire(3).replace('"A1"', '"' + "A" * 33 + '"')
    path = folder.with_name("faulty.toml")
    path.write_text(text, "utf-8")
    ran = openbook("audit", "new", folder, "--questionnaire", path, "--auditor", "Ana")
    assert ran.status == 1
    assert "question 2" in ran.text
    assert "keyword" in ran.text
    assert not folder.exists()
