"""Passages follow the structure of a text, and together they are the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openbook.core.passage import AIM, MOST, overlaps, passages
from openbook.core.text import Page, Span, TextLayer

SENTENCE = "We asked forty annotators to compare two responses and to say which one they prefer. "


def layer(*texts: str) -> TextLayer:
    return TextLayer(tuple(Page(n, text) for n, text in enumerate(texts, 1)), "test")


def cut(*texts: str) -> list[str]:
    return [one.text for one in passages("doc", "sha", layer(*texts))]


def test_a_passage_ends_where_a_sentence_ends() -> None:
    found = cut(SENTENCE * 40)
    assert len(found) > 3
    assert all(one.rstrip().endswith("prefer.") for one in found)


def test_a_sentence_that_runs_over_the_page_is_not_cut() -> None:
    text = layer(SENTENCE * 6 + "The labels were", "checked by two people. " + SENTENCE * 6)
    (crossing,) = [one for one in passages("doc", "sha", text) if "The labels" in one.text]
    assert "The labels were\fchecked by two people." in crossing.text
    assert crossing.page == 1
    assert crossing.end > len(text.pages[0].text)
    assert text.text[crossing.offset :].startswith(crossing.text)


def test_abbreviations_end_no_sentence() -> None:
    text = "Annotators, e.g. those of Bai et al. 2022, cf. Fig. 3, were J. Doe and others." * 8
    assert not any(
        one.rstrip().endswith(("et al.", "e.g.", "cf.", "Fig.", "J.")) for one in cut(text)
    )


def test_a_heading_goes_with_what_follows_and_names_the_section() -> None:
    text = SENTENCE * 3 + "\n3.4 Human data collection\n" + SENTENCE * 3
    before, after = passages("doc", "sha", layer(text))
    assert after.text.startswith("3.4 Human data collection\n")
    assert after.section == "3.4 Human data collection"
    assert before.section == ""


def test_the_initial_of_a_name_names_no_section() -> None:
    text = "E. Discussion of the data\n" + SENTENCE * 3 + "\nY. Wu\n" + SENTENCE * 3
    assert {one.section for one in passages("doc", "sha", layer(text))} == {
        "E. Discussion of the data"
    }


def test_what_leads_in_to_a_list_stays_with_its_first_item() -> None:
    text = SENTENCE * 6 + "They were told as follows:\n• be helpful to the user\n• be honest\n"
    (last,) = [one for one in cut(text) if "as follows:" in one]
    assert "• be helpful to the user" in last


def test_rows_of_a_table_are_not_taken_for_sentences() -> None:
    rows = "".join(f"MMLU {n}.5 70.{n} 81.2 66.{n}\n" for n in range(300))
    found = cut(SENTENCE + "\n" + rows)
    assert all(one.endswith("\n") or one == found[-1] for one in found)
    assert max(map(len, found)) <= MOST + AIM


@given(st.lists(st.text("ab .\n\f•1:#A|-", max_size=200), min_size=1, max_size=4))
def test_passages_are_in_order_and_leave_out_no_letter(texts: list[str]) -> None:
    whole = layer(*texts)
    found = list(passages("doc", "sha", whole))
    ends = 0
    for one in found:
        assert one.offset >= ends
        assert whole.text[one.offset : one.offset + len(one.text)] == one.text
        assert not any(map(str.isalnum, whole.text[ends : one.offset]))
        ends = one.offset + len(one.text)
    assert not any(map(str.isalnum, whole.text[ends:]))


@given(st.integers(1, 400), st.integers(0, 300))
def test_ids_and_places_are_those_of_the_page(words: int, lead: int) -> None:
    whole = layer("x" * lead + "\n", "word " * words + "end.")
    for one in passages("doc", "sha", whole):
        page = whole.pages[one.page - 1]
        begins = whole.starts[one.page - 1]
        assert begins + one.start == one.offset
        assert one.start < max(1, len(page.text))
        assert one.id == f"doc:{one.page}:{one.start}-{one.end}"


def test_a_passage_holds_a_stretch_when_enough_of_it_stands_there() -> None:
    (one,) = passages("doc", "sha", layer("We asked forty annotators to compare responses."))
    assert overlaps(one, [Span(0, 10)])
    assert overlaps(one, [Span(40, 54)])
    assert not overlaps(one, [Span(46, 200)])
    assert not overlaps(one, [])
