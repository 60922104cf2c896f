"""The commands that ask models and tell what came of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openbook.audit.opened import open_audit
from tests.audit.suggesting.test_suggest import ALTERED, FOREIGN, INVENTED, PEOPLE, TRUE
from tests.models.fakes import MODEL, answer_text, completed, record
from tests.sources.server import reply, serving
from tests.workbench import done, openbook, snapshot

LIES = answer_text(TRUE, ALTERED, INVENTED, FOREIGN, points={"number": "stated"}, grade=3)


def test_a_server_is_asked_recorded_and_replayed(audit: Path) -> None:
    prices = ("--price-in", "2.5", "--price-out", "10")
    with serving(completed(LIES)) as server:
        asked = done(
            *("audit", "suggest", audit, *PEOPLE, "--endpoint", server.url("/v1")),
            *("--model", MODEL, "--record", "talk.jsonl", "-n", "2", *prices, "--json"),
        )
    (one,) = asked.json
    assert (one["grade"], one["cost"], one["is_replayed"]) == (3, 0.0035, False)
    assert one["endpoint"] == f"127.0.0.1:{server.port}"
    assert len(server.bodies) == 1
    again = done(
        *("audit", "suggest", audit, *PEOPLE, "--model", MODEL, "--replay", "talk.jsonl"),
        *("-n", "2", "--json"),
    )
    (two,) = again.json
    assert two["is_replayed"]
    assert [two[field] for field in ("quotes", "fabricated", "prompt")] == [
        one[field] for field in ("quotes", "fabricated", "prompt")
    ]
    assert len(open_audit(audit).audit.proposals) == 2


def test_the_key_is_in_no_file_and_no_output(audit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-secret-0123456789"
    monkeypatch.setenv("OPENBOOK_MODEL_KEY", key)
    said = completed(answer_text(TRUE, reason=f"My key is {key}."), model=f"small-{key}")
    with serving(said) as server:
        ran = done(
            *("audit", "suggest", audit, *PEOPLE, "--endpoint", server.url("/v1")),
            *("--model", MODEL, "--record", "talk.jsonl", "--json"),
        )
    assert key in server.requests[0][1]["Authorization"]
    assert key not in ran.text + Path("talk.jsonl").read_text("utf-8")
    assert all(key.encode() not in data for data in snapshot(audit).values())


def test_all_questions_are_asked_by_default(audit: Path) -> None:
    with serving(completed(answer_text())) as server:
        url = server.url("/v1")
        done("audit", "suggest", audit, "acme/1", "--endpoint", url, "--model", MODEL)
    assert [one.cell.keyword for one in open_audit(audit).audit.proposals] == [
        "GOALS",
        "PEOPLE",
        "RELEASED",
    ]


def test_fabrications_are_shown_as_such(audit: Path) -> None:
    record(Path("talk.jsonl"), audit, PEOPLE, LIES)
    ran = done("audit", "suggest", audit, *PEOPLE, "--model", MODEL, "--replay", "talk.jsonl")
    assert "acme/1 PEOPLE  grade 3 proposed, 1 quote stands" in ran.out
    for kind in ("altered", "invented", "of another document"):
        assert ran.out.count(f"fabricated ({kind}): ") == 1


def test_proposals_are_listed_by_model_with_sums_and_agreement(audit: Path) -> None:
    assert done("audit", "proposals", audit).out == "no proposals yet\n"
    assert done("audit", "proposals", audit, "--json").out == ""
    record(Path("talk.jsonl"), audit, PEOPLE, LIES)
    record(Path("talk.jsonl"), audit, ("acme/1", "GOALS"), answer_text(grade=4))
    replay = ("--model", MODEL, "--replay", "talk.jsonl", "--price-in", "1", "--price-out", "2")
    done("audit", "suggest", audit, *PEOPLE, "GOALS", *replay)
    (listed,) = done("audit", "proposals", audit, "--json").json
    assert listed["model"] == MODEL
    assert (listed["cells"], listed["quotes"], listed["standing"]) == (2, 4, 1)
    assert listed["fabricated"] == {"invented": 1, "altered": 1, "of another document": 1}
    assert listed["fabrication_rate"] == 0.75
    assert listed["grades_without_a_standing_quote"] == 1
    assert (listed["tokens_in"], listed["tokens_out"], listed["cost"]) == (2000, 200, 0.0024)
    settled, ana = listed["agreement"]
    assert (settled["beside"], settled["cells"], settled["of_people"]) == ("settled", 2, 2)
    assert (ana["beside"], ana["exact"], ana["adjacent"]) == ("ana-ruiz", 0.5, 1.0)
    told = done("audit", "proposals", audit).out
    assert "quotes: 1 stand, 3 fabricated (75%): 1 invented, 1 altered" in told
    assert "beside those of Ana Ruiz (2 cells): alpha" in told
    assert "tokens: 2,000 in, 200 out; cost 0.0024" in told


def test_agreement_that_cannot_be_had_is_no_number(audit: Path) -> None:
    record(Path("talk.jsonl"), audit, ("beta-labs/2", "RELEASED"), answer_text(grade=1))
    done("audit", "suggest", audit, "beta-labs/2", "RELEASED", "--model", MODEL,
         "--replay", "talk.jsonl")  # fmt: skip
    (listed,) = done("audit", "proposals", audit, "--json").json
    assert {one["alpha"] for one in listed["agreement"]} == {None}
    assert "no cell in common, not estimable" in done("audit", "proposals", audit).out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(401, b"{}"), "it wants a key"),
        (completed("I would rather not."), "no JSON of the form asked for"),
        (reply(200, b"{}"), "does not speak chat completions"),
    ],
    ids=["401", "no JSON", "no completion"],
)
def test_a_failed_call_is_a_problem_and_never_a_grade(
    audit: Path, answer: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBOOK_MODEL_KEY", raising=False)
    before = snapshot(audit)
    with serving(answer) as server:  # type: ignore[arg-type]
        ran = openbook(
            *("audit", "suggest", audit, *PEOPLE, "--endpoint", server.url("/v1")),
            *("--model", MODEL, "--json"),
        )
    assert ran.status == 1
    assert words in ran.err
    assert words in json.loads(ran.out)["problem"]
    assert "grade" not in json.loads(ran.out)
    assert snapshot(audit) == before


def test_a_server_that_is_down_or_slow_is_told(audit: Path) -> None:
    import time

    with serving(lambda handler: time.sleep(2)) as server:
        asking = ("audit", "suggest", audit, *PEOPLE, "--model", MODEL, "--seconds", "1")
        slow = openbook(*asking, "--endpoint", server.url("/v1"))
    down = openbook(*asking, "--endpoint", server.url("/v1"))
    assert (slow.status, down.status) == (1, 1)
    assert "no answer within 1 s" in slow.err
    assert "is the server running?" in down.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "--endpoint"),
        (("--endpoint", "http://x/v1", "--replay", "talk.jsonl"), "--endpoint"),
        (("--replay", "talk.jsonl", "--record", "more.jsonl"), "leave out --record"),
        (("--replay", "none.jsonl"), "is no file"),
        (("--endpoint", "x"), "is no address"),
        (("--endpoint", "http://x/v1", "--record", "no/folder.jsonl"), "cannot be written"),
    ],
    ids=str,
)
def test_wrong_use_asks_nobody(audit: Path, options: tuple[str, ...], words: str) -> None:
    ran = openbook("audit", "suggest", audit, *PEOPLE, "--model", MODEL, *options)
    assert ran.status == 2
    assert words in ran.err
    named = openbook("audit", "suggest", audit, *PEOPLE, *options)
    assert (named.status, "--model" in named.err) == (2, True)


def test_what_is_not_at_hand_is_not_asked_about(audit: Path) -> None:
    for path in Path("library").rglob("*"):
        if path.is_file():
            path.unlink()
    ran = openbook(
        *("audit", "suggest", audit, *PEOPLE, "--model", MODEL, "--endpoint", "http://[::1]:1/v1")
    )
    assert ran.status == 1
    assert "no document of acme/1 is at hand" in ran.err
