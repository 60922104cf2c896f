"""Versions of a document are told from other documents."""

from __future__ import annotations

import random
from pathlib import Path

from openbook.audit.pile.same import MOST, Compared, likeness, may_be_same
from openbook.files.cache import Cache
from tests.corpus import layer

WORDS = [f"{a}{b}{c}" for a in "bdfglmnprst" for b in "aeiou" for c in ("ra", "ne", "li", "tos")]


def prose(seed: int, sentences: int = 120) -> str:
    """Sentences that nobody wrote, the same for one seed."""
    chance = random.Random(seed)
    made = (" ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(sentences))
    return "\n".join(made)


def compared(tmp_path: Path, text: str) -> Compared:
    return Compared("x", layer(text), Cache(tmp_path / "cache.sqlite3"))


def test_the_same_words_in_other_lines_are_equal(tmp_path: Path) -> None:
    one, other = compared(tmp_path, prose(1)), compared(tmp_path, prose(1).replace("\n", " "))
    assert likeness(one, other) == (1.0, 1.0, True)


def test_an_edited_text_is_the_same_document_and_not_equal(tmp_path: Path) -> None:
    chance = random.Random(0)
    edited = " ".join(
        chance.choice(WORDS) if chance.random() < 0.05 else word for word in prose(1).split()
    )
    one, other = compared(tmp_path, prose(1)), compared(tmp_path, edited)
    assert may_be_same(one, other.runs())
    found = likeness(one, other)
    assert found.most >= MOST
    assert not found.is_equal


def test_a_part_is_in_the_whole_and_not_the_other_way_round(tmp_path: Path) -> None:
    whole, part = compared(tmp_path, prose(1)), compared(tmp_path, prose(1)[:2500])
    assert may_be_same(whole, part.runs())
    found = likeness(part, whole)
    assert found.ours >= MOST > found.theirs


def test_another_document_is_not_worth_comparing(tmp_path: Path) -> None:
    one, other = compared(tmp_path, prose(1)), compared(tmp_path, prose(2))
    assert not may_be_same(one, other.runs())
    references = prose(3, 5)
    one, other = (compared(tmp_path, prose(seed) + references) for seed in (1, 2))
    assert not may_be_same(one, other.runs())


def test_short_texts_are_compared_with_nothing(tmp_path: Path) -> None:
    short = compared(tmp_path, "Too short.")
    assert not may_be_same(short, short.runs())
