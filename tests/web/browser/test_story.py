"""The whole way of a team, in real browsers: invited, blind, in dispute, settled, and in the files.

Pictures of every page are kept in ``.screenshots/``, and axe-core looks at every page on the way.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from openbook.web.inbox import QUICKEST
from tests.corpus import CORPUS
from tests.web.browser.conftest import free_port, wait_for
from tests.workbench import done

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SHOTS = Path(__file__).resolve().parents[3] / ".screenshots"
RELEASE = "mistral/7b"
KEYWORDS = "DEF AUTH VS PLAN HUM PROMPT SIZE FILTER USE PUB".split()
SECRET = "Zanzibar answers for nobody else"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 860}


class Team(NamedTuple):
    """A room of a team as it starts: nobody has come in."""

    url: str
    audit: Path
    first_link: str


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    if not (CORPUS / "docs").is_dir():
        pytest.skip(f"the corpus of real documents is not at hand ({CORPUS})")
    root = tmp_path_factory.mktemp("team")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        patch.delenv("OPENBOOK_AUDITOR", raising=False)
        done("library", "add", CORPUS / "docs" / "mistral-7b.pdf")
        done("audit", "new", root / "audit", "--copy", "beyond-the-six")
        port = free_port()
        command = [sys.executable, "-m", "openbook.cli.main", "serve", str(root / "audit")]
        command += ["--team", "--public", "--port", str(port), "--state", str(root / "state")]
        with (root / "out").open("w") as out:
            process = subprocess.Popen(command, stdout=out, env=dict(os.environ))
        try:
            wait_for(port, process)
            said = (root / "out").read_text()
            link = re.search(r"/join/\S+", said)
            assert link, said
            yield Team(f"http://127.0.0.1:{port}", root / "audit", link[0])
        finally:
            process.terminate()
            process.wait(timeout=20)


class Somebody:
    """A person with a browser of one's own; every page looked at is checked and pictured."""

    def __init__(self, browser: Browser, team: Team) -> None:
        self.context: BrowserContext = browser.new_context(viewport=DESKTOP, base_url=team.url)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console",
            lambda told: self.faults.append(told.text) if told.type == "error" else None,
        )

    def joins(self, link: str, name: str) -> None:
        self.page.goto(link)
        self.look("join")
        self.page.fill("#name", name)
        self.page.click("main button.main")
        self.page.wait_for_url("**/me")  # where a password can be set after all

    def invites(self, role: str) -> str:
        self.page.goto("/people")
        self.page.select_option('form[action="/people/invite"] select[name="role"]', role)
        self.page.get_by_role("button", name="Make a link").click()
        link = self.page.input_value("input[data-copy]")
        self.look("people")
        return link

    def look(self, name: str) -> None:
        """Picture the page on a desk and on a phone, and have axe-core look at it there."""
        from axe_playwright_python.sync_playwright import Axe

        SHOTS.mkdir(exist_ok=True)
        for size, kind in ((PHONE, "phone"), (DESKTOP, "desktop")):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=SHOTS / f"{name}-{kind}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{name} is {wide} wide on a {kind}"
            found = Axe().run(self.page).response["violations"]
            serious = [
                f"{name} on a {kind}: {one['id']}: {node['html'][:200]} {node['failureSummary']}"
                for one in found
                if one["impact"] in ("serious", "critical")
                for node in one["nodes"][:1]
            ]
            assert serious == []


