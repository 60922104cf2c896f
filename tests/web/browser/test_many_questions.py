"""A hundred questions in a browser: pages stay as wide as the window, tables scroll inside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from openbook.report.site import address
from tests import questionnaires
from tests.web.browser.conftest import free_port, wait_for
from tests.workbench import done

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (1280, 360)
PAGES = (
    *("index.html", "overview.html", "points.html", "trend.html", "agreement.html"),
    *("documents.html", "initiatives/acme-0.html", address.question_page(questionnaires.ODD[-1])),
)
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Many(NamedTuple):
    """An audit of a hundred questions and twenty releases, as a site and as a room."""

    site: Path
    url: str


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    root = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        patch.delenv("OPENBOOK_AUDITOR", raising=False)
        questionnaires.audit(root / "audit", 100, 20)
        questionnaires.judge(root / "audit", 100, 20)
        done("report", root / "audit", "-o", root / "site")
        port = free_port()
        command = [sys.executable, "-m", "openbook.cli.main", "serve", str(root / "audit")]
        command += ["--port", str(port), "--state", str(root / "state")]
        process = subprocess.Popen(command, env=dict(os.environ))
    try:
        wait_for(port, process)
        yield Many(root / "site", f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(params=WIDTHS)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 860})
    yield context.new_page()
    context.close()


def test_no_page_of_the_site_is_wider_than_the_window(page: Page, many: Many) -> None:
    for one in PAGES:
        page.goto((many.site / one).as_uri())
        assert page.evaluate(TOO_WIDE) == 0, one


def test_keywords_stay_over_their_columns(page: Page, many: Many) -> None:
    page.goto((many.site / "index.html").as_uri())
    scroll = page.locator(".scroll").first
    scroll.evaluate("one => { one.scrollTop = 500; one.scrollLeft = 900; }")
    at = scroll.evaluate("one => one.scrollTop")
    assert at > 0, "the table scrolls inside"
    top = scroll.bounding_box()
    word = page.locator(".keywords th:nth-of-type(30)").bounding_box()
    assert top
    assert word
    assert top["y"] - 1 <= word["y"] < top["y"] + 60
    release = page.locator("tbody .what").nth(19).bounding_box()
    assert release
    assert release["x"] >= top["x"] - 1, "names of releases stay too"


def test_the_room_keeps_to_the_window(page: Page, many: Many) -> None:
    for one in ("/", "/findings", "/release/acme-0/r00", "/cell/acme-0/r00/N050"):
        page.goto(many.url + one)
        assert page.evaluate(TOO_WIDE) == 0, one


def test_the_strip_of_a_hundred_steps_shows_the_one_at_hand(page: Page, many: Many) -> None:
    page.goto(f"{many.url}/cell/acme-0/r00/N050")
    page.locator(".steps-nav ul").wait_for()
    strip = page.locator(".steps-nav ul").bounding_box()
    here = page.locator(".steps-nav [aria-current]").bounding_box()
    assert strip
    assert here
    assert strip["x"] <= here["x"]
    assert here["x"] + here["width"] <= strip["x"] + strip["width"]
