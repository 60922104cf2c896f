"""What is likeliest to be evidence comes first, and one's own finds teach."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openbook.audit.layers import CopyAtHand
from openbook.audit.new import bundled
from openbook.audit.opened import open_audit
from openbook.audit.search.index import indexed
from openbook.audit.search.learn import Lesson, learned_from, ranker_for, train
from openbook.audit.search.rank import Judged, lexical, scores
from openbook.audit.search.search import search_question, search_words
from openbook.core.initiative import Copy, Document
from openbook.core.passage import passages
from openbook.core.questionnaire import Point, Question
from openbook.core.ranker import Ranker
from openbook.core.text import Page, Span, TextLayer
from openbook.files.rankers import name_of, ranker_of, record_of, shipped, written
from tests.workbench import done, openbook

HIRED = "We hired forty labelers through a vendor in Lisbon, after a test of their understanding. "
TRAINED = (
    "The policy is trained with a loss that keeps it close to the reference model by a penalty. "
)
PEOPLE = Question("PEOPLE", "", "Who judged?", "", "", (Point("number", "How many people judged"),))


def document(*texts: str, key: str = "card") -> tuple[CopyAtHand, TextLayer]:
    layer = TextLayer(tuple(Page(n, text) for n, text in enumerate(texts, 1)), "test")
    copy = Copy("original", "text/plain", "", key)
    return CopyAtHand(Document(key, key, "paper", copies=(copy,)), copy), layer


def lesson(key: str, evidence: str, *others: str) -> Lesson:
    _, layer = document(*others, evidence, key=key)
    cut = list(passages(key, key, layer))
    start = layer.text.index(evidence)
    with indexed(cut) as index:
        stems, words = index.stems, {"PEOPLE": lexical(index, PEOPLE)}
    spans = {"PEOPLE": [Span(start, start + len(evidence))]}
    return Lesson(key, key, cut, stems, spans, ("q-1",), words)


def test_words_of_evidence_elsewhere_find_it_where_the_question_has_none_of_them() -> None:
    found = document(TRAINED * 6, "Contractors from a vendor took a test and were hired. " * 3)
    assert search_question([found], PEOPLE, Ranker("q"), 5) == []
    lessons = [lesson(f"d{n}", HIRED * 4, *[TRAINED * 8] * 6) for n in range(4)]
    ranker = Ranker("q")
    for one in lessons:
        ranker = ranker.joined(learned_from(one, "q"))
    best = search_question([found], PEOPLE, ranker, 5)[0]
    assert "Contractors" in best.passage.text


def test_evidence_found_draws_its_like_and_what_was_read_in_vain_goes() -> None:
    like = "Forty labelers of the vendor. "
    _, layer = document(TRAINED * 6, HIRED * 20, TRAINED * 6, TRAINED * 6, like * 10, TRAINED * 6)
    cut = list(passages("card", "card", layer))
    question = Question("PEOPLE", "", "How are they trained?", "")
    start = layer.text.index("We hired")
    with indexed(cut) as index:
        plain = scores(index, question, Ranker("q"))
        evidence = Judged({"card": [Span(start, start + len(HIRED) * 20)]})
        taught = scores(index, question, Ranker("q"), evidence)
        read = Judged({}, {"card": [Span(cut[0].offset, cut[0].offset + len(cut[0].text))]})
        after = scores(index, question, Ranker("q"), read)
    row = next(row for row, one in enumerate(cut) if like in one.text)
    assert plain[row] == 0
    assert taught[row] > 0
    assert plain[0] > 0
    assert after[0] == 0


def test_a_text_printed_twice_is_read_once() -> None:
    found = document(HIRED * 3, TRAINED * 3, HIRED * 3)
    (hit,) = search_words([found], ["labelers"], 5)
    assert hit.also == (list(passages("card", "card", found[1]))[-1].id,)


def test_words_run_together_by_a_scan_are_found() -> None:
    text = "They judge the responses also. We ask people, but also models. " * 6
    found = document(text, "Here is thejudge of butalso responses, rarely. " * 2)
    assert "thejudge" in search_words([found], ["judge"], 9)[-1].passage.text


def test_nothing_typed_is_syntax() -> None:
    found = document(HIRED)
    for query in ('labelers AND "', "labelers NEAR(", "text:labelers", "labelers*", "-labelers"):
        assert search_words([found], [query], 3)
    assert search_words([found], ["()", "", '"'], 3) == []


def test_training_is_the_same_each_time_and_survives_its_file() -> None:
    groups = {f"g{n}": [lesson(f"d{n}", HIRED * 4, *[TRAINED * 8] * 4)] for n in range(3)}
    ranker = train(groups, "q")
    assert written(ranker) == written(train(groups, "q"))
    again = ranker_of(record_of(ranker))
    assert name_of(again) == name_of(ranker)
    assert [one.document for one in again.trained_on] == ["d0", "d1", "d2"]


def test_what_ships_has_learned_from_the_bundled_audits_and_only_their_evidence() -> None:
    ranker = shipped("decoding-alignment")
    evidence = {
        id_
        for name in ("decoding-alignment", "beyond-the-six")
        for id_ in open_audit(bundled(name)).audit.evidence
    }
    learned = {id_ for one in ranker.trained_on for id_ in one.evidence}
    assert learned
    assert learned <= evidence
    assert shipped("no-such-questions").questions == {}
    assert shipped("../audits/x").questions == {}


def test_a_point_is_asked_for_alone(audit: Path) -> None:
    asked = ("audit", "search", audit, "--json", "--question")
    assert "live" in done(*asked, "PEOPLE.location").json[0]["text"]
    opened = open_audit(audit)
    assert [point.key for point in opened.asked("PEOPLE.number").points] == ["number"]
    assert opened.asked("PEOPLE") == opened.question("PEOPLE")
    assert openbook(*asked, "PEOPLE.nope").status == 2


def test_an_audit_of_other_questions_learns_from_its_own_evidence(audit: Path) -> None:
    ranker = ranker_for(open_audit(audit))
    assert ranker.questionnaire == "three"
    assert set(ranker.questions) >= {"GOALS", "PEOPLE"}
    assert ranker_for(open_audit(audit)) == ranker


def test_one_audit_teaches_the_next_unless_its_library_is_its_own(audit: Path) -> None:
    before = ranker_for(open_audit(audit))
    for name, private in (("second", []), ("third", ["--private"])):
        done("audit", "new", name, "--like", audit, "--auditor", "Ana Ruiz", *private)
        taught = ranker_for(open_audit(Path(name)))
        assert bool(taught.questions) is not bool(private)
    Path("card.txt").write_text("Forty judges were hired in Porto.", "utf-8")
    done("audit", "add", "second", "card.txt", "--initiative", "new", "--release", "1")
    words = ("Forty judges", "--document", "card", "--supports", "new/1:PEOPLE.number")
    done("audit", "quote", "second", *words)
    ranker_for(open_audit(Path("second")))
    after = ranker_for(open_audit(audit))
    assert after.questions["PEOPLE"].passages == before.questions["PEOPLE"].passages + 1
    shutil.rmtree("second")
    assert ranker_for(open_audit(audit)) == before


def test_a_needle_in_a_real_document(at_corpus: Path) -> None:
    opened = open_audit(bundled("decoding-alignment"))
    if not opened.library.has(opened.audit.documents["ouyang-2022"].hashed[0].sha256):
        pytest.skip("the documents of the bundled audit are not at hand")
    folder = str(bundled("decoding-alignment"))
    hits = done(
        *("audit", "search", folder, "--question", "HUM", "--document", "ouyang-2022"),
        *("-n", 5, "--json"),
    ).json
    assert any("Upwork" in hit["text"] for hit in hits)
