"""The page of lint in a real browser: from the disk, without a script, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from openbook.core.questionnaire import MAX_GRADE
from tests.corpus import CORPUS
from tests.web.browser.conftest import Seen
from tests.web.browser.test_reply_browser import look
from tests.workbench import done

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no documents in ../shared/corpus")


def test_what_is_stated_can_be_left_out(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    told = done(
        "lint", CORPUS / "docs" / "llama-team-2025.md", "--html", "page.html", "--json"
    ).json
    verdicts = [point["verdict"] for one in told for point in one["points"]]
    page = seen.page
    page.goto(Path("page.html").resolve().as_uri())
    look(page, "lint")
    chips = page.locator(".lint-row .chip > :first-child").all_inner_texts()
    assert [int(one) for one in chips] == [one["suggested_grade"] for one in told]
    assert max(map(int, chips)) <= MAX_GRADE
    points = page.locator(".lint-point")
    assert points.count() == len(verdicts)
    page.get_by_label("Only what is vague or missing").check()
    visible = [one for one in points.all() if one.is_visible()]
    assert len(visible) == len(verdicts) - verdicts.count("stated")
    page.get_by_role("link", name="HUM").click()
    heading = page.get_by_role("heading", name="HUM", level=2)
    assert heading.is_visible()
    assert page.url.endswith(f"#{heading.get_attribute('id')}")
