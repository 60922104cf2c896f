"""What is to be looked at again, in the room and on the site, on a desk and on a phone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.audit.drift.watched_server import serving
from tests.web.browser.conftest import Seen, free_port, wait_for
from tests.web.browser.test_reply_browser import look
from tests.workbench import CARD, done, openbook

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def drift(audit: Path) -> None:
    """A document of the audit changes at its address, and two quotes with it."""
    changed = CARD.replace("hired 40", "hired 60").replace("We set these", "Others set the")
    with serving() as site:
        site.put("/card.md", f"{changed}\nA newer version.\n")
        path = audit / "documents/acme-card.toml"
        url = f'[[copy]]\nurl = "{site.url("/card.md")}"'
        path.write_text(path.read_text("utf-8").replace("[[copy]]", url), "utf-8")
        ran = openbook("audit", "watch", audit, "--allow-private", "--delay", "0")
    assert ran.status == 1


def test_the_site_marks_and_tells(browser: Browser, audit: Path) -> None:
    drift(audit)
    done("report", audit, "-o", "site")
    page = browser.new_page()
    page.goto(Path("site/index.html").resolve().as_uri())
    assert page.locator("td.relook").count() == 2
    look(page, "relook-site")
    page.goto(Path("site/initiatives/acme.html").resolve().as_uri())
    assert page.get_by_text("To be looked at again:").count() == 2
    look(page, "relook-cell")
    page.close()


def test_the_room_marks_and_tells(seen: Seen, audit: Path) -> None:
    drift(audit)
    port = free_port()
    command = [sys.executable, "-m", "openbook.cli.main", "serve", str(audit)]
    command += ["--port", str(port), "--state", "state"]
    process = subprocess.Popen(command, env=dict(os.environ))
    try:
        wait_for(port, process)
        seen.page.goto(f"http://127.0.0.1:{port}/")
        assert seen.page.get_by_text("2 cells to be looked at again").is_visible()
        assert seen.page.locator("td.relook").count() == 2
        look(seen.page, "relook-room")
    finally:
        process.terminate()
        process.wait(timeout=20)
