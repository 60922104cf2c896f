"""Many documents dropped in the browser: seen and corrected before anything is written."""

from __future__ import annotations

import re
import sqlite3
import time
import tomllib
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path

import pytest

from openbook.audit.opened import open_audit
from openbook.files.library import sha256_of
from openbook.web import dropping, piles
from openbook.web.people import Role
from openbook.web.room import Room, without_flags
from openbook.web.store import VERSION, Store
from tests.web.people_makers import Visitor, come_in, everything
from tests.workbench import CARD, done, openbook, pdf, snapshot

GAMMA = """---
title: Gamma 3 Model Card
date: 2025-03-04
---

# Gamma 3 Model Card

Gamma 3 was aligned by people who compared two responses. Gamma 3 is released openly, and this card
tells how its annotators were chosen, trained and paid, in more words than one.
"""
DELTA = """# Notes on delta

Fourteen reviewers wrote the prompts of this model, of which nobody has written down a name, in a
room in Porto that has three windows and one door.
"""
Sent = Sequence[tuple[str, bytes]]
PILE: Sent = (
    ("gamma-3.md", GAMMA.encode()),
    ("notes-on-delta.md", DELTA.encode()),
    ("zz-again.md", GAMMA.encode()),
    ("broken.pdf", b"%PDF-1.7 and no more"),
    ("program.exe", b"\0\1\2\3"),
    ("known.md", CARD.encode()),
)


@pytest.fixture
def eddy(room: Room) -> Visitor:
    return come_in(room, "Eddy", Role.EDITOR)


def send(who: Visitor, files: Sent, addresses: str = "", **headers: str) -> int:
    sent = [("files", (name, data, "application/octet-stream")) for name, data in files]
    answer = who.client.post(
        "/pile",
        data={"csrf": who.csrf, "addresses": addresses},
        files=sent or [("files", ("", b""))],
        headers={"Origin": "http://testserver", **headers},
    )
    return answer.status_code


