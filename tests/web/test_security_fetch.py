"""The room asks nobody whom it should not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import tomlkit

from openbook.sources import hosts
from openbook.web.people import Role
from openbook.web.room import Room
from tests.sources.server import reply, serving
from tests.web.people_makers import CELL, Visitor, come_in, correction, everything
from tests.web.test_documents import ended, forget_copies


def at(room: Room, url: str) -> None:
    """Let the audit say that a document stands at an address."""
    path = room.folder / "documents" / "acme-card.toml"
    said = tomllib.loads(path.read_text("utf-8"))
    said["copy"][0]["url"] = url
    path.write_text(tomlkit.dumps(said), "utf-8")
    room.forget()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/x",
        "http://localhost:{port}/x",
        "http://[::1]:{port}/x",
        "http://[::ffff:127.0.0.1]:{port}/x",
        "http://0.0.0.0:{port}/x",
        "http://2130706433:{port}/x",
        "http://0x7f000001:{port}/x",
        "http://127.1:{port}/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/x",
        "http://192.168.0.1/x",
        "http://[fd00::1]/x",
        "http://user:pass@127.0.0.1:{port}/x",
    ],
)
def test_private_addresses_of_documents_are_not_asked(room: Room, url: str) -> None:
    eddy = come_in(room, "Eddy", Role.EDITOR)
    forget_copies(room)
    with serving(reply(200, b"secret")) as server:
        at(room, url.replace("{port}", str(server.port)))
        before, _ = everything(room)
        assert eddy.post("/documents/acme-card/fetch").status_code == 303
        page = ended(eddy, "acme-card")
        assert server.requests == []
    assert "note bad" in page
    assert "secret" not in page
    assert "--allow-private" not in page
    assert everything(room)[0] == before


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.example/a", "gopher://127.0.0.1/"])
def test_other_schemes_are_no_addresses(room: Room, url: str) -> None:
    eddy = come_in(room, "Eddy", Role.EDITOR)
    at(room, url)
    assert eddy.post("/documents/acme-card/fetch").status_code in (404, 409)
    assert "root:" not in eddy.get("/documents").text


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/", "http://10.1.2.3/x", "file:///etc/passwd", "http://[::1]/"],
)
def test_a_public_address_that_leads_to_a_private_one_is_not_followed(
    room: Room, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no public server here, so one address of this machine counts as public."""
    real = hosts.is_public
    monkeypatch.setattr(hosts, "is_public", lambda one: one == "127.0.0.1" or real(one))
    eddy = come_in(room, "Eddy", Role.EDITOR)
    forget_copies(room)
    with serving(reply(302, Location=target), reply(200, b"words that were private")) as server:
        at(room, f"http://127.0.0.1:{server.port}/x")
        eddy.post("/documents/acme-card/fetch")
        page = ended(eddy, "acme-card")
        assert [path for path, _ in server.requests] == ["/x"]
    assert "note bad" in page
    assert "root:" not in page


def test_what_a_public_address_gives_is_kept_and_written_down(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = hosts.is_public
    monkeypatch.setattr(hosts, "is_public", lambda one: one == "127.0.0.1" or real(one))
    eddy = come_in(room, "Eddy", Role.EDITOR)
    forget_copies(room)
    new = b"# Acme One\n\nWe set these goals ourselves, as before.\n"
    with serving(reply(200, new, Content_Type="text/markdown")) as server:
        at(room, f"http://127.0.0.1:{server.port}/card.md")
        eddy.post("/documents/acme-card/fetch")
        assert "both versions are kept" in ended(eddy, "acme-card")
    assert len(room.opened().audit.documents["acme-card"].copies) == 2


def test_an_address_in_a_correction_is_never_asked(public: Room, tmp_path: Path) -> None:
    eddy = come_in(public, "Eddy", Role.EDITOR)
    with serving(reply(200, b"x")) as server:
        url = server.url("/seen")
        words = f"See {url} and <img src={url}>."
        fields = dict.fromkeys(("was", "now", "reason", "quote", "contact"), words)
        page = f"<!doctype html><html><img src={url}><link rel=stylesheet href={url}></html>"
        answer = Visitor(public).post(
            f"/correct/{CELL}",
            correction(public, document="acme-card", **fields),
            {"file": ("a.html", page.encode(), "text/html")},
        )
        address = answer.headers["location"]
        for who in (eddy, Visitor(public)):
            for path in (address, "/inbox", f"/finding/{CELL}"):
                who.get(path)
        id_ = address.rpartition("/")[2]
        eddy.get(f"/inbox/{id_}/file")
        decide = {"verdict": "accept", "reason": f"See {url}"}
        assert eddy.post(f"/inbox/{id_}/decide", decide).status_code == 303
        Visitor(public).get(f"/finding/{CELL}")
        assert server.requests == []
