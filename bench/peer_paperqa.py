"""PaperQA2's keyless retrieval, run inside an environment of its own by :mod:`bench.peers`.

Reads texts and questions, writes the chunks that PaperQA2 cuts the texts into, as offsets, and
their order for each question.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from paperqa import Docs, Settings


async def ask(text: str, questions: dict[str, str]) -> dict[str, Any]:
    """The order of the chunks of one document for each question."""
    settings = Settings(embedding="sparse", parsing={"use_doc_details": False})
    docs = Docs()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.txt"
        path.write_text(text, encoding="utf-8", newline="")
        await docs.aadd(path, citation="The document, 2023", docname="document", settings=settings)
    chunks = [one.text for one in docs.texts]
    row = {one.name: at for at, one in enumerate(docs.texts)}
    # The first question embeds the chunks too, and is asked once more to be timed.
    await docs.retrieve_texts(next(iter(questions.values())), len(chunks), settings)
    orders, seconds = {}, []
    for keyword, question in questions.items():
        started = time.perf_counter()
        found = await docs.retrieve_texts(question, len(chunks), settings)
        seconds.append(time.perf_counter() - started)
        orders[keyword] = [row[one.name] for one in found]
    return {"spans": spans(text, chunks), "orders": orders, "seconds": seconds}


def spans(text: str, chunks: list[str]) -> list[tuple[int, int]]:
    """Where the chunks stand: each begins within the one before. A chunk is cut between tokens; one
    that parts a character has the replacement character there."""
    found: list[tuple[int, int]] = []
    begin, end = -1, 0
    for chunk in chunks:
        bare = chunk.strip("\ufffd")
        begin = text.index(bare, begin + 1)
        assert begin <= end, "a chunk was found in a later place"
        end = begin + len(bare)
        found.append((begin, end))
    assert end == len(text), "the last chunk was found in an earlier place"
    return found


def main() -> None:
    """From one file to another."""
    request, answer = map(Path, sys.argv[1:])
    asked = json.loads(request.read_text("utf-8"))
    found = {
        key: asyncio.run(ask(text, asked["questions"])) for key, text in asked["texts"].items()
    }
    seconds = statistics.median(one for each in found.values() for one in each.pop("seconds"))
    answer.write_text(json.dumps({"documents": found, "seconds": seconds}), encoding="utf-8")


if __name__ == "__main__":
    main()