def ended(who: Visitor) -> str:
    """The page when the room has done its work."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if 'hx-get="/pile/state"' not in (page := who.get("/pile").text):
            return page
        time.sleep(0.02)
    raise AssertionError("it did not end")


def read(who: Visitor, files: Sent = PILE, addresses: str = "") -> str:
    assert send(who, files, addresses) == 303
    return ended(who)


def fields(page: str) -> dict[str, str]:
    """What the table holds, as a browser would send it back."""
    found = dict(re.findall(r'<input type="text"[^>]* name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]* name="(row[^"]+)"[^>]*>([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {unescape(name): unescape(value) for name, value in found.items() if "new." not in name}


def number(page: str, source: str) -> str:
    """The number of a row."""
    found = re.search(
        rf'id="r-(\d+)">\s*<th scope="row"><span class="name">{re.escape(source)}<', page
    )
    assert found, source
    return found[1]


def row(page: str, source: str) -> dict[str, str]:
    n = number(page, source)
    return {
        name.split(".")[1]: value
        for name, value in fields(page).items()
        if name.startswith("row.") and name.endswith(f".{n}")
    }


def add(who: Visitor, page: str, change: Mapping[str, str] | None = None) -> str:
    answer = who.post("/pile/add", {**fields(page), **(change or {})})
    assert answer.status_code == 303, answer.text
    return ended(who)


def bytes_held(room: Room) -> list[Path]:
    folder = room.settings.state / "piles"
    return [one for one in folder.rglob("*") if one.is_file()] if folder.is_dir() else []


def test_a_pile_is_guessed_and_nothing_is_written(room: Room, eddy: Visitor) -> None:
    before = snapshot(room.folder)
    page = read(eddy)
    gamma, delta = row(page, "gamma-3.md"), row(page, "notes-on-delta.md")
    assert gamma["do"] == "new"
    assert gamma["title"] == "Gamma 3 Model Card"
    assert gamma["date"] == "2025-03-04"
    assert gamma["kind"] == "model-card"
    assert gamma["releases"] == "gamma/3"
    assert delta["title"] == "Notes on delta"
    assert delta["releases"] == ""
    assert row(page, "zz-again.md")["do"] == "skip"
    assert "the same bytes as gamma-3.md" in page
    assert row(page, "known.md")["do"] == "skip"
    assert "the audit has these bytes" in page
    assert re.search(r"broken\.pdf</b> <span>[^<]{20}", page)
    assert re.search(r"program\.exe</b> <span>The file is no PDF", page)
    assert snapshot(room.folder) == before
    assert not open_audit(room.folder).library.has(sha256_of(GAMMA.encode()))


def test_what_was_seen_and_corrected_is_written(room: Room, eddy: Visitor) -> None:
    page = read(eddy)
    gamma, delta = number(page, "gamma-3.md"), number(page, "notes-on-delta.md")
    change = {
        f"row.title.{gamma}": "The card of Gamma 3",
        f"row.language.{gamma}": "en",
        f"row.releases.{delta}": "acme/1, gamma/3",
        f"row.date.{delta}": "2024-05",
        f"row.kind.{delta}": "report",
        "family.name.gamma": "Gamma",
        "family.company.gamma": "Gamma Labs",
        "family.status.gamma": "open-weight",
        "release.date.gamma/3": "2025-03",
    }
    page = add(eddy, page, change)
    assert "2 files added." in page
    opened = open_audit(room.folder).sound()
    card = opened.audit.documents["gamma-3"]
    assert (card.title, card.language, card.year) == ("The card of Gamma 3", "en", 2025)
    assert opened.audit.documents["notes-on-delta"].kind == "report"
    family = opened.audit.initiative("gamma")
    assert family is not None
    assert (family.name, family.company, family.status) == ("Gamma", "Gamma Labs", "open-weight")
    assert family.releases[0].date == "2025-03"
    assert family.releases[0].documents == ("gamma-3", "notes-on-delta")
    acme = opened.release("acme/1")
    assert "notes-on-delta" in acme.documents
    assert opened.library.has(sha256_of(DELTA.encode()))
    assert openbook("audit", "check", room.folder).status == 0
    assert "zz-again.md" in page
    assert "broken.pdf" in page
    assert "A document of its own, gamma-3" in page
    assert bytes_held(room) == []
    assert eddy.post("/pile/discard").status_code == 303
    assert "gamma-3.md" not in eddy.get("/pile").text


def test_it_is_the_plan_of_the_command_line(room: Room, eddy: Visitor, tmp_path: Path) -> None:
    """Both faces guess and write the same."""
    folder = tmp_path / "pile"
    folder.mkdir()
    files = [one for one in PILE if not one[0].endswith(".exe")]
    for name, data in files:
        (folder / name).write_bytes(data)
    other = tmp_path / "other"
    done("audit", "new", other, "--copy", room.folder)
    openbook("audit", "add", other, folder, "--yes")
    add(eddy, read(eddy, files))
    ours, theirs = snapshot(room.folder), snapshot(other)
    names = {one for one in ours if one.startswith(("documents/", "initiatives/"))}
    day = rb"retrieved = [0-9-]+"
    assert {one for one in theirs if one.startswith(("documents/", "initiatives/"))} == names
    for name in names:
        assert re.sub(day, b"", ours[name]) == re.sub(day, b"", theirs[name])


def test_what_is_typed_is_kept_for_another_window(room: Room, eddy: Visitor) -> None:
    page = read(eddy)
    n = number(page, "gamma-3.md")
    answer = eddy.post("/pile/save", {f"row.title.{n}": "Half a tit"}, **{"X-CSRF": eddy.csrf})
    assert answer.json()["faults"] == {}
    assert row(eddy.get("/pile").text, "gamma-3.md")["title"] == "Half a tit"
    eddy.post("/pile/save", {f"row.title.{n}": "Gamma 3 Model Card"})
    assert piles.load(room.store, "eddy").edits.rows == {"gamma-3.md": {}}


def test_faults_are_said_at_their_fields_and_nothing_is_written(room: Room, eddy: Visitor) -> None:
    page = read(eddy)
    gamma, delta = number(page, "gamma-3.md"), number(page, "notes-on-delta.md")
    before = snapshot(room.folder)
    wrong = {
        f"row.date.{gamma}": "last spring",
        f"row.key.{gamma}": "../../etc/passwd",
        f"row.url.{gamma}": "javascript:alert(1)",
        f"row.key.{delta}": "acme-card",
        f"row.releases.{delta}": "the big one",
    }
    faults = eddy.post("/pile/save", wrong, **{"X-CSRF": eddy.csrf}).json()["faults"]
    assert set(faults) == set(wrong)
    assert "the audit has a document acme-card already" in faults[f"row.key.{delta}"]
    page = add(eddy, eddy.get("/pile").text)
    assert "Nothing was added" in page
    assert row(page, "gamma-3.md")["date"] == "last spring"
    assert snapshot(room.folder) == before


def test_a_file_becomes_a_copy_of_a_document(room: Room, eddy: Visitor) -> None:
    page = read(eddy, [("delta.md", DELTA.encode())])
    n = number(page, "delta.md")
    change = {f"row.do.{n}": "copy", f"row.key.{n}": "acme-card", f"row.role.{n}": "partial"}
    page = add(eddy, page, change)
    assert "A further copy of acme-card" in page
    copies = open_audit(room.folder).sound().audit.documents["acme-card"].copies
    assert [one.role for one in copies] == ["original", "partial"]


def test_a_release_is_named_and_given(room: Room, eddy: Visitor) -> None:
    page = read(eddy, [("delta.md", DELTA.encode())])
    new = {
        "new.company": "Acme",
        "new.family": "Delta",
        "new.status": "closed",
        "new.label": "Delta 2",
        "new.date": "2026-01-02",
        "new.to": "bare",
    }
    assert eddy.post("/pile/name", {**fields(page), **new}).status_code == 303
    page = eddy.get("/pile").text
    assert row(page, "delta.md")["releases"] == "acme-delta/2"
    add(eddy, page)
    made = tomllib.loads((room.folder / "initiatives/acme-delta.toml").read_text("utf-8"))
    assert made["name"] == "Delta"
    assert made["company"] == "Acme"
    assert made["release"] == [
        {"key": "2", "label": "Delta 2", "date": "2026-01-02", "documents": ["delta"]}
    ]
    assert openbook("audit", "check", room.folder).status == 0


def test_an_audit_that_changed_meanwhile_is_looked_at_anew(
    room: Room, eddy: Visitor, tmp_path: Path
) -> None:
    page = read(eddy)
    delta = number(page, "notes-on-delta.md")
    (tmp_path / "gamma-3.md").write_text(GAMMA, "utf-8")
    done("audit", "add", room.folder, tmp_path / "gamma-3.md", "--yes")
    before = snapshot(room.folder)
    page = add(eddy, page, {f"row.title.{delta}": "Delta, by hand"})
    assert "The audit changed meanwhile. Nothing was added" in page
    assert "was a document of its own, gamma-3, of gamma/3; now left out: the audit has" in page
    assert snapshot(room.folder) == before
    assert row(page, "gamma-3.md")["do"] == "skip"
    page = add(eddy, page)
    assert "1 file added." in page
    documents = open_audit(room.folder).sound().audit.documents
    assert documents["notes-on-delta"].title == "Delta, by hand"
    assert "gamma-3-2" not in documents


def test_a_change_that_touches_no_row_stops_nobody(room: Room, eddy: Visitor) -> None:
    page = read(eddy, [("delta.md", DELTA.encode())])
    path = room.folder / "documents/acme-card.toml"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    done("audit", "add", room.folder, _file(room, GAMMA), "--yes")
    assert "1 file added." in add(eddy, page)


def _file(room: Room, text: str) -> Path:
    path = room.settings.state / "gamma-3.md"
    path.write_text(text, "utf-8")
    return path


def test_what_fails_stays_and_the_rest_is_added(
    room: Room, eddy: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = read(eddy)
    lost = piles.corner(room, "eddy")
    lost.remove(sha256_of(GAMMA.encode()))
    page = add(eddy, page)
    assert "1 file added, 1 not: each says why." in page
    assert "gamma-3.md is no longer here: bring it again" in page
    assert row(page, "gamma-3.md")["do"] == "new"
    assert "notes-on-delta" in open_audit(room.folder).sound().audit.documents


def test_adding_again_after_a_stop_goes_on(
    room: Room, eddy: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room ended between writing a document and remembering that it did."""
    page = read(eddy, PILE[:2])
    monkeypatch.setattr(dropping, "_tell", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dropping.add(room, "eddy", "eddy", lambda *_: None)
    monkeypatch.undo()
    assert len(open_audit(room.folder).sound().audit.documents) == 3
    page = add(eddy, page)
    page = add(eddy, page)
    documents = open_audit(room.folder).sound().audit.documents
    assert sorted(documents) == ["acme-card", "beta-report", "gamma-3", "notes-on-delta"]
    assert bytes_held(room) == []


def test_addresses_are_read_and_refusals_name_no_option(room: Room, eddy: Visitor) -> None:
    page = read(
        eddy, [], "http://127.0.0.1:9/a.pdf  # a comment\n\nno address\nhttp://127.0.0.1:9/a.pdf"
    )
    assert "http://127.0.0.1:9/a.pdf: 127.0.0.1 is private" in page
    assert "line 3</b>" in page
    assert "--" not in re.sub(r"<!--.*?-->|var\(--", "", page)
    assert page.count("<b>http://127.0.0.1:9/a.pdf</b>") == 1


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("x: y is private; --allow-private fetches from such addresses", "x: y is private"),
        ("the audit has it; `audit fetch --again` looks for changes", "the audit has it"),
        ("'A' cannot be a key; choose one with --key, such as acme-2026", "'A' cannot be a key"),
        ("mark more points or give one with --grade", "mark more points or give one"),
        ("it is a scan: nothing to do", "it is a scan: nothing to do"),
        ("one -- two; three", "one -- two; three"),
    ],
)
def test_messages_keep_what_is_no_option(message: str, told: str) -> None:
    assert without_flags(message) == told


