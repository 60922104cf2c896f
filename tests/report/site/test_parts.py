"""The small parts: addresses, quotes in pieces, phrases, charts, colours."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.initiative import Document, Initiative, Release, ReleaseId
from openbook.core.text import Span
from openbook.core.verify import Elided
from openbook.report.site import address, charts, words
from openbook.report.site.colours import colour_rules
from openbook.report.site.marks import halves
from openbook.report.site.quoted import pieces
from openbook.report.site.views.concern_list import CONCERNS
from tests.report.site.samples import SITES


@given(st.text())
def test_any_name_makes_a_safe_address(text: str) -> None:
    for slug in (address.key_slug(text), address.keyword_slug(text), address.name_slug(text)):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", slug)


@pytest.mark.parametrize("keyword", ["CON", "AUX", "vs", "", "A B", "A" * 65])
def test_a_keyword_that_no_disk_can_hold_is_replaced(keyword: str) -> None:
    assert re.fullmatch(r"X[0-9A-F]{12}", address.keyword_slug(keyword))


@given(st.text(), st.text())
def test_different_names_have_different_addresses(one: str, other: str) -> None:
    assert (address.key_slug(one) == address.key_slug(other)) == (one == other)
    assert (address.keyword_slug(one) == address.keyword_slug(other)) == (one == other)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "http://",
        "http://[::1",
        "https://user@example.org",
        "https://example.org/a b",
        "https://example.org/\u202e",
        " https://example.org",
        "HTTPS",
        "",
    ],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert address.web_url(url) == ""


@pytest.mark.parametrize("url", ["https://example.org/a?b=c&d#e", "http://localhost:8000/x"])
def test_plain_web_addresses_stay_as_they_are(url: str) -> None:
    assert address.web_url(url) == url


def test_a_pdf_opens_on_the_page_and_other_copies_do_not() -> None:
    assert (
        address.at_page("https://e.org/a.pdf", "application/pdf", 3) == "https://e.org/a.pdf#page=3"
    )
    assert address.at_page("https://e.org/a", "text/html", 3) == "https://e.org/a"
    assert address.at_page("https://e.org/a#x", "application/pdf", 3) == "https://e.org/a#x"


@given(st.text(alphabet="ab .[]\\…"))
def test_pieces_keep_every_letter_of_a_quote(text: str) -> None:
    shown = "".join(piece.text for piece in pieces(text))
    kept = re.sub(r"[^ab]", "", text)
    assert re.sub(r"[^ab]", "", shown) == kept


def test_pieces_tell_words_from_what_an_editor_did() -> None:
    found = pieces(r"[...] We \[sic\] put [our models] first [...]; always.")
    assert [(one.kind, one.text) for one in found] == [
        ("elision", "…"),
        ("words", " We [sic] put "),
        ("insertion", "our models"),
        ("words", " first "),
        ("elision", "…"),
        ("words", "; always."),
    ]


def test_a_hint_belongs_to_the_join_that_was_checked() -> None:
    elided = (Elided(Span(0, 3), "abc", "x", (), ()), Elided(Span(5, 9), "nope", "", ("no",), ()))
    hints = [one.hint for one in pieces("[...] One [x] two [...] three [...]", elided)]
    assert hints == [
        "",
        "",
        "3 characters of the document are left out here",
        "",
        "4 characters of the document are left out here; among them: no",
        "",
        "",
    ]


def test_phrases() -> None:
    assert words.count(1, "cell") == "1 cell"
    assert words.count(2000, "cell") == "2,000 cells"
    assert words.spelled(0, "initiative") == "no initiatives"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.day(dt.date(2026, 3, 1)) == "1 March 2026"
    assert [words.moment(one) for one in ("2022-03", "2022-03-04", "2022", "2022-13", "soon")] == [
        "March 2022",
        "4 March 2022",
        "2022",
        "2022",
        "soon",
    ]
    assert [words.signed(one) for one in (0.5, -0.5, -0.001)] == ["+0.50", "−0.50", "0.00"]


def test_a_release_is_named_short_beside_its_initiative() -> None:
    initiative = Initiative("a", "Acme", "GPT", "", ())
    for label, short in (("GPT 3.5", "3.5"), ("GPT", "GPT"), ("Other 1", "Other 1")):
        assert words.version(initiative, Release(ReleaseId("a", "x"), label)) == short


def test_citations() -> None:
    assert words.citation(Document("k", "T", ("Ada Lovelace", "B"), 1843)) == "Lovelace et al. 1843"
    assert words.citation(Document("k", "T", ("Gemini Team",))) == "Gemini Team"
    assert words.citation(Document("k", "T")) == "T"
    assert words.citation(Document("k", "")) == "k"


def test_a_definition_has_a_head_and_a_rest() -> None:
    assert halves("Nothing: no word: none.") == ("Nothing", "no word: none.")
    assert halves("Nothing at all.") == ("Nothing at all.", "")


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_a_stack_is_as_wide_as_it_should_be(numbers: list[int]) -> None:
    found = charts.stack([(f"g{n}", number, "x") for n, number in enumerate(numbers)], 240)
    assert len(found.bars) == sum(number > 0 for number in numbers)
    for bar in found.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= 241


def test_a_line_breaks_where_nothing_is_settled() -> None:
    values = [charts.Value(str(n), value, "", "") for n, value in enumerate([1.0, None, 2.0, 4.0])]
    chart = charts.line_chart(values, 4, "label")
    assert chart.path.count("M") == 2
    assert chart.path.count("L") == 1
    assert len(chart.dots) == 3
    assert all(0 < dot.figure_y < chart.height for dot in chart.dots)


@pytest.mark.parametrize("many", [1, 2, 6, 20, 60])
def test_labels_of_a_line_do_not_stand_on_each_other(many: int) -> None:
    values = [charts.Value(f"2.{n}", 1.0, "1.0", "") for n in range(many)]
    chart = charts.line_chart(values, 4, "label")
    told = [dot for dot in chart.dots if dot.name]
    assert told[-1].name == values[-1].name
    assert all(b.x - a.x >= charts.APART - 0.2 for a, b in pairwise(told))
    assert all(bool(dot.name) == bool(dot.figure) for dot in chart.dots)
    assert [dot.label for dot in chart.dots] == [f"{one.name}: 1.0" for one in values]
    assert len(told) == many or many > 8


def test_a_signed_bar_leans_to_its_side() -> None:
    less, more = charts.lean(-1, 2, "less"), charts.lean(1, 2, "more", (0.5, 9))
    assert less.x < less.middle == more.x
    assert (less.css, more.css) == ("fell", "rose")
    assert more.high is not None
    assert more.high <= more.width


def _luminance(colour: str) -> float:
    short = colour.lstrip("#")
    channels = [int(short[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_reads_on_every_ground_in_light_and_dark() -> None:
    """WCAG AA asks for 4.5 to 1."""
    css = SITES["empty"]["style.css"]
    themes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{([^}]*--paper[^}]*)\}", css)
    ]
    assert len(themes) >= 2
    light = themes[0]
    for theme in (light, {**light, **themes[1]}):
        for ground in ("paper", "card", "wash", "mark"):
            for ink in ("ink", "soft", "link", "fell", "rose", "good", "bad", "open"):
                contrast = _contrast(theme[ink], theme[ground])
                assert contrast >= 4.5, f"{ink} on {ground}: {contrast:.2f}"


def test_the_style_sheet_has_a_rule_for_every_grade_and_state() -> None:
    rules = colour_rules()
    for css in ("g0", "g1", "g2", "g3", "g4", "gx", "p-stated", "p-none", "p-unreviewed"):
        assert f".{css}" in rules


def test_the_style_sheet_loads_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face", SITES["empty"]["style.css"])


def test_templates_switch_off_no_escaping() -> None:
    folder = resources.files("openbook.report.site") / "templates"
    for one in folder.iterdir():
        text = one.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|<script", text), one.name


def test_concerns_are_data_with_distinct_keys() -> None:
    assert len({one.key for one in CONCERNS}) == len(CONCERNS) == 8
    for one in CONCERNS:
        assert one.points or one.aspects or one.beyond or one.trend
        assert one.cannot
