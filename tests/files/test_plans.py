"""A plan is what its file says, and a file at fault says all that is wrong."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from openbook.core.initiative import ReleaseId
from openbook.core.plan import Do, Entry, Failed, Family, NewRelease, Plan
from openbook.files.plans import plan_text, read_plan

SHA = "a" * 64
LINES = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs")), max_size=20
)


@given(title=LINES, source=LINES, why=st.text(max_size=30), reason=st.text(max_size=30))
def test_a_plan_is_read_as_it_was_written(title: str, source: str, why: str, reason: str) -> None:
    entry = Entry(
        f"x{source}",
        SHA,
        Do.NEW,
        "acme",
        title=title,
        date="2024-05",
        kind="report",
        releases=(ReleaseId("acme", "1"),),
        note="arXiv version 2.",
    )
    plan = Plan((entry,), (Family("acme", "Acme"),), (NewRelease(ReleaseId("acme", "1"), "One"),))
    shown = replace(
        plan, entries=(replace(entry, why={"title": why}),), failed=(Failed(source, reason),)
    )
    assert _read(plan_text(shown, "audit", "plan.toml")) == plan


def _read(text: str) -> Plan | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.toml"
        path.write_text(text, "utf-8", newline="\n")
        found, problems = read_plan(path)
        assert list(problems) == []
        return found


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        f"""plan = 1
[[document]]
source = "a.pdf"
sha256 = "{SHA}"
do = "take"
key = "../a"
releases = ["one"]
date = "May"
[[document]]
source = "b.pdf"
sha256 = "x"
do = "new"
key = "b"
knd = "paper"
"""
    )
    found, problems = read_plan(path)
    told = "\n".join(map(str, problems))
    assert found is None
    for words in ("do", "'../a' cannot be a key", "'one' is no release", "date", "sha256", "knd"):
        assert words in told, words


def test_two_new_documents_of_one_key(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        "plan = 1\n"
        + "".join(
            f'[[document]]\nsource = "{name}"\nsha256 = "{SHA}"\ndo = "new"\nkey = "same"\n'
            for name in ("a.pdf", "b.pdf")
        )
    )
    found, problems = read_plan(path)
    assert found is None
    assert "plan.toml: document 2 (same): key" in str(problems[0])