def test_docx_and_latex_are_read(room: Room, eddy: Visitor) -> None:
    tex = (
        rb"\documentclass{article}\title{On Epsilon}\begin{document}\maketitle Words.\end{document}"
    )
    page = read(eddy, [("epsilon.tex", tex)])
    assert row(page, "epsilon.tex")["do"] == "new"
    assert "1 file added." in add(eddy, page)


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.READER])
def test_only_editors_and_owners_drop(room: Room, role: Role) -> None:
    bo = come_in(room, "Bo", role)
    assert bo.get("/pile").status_code == 403
    assert send(bo, PILE) == 403
    for what in ("read", "save", "name", "add", "discard"):
        assert bo.post(f"/pile/{what}").status_code == 403
    assert bytes_held(room) == []
    assert piles.load(room.store, "bo").things == ()


def test_each_has_a_pile_of_ones_own(room: Room, eddy: Visitor) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    page = read(eddy)
    assert "gamma-3.md" not in olga.get("/pile").text
    n = number(page, "gamma-3.md")
    olga.post("/pile/save", {f"row.title.{n}": "Mine"})
    olga.post("/pile/discard")
    assert row(eddy.get("/pile").text, "gamma-3.md")["title"] == "Gamma 3 Model Card"
    assert "notes-on-delta.md" in read(olga)


