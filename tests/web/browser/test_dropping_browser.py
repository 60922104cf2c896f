"""A pile of real documents dropped on the room, in a real browser: seen, corrected, added.

Pictures are kept in ``.screenshots/``; axe-core looks at every page, at a desk and on a phone.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from openbook.audit.opened import open_audit
from tests.corpus import CORPUS
from tests.web.browser.conftest import Seen, free_port, wait_for
from tests.web.browser.test_story import DESKTOP, PHONE, SHOTS
from tests.workbench import done, openbook, snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG = 120_000
"""Milliseconds in which the pile is read, also on a machine that is busy with other tests."""
PAGE = """<!doctype html><html lang="en"><head><title>Alignment at Zeta</title>
<meta property="article:published_time" content="2025-02-03"></head><body><main>
<h1>Alignment at Zeta</h1><p>Zeta was aligned by forty people who compared two answers of the model.
Each was trained for a week, and paid by the hour.</p></main></body></html>"""


class Room(NamedTuple):
    """A room with nothing in its audit."""

    url: str
    audit: Path
    pile: list[Path]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    if not (CORPUS / "docs").is_dir():
        pytest.skip(f"the corpus of real documents is not at hand ({CORPUS})")
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("OPENBOOK_AUDITOR", raising=False)
    audit = tmp_path / "audit"
    done("audit", "new", audit, "--title", "What is in the pile", "--auditor", "Ana Ruiz")
    pile = tmp_path / "pile"
    pile.mkdir()
    docs = CORPUS / "docs"
    for name in ("mistral-7b.pdf", "deepseek-v2.pdf", "kimi-k2.md"):
        (pile / name).write_bytes((docs / name).read_bytes())
    (pile / "download (1).pdf").write_bytes((docs / "mistral-7b.pdf").read_bytes())
    (pile / "broken.pdf").write_bytes((docs / "deepseek-v2.pdf").read_bytes()[:5000])
    (pile / "zeta.html").write_text(PAGE, "utf-8")
    port = free_port()
    command = [sys.executable, "-m", "openbook.cli.main", "serve", str(audit)]
    command += ["--port", str(port), "--state", str(tmp_path / "state")]
    process = subprocess.Popen(command, env=dict(os.environ))
    try:
        wait_for(port, process)
        yield Room(f"http://127.0.0.1:{port}", audit, sorted(pile.iterdir()))
    finally:
        process.terminate()
        process.wait(timeout=20)


def look(page: Page, name: str) -> None:
    """Picture the page on a phone and at a desk, and have axe-core look at it there."""
    from axe_playwright_python.sync_playwright import Axe

    SHOTS.mkdir(exist_ok=True)
    for size, kind in ((PHONE, "phone"), (DESKTOP, "desktop")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_function(f"innerWidth === {size['width']}")
        page.screenshot(path=SHOTS / f"{name}-{kind}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], f"{name} is {wide} wide on a {kind}"
        found = Axe().run(page).response["violations"]
        assert [
            f"{name} on a {kind}: {one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"][:1]
        ] == []


def drop(page: Page, files: list[Path]) -> None:
    """Drop files on the page, as a hand would."""
    sent = [(one.name, base64.b64encode(one.read_bytes()).decode()) for one in files]
    data = page.evaluate_handle(
        """(sent) => {
          const data = new DataTransfer();
          for (const [name, text] of sent) {
            const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
            data.items.add(new File([bytes], name));
          }
          return data;
        }""",
        sent,
    )
    for kind in ("dragenter", "dragover", "drop"):
        page.dispatch_event("main", kind, {"dataTransfer": data})


def row(page: Page, source: str):  # type: ignore[no-untyped-def]
    """The row of a file."""
    return page.locator(".pile tbody tr").filter(
        has=page.locator("th .name").get_by_text(source, exact=True)
    )


def read(page: Page) -> None:
    page.locator("#Job .note").wait_for(timeout=LONG)


def loaded_until(page: Page, selector: str) -> None:
    """Load the page again, as one does without script, until something is on it."""
    either = page.locator(f"{selector}, #Job progress")
    either.first.wait_for(timeout=LONG)
    while not page.locator(selector).count():
        page.reload()
        either.first.wait_for(timeout=LONG)


def saved(page: Page) -> None:
    page.locator("#Saved").get_by_text(re.compile(r"^saved \d\d:\d\d:\d\d$")).wait_for()


def test_a_pile_is_dropped_corrected_and_added(empty: Room, seen: Seen) -> None:
    page, before = seen.page, snapshot(empty.audit)
    page.goto(f"{empty.url}/documents")
    look(page, "drop-documents")
    drop(page, empty.pile)
    page.wait_for_url("**/pile", timeout=LONG)
    read(page)
    assert snapshot(empty.audit) == before
    look(page, "drop-table")

    mistral = row(page, "mistral-7b.pdf")
    assert mistral.get_by_label("Title", exact=False).input_value() == "Mistral 7B"
    assert row(page, "download (1).pdf").get_by_label("Becomes").input_value() == "skip"
    assert "the same bytes as mistral-7b.pdf" in row(page, "download (1).pdf").inner_text()
    assert page.locator(".s-failed b").all_inner_texts() == ["broken.pdf"]
    assert row(page, "zeta.html").get_by_label("Kind").input_value() == "web-page"

    zeta = row(page, "zeta.html")
    zeta.get_by_label("Title").fill("How Zeta was aligned")
    zeta.get_by_label("Date").fill("last spring")
    saved(page)
    zeta.locator(".fault:not(:empty)").wait_for()
    look(page, "drop-fault")
    zeta.get_by_label("Date").fill("2025-02-03")
    saved(page)

    # The browser is closed, and opened again.
    again = page.context.new_page()
    page.close()
    again.goto(f"{empty.url}/pile")
    assert row(again, "zeta.html").get_by_label("Title").input_value() == "How Zeta was aligned"

    again.get_by_text("Name a release that is not there").click()
    for label, text in (("Company", "Zeta Labs"), ("Initiative", "Zeta"), ("Release", "One")):
        again.locator("fieldset.new").last.get_by_label(label, exact=True).fill(text)
    again.locator("[id='new.date']").fill("2025-01")
    again.locator("[id='new.to']").select_option(label="zeta.html")
    look(again, "drop-name")
    again.get_by_role("button", name="Name it").click()
    again.get_by_text("Release zeta-labs-zeta/one").wait_for()
    assert row(again, "zeta.html").get_by_label("Releases").input_value() == "zeta-labs-zeta/one"

    again.get_by_role("button", name="Add to the audit").click()
    again.locator("#Job .note").get_by_text("4 files added.", exact=True).wait_for(timeout=LONG)
    look(again, "drop-done")
    again.get_by_role("link", name="See the documents").click()
    again.get_by_role("heading", name="How Zeta was aligned").wait_for()
    look(again, "drop-after")

    opened = open_audit(empty.audit).sound()
    assert sorted(opened.audit.documents) == ["deepseek-v2", "kimi-k2", "mistral-7b", "zeta"]
    family = opened.audit.initiative("zeta-labs-zeta")
    assert family is not None
    assert (family.company, family.releases[0].date) == ("Zeta Labs", "2025-01")
    assert openbook("audit", "check", empty.audit).status == 0


def test_the_keyboard_and_the_file_chooser_do_the_same(empty: Room, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{empty.url}/documents")
    page.set_input_files("#files", [one for one in empty.pile if one.suffix in (".html", ".md")])
    page.locator("#addresses").fill("http://127.0.0.1:9/a.pdf\nnot an address")
    page.locator("#Drop button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pile", timeout=LONG)
    read(page)
    assert page.locator(".pile tbody tr").count() == 2
    reasons = page.locator(".s-failed").all_inner_texts()
    assert len(reasons) == 2
    assert not any("--" in one for one in reasons)
    page.locator("#Pile .main").focus()
    page.keyboard.press("Enter")
    page.locator("#Job .note").get_by_text("2 files added.", exact=True).wait_for(timeout=LONG)
    assert len(open_audit(empty.audit).sound().audit.documents) == 2


def test_without_script_the_same_forms_do_the_same(empty: Room, seen: Seen) -> None:
    context = seen.page.context.browser
    assert context is not None
    plain = context.new_context(java_script_enabled=False, base_url=empty.url)
    try:
        page = plain.new_page()
        page.goto("/documents")
        page.set_input_files("#files", [one for one in empty.pile if one.suffix == ".html"])
        page.locator("#Drop button").click()
        page.wait_for_url("**/pile")
        loaded_until(page, ".pile")
        row(page, "zeta.html").locator("[name^='row.title.']").fill("Typed without script")
        page.locator("#Pile .main").click()
        loaded_until(page, ".over")
        assert "1 file added." in page.locator("#Job").inner_text()
    finally:
        plain.close()
    found = open_audit(empty.audit).sound().audit.documents["zeta"]
    assert found.title == "Typed without script"
