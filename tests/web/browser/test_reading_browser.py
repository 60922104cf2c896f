"""The reading page in a real browser, with real documents: by mouse, by keyboard, on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browser.conftest import Seen, Served
from tests.workbench import done

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

_PLACE = """
([number, words, atEnd]) => {
  for (const line of document.querySelectorAll(`.page[data-page="${number}"] .ln`)) {
    const at = line.textContent.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(line.firstChild, at);
    range.setEnd(line.firstChild, at + words.length);
    const rect = range.getBoundingClientRect();
    return [atEnd ? rect.right : rect.left, (rect.top + rect.bottom) / 2];
  }
  return null;
}
"""


def said(page: Page, selector: str, words: str) -> None:
    """Wait until an element says something."""
    page.locator(selector).filter(has_text=words).wait_for()


def saved(page: Page) -> None:
    """Wait until the page says that it saved; "not saved" and "saving" are something else."""
    page.locator("#Saved").filter(has_text=re.compile(r"^saved( |$)")).wait_for()


def opened(page: Page, served: Served, cell: str) -> None:
    page.goto(f"{served.url}/cell/{cell}")
    page.wait_for_selector("#Viewer .page .ln, #Viewer .doc")
    page.wait_for_selector("#ReadSoFar", state="attached")


def to_page(page: Page, number: int, *, bottom: bool = False) -> None:
    """Scroll to a page, or so that its lower edge is in the middle, and wait for its words."""
    page.fill("#PageNumber", str(number))
    page.press("#PageNumber", "Enter")
    if bottom:
        page.evaluate(
            "(n) => { const v = document.querySelector('#Viewer');"
            ' const p = v.querySelector(`.page[data-page="${n + 1}"]`);'
            " v.scrollTop = p.offsetTop - v.clientHeight / 2; }",
            number,
        )
        page.wait_for_selector(f'.page[data-page="{number + 1}"] .ln', state="attached")
    page.wait_for_selector(f'.page[data-page="{number}"] .ln', state="attached")


def drag(page: Page, start: tuple[int, str], end: tuple[int, str]) -> None:
    """Select with the mouse from before some words to behind others, in small steps."""
    x, y = place(page, *start, at_end=False)
    to_x, to_y = place(page, *end, at_end=True)
    page.mouse.move(x + 1, y)
    page.mouse.down()
    page.mouse.move((x + to_x) / 2, (y + to_y) / 2, steps=12)
    page.mouse.move(to_x - 1, to_y, steps=12)
    page.mouse.up()


def place(page: Page, number: int, words: str, *, at_end: bool) -> tuple[float, float]:
    found: Any = page.evaluate(_PLACE, [number, words, at_end])
    assert found, f"{words!r} is not on page {number}"
    return float(found[0]), float(found[1])


def keep(page: Page, point: str) -> str:
    """Keep the quote in the dialog for a point; its words."""
    page.wait_for_selector("#QuoteForm")
    assert "verified" in page.inner_text("#QuoteState")
    text = page.input_value("#QuoteText")
    page.check(f'#QuoteForm input[value="{point}"]')
    page.click("#QuoteForm button.main")
    page.wait_for_selector("#QuoteDialog", state="hidden")
    return text


def test_a_selection_over_lines_is_a_verified_quote(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/DEF")
    to_page(page, 1)
    drag(page, (1, "training, DeepSeek-V3 adopts"), (1, "tures, which were"))
    page.click("#QuoteHere")
    text = keep(page, "objectives")
    assert text.startswith("training, DeepSeek-V3 adopts Multi-head Latent Attention (MLA)")
    assert text.endswith("DeepSeekMoE architectures, which were")
    assert "verified" in page.inner_text("#Quotes .ev .state")
    assert page.locator('.page[data-page="1"] .hl.own').count() == 2
    page.reload()
    page.wait_for_selector('.page[data-page="1"] .hl.own')
    assert page.inner_text("#Quotes blockquote") == text
    page.click("#Quotes .ev >> text=Change")
    page.wait_for_selector("#QuoteForm")
    assert page.is_checked('#QuoteForm input[value="objectives"]')
    page.fill("#QuoteText", "training, DeepSeek-V3 adopts Multi-head Latent Attention (MLA)")
    page.wait_for_selector('#QuoteState [data-stands="yes"]')
    keep(page, "definitions")
    assert page.locator("#Quotes .ev").count() == 1
    assert page.inner_text("#Quotes .tags").split()[1:] == ["objectives", "definitions"]


def test_a_selection_over_a_page_break_leaves_out_what_is_the_pages(
    seen: Seen, served: Served
) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/PROMPT")
    to_page(page, 28, bottom=True)
    drag(page, (28, "incorporates a system"), (29, "alongside the problem and the R1 response"))
    page.keyboard.press("q")
    text = keep(page, "source")
    assert text == ("incorporates a system prompt [...] alongside the problem and the R1 response")
    assert "with words left out" in page.inner_text("#Quotes .ev .state")
    assert page.locator('.page[data-page="28"] .hl.own').count()
    assert page.locator('.page[data-page="29"] .hl.own').count()


def test_what_does_not_stand_is_refused_with_the_reason(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/AUTH")
    page.keyboard.press("t")
    page.wait_for_selector("#QuoteForm")
    page.fill("#QuoteText", "DeepSeek-V3 was aligned by a committee of forty philosophers")
    page.wait_for_selector("#QuoteState .v-bad")
    said(page, "#QuoteState", "not found")
    page.check('#QuoteForm input[value="who"]')
    page.press("#QuoteText", "Control+Enter")
    page.wait_for_selector(".refusal:not(:empty)")
    seen.faults.clear()  # the browser reports the refusal as an error
    assert "not kept" in page.inner_text(".refusal")
    page.keyboard.press("Escape")
    assert page.locator("#Quotes .ev").count() == 0


def test_a_cell_is_graded_by_keyboard_alone(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/VS")
    press = page.keyboard.press
    press("j")
    press("Enter")
    page.wait_for_selector(".hl.flash", state="attached")
    press("c")
    page.wait_for_selector("#QuoteForm")
    assert "verified" in page.inner_text("#QuoteState")
    press("Space")
    press("Enter")
    page.wait_for_selector("#QuoteDialog", state="hidden")
    page.wait_for_selector("#Quotes .ev")
    press("j")
    press("d")
    said(page, "#ReadSoFar", "Read 1")
    press("m")
    for _ in range(page.locator("#Draft .point").count()):
        press("v")
        press("Tab")
    said(page, "#Suggestion", "2")
    press("w")
    page.keyboard.type("Accuracy is balanced with efficiency; a rule is not given. q n p ]")
    press("Escape")
    press("r")
    press("4")
    page.wait_for_selector("#DeviationField", state="visible")
    press("2")
    page.wait_for_selector("#DeviationField", state="hidden")
    press("Tab")
    page.keyboard.type("Vague throughout.")
    saved(page)
    said(page, "#Lacks", "Ready")
    press("Escape")
    press("]")
    page.wait_for_url("**/PLAN")
    assert page.locator('.steps-nav a[title="VS: ready"]').count() == 1
    press("[")
    page.wait_for_url("**/VS")
    assert page.input_value("#Reason") == "Vague throughout."
    assert page.input_value("#Answer").endswith("q n p ]")


def test_nothing_typed_is_lost_without_a_connection(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/HUM")
    page.context.set_offline(True)
    page.fill("#Answer", "Typed on a train.")
    said(page, "#Saved", "not saved")
    page.context.set_offline(False)
    saved(page)
    page.fill("#Answer", "Typed on a train, in a tunnel.")
    # As if the window was killed before anything was sent.
    page.evaluate("window.stop(); window.onbeforeunload = null")
    page.context.set_offline(True)
    page.wait_for_timeout(900)
    page.once("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(False)
    page.reload()
    saved(page)
    assert page.input_value("#Answer") == "Typed on a train, in a tunnel."
    seen.faults.clear()


def test_a_lost_answer_is_no_other_window(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "deepseek/r1/HUM")

    def answer_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/save", answer_lost, times=1)
    page.fill("#Answer", "Saved, and nobody said so.")
    said(page, "#Saved", "not saved")
    page.fill("#Answer", "Saved, and nobody said so. More.")
    saved(page)
    assert page.locator("#CompareDialog[open]").count() == 0

    page.route("**/save", answer_lost, times=1)
    page.fill("#Answer", "Lost again.")
    said(page, "#Saved", "not saved")
    page.fill("#Answer", "Lost again, and the window closed.")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    saved(page)
    assert page.locator("#CompareDialog[open]").count() == 0
    assert page.input_value("#Answer") == "Lost again, and the window closed."
    seen.faults.clear()


def test_two_windows_never_overwrite_each_other(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/SIZE")
    other = page.context.new_page()
    opened(other, served, "deepseek/v3/SIZE")
    page.fill("#Answer", "From the first window.")
    saved(page)
    other.fill("#Answer", "From the second window.")
    other.wait_for_selector("#CompareDialog[open]")
    assert "From the first window." in other.inner_text("#Compared")
    assert "From the second window." in other.inner_text("#Compared")
    other.check('#Compared input[value="theirs"]')
    other.click("#CompareDialog button.main")
    assert other.input_value("#Answer") == "From the first window."
    other.fill("#Answer", "From both.")
    saved(other)
    seen.faults.clear()  # the browser reports the conflict as an error


def test_a_file_changed_meanwhile_is_merged(
    seen: Seen, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = seen.page
    opened(page, served, "mistral/7b/HUM")
    page.fill("#Answer", "Nothing about the people.")
    saved(page)
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(served.library))
    told = ("--grade", "0", "--answer", "From the terminal.", "--reason", "Read.")
    done("audit", "grade", served.audit, "mistral/7b", "HUM", *told, "--auditor", "ana-ruiz")
    page.wait_for_timeout(700)  # the room looks at the folder every half second
    page.reload()
    page.wait_for_selector(".merge")
    page.check('.merge input[name="pick-reason"][value="file"]')
    page.click(".merge button.main")
    page.wait_for_selector(".merge", state="detached")
    assert page.input_value("#Answer") == "Nothing about the people."
    assert page.input_value("#Reason") == "Read."


def test_nothing_found_is_recorded_when_everything_shown_was_read(
    seen: Seen, served: Served
) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/PUB")
    page.fill("#ByRank", "2")
    page.fill("#AtRandom", "3")
    page.click("#Absence button")
    page.wait_for_selector("#AbsenceForm")
    button = page.locator("#AbsenceForm button.main")
    for box in page.locator('#AbsenceForm input[name="nothing"]').all():
        assert button.is_disabled()
        box.check()
    button.click()
    page.wait_for_selector("#AbsenceKept")
    words = page.inner_text("#AbsenceKept")
    assert "2 passages read by rank, 3 drawn at random" in words
    assert "With 95% confidence" in words
    said(page, "#Lacks", "Ready")
    page.click("#AbsenceKept button")
    page.wait_for_selector("#ByRank")


def test_what_others_accepted_is_hidden_until_asked_for(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "deepseek/v3/USE")
    assert page.locator(".ev.other").count() == 0
    page.click("#Quotes .unseal button")
    page.wait_for_selector(".ev.other")
    page.locator(".ev.other input").first.check()
    saved(page)
    page.reload()
    page.wait_for_selector(".ev.other")
    assert page.locator(".ev.other input").first.is_checked()


def test_words_of_a_text_are_quoted_and_marked(seen: Seen, served: Served) -> None:
    page = seen.page
    opened(page, served, "moonshot-kimi/k2/DEF")
    page.evaluate(
        "() => { const p = [...document.querySelectorAll('.doc p')].find((each) =>"
        " each.firstChild?.data?.length > 200); p.scrollIntoView();"
        " getSelection().setBaseAndExtent(p.firstChild, 12, p.firstChild, 90); }"
    )
    page.wait_for_selector("#QuoteHere:not([hidden])")
    page.keyboard.press("q")
    keep(page, "objectives")
    assert page.evaluate("() => CSS.highlights.get('own').size") == 1


def test_without_a_document_the_page_says_what_to_do(seen: Seen, served: Served) -> None:
    page = seen.page
    page.goto(f"{served.url}/cell/deepseek/v2/DEF")
    page.wait_for_selector("#Viewer .missing-text")
    said(page, "#Passages", "no document of deepseek/v2 is at hand")
    page.wait_for_selector("#ByRank")


def test_on_a_phone_everything_fits(browser: Browser, served: Served) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    opened(page, served, "mistral/7b/VS")
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= 360
    assert page.is_visible("#Viewer")
    assert not page.is_visible("#Right")
    page.tap('[data-show="question"]')
    assert page.is_visible("#Right")
    assert page.evaluate(width) <= 360
    page.wait_for_selector("#Passages .take")
    page.locator("#Passages .take").first.tap()
    page.wait_for_selector("#QuoteForm")
    page.locator("#QuoteForm input[name=supports]").first.check()
    page.locator("#QuoteForm button.main").tap()
    page.wait_for_selector("#Quotes .ev")
    page.locator("#Quotes .jump").first.tap()
    page.wait_for_selector(".hl.own", state="attached")
    assert page.is_visible("#Viewer")
    context.close()
