"""What every request passes: tokens, origins, hosts, sizes, sessions, headers."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.routing import Route

from openbook.web import accounts, bodies, limits, people
from openbook.web.app import create_app, routes
from openbook.web.guard import cookie_name, inside, page
from openbook.web.people import TRIES, TRIES_FOR, TRIES_FROM, Role
from openbook.web.room import Room
from tests.web.people_makers import (
    CELL,
    ORIGIN,
    PASSWORD,
    Visitor,
    come_in,
    correction,
    everything,
    invitation,
    open_room,
)

POSTS = sorted(
    {
        one.path.replace("{initiative}/{release}/{keyword}", CELL).replace(
            "{document}", "acme-card"
        )
        for one in routes()
        if isinstance(one, Route) and "POST" in (one.methods or ())
    }
)
"""Every address of the room that takes a form, whoever wrote its page."""


def concrete(path: str) -> str:
    """An address without variables."""
    return re.sub(r"\{[^}]*\}", "olga", path)


@pytest.fixture
def olga(room: Room) -> Visitor:
    """The owner, who may do all there is."""
    return come_in(room, "Olga", Role.OWNER, PASSWORD)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("how", ["none", "wrong", "another's", "foreign", "null", "cross-site"])
def test_forms_that_are_not_ours_change_nothing(
    room: Room, olga: Visitor, path: str, how: str
) -> None:
    bo = come_in(room, "Bo", Role.OWNER)
    token = {"none": "", "wrong": "0" * 64, "another's": bo.csrf}.get(how) or (
        "" if how == "none" else olga.csrf
    )
    headers = {
        "foreign": {"Origin": "https://evil.example"},
        "null": {"Origin": "null"},
        "cross-site": {"Sec-Fetch-Site": "cross-site"},
    }.get(how, {"Origin": ORIGIN})
    fields = correction(room, role="owner", verdict="accept", name="Eve", password="x" * 12)
    before = everything(room)
    answer = olga.client.post(
        concrete(path), data={"csrf": token, **fields} if token else fields, headers=headers
    )
    assert answer.status_code in (403, 429), answer.text
    files, rows = everything(room)
    assert files == before[0]
    assert without_attempts(rows) == without_attempts(before[1])


def without_attempts(rows: str) -> str:
    start = rows.index("('attempts'")
    return rows[:start] + rows[rows.index("('drafts'") :]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data"])
def test_only_forms_are_read(room: Room, olga: Visitor, path: str, kind: str) -> None:
    before, _ = everything(room)
    answer = olga.client.post(
        concrete(path),
        content=b'{"csrf": "x"}',
        headers={"Content-Type": kind, "Origin": ORIGIN, "X-CSRF": olga.csrf},
    )
    assert answer.status_code in (400, 415, 429)
    assert everything(room)[0] == before


def test_the_token_of_a_visitor_is_good_for_that_visitor_alone(public: Room) -> None:
    one, other = Visitor(public), Visitor(public)
    assert one.csrf != other.csrf
    answer = one.client.post(f"/correct/{CELL}", data={**correction(public), "csrf": other.csrf})
    assert answer.status_code == 403
    bare = Visitor(public)  # which has no cookie yet
    answer = bare.client.post(f"/correct/{CELL}", data={**correction(public), "csrf": one.csrf})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_do_nothing(room: Room, olga: Visitor, method: str) -> None:
    before = everything(room)
    for one in POSTS:
        answer = olga.client.request(method, concrete(one), headers={"Origin": ORIGIN})
        assert answer.status_code == 405
        assert "access-control-allow-origin" not in answer.headers
    assert everything(room) == before


# Sessions


def test_a_session_planted_before_logging_in_is_worth_nothing_after(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)
    planted = "planted-by-somebody-else-0123456789"
    victim = Visitor(room)
    victim.client.cookies.set(cookie_name(room), planted, domain="testserver.local")
    assert victim.login("Bo Li").status_code == 303
    eve = Visitor(room)
    eve.client.cookies.set(cookie_name(room), planted, domain="testserver.local")
    assert eve.get("/me").status_code == 303
    assert victim.get("/me").status_code == 200
    assert planted not in victim.token


def test_each_login_makes_a_new_session_and_ends_the_old(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)
    bo = Visitor(room)
    bo.login("Bo Li")
    first = bo.token
    assert bo.login("Bo Li").status_code == 303
    assert bo.token != first
    assert people.session(room.store, first, people.clock()) is None


def test_a_cookie_kept_after_logging_out_is_worth_nothing(room: Room, olga: Visitor) -> None:
    token = olga.token
    assert people.session(room.store, token, people.clock()) is not None
    olga.post("/logout")
    assert people.session(room.store, token, people.clock()) is None


def test_sessions_end_when_idle_and_after_two_weeks(room: Room, olga: Visitor) -> None:
    token, now = olga.token, people.clock()
    assert people.session(room.store, token, now + people.SESSION_IDLE - 60) is not None
    assert people.session(room.store, token, now + 2 * people.SESSION_IDLE) is None
    for step in range(1, 40):  # somebody who never pauses
        at = now + step * people.SESSION_IDLE * 0.9
        found = people.session(room.store, token, at)
        assert (found is not None) == (at - now < people.SESSION_MOST)


def test_the_store_holds_no_secret_that_opens_anything(room: Room, olga: Visitor) -> None:
    link = invitation(room, Role.OWNER).rpartition("/")[2]
    raw = b"".join(path.read_bytes() for path in room.settings.state.iterdir())
    for secret in (olga.token, link, PASSWORD):
        assert secret.encode() not in raw
    row = room.store.row("SELECT password FROM people WHERE id = 'olga'")
    assert row is not None
    assert row["password"].startswith("$argon2id$v=19$m=65536")
    assert (room.settings.state / "room.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_new_session_drops_those_that_are_over(room: Room, olga: Visitor) -> None:
    with room.store.writing() as db:
        db.execute("UPDATE sessions SET seen = 0")
    come_in(room, "Bo", Role.READER)
    row = room.store.row("SELECT count(*) AS n FROM sessions")
    assert row is not None
    assert row["n"] == 1


# Cookies


def test_cookies_are_out_of_reach_and_under_https_bound_to_it(audit: Path, tmp_path: Path) -> None:
    origin = "https://audit.example.org"
    room = open_room(audit.absolute(), tmp_path / "state", origins=(origin,))
    visitor = Visitor(room)
    page_ = visitor.client.get("/login")
    cookie = page_.headers["set-cookie"]
    assert cookie.startswith("__Host-openbook=")
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert flag.lower() in cookie.lower()
    assert "domain=" not in cookie.lower()
    assert "max-age=31536000" in page_.headers["strict-transport-security"]
    path = invitation(room, Role.OWNER)
    csrf = visitor.csrf
    answer = visitor.client.post(
        path, data={"name": "Bo", "csrf": csrf}, headers={"Origin": origin}
    )
    assert answer.status_code == 303
    assert "secure" in answer.headers["set-cookie"].lower()
    for wrong in ("http://audit.example.org", "https://audit.example.org.evil.example"):
        refused = visitor.client.post("/logout", data={"csrf": csrf}, headers={"Origin": wrong})
        assert refused.status_code == 403
    room.store.close()


def test_without_https_cookies_are_out_of_reach_of_scripts(room: Room) -> None:
    cookie = Visitor(room).get("/login").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


# Hosts and headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver.evil.example", "testserver:81", "", "127.0.0.1", "TESTSERVER."],
)
@pytest.mark.parametrize("path", ["/login", "/findings", "/static/room.css", "/nothing"])
def test_another_name_that_leads_here_gets_nothing(public: Room, host: str, path: str) -> None:
    answer = Visitor(public).get(path, Host=host)
    assert answer.status_code == 421
    assert "<" not in answer.text


def test_every_answer_says_what_browsers_must_not_do(room: Room, olga: Visitor) -> None:
    answers = [
        Visitor(room).get("/login"),
        Visitor(room).get("/people"),
        Visitor(room).get("/nothing"),
        Visitor(room).get("/login", Host="evil.example"),
        Visitor(room).client.post("/login"),
        Visitor(room).client.put("/login"),
        olga.get("/static/room.css"),
        olga.get("/people"),
        olga.get("/documents"),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in answer.headers
        is_ours = answer.url.path.startswith("/static/")
        assert is_ours or answer.headers["cache-control"] == "no-store"


def test_a_fault_of_ours_tells_nothing(room: Room) -> None:
    def broken(_: object) -> Any:
        raise RuntimeError(f"secret in {room.folder}")

    app = create_app(room)
    app.router.routes.append(Route("/broken", page(broken, needs=None)))
    visitor = Visitor(room)
    visitor.client.app = app
    visitor.client._transport.app = app  # type: ignore[attr-defined]
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert str(room.folder) not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_refusals_tell_no_paths(room: Room, olga: Visitor) -> None:
    review = next((room.folder / "reviews").rglob("*.toml"))
    review.write_text(review.read_text("utf-8") + "\n[X]\ngrade = 9\n", "utf-8")
    bo = come_in(room, "Rea", Role.READER)
    del bo
    answer = olga.post("/people/rea/change", {"role": "auditor"})
    assert answer.status_code == 409
    assert str(room.folder.parent) not in answer.text
    assert "reviews/" not in answer.text, "what is wrong there may tell a grade"
    assert "1 in files of judgements" in answer.text


# Sizes


def chunks(size: int) -> Any:
    head = b'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\n'
    yield head
    sent = 0
    while sent < size:
        yield b"a" * 65536
        sent += 65536


@pytest.mark.parametrize("path", ["/login", "/people/invite", "/join/x"])
def test_a_body_too_large_is_cut_off(room: Room, olga: Visitor, path: str) -> None:
    large = b"csrf=" + b"a" * (bodies.FORM + 1)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert olga.client.post(path, content=large, headers=kind).status_code == 413
    without_length = iter([large[: len(large) // 2], large[len(large) // 2 :]])
    assert olga.client.post(path, content=without_length, headers=kind).status_code == 413
    lies = {**kind, "Content-Length": "10"}
    assert olga.client.post(path, content=large, headers=lies).status_code in (403, 413)


def test_an_upload_too_large_is_cut_off(room: Room, olga: Visitor) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF": olga.csrf}
    path = "/documents/acme-card/copy"
    announced = {**kind, "Content-Length": str(bodies.UPLOAD * 2)}
    assert olga.client.post(path, content=b"--x", headers=announced).status_code == 413
    assert olga.client.post(path, content=chunks(2 << 20), headers=kind).status_code == 400


def status_of(
    room: Room, path: str, headers: dict[str, str], first: bytes, part: bytes, pause: float = 0
) -> int:
    """The status that comes back while a body is still being sent, part after part for ever."""
    parts = itertools.chain([first], itertools.repeat(part))
    sent: list[Any] = []

    async def receive() -> Any:
        await anyio.sleep(pause)
        return {"type": "http.request", "body": next(parts), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        "client": ("203.0.113.9", 1),
        "server": ("testserver", 80),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }

    async def ask() -> None:
        await create_app(room)(scope, receive, send)

    anyio.run(ask)
    return int(sent[0]["status"])


def test_an_upload_without_an_end_is_cut_off(room: Room, olga: Visitor) -> None:
    headers = {
        "Host": "testserver",
        "Content-Type": "multipart/form-data; boundary=x",
        "X-CSRF": olga.csrf,
        "Cookie": f"{cookie_name(room)}={olga.token}",
    }
    first = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    path = "/documents/acme-card/copy"
    assert status_of(room, path, headers, first, b"a" * (1 << 20)) == 413
    assert bodies.Uploads.now == 0


@pytest.mark.parametrize(
    "body",
    [
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(5000)
        )
        + b"--x--",
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n'
            for _ in range(50)
        )
        + b"--x--",
        b"--x\r\n" + b"A: b\r\n" * 20000 + b"\r\n1\r\n--x--",
        b"--x\r\nContent-Disposition: " + b"a" * 300000 + b"\r\n\r\n1\r\n--x--",
        b"--x\r\n\r\n1\r\n--x--",
        b"no boundary at all",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
    ],
)
def test_bombs_made_of_parts_are_refused_at_once(room: Room, olga: Visitor, body: bytes) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF": olga.csrf}
    begun = time.monotonic()
    answer = olga.client.post("/people/invite", content=body, headers=kind)
    assert answer.status_code == 400
    assert time.monotonic() - begun < 3


def test_bombs_made_of_fields_are_refused_at_once(room: Room, olga: Visitor) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRF": olga.csrf}
    begun = time.monotonic()
    answer = olga.client.post("/people/invite", content=b"a&" * 250_000, headers=kind)
    assert answer.status_code == 400
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "punycode", "utf-16", "idna"])
def test_forms_in_other_charsets_are_refused(room: Room, olga: Visitor, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    body = b'--x\r\nContent-Disposition: form-data; name="role"\r\n\r\n\\ud800\r\n--x--'
    headers = {"Content-Type": kind, "X-CSRF": olga.csrf}
    assert olga.client.post("/people/invite", content=body, headers=headers).status_code == 415


@pytest.mark.parametrize("value", ["a%00b", "%ED%A0%80", "%FF%FE"])
def test_what_is_no_text_breaks_nothing(room: Room, olga: Visitor, value: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRF": olga.csrf}
    body = f"role=reader&note={value}".encode()
    assert olga.client.post("/people/invite", content=body, headers=kind).status_code in (200, 400)


def test_a_body_that_never_ends_is_given_up(
    room: Room, olga: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "FORM_SECONDS", 0.2)
    headers = {
        "Host": "testserver",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    assert status_of(room, "/login", headers, b"a", b"a", pause=0.05) == 408


def test_few_large_bodies_are_read_at_once(public: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "UPLOADS", 0)
    files = {"file": ("a.txt", b"a" * (bodies.FORM + 1), "text/plain")}
    answer = Visitor(public).post(f"/correct/{CELL}", correction(public), files)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert Visitor(public).post(f"/correct/{CELL}", correction(public)).status_code == 303
    assert bodies.Uploads.now == 0


# Guessing


def test_guessing_is_slowed_and_told_calmly(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)
    eve = Visitor(room)
    for _ in range(TRIES.most):
        assert eve.login("Bo Li", "a wrong password").status_code == 422
    answer = eve.login("Bo Li")
    assert answer.status_code == 429, "not even the right one"
    assert 0 < int(answer.headers["retry-after"]) <= people.TRIES_WITHIN
    assert "Try again in" in answer.text
    # Somebody who fails for Bo from elsewhere does not keep Bo out,
    assert Visitor(room).login("Bo Li").status_code == 303
    # and a link of login is always good.
    with room.store.writing() as db:
        token = people.login_link(db, "bo-li", "the test", people.clock())
    assert eve.post(f"/enter/{token}").status_code == 303


def test_many_names_from_one_address_are_slowed_too(room: Room) -> None:
    eve = Visitor(room)
    codes = [eve.login(f"name {n}", "a wrong password").status_code for n in range(TRIES_FROM.most)]
    assert set(codes) == {422}
    assert eve.login("one more", "a wrong password").status_code == 429


def test_one_name_from_many_addresses_is_slowed_at_last(room: Room) -> None:
    now = people.clock()
    for n in range(TRIES_FOR.most):
        limits.count(
            room.store, {"login bo-li": TRIES_FOR, f"login from 203.0.113.{n}": TRIES_FROM}, now
        )
    assert Visitor(room).login("Bo Li", "a wrong password").status_code == 429


def test_one_network_of_ipv6_is_one_visitor(room: Room) -> None:
    assert limits.network("2001:db8::1") == limits.network("2001:db8::ffff:2")
    assert limits.network("2001:db8::1") != limits.network("2001:db8:0:1::1")
    assert limits.network("::ffff:203.0.113.9") == "203.0.113.9"
    assert limits.network("no address\n" + "x" * 200) == ("no address\n" + "x" * 200)[:60]


def test_wrong_names_and_wrong_passwords_look_the_same(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)
    come_in(room, "No Password", Role.AUDITOR)

    def tried(name: str) -> tuple[int, str]:
        answer = Visitor(room).login(name, "a wrong password")
        text = answer.text.replace(name, "NAME")
        return answer.status_code, re.sub(r"[0-9a-f]{64}", "TOKEN", text)

    assert tried("Bo Li") == tried("Nobody Here") == tried("No Password")


def test_a_wrong_name_costs_as_much_work_as_a_wrong_password(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)

    def work(name: str) -> float:
        """Seconds of processors, all threads together: a busy machine adds nothing to them."""
        best = 9.0
        for n in range(4):
            begun = time.process_time()
            with pytest.raises(people.LoginError):
                people.login(room.store, name, "a wrong password", f"192.0.2.{n}", people.clock())
            best = min(best, time.process_time() - begun)
        return best

    real, nobody = work("bo-li"), work("nobody")
    assert 0.4 < real / nobody < 2.5


def test_a_password_typed_as_a_name_is_not_in_the_log(room: Room) -> None:
    Visitor(room).login("hunter2hunter2", "Bo Li was here")
    acts = repr([tuple(row) for row in room.store.rows("SELECT * FROM acts")])
    assert "hunter2" not in acts


def test_a_password_longer_than_the_longest_is_wrong(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, "x" * 200)
    assert Visitor(room).login("Bo Li", "x" * 201).status_code == 422
    assert Visitor(room).login("Bo Li", "x" * 200).status_code == 303


def test_the_same_letters_are_the_same_password(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, "grüße aus köln")
    assert Visitor(room).login("Bo Li", "gru\u0308ße aus ko\u0308ln").status_code == 303


def test_who_claims_another_address_is_not_believed(room: Room) -> None:
    eve = Visitor(room)
    for n in range(TRIES_FROM.most):
        eve.post(
            "/login",
            {"name": f"name {n}", "password": "a wrong password"},
            **{"X-Forwarded-For": f"192.0.2.{n}", "Forwarded": f"for=192.0.2.{n}"},
        )
    assert eve.login("x", "a wrong password").status_code == 429


def test_old_password_guesses_are_slowed(room: Room, olga: Visitor) -> None:
    new = {"new": "another password", "again": "another password"}
    for _ in range(TRIES.most):
        assert olga.post("/me/password", {"old": "nope", **new}).status_code == 422
    assert olga.post("/me/password", {"old": PASSWORD, **new}).status_code == 429
    assert accounts.has_password(room.store, "olga")


# Where one is led


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/%2f/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/ /evil.example",
        "/people/../../x",
        "/" + "a" * 400,
        "///evil.example",
        "/.evil",
    ],
)
def test_logging_in_leads_nowhere_else(room: Room, to: str) -> None:
    come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)
    answer = Visitor(room).post("/login", {"name": "Bo Li", "password": PASSWORD, "to": to})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert inside(to) == "/"
    shown = Visitor(room).client.get("/login", params={"to": to}).text
    assert 'name="to" value="/"' in shown
