"""The reading room with documents in other languages: translations, searches, what is refused."""

from __future__ import annotations

import re
from pathlib import Path

from tests.web.read_makers import Reader
from tests.workbench import done, openbook

CELL = "/cell/acme/2/GOALS"
CHINESE = """# 模型

模型的目标是有用和安全，由安全团队在会议上确定。
"""


def a_chinese_card(reader: Reader, language: str) -> None:
    """Make a Chinese card a document of `acme/2`, and say which language it is in."""
    folder = reader.room.folder
    card = folder.parent / "zh-card.md"
    card.write_text(CHINESE, encoding="utf-8")
    done("audit", "add", folder, card, "--initiative", "acme", "--release", "2")
    path = folder / "documents" / "zh-card.toml"
    said = re.sub("(?m)^language = .*\n", "", path.read_text("utf-8"))
    path.write_text(said.replace("title =", f'language = "{language}"\ntitle =', 1), "utf-8")
    reader.room.forget()


def translate(folder: Path, evidence: str, text: str) -> None:
    done(
        *("audit", "translate", folder, evidence, text),
        *("--into", "ar", "--by", "<i>Ana</i>", "--kind", "machine"),
    )


def test_a_translation_stands_below_the_state_of_its_quote_and_is_called_one(
    reader: Reader,
) -> None:
    a_chinese_card(reader, "zh-Hans")
    folder = reader.room.folder
    quote = "由安全团队在会议上确定"
    supports = "acme/2:GOALS.who"
    done("audit", "quote", folder, quote, "--document", "zh-card", "--supports", supports)
    evidence = re.search(r"q-[0-9a-f]+", (folder / "evidence" / "zh-card.toml").read_text("utf-8"))
    assert evidence
    translate(folder, evidence[0], "<b>نص</b>")
    reader.room.forget()
    page = reader.get(CELL)
    assert '<blockquote lang="zh-Hans" dir="ltr">' in page
    assert "translated into ar by &lt;i&gt;Ana&lt;/i&gt; (machine)" in page
    assert '<p lang="ar" dir="rtl">&lt;b&gt;نص&lt;/b&gt;</p>' in page
    of_quote = page[page.index(quote) : page.index("Translation, no evidence:")]
    assert "verified" in of_quote  # nobody reads that word as the translation's
    assert "verified" not in page[page.index("Translation, no evidence:") : page.index("نص")]


def test_passages_in_a_language_without_words_cannot_be_called_searched(reader: Reader) -> None:
    a_chinese_card(reader, "zh")
    page = reader.get(f"{CELL}/absence?by_rank=3&at_random=2")
    assert "zh-card (in zh)" in page
    assert "queries_in.zh" in page
    asked = reader.room.folder / "questionnaire.toml"
    words = 'queries = ["goals", "helpful", "safe"]'
    said = asked.read_text("utf-8")
    assert words in said
    asked.write_text(said.replace(words, f'{words}\nqueries_in = {{ zh = ["目标"] }}'), "utf-8")
    reader.room.forget()
    assert "zh-card (in zh)" not in reader.get(f"{CELL}/absence?by_rank=3&at_random=2")
    assert "模型的目标是有用和安全" in reader.get(f"{CELL}/passages")
    found = openbook("audit", "search", str(reader.room.folder), "安全团队")
    assert "模型的目标" in found.out
