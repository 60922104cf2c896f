"""What texts point to: folded, gathered, ordered; and nothing in a sentence that is no address."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.lead import Kind, Lead, folded, found_in, gathered, own_numbers, touches
from openbook.core.questionnaire import Point, Question
from openbook.core.text import Page


def leads(*texts: str, names: tuple[str, ...] = ()) -> tuple[Lead, ...]:
    """The leads of a document whose pages have these texts."""
    pages = [Page(number, text) for number, text in enumerate(texts, 1)]
    return gathered(found_in("d", pages, names), names)


def targets(text: str, *names: str) -> list[tuple[str, str]]:
    return [(str(one.kind), one.target) for one in leads(text, names=names)]


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("see https://www.Example.org/Report.pdf).", "url", "example.org/Report.pdf"),
        ("http://example.org/a/#part,", "url", "example.org/a"),
        ("at https://example.org/a-\nbroken/path now", "url", "example.org/a-broken/path"),
        ("at https://example.org/a/\n1 A footnote", "url", "example.org/a"),
        ("CoRR, abs/2401.02954, 2024.", "arxiv", "2401.02954"),
        ("arXiv preprint arXiv:2401.02954v3", "arxiv", "2401.02954"),
        ("https://arxiv.org/pdf/2401.02954.\nD. Dua", "arxiv", "2401.02954"),
        ("https://doi.org/10.48550/arXiv.2401.02954.", "arxiv", "2401.02954"),
        ("doi:10.1145/3458817.3476145.", "doi", "10.1145/3458817.3476145"),
        ("as in our  earlier\nreport", "words", "our earlier report (d)"),
    ],
)
def test_a_lead_is_folded(text: str, kind: str, target: str) -> None:
    assert targets(text) == [(kind, target)]


@pytest.mark.parametrize(
    "text", ["We scored 2401.02954 points.", "https://", "https://nowhere/x", "10.5 of 10", ""]
)
def test_what_is_no_lead(text: str) -> None:
    assert targets(text) == []


def test_reports_and_cards_of_audited_releases_are_known_by_their_titles() -> None:
    text = "as the GPT-4 system card says, unlike the Zebra-4 system card and GPT-40 model card"
    assert targets(text, "GPT 4", "o1") == [("title", "gpt-4 system card")]


def test_one_target_in_many_places_is_one_lead() -> None:
    found = leads("https://a.org/x and http://www.a.org/x/", "(https://a.org/x#top)")
    assert [(one.target, len(one.mentions)) for one in found] == [("a.org/x", 3)]
    assert [one.page for one in found[0].mentions] == [1, 1, 2]


def test_places_count_in_the_pages_own_text() -> None:
    text = "x https://example.org/a-\nbcd and https://example.org/second"
    starts = {one.target: one.mentions[0].start for one in leads(text)}
    assert {target: text[at : at + 8] for target, at in starts.items()} == {
        "example.org/a-bcd": "https://",
        "example.org/second": "https://",
    }


def test_what_names_a_release_comes_first_whatever_the_order() -> None:
    found = [*found_in("d", [Page(1, f"https://a.org/1 {'-' * 300} Bee 2: https://b.org/2")])]
    for _ in range(3):
        random.shuffle(found)
        first, second = gathered(found, ("Bee 2",))
        assert (first.target, first.names, second.names) == ("b.org/2", ("Bee 2",), ())


def test_an_id_is_of_the_target_alone() -> None:
    assert leads("https://a.org/x")[0].id == leads("y", "see http://a.org/x/ now")[0].id


def test_a_lead_touches_the_questions_whose_words_stand_around_it() -> None:
    lead = leads("Our annotators are described at https://a.org/people.")[0]
    people = Question("HUM", "", "", "", points=(Point("number", "", ("annotators",)),))
    data = Question("PUB", "", "", "", points=(Point("where", "", ("dataset",)),))
    assert (touches(lead, people), touches(lead, data)) == (True, False)


@pytest.mark.parametrize(
    ("text", "is_touching"),
    [
        ("Details are in the full report.", False),
        ("The wages of workers are told in our earlier report.", True),
        ("On training language models, see arXiv:2203.02155.", False),
        ("The wage is told in arXiv:2203.02155.", True),
        ("Training is told in the Acme One system card.", True),
        ("A swagerian model: arXiv:2203.02155.", False),
        ("See https://wage.example.org/x.", False),
    ],
)
def test_others_papers_are_touched_by_whole_queries_only(text: str, is_touching: bool) -> None:
    people = Question("HUM", "", "", "", points=(Point("pay", "", ("wage", "training of people")),))
    (lead,) = leads(text, names=("Acme One",))
    assert touches(lead, people) is is_touching


def test_a_paper_is_no_lead_of_itself() -> None:
    stamp = Page(1, "We present X.\narXiv:2405.04434v5 [cs.CL] 19 Jun 2024")
    assert own_numbers([stamp]) == {"2405.04434"}
    assert own_numbers([Page(1, "as in arXiv:2405.04434v5 [cs.CL]"), stamp]) == frozenset()
    assert own_numbers([]) == frozenset()


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    for lead in leads(text, names=("GPT 4", text)):
        assert lead.target
        assert lead.id.startswith("l-")


@given(st.text(st.characters(categories=("L", "N")), min_size=1), st.sampled_from(["", "/", "#x"]))
def test_folding_twice_is_folding_once(path: str, end: str) -> None:
    kind, target = folded(f"https://www.example.org/{path}{end}")
    assert kind is not Kind.URL or folded(f"http://{target}") == (kind, target)
