"""What becomes of a quote when its document changes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.audit.drift.reanchor import Stood, reanchor, stood
from openbook.audit.quoting.placing import Words
from openbook.core.anchor import Anchor, places
from openbook.core.change import Change, Reanchored
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import State, verify

CARD = (
    """Acme One, model card. The model answers questions and writes programs. It was made by a
team of twelve people between March and June, and is offered through an interface of our own.""",
    """Acme One was aligned with two goals: to be helpful and to be safe. We set these goals
ourselves, in a series of meetings of the safety team. When the goals conflict, annotators were told
to prefer safety over helpfulness. Nobody outside the company was asked about the goals.""",
    """We hired 40 annotators through an agency in Lisbon. They were paid 15 euros an hour.
We train on prompts that users sent us, after names had been removed. The annotators judged 12,000
pairs of answers, each pair once. Where they found both answers bad, the pair was left out.""",
    """The data are not published. The guidelines for annotators will follow in a later version of
this card. Questions may be sent to the safety team.""",
)
QUOTES = (
    "two goals: to be helpful and to be safe",
    "annotators were told to prefer\nsafety over helpfulness",
    "We hired 40 annotators through an agency in Lisbon",
    "We train on prompts that users sent us",
    "The data are not published",
    "We hired 40 annotators [...] They were paid 15 euros an hour",
)


def pages(*texts: str) -> TextLayer:
    return TextLayer(tuple(Page(number, text) for number, text in enumerate(texts, 1)), "test")


def became(quote: str, new: TextLayer, old: TextLayer | None = None) -> Reanchored:
    """What becomes of a quote of the card, with the older copy at hand."""
    was = pages(*CARD) if old is None else old
    found = verify(parse_quote(quote), was)
    assert found.state.stands
    page = places(was, found.spans[0])[0].page
    return reanchor(parse_quote(quote), Stood(page, found.spans, Words(was)), Words(new))


def alone(quote: str, new: TextLayer, page: int = 1) -> Reanchored:
    """What becomes of a quote of which only the page is known."""
    return reanchor(parse_quote(quote), Stood(page), Words(new))


def written(one: Reanchored) -> str:
    marks = {"same": "{}", "quote": "-{}", "document": "+{}"}
    return " ".join(marks[part.kind].format(part.text) for part in one.diff)


@pytest.mark.parametrize("quote", QUOTES)
def test_in_an_unchanged_document_all_is_in_place(quote: str) -> None:
    one = became(quote, pages(*CARD))
    assert (one.change, one.diff, one.page) == (Change.IN_PLACE, (), one.was_on)
    assert one.spans == verify(parse_quote(quote), pages(*CARD)).spans


@pytest.mark.parametrize("quote", QUOTES)
def test_a_page_put_in_before_moves_what_follows(quote: str) -> None:
    one = became(quote, pages("A page of contents.", *CARD))
    assert one.change is Change.MOVED
    assert one.state.stands
    assert one.page == one.was_on + 1
    assert one.reason == f"from page {one.was_on} to page {one.page}"


@pytest.mark.parametrize(
    ("quote", "was", "now", "diff"),
    [
        (QUOTES[2], "hired 40", "hired 400", "We hired -40 +400 annotators through an agency"),
        (QUOTES[3], "We train on", "We do not train on", "We +do not train on prompts"),
        (QUOTES[4], "not published", "published", "The data are -not published"),
        (QUOTES[1], "safety over", "helpfulness over", "to prefer -safety +helpfulness over"),
        (QUOTES[5], "paid 15", "paid 5", "They were paid -15 +5 euros an hour"),
    ],
)
def test_a_number_or_a_not_makes_it_altered_and_never_verified(
    quote: str, was: str, now: str, diff: str
) -> None:
    new = pages(*(text.replace(was, now) for text in CARD))
    one = became(quote, new)
    assert one.change is Change.ALTERED
    assert not one.state.stands
    assert diff in written(one)
    assert one.page == one.was_on


def test_a_not_put_right_before_a_quote_makes_it_altered() -> None:
    one = became(
        "train on prompts that users sent us",
        pages(*(text.replace("We train", "We do not train") for text in CARD)),
    )
    assert one.change is Change.ALTERED
    assert one.reason == "the word before it is now 'not'"


@pytest.mark.parametrize("quote", QUOTES)
def test_a_paragraph_taken_out_leaves_it_missing(quote: str) -> None:
    page = became(quote, pages(*CARD)).was_on
    one = became(quote, pages(*(text for n, text in enumerate(CARD, 1) if n != page)))
    assert (one.change, one.state, one.spans) == (Change.MISSING, State.MISSING, ())


def test_a_sentence_taken_out_is_not_found_in_its_neighbour() -> None:
    new = pages(
        *(text.replace("We hired 40 annotators through an agency in Lisbon. ", "") for text in CARD)
    )
    assert became(QUOTES[2], new).change is Change.MISSING


def test_a_passage_like_it_that_was_there_all_along_is_another_one() -> None:
    """Without it gone, both stand; with it gone, the other is not it."""
    text = "{}Of the prompts we removed 30 that named people. {}In the other set things differ. {}"
    other = "From the second set we removed 12 prompts. "
    own = "From the first set we removed 12 prompts. "
    old = pages(text.format("Two sets. ", own, other))
    assert (
        became(own.strip(), pages(text.format("Two sets. ", own, other)), old).change
        is Change.IN_PLACE
    )
    assert (
        became(own.strip(), pages(text.format("Two sets. ", "", other)), old).change
        is Change.MISSING
    )


def test_of_two_places_with_the_same_words_its_own_is_found() -> None:
    setting = "Setting {}. The rate was {} and the batch {}. All scores are means of five runs. "
    texts = [setting.format(n, n * 7, n * 31) for n in range(1, 9)]
    old = pages("".join(texts))
    new = pages("".join(texts).replace("Setting 1. The rate was 7", "Setting 1. Its rate was 7"))
    quote = "All scores are means of five runs."
    for n in range(8):
        start = old.text.index(texts[n]) + texts[n].index(quote)
        spans = (type(verify(parse_quote(quote), old).spans[0])(start, start + len(quote)),)
        one = reanchor(parse_quote(quote), Stood(1, spans, Words(old)), Words(new))
        assert new.text[: one.spans[0].start].count("Setting") == n + 1
        assert one.change is Change.IN_PLACE


def test_words_that_stand_where_no_place_is_certain_are_not_in_place() -> None:
    """Only the page is known, and the words stand twice, on other pages."""
    one = alone("to be safe", pages("", "to be safe", "to be safe"))
    assert (one.change, one.spans, one.page) == (Change.MOVED, (), None)
    assert one.state is State.VERIFIED
    assert "no place is certain" in one.reason


def test_altered_here_while_the_words_stand_elsewhere() -> None:
    new = pages(
        *CARD[:2],
        CARD[2].replace("40 annotators", "60 annotators"),
        CARD[3] + " In 2020: We hired 40 annotators.",
    )
    one = became("We hired 40 annotators", new)
    assert one.change is Change.ALTERED
    assert one.page == 3
    assert "its words stand elsewhere, on page 4" in one.reason


def test_in_a_text_without_pages_a_section_that_changes_its_place_is_moved() -> None:
    random_ = random.Random(5)
    sections = [
        " ".join(random_.choices("a b c d e f g h i j k l m n o p".split(), k=900))
        for _ in range(4)
    ]
    own = "We hired 40 annotators in Lisbon."
    section = f"People. {own} They were paid."
    old = pages("\n\n".join((section, *sections)))
    assert became(own, pages("\n\n".join((*sections, section))), old).change is Change.MOVED
    assert (
        became(own, pages("\n\n".join(("New. " * 50, section, *sections))), old).change
        is Change.IN_PLACE
    )


def test_half_of_a_quote_gone_is_altered_and_says_so() -> None:
    new = pages(*(text.replace("They were paid 15 euros an hour.", "") for text in CARD))
    one = became(QUOTES[5], new)
    assert one.change in (Change.ALTERED, Change.MISSING)
    assert not one.state.stands


def test_without_the_older_copy_the_words_alone_must_do() -> None:
    assert alone(QUOTES[2], pages(*CARD), 3).change is Change.IN_PLACE
    assert alone(QUOTES[2], pages(*CARD), 2).change is Change.MOVED
    new = pages(*(text.replace("40 annotators", "60 annotators") for text in CARD))
    assert alone(QUOTES[2], new, 3).change is Change.ALTERED
    assert alone("We asked lawyers and philosophers", pages(*CARD)).change is Change.MISSING


def test_without_the_older_copy_the_page_tells_two_places_apart() -> None:
    one = alone("to be safe", pages("to be safe", "to be safe"), 2)
    assert (one.change, one.page) == (Change.IN_PLACE, 2)


def test_an_anchor_says_where_a_quote_stood() -> None:
    layer = pages(*CARD)
    found = verify(parse_quote(QUOTES[5]), layer)
    segments = tuple(places(layer, span) for span in found.spans)
    anchor = Anchor("q-000000", "0" * 64, layer.sha256, "test", found.state, segments)
    assert stood(anchor, layer).spans == found.spans
    assert stood(anchor, pages("Another text")) == Stood(3)
    assert stood(anchor, None) == Stood(3)


@pytest.mark.parametrize("text", ["", " ", "-"])
def test_nothing_is_left_of_it_in_an_empty_text(text: str) -> None:
    assert became(QUOTES[0], pages(text)).change is Change.MISSING
    assert alone(QUOTES[0], pages(text)).change is Change.MISSING


@given(st.integers(0, 10_000), st.floats(0, 0.4), st.sampled_from(QUOTES), st.booleans())
def test_what_is_called_in_place_or_moved_stands_word_for_word(
    seed: int, share: float, quote: str, with_old: bool
) -> None:
    """However a document is edited: equality decides, likeness never."""
    random_ = random.Random(seed)
    words = " \f ".join(CARD).split(" ")
    edited = [
        random_.choice((random_.choice(words), "", f"{word} {random_.choice(words)}"))
        if random_.random() < share and word != "\f"
        else word
        for word in words
    ]
    new = pages(*" ".join(edited).split("\f"))
    one = became(quote, new) if with_old else alone(quote, new)
    assert one.state is verify(parse_quote(quote), new).state or one.state.stands
    if one.change in (Change.IN_PLACE, Change.MOVED):
        assert verify(parse_quote(quote), new).state.stands
    if one.change is Change.MISSING:
        assert not verify(parse_quote(quote), new).state.stands
