"""What the measurement of languages says, and what the page about them quotes of it."""

from __future__ import annotations

import re

from bench.languages import measure
from tests.docs.pages import ROOT


def rows(page: str) -> list[str]:
    text = (ROOT / page).read_text("utf-8")
    return re.findall(r"^\| (?:Chinese|German) \|.*$", text, re.M)


def test_the_page_quotes_the_measurement() -> None:
    assert rows("docs/languages.md") == rows("bench/results.md")
    assert len(rows("docs/languages.md")) == 11


def test_pairs_find_every_passage_that_holds_a_chinese_word_and_no_other() -> None:
    found = measure()
    pairs = [one for one in found if one.way.startswith("openbook") and one.language == "Chinese"]
    assert [one.words for one in pairs] == ["2 signs", "3 signs", "4 signs"]
    assert all(one.found == one.holding > 1000 and one.others == 0 for one in pairs)
    trigrams = next(one for one in found if one.way.startswith("trigrams"))
    assert (trigrams.words, trigrams.found) == ("2 signs", 0)
    porter, ours = (one for one in found if one.language == "German")
    assert porter.recall < 0.8 < 0.95 < ours.recall
