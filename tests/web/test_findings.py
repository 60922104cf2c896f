"""What readers see, and what they may propose."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from openbook.audit.correct import Decision, Source, correct
from openbook.audit.opened import WrongUseError, open_audit, writing
from openbook.files.library import sha256_of
from openbook.web import inbox, people
from openbook.web.people import Role
from openbook.web.room import Room, Viewer, utc_now
from openbook.web.views.corrections import OFTEN
from tests.web.people_makers import CELL, Visitor, come_in, correction, everything, stamp
from tests.workbench import clock


def assign(room: Room, *auditors: str, release: str = "acme/1") -> None:
    with room.store.writing() as db:
        db.executemany(
            "INSERT INTO assignments VALUES (?, ?, 'test', '2026-11-26')",
            [(release, one) for one in auditors],
        )


def test_anybody_reads_a_settled_finding_with_its_evidence(public: Room) -> None:
    page = Visitor(public).get(f"/finding/{CELL}").text
    for words in (
        "Told.",
        "We set these goals ourselves",
        "verified",
        "Which goals",
        "Graded by Ana Ruiz (person) alone.",
    ):
        assert words in page
    absent = Visitor(public).get("/finding/acme/1/RELEASED").text
    assert "Searched, and not found" in absent
    assert "Nothing is settled here yet." in Visitor(public).get("/finding/beta-labs/2/GOALS").text


def test_the_heatmap_leads_to_every_finding(public: Room) -> None:
    visitor = Visitor(public)
    page = visitor.get("/findings").text
    links = set(re.findall(r'href="(/finding/[^"]+)"', page))
    assert len(links) == 6
    assert {visitor.get(one).status_code for one in links} == {200}


@pytest.mark.parametrize(
    "path",
    [
        "nope/1/GOALS",
        "acme/9/GOALS",
        "acme/1/NOPE",
        "acme/1/goals",
        "ac%00me/1/GOALS",
        "../1/GOALS",
    ],
)
def test_what_there_is_not_is_not_found(public: Room, path: str) -> None:
    assert Visitor(public).get(f"/finding/{path}").status_code == 404


def test_nobody_reads_a_room_that_is_not_public(room: Room) -> None:
    for path in ("/findings", f"/finding/{CELL}", "/correction/x"):
        assert Visitor(room).get(path).status_code == 303
    path = room.folder / "audit.toml"
    path.write_text(path.read_text("utf-8").replace('title = "', 'title = "Unheard-of '), "utf-8")
    assert "Unheard-of" not in Visitor(room).get("/login").text
    assert "Unheard-of" in come_in(room, "Rea", Role.READER).get("/findings").text


def test_a_release_under_review_is_said_to_be_and_not_shown(public: Room) -> None:
    bo = come_in(public, "Bo", Role.AUDITOR)
    assign(public, "bo")
    for who in (Visitor(public), bo):
        page = who.get(f"/finding/{CELL}").text
        assert "Under review" in page
        assert "We set these goals" not in page
        assert "chip g" not in page
        assert "under review" in who.get("/findings").text
    assert "Told." in Visitor(public).get("/finding/beta-labs/2/PEOPLE").text
    answer = Visitor(public).post(f"/correct/{CELL}", correction(public))
    assert answer.status_code == 409
    assert public.store.rows("SELECT * FROM inbox") == []


def propose(room: Room, who: Visitor | None = None, files=None, **fields: str) -> str:  # type: ignore[no-untyped-def]
    answer = (who or Visitor(room)).post(f"/correct/{CELL}", correction(room, **fields), files)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_proposal_changes_nothing_and_waits(public: Room) -> None:
    before, _ = everything(public)
    address = propose(public)
    assert everything(public)[0] == before
    page = Visitor(public).get(address).text
    assert "It waits for an editor" in page
    assert "The card says who, not how." in page
    assert "jane@secret.example" not in page
    assert len(address.rpartition("/")[2]) >= 22


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("We set these goals ourselves", "verified"),
        ("We set these goals together", "not found so in the document"),
        ("[", "not found so in the document"),
    ],
)
def test_a_quote_is_held_against_the_copy_at_once(public: Room, quote: str, told: str) -> None:
    address = propose(public, document="acme-card", quote=quote)
    page = Visitor(public).get(address).text
    assert told in page
    assert "safety team" not in page, "nothing is shown of what stands there instead"


def test_a_quote_of_a_document_not_at_hand_is_unchecked(public: Room) -> None:
    for path in (Path(public.opened().library.root) / "documents").rglob("*.bin"):
        path.unlink()
    address = propose(public, document="acme-card", quote="We set these goals ourselves")
    assert "not checked here" in Visitor(public).get(address).text


def test_accepting_writes_one_table_and_the_proposer_sees_it(public: Room) -> None:
    eddy = come_in(public, "Eddy", Role.EDITOR)
    address = propose(
        public,
        kind="rebuttal",
        author="Jane Doe, for Acme",
        reason="One.\r\nTwo.",
        document="acme-card",
        quote="We set these goals ourselves",
    )
    assert "jane@secret.example" in eddy.get("/inbox").text
    before, _ = everything(public)
    id_ = address.rpartition("/")[2]
    fields = {"verdict": "accept", "reason": "It does stand there."}
    assert eddy.post(f"/inbox/{id_}/decide", fields).status_code == 303
    after, _ = everything(public)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {"corrections.toml"}
    text = after["corrections.toml"].decode()
    assert tomllib.loads(text)["correction"][-1] == {
        "id": "c-001",
        "kind": "rebuttal",
        "about": "acme/1 GOALS",
        "was": "Told.",
        "now": "Told in part.",
        "reason": "One.\nTwo.",
        "document": "acme-card",
        "quote": "We set these goals ourselves",
        "author": "Jane Doe, for Acme",
        "date": utc_now().date(),
        "state": "accepted",
        "decided_by": "Eddy",
        "decision": "It does stand there.",
    }
    assert "secret.example" not in text
    assert open_audit(public.folder).problems == ()
    page = Visitor(public).get(address).text
    assert "Accepted" in page
    assert "c-001" in page
    finding = Visitor(public).get(f"/finding/{CELL}").text
    assert "Rebuttal" in finding
    assert "Jane Doe, for Acme" in finding
    assert eddy.post(f"/inbox/{id_}/decide", fields).status_code == 409
    acts = [row["act"] for row in public.store.rows("SELECT act FROM acts")]
    assert acts.count("accepted a rebuttal") == 1


def test_accepting_again_what_was_cut_short_writes_nothing_twice(public: Room) -> None:
    eddy = come_in(public, "Eddy", Role.EDITOR)
    id_ = propose(public, reason="One.\r\nTwo.").rpartition("/")[2]
    fields = {"verdict": "accept", "reason": "Yes."}
    eddy.post(f"/inbox/{id_}/decide", fields)
    once = (public.folder / "corrections.toml").read_bytes()
    with public.store.writing() as db:
        db.execute("UPDATE inbox SET state = 'waiting'")  # as if killed before the store said so
    assert eddy.post(f"/inbox/{id_}/decide", fields).status_code == 303
    assert (public.folder / "corrections.toml").read_bytes() == once


def test_rejected_ones_stay_in_the_store(public: Room) -> None:
    eddy = come_in(public, "Eddy", Role.EDITOR)
    address = propose(public)
    before, _ = everything(public)
    decide = f"/inbox/{address.rpartition('/')[2]}/decide"
    assert eddy.post(decide, {"verdict": "reject", "reason": " "}).status_code == 409
    assert eddy.post(decide, {"verdict": "maybe", "reason": "x"}).status_code == 400
    assert eddy.post(decide, {"verdict": "reject", "reason": "No source."}).status_code == 303
    assert everything(public)[0] == before
    page = Visitor(public).get(address).text
    assert "Not accepted" in page
    assert "No source." in page


def test_only_editors_see_the_inbox(public: Room) -> None:
    id_ = propose(public).rpartition("/")[2]
    for who in (come_in(public, "Rea", Role.READER), come_in(public, "Bo", Role.AUDITOR)):
        assert who.get("/inbox").status_code == 403
        assert who.get(f"/inbox/{id_}/file").status_code == 403
        assert who.post(f"/inbox/{id_}/decide", {"verdict": "accept"}).status_code == 403
    assert Visitor(public).get("/inbox").status_code == 303


def test_an_editor_who_is_still_to_judge_sees_no_proposal_about_it(public: Room) -> None:
    eddy = come_in(public, "Eddy", Role.EDITOR)
    address = propose(public, was="Graded 4 by Ana")
    assign(public, "eddy")
    id_ = address.rpartition("/")[2]
    for path in ("/inbox", address):
        assert "Graded 4" not in eddy.get(path).text
    assert "Graded 4" not in Visitor(public).get(address).text
    assert eddy.get(f"/inbox/{id_}/file").status_code == 403
    fields = {"verdict": "accept", "reason": "Yes."}
    assert eddy.post(f"/inbox/{id_}/decide", fields).status_code == 403


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"author": " "}, "your name"),
        ({"reason": ""}, "the reason"),
        ({"kind": "slip"}, "correction or a rebuttal"),
        ({"document": "nope"}, "no such document"),
        ({"quote": "words"}, "in which document"),
        ({"author": "ana-ruiz"}, "name of an auditor"),
        ({"author": "ANA RUIZ"}, "name of an auditor"),
        ({"reason": "x" * 8001}, "8,000 are the most"),
        ({"reason": "bell \x07"}, "is no text"),
        ({"was": "\u202egnp.exe"}, "direction of text"),
        ({"author": "Jane\nDoe"}, "one line"),
        ({"website": "http://spam.example"}, "robot"),
        ({"stamp": ""}, "robot"),
        ({"stamp": "9999999999.0." + "0" * 64}, "robot"),
    ],
)
def test_what_will_not_do_is_told_and_what_was_typed_stays(
    public: Room, fields: dict[str, str], told: str
) -> None:
    answer = Visitor(public).post(
        f"/correct/{CELL}", correction(public, **{"now": "Kept words", **fields})
    )
    assert answer.status_code == 422
    assert told in answer.text
    assert "Kept words" in answer.text
    assert public.store.rows("SELECT * FROM inbox") == []


def test_a_form_filled_in_at_once_is_a_robots(public: Room) -> None:
    fields = correction(public, stamp=stamp(public, age=0.5))
    assert Visitor(public).post(f"/correct/{CELL}", fields).status_code == 422


def test_one_address_sends_so_many_and_no_more(public: Room) -> None:
    visitor = Visitor(public)
    for _ in range(OFTEN.most):
        propose(public, visitor)
    answer = visitor.post(f"/correct/{CELL}", correction(public))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert propose(public, Visitor(public))


def test_a_file_waits_unopened_and_goes_to_editors_as_bytes(public: Room) -> None:
    data = b"<html><script>alert(1)</script></html>"
    name = '..\\../etc/"pass\r\nX-Evil: 1;wd\u202e.html'
    address = propose(public, files={"file": (name, data, "text/html")})
    kept = public.settings.state / "quarantine" / sha256_of(data)
    assert kept.read_bytes() == data
    assert kept.stat().st_mode & 0o777 == 0o600
    assert sha256_of(data) in Visitor(public).get(address).text
    eddy = come_in(public, "Eddy", Role.EDITOR)
    got = eddy.get(f"/inbox/{address.rpartition('/')[2]}/file")
    assert got.content == data
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"].startswith("attachment; filename=")
    assert "sandbox" in got.headers["content-security-policy"]
    assert "x-evil" not in got.headers
    for mark in ("/", "\\", "\r", "\u202e"):
        assert mark not in got.headers["content-disposition"].replace("''", "")
    assert not any((public.opened().library.root / "documents").rglob(f"{sha256_of(data)}*"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("a.zip", b"PK\x03\x04\x00\x00"),
        ("a.pdf", b"\0\1\2"),
    ],
)
def test_other_kinds_of_files_are_refused(public: Room, name: str, data: bytes) -> None:
    answer = Visitor(public).post(
        f"/correct/{CELL}", correction(public), {"file": (name, data, "application/pdf")}
    )
    assert answer.status_code == 422
    assert not (public.settings.state / "quarantine").exists()


def test_a_file_whose_bytes_changed_is_not_given_out(public: Room) -> None:
    address = propose(public, files={"file": ("a.txt", b"some text", "text/plain")})
    (kept,) = (public.settings.state / "quarantine").iterdir()
    kept.write_bytes(b"other text")
    eddy = come_in(public, "Eddy", Role.EDITOR)
    assert eddy.get(f"/inbox/{address.rpartition('/')[2]}/file").status_code == 404


def test_too_much_that_waits_is_refused(public: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "WAITING", 1)
    propose(public)
    answer = Visitor(public).post(f"/correct/{CELL}", correction(public))
    assert answer.status_code == 409
    assert "Too many proposals wait" in answer.text


def test_corrections_of_old_files_are_read_as_before(audit: Path) -> None:
    (audit / "corrections.toml").write_text(
        '[[correction]]\nid = "c-001"\nkind = "slip"\nabout = "acme/1 GOALS"\n'
        'author = "Ana"\nreason = "So."\nstate = "open"\n',
        "utf-8",
    )
    (one,) = open_audit(audit).sound().audit.corrections
    assert (one.document, one.quote, one.sha256, one.decided_by) == ("", "", "", "")


def test_a_correction_rests_on_documents_there_are(audit: Path) -> None:
    with writing(audit) as opened:
        cell = opened.cell("acme/1", "GOALS")
        for source in (Source("nope", "words"), Source("", "words")):
            with pytest.raises(WrongUseError):
                correct(opened, cell, by="Jane", reason="So.", date=clock().date(), source=source)
        with pytest.raises(WrongUseError):
            correct(
                opened,
                cell,
                by="Jane",
                reason="So.",
                date=clock().date(),
                decision=Decision("perhaps"),
            )
    assert not (audit / "corrections.toml").exists()


def test_two_who_decide_at_once_decide_once(public: Room) -> None:
    id_ = propose(public).rpartition("/")[2]
    eddy = come_in(public, "Eddy", Role.EDITOR)
    viewer = Viewer(people.find(public.store, "eddy"))
    inbox.reject(public, id_, "No.", viewer)
    answer = eddy.post(f"/inbox/{id_}/decide", {"verdict": "accept", "reason": "Yes."})
    assert answer.status_code == 409
    assert "rejected by eddy meanwhile" in answer.text
    assert not (public.folder / "corrections.toml").exists()
