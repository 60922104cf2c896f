"""Chinese and German quotes verify as English ones do, and altered ones do not."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.core.quote import QuoteError, parse_quote
from openbook.core.text import Page, TextLayer
from openbook.core.verify import State, Verification, verify
from tests.core.adversary import Altered
from tests.corpus import layer
from tests.languages.adversary import CHINESE, GERMAN, alterations
from tests.languages.texts import broken, german, paragraphs, pieces

SEED = 20261126
KINDS = {"zh": CHINESE, "de": GERMAN}
EVERY = [(name, kind) for name, kinds in KINDS.items() for kind in kinds]


@cache
def layer_of(name: str) -> TextLayer:
    """The prose as a document, its lines broken as in a PDF."""
    if name == "zh":
        return layer("\n\n".join(broken(one, 31) for one in paragraphs("zh")))
    return layer(german())


@cache
def altered(name: str) -> tuple[Altered, ...]:
    return tuple(alterations(name, paragraphs(name), KINDS[name], each=12, seed=SEED))


def outcome(quote: str, text: TextLayer) -> Verification | None:
    try:
        return verify(parse_quote(quote), text)
    except QuoteError:
        return None


@pytest.mark.parametrize("name", ["zh", "de"])
def test_there_are_altered_quotes_of_every_kind(name: str) -> None:
    counts = Counter(one.kind for one in altered(name))
    assert set(counts) == set(KINDS[name])
    assert sum(counts.values()) >= 8 * len(counts)


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_nothing_altered_verifies(name: str, kind: str) -> None:
    found = [
        (one.quote, checked.state, checked.elisions)
        for one in altered(name)
        if one.kind == kind
        and (checked := outcome(one.quote, layer_of(name)))
        and checked.state.stands
    ]
    assert found == []


@pytest.mark.parametrize("name", ["zh", "de"])
def test_the_quotes_they_were_made_from_verify(name: str) -> None:
    states = {one.true: outcome(one.true, layer_of(name)) for one in altered(name)}
    wrong = [quote for quote, found in states.items() if not found or not found.state.stands]
    assert wrong == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_chinese_quote_verifies_however_its_lines_are_broken(data: st.DataObject) -> None:
    prose = [one for one in paragraphs("zh") if not re.search("[<>_*=/]", one)]
    text = data.draw(st.sampled_from(prose))
    width = data.draw(st.integers(3, 40))
    mark = data.draw(st.sampled_from(["\n", "\r\n", "\n\u3000\u3000", " \n"]))
    cut = pieces(text)
    start = data.draw(st.integers(0, len(cut) - 4))
    quote = "".join(cut[start : data.draw(st.integers(start + 3, len(cut)))]).strip()
    if any(map(str.isalpha, quote)):
        found = verify(parse_quote(quote), layer(broken(text, width, mark)))
        assert found.state is State.VERIFIED


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_german_quote_verifies_over_words_divided_at_line_ends(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(paragraphs("de"))).split()
    divided = set(data.draw(st.lists(st.integers(0, len(words) - 1), max_size=4)))
    mark = data.draw(st.sampled_from(["-\n", "\u2010\n", "\u00ad\n", "\ufffe"]))
    written = []
    for at, word in enumerate(words):
        can = re.fullmatch("[A-Za-zÄÖÜäöüß]{6,}", word)
        written.append(f"{word[:3]}{mark}{word[3:]}" if can and at in divided else word)
    first = data.draw(st.integers(0, len(words) - 3))
    quote = " ".join(words[first : data.draw(st.integers(first + 2, len(words)))])
    found = verify(parse_quote(quote), layer(" ".join(written)))
    assert found.state is State.VERIFIED


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ('Er nennt es "Datenschutz" heute', "Er nennt es „Datenschutz“ heute"),
        ('Er nennt es "Datenschutz" heute', "Er nennt es »Datenschutz« heute"),
        ("Er nennt es „Datenschutz“ heute", 'Er nennt es "Datenschutz" heute'),
        ("für die Prüfung", "fu\u0308r die Pru\u0308fung"),
        ("模型,数据;训练:好!", "模型，数据；训练：好！"),
        ("使用RLHF训练", "使用 RLHF 训练"),
        ("用户，但", "用\u3000户 ， 但"),
        ("称作Sid。所以,RC", "称作 Sid 。 所以 ， RC"),
        ("模型 使用 RLHF 训练", "模型使用RLHF训练"),
        ("在2023年", "在 2023 年"),
        ("使用RLHF训练模型", "使用\nRLHF\n训练模型"),
        ("使用 RLHF 训练模型", "使用 RLHF\n训练模型"),
        ("在2023年发布", "在\n2023\n年发布"),
        ("参数７Ｂ", "参数７Ｂ"),
        ("模型用人类反馈", "模型⽤⼈类反馈"),
        ("データを学習する", "デ\nー\nタを学習\nする"),
        ("ข้อมูลส่วนบุคคล", "ข้อมูล\nส่วนบุคคล"),
    ],
)
def test_ways_of_writing_that_are_equal(quote: str, text: str) -> None:
    assert verify(parse_quote(quote), layer(text)).state is State.VERIFIED


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("在2023年", "在20 23年"),
        ("的.5", "的 .5"),
        ("有1，500个", "有1， 500个"),
        ("ข้อมูลส่วนบุคคล", "ข้อมูล ส่วนบุคคล"),
        ("在2023年", "在20\n23年"),
        ("模型⽤⼈类反馈", "模型用人类反馈"),
        ("Masse", "Maße"),
        ("für", "fur"),
        ("Datenschutz", "Daten schutz"),
    ],
)
def test_ways_of_writing_that_are_not(quote: str, text: str) -> None:
    assert not verify(parse_quote(quote), layer(text)).state.stands


def test_a_quote_runs_over_a_page_of_a_chinese_document() -> None:
    pages = TextLayer((Page(1, "我们使用人类反"), Page(2, "馈训练模型。")), "test")
    assert verify(parse_quote("使用人类反馈训练模型"), pages).state is State.VERIFIED
