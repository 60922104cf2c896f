"""The table of docs/crosswalk.md, from the crosswalks that ship; ``python -m tests.docs.crosswalk``
writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

from openbook.audit.questionnaires import crosswalk, read_questionnaire, shipped_questionnaires
from openbook.core.crosswalk import without_counterpart
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "crosswalk.md"
NAMES = ("fmti", "eu-ai-act", "croissant-rai")
MARKED = re.compile(r"(?<=<!--crosswalks-->\n).*(?=<!--/crosswalks-->)", re.S)


def tables() -> str:
    """A section for each crosswalk: what was checked, every link, what has no counterpart."""
    lines: list[str] = []
    for name in NAMES:
        walk = crosswalk(Path(name))
        asked = read_questionnaire(shipped_questionnaires()[walk.questionnaire])
        lines += [f"## {walk.title}", "", walk.attribution, "", f"Checked {walk.checked}", ""]
        lines += ["| point | relation | item | why |", "|---|---|---|---|"]
        for link in walk.links:
            item = walk.item(link.to)
            assert item is not None
            told = f"{link.to} {item.name}" if item.name != link.to else f"`{link.to}`"
            lines.append(f"| `{link.point}` | {link.relation} | {told} | {link.note} |")
        alone = ", ".join(f"`{one}`" for one in without_counterpart(walk, asked))
        lines += ["", f"Without a counterpart: {alone}.", ""]
    return "\n".join(lines)


def main() -> None:
    """Write the tables into the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MARKED.sub(lambda _: tables(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
