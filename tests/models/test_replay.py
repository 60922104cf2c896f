"""Recordings: answers kept without their questions, and given again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openbook.models.asking import Asked, ModelError, UnusableError
from openbook.models.replay import recording, replaying
from tests.models.fakes import Fake

ONE = Asked("small", "s", "the secret passage", {}, "n", 64)
TWO = Asked("small", "s", "another", {}, "n", 64)


def test_what_was_recorded_is_given_again_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    ask = recording(path, Fake("First\u2028line.", "Second."))
    told = [ask(ONE), ask(TWO)]
    again = replaying(path)
    assert [again(ONE).text, again(TWO).text] == ["First\u2028line.", "Second."]
    assert again(ONE).is_replayed
    assert not told[0].is_replayed
    assert again(ONE).tokens_in == told[0].tokens_in
    assert "secret" not in path.read_text("utf-8")


def test_the_last_answer_to_a_question_counts(tmp_path: Path) -> None:
    ask = recording(tmp_path / "talk.jsonl", Fake("Old.", "New."))
    ask(ONE)
    ask(ONE)
    assert replaying(tmp_path / "talk.jsonl")(ONE).text == "New."


def test_a_question_that_was_not_recorded_has_no_answer(tmp_path: Path) -> None:
    recording(tmp_path / "talk.jsonl", Fake("x"))(ONE)
    with pytest.raises(ModelError, match="holds no answer to this question") as missing:
        replaying(tmp_path / "talk.jsonl")(TWO)
    assert not isinstance(missing.value, UnusableError)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "3",
        '{"request": 3, "answer": {"text": "x"}}',
        '{"request": "a", "answer": {"text": "x", "more": 1}}',
        '{"request": "a"}',
    ],
)
def test_a_line_that_is_no_answer_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_text(json.dumps({"request": "a", "answer": {"text": "x"}}) + "\n" + line, "utf-8")
    with pytest.raises(UnusableError, match=r"talk\.jsonl: line 2 is no recorded answer"):
        replaying(path)


def test_a_file_that_cannot_be_read_or_written_is_named_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    with pytest.raises(UnusableError, match="is no file"):
        replaying(tmp_path)
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(UnusableError, match="is not UTF-8"):
        replaying(tmp_path / "bytes")
    with pytest.raises(UnusableError, match="cannot be written"):
        recording(tmp_path / "none" / "talk.jsonl", Fake("x"))
