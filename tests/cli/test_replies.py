"""Reply forms and what comes back: open corrections, or a refusal that names every fault."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbench import done, openbook, snapshot

REPLY: dict[str, Any] = {
    "release": "acme/1",
    "question": "PEOPLE",
    "grade": 2,
    "stance": "rebuttal",
    "now": "Told, and where they live",
    "reason": "The card says so.",
    "document": "acme-card",
    "elsewhere": "",
    "quote": "We hired 40 annotators through an agency",
}


def saved(*replies: dict[str, Any], **head: Any) -> Path:
    """A file of answers, as the form saves it."""
    said = {
        "format": "openbook-reply-1",
        "audit": "audit",
        "initiative": "acme",
        "author": "Jo Doe",
        "organisation": "Acme",
        "date": "2026-11-20",
        "replies": [REPLY | one for one in replies],
    }
    path = Path("reply.json")
    path.write_text(json.dumps(said | head), "utf-8")
    return path


def take_in(audit: Path, *files: Path) -> list[Any]:
    return done("audit", "import-replies", audit, *files, "--json").json


# --- The form ---------------------------------------------------------------------------------


class Read(HTMLParser):
    """What a page's markup holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def form(audit: Path, *more: object) -> str:
    done("audit", "reply-form", audit, "acme", "-o", "form.html", *more)
    return Path("form.html").read_text("utf-8")


def test_a_form_holds_each_cell_with_what_it_rests_on(audit: Path) -> None:
    text = form(audit, "--deadline", "2027-01-12", "--contact", "audit@example.org")
    read = Read(text)
    cells = [(one["data-release"], one["data-question"], one["data-grade"])
             for one in read.all("fieldset")]  # fmt: skip
    assert cells == [
        ("acme/1", "GOALS", "4"),
        ("acme/1", "PEOPLE", "2"),
        ("acme/1", "RELEASED", "0"),
    ]
    for words in ("12 January 2027", "audit@example.org", "We hired 40 annotators", "✓", "Told."):
        assert words in text
    assert "beta-labs" not in text


def test_a_form_is_one_file_that_fetches_and_sends_nothing(audit: Path) -> None:
    text = form(audit)
    read = Read(text)
    assert not {"link", "img", "iframe", "object", "embed"} & {tag for tag, _ in read.tags}
    assert list(read.all("script")) == [{}]
    assert "action" not in read.all("form")[0]
    policy = unescape(str(read.all("meta")[1]["content"]))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"(?i)\son[a-z]+=|style=|javascript:|fetch\(|XMLHttp|sendBeacon", text)


