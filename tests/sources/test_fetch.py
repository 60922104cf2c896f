"""Fetching from a server that may be slow, faulty or hostile."""

from __future__ import annotations

import datetime as dt
import email.utils
import gzip
import hashlib
import socket
import time
from collections.abc import Callable

import httpx
import pytest

from openbook.sources import fetch as module
from openbook.sources import hosts
from openbook.sources.errors import FetchError, RefusedError
from openbook.sources.fetch import Known, fetch
from tests.sources.server import reply, sending, serving

DAY = "Wed, 25 Nov 2026 10:00:00 GMT"


def failing(url: str, **options: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, **{"allow_private": True, "retries": 0, **options})  # type: ignore[arg-type]
    return caught.value


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Give a name's addresses, one answer a look-up, the last for ever; returns the look-ups."""

    def use(*answers: str | list[str]) -> list[str]:
        asked: list[str] = []
        rest = list(answers)

        real = socket.getaddrinfo

        def getaddrinfo(host: str, port: int, *args: int, **options: int) -> object:
            if host[0].isdigit():
                return real(host, port, *args, **options)
            asked.append(host)
            found = rest.pop(0) if len(rest) > 1 else rest[0]
            each = [found] if isinstance(found, str) else found
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in each]

        monkeypatch.setattr(hosts.socket, "getaddrinfo", getaddrinfo)
        return asked

    return use


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(module.time, "sleep", slept.append)
    return slept


def test_what_was_fetched_and_how() -> None:
    before = dt.datetime.now(dt.UTC)
    answer = reply(
        body=b"words", Content_Type="text/plain; charset=utf-8", ETag='"1"', Last_Modified=DAY
    )
    with serving(answer) as server:
        found = fetch(server.url("/a?b=c%20d&e#f"), allow_private=True)
    assert (found.data, found.media_type) == (b"words", "text/plain; charset=utf-8")
    assert found.sha256 == hashlib.sha256(b"words").hexdigest()
    assert (found.url, found.final_url, found.redirects) == (server.url("/a?b=c%20d&e#f"),) * 2 + (
        (),
    )
    assert (found.etag, found.last_modified) == ('"1"', DAY)
    assert before <= found.fetched_at <= dt.datetime.now(dt.UTC)
    path, headers = server.requests[0]
    assert path == "/a?b=c%20d&e"
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert headers["User-Agent"].startswith("openbook/")


def test_the_host_keeps_its_name_and_is_looked_up_once(
    resolve: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "is_public", lambda address: address == "127.0.0.1")
    with serving(reply(body=b"words")) as server:
        asked = resolve("127.0.0.1", "127.0.0.9")  # public at first, private at the second look
        assert fetch(f"http://example.org:{server.port}/x").data == b"words"
    assert asked == ["example.org"]
    assert server.requests[0][1]["Host"] == f"example.org:{server.port}"


def test_redirects_are_followed_and_kept() -> None:
    answers = reply(301, Location="/two"), reply(302, Location="three?q#f"), reply(body=b"end")
    with serving(*answers) as server:
        found = fetch(server.url("/one"), allow_private=True)
    assert found.url == server.url("/one")
    assert found.redirects == (server.url("/two"),)
    assert found.final_url == server.url("/three?q#f")
    assert [path for path, _ in server.requests] == ["/one", "/two", "/three?q"]


def test_a_redirect_loop_ends() -> None:
    with serving(reply(302, Location="/x")) as server:
        error = failing(server.url("/x"))
    assert str(error) == f"{server.url('/x')}: redirected more than 8 times"


def test_a_redirect_from_a_public_host_to_a_private_one_is_refused(
    resolve: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "is_public", lambda address: address == "127.0.0.1")
    with serving(reply(302, Location="http://router.local/admin")) as server:
        resolve("127.0.0.1", "192.168.0.1")
        with pytest.raises(RefusedError) as caught:
            fetch(f"http://example.org:{server.port}/x")
    assert str(caught.value) == (
        "http://router.local/admin: router.local is 192.168.0.1, which is private; "
        "--allow-private fetches from such addresses"
    )


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("file:///etc/passwd", "file:///etc/passwd: only http and https addresses are fetched"),
        ("ftp://x.org/", "ftp://x.org/: only http and https addresses are fetched"),
        ("http://[::1/", "{url}: Invalid URL in location header"),
        ("http://u:p@x.org/", "http://x.org: an address with a user name or password in it is"),
    ],
)
def test_a_redirect_elsewhere_is_refused(location: str, message: str) -> None:
    with serving(reply(302, Location=location)) as server:
        error = failing(server.url())
    assert str(error).startswith(message.format(url=server.url()))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1"])
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(RefusedError) as caught:
        fetch(f"http://{host}/")
    assert str(caught.value).startswith(f"http://{host}/: {host.strip('[]')} is ")
    assert str(caught.value).endswith(" is private; --allow-private fetches from such addresses")


