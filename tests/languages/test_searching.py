"""Search, ranking, folding and absence in documents that are not in English."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.audit.layers import CopyAtHand
from openbook.audit.opened import open_audit
from openbook.audit.pile.same import Compared, likeness, may_be_same
from openbook.audit.questionnaires import questionnaire_file, read_questionnaire
from openbook.audit.quoting.placing import Words, place
from openbook.audit.search.index import indexed
from openbook.audit.search.index_words import in_pairs, stemmer_for
from openbook.audit.search.search import search_question, search_words
from openbook.core.passage import Passage, passages, readable
from openbook.core.questionnaire import Point, Question
from openbook.core.ranker import Ranker
from openbook.core.text import Span, TextLayer
from openbook.files.cache import Cache
from tests.audit.search.test_rank import document
from tests.corpus import layer
from tests.languages.texts import chinese, german, paragraphs
from tests.workbench import Ran, done, openbook

WORDS = "软件 软件包 自由 自由软件 内核 操作系统 软件包管理系统 包 志愿者".split()


def cut(text: str) -> list[Passage]:
    return list(passages("d", "c", layer(text)))


@pytest.mark.parametrize("word", WORDS)
def test_a_chinese_word_finds_every_passage_that_holds_it_and_no_other(word: str) -> None:
    with indexed(cut(chinese())) as index:
        holding = {n for n, one in enumerate(index.passages) if word in readable(one.text)}
        assert holding
        assert index.matches([f'"{word}"']).keys() == holding


def test_trigrams_would_find_no_word_of_two_signs() -> None:
    """Why the text is cut into pairs: FTS5's own tokenizer for such scripts."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE one USING fts5(text, tokenize='trigram')")
    database.executemany("INSERT INTO one VALUES (?)", [(p.text,) for p in cut(chinese())])
    found = "SELECT count(*) FROM one WHERE one MATCH ?"
    assert database.execute(found, ('"内核"',)).fetchone() == (0,)
    assert database.execute(found, ('"软件包"',)).fetchone() > (5,)
    database.close()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("データ", "個人データを学習に使う"),
        ("학습", "모델은 데이터를 학습합니다"),
        ("ข้อมูล", "เราใช้ข้อมูลส่วนบุคคลเพื่อฝึก"),
        ("RLHF训练", "我们使用RLHF训练模型"),
        ("奖励模型", "我们用奖励\n模型打分"),
        ("标", "数据标注"),
        ("注", "数据标注"),
        ('"使用 RLHF"', "我们使用RLHF训练"),
    ],
)
def test_words_of_scripts_without_spaces_are_found(query: str, text: str) -> None:
    with indexed(cut(f"{text}。Something else。")) as index:
        assert index.matches([query])


@pytest.mark.parametrize("query", ["标注数据", "据标人", "มูลข้อ"])
def test_quoted_signs_stand_in_their_order(query: str) -> None:
    with indexed(cut("数据标注。ข้อมูล。")) as index:
        assert not index.matches([f'"{query}"'])


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("数据标注 \nabc，。ขอม・ー데이"), max_size=30), st.data())
def test_whatever_stands_in_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    runs = re.findall(r"[数据标注]+", text)
    if runs:
        run = data.draw(st.sampled_from(runs))
        start = data.draw(st.integers(0, len(run) - 1))
        word = run[start : data.draw(st.integers(start + 1, len(run)))]
        with indexed([Passage("d", "c", 1, 0, len(text), text)]) as index:
            assert index.matches([word])
            assert index.matches([f'"{word}"'])


@pytest.mark.parametrize(
    "query", ['"', "。", "・", '"。"', "ー", "", '数" OR "据', "数*", "NEAR(数 据)"]
)
def test_nothing_typed_is_syntax(query: str) -> None:
    with indexed(cut("数据标注")) as index:
        index.matches([query])


def test_english_text_is_left_as_it_is() -> None:
    assert in_pairs("we train, naïvely — “so” – it’s") == "we train, naïvely — “so” – it’s"
    assert stemmer_for("en") is None
    assert stemmer_for("zh") is None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Trainingsdaten", "Die Trainingsdatensätze und das Training mit Daten"),
        ("Prüfung", "Sie werden geprüft, nach den Prüfungen"),
        ("Pruefung", "Nach den Prüfungen"),
        ("Annotator", "Vierzig Annotatoren wurden bezahlt"),
        ("Maßnahme", "geeignete Massnahmen"),
        ("Datenschutz", "Der Datenschutzbeauftragte"),
        ("Schutz", "Der Datenschutz gilt"),
        ("Überwachung", "Bei der Videoüberwachung"),
        ('"öffentliche Stelle"', "durch öffentliche Stellen des Bundes"),
    ],
)
def test_german_words_are_found_by_stem_umlaut_and_part(query: str, text: str) -> None:
    found = document(text + ".", "Etwas ganz Anderes steht hier.")
    hits = search_words([_in("de", found)], [query], 5)
    assert [text[:8] in hit.passage.text for hit in hits] == [True]


def _in(language: str, found: tuple[CopyAtHand, TextLayer]) -> tuple[CopyAtHand, TextLayer]:
    one, text = found
    return replace(one, document=replace(one.document, language=language)), text


