"""A hit of a search becomes a quote in the document's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from openbook.audit.opened import WrongUseError, open_audit
from openbook.audit.search.hit import text_of_hit
from tests.workbench import done

TEXT = "We compared with Qwen2-\n7B and with state-of-\nthe-art models [see the appendix].\n"


@pytest.fixture
def added(audit: Path) -> Path:
    """The audit with a document whose lines end after hyphens that belong to words."""
    Path("lines.txt").write_text(TEXT, "utf-8")
    done("audit", "add", audit, "lines.txt", "--initiative", "acme", "--release", "1")
    return audit


def test_a_hyphen_at_the_end_of_a_line_stays_where_it_belongs_to_the_word(added: Path) -> None:
    (hit,) = done("audit", "search", added, "compared", "--document", "lines", "--json").json
    _, words = text_of_hit(open_audit(added), hit["id"])
    assert "Qwen2-7B" in words
    assert "state-of-the-art" in words
    assert "\\[see the appendix\\]" in words
    made = done("audit", "quote", added, hit["id"], "--supports", "acme/1:GOALS", "--json").json
    assert made[0]["state"] == "verified"


def test_what_is_no_hit_is_said_to_be_none(added: Path) -> None:
    opened = open_audit(added)
    for wrong in ("lines", "lines:1:0", "nothing:1:0-5", "lines:2:0-5", "lines:1:9000-9005"):
        with pytest.raises(WrongUseError):
            text_of_hit(opened, wrong)
    with pytest.raises(WrongUseError, match="these words are not in"):
        text_of_hit(opened, "lines:1:0-40", "other words")
    assert text_of_hit(opened, "lines:1:0-40", "We  compared")[1] == "We compared"
