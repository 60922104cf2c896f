"""Asking a server: what is sent, what is believed, what goes wrong and how it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from openbook.models.asking import Asked, ModelError, UnusableError
from openbook.models.endpoint import Endpoint
from openbook.models.wire import MAX_BODY, MAX_TEXT, formats
from tests.models.fakes import completed
from tests.sources.server import Answer, Server, reply, sending, serving

KEY = "sk-secret-0123456789"
SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string", "maxLength": 5}},
    "required": ["text"],
}
QUESTION = Asked("small", "You are x.", "Say <p n0nce>a</p n0nce>", SCHEMA, "n0nce", 128)


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBOOK_MODEL_KEY", raising=False)


def endpoint(server: Server, seconds: float = 20) -> Endpoint:
    return Endpoint(server.url("/v1"), seconds, pause=lambda seconds: None)


def refusal(answer: Answer, seconds: float = 20) -> ModelError:
    with serving(answer) as server, pytest.raises(ModelError) as refused:
        endpoint(server, seconds)(QUESTION)
    return refused.value


def test_what_is_sent_and_what_comes_back() -> None:
    with serving(completed("Hello.", system_fingerprint="fp_7")) as server:
        answer = endpoint(server)(QUESTION)
    assert (answer.text, answer.model) == ("Hello.", "small-2026 / fp_7")
    assert (answer.tokens_in, answer.tokens_out) == (1000, 100)
    assert answer.endpoint == f"127.0.0.1:{server.port}"
    path, headers = server.requests[0]
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers
    body = json.loads(server.bodies[0])
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("small", 0, 128)
    assert [one["role"] for one in body["messages"]] == ["system", "user"]
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("ending", ["/v1/", "/v1/chat/completions"])
def test_a_base_address_may_be_written_in_more_than_one_way(ending: str) -> None:
    with serving(completed("Hello.")) as server:
        Endpoint(server.url(ending))(QUESTION)
    assert server.requests[0][0] == "/v1/chat/completions"


def test_a_key_is_sent_and_is_in_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_MODEL_KEY", KEY)
    said = reply(401, json.dumps({"error": {"message": f"bad key {KEY}"}}).encode())
    with serving(said) as server, pytest.raises(UnusableError) as refused:
        endpoint(server)(QUESTION)
    assert server.requests[0][1]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in str(refused.value)
    assert "401: bad key [key]" in str(refused.value)
    assert KEY not in repr(endpoint(server))


def test_a_key_that_a_server_repeats_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_MODEL_KEY", KEY)
    with serving(completed(f"Your key is {KEY}.")) as server:
        assert endpoint(server)(QUESTION).text == "Your key is [key]."


def test_a_key_is_never_sent_unencrypted_to_another_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENBOOK_MODEL_KEY", KEY)
    with pytest.raises(UnusableError, match="without encryption") as refused:
        Endpoint("http://models.example/v1")(QUESTION)
    assert KEY not in str(refused.value)


def test_where_json_schema_is_not_known_less_is_asked_for() -> None:
    unknown = reply(400, b'{"error": {"message": "response_format is not supported"}}')
    with serving(unknown, unknown, unknown, completed("One."), completed("Two.")) as server:
        ask = endpoint(server)
        assert ask(QUESTION).text == "One."
        assert ask(QUESTION).text == "Two."
    asked = [json.loads(one).get("response_format") for one in server.bodies]
    assert asked == [*formats(SCHEMA), None]
    bounded, unbounded = (one["json_schema"]["schema"] for one in formats(SCHEMA)[:2] if one)
    assert bounded["properties"]["text"] == {"type": "string", "maxLength": 5}
    assert unbounded["properties"]["text"] == {"type": "string"}


def test_parameters_that_a_server_has_other_names_for_are_named_so() -> None:
    length = reply(400, b'{"error": {"message": "Use max_completion_tokens, not max_tokens."}}')
    warmth = reply(400, b'{"error": {"message": "temperature 0 is not supported"}}')
    with serving(length, warmth, completed("One."), completed("Two.")) as server:
        ask = endpoint(server)
        assert [ask(QUESTION).text, ask(QUESTION).text] == ["One.", "Two."]
    for body in map(json.loads, server.bodies[2:]):
        assert body["max_completion_tokens"] == 128
        assert body["response_format"]["type"] == "json_schema"
        assert not {"max_tokens", "temperature"} & set(body)


def test_a_fault_of_the_question_is_told_and_changes_nothing_for_the_next() -> None:
    long = reply(400, b'{"error": {"message": "the context is too long"}}')
    with serving(long, long, long, long, completed("Short.")) as server:
        ask = endpoint(server)
        with pytest.raises(ModelError, match="400: the context is too long") as refused:
            ask(QUESTION)
        assert not isinstance(refused.value, UnusableError)
        ask(QUESTION)
    assert json.loads(server.bodies[-1])["response_format"]["type"] == "json_schema"


def test_a_busy_server_is_asked_again_twice_and_no_more() -> None:
    busy = reply(503, b"busy")
    with serving(busy, reply(429, b"", Retry_After="1"), completed("Done.")) as server:
        assert endpoint(server)(QUESTION).text == "Done."
    with serving(busy) as server, pytest.raises(ModelError, match="503"):
        endpoint(server)(QUESTION)
    assert len(server.bodies) == 3


def test_a_server_that_is_not_there_ends_the_asking() -> None:
    with serving(reply()) as server:
        pass
    with pytest.raises(UnusableError, match=r"cannot be reached.*is the server running"):
        endpoint(server)(QUESTION)


@pytest.mark.parametrize(
    ("answer", "words", "ends"),
    [
        (reply(401, b""), "401 (it wants a key. OPENBOOK_MODEL_KEY holds it)", True),
        (reply(404, b"Not Found"), "does the address end in /v1?", True),
        (reply(302, b"", Location="http://127.0.0.1:1/"), "it sends us elsewhere", True),
        (reply(200, b"<html>"), "does not speak chat completions", False),
        (reply(200, b'{"choices": 3}'), "does not speak chat completions", False),
        (reply(200, b'{"choices": []}'), "without text", False),
        (completed(""), "without text", False),
        (completed("x" * (MAX_TEXT + 1)), "of 131,072 at most", False),
        (reply(200, b"x" * (MAX_BODY + 1)), "larger than 1 MB", False),
        (reply(200, b"x", Content_Encoding="gzip"), "compresses its answer", False),
        (reply(500, b'{"message": "a\\u001b[31m\x1b[31m"}'), "500: a\\u001b[31m", False),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_no_answer_is_told(answer: Answer, words: str, ends: bool) -> None:
    fault = refusal(answer)
    assert words in str(fault)
    assert "\x1b" not in str(fault)
    assert isinstance(fault, UnusableError) is ends


SLOW: dict[str, Callable[[], Answer]] = {
    "silent": lambda: lambda handler: time.sleep(1.5),
    "head by and by": lambda: sending(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", lambda: time.sleep(0.1)),
    "body by and by": lambda: sending(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b" ", lambda: time.sleep(0.1)
    ),
}


@pytest.mark.parametrize("how", SLOW)
def test_a_slow_answer_is_cut_at_the_limit(how: str) -> None:
    started = time.monotonic()
    assert "no answer within 0.5 s" in str(refusal(SLOW[how](), seconds=0.5))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("localhost:8080/v1", "is no address"),
        ("ftp://x/v1", "is no address"),
        ("http://[::1/v1", "is no address"),
        ("http://me:pass@x/v1", "has a user"),
        ("http://x/v1?key=abc", "a query"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(url: str, words: str) -> None:
    with pytest.raises(UnusableError, match=words.replace("?", r"\?")) as refused:
        Endpoint(url)
    assert "pass" not in str(refused.value)
    assert "abc" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/home/ana/models/Small.Q4.gguf", "Small.Q4.gguf"),
        (r"C:\models\small.gguf", "small.gguf"),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("a\x1b[31m\u202eb", "a[31mb"),
        (None, ""),
    ],
)
def test_a_model_is_named_without_folders_and_without_signs_nobody_sees(
    said: Any, kept: str
) -> None:
    with serving(completed("x", model=said)) as server:
        assert endpoint(server)(QUESTION).model == kept


def test_counts_of_tokens_that_cannot_be_are_none() -> None:
    usage = {"prompt_tokens": -1, "completion_tokens": None}
    with serving(completed("x", usage=usage), completed("x", usage=None)) as server:
        for _ in range(2):
            answer = endpoint(server)(QUESTION)
            assert (answer.tokens_in, answer.tokens_out) == (None, None)


def test_an_answer_cut_short_says_so() -> None:
    choice = {"message": {"content": "{"}, "finish_reason": "length"}
    with serving(completed("", choices=[choice])) as server:
        assert endpoint(server)(QUESTION).is_cut


def test_the_random_mark_identifies_nothing() -> None:
    other = Asked("small", "You are x.", "Say <p m4rk>a</p m4rk>", SCHEMA, "m4rk", 128)
    assert other.sha256 == QUESTION.sha256
    longer = Asked("small", "You are x.", "Say <p m4rk>b</p m4rk>", SCHEMA, "m4rk", 128)
    assert longer.sha256 != QUESTION.sha256
