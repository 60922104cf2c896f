"""Canonical text: folding keeps places, and its relation is the one its docstring enumerates."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openbook.core.text import (
    Page,
    TextLayer,
    cluster_end,
    fold,
    fold_char,
    gap_readings,
    without_punctuation,
)
from tests.corpus import document, needs_corpus

TRICKY = (
    "ab fiﬁﬄ\n\r\t\f-–—\u00ad\ufffe\u0002\u200b\u2060’“'\"²½①5٣的。한한नि"
    "가ᄀ\u1161ｶﾞ\u0301\u0338\u00a0…№𝐊Ｋ"
)
TEXTS = st.one_of(st.text(st.sampled_from(TRICKY), max_size=40), st.text(max_size=40))

QUOTES = dict.fromkeys("‘’‚‛′ʼ`´‹›＇", "'") | dict.fromkeys("“”„‟″«»〝〞〟＂", '"')
DASHES = dict.fromkeys("‐‑‒–—―−⁃﹘﹣－⸺⸻", "-")


def clusters(text: str) -> list[str]:
    """Each character with the marks, Hangul vowels and finals, and kana sound marks after it."""
    found: list[str] = []
    for char in text:
        is_mark = unicodedata.category(char).startswith("M")
        is_part = "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff" or char in "ﾞﾟ"
        # White space and ASCII control characters stand apart from a mark that follows them.
        if found and (is_mark or is_part) and found[-1] not in " \n\r\t\f":
            found[-1] += char
        else:
            found.append(char)
    return found


def slowly(text: str) -> str:
    """The solid characters of a text, straight from the words of the docstring."""
    solid = ""
    for cluster in clusters(text):
        styled = "".join((QUOTES | DASHES).get(char, char) for char in cluster)
        if unicodedata.category(styled[0]) != "No":
            styled = unicodedata.normalize("NFKC", styled)
        for char in styled:
            char = (QUOTES | DASHES).get(char, char)
            noise = unicodedata.category(char) == "Cf" or char in "\u00ad\ufffe\u0002"
            if not (char == "-" or char.isspace() or noise):
                solid += char
    return solid


@given(TEXTS)
@example("a\u0301 \u0301b")
@example("\u0301")
@example("ﬁ\u0301x")
@example("가\u11a8")
@example("\x1c\x1d\x1e\x1fa\x0bb\x85c")
def test_folding_equals_the_slow_reading_of_the_docstring(text: str) -> None:
    assert fold(text).solid == slowly(text)


@given(TEXTS)
def test_folding_the_cluster_at_a_place_gives_the_solid_character(text: str) -> None:
    folded = fold(text)
    assert len(folded.places) == len(folded.solid)
    assert list(folded.places) == sorted(folded.places)
    for index, char in enumerate(folded.solid):
        start, end = folded.start(index), folded.end(index)
        assert 0 <= start < end <= len(text)
        assert end == cluster_end(text, start)
        assert char in fold_char(text[start:end])


@given(TEXTS)
def test_solid_characters_and_gaps_cover_the_text(text: str) -> None:
    folded = fold(text)
    size = len(folded.solid)
    if not size:
        return
    rebuilt = text[: folded.start(0)]
    for index in range(size):
        if index == 0 or folded.places[index] != folded.places[index - 1]:
            rebuilt += text[folded.start(index) : folded.end(index)]
        if index < size - 1:
            rebuilt += folded.gap(index)
    assert rebuilt + text[folded.end(size - 1) :] == text


@given(TEXTS, st.data())
def test_a_span_folds_to_the_solid_characters_between_its_ends(
    text: str, data: st.DataObject
) -> None:
    folded = fold(text)
    if not folded.solid:
        return
    first = data.draw(st.integers(0, len(folded.solid) - 1))
    last = data.draw(st.integers(first, len(folded.solid) - 1))
    within = fold(text[folded.start(first) : folded.end(last)]).solid
    assert folded.solid[first : last + 1] in within


@given(TEXTS)
def test_folding_without_punctuation_keeps_the_places_of_the_rest(text: str) -> None:
    folded = fold(text)
    bare = without_punctuation(folded)
    kept = dict(zip(bare.places, bare.solid, strict=True))
    assert set(kept) <= set(folded.places)
    assert not set(bare.solid) & set(".,;:!?'\"()[]{}-。、「」")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("한국어", unicodedata.normalize("NFD", "한국어")),
        ("각", "가\u11a8"),
        ("हिन्दी", unicodedata.normalize("NFD", "हिन्दी")),
        ("কো", "ক\u09c7\u09be"),
        ("é", "e\u0301"),
        ("ệ", "e\u0302\u0323"),
        ("ガパ", "ｶﾞﾊﾟ"),
        ("office affluent", "oﬃce aﬄuent"),
        ("ＧＰＴ−４", "GPT-4"),
        ("“a” ‘b’ „c‟", '"a" \'b\' "c"'),
        ("a–b—c−d", "a-b-c-d"),
        ("𝐊 tokens", "K tokens"),
        ("wait…", "wait..."),
        ("not\u200b able", "not able"),
    ],
)
def test_two_writings_of_one_text_fold_alike(one: str, other: str) -> None:
    assert fold(one).solid == fold(other).solid


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10²", "102"),
        ("½", "1/2"),
        ("½", "1⁄2"),
        ("①", "1"),
        ("H₂O", "H2O"),
        ("⒈", "1."),
        ("Model", "model"),
        ("résumé", "resume"),
        ("is", "іs"),
        ("漢字", "汉字"),
        ("é", "e"),
        ("no\u0338t", "not"),
        ("5%", "5‰"),
        ("あ", "ア"),
        ("한", "하"),
    ],
)
def test_texts_that_differ_stay_distinct(one: str, other: str) -> None:
    assert fold(one).solid != fold(other).solid


@pytest.mark.parametrize(
    ("gap", "before", "after", "readings"),
    [
        ("", "a", "b", {""}),
        (" ", "a", "b", {" "}),
        (" \t\u00a0\u2003 ", "a", "b", {" "}),
        ("\n", "a", "b", {" "}),
        (" \n \n ", "a", "b", {" "}),
        ("\f", "a", "b", {" "}),
        ("\u2028", "a", "b", {" "}),
        ("\n", ".", "b", {" ", ""}),
        ("\n", "/", "b", {" ", ""}),
        ("\n", "a", "(", {" ", ""}),
        ("\n", "的", "人", {" ", ""}),
        (" ", "的", "人", {" ", ""}),
        ("\u3000 ", "カ", "a", {" ", ""}),
        (" ", "4", "名", {" ", ""}),
        (" ", ",", "但", {" ", ""}),
        (" ", "ก", "ข", {" "}),
        (" ", "한", "국", {" "}),
        (" - ", "的", "人", {" - "}),
        ("\n", "的", "a", {" ", ""}),
        ("\n\u3000", "4", "的", {" ", ""}),
        ("\n", "한", "국", {" "}),
        ("\n", "1", "5", {" "}),
        ("\n", ".", "5", {" "}),
        ("\n", "1", ".", {" "}),
        ("-", "a", "b", {"-"}),
        (" – ", "a", "b", {" - "}),
        ("-\n", "a", "b", {"", "-", "- "}),
        ("-  \n ", "a", "b", {"", "-", "- "}),
        ("-\f", "a", "b", {"", "-", "- "}),
        ("\u00ad", "a", "b", {"", "-", "- "}),
        ("\ufffe", "a", "b", {"", "-", "- "}),
        ("\u0002\n", "a", "b", {"", "-", "- "}),
        ("\n-", "a", "b", {" -"}),
        (" -\n", "a", "b", {" -", " - "}),
        ("-\n", ",", "b", {"-", "- "}),
        ("-\n", ",", "5", {"-", "- "}),
        (" \ufffe", "f", "5", {" -", " - "}),
        ("\ufffe", "f", "5", {"", "-", "- "}),
        ("--\n", "a", "b", {"--", "-- "}),
        ("\u200b", "a", "b", {""}),
        (" \u200b ", "a", "b", {" "}),
        ("--", "a", "b", {"--"}),
    ],
)
def test_a_gap_has_these_readings(gap: str, before: str, after: str, readings: set[str]) -> None:
    assert gap_readings(gap, before, after) == readings


@pytest.mark.parametrize("gap", ["-\n", "\ufffe", "\u0002", "\u00ad", "–\n"])
def test_a_divided_number_never_closes_up(gap: str) -> None:
    # "4-" at the end of a line and "9" on the next are a range: numbers are not hyphenated.
    assert "" not in gap_readings(gap, "4", "9")


@pytest.mark.parametrize("dash", "—–")
def test_a_long_dash_before_a_line_break_divides_no_word(dash: str) -> None:
    assert "" not in gap_readings(f"{dash}\n", "t", "a")


def test_the_text_of_a_layer_joins_pages_by_a_line_break() -> None:
    layer = TextLayer((Page(1, "one"), Page(2, ""), Page(3, "two")), "test")
    assert layer.text == "one\f\ftwo"
    assert layer.starts == (0, 4, 5)


def test_layers_hash_alike_only_if_every_page_is_alike() -> None:
    layers = [
        TextLayer((Page(1, "a"), Page(2, "b")), "x 1"),
        TextLayer((Page(1, "a"), Page(3, "b")), "x 1"),
        TextLayer((Page(1, "a"), Page(2, "b ")), "x 1"),
        TextLayer((Page(1, "a"), Page(2, "b")), "x 2"),
        TextLayer((Page(1, "a\f2\nb"),), "x 1"),
    ]
    assert len({layer.sha256 for layer in layers}) == len(layers)


@needs_corpus
@pytest.mark.parametrize("key", ["bai-2022b", "kimi-k2", "qwen-team-2023"])
def test_real_documents_fold_as_the_slow_reading_does(key: str) -> None:
    text = document(key).text
    assert fold(text).solid == slowly(text)