def test_texts_of_the_audit_run_nothing_in_a_form(audit: Path) -> None:
    path = audit / "initiatives/acme.toml"
    path.write_text(path.read_text("utf-8").replace('label = "', 'label = "</script><script>x()//'))
    text = form(audit)
    assert "&lt;/script&gt;&lt;script&gt;x()//" in text
    assert len(Read(text).all("script")) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody", "-o", "form.html"), "there is no initiative 'nobody'; this audit has acme"),
        (("acme", "-o", "form.html", "--deadline", "soon"), "is no date"),
        (("acme",), "Missing option"),
    ],
)
def test_wrong_use_is_refused(audit: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = openbook("audit", "reply-form", audit, *arguments)
    assert ran.status == 2
    assert said in ran.err
    assert not Path("form.html").exists()


# --- Answers ----------------------------------------------------------------------------------


def test_an_answer_is_an_open_rebuttal_whose_quote_was_verified(audit: Path) -> None:
    (said,) = take_in(audit, saved({}))
    assert said["about"] == "acme/1 PEOPLE"
    assert said["author"] == "Jo Doe, for Acme"
    assert (said["quote_state"], said["page"]) == ("verified", 1)
    text = (audit / "corrections.toml").read_text("utf-8")
    for line in (
        'kind = "rebuttal"',
        'state = "open"',
        "was = '''Told.'''",
        "now = '''Told, and where they live'''",
        'document = "acme-card"',
        "date = 2026-11-20",
    ):
        assert line in text
    todos = done("audit", "check", audit, "--json").json[0]["todos"]
    assert [one for one in todos if "rebuttal of acme/1 PEOPLE waits" in one["message"]]


def test_grades_and_findings_stay_as_they_are(audit: Path) -> None:
    before = snapshot(audit)
    take_in(audit, saved({}))
    after = snapshot(audit)
    assert {name for name in after if after[name] != before.get(name)} == {"corrections.toml"}


def test_a_quote_that_does_not_stand_is_said_to(audit: Path) -> None:
    (said,) = take_in(audit, saved({"quote": "We hired 60 annotators"}))
    assert said["quote_state"] == "missing"
    ran = done("audit", "import-replies", audit, saved({"quote": "We hired 70 annotators"}))
    assert "the quote from acme-card is missing: these words do not stand" in ran.out


def test_nothing_is_doubled(audit: Path) -> None:
    take_in(audit, saved({}, {"question": "GOALS", "grade": 4}))
    before = (audit / "corrections.toml").read_text("utf-8")
    again = take_in(audit, saved({}, {"question": "GOALS", "grade": 4}, date="2026-11-21"))
    assert [one["is_new"] for one in again] == [False, False]
    assert (audit / "corrections.toml").read_text("utf-8") == before
    # Nor once an editor has decided on it and added to the reason.
    decided = before.replace('state = "open"', 'state = "rejected"').replace("says so.", "says so?")
    (audit / "corrections.toml").write_text(decided, "utf-8")
    take_in(audit, saved({}))
    assert (audit / "corrections.toml").read_text("utf-8") == decided
    two = take_in(audit, saved({"reason": "Another."}, {"reason": "Another."}))
    assert [one["is_new"] for one in two] == [True, False]


def test_agreement_is_counted_and_not_recorded(audit: Path) -> None:
    before = snapshot(audit)
    ran = done("audit", "import-replies", audit, saved({"stance": "agree"}))
    assert "0 taken in, 0 known already, agreed with: 1" in ran.out
    assert snapshot(audit) == before


def test_a_document_that_the_audit_does_not_have_stands_in_the_reason(audit: Path) -> None:
    take_in(audit, saved({"document": "", "elsewhere": "Card 2, p. 3, https://acme.example"}))
    text = (audit / "corrections.toml").read_text("utf-8")
    assert "Rests on: Card 2, p. 3, https://acme.example" in text
    assert "There: “We hired 40 annotators through an agency”" in text
    assert "\nquote =" not in text
    done("audit", "check", audit)


def test_a_cell_that_was_graded_anew_meanwhile_is_said_to_be(audit: Path) -> None:
    (said,) = take_in(audit, saved({"grade": 3}))
    assert said["is_dated"]


def test_several_files_are_taken_in_together_or_not_at_all(audit: Path) -> None:
    good = saved({}).rename("good.json")
    bad = saved({"release": "acme/9"})
    before = snapshot(audit)
    ran = openbook("audit", "import-replies", audit, good, bad)
    assert ran.status == 1
    assert snapshot(audit) == before
    assert len(take_in(audit, good, good)) == 2


def test_every_problem_is_named_at_once(audit: Path) -> None:
    path = saved(
        {"release": "acme/9"},
        {"question": "NOPE"},
        {"release": "beta-labs/2"},
        {"reason": " "},
        {"document": "no-such"},
        {"document": ""},
        {"release": "../../etc", "question": "x" * 60},
        audit="another",
        initiative="nobody",
        date="2999-01-01",
    )
    ran = openbook("audit", "import-replies", audit, path)
    assert ran.status == 1
    for said in (
        "reply.json: audit: answers another; this audit is audit",
        "reply.json: initiative: there is no initiative nobody",
        "reply.json: date: 2999-01-01 is still to come",
        "reply 1 (acme/9 PEOPLE): there is no such release",
        "reply 2 (acme/1 NOPE): there is no such question",
        "reply 4 (acme/1 PEOPLE): a rebuttal needs a reason",
        "reply 5 (acme/1 PEOPLE): there is no document no-such",
        "reply 6 (acme/1 PEOPLE): quotes without naming the document",
        "reply 7 (../../etc xxx",
    ):
        assert said in ran.err, ran.err
    assert not (audit / "corrections.toml").exists()


FIELDS = [
    {"format": "openbook-reply-2"},
    {"format": None},
    {"author": ""},
    {"author": "x" * 201},
    {"author": "a\nb"},
    {"author": "\u202egpj"},
    {"organisation": ["Acme"]},
    {"date": "2026-02-30"},
    {"date": 20261120},
    {"replies": {}},
    {"replies": [REPLY] * 2001},
    {"replies": [[]]},
    {"extra": 1},
]
CELLS = [
    {"stance": "accepted"},
    {"grade": 5},
    {"grade": "2"},
    {"grade": True},
    {"reason": "x" * 20_001},
    {"reason": "a\x00b"},
    {"reason": "a\x1b[2Jb"},
    {"now": {"a": 1}},
    {"quote": ["a"]},
    {"elsewhere": "a\nb"},
    {"state": "accepted"},
    {"decided_by": "Ana"},
    {"id": "c-001"},
]


@pytest.mark.parametrize("head", FIELDS, ids=lambda one: f"{one!r:.40}")
def test_a_hostile_file_is_refused(audit: Path, head: dict[str, Any]) -> None:
    refused(audit, saved({}, **head))


@pytest.mark.parametrize("cell", CELLS, ids=lambda one: f"{one!r:.40}")
def test_a_hostile_answer_is_refused(audit: Path, cell: dict[str, Any]) -> None:
    refused(audit, saved(cell))


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b" " * (9 << 20)],
    ids=range(7),
)
def test_what_is_no_such_json_is_refused(audit: Path, data: bytes) -> None:
    Path("reply.json").write_bytes(data)
    refused(audit, Path("reply.json"))


def refused(audit: Path, path: Path) -> None:
    before = snapshot(audit)
    ran = openbook("audit", "import-replies", audit, path)
    assert ran.status == 1, ran.text
    assert not ran.is_traceback
    assert "reply.json" in ran.err
    assert "\x1b" not in ran.err
    assert snapshot(audit) == before


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(st.sampled_from([*REPLY, "x"]), values, max_size=4),
    st.dictionaries(st.sampled_from(["author", "organisation", "date", "audit"]), values),
)
def test_whatever_comes_is_taken_in_or_refused(
    audit: Path, cell: dict[str, Any], head: dict[str, Any]
) -> None:
    ran = openbook("audit", "import-replies", audit, saved(cell, **head))
    assert ran.status in (0, 1)
    assert not ran.is_traceback, ran.text
    assert done("audit", "check", audit)
