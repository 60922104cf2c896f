"""Reading scans in a confined process: real pages, and processes that misbehave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.scans import WAYS, scanned
from openbook.sources import scan as module
from openbook.sources import scan_engine
from openbook.sources.confined import CrashError, Frame, LateError
from openbook.sources.errors import ExtractionError
from openbook.sources.scan import NoEngineError, ScanReader
from openbook.sources.scan_engine import engine
from tests.corpus import CORPUS, needs_corpus
from tests.sources.pdfs import pdf

needs_engine = pytest.mark.skipif(
    engine() is None, reason="no engine that reads scans: pip install 'openbook[ocr]'"
)
PAGE = 17
"""Of deepseek-v2: the two-stage strategy, formulas and prose."""


@needs_corpus
@needs_engine
def test_a_real_page_is_read_with_its_places(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned((CORPUS / "docs/deepseek-v2.pdf").read_bytes(), [PAGE], WAYS[1]))
    with ScanReader() as reader:
        found = reader.page(path, 1, "scan")
    flat = " ".join(found.text.split())
    assert "we employ a two-stage RL training strategy" in flat
    assert len(found.lines) > 20
    for one in found.lines:
        left, bottom, right, top = one.box
        assert 0 <= left < right <= 597
        assert 0 <= bottom < top <= 843
    heading = next(
        one for one in found.lines if "Reinforcement Learning" in found.text[one.start :]
    )
    assert heading.box[1] > 700


@needs_engine
def test_an_empty_page_has_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(b""))
    with ScanReader() as reader:
        assert reader.page(path, 1, "scan") == ("", ())


def test_the_engine_is_named_with_its_version_and_models() -> None:
    name = engine()
    if name is None:
        pytest.skip("no engine is installed")
    assert name.startswith("rapidocr ")
    assert name.endswith(" / 200 dpi / openbook-scan-1")


def test_without_an_engine_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "engine", lambda: None)
    with pytest.raises(NoEngineError, match=r"pip install 'openbook\[ocr\]'"), ScanReader():
        pass


def test_an_engine_without_the_models_known_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_engine, "MODELS", ("another.onnx",))
    assert scan_engine.models() == ()


class Worker:
    """A confined process that answers what it is told to."""

    def __init__(self, answer: Callable[[], Frame]) -> None:
        self.answer, self.is_stopped = answer, False

    def ask(self, request: dict[str, object]) -> None:
        pass

    def frame(self, deadline: float, most: int) -> Frame:
        return self.answer()

    def stop(self) -> None:
        self.is_stopped = True


def raising(error: Exception) -> Callable[[], Frame]:
    def answer() -> Frame:
        raise error

    return answer


def saying(value: object, kind: bytes = b"L") -> Callable[[], Frame]:
    return lambda: Frame(kind, bytearray(json.dumps(value).encode()))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (raising(LateError()), "took longer than"),
        (raising(CrashError("SIGSEGV")), "crashed (SIGSEGV)"),
        (saying({"kind": "memory"}, b"E"), "more memory than it may"),
        (saying([["x", 1, 2, 3]]), "answered nonsense"),
        (saying([[1, 1, 2, 3, 4]]), "answered nonsense"),
        (saying([["x", 1, 2, 3, "4"]]), "answered nonsense"),
        (saying([["x", 1, 2, 3, float("nan")]]), "answered nonsense"),
        (saying([], b"Q"), "answered nonsense"),
        (saying(7), "answered nonsense"),
    ],
)
def test_what_an_engine_should_not_answer_is_a_fault_of_the_page(
    answer: Callable[[], Frame], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "engine", lambda: "an engine")
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(b""))
    worker = Worker(answer)
    with ScanReader() as reader:
        reader._worker = worker  # type: ignore[assignment]
        with pytest.raises(ExtractionError, match="page 1 of scan: ") as caught:
            reader.page(path, 1, "scan")
    assert said in str(caught.value)
    assert worker.is_stopped


def test_control_characters_that_an_engine_reads_are_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "engine", lambda: "an engine")
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(b""))
    with ScanReader() as reader:
        reader._worker = Worker(saying([["a\x1b[2J\n b", 0, 0, 100, 20]]))  # type: ignore[assignment]
        assert reader.page(path, 1, "scan").text == "a [2J b"
