"""Reading a quote as people write it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openbook.core.negation import negations_in
from openbook.core.quote import Join, QuoteError, parse_quote


@pytest.mark.parametrize(
    ("text", "segments", "insertions"),
    [
        ("one quote", ["one quote"], []),
        ("  one quote\n", ["one quote"], []),
        ("one [...] two", ["one", "two"], [""]),
        ("one [....] two", ["one", "two"], [""]),
        ("one [. . .] two", ["one", "two"], [""]),
        ("one […] two", ["one", "two"], [""]),
        ("one [ … ] two", ["one", "two"], [""]),
        ("one [] two", ["one", "two"], [""]),
        ("one[...]two", ["one", "two"], [""]),
        ("[...] one [...]", ["one"], []),
        ("one [our models] two", ["one", "two"], ["our models"]),
        ("one [...] [we] two", ["one", "two"], ["we"]),
        ("one [we] [...] [all] two", ["one", "two"], ["we all"]),
        ("one [...], [...] two", ["one", "two"], [""]),
        ("one [...] ≠ [...] two", ["one", "≠", "two"], ["", ""]),
        ("$ [...] 5", ["$", "5"], [""]),
        ("see \\[12\\] there", ["see [12] there"], []),
        ("one [...] two [we] three", ["one", "two", "three"], ["", "we"]),
        ("模型[...]说谎", ["模型", "说谎"], [""]),
    ],
)
def test_a_quote_is_segments_and_joins(
    text: str, segments: list[str], insertions: list[str]
) -> None:
    quote = parse_quote(text)
    assert list(quote.segments) == segments
    assert quote.joins == tuple(Join(words) for words in insertions)


@pytest.mark.parametrize(
    "text", ["[We] do it", "we do it [now]", "[...] [We] do it", "we do it, [now]."]
)
def test_an_insertion_at_an_end_is_not_forgotten(text: str) -> None:
    assert [words.lower() for words in parse_quote(text).insertions] in (["we"], ["now"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "...",
        "[...]",
        "[our models]",
        "—",
        "$",
        "= [...] =",
        "\\[\\]",
        "open [ bracket",
        "close ] it",
        "a ] b [ c",
        "nested [[not]] here",
        "one [two [three] four",
        "\\[ one ]",
    ],
)
def test_a_quote_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(QuoteError):
        parse_quote(text)


INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202e\u2066\u2069\x00\x07\ue000\U000e0061"
)


@pytest.mark.parametrize("char", INVISIBLE)
@pytest.mark.parametrize("quote", ["not{}able", "{}notable", "notable{}", "it [n{}ot] is"])
def test_an_invisible_character_is_refused_and_named(char: str, quote: str) -> None:
    with pytest.raises(QuoteError, match=f"U\\+{ord(char):04X}"):
        parse_quote(quote.format(char))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        quote = parse_quote(text)
    except QuoteError:
        return
    assert quote.segments
    assert len(quote.joins) == len(quote.segments) - 1
    assert all(segment == segment.strip() and segment for segment in quote.segments)


WORDS = st.lists(st.sampled_from(["we", "的", "3.5", "(it)", "\\[12\\]", "don’t"]), min_size=1)


@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=5), st.data())
def test_segments_and_joins_round_trip(segments: list[str], data: st.DataObject) -> None:
    joins = [
        data.draw(st.sampled_from(["[...]", "[our models]", "[...] [we]"])) for _ in segments[1:]
    ]
    written = segments[0]
    for join, segment in zip(joins, segments[1:], strict=True):
        written += f" {join} {segment}"
    assume(any(unicodedata.category(char)[0] in "LN" for char in written))
    quote = parse_quote(written)
    plain = [one.replace("\\[", "[").replace("\\]", "]") for one in segments]
    assert list(quote.segments) == plain
    kept = {"[...]": "", "[our models]": "our models", "[...] [we]": "we"}
    assert [join.insertion for join in quote.joins] == [kept[join] for join in joins]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it is not so", ("not",)),
        ("NOT Never no", ("NOT", "Never", "no")),
        ("we can't, don’t and cannot", ("can't", "don't", "cannot")),
        ("neither nor", ("neither", "nor")),
        ("nothing without hardly", ("nothing", "without", "hardly")),
        ("notable knots know another none-the-less", ("none",)),
        ("das ist nicht gut", ("nicht",)),
        ("不会", ("不",)),
        ("we 𝐧𝐨𝐭", ("not",)),
        ("we train with\ufffeout it", ("without",)),
        ("we can-\nnot do it", ("cannot",)),
        ("we do n\u200bot", ("not",)),
        ("all is well", ()),
        ("", ()),
    ],
)
def test_words_that_turn_a_sentence_round_are_found(text: str, words: tuple[str, ...]) -> None:
    assert negations_in(text) == words
