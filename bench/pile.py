"""A pile as people have them: forty files of which half are documents.

``python -m bench.pile FOLDER`` makes it of the documents beside the checkout: duplicates, renamed
and saved again, older versions, a part, web pages, a scan and a broken file.
"""

from __future__ import annotations

import io
import random
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from markdown_it import MarkdownIt

DOCS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "docs"
UNREADABLE, SCAN = "", "a scan"


class Filed(NamedTuple):
    """A file of the pile, and which document it is of; :data:`UNREADABLE` for none, and
    :data:`SCAN` where nobody can tell before it is read."""

    path: str
    document: str


def make_pile(folder: Path, keys: Iterable[str] | None = None) -> list[Filed]:
    """Forty files in ``folder``, or fewer: those that come from the documents with these keys."""
    wanted = {path.stem for path in DOCS.iterdir()} if keys is None else set(keys)
    found = {path.stem: path for path in sorted(DOCS.iterdir()) if path.stem in wanted}
    made: list[Filed] = []

    def put(path: str, document: str, data: bytes) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        made.append(Filed(path, document))

    for key, path in found.items():
        put(f"{'papers' if path.suffix == '.pdf' else 'cards'}/{path.name}", key, path.read_bytes())
    for path, key, how in _FURTHER:
        if key in found:
            document = {_scanned: SCAN, _broken: UNREADABLE}.get(how, key)
            put(path, document, how(found[key].read_bytes()))
    return made


def _same(data: bytes) -> bytes:
    return data


def _saved_again(data: bytes) -> bytes:
    """Other bytes, the same pages."""
    with pypdfium2.PdfDocument(data) as document:
        target = io.BytesIO()
        document.save(target)
    return target.getvalue() + b"\n"


def _first_pages(data: bytes) -> bytes:
    with pypdfium2.PdfDocument(data) as document, pypdfium2.PdfDocument.new() as part:
        part.import_pages(document, list(range(min(8, len(document)))))
        target = io.BytesIO()
        part.save(target)
    return target.getvalue()


def _scanned(data: bytes) -> bytes:
    """The first two pages as pictures."""
    with pypdfium2.PdfDocument(data) as document:
        pictures = [document[at].render(scale=1).to_pil() for at in range(2)]
    target = io.BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:])
    return target.getvalue()


def _broken(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _older(data: bytes) -> bytes:
    """A text with one word in twenty another one, and one in fifty left out."""
    text = data.decode("utf-8")
    chance = random.Random(text[:100])
    words = [word for word in re.findall(r"\w{4,}", text) if word.isalpha()]

    def edited(found: re.Match[str]) -> str:
        roll = chance.random()
        return "" if roll < 0.02 else chance.choice(words) if roll < 0.07 else found[0]

    return re.sub(r"\b[^\W\d_]{4,}\b", edited, text).encode()


def _web_page(data: bytes) -> bytes:
    text = re.sub(r"\A---\n.*?\n---\n", "", data.decode("utf-8"), flags=re.S)
    body = MarkdownIt("commonmark").enable("table").render(text)
    return f"<!doctype html><html lang=en><title>Saved page</title>{body}</html>".encode()


_FURTHER: Sequence[tuple[str, str, Callable[[bytes], bytes]]] = (
    ("desktop/deepseek-v2.pdf", "deepseek-v2", _same),
    ("desktop/mistral-7b.pdf", "mistral-7b", _same),
    ("desktop/ouyang-2022.pdf", "ouyang-2022", _same),
    ("desktop/kimi-k2.md", "kimi-k2", _same),
    ("downloads/download.pdf", "gemma-team-2025", _same),
    ("downloads/download (1).pdf", "qwen-team-2024", _same),
    ("downloads/2412.19437v2.pdf", "deepseek-v3", _same),
    ("downloads/claude principles.md", "claude-constitution", _same),
    ("mail/report signed.pdf", "gemma-team-2024a", _saved_again),
    ("mail/7b.pdf", "mistral-7b", _saved_again),
    ("old/llama 2 draft.md", "touvron-2023b", _older),
    ("old/qwen2.5.md", "qwen-team-2025a", _older),
    ("old/llama-4-card.md", "llama-team-2025", _older),
    ("mail/instructgpt excerpt.pdf", "ouyang-2022", _first_pages),
    ("web/constitution.html", "claude-constitution", _web_page),
    ("web/llama4.html", "llama-team-2025", _web_page),
    ("scans/model card.pdf", "anthropic-2023", _scanned),
    ("downloads/broken.pdf", "bai-2022b", _broken),
)


if __name__ == "__main__":
    print(f"{len(make_pile(Path(sys.argv[1])))} files in {sys.argv[1]}")