def test_alone_needs_no_account(alone: Room) -> None:
    who = Visitor(alone)
    page = read(who)
    assert "2 files added." in add(who, page)
    assert "gamma-3" in open_audit(alone.folder).sound().audit.documents


@pytest.mark.parametrize("what", ["", "/read", "/save", "/name", "/add", "/discard"])
def test_forms_of_other_sites_do_nothing(room: Room, eddy: Visitor, what: str) -> None:
    read(eddy)
    before = everything(room)
    url = f"/pile{what}"
    assert eddy.client.post(url, data={"csrf": "0" * 64}).status_code == 403
    assert eddy.client.post(url, data={"a": "b"}, headers={"X-CSRF": "x"}).status_code == 403
    assert eddy.post(url, Origin="https://evil.example").status_code == 403
    assert everything(room)[0] == before[0]
    assert piles.load(room.store, "eddy").waiting


# --- hostile ------------------------------------------------------------------------------------

XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.md",
        "..\\..\\windows\\system32\\a.md",
        "/etc/cron.d/a.md",
        "~/.ssh/authorized_keys.md",
        "....//....//a.md",
        "a\nb\r\nSet-Cookie: x=1.md",
        f"{XSS}.md",
        "=cmd|' /C calc'!A0.md",
        "\u202etxt.exe.md",
        ".htaccess.md",
        "x" * 2000 + ".md",
        "con.md",
        "http://example.org/a.md",
    ],
)
def test_names_lead_nowhere_and_stay_words(
    room: Room, eddy: Visitor, name: str, tmp_path: Path
) -> None:
    before = snapshot(tmp_path)
    page = read(eddy, [(name, DELTA.encode())])
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    held = bytes_held(room)
    assert [one.name for one in held] == [f"{sha256_of(DELTA.encode())}.bin"]
    thing = piles.load(room.store, "eddy").things[0]
    assert ".." not in thing.source.split("/")
    assert not thing.source.startswith(("/", "~"))
    assert "://" not in thing.source
    assert len(thing.source) < 400
    page = add(eddy, page)
    assert "1 file added." in page
    new = {one for one in snapshot(tmp_path) if one not in before and "/library/" not in one}
    made = [one for one in new if one.startswith("audit/") or "/audit/" in one]
    documents = room.folder / "documents"
    assert len(list(documents.iterdir())) == 3
    assert all("documents/" in one or "initiatives/" in one for one in made)


