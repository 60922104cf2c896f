"""Prints tell places apart and words not."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from openbook.audit.quoting.nearest import key_of, words_of
from openbook.core.prints import WORDS, counts, packed, print_of, prints_of, unpacked
from tests.corpus import CORPUS, document, needs_corpus


@given(st.text("01", max_size=200))
def test_packed_prints_are_unpacked_again(prints: str) -> None:
    assert unpacked(packed(prints)) == prints
    assert len(packed(prints)) == len(prints) // 4 + 1


@given(st.lists(st.text(min_size=1), max_size=20))
def test_a_print_is_one_bit_and_of_the_word_alone(keys: list[str]) -> None:
    """So overlapping quotes print a word they share alike, and give away no more than one does."""
    assert prints_of(keys) == "".join(print_of(key) for key in keys)
    assert set(prints_of(keys)) <= {"0", "1"}


def test_prints_stay_as_they_are() -> None:
    """They are on record in audits: another print of a word would make those worthless."""
    words = "we hired 40 annotators through an agency in lisbon".split()
    assert prints_of(words) == "000000101"


def test_a_word_counts_by_a_letter_or_digit() -> None:
    assert [counts(key) for key in ("a", "1", "é", "数", ".", "", "·")] == [True] * 4 + [False] * 3


@needs_corpus
def test_half_of_all_words_have_each_print() -> None:
    """Too few bits to tell words: thousands share each print, and dozens of the most common."""
    keys: Counter[str] = Counter()
    for path in sorted((CORPUS / "docs").glob("*.md")):
        text = document(path.stem).text
        keys.update(key_of(text[one.start : one.end]) for one in words_of(text, 0, len(text)))
    lettered = {key: count for key, count in keys.items() if counts(key)}
    shared = Counter(map(print_of, lettered))
    assert min(shared.values()) > 5_000
    assert max(shared.values()) < 0.55 * len(lettered)
    common = Counter({key: count for key, count in lettered.items() if count > 100})
    assert min(Counter(map(print_of, common)).values()) > 40


@needs_corpus
def test_a_run_of_prints_is_that_of_one_place() -> None:
    text = document("kimi-k2").text
    keys = [key_of(text[one.start : one.end]) for one in words_of(text, 0, len(text))]
    prints = prints_of(filter(counts, keys))
    at = range(0, len(prints) - WORDS, 50)
    once = [prints.count(prints[start : start + WORDS]) == 1 for start in at]
    assert sum(once) > 0.95 * len(once)
