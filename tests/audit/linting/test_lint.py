"""Lint: a skeleton says nothing, filled in it says all; real documents rank as a reader ranks."""

from __future__ import annotations

import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from openbook.audit.linting.lint import Given, given, linted, questionnaire_named
from openbook.audit.linting.lint_examples import Examples
from openbook.audit.new import bundled, bundled_names
from openbook.audit.opened import AuditError, WrongUseError, open_audit
from openbook.core.lint import Linted
from openbook.core.questionnaire import PointRef, Questionnaire
from openbook.core.review import CellId, PointState
from openbook.core.skeleton import skeleton
from openbook.core.verdict import Verdict
from openbook.files.verdicts import judge_of, record_of_judge, shipped_judge
from tests.corpus import CORPUS, needs_corpus
from tests.docs.pages import ROOT, table_after
from tests.sources.test_docx import made, p, run

ACME = Path(__file__).with_name("acme.md")
TEN = questionnaire_named("decoding-alignment")
KEYWORDS = TEN.keywords


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))


def of(text: str, tmp_path: Path, name: str = "card.md", asked: Questionnaire = TEN) -> Linted:
    """What lint says of a text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return linted(given([path]), asked)


def grades(found: Linted) -> dict[str, int]:
    return {one.question.keyword: one.grade for one in found.questions}


# --- The skeleton -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["card.md", "card.txt", "card.tex"])
def test_an_empty_skeleton_reaches_nothing(name: str, tmp_path: Path) -> None:
    found = of(skeleton(TEN), tmp_path, name)
    assert grades(found) == dict.fromkeys(KEYWORDS, 0)
    assert {point.verdict for one in found.questions for point in one.points} == {Verdict.MISSING}


def test_the_skeleton_filled_in_reaches_4_everywhere(tmp_path: Path) -> None:
    found = of(ACME.read_text("utf-8"), tmp_path)
    assert grades(found) == dict.fromkeys(KEYWORDS, 4)


def test_so_it_does_as_word_document_and_as_latex(tmp_path: Path) -> None:
    text = re.sub(r"(?s)<!--.*?-->", "", ACME.read_text("utf-8"))
    lines = [line.lstrip("#- ").replace("**", "") for line in text.splitlines() if line]
    word = made("".join(p(run(escape(line))) for line in lines))
    items = "\n".join("\\item " + re.sub("([%&_#$])", r"\\\1", line) for line in lines)
    latex = rf"\begin{{document}}\begin{{itemize}}{items}\end{{itemize}}\end{{document}}"
    for name, data in (("card.docx", word), ("card.tex", latex.encode())):
        (tmp_path / name).write_bytes(data)
        found = linted(given([tmp_path / name]), TEN)
        assert grades(found) == dict.fromkeys(KEYWORDS, 4), name


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_with_one_section_removed_exactly_that_question_falls(keyword: str, tmp_path: Path) -> None:
    text = ACME.read_text("utf-8")
    section = re.compile(rf"^## [^\n]* \({keyword}\)\n.*?(?=^## |\Z)", re.M | re.S)
    assert len(section.findall(text)) == 1
    found = grades(of(section.sub("", text), tmp_path))
    assert found.pop(keyword) < 4
    assert set(found.values()) == {4}


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_with_one_section_blank_exactly_that_question_falls(keyword: str, tmp_path: Path) -> None:
    before, head, rest = re.split(rf"(?m)^(## [^\n]* \({keyword}\))$", ACME.read_text("utf-8"))
    section, *after = re.split(r"(?m)^(?=## )", rest)
    blank = re.sub(r"(?m)^(- \*\*.*?:\*\*).*$", r"\1 TODO", section)
    found = grades(of(before + head + blank + "".join(after), tmp_path))
    assert found.pop(keyword) < 4
    assert set(found.values()) == {4}


def test_every_point_of_the_filled_in_skeleton_has_its_own_line_as_passage(tmp_path: Path) -> None:
    text = ACME.read_text("utf-8")
    found = of(text, tmp_path)
    lines = text.splitlines()
    for one in found.questions:
        for point in one.points:
            assert point.passage is not None
            assert point.text.split(",")[0] in lines[point.passage.line - 1]


def test_bare_prose_gets_what_the_page_says(tmp_path: Path) -> None:
    bare = re.sub(r"(?m)^- \*\*.*?:\*\* ", "", ACME.read_text("utf-8"))
    prose = of(re.sub(r"(?s)<!--.*?-->", "", bare), tmp_path)
    looks = [point.verdict for one in prose.questions for point in one.points]
    told = sum(one is not Verdict.MISSING for one in looks)
    page = " ".join((ROOT / "docs" / "lint.md").read_text("utf-8").split())
    assert f"get {prose.mean:.1f} in the mean: {told} of {len(looks)} points are found" in page
    assert f"{looks.count(Verdict.STATED)} called stated" in page


# --- Other texts ------------------------------------------------------------------------------


def test_a_text_about_something_else_reaches_nothing(tmp_path: Path) -> None:
    recipe = "Boil the potatoes for twenty minutes. Add 40 g of butter, salt and milk.\n\n" * 30
    assert set(grades(of(recipe, tmp_path)).values()) == {0}


def test_an_almost_empty_file_reaches_nothing(tmp_path: Path) -> None:
    assert set(grades(of("a", tmp_path)).values()) == {0}


def test_several_files_are_one_documentation(tmp_path: Path) -> None:
    text = ACME.read_text("utf-8")
    at = text.index("## People") if "## People" in text else text.index("(HUM)")
    at = text.rindex("\n", 0, at)
    for name, part in (("a.md", text[:at]), ("b.md", text[at:])):
        (tmp_path / name).write_text(part, encoding="utf-8")
    both = linted(given([tmp_path / "a.md", tmp_path / "b.md"]), TEN)
    assert set(grades(both).values()) == {4}
    files = {point.passage.file for one in both.questions for point in one.points if point.passage}
    assert files == {str(tmp_path / "a.md"), str(tmp_path / "b.md")}


def test_all_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no pdf")
    (tmp_path / "b.docx").write_bytes(b"PK\3\4")
    (tmp_path / "c.md").write_text("fine")
    with pytest.raises(AuditError) as caught:
        given([tmp_path / one for one in ("a.pdf", "b.docx", "c.md")])
    assert [Path(one.place).name for one in caught.value.problems] == ["a.pdf", "b.docx"]


def test_nothing_is_written_but_the_cache(tmp_path: Path) -> None:
    of("Forty annotators were paid.", tmp_path)
    files = {one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*") if one.is_file()}
    assert files == {"card.md", "library/index.sqlite3"}


# --- Other questions --------------------------------------------------------------------------

OWN = """schema = 1
id = "own"
title = "Own"
[scale]
0 = "a"
1 = "b"
2 = "c"
3 = "d"
4 = "e"
[[question]]
keyword = "FOOD"
title = "Food"
phase = "x"
wording = "What was cooked?"
[[question]]
keyword = "PAY"
title = "Pay"
phase = "x"
wording = "How were cooks paid?"
[[question.point]]
key = "wage"
text = "The hourly wage of a cook"
queries = ["wage", "an hour"]
"""


def test_any_questionnaire_can_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    found = of(
        "The hourly wage of a cook: 20 euros.", tmp_path, asked=questionnaire_named(str(path))
    )
    assert not found.is_taught
    assert grades(found)["PAY"] == 4
    assert found.questions[0].points[0].ref == PointRef("FOOD")
    assert found.questions[1].points[0].example is None


def test_a_name_that_is_no_questionnaire_is_wrong_use() -> None:
    with pytest.raises(WrongUseError, match="decoding-alignment"):
        questionnaire_named("nothing-of-the-kind")


# --- Examples ---------------------------------------------------------------------------------


def test_every_example_is_verified_evidence_of_a_point_that_is_stated() -> None:
    examples = Examples.of(TEN.id, [])
    opened = {name: open_audit(bundled(name)) for name in bundled_names()}
    assert len(examples.by_point) >= 55  # of 72; the others nobody tells, or no copy was at hand
    for ref, example in examples.by_point.items():
        audit = opened[example.audit].audit
        evidence = audit.evidence[example.evidence]
        keyword, _, key = ref.partition(".")
        states = [
            finding.judgement.points.get(key)
            for release, refs in evidence.supports.items()
            if PointRef(keyword, key) in refs
            and (finding := audit.findings.get(CellId(release, keyword)))
        ]
        assert PointState.STATED in states
        anchors = opened[example.audit].anchors[example.evidence]
        assert example.page in {one.page for one in anchors if one.state.value == "verified"}


def test_nobody_is_shown_his_own_words() -> None:
    opened = open_audit(bundled())
    copy = opened.audit.documents["ouyang-2022"].hashed[0].sha256
    titles = {one.document for one in Examples.of(TEN.id, [copy]).by_point.values()}
    assert opened.audit.documents["ouyang-2022"].title not in titles


# --- Real documents ---------------------------------------------------------------------------


def of_corpus(*names: str) -> list[Given]:
    return given([CORPUS / "docs" / name for name in names])


@needs_corpus
def test_three_documents_rank_as_a_reader_ranks_them() -> None:
    found = {
        name: linted(of_corpus(name), TEN)
        for name in ("ouyang-2022.pdf", "deepseek-r1.pdf", "llama-team-2025.md")
    }
    instruct, r1, llama = (one.mean for one in found.values())
    assert instruct > r1 + 1
    assert r1 > llama + 0.5
    for one in found.values():
        for point in (point for question in one.questions for point in question.points):
            assert point.passage is not None
            assert bool(point.passage.page) != bool(point.passage.line)


@needs_corpus
def test_the_page_says_what_lint_says_of_the_three() -> None:
    files = ("ouyang-2022.pdf", "deepseek-r1.pdf", "llama-team-2025.md")
    rows = table_after(ROOT / "docs" / "lint.md", "lint")
    for name, row in zip(files, rows, strict=True):
        found = linted(of_corpus(name), TEN)
        shown = [str(one.grade) for one in found.questions]
        assert row[1:] == [*shown, f"{found.mean:.1f}"]


@pytest.mark.skipif(not (ROOT / "bench" / "results.md").is_file(), reason="no measurements here")
def test_the_page_says_what_was_measured() -> None:
    section = (ROOT / "bench" / "results.md").read_text("utf-8").split("## Lint\n\n")[1]
    page = " ".join((ROOT / "docs" / "lint.md").read_text("utf-8").split())
    assert section.split("\n\n")[0] in page


@needs_corpus
def test_the_passage_shown_stands_where_it_is_said_to_stand() -> None:
    name = "llama-team-2025.md"
    lines = (CORPUS / "docs" / name).read_text("utf-8").splitlines()
    (file,) = of_corpus(name)
    points = [point for one in linted([file], TEN).questions for point in one.points]
    for point in points:
        assert point.passage is not None
        source = " ".join(lines[point.passage.line - 1 : point.passage.last_line])
        words = set(re.findall(r"\w+", point.passage.text))
        assert len(words & set(re.findall(r"\w+", source))) > 0.8 * len(words)


def test_what_ships_has_learned_nothing_from_the_three() -> None:
    judge = shipped_judge()
    assert not {"openai-gpt/3.5", "deepseek/r1", "meta-llama/4"} & set(judge.fitted_on)
    learned = {one.document for one in judge.words.trained_on}
    assert not {"ouyang-2022", "deepseek-r1", "llama-team-2025"} & learned
    assert len(judge.fitted_on) >= 10


def test_what_was_learned_is_kept_whole() -> None:
    record = record_of_judge(shipped_judge())
    assert record_of_judge(judge_of(record)) == record
