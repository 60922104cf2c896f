"""A quote is found again by prints of its surroundings where the older copy is not at hand."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from openbook.audit.drift.reanchor import Stood, reanchor, stood
from openbook.audit.layers import CopyAtHand
from openbook.audit.new import bundled
from openbook.audit.opened import open_audit
from openbook.audit.quoting.anchor import FEWEST, anchor_line, with_prints
from openbook.audit.quoting.placing import Words
from openbook.audit.quoting.verify import Reader
from openbook.core.anchor import Anchor, places
from openbook.core.change import Change, Reanchored
from openbook.core.evidence import QuoteEvidence
from openbook.core.prints import WORDS, Prints
from openbook.core.quote import parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import verify
from openbook.files.nouns import anchor as noun
from openbook.files.shapes import AnchorShape
from tests.corpus import needs_corpus

QUOTE = "we hired forty annotators through an agency in Lisbon"
ELIDED = "we hired forty annotators [...] and paid fifteen euros"


def prose(seed: int, size: int = 400) -> list[str]:
    """Words as of a document: few of them common, most of them rare."""
    random_ = random.Random(seed)
    return [f"w{int(random_.paretovariate(0.6)) % 900}" for _ in range(size)]


def edited(words: list[str], share: float, seed: int) -> list[str]:
    random_ = random.Random(seed)
    return [
        random_.choice((random_.choice(words), "", f"{word} {random_.choice(words)}"))
        if random_.random() < share
        else word
        for word in words
    ]


def pages(*texts: str) -> TextLayer:
    return TextLayer(tuple(Page(number, text) for number, text in enumerate(texts, 1)), "test")


def text(*parts: str | list[str]) -> str:
    return " ".join(part if isinstance(part, str) else " ".join(part) for part in parts)


def recorded(quote: str, layer: TextLayer) -> Anchor:
    """The anchor of a quote as a stranger reads it from the file."""
    found = verify(parse_quote(quote), layer)
    assert found.state.stands
    segments = tuple(places(layer, span) for span in found.spans)
    anchor = Anchor("q-000000", "0" * 64, layer.sha256, "test", found.state, segments)
    return read_again(with_prints(anchor, Words(layer)))


def read_again(anchor: Anchor) -> Anchor:
    return noun(AnchorShape.model_validate_json(json.dumps(anchor_line(anchor))))


def became(quote: str, old: TextLayer, new: TextLayer) -> Reanchored:
    return reanchor(parse_quote(quote), stood(recorded(quote, old), None), Words(new))


BEFORE, AFTER = prose(1), prose(2)
OLD = pages(text(BEFORE, QUOTE, AFTER))


def test_prints_survive_the_file() -> None:
    anchor = recorded(QUOTE, OLD)
    (prints,) = anchor.prints
    assert (len(prints.before), len(prints.after)) == (WORDS, WORDS)
    assert read_again(anchor) == anchor
    assert "w1" not in json.dumps(anchor_line(anchor)["prints"])


def test_an_anchor_without_prints_is_read_and_written_as_before() -> None:
    anchor = replace(recorded(QUOTE, OLD), prints=())
    assert "prints" not in anchor_line(anchor)
    assert read_again(anchor) == anchor
    assert stood(anchor, None) == Stood(1)


def test_prints_of_another_wording_are_not_used() -> None:
    """The quote was edited after its anchor was made, and has a segment more."""
    before = Stood(1, prints=(Prints("01" * 40, "10" * 40),))
    quote = parse_quote(ELIDED.replace("and paid fifteen euros", "in Lisbon"))
    assert reanchor(quote, before, Words(OLD)) == reanchor(quote, Stood(1), Words(OLD))


def test_a_document_too_short_has_no_prints() -> None:
    short = pages(text(BEFORE[: FEWEST // 2], QUOTE, AFTER[: FEWEST // 2 - 1]))
    assert recorded(QUOTE, short).prints == ()
    assert became(QUOTE, short, short).change is Change.IN_PLACE


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1])
@pytest.mark.parametrize("seed", range(4))
def test_in_an_edited_document_it_is_found(share: float, seed: int) -> None:
    """Here the quote itself lost a word and its number changed."""
    was = QUOTE.replace("forty", "sixty").replace("an agency", "agency") if share else QUOTE
    new = pages(text(edited(BEFORE, share, seed), was, edited(AFTER, share, seed + 9)))
    one = became(QUOTE, OLD, new)
    assert one.change is (Change.ALTERED if share else Change.IN_PLACE)
    (span,) = one.spans
    assert new.text[span.start : span.end] == was


@pytest.mark.parametrize("seed", range(4))
def test_a_stretch_taken_out_has_no_place(seed: int) -> None:
    """Not where its words stand for another passage either, which words alone cannot know."""
    new = text(edited(BEFORE, 0.02, seed), edited(AFTER, 0.02, seed + 9))
    assert became(QUOTE, OLD, pages(new)).change is Change.MISSING
    other = pages(text(new, prose(3), QUOTE, prose(4)))
    one = became(QUOTE, OLD, other)
    assert (one.change, one.spans) == (Change.MOVED, ())
    assert "no place is certain" in one.reason
    assert reanchor(parse_quote(QUOTE), Stood(1), Words(other)).spans


def test_of_two_places_with_the_same_words_its_own_is_found() -> None:
    old = text(BEFORE, QUOTE, AFTER, prose(5), QUOTE, prose(6))
    new = pages(text(prose(5), QUOTE, prose(6), edited(BEFORE, 0.05, 1), QUOTE, AFTER))
    (span,) = became(QUOTE, pages(old), new).spans
    assert span.start == new.text.rindex(QUOTE)


def test_a_passage_repeated_with_all_around_it_is_known_by_its_page_or_not_at_all() -> None:
    passage, between = text(BEFORE, QUOTE, AFTER), text(prose(7))
    alike = [passage, between, between, between, passage]
    assert became(QUOTE, pages(*alike), pages(*alike)).page == 1
    assert became(QUOTE, pages(*alike), pages(" ".join(alike))).spans == ()


def test_the_segments_of_a_quote_are_placed_each_on_its_own() -> None:
    left_out = text(prose(8, 60))
    old = pages(
        text(BEFORE, "we hired forty annotators", left_out, "and paid fifteen euros", AFTER)
    )
    assert len(recorded(ELIDED, old).prints) == 2
    assert became(ELIDED, old, old).change is Change.IN_PLACE
    new = pages(old.text.replace("fifteen", "sixteen"))
    one = became(ELIDED, old, new)
    assert (one.change, len(one.spans)) == (Change.ALTERED, 2)


def test_a_segment_of_one_word_stands_with_the_others() -> None:
    """Its own words are too few for a place of its own; the quote as a whole stands there."""
    quote = "we hired forty annotators through an agency [...] euros"
    old = pages(text(BEFORE, QUOTE, prose(8, 60), "and paid fifteen euros", AFTER))
    assert became(quote, old, old).change is Change.IN_PLACE
    assert became(quote, old, pages(old.text.replace("euros", "dollars"))).change is Change.ALTERED


@needs_corpus
@pytest.mark.parametrize("key", ["claude-constitution", "gemma-team-2024a"])
def test_prints_on_record_are_those_made_today(at_corpus: Path, key: str) -> None:
    """Were they not, anchors of audits in other hands would lead nowhere."""
    opened = open_audit(bundled())
    document = opened.audit.documents[key]
    recorded = [
        one
        for id_, anchors in opened.anchors.items()
        for one in anchors
        if opened.audit.evidence[id_].document == key
    ]
    (copy,) = (one for one in document.copies if one.sha256 == recorded[0].copy)
    layer = Reader(opened).layer(CopyAtHand(document, copy))
    assert layer is not None
    words = Words(layer)
    for anchor in recorded:
        assert with_prints(replace(anchor, prints=()), words) == anchor
        quote = opened.audit.evidence[anchor.evidence]
        assert isinstance(quote, QuoteEvidence)
        one = reanchor(parse_quote(quote.quote), stood(anchor, None), words)
        assert one.change is Change.IN_PLACE


@pytest.mark.parametrize("empty", ["", " ", "-", "..."])
def test_nothing_is_found_in_an_empty_text(empty: str) -> None:
    assert became(QUOTE, OLD, pages(empty)).change is Change.MISSING


@pytest.mark.parametrize("number", ["", "0", "01f", "xyz", "1" * 2000])
def test_prints_that_are_no_prints_are_refused(number: str) -> None:
    line = anchor_line(recorded(QUOTE, OLD)) | {"prints": [[number, "1"]]}
    with pytest.raises(ValueError, match="prints"):
        AnchorShape.model_validate_json(json.dumps(line))
