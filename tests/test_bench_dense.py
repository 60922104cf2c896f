"""What the trial of a dense model rests on: its files are the pinned ones, nothing leaks."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from bench import peer_wordllama
from bench.dense import Near, Target


def test_other_files_than_the_pinned_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in peer_wordllama.PINNED:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"not the model")
    spec = ModuleSpec("wordllama", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(peer_wordllama, "find_spec", lambda name: spec)
    with pytest.raises(SystemExit, match="pinned is 64b47a2d"):
        peer_wordllama.files()


def test_evidence_of_companies_left_out_tells_nothing() -> None:
    cosines = {
        Target("HUM"): [0.3, 0.4],
        Target("HUM", "one"): [0.1, 0.2],
        Target("HUM", "other"): [0.4, 0.8],
        Target("DEF", "one"): [0.9, 0.9],
    }
    near = Near({"copy": cosines}, dict(zip(cosines, (1, 1, 3, 5), strict=True)))
    assert near.question("copy", "HUM") == [0.3, 0.4]
    # A mean over texts: the three of the other company count three times.
    assert near.evidence("copy", "HUM", ()) == pytest.approx([0.325, 0.65])
    assert near.evidence("copy", "HUM", {"other"}) == pytest.approx([0.1, 0.2])
    assert near.evidence("copy", "HUM", {"one", "other"}) == [0.0, 0.0]