def test_a_name_opens_no_file_of_the_server(
    room: Room, eddy: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are gone are not read from a file that has the name, not even the right ones."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "delta.md").write_text(DELTA, "utf-8")
    page = read(eddy, [("delta.md", DELTA.encode())])
    piles.corner(room, "eddy").remove(sha256_of(DELTA.encode()))
    assert "is no longer here" in add(eddy, page)
    assert "delta" not in open_audit(room.folder).sound().audit.documents


def test_hostile_titles_stay_words(room: Room, eddy: Visitor) -> None:
    text = f"---\ntitle: '{XSS.replace(chr(39), '')}'\n---\n\n# {XSS}\n\nWords of the document.\n"
    page = read(eddy, [("delta.md", text.encode())])
    n = number(page, "delta.md")
    eddy.post("/pile/save", {f"row.{one}.{n}": XSS for one in ("title", "key", "date", "releases")})
    eddy.post(
        "/pile/name", {"new.company": XSS, "new.family": "Zeta", "new.label": "1", "new.date": XSS}
    )
    page = eddy.get("/pile").text
    assert "Zeta" in page
    for bad in ("<script>alert", "<img src=x"):
        assert bad not in page
        answer = eddy.post("/pile/save", {f"row.title.{n}": XSS}, **{"X-CSRF": eddy.csrf})
        assert bad not in answer.json()["news"]


def test_too_much_is_refused_and_said(
    room: Room, eddy: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(piles, "MOST_THINGS", 3)
    assert send(eddy, PILE[:3], **{"X-CSRF": eddy.csrf}) == 200
    assert send(eddy, PILE[3:4]) == 409
    eddy.post("/pile/discard")
    monkeypatch.setattr(piles, "MOST_BYTES", 100)
    assert send(eddy, PILE[:1]) == 409
    assert bytes_held(room) == []
    assert eddy.post("/pile").status_code == 400


def test_a_file_too_large_is_named(room: Room, eddy: Visitor) -> None:
    sent = {"oversize": "huge/report.pdf"}
    assert eddy.post("/pile", sent, **{"X-CSRF": eddy.csrf}).status_code == 200
    assert send(eddy, PILE[:1]) == 303
    page = ended(eddy)
    assert "huge/report.pdf</b> <span>The file is larger than 50 MB" in page


def test_long_fields_are_refused(room: Room, eddy: Visitor) -> None:
    n = number(read(eddy), "gamma-3.md")
    assert eddy.post("/pile/save", {f"row.title.{n}": "x" * 3000}).status_code == 413
    assert piles.load(room.store, "eddy").edits.rows == {}


def test_fields_that_are_not_there_change_nothing(room: Room, eddy: Visitor) -> None:
    read(eddy)
    odd = {
        "row.sha256.1": "0" * 64,
        "row.source.1": "/etc/passwd",
        "row.title.999": "x",
        "row.title.": "x",
        "family.name.../x": "x",
        "release.label.acme/1": "x",
        "row": "x",
    }
    assert eddy.post("/pile/save", odd).status_code == 303
    edits = piles.load(room.store, "eddy").edits
    assert not any((edits.rows, edits.families, edits.releases))


def test_old_piles_are_forgotten_with_their_bytes(room: Room, eddy: Visitor) -> None:
    read(eddy)
    assert bytes_held(room)
    with room.store.writing() as db:
        db.execute("UPDATE piles SET changed = changed - ?", (piles.KEPT + 60,))
    assert "gamma-3.md" not in eddy.get("/pile").text
    assert bytes_held(room) == []
    assert room.store.rows("SELECT * FROM pile_things") == []


def test_discarding_leaves_nothing(room: Room, eddy: Visitor) -> None:
    before = snapshot(room.folder)
    read(eddy)
    assert eddy.post("/pile/discard").status_code == 303
    assert bytes_held(room) == []
    assert snapshot(room.folder) == before
    assert room.store.rows("SELECT * FROM piles") == []


def test_the_bytes_are_for_the_room_alone(room: Room, eddy: Visitor) -> None:
    read(eddy)
    folder = room.settings.state / "piles"
    assert folder.stat().st_mode & 0o077 == 0
    assert not str(folder.resolve()).startswith(str(room.folder.resolve()))


def test_the_same_file_twice_is_one_and_a_name_twice_is_two(room: Room, eddy: Visitor) -> None:
    read(eddy, [("a.md", GAMMA.encode()), ("a.md", DELTA.encode()), ("a.md", GAMMA.encode())])
    found = [one.source for one in piles.load(room.store, "eddy").things]
    assert found == ["a.md", "a (2).md"]


def test_a_store_of_the_first_version_is_brought_up(tmp_path: Path) -> None:
    made = Store(tmp_path / "state")
    with made.writing() as db:
        db.execute("DROP TABLE pile_things")
        db.execute("DROP TABLE piles")
        db.execute("PRAGMA user_version = 1")
    secret = made.secret
    made.close()
    again = Store(tmp_path / "state")
    assert again.secret == secret
    assert again.rows("SELECT * FROM piles") == []
    again.close()
    with sqlite3.connect(tmp_path / "state/room.sqlite3") as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION


def test_a_pdf_and_its_text_are_one_document(room: Room, eddy: Visitor) -> None:
    words = [
        f"Sentence {n} says that the reviewers of group {n * 7} met in room {n * 3}."
        for n in range(60)
    ]
    page = read(eddy, [("eps.pdf", pdf(words)), ("eps.md", "\n\n".join(words).encode())])
    assert row(page, "eps.pdf")["do"] == "new"
    assert row(page, "eps.md")["do"] == "copy"
    assert row(page, "eps.md")["role"] == "transcription"
