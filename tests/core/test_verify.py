"""A quote is verified if and only if its words stand there; the edges, the elisions, the states."""

from __future__ import annotations

import itertools
import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openbook.core.quote import Join, Quote, QuoteError, parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import MAX_ELISION, Span, State, Verification, verify
from tests.corpus import document, layer, needs_corpus


def check(quote: str, text: str) -> Verification:
    return verify(parse_quote(quote), layer(text))


def whole(segment: str) -> Quote:
    """A segment as it is, without reading brackets."""
    return Quote((segment,), ())


# --- True segments ----------------------------------------------------------------------------

LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
STYLES = {"'": "’‘′", '"': "“”„", "-": "‐‑–—−", "’": "'‘", "“": '"„', "”": '"', "–": "-—"}


def restyled(text: str, rng: random.Random) -> str:
    """The text with ligatures and with quotes and dashes of other styles."""
    for plain, ligature in LIGATURES.items():
        if rng.random() < 0.7:
            text = text.replace(plain, ligature)
    return "".join(rng.choice(STYLES.get(char, char)) for char in text)


def rewrapped(text: str, rng: random.Random) -> str:
    """The text with its line breaks moved."""
    spaces = [" ", "  ", "\n", " \n", "\r\n", "\t", "\u00a0"]
    return re.sub(r"\s+", lambda _: rng.choice(spaces), text)


def hyphenated(text: str, rng: random.Random, marks: list[str]) -> str:
    """The text with some of its longer words divided at the end of a line."""

    def divided(match: re.Match[str]) -> str:
        word = match.group()
        if rng.random() < 0.6:
            return word
        at = rng.randint(2, len(word) - 2)
        return word[:at] + rng.choice(marks) + word[at:]

    return re.sub(r"[a-z]{5,}", divided, text)


OF_NUMBER = re.compile(r"\S*\d\S*\s+(hundred|thousand|million|billion|trillion|percent)\b")


def stretches(text: str, count: int, rng: random.Random) -> list[Span]:
    """Random stretches from the beginning of one word to the end of another."""
    divided = re.compile(r"[-\u2010-\u2015\u2212\u00ad\ufffe\u0002]\s*$|^[-\u2010-\u2015\u2212]")
    words = [
        word
        for word in re.finditer(r"\S+", text)
        if not divided.search(text[max(0, word.start() - 6) : word.start()])
        and not divided.search(word.group())
        and any(map(str.isalnum, word.group()))
    ]
    found = []
    for _ in range(count):
        first = rng.randrange(len(words))
        last = min(first + rng.randint(0, 60), len(words) - 1)
        if OF_NUMBER.match(text, words[last].start()):
            last = min(last + 1, len(words) - 1)
        found.append(Span(words[first].start(), words[last].end()))
    return found


PROSE = """The ﬁrst 40 labelers didn’t agree, and we asked "why". It's a well-known eﬀect:
of 1,024 prompts, 15% (or 4–9 a day) were off. We define helpful, honest and harmless
behaviour in officially affirmed guidelines; see http://a.example/guide-
lines.html and [12]. A sufficiently large, fine-tuned model isn't worse — rather better —
than the baseline (10² steps, -0.5 points). “Safety” comes first, 'helpfulness' second."""


@needs_corpus
@pytest.mark.parametrize(
    "key",
    ["ouyang-2022", "bai-2022b", "askell-2021", "gemma-team-2025", "qwen-team-2024", "kimi-k2"],
)
def test_a_stretch_of_a_real_document_verifies_as_it_stands(key: str) -> None:
    text = document(key)
    rng = random.Random(key)
    wrong = [
        text.text[span.start : span.end]
        for span in stretches(text.text, 150, rng)
        if verify(whole(text.text[span.start : span.end]), text).state is not State.VERIFIED
    ]
    assert wrong == []


@needs_corpus
@pytest.mark.parametrize(
    "key",
    ["ouyang-2022", "bai-2022b", "openai-2023-system-card", "deepseek-r1", "touvron-2023b"],
)
def test_a_stretch_of_a_real_document_verifies_rewrapped_and_restyled(key: str) -> None:
    text = document(key)
    rng = random.Random(key)
    wrong = []
    for span in stretches(text.text, 150, rng):
        true = text.text[span.start : span.end]
        quote = hyphenated(rewrapped(restyled(true, rng), rng), rng, ["-\n", "- \n", "-\r\n"])
        found = verify(whole(quote), text)
        if found.state is not State.VERIFIED:
            wrong.append((true, quote))
    assert wrong == []


