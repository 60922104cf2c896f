"""PaperQA2, ASReview and WordLlama, each in an environment of its own under ``.bench-venvs``.

Together they are hundreds of megabytes, so they are installed when they are first asked, and are no
dependency of anything. They are given files and answer with files, without a key and a network.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.corpus import Cell, Needle
from openbook.core.passage import Passage, overlaps
from openbook.core.text import Span, TextLayer

HERE = Path(__file__).resolve().parent
VENVS = HERE.parent / ".bench-venvs"

SEED = 20_231_130
"""Of ASReview's models and of the choice of what it is told beforehand."""


class Peer(NamedTuple):
    """A program to measure beside."""

    name: str
    requirement: str
    script: str
    wheel: str = ""
    """sha256 that its wheel must have, where one is pinned."""

    @property
    def folder(self) -> Path:
        """Where its environment is."""
        return VENVS / self.requirement


PAPERQA = Peer("PaperQA2", "paper-qa==2026.8.12", "peer_paperqa.py")
ASREVIEW = Peer("ASReview", "asreview==3.0.8", "peer_asreview.py")
WORDLLAMA = Peer(
    "WordLlama",
    "wordllama==0.4.0.post1",
    "peer_wordllama.py",
    # CPython 3.11 on Linux, x86_64. With another Python, that wheel's sha256 has to be put here;
    # what the model's files must be is pinned in the script.
    "42c2c88907ace0b0681ac6f9092d6a300a6409a5d2d61071a3fb5e7159370c97",
)


class MissingError(Exception):
    """A peer that cannot be installed here."""


class Answers(NamedTuple):
    """What a peer would have read, in order."""

    orders: dict[Cell, list[Span]]
    seconds: float | None
    """For one question in one document, where that can be told; median."""


def paperqa(texts: Mapping[str, TextLayer], literal: Mapping[str, str]) -> Answers:
    """PaperQA2's order of its own chunks (about 5,000 characters) by its sparse embedding: for
    every document and question. It reads our text of the document, so that offsets are ours."""
    request = {"texts": {key: layer.text for key, layer in texts.items()}, "questions": literal}
    answer = _ask(PAPERQA, request)
    orders = {}
    for key, found in answer["documents"].items():
        spans = [Span(*one) for one in found["spans"]]
        for keyword, rows in found["orders"].items():
            orders[key, keyword] = [spans[row] for row in rows]
    return Answers(orders, answer["seconds"])


def asreview(
    cut: Mapping[str, Sequence[Passage]],
    needles: Mapping[Cell, Sequence[Needle]],
    *,
    prior: bool,
) -> Answers:
    """The order in which ASReview's simulation asks for passages, with its default model: for each
    cell in which some passages are relevant and others not.

    With ``prior`` it is told one relevant and one irrelevant passage first, drawn with
    :data:`SEED`; they count as read. Without, it reads from the top until it knows one of each.
    """
    relevant = {cell: _relevant(cut[cell[0]], ones) for cell, ones in needles.items()}
    cells = [cell for cell, rows in relevant.items() if 0 < len(rows) < len(cut[cell[0]])]
    documents = {key: [(one.section, one.text) for one in cut[key]] for key, _ in cells}
    request = {
        "documents": documents,
        "cells": [(cell[0], relevant[cell]) for cell in cells],
        "prior": prior,
        "seed": SEED,
    }
    orders = {}
    for cell, rows in zip(cells, _ask(ASREVIEW, request), strict=True):
        read = (cut[cell[0]][row] for row in rows)
        orders[cell] = [Span(one.offset, one.offset + len(one.text)) for one in read]
    return Answers(orders, None)


def wordllama(
    documents: Mapping[str, Sequence[str]], targets: Sequence[Sequence[str]]
) -> dict[str, list[list[float]]]:
    """For each document and each target, a list of texts: how near each passage is to them, as the
    mean cosine of WordLlama's vectors."""
    found: dict[str, list[list[float]]] = _ask(
        WORDLLAMA, {"documents": documents, "targets": targets}
    )
    return found


def given(cut: Mapping[str, Sequence[Passage]], needles: Mapping[Cell, Sequence[Needle]]) -> int:
    """In how many cells the one relevant passage that ASReview is told is all there is."""
    return sum(len(_relevant(cut[cell[0]], ones)) == 1 for cell, ones in needles.items())


def _relevant(cut: Sequence[Passage], needles: Sequence[Needle]) -> list[int]:
    spans = [span for one in needles for span in one.spans]
    return [row for row, passage in enumerate(cut) if overlaps(passage, spans)]


# --- Running them -----------------------------------------------------------------------------


def _ask(peer: Peer, request: Any) -> Any:
    """Run a peer's script, with an environment that has no key and leads to no network."""
    python = installed(peer)
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        nowhere = "http://127.0.0.1:9"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "HTTP_PROXY": nowhere,
            "HTTPS_PROXY": nowhere,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        }
        command = [python, "-I", "-X", "utf8", *map(str, (HERE / peer.script, asked, answer))]
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, check=False, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{peer.script} failed:\n{done.stderr}")
        return json.loads(answer.read_text("utf-8"))


def installed(peer: Peer) -> str:
    """The Python of a peer's environment, which is made where there is none."""
    python = str(peer.folder / "bin" / "python")
    mark = peer.folder / "complete"
    if mark.exists():
        return python
    shutil.rmtree(peer.folder, ignore_errors=True)
    venv.create(peer.folder, with_pip=True)
    try:
        if peer.wheel:
            _pip(peer, "--no-deps", pinned=True)
        _pip(peer)
    except MissingError:
        shutil.rmtree(peer.folder)
        raise
    mark.touch()
    return python


def _pip(peer: Peer, *options: str, pinned: bool = False) -> None:
    """Install a peer; when ``pinned`` from its wheel alone, which pip checks before it unpacks."""
    asked = peer.folder / "requirements.txt"
    pin = f" --hash=sha256:{peer.wheel}" if pinned else ""
    asked.write_text(f"{peer.requirement}{pin}\n", encoding="utf-8")
    command = [str(peer.folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    command += ["--disable-pip-version-check", *options, "--requirement", str(asked)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        told = done.stderr.strip().splitlines()
        last = ([one for one in told if one.startswith("ERROR")] or told or ["pip failed"])[-1]
        raise MissingError(f"{peer.name} ({peer.requirement}) could not be installed: {last}")
