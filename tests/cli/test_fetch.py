"""Fetching, from a server on this machine."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from openbook.audit.fetching import fetch_documents, missing_documents, with_fetched
from openbook.audit.opened import open_audit
from tests.workbench import done, openbook, pdf

PAGES: dict[str, tuple[str, bytes]] = {}
NEW = ("--initiative", "new", "--release", "1", "--allow-private")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        media_type, data = PAGES.get(self.path, ("text/plain", b""))
        self.send_response(200 if self.path in PAGES else 404)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[str]:
    PAGES.clear()
    PAGES["/a.pdf"] = ("application/pdf", pdf(["A third document.", "Of two pages."]))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def _copies(audit: Path) -> int:
    return (audit / "documents/a.toml").read_text("utf-8").count("[[copy]]")


def test_a_document_is_added_from_an_address_and_fetched_again(audit: Path, server: str) -> None:
    ran = openbook("audit", "add", audit, f"{server}/a.pdf", *NEW[:-1])
    assert ran.status == 1
    assert "127.0.0.1 is private; --allow-private" in ran.err
    assert "a: 2 pages" in done("audit", "add", audit, f"{server}/a.pdf", *NEW).out
    for one in done("library", "list", "--json").json:
        done("library", "remove", one["sha256"])
    ran = openbook("audit", "fetch", audit, "--allow-private")
    assert "a: at hand" in ran.out
    assert "acme-card: not fetched: no address to fetch it from" in ran.err
    assert ran.status == 1
    assert _copies(audit) == 1


def test_a_changed_document_keeps_both_versions(audit: Path, server: str) -> None:
    done("audit", "add", audit, f"{server}/a.pdf", *NEW)
    PAGES["/a.pdf"] = ("application/pdf", pdf(["Quite another text."]))
    ran = openbook("audit", "fetch", audit, "--again", "--allow-private")
    assert "a: changed; both versions are kept" in ran.out
    assert "next: openbook audit changes audit --document a" in ran.err
    for _ in range(2):
        assert _copies(audit) == 2
        ran = openbook("audit", "fetch", audit, "--again", "--allow-private")
    assert "a: at hand" in ran.out
    assert done("audit", "check", audit, "--json").json[0]["problems"] == []


@pytest.mark.parametrize("page", [b"<html><body>Please log in</body></html>", b""])
def test_a_login_page_is_not_taken_for_the_document(audit: Path, server: str, page: bytes) -> None:
    done("audit", "add", audit, f"{server}/a.pdf", *NEW)
    PAGES["/a.pdf"] = ("text/html", page)
    ran = openbook("audit", "fetch", audit, "--again", "--allow-private")
    assert ran.status == 1
    assert "a: not fetched:" in ran.err
    assert "gives something else" in ran.err
    assert _copies(audit) == 1


def test_an_address_that_gives_nothing(audit: Path, server: str) -> None:
    ran = openbook("audit", "add", audit, f"{server}/none", *NEW)
    assert ran.status == 1
    assert "the server answers 404" in ran.err
    assert not ran.is_traceback


def test_a_document_without_a_hash_is_at_hand_once_fetched(audit: Path, server: str) -> None:
    """The bundled audit cannot be written, so what is fetched for it is remembered beside."""
    done("audit", "add", audit, f"{server}/a.pdf", *NEW)
    path = audit / "documents/a.toml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(one for one in lines if not one.startswith("sha256")), "utf-8")
    before = path.read_bytes()
    opened = open_audit(audit)
    assert [one.key for one in missing_documents(with_fetched(opened))] == ["a"]
    fetched = fetch_documents(
        opened,
        missing_documents(opened),
        dt.date(2026, 1, 2),
        allow_private=True,
        write=False,
    )
    assert [one.error for one in fetched] == [""]
    assert missing_documents(with_fetched(opened)) == ()
    assert path.read_bytes() == before


def test_a_copy_that_waited_for_its_bytes_is_filled_in(audit: Path, server: str) -> None:
    done("audit", "add", audit, f"{server}/a.pdf", *NEW)
    path = audit / "documents/a.toml"
    gone = ("sha256", "bytes", "pages", "retrieved")
    kept = [one for one in path.read_text("utf-8").splitlines() if not one.startswith(gone)]
    path.write_text("\n".join([*kept, "note = 'ours'"]) + "\n", "utf-8")
    openbook("audit", "fetch", audit, "--allow-private")
    assert _copies(audit) == 1
    (copy,) = open_audit(audit).audit.documents["a"].copies
    assert (copy.pages, copy.note, len(copy.sha256)) == (2, "ours", 64)