def test_a_host_with_one_private_address_is_refused(resolve: Callable[..., list[str]]) -> None:
    resolve(["93.184.216.34", "10.0.0.1"])
    with pytest.raises(RefusedError, match=r"example\.org is 10\.0\.0\.1, which is private"):
        fetch("http://example.org/")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("file:///etc/passwd", "file:///etc/passwd: only http and https addresses are fetched"),
        ("ftp://x.org/", "ftp://x.org/: only http and https addresses are fetched"),
        ("x.pdf", "x.pdf: only http and https addresses are fetched"),
        ("http:///x", "http:///x: only http and https addresses are fetched"),
        ("http://[::1/", "'http://[::1/' is no address: Invalid IPv6 URL"),
        ("http://x.org:99999/", "'http://x.org:99999/' is no address: Port out of range 0-65535"),
        (
            "http://127.0.0.1/\0",
            "'http://127.0.0.1/\\x00' is no address: Invalid non-printable ASCII character",
        ),
        ("http://127.0.0.1/" + "a" * 70_000, "'http://127.0.0.1/aaa"),
        ("http://\u2100.example/", "'http://℀.example/' is no address: netloc"),
        (
            "http://bü\u0378.example/",
            "http://bü\u0378.example/: bü\u0378.example is no name of a host",
        ),
    ],
)
def test_what_is_no_address_is_refused_and_not_tried_again(
    url: str, message: str, naps: list[float]
) -> None:
    error = failing(url, retries=5)
    assert isinstance(error, RefusedError)
    assert str(error).startswith(message)
    assert naps == []


def test_a_password_is_refused_and_not_repeated() -> None:
    error = failing("https://ana:hunter2@example.org/x")
    assert isinstance(error, RefusedError)
    assert str(error) == (
        "https://example.org: an address with a user name or password in it is not fetched; "
        "leave them out"
    )


def test_a_host_that_is_not_found_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(hosts.socket, "getaddrinfo", getaddrinfo)
    error = failing("http://nowhere.example/")
    assert error.unreachable
    assert str(error).startswith(
        "http://nowhere.example/: the host nowhere.example is not found ([Errno -2] Name or"
    )


def test_a_refused_connection_is_unreachable_and_an_answer_is_not() -> None:
    with serving(reply(404)) as server:
        assert not failing(server.url()).unreachable
    error = failing(server.url())
    assert error.unreachable
    assert "refused" in str(error)


def test_another_address_of_the_host_is_tried(resolve: Callable[..., list[str]]) -> None:
    with serving(reply(body=b"words")) as server:
        resolve(["127.0.0.77", "127.0.0.1"])
        found = fetch(f"http://localhost:{server.port}/", allow_private=True, retries=0)
    assert found.data == b"words"


def test_a_fault_that_passes_is_waited_out() -> None:
    with serving(reply(503), reply(body=b"words")) as server:
        assert fetch(server.url(), allow_private=True).data == b"words"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7), ("0", 0.5), ("20", 20), ("9" * 5000, 0.5), ("soon", 0.5), ("\xb2", 0.5)],
)
def test_a_server_may_ask_for_patience_within_bounds(
    header: str, wait: float, naps: list[float]
) -> None:
    with serving(reply(429, Retry_After=header), reply(body=b"words")) as server:
        assert fetch(server.url(), allow_private=True).data == b"words"
    assert naps == [wait]


def test_a_server_that_asks_for_more_is_left_alone(naps: list[float]) -> None:
    later = email.utils.format_datetime(
        dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), usegmt=True
    )
    for header, least in (("999999999", 999999999), (later, 3500)):
        with serving(reply(429, Retry_After=header)) as server:
            error = failing(server.url(), retries=3)
        assert (len(server.requests), naps) == (1, [])
        assert error.status == 429
        assert error.retry_after >= least
        assert "asks to be left alone for" in str(error)


def test_a_server_may_say_that_its_bytes_are_those_we_know() -> None:
    with serving(reply(304)) as server:
        known = Known(server.url(), '"1"', DAY)
        found = fetch(server.url(), allow_private=True, known=known)
    assert (found.is_same, found.data, found.sha256) == (True, b"", "")
    _, headers = server.requests[0]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', DAY)


def test_what_a_server_said_is_told_to_no_other_address() -> None:
    with serving(reply(302, Location="/y"), reply(304)) as server:
        known = Known(server.url("/y"), '"1"')
        assert fetch(server.url("/x"), allow_private=True, known=known).is_same
    assert ["If-None-Match" in headers for _, headers in server.requests] == [False, True]
    with serving(reply(302, Location="/z"), reply(304)) as server:  # nobody asked it that
        known = Known(server.url("/y"), '"1"')
        with pytest.raises(FetchError, match="304"):
            fetch(server.url("/x"), allow_private=True, known=known)


@pytest.mark.parametrize("etag", ["1", 'W/"', '"a b"', '"' + "x" * 600 + '"', '"\xe9"'])
def test_a_tag_of_no_proper_form_is_not_kept(etag: str) -> None:
    with serving(reply(body=b"words", ETag=etag, Last_Modified="today")) as server:
        found = fetch(server.url(), allow_private=True)
    assert (found.etag, found.last_modified) == ("", "")


