"""A scan in the reading room: its picture, the words read from it, and their own mark."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openbook.audit.layers import at_hand
from tests.scans import WORDS, use_engine
from tests.web.read_makers import Reader
from tests.web.test_reading import NEW
from tests.workbench import done, pdf


@pytest.fixture
def scanned(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Reader:
    use_engine(monkeypatch)
    Path("gamma-scan.pdf").write_bytes(pdf(["", "typed words"]))
    folder = reader.room.folder
    done("audit", "add", folder, "gamma-scan.pdf", "--initiative", "acme", "--release", "2")
    done("audit", "scan", folder)
    return reader


def test_lines_of_a_scan_are_laid_over_its_picture(scanned: Reader) -> None:
    opened = scanned.room.opened()
    copy = at_hand(opened.document("gamma-scan"), opened.library)[0].copy.sha256
    lines = json.loads(scanned.get(f"/copy/{copy}/page/1"))
    assert [words for _, words, _ in lines] == list(WORDS[1])
    assert lines[0][2] == [20, 150, 420, 165]
    (typed,) = json.loads(scanned.get(f"/copy/{copy}/page/2"))
    assert typed[1] == "typed words"


def test_words_of_a_scan_may_be_quoted_and_are_not_called_verified(scanned: Reader) -> None:
    opened = scanned.room.opened()
    copy = at_hand(opened.document("gamma-scan"), opened.library)[0].copy.sha256
    at = f"{NEW}/PEOPLE"
    end = WORDS[1][1].index(" in Porto")
    start = len(WORDS[1][0]) + 1
    form = {"document": "gamma-scan", "copy": copy}
    places = {"from_page": "1", "from_offset": str(start), "to_page": "1"}
    page = scanned.post(f"{at}/take", form | places | {"to_offset": str(start + end)}).text
    assert "We hired 12 annotators" in page
    assert "read from a scan, not verified" in page
    assert "✓" not in page
    made = {"document": "gamma-scan", "text": "We hired 12 annotators", "supports": ["number"]}
    kept = scanned.post(f"{at}/quotes", made).text
    assert 'class="state v-scan">▤ read from a scan, not verified' in kept
