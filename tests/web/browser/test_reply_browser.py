"""A reply form in a real browser: filled in from the disk, saved, gone on with, taken in; printed;
and the pages of an edition beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.browser.conftest import Seen
from tests.workbench import done, prepare, use

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHOTS = Path(__file__).resolve().parents[3] / ".screenshots"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        patch.delenv("OPENBOOK_AUDITOR", raising=False)
        prepare(root)
    return root


@pytest.fixture
def audit(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = use(template, tmp_path, monkeypatch)
    done("audit", "reply-form", folder, "acme", "--deadline", "2027-01-12", "-o", "form.html")
    return folder


def opened(page: Page, name: str = "form.html") -> None:
    page.goto(Path(name).resolve().as_uri())


def look(page: Page, name: str) -> None:
    """Picture a page on a desk and on a phone, and have axe-core look at it there."""
    from axe_playwright_python.sync_playwright import Axe

    SHOTS.mkdir(exist_ok=True)
    for size, kind in ((PHONE, "phone"), (DESKTOP, "desktop")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.screenshot(path=SHOTS / f"{name}-{kind}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], f"{name} is {wide} wide on a {kind}"
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def fill(page: Page) -> None:
    cells = page.locator("fieldset.reply")
    cells.nth(0).get_by_label("Agree", exact=True).check()
    cell = cells.nth(1)
    assert not cell.locator('[name="reason"]').is_visible()
    cell.get_by_label("Rebuttal").check()
    cell.locator('[name="reason"]').fill("The card tells it: “an agency”.\nIn Lisbon.")
    cell.locator('[name="quote"]').fill("We hired 40 annotators")
    cell.locator('[name="document"]').select_option("acme-card")
    page.fill('[name="author"]', "Jo Doe")
    page.fill('[name="organisation"]', "Acme")


def save(page: Page) -> Path:
    with page.expect_download() as waiting:
        page.click("#Save")
    path = Path(waiting.value.suggested_filename).resolve()
    waiting.value.save_as(path)
    return path


def test_answers_are_filled_in_saved_and_taken_in(seen: Seen, audit: Path) -> None:
    page = seen.page
    opened(page)
    fill(page)
    path = save(page)
    assert path.name == "reply-audit-acme.json"
    ran = done("audit", "import-replies", audit, path, "--json")
    (said,) = ran.json
    assert (said["about"], said["kind"]) == ("acme/1 PEOPLE", "rebuttal")
    assert (said["author"], said["quote_state"]) == ("Jo Doe, for Acme", "verified")
    text = (audit / "corrections.toml").read_text("utf-8")
    assert "The card tells it: “an agency”.\nIn Lisbon." in text
    done("audit", "check", audit)
    done("report", audit, "-o", "site")
    opened(page, "site/corrections.html")
    assert "Jo Doe, for Acme" in page.inner_text("main")


def test_one_can_go_on_with_a_saved_file(seen: Seen, audit: Path) -> None:
    page = seen.page
    opened(page)
    fill(page)
    first = save(page)
    before = first.read_bytes()
    page.reload()
    assert page.input_value('[name="author"]') == ""
    page.set_input_files("#Load", str(first))
    page.locator("#Said").filter(has_text="back in the form").wait_for()
    assert save(page).read_bytes() == before
    page.set_input_files("#Load", "acme-card.md")
    page.locator("#Said").filter(has_text="no saved file").wait_for()


def test_what_is_missing_is_said_before_it_is_saved(seen: Seen, audit: Path) -> None:
    page = seen.page
    opened(page)
    cell = page.locator("fieldset.reply").nth(2)
    cell.get_by_label("Correction").check()
    cell.locator('[name="quote"]').fill("Some words")
    page.click("#Save")
    assert page.locator("#Faults li").all_inner_texts() == [
        "acme/1 RELEASED: say why",
        "acme/1 RELEASED: say in which document the words stand",
        "Say your name",
        "Say your organisation",
    ]
    page.click("#Faults a >> nth=0")
    assert page.evaluate("document.activeElement.name") == "reason"
    look(page, "reply-form-faults")


def test_the_form_is_sound_to_the_eye_and_to_a_screen_reader(seen: Seen, audit: Path) -> None:
    opened(seen.page)
    look(seen.page, "reply-form")
    fill(seen.page)
    look(seen.page, "reply-form-filled")


def test_without_scripts_it_reads_and_prints_with_room_to_write(
    browser: Browser, audit: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    opened(page)
    assert "Scripts are off here" in page.inner_text("noscript")
    assert not page.locator("#Save").is_visible()
    assert "We hired 40 annotators" in page.inner_text("main")
    page.emulate_media(media="print")
    assert page.locator('[name="reason"]').first.is_visible()
    assert page.locator(".pointlist").first.is_visible()
    context.close()


def test_the_pages_of_an_edition_and_of_a_difference(seen: Seen, audit: Path) -> None:
    page = seen.page
    done("audit", "freeze", audit, "2026.1")
    told = ("--answer", "Told in part.", "--reason", "Read again.", "--deviation", "So.")
    done("audit", "grade", audit, "acme/1", "GOALS", "which=vague", "who=stated", *told,
         "--grade", "2")  # fmt: skip
    done("audit", "settle", audit)
    done("audit", "diff", "audit-2026.1", audit, "--html", "diff.html")
    opened(page, "diff.html")
    assert "1 grade differs: 0 higher, 1 lower" in page.inner_text("main")
    look(page, "diff")
    opened(page, "audit-2026.1/site/addresses.html")
    page.click("text=initiatives/acme.html#1-GOALS")
    assert page.locator("#\\31 -GOALS").is_visible()
    assert "4" in page.inner_text("#\\31 -GOALS header")