def test_patience_ends_with_the_time() -> None:
    began = time.monotonic()
    with serving(reply(429, Retry_After="15")) as server:
        error = failing(server.url(), seconds=5, retries=3)
    assert str(error) == f"{server.url()}: the server answers 429 Too Many Requests"
    assert time.monotonic() - began < 4


def test_retries_end(naps: list[float]) -> None:
    with serving(reply(500)) as server:
        error = failing(server.url(), retries=2)
    assert str(error) == f"{server.url()}: the server answers 500 Internal Server Error"
    assert (len(server.requests), naps) == (3, [0.5, 1.0])


@pytest.mark.parametrize(
    ("status", "says"),
    [(404, "404 Not Found"), (403, "403 Forbidden"), (204, "204 No Content"), (304, "304 Not")],
)
def test_another_answer_is_told_and_not_tried_again(status: int, says: str) -> None:
    with serving(reply(status)) as server:
        error = failing(server.url(), retries=5)
    assert str(error).startswith(f"{server.url()}: the server answers {says}")
    assert len(server.requests) == 1


def test_too_much_is_refused_by_what_is_said() -> None:
    with serving(reply(body=b"", Content_Length=str(3 << 20))) as server:
        error = failing(server.url(), max_bytes=2 << 20)
    assert str(error) == f"{server.url()}: larger than the limit of 2 MB"


def test_too_much_is_refused_by_what_comes() -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with serving(sending(head, b"a" * 65536, lambda: None)) as server:
        error = failing(server.url(), max_bytes=1 << 20)
    assert str(error) == f"{server.url()}: larger than the limit of 1 MB"


def test_a_gzip_bomb_is_stopped() -> None:
    bomb = gzip.compress(b"\0" * (16 << 20), 9)
    with serving(reply(body=bomb, Content_Encoding="gzip")) as server:
        error = failing(server.url(), max_bytes=1 << 20)
        assert str(error) == f"{server.url()}: larger than the limit of 1 MB"


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,deflate,gzip"])
def test_a_bomb_in_a_bomb_is_not_unpacked(coding: str) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * (1 << 20)))
    with serving(reply(body=bomb, Content_Encoding=coding)) as server:
        error = failing(server.url())
    assert str(error) == (
        f"{server.url()}: the answer is compressed more than once, which no server does"
    )


def test_compressed_answers_are_unpacked_and_broken_ones_told() -> None:
    with serving(reply(body=gzip.compress(b"words"), Content_Encoding="gzip")) as server:
        assert fetch(server.url(), allow_private=True).data == b"words"
    with serving(reply(body=b"no gzip", Content_Encoding="gzip")) as server:
        assert "broke off after 0 bytes" in str(failing(server.url()))


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    with serving(reply(body=b"half", Content_Length="8", Connection="close")) as server:
        error = failing(server.url())
    assert str(error).startswith(f"{server.url()}: broke off after 4 bytes: ")


BODY = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (BODY, b"a"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"b"),
        (BODY[:-2] + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\0", b"a"),
        (BODY[:-2] + b"Content-Length: 999\r\n\r\n", b"a"),
        (b"", b""),
    ],
    ids=["body", "headers", "header", "gzip header", "known length", "silence"],
)
def test_a_server_that_dawdles_meets_the_limit_on_the_whole(head: bytes, part: bytes) -> None:
    began = time.monotonic()
    with serving(sending(head, part, lambda: time.sleep(0.05))) as server:
        error = failing(server.url(), seconds=0.5, retries=3)
    assert str(error) == f"{server.url()}: took longer than 0.5 s and was stopped"
    assert time.monotonic() - began < 4


def test_progress_counts_bytes() -> None:
    seen: list[tuple[int, int | None]] = []
    with serving(reply(body=b"a" * 100_000)) as server:
        fetch(server.url(), allow_private=True, progress=lambda *both: seen.append(both))
    assert seen[-1] == (100_000, 100_000)
    assert [size for size, _ in seen] == sorted(size for size, _ in seen)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(reply(body=b"words")) as server:
        assert fetch(server.url(), allow_private=True).data == b"words"


def test_certificates_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    assert str(failing("https://127.0.0.1/")).startswith(
        "SSL_CERT_FILE is /nowhere.pem, which cannot be read as certificates ("
    )


@pytest.mark.parametrize(
    ("url", "at", "host", "sni"),
    [
        ("https://Example.org/a?b#c", "https://1.2.3.4:443/a?b", "example.org", "example.org"),
        ("https://x.org:8443/", "https://1.2.3.4:8443/", "x.org:8443", "x.org"),
        (
            "https://bücher.example/ü",
            "https://1.2.3.4:443/%C3%BC",
            "xn--bcher-kva.example",
            "xn--bcher-kva.example",
        ),
    ],
)
def test_a_pinned_request_speaks_and_proves_the_name(
    url: str, at: str, host: str, sni: str, resolve: Callable[..., list[str]]
) -> None:
    resolve("1.2.3.4")
    target = hosts.target_of(url, allow_private=False)
    with httpx.Client() as client:
        request = module._request(client, target, target.addresses[0], module._Deadline(5), {})
    assert (str(request.url), request.headers["host"]) == (str(httpx.URL(at)), host)
    assert request.extensions["sni_hostname"] == sni
