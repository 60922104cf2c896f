"""A real scan, read by the real engine, a region of it and a translation, on the site and in the
room, on a desk and on a phone."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from openbook.sources.scan_engine import engine
from tests.web.browser.conftest import Seen, free_port, wait_for
from tests.web.browser.test_reply_browser import look
from tests.workbench import done, pdf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TYPED = "We hired 12 annotators in Porto and paid them by the hour."
CHINESE = (
    "# 一号模型\n\n" + "我们雇用了四十名标注员，并公布他们的报酬。标注员来自里斯本的一家公司。" * 3
)
WORDS = "我们雇用了四十名标注员"
NUMBER = ("--supports", "acme/2:PEOPLE.number")


def scan(page: str) -> bytes:
    """A page as a picture in a PDF."""
    with pypdfium2.PdfDocument(pdf([page])) as document:
        picture = document[0].render(scale=2).to_pil()
    target = io.BytesIO()
    picture.save(target, "PDF")
    return target.getvalue()


@pytest.fixture
def read(audit: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An audit with a quote from a scan, a region of it, and a quote with its translation."""
    if engine() is None:
        pytest.skip("no engine that reads scans is installed (pip install 'openbook[ocr]')")
    Path("gamma.pdf").write_bytes(scan(TYPED))
    Path("one.md").write_text(CHINESE, "utf-8")
    for name in ("gamma.pdf", "one.md"):
        done("audit", "add", audit, name, "--initiative", "acme", "--release", "2")
    done("audit", "scan", audit)
    for document, words in (("gamma", "We hired 12 annotators"), ("one", WORDS)):
        done("audit", "quote", audit, words, "--document", document, *NUMBER)
    box = ("--page", "1", "--box", "20,20,300,180")
    done("audit", "region", audit, "gamma", *box, "--text", TYPED, *NUMBER)
    found = done("audit", "verify", audit, "--json").json
    (chinese,) = [one["evidence"] for one in found if one["document"] == "one"]
    told = ("--into", "en", "--by", "Ana Ruiz", "--kind", "human")
    done("audit", "translate", audit, chinese, "We hired forty annotators", *told)
    return audit


def test_the_site_calls_none_of_them_verified_but_the_quote(browser: Browser, read: Path) -> None:
    done("report", read, "-o", "site")
    page = browser.new_page()
    page.goto(Path("site/initiatives/acme.html").resolve().as_uri())
    for one in page.locator("details").all():
        one.evaluate("one => { one.open = true }")
    proofs = page.locator(".proof")
    scanned = proofs.filter(has_text="We hired 12 annotators").filter(has_text="read from a scan")
    assert scanned.count() == 1
    assert "not verified" in scanned.inner_text()
    region = proofs.filter(has_text="transcribed by Ana Ruiz")
    assert region.count() == 1
    assert "✓" not in region.inner_text()
    original = proofs.filter(has_text=WORDS)
    assert original.locator("blockquote").get_attribute("lang") == "zh"
    assert "Translation, no evidence" in original.locator(".translation").inner_text()
    look(page, "scans-site")
    page.close()


def test_the_room_shows_the_scan_and_its_words(seen: Seen, read: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "openbook.cli.main", "serve", str(read)]
    command += ["--port", str(port), "--state", "state"]
    process = subprocess.Popen(command, env=dict(os.environ))
    try:
        wait_for(port, process)
        page = seen.page
        page.goto(f"http://127.0.0.1:{port}/cell/acme/2/PEOPLE")
        page.get_by_text("read from a scan, not verified").first.wait_for()
        page.locator(".translation").get_by_text("We hired forty annotators").wait_for()
        look(page, "scans-room")
    finally:
        process.terminate()
        process.wait(timeout=20)