@pytest.mark.parametrize("seed", range(60))
def test_a_stretch_verifies_whatever_the_line_breaks_of_quote_and_source(seed: int) -> None:
    rng = random.Random(seed)
    span = stretches(PROSE, 1, rng)[0]
    marks = ["-\n", "\ufffe", "\u0002", "-\f", "\u00ad", "\u2010\n", "\ufffe\n", "-\r\n"]
    source = "".join(
        hyphenated(rewrapped(restyled(part, rng), rng), rng, marks)
        for part in (PROSE[: span.start], PROSE[span.start : span.end], PROSE[span.end :])
    )
    true = PROSE[span.start : span.end]
    quote = hyphenated(rewrapped(restyled(true, rng), rng), rng, ["-\n", "-\r\n"])
    assert verify(whole(quote), layer(source)).state is State.VERIFIED


TOKENS = ["we", "not", "model's", "fine-tuned", "1.5", "1,000", "15%", "(a)", "“b”", "off,", "4–9"]
WORDS = st.lists(
    st.sampled_from([*TOKENS, "$5", "U.S.", "the.", "的", "人", "-3", "x_y"]),
    min_size=3,
    max_size=12,
)


@given(WORDS, st.data())
def test_a_word_aligned_segment_of_a_generated_text_verifies(
    words: list[str], data: st.DataObject
) -> None:
    breaks = st.sampled_from([" ", "\n", " \n ", "\f"])
    text = "".join(word + data.draw(breaks) for word in words) + "end"
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1])
    assert check(quote, text).state is State.VERIFIED


@given(WORDS, st.integers(0, 12))
def test_the_span_of_a_segment_is_where_it_stands(words: list[str], cut: int) -> None:
    before = "".join(f"q{n} " for n in range(cut))
    text = before + " ".join(words) + " end"
    found = check(" ".join(words), text)
    assert found.spans == (Span(len(before), len(text) - len(" end")),)


# --- The relation, slowly ---------------------------------------------------------------------

SOLID = {
    "a": "a",
    "b": "b",
    "1": "1",
    "2": "2",
    ".": ".",
    "’": "'",
    "'": "'",
    "ﬁ": "fi",
    "的": "的",
}
ALPHABET = [*SOLID, " ", "\n", "-", "–", "\ufffe"]


def writings(text: str) -> set[str]:
    """Every way of writing a text that the docstring of core.text calls equal, in plain signs.

    A long dash or a mark before a digit and after one never closes up, nor does a long dash or a
    hyphen that stands alone before a line break: none divides a word.
    """
    parts = re.findall(r"[ \n–\ufffe-]+|[^ \n–\ufffe-]", text)
    options: list[set[str]] = []
    for at, part in enumerate(parts):
        if part in SOLID:
            options.append({SOLID[part]})
            continue
        before = SOLID[parts[at - 1]][-1]
        after = SOLID[parts[at + 1]][0]
        options.append(written(part, before, after))
    return {"".join(choice) for choice in itertools.product(*options)}


def written(gap: str, before: str, after: str) -> set[str]:
    digits = before in "12" and after in "12"
    found = {""}
    for unit in re.findall(r"[-–\ufffe] *\n[ \n]*| *\n[ \n]*| +|\ufffe|-|–", gap):
        if unit[0] == "\ufffe" or (unit[0] in "-–" and "\n" in unit):
            is_alone = found != {""} or before in ".'"
            stays = digits or unit[0] == "–"
            stays |= is_alone and (unit[0] == "-" or after in "12")
            ways = {"-", "- "} if stays else {"", "-", "- "}
        elif "\n" in unit:
            signs = ".'"
            no_space = "的" in (before, after) or (
                (before in signs or after in signs) and not {before, after} & set("12")
            )
            ways = {" ", ""} if no_space else {" "}
        elif unit[0] == " ":
            # Beside other marks it is part of " - ", which stays.
            is_sign = gap.strip(" ") == "" and "的" in (before, after) and after != "."
            ways = {" ", ""} if is_sign else {" "}
        else:
            ways = {"-"}
        found = {left + right for left in found for right in ways}
    return {re.sub(" +", " ", one) for one in found}