def test_a_german_question_is_answered_first() -> None:
    found = _in("de", document(german()))
    for words, answer in [
        (["Codename für Sid"], "Sid"),
        (["virtuelles Paket"], "virtuelle"),
        (["Kompilierung des Linux-Kernels"], "kompilier"),
    ]:
        best = search_words([found], words, 1)[0]
        assert answer in " ".join(best.passage.text.split())


def test_a_question_is_searched_by_its_words_in_the_language_of_a_document() -> None:
    point = Point("consent", "Whether people were asked", ("asked",), {"zh": ("源代码软件包",)})
    question = Question("ASKED", "", "Were people asked?", "", "", (point,))
    found = document(chinese())
    best = search_question([found], question, Ranker("q"), 3)
    assert "源代码" in readable(best[0].passage.text)
    no_words = Question(
        "ASKED", "", "Were people asked?", "", "", (Point("c", "Asked", ("asked",)),)
    )
    assert search_question([found], no_words, Ranker("q"), 3) == []


def test_chinese_passages_that_tell_the_same_are_folded() -> None:
    text = max(paragraphs("zh"), key=len)
    found = [document(text, key="a"), document(text.replace("软件", "硬件", 1), key="b")]
    (hit,) = search_words(found, ["软件"], 5)
    assert hit.also


def test_a_chinese_passage_is_placed_in_a_changed_version(tmp_path: Path) -> None:
    old = chinese()
    new = "新增的一段说明文字。\n\n" + old.replace("志愿者", "自愿者")
    before, after = Words(layer(old)), Words(layer(new))
    sentence = "简而言之，Linux 是一个类 Unix 操作系统的内核"
    at = old.index(sentence)
    found = place(before, Span(at, at + len(sentence)), after)
    assert found is not None
    assert after.spans[found.start].start == new.index(sentence)
    assert after.spans[found.end - 1].end == new.index(sentence) + len(sentence)
    cache = Cache(tmp_path / "cache")
    one, other = Compared("a", layer(old), cache), Compared("b", layer(new), cache)
    assert may_be_same(one, other.runs())
    assert likeness(one, other).most > 0.6
    third = Compared("c", layer(german()), cache)
    assert not may_be_same(one, third.runs())


# --- The ten questions and the record of an absence -------------------------------------------


def test_every_point_of_the_ten_questions_has_german_and_chinese_words_marked_as_a_models() -> None:
    asked = read_questionnaire(questionnaire_file(Path("decoding-alignment")))
    for question in asked.questions:
        assert question.searched_in == {"en", "de", "zh"}
        for point in question.points:
            assert set(point.queries_in) == {"de", "zh"}
            assert all(max(word) >= "\u4e00" or word.isascii() for word in point.queries_in["zh"])
    assert all("language model" in asked.queries_in_by[one] for one in ("de", "zh"))


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """An audit by the ten questions of a model whose one document is Chinese."""
    (tmp_path / "faq.md").write_text(chinese(), encoding="utf-8")
    folder = tmp_path / "audit"
    done("audit", "new", folder, "--title", "T")
    done("audit", "add", folder, "faq.md", "--initiative", "faq", "--release", "1")
    with (folder / "audit.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[auditor]]\nid = "ana"\nname = "Ana"\nkind = "person"\n')
    return folder


def absent(folder: Path, *more: str) -> Ran:
    args = ("audit", "absent", folder, "faq/1", "PROMPT", "--auditor", "ana", "--json")
    return openbook(*map(str, args), "-n", "3", "--sample", "2", *more)


def test_an_absence_says_in_which_languages_it_was_searched(audit: Path) -> None:
    ran = absent(audit)
    assert ran.status == 0, ran.err
    assert json.loads(ran.out)["languages"] == ["en", "zh"]
    record = next(iter(open_audit(audit).audit.searches.values()))
    assert record.languages == ("en", "zh")
    assert record.read


def test_a_search_without_words_in_the_language_is_refused(audit: Path) -> None:
    path = audit / "documents" / "faq.toml"
    said = path.read_text("utf-8")
    told = re.sub("(?m)^language = .*\n", "", said).replace("title =", 'language = "ja"\ntitle =')
    path.write_text(told, "utf-8")
    ran = absent(audit)
    assert ran.status == 1
    assert "faq (in ja)" in ran.err
    assert "--language ja" in ran.err
    assert not list((audit / "searches").glob("*")) if (audit / "searches").is_dir() else True
    own = absent(audit, "--query", "同意", "--language", "ja")
    assert own.status == 0, own.err
    assert json.loads(own.out)["languages"] == ["en", "ja"]
    assert absent(audit, "--language", "ja").status == 2


def test_a_title_and_the_text_below_it_stay_apart() -> None:
    assert (
        readable("# 一号模型\n\n我们雇用了\n四十名标注员。")
        == "# 一号模型 我们雇用了四十名标注员。"
    )


@pytest.mark.parametrize(
    ("text", "language"), [("我们雇用了四十名标注员。" * 9, "zh"), ("Wir.", "")]
)
def test_a_single_document_gets_the_language_of_its_script(text: str, language: str) -> None:
    Path("card.md").write_text(f"# T\n\n{text}\n", "utf-8")
    done("audit", "new", "one", "--auditor", "Ana Ruiz")
    done("audit", "add", "one", "card.md", "--initiative", "acme", "--release", "1")
    assert open_audit(Path("one")).audit.documents["card"].language == language
