"""A pile of real documents, as people have them, becomes an audit; and how well it is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.intake import KEPT, guesses, table
from bench.pile import SCAN, UNREADABLE, make_pile
from openbook.audit.new import new_audit
from openbook.audit.opened import open_audit
from openbook.audit.pile.gather import gather
from openbook.audit.pile.planning import make_plan
from openbook.audit.pile.taking import carry_out
from openbook.core.plan import Do
from tests.corpus import needs_corpus
from tests.docs.pages import ROOT
from tests.workbench import clock, done

pytestmark = needs_corpus

FEW = (
    "mistral-7b deepseek-r1 gemma-team-2024a qwen-team-2024 claude-constitution llama-team-2025 "
    "qwen-team-2025a anthropic-2023 bai-2022b kimi-k2"
).split()
"""Enough for every kind of file of the pile but the longest ones."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    return new_audit(tmp_path / "audit", title="", auditor="Ana Ruiz")


def test_every_file_of_the_pile_comes_to_its_document(folder: Path) -> None:
    filed = {f"pile/{one.path}": one.document for one in make_pile(Path("pile"), FEW)}
    plan = make_plan(open_audit(folder), gather(["pile"], folder))
    unreadable = {source for source, document in filed.items() if document is UNREADABLE}
    assert {one.source for one in plan.failed} == unreadable
    assert {one.source for one in plan.entries} == filed.keys() - unreadable
    new = {filed[one.source]: one.key for one in plan.entries if one.do is Do.NEW}
    assert len(new) == sum(one.do is Do.NEW for one in plan.entries) == len(FEW) + 1  # and the scan
    strays = [one.source for one in plan.entries if one.key != new[filed[one.source]]]
    assert strays == []
    scan = next(one for one in plan.entries if filed[one.source] is SCAN)
    assert (scan.title, scan.date, scan.language) == ("", "", "")
    assert scan.why["do"].startswith("2 of 2 pages have no text")
    roles = {one.source: one.role for one in plan.entries if one.do is Do.COPY}
    assert roles["pile/old/qwen2.5.md"] == "other-version"
    assert roles["pile/mail/7b.pdf"] == "original"
    taken = list(carry_out(folder, plan, clock().date()))
    assert [one.error for one in taken if one.error] == []
    assert "no problems" in done("audit", "check", folder).out
    assert not any(one.error for one in carry_out(folder, plan, clock().date()))
    again = make_plan(open_audit(folder), gather(["pile"], folder))
    assert {one.do for one in again.entries} == {Do.SKIP}


def test_the_page_tells_how_often_guesses_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    shown = KEPT.search((ROOT / "docs" / "forty-files.md").read_text("utf-8"))
    assert shown is not None
    assert shown["body"] == table(guesses()), "python -m bench guesses writes it anew"