def marks_fit(quote: str, text: str) -> bool:
    """Whether each bare U+FFFE in a quote has a division of the text in its place."""
    gaps = [re.split("[^ \n–\ufffe-]", side.replace("ﬁ", "fi")) for side in (quote, text)]
    return all(
        "\ufffe" not in ours or " " in ours or "\n" in ours or re.search(r"\ufffe|- *\n", theirs)
        for ours, theirs in zip(*gaps, strict=True)
    )


def is_whole(quote: str, text: str) -> bool:
    """Whether a quote is verified as the whole of a text."""
    found = verify(whole(quote), layer(text))
    return found.state is State.VERIFIED and found.spans == (Span(0, len(text)),)


INNER = st.text(st.sampled_from(ALPHABET), max_size=6).map(lambda text: f"a{text}b")


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts with the same solid characters and gaps of their own."""
    solids = draw(st.lists(st.sampled_from(list(SOLID)), max_size=4))
    gaps = st.text(st.sampled_from(" \n-–\ufffe"), max_size=3)
    texts = []
    for _ in range(2):
        chars = ["a", *solids, "b"]
        texts.append("".join(char + draw(gaps) for char in chars[:-1]) + "b")
    return texts[0], texts[1]


@settings(max_examples=300)
@given(st.one_of(pairs(), st.tuples(INNER, INNER)))
@example(("a1-\n2b", "a12b"))
@example(("a–\nb", "ab"))
@example(("a -\nb", "a b"))
@example(("a.-\n1b", "a.1b"))
@example(("a \ufffe1b", "a 1b"))
@example(("a\ufffeb", "a b"))
@example(("a.\nb", "a.b"))
@example(("aﬁ\nb", "aﬁ b"))
def test_two_texts_verify_if_and_only_if_they_are_equal_under_the_relation(
    texts: tuple[str, str],
) -> None:
    quote, text = texts
    is_equal = bool(writings(quote) & writings(text)) and marks_fit(quote, text)
    assert is_whole(quote, text) is is_equal


@settings(max_examples=300)
@given(INNER, INNER)
def test_equality_without_marks_is_symmetric(one: str, other: str) -> None:
    if "\ufffe" not in one + other:
        assert is_whole(one, other) is is_whole(other, one)


# --- Punctuation only -------------------------------------------------------------------------

GAPS = ["".join(signs) for size in range(3) for signs in itertools.product(" .,-('", repeat=size)]


def numbers(text: str) -> list[str]:
    """The numbers of a text of one line, each with its sign and what stands inside it."""
    return re.findall(r"(?<![\w.-])[-.]*\d+(?:[.,'-]+\d+)*|\d+(?:[.,'-]+\d+)*", text)


@pytest.mark.parametrize(("before", "after"), ["a5", "=5", "15", "5a", "%5", ")5", "$5", "的5"])
def test_quotes_with_other_numbers_never_stand(before: str, after: str) -> None:
    wrong = []
    for ours, theirs in itertools.permutations(GAPS, 2):
        quote, text = f"a {before}{ours}{after} b", f"a {before}{theirs}{after} b"
        if numbers(quote) != numbers(text) and verify(whole(quote), layer(text)).state.stands:
            wrong.append((quote, text))
    assert wrong == []


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("helpful honest and harmless", "helpful, honest, and harmless"),
        ("a high quality answer", "a high-quality answer"),
        ("a high-quality answer", "a high quality answer"),
        ("the model is safe", "the “model” is (safe)"),
        ("safe. We train", "safe, We train"),
        ("models' outputs", "models outputs"),
        ("GPT 4 answers", "GPT-4 answers"),
        ("end of it Then", "end of it.\n\nThen"),
        ("we — that is — they", "we, that is, they"),
    ],
)
def test_other_punctuation_alone_is_a_weaker_state(quote: str, text: str) -> None:
    assert check(quote, text).state is State.PUNCTUATION


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("about 15 points", "about 1.5 points"),
        ("about 1.5 points", "about 15 points"),
        ("about 1,5 points", "about 1.5 points"),
        ("about 1 000 points", "about 1,000 points"),
        ("about 1,000 points", "about 1 000 points"),
        ("about 1000 points", "about 1,000 points"),
        ("about 49 points", "about 4-9 points"),
        ("about 4 9 points", "about 4-9 points"),
        ("about 4-9 points", "about 49 points"),
        ("about 49 points", "about 4-\n9 points"),
        ("about 49 points", "about 4\ufffe9 points"),
        ("about 4-\n9 points", "about 49 points"),
        ("about 49 points", "about 4–\n9 points"),
        ("about 102 points", "about 10² points"),
        ("about 10 points", "about 10² points"),
        ("about 5 points", "about -5 points"),
        ("about -5 points", "about 5 points"),
        ("about 5 points", "about .5 points"),
        ("about .5 points", "about 5 points"),
        (".5 points rose", "there 5 points rose"),
        ("- 5 points rose", "there 5 points rose"),
        ("– 5 points rose", "there = 5 points rose"),
        ("-.5 points rose", "there 5 points rose"),
        ("about -.5 points", "about 5 points"),
        ("r = 0.5 here", "r =-0.5 here"),
        ("(1, 5) here", "(1,-5) here"),
        ("(x, 5) here", "(x,-5) here"),
        ("costs $ 5 now", "costs $.5 now"),
        ("a loss of 5 points", "a loss of -\n5 points"),
        ("a loss of 5 points", "a loss of −\n5 points"),
        ("a loss of 5 points", "a loss of \ufffe5 points"),
        ("at (1,3) here", "at (1,-\n3) here"),
        ("about 15 of", "about 15% of"),
        ("about 15% of", "about 15 of"),
        ("about 1 5 points", "about 1’5 points"),
        ("about 3:1 odds", "about 3.1 odds"),
        ("about 31 odds", "about 3:1 odds"),
    ],
)
def test_another_number_is_never_mere_punctuation(quote: str, text: str) -> None:
    assert check(quote, text).state is State.MISSING


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("its own", "it's own"),
        ("it's own", "its own"),
        ("were sure", "we’re sure"),
        ("we’re sure", "were sure"),
        ("we re sure", "we’re sure"),
        ("cant do", "can't do"),
        ("were fine", "we'-\nre fine"),
        ("highquality answer", "high-quality answer"),
        ("high-quality answer", "highquality answer"),
        ("a notable case", "a not able case"),
        ("a notable case", "a not\nable case"),
        ("a notable case", "a not—\nable case"),
        ("a notable case", "a not -\nable case"),
        ("a notable case", "a not \ufffeable case"),
        ("a notable case", "a not--\nable case"),
        ("a not\u00adable case", "a not able case"),
        ("a not\u00adable case", "a not\nable case"),
        ("a not\ufffeable case", "a not able case"),
        ("a help ful case", "a helpful case"),
        ("a not able case", "a notable case"),
        ("the US army", "the us army"),
        ("the US army", "the U.S. army"),
        ("and/or", "and or"),
    ],
)
def test_other_words_are_never_mere_punctuation(quote: str, text: str) -> None:
    assert check(quote, text).state is State.MISSING


# --- Edges ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("helpful", "an unhelpful answer"),
        ("notable", "it is not able to"),
        ("notable", "it is not\nable to"),
        ("harmful", "a non-harmful answer"),
        ("harmful", "a non\u2010harmful answer"),
        ("-harmful", "a non-harmful answer"),
        ("a non-", "a non-harmful answer"),
        ("a non", "a non-harmful answer"),
        ("harmful", "a non-\nharmful answer"),
        ("harmful", "a non-\n  harmful answer"),
        ("harmful", "a non-\n\n\n\nharmful answer"),
        ("a non", "a non-\nharmful answer"),
        ("harmful", "a non\ufffeharmful answer"),
        ("harmful", "a non\ufffe\nharmful answer"),
        ("harmful", "a non\u00adharmful answer"),
        ("harmful", "a non\u200bharmful answer"),
        ("harmful", "a non-\fharmful answer"),
        ("15", "rose by 1.5 points"),
        ("15", "rose by 153 points"),
        ("15", "rose by 15% then"),
        ("15", "rose by -15 points"),
        ("15", "rose by −15 points"),
        ("15", "rose by .15 points"),
        ("15", "rose by 15.5 points"),
        ("15", "rose by 15-20 points"),
        ("20", "rose by 15-20 points"),
        ("rose by 15", "rose by 15K points"),
        ("rose by 15", "rose by 15² points"),
        ("rose by 15", "rose by 15½ points"),
        ("rose by 15", "rose by 15^6 points"),
        ("rose by 1.5", "rose by 1.5×10^6 points"),
        ("rose by 15", "rose by 15％ then"),
        ("rose by 15", "rose by 15 % then"),
        ("2 of the data", "about 1/2 of the data"),
        ("1 against us", "odds of 3:1 against us"),
        ("2 of the data", "about 1⁄2 of the data"),
        (".5 million", "about 1.5 million"),
        (",000 labelers", "about 40,000 labelers"),
        ("% of labelers", "about 15% of labelers"),
        ("about 40,", "about 40,000 labelers"),
        ("about 4-", "about 4-9 labelers"),
        ("-9 labelers", "about 4-9 labelers"),
        ("we can", "we can't do it"),
        ("we can", "we can’t do it"),
        ("we can’", "we can’t do it"),
        ("’t do it", "we can’t do it"),
        ("the model", "the model's answer"),
        ("law in the model", "the ﬂaw in the model"),
        ("of our staf", "of our staﬀ"),
        ("ind it", "we ﬁnd it"),
        ("it was of", "it was oﬀ"),
        ("user", "the user_id field"),
        ("costs 5", "costs 50"),
        ("costs 1.5", "costs 1.5 million"),
        ("costs 1.5", "costs 1.5\nMillion"),
        ("costs 5", "costs 5-million"),
        ("about 15", "about 15 percent of"),
        ("about 15", "about 15 per cent of"),
        ("etwa 15", "etwa 15 Prozent der"),
        ("数据5", "数据5万条"),
        ("5 for it", "costs $5 for it"),
        ("5 for it", "costs >5 for it"),
    ],
)
def test_a_segment_in_another_word_is_refused(quote: str, text: str) -> None:
    assert check(quote, text).state is State.MISSING


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("helpful", "(helpful)"),
        ("helpful", "‘helpful’,"),
        ("helpful", "honest/helpful/harmless"),
        ("models", "the models' answers"),
        ("helpful", "honest—helpful—harmless"),
        ("we trained", "as before.12 we trained"),
        ("in 2022.", "in 2022.\nThen"),
        ("of 15", "of 15, and"),
        ("of 15", "of 15."),
        ("of 15", "of 15 millionaires"),
        ("of 15", "of 15 models"),
        ("$5", "costs $5."),
        ("15%", "of 15% and"),
        ("-0.5 points", "by -0.5 points"),
        ("模型", "我们的模型是"),
        ("不可以", "模型不可以说谎"),
        ("as in", "as in.5 we"),
        ("pre- and post-training", "pre-\nand post-training"),
        ("high-quality", "a high-quality one"),
        ("fine-", "fine- or coarse-grained"),
        ("our goals", "our goals\n-safety first\n-honesty"),
        ("safety first", "our goals\n-safety first\n-honesty"),
        ("the rise was", "the rise was\n-3 points"),
        ("- 3 points", "the rise was\n- 3 points"),
        ("- points", "the rise was 3 points"),
    ],
)
def test_a_segment_between_edges_of_words_is_found(quote: str, text: str) -> None:
    assert check(quote, text).state is State.VERIFIED


@pytest.mark.parametrize("char", "ⓐａ𝐚𝚊ª")
def test_a_look_alike_stands_only_where_the_document_has_it(char: str) -> None:
    assert verify(whole(f"the m{char}n here"), layer("the man here")).state is State.MISSING
    assert verify(whole("the man here"), layer(f"the m{char}n here")).state is State.VERIFIED


@pytest.mark.parametrize("char", "ⅼſ")
def test_a_letter_that_only_looks_like_another_is_refused(char: str) -> None:
    plain = {"ⅼ": "l", "ſ": "s"}[char]
    assert verify(whole(f"po{char}icy"), layer(f"the po{plain}icy")).state is State.MISSING


# --- Elisions ---------------------------------------------------------------------------------


def test_segments_stand_in_order() -> None:
    text = "First we collect data. Then we train a model. Last we publish it."
    assert check("we collect data [...] we publish it", text).state is State.WITH_ELISION
    assert check("we publish it [...] we collect data", text).state is State.MISSING
    assert check("we train [...] we train", text).state is State.MISSING


def test_segments_do_not_overlap() -> None:
    assert check("we train a [...] a model", "we train a model").state is State.MISSING


@pytest.mark.parametrize("sign", ["≠", "<", "$", "¬", "→"])
def test_a_symbol_between_elisions_must_stand_in_the_document(sign: str) -> None:
    quote = f"the loss of it [...] {sign} [...] that of others"
    assert check(quote, "the loss of it is = by rule that of others").state is State.MISSING
    text = f"the loss of it is {sign} by rule that of others"
    assert check(quote, text).state is State.WITH_ELISION


def test_an_elision_has_a_cap() -> None:
    def state(size: int) -> State:
        return check("we begin [...] we end", f"we begin{' ' * size}we end").state

    assert state(MAX_ELISION) is State.WITH_ELISION
    assert state(MAX_ELISION + 1) is State.MISSING


def test_an_elision_shows_what_it_leaves_out() -> None:
    text = "We ask the labelers, who were paid well, to be honest."
    found = check("We ask the labelers [...] to be honest", text)
    assert [one.text for one in found.elisions] == [", who were paid well, "]
    assert text[found.elisions[0].span.start : found.elisions[0].span.end] == found.elisions[0].text


def test_the_nearest_places_of_the_segments_are_taken() -> None:
    text = "we train here. " * 3 + "we train models that answer. " + "that answer late."
    found = check("we train [...] that answer", text)
    assert found.elisions[0].text == " models "


def test_a_later_place_of_a_middle_segment_is_tried() -> None:
    far = "word " * 400
    text = f"we begin here and go on {far} and go on {far} we end"
    assert check("we begin [...] go on [...] we end", text).state is State.WITH_ELISION


def test_a_first_segment_that_stands_very_often_is_tried_everywhere() -> None:
    text = "we see. " * 500 + "x " * 2000 + "we see the end"
    assert check("we see [...] end", text).state is State.WITH_ELISION


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("The model is [...] helpful.", "The model is not helpful."),
        ("The model is [...] helpful.", "The model is, as we said, not helpful."),
        ("The model [...] helps.", "The model never once helps."),
        ("We do [...] filter data.", "We don't filter code, and We do not filter data."),
        ("We [...] filter data.", "We don’t filter data."),
        ("We [...] filter data.", "We can-\nnot filter data."),
        ("We train [...] filters.", "We train with\ufffeout filters."),
        ("We train [...] filters.", "We train with\u200bout filters."),
        ("We [...] and publish it.", "We did not collect data, and publish it."),
        ("模型[...]说谎", "模型不会说谎"),
        ("Das Modell ist [...] gut", "Das Modell ist nicht gut"),
        ("Das Modell ist [...] gut", "Das Modell ist kaum gut"),
        ("We [...] train on it.", "We, however, do not, in general, train on it."),
        ("It is [...] helpful.", "It is, so we hear, (almost never) helpful."),
        ("It is [...] helpful.", "It is, so we hear, never — we think — helpful."),
        ("We [...] train on it.", "We, it is said, do not (Doe et al. 2020) train on it."),
        ("We [...] train on it.", "We, it is said, do not, by a factor of 1.5, train on it."),
        ("It is [...] helper.", "It is, so we hear, a not-\nso-good helper."),
        ("We use data [...] from users", "We use data other than that from users"),
        ("We use people [...] models", "We use people rather than models"),
        ("We use people [...] models", "We use people instead\nof models"),
        ("We use all data [...] of users", "We use all data except those of users"),
        ("We publish [...] users agree", "We publish nothing; that is, unless users agree"),
        ("Models should [...] discuss war", "Models should avoid to discuss war"),
        ("Models should [...] discuss war", "Models should refuse to discuss war"),
        ("Models should [...] discuss war", "Models should decline to discuss war"),
        ("It is [...] helpful", "It is far from helpful"),
        ("It is [...] helpful", "It is everything but helpful"),
        ("We train [...] filters", "We train w/o filters"),
        ("模型[...]说谎", "模型拒绝说谎"),
        ("我们使用[...]数据", "我们使用非公开的数据"),
        ("模型[……]说谎", "模型从未来得及说谎"),
        ("モデルは[...]学習する", "モデルは個人情報を使わないで学習する"),
        ("データを[...]次に", "データを学習に使っていません。次に"),
        ("โมเดล[...]ข้อมูล", "โมเดลไม่ใช้ข้อมูล"),
        ("모델은 [...] 사용한다", "모델은 안 사용한다"),
        ("Wir nutzen die Daten [...] So", "Wir nutzen die Daten, die wir haben, nicht. So"),
        (
            "Wir nutzen die Daten [...]. Danach",
            "Wir nutzen die Daten aller Nutzer aus den ersten beiden Jahren nicht. Danach",
        ),
        ("Es ist [...] erlaubt", "Es ist keineswegs erlaubt"),
        ("Wir nutzen [...] Daten", "Wir nutzen nichtöffentliche Daten"),
        ("Sie dürfen [...] es sagen", "Sie dürfen nie-\nmals es sagen"),
        ("公开信息[...]其他", "公开信息，取得个人单独同意的除外。其他"),
    ],
)
def test_an_elision_that_hides_a_negation_alters_the_quote(quote: str, text: str) -> None:
    found = check(quote, text)
    assert found.state is State.ALTERED
    assert found.reason
    assert any(one.hides for one in found.elisions)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("We filter [...] at length.", "We filter not only code but text at length."),
        ("We train it. [...] It helps.", "We train it. It took long and was not easy. It helps."),
        ("We filter data [...] at length.", "We filter data and text at length."),
        ("It took long. [...] It helps.", "It took long. We, alas, did not sleep. It helps."),
        ("It took long. [...] It helps.", "It took long. We did not sleep (Doe et al.)! It helps."),
        ("It took long. [...] it helps.", "It took long. We did not sleep; it helps."),
        ("We filter [...] data", "We filter non-public data"),
        ("We filter it [...] other data", "We filter it and, with other tools, other data"),
        ("我们训练。[...]它有用", "我们训练。我们不睡，它有用"),
        ("模型[...]有用", "模型非常有用"),
        ("性能[...]提升", "性能特别在未来提升"),
        ("Wir messen. [...] Es hilft.", "Wir messen. Wir schlafen nicht. Es hilft."),
        ("Wir messen es [...] Es hilft.", "Wir messen es. Wir schlafen nicht. Es hilft."),
    ],
)
def test_an_elision_that_turns_nothing_round_is_allowed(quote: str, text: str) -> None:
    assert check(quote, text).state is State.WITH_ELISION


@given(
    st.lists(
        st.sampled_from(["we", "models,", "(so", "say)", "—", "1.5", "et al.", "data"]), max_size=9
    ),
    st.lists(st.sampled_from(["in", "fact,", "(to", "say)", "—", "1.5", "e.g. data"]), max_size=9),
    st.sampled_from(["not", "Never", "don’t", "without", "rather than", "(not)", "not,"]),
)
def test_a_negation_in_a_sentence_quoted_at_both_its_ends_is_hidden(
    before: list[str], after: list[str], negation: str
) -> None:
    text = " ".join(["At first", *before, negation, *after, "train on it at last."])
    assert check("At first [...] train on it at last.", text).state is State.ALTERED


def test_a_place_that_hides_no_negation_is_preferred() -> None:
    text = "The model is not very helpful. Later the model is made to be so much more helpful."
    assert check("model is [...] helpful", text).state is State.WITH_ELISION


@pytest.mark.parametrize(
    "quote",
    [
        "The model is [not] helpful",
        "[It is not true that] the model is helpful",
        "[Never:] the model is helpful",
        "model is helpful [not]",
        "model is helpful [, or it is without use]",
        "the model [does NOT] helpful",
        "the model [n't] helpful",
        "the model [𝐧𝐨𝐭] helpful",
        "the model [nоt] helpful",
        "the model is [un]helpful",
        "the model is [non-]helpful",
        "模型 [不] helpful",
    ],
)
def test_an_insertion_that_denies_alters_the_quote(quote: str) -> None:
    text = "We say that the model is helpful. And The model is helpful. 模型 helpful."
    try:
        assert not check(quote, text).state.stands
    except QuoteError:
        return


def test_an_insertion_stands_for_words_left_out() -> None:
    found = check(
        "[our models] answer well and [they] are safe",
        "InstructGPT models answer well and InstructGPT models are safe",
    )
    assert found.state is State.WITH_ELISION
    assert found.elisions[0].insertion == "they"


def test_an_elided_quote_may_use_other_punctuation() -> None:
    found = check("we train a model [...] it is safe", "we train, a model, so it is (safe)")
    assert found.state is State.PUNCTUATION


# --- Cautions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("able to judge", "It is not able to judge."),
        ("filters of any kind", "We train it without filters of any kind."),
        ("judge it", "We can't judge it."),
        ("judge it", "We can’t\njudge it."),
        ("可以说谎", "模型不可以说谎"),
        ("judge it", "We refuse with\ufffeout “judge it”."),
        ("human labels", "We use models instead of human labels."),
        ("human labels", "We use models rather\nthan human labels."),
    ],
)
def test_a_negation_just_before_a_quote_is_a_caution(quote: str, text: str) -> None:
    found = check(quote, text)
    assert found.state is State.VERIFIED
    assert "read it in its sentence" in found.reason


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Wir nutzen diese Daten", "Wir nutzen diese Daten für das Training nicht. Es ist gut."),
        ("データを学習", "データを学習に使っていません。"),
        ("모델은 데이터를 사용하지", "모델은 데이터를 사용하지 않는다."),
    ],
)
def test_a_negation_that_stands_behind_what_it_denies_is_a_caution(quote: str, text: str) -> None:
    found = check(quote, text)
    assert found.state is State.VERIFIED
    assert "read it to its end" in found.reason


def test_a_negation_of_the_next_sentence_is_no_caution() -> None:
    text = "Wir nutzen diese Daten für das Training. Nutzer fragen wir nicht."
    assert check("Wir nutzen diese Daten", text).reason == ""


def test_without_a_negation_before_it_a_quote_has_no_caution() -> None:
    assert check("able to judge", "It is able to judge.").reason == ""


# --- States -----------------------------------------------------------------------------------


def test_a_state_stands_only_where_the_words_were_found() -> None:
    standing = {state for state in State if state.stands}
    assert standing == {State.VERIFIED, State.WITH_ELISION, State.PUNCTUATION, State.MOVED}


def test_a_quote_crosses_a_page_break() -> None:
    pages = TextLayer((Page(1, "we train a help-"), Page(2, "ful model")), "test")
    assert verify(whole("train a helpful model"), pages).state is State.VERIFIED


@pytest.mark.parametrize("text", ["", " ", "\n", "-", "的"])
def test_nothing_is_found_in_an_empty_text(text: str) -> None:
    found = check("helpful", text)
    assert found == Verification(State.MISSING, reason="not found in this text")


def test_a_segment_without_solid_characters_is_not_found() -> None:
    assert verify(Quote(("-", "a"), (Join(""),)), layer("- a")).state is State.MISSING


def test_an_insertion_stands_for_no_more_than_a_sentence() -> None:
    quote = parse_quote("we trained [our models] on data")
    near = layer("we trained the large and the small model on data")
    far = layer("we trained " + "the model and " * 40 + "more on data")
    assert verify(quote, near).state is State.WITH_ELISION
    assert verify(quote, far).state is State.MISSING
    assert verify(parse_quote("we trained [...] on data"), far).state is State.WITH_ELISION


GERMAN_DENIALS = """keineswegs mitnichten nirgendwo nein nimmer fehlt verzichten verboten untersagt
unterlassen ausgenommen ausgeschlossen"""
CHINESE_DENIALS = "缺乏 除外 排除 难以 莫 否 免 甭"


@pytest.mark.parametrize("word", GERMAN_DENIALS.split())
def test_an_elision_hides_no_german_denial(word: str) -> None:
    text = f"Wir nutzen die Daten aller Nutzer {word} seither, und so."
    assert check("Wir nutzen die Daten [...] und so", text).state is State.ALTERED
    assert check("Wir nutzen die Daten [...] und so", text.replace(word, "gern")).state.stands
    assert not check(f"Wir nutzen [{word}] die Daten", text).state.stands


@pytest.mark.parametrize("word", CHINESE_DENIALS.split())
def test_an_elision_hides_no_chinese_denial(word: str) -> None:
    text = f"我们使用数据{word}训练模型。"
    assert check("我们使用[...]模型", text).state is State.ALTERED
    assert check("我们使用[...]模型", text.replace(word, "来")).state.stands
    assert not check(f"我们使用[{word}]数据", text).state.stands