def hash_of(folder: Path) -> str:
    """A hash of all that is in a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def grades_by_keys(page: Page, grade: int, quoted: str) -> None:
    """Judge the ten cells of the release without touching the mouse."""
    press = page.keyboard.press
    page.goto(f"/cell/{RELEASE}/{KEYWORDS[0]}")
    for keyword in KEYWORDS:
        page.wait_for_url(f"**/{keyword}")
        page.wait_for_selector("#Passages .passage")
        is_quoted = keyword == quoted
        if is_quoted:
            press("j")
            press("c")
            page.wait_for_selector("#QuoteForm")
            press("Space")  # the first point
            press("Enter")
            page.wait_for_selector("#QuoteDialog", state="hidden")
            page.wait_for_selector("#Quotes .ev")
        press("m")
        count = page.locator("#Draft .point").count()
        for number in range(count):
            press("v" if is_quoted and number == 0 else "a")
            if number < count - 1:
                press("Tab")
        press("w")
        page.keyboard.type(f"{SECRET} about {keyword}." if is_quoted else f"Nothing on {keyword}.")
        press("Escape")
        press("r")
        press(str(grade) if is_quoted else "0")
        press("Tab")
        if is_quoted and grade != 1:  # one point of six that is vague makes 1
            page.wait_for_selector("#DeviationField", state="visible")
            press("Shift+Tab")  # it has come before where we are
            page.keyboard.type("It says a little more than the points show.")
            press("Tab")
        page.keyboard.type("As marked.")
        page.locator("#Saved").filter(has_text=re.compile(r"^saved( |$)")).wait_for()
        page.locator("#Lacks").filter(has_text="Ready").wait_for()
        press("Escape")
        if keyword != KEYWORDS[-1]:
            press("]")


def answers(anybody: Somebody, editor: Somebody) -> None:
    """Somebody of the developer files a rebuttal with a quote and a file; an editor accepts it."""
    page = anybody.page
    page.locator(".propose summary").click()
    anybody.look("finding-to-answer")
    page.check('input[name="kind"][value="rebuttal"]')
    page.fill("#author", "Max Muster, Mistral")
    page.fill("#reason", "The prompt names care, respect and truth.")
    page.select_option("#document", "mistral-7b")
    page.fill("#quote", "Always assist with care, respect, and truth.")
    file = {"name": "<b>answer</b>.txt", "mimeType": "text/plain", "buffer": b"See the paper."}
    page.set_input_files("#file", files=[file])  # type: ignore[list-item]
    page.wait_for_timeout(1000 * QUICKEST)  # whoever is quicker is taken for a robot
    page.locator(".propose form button.main").click()
    page.wait_for_url("**/correction/**")
    assert "verified" in page.inner_text("main")
    anybody.look("correction-waiting")
    editor.page.goto("/inbox")
    editor.look("inbox-waiting")
    editor.page.locator(".item textarea").first.fill("It stands in the paper.")
    editor.page.locator('.item button[value="accept"]').first.click()
    editor.page.wait_for_load_state()
    editor.look("inbox")
    page.reload()
    assert "Accepted" in page.inner_text("h1")
    anybody.look("correction-accepted")


def test_a_team_audits_a_release(browser: Browser, team: Team) -> None:
    people = {name: Somebody(browser, team) for name in ("olga", "ana", "bo", "eddy", "anybody")}
    olga, ana, bo, eddy, anybody = people.values()
    reviews = team.audit / "reviews"

    # Coming in, and who judges what.
    olga.joins(team.first_link, "Olga Owner")
    for name, role, somebody in (
        ("Ana Ruiz", "auditor", ana),
        ("Bo Lind", "auditor", bo),
        ("Eddy Ito", "editor", eddy),
    ):
        somebody.joins(olga.invites(role), name)
    eddy.page.goto("/assignments")
    eddy.look("assignments")
    for auditor in ("ana-ruiz", "bo-lind"):
        eddy.page.check(f'input[type="checkbox"][value="{RELEASE}={auditor}"]')
    eddy.page.get_by_role("button", name="Save").click()
    eddy.page.wait_for_load_state()

    # The first judges ten cells by keyboard alone, and submits.
    ana.page.goto("/")
    ana.look("work")
    grades_by_keys(ana.page, 1, "DEF")
    ana.look("cell")
    ana.page.goto(f"/release/{RELEASE}")
    ana.look("release-to-submit")
    before = hash_of(team.audit)
    ana.page.get_by_role("button", name="Submit").press("Enter")
    ana.page.get_by_text("It is frozen and hidden").wait_for()
    ana.look("release-submitted")
    assert hash_of(team.audit) == before

    # The second sees nothing of it, on no page.
    for path in ("/", f"/cell/{RELEASE}/DEF", f"/release/{RELEASE}", "/agreement", "/disputes"):
        for somebody in (bo, anybody):
            somebody.page.goto(path)
            assert SECRET not in somebody.page.content()
    bo.page.goto(f"/finding/{RELEASE}/DEF")
    assert "under review" in bo.page.inner_text("main").lower()

    # The second differs on one cell; with that the release is opened, and both are in the files.
    grades_by_keys(bo.page, 2, "DEF")
    bo.page.goto(f"/release/{RELEASE}")
    bo.page.get_by_role("button", name="Submit").click()
    bo.page.get_by_text("it is opened and written").wait_for()
    bo.look("release-opened")
    both = [
        tomllib.loads((reviews / who / "mistral" / "7b.toml").read_text("utf-8"))
        for who in ("ana-ruiz", "bo-lind")
    ]
    assert [one["DEF"]["grade"] for one in both] == [1, 2]
    assert all(one["PUB"]["grade"] == 0 for one in both)

    # A third settles; the disagreement stays.
    eddy.page.goto("/")
    eddy.look("work-with-a-dispute")
    eddy.page.goto("/disputes")
    eddy.look("disputes")
    bo.page.goto(f"/disputes/{RELEASE}/DEF")
    assert bo.page.locator("form.settle").count() == 0, "who graded it does not settle it"
    eddy.page.goto(f"/disputes/{RELEASE}/DEF")
    eddy.look("dispute")
    eddy.page.check('input[name="grade"][value="2"]')
    eddy.page.check('input[name="take"][value="bo-lind"]')
    eddy.page.fill("#Reason", "The paper names a goal and no more.")
    eddy.page.locator("form.settle button.main").click()
    eddy.page.wait_for_load_state()
    eddy.look("dispute-settled")
    finding = tomllib.loads((team.audit / "findings/mistral/7b.toml").read_text("utf-8"))["DEF"]
    assert finding["grade"] == 2
    settled = finding["settled"]
    assert (settled["how"], settled["by"]) == ("decided", "Eddy Ito")
    assert {settled["grades"][who] for who in ("ana-ruiz", "bo-lind")} == {1, 2}

    # The heatmap follows, and everybody may read it, and answer.
    anybody.page.goto("/findings")
    assert "2" in anybody.page.locator(f'a[href="/finding/{RELEASE}/DEF"]').first.inner_text()
    anybody.look("findings")
    anybody.page.goto(f"/finding/{RELEASE}/DEF")
    assert "Eddy Ito" in anybody.page.inner_text("main")
    anybody.look("finding")
    answers(anybody, eddy)
    corrections = tomllib.loads((team.audit / "corrections.toml").read_text("utf-8"))["correction"]
    assert [one["author"] for one in corrections] == ["Max Muster, Mistral"]
    assert (corrections[0]["kind"], corrections[0]["state"]) == ("rebuttal", "accepted")
    for path, name in (("/agreement", "agreement"), ("/login", "login")):
        anybody.page.goto(path)
        anybody.look(name)
    for path, name in (("/documents", "documents"), ("/acts", "acts")):
        olga.page.goto(path)
        olga.look(name)
    olga.page.goto("/me")
    olga.look("me")
    faults = [fault for one in people.values() for fault in one.faults]
    # Told of a newer version the page saves again; browsers call that answer an error.
    assert [fault for fault in faults if "409 (Conflict)" not in fault] == []
    done("audit", "check", team.audit)
