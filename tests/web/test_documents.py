"""Documents brought into the library from the browser."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from openbook.audit.opened import open_audit
from openbook.files.library import sha256_of
from openbook.web.jobs import Job, Jobs, Outcome, Report
from openbook.web.people import Role
from openbook.web.room import Room
from tests.web.people_makers import Visitor, come_in, everything
from tests.workbench import CARD, pdf


def ended(who: Visitor, document: str, seconds: float = 30) -> str:
    """What bringing a document came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page = who.get(f"/documents/{document}/state").text
        if "hx-trigger" not in page:
            return page
        time.sleep(0.02)
    raise AssertionError("it did not end")


def library(room: Room) -> Path:
    return room.opened().library.root


def forget_copies(room: Room) -> None:
    for path in (library(room) / "documents").rglob("*.bin"):
        path.unlink()


def send(who: Visitor, document: str, name: str, data: bytes, role: str = "original") -> int:
    files = {"file": (name, data, "application/octet-stream")}
    return who.post(f"/documents/{document}/copy", {"role": role}, files).status_code


def test_bytes_that_the_audit_lists_are_at_hand_and_nothing_is_written(room: Room) -> None:
    eddy = come_in(room, "Eddy", Role.EDITOR)
    forget_copies(room)
    assert "0 of 2 are at hand" in eddy.get("/documents").text
    before, _ = everything(room)
    assert send(eddy, "acme-card", "whatever.bin", CARD.encode()) == 303
    assert "at hand" in ended(eddy, "acme-card")
    assert everything(room)[0] == before
    assert "1 of 2 are at hand" in eddy.get("/documents").text


def test_other_bytes_become_a_copy_of_the_document(room: Room) -> None:
    eddy = come_in(room, "Eddy", Role.EDITOR)
    data = pdf(["Acme One, second edition."])
    assert send(eddy, "acme-card", "../../card v2.pdf", data, "other-version") == 303
    assert "another copy" in ended(eddy, "acme-card")
    told = tomllib.loads((room.folder / "documents/acme-card.toml").read_text("utf-8"))
    assert told["copy"][-1]["sha256"] == sha256_of(data)
    assert told["copy"][-1]["role"] == "other-version"
    assert told["copy"][-1]["pages"] == 1
    assert len(told["copy"]) == 2
    opened = open_audit(room.folder).sound()
    assert opened.library.has(sha256_of(data))
    assert [one.documents for one in opened.audit.releases] == [("acme-card",), ("beta-report",)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.7 and no more"),
        ("a.pdf", b"MZ\0\0\0"),
        ("a.exe", b"\0\1\2\3"),
        ("a.md", b"   \n"),
    ],
)
def test_what_cannot_be_read_is_told_and_kept_nowhere(room: Room, name: str, data: bytes) -> None:
    eddy = come_in(room, "Eddy", Role.EDITOR)
    before, _ = everything(room)
    assert send(eddy, "acme-card", name, data) == 303
    page = ended(eddy, "acme-card")
    assert "note bad" in page
    assert str(room.folder) not in page
    assert everything(room)[0] == before
    assert not open_audit(room.folder).library.has(sha256_of(data))


def test_a_form_without_a_file_or_with_no_such_role_is_refused(room: Room) -> None:
    eddy = come_in(room, "Eddy", Role.EDITOR)
    assert eddy.post("/documents/acme-card/copy", {"role": "original"}).status_code == 400
    assert send(eddy, "acme-card", "a.md", b"words", "king") == 400
    assert send(eddy, "nope", "a.md", b"words") == 404
    assert eddy.post("/documents/acme-card/fetch").status_code == 409


def test_only_editors_bring_documents(room: Room) -> None:
    bo = come_in(room, "Bo", Role.AUDITOR)
    assert bo.get("/documents").status_code == 403
    assert bo.post("/documents/acme-card/fetch").status_code == 403
    assert send(bo, "acme-card", "a.md", b"words") == 403


def waits(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not until() and time.monotonic() < end:
        time.sleep(0.01)
    assert until()


def test_a_job_tells_how_far_it_is_and_few_run_at_once() -> None:
    jobs, go = Jobs(), [False]

    def work(report: Report) -> Outcome:
        report(5, 10)
        waits(lambda: go[0])
        return Outcome(True, "Done.")

    assert jobs.of("a") is None
    assert jobs.start("a", "fetching", work)
    assert jobs.start("b", "fetching", work)
    assert not jobs.start("a", "fetching", work)
    assert not jobs.start("c", "fetching", work)
    waits(lambda: (job := jobs.of("a")) is not None and job.done == 5 and job.total == 10)
    go[0] = True
    waits(lambda: all((job := jobs.of(one)) is not None and job.outcome for one in "ab"))
    assert jobs.start("c", "fetching", work)


def test_a_job_that_breaks_is_said_to_and_does_not_run_for_ever() -> None:
    jobs = Jobs()
    jobs._all["a"] = Job("reading")
    with pytest.raises(ZeroDivisionError):  # which the thread leaves to the log
        jobs._run("a", lambda _: Outcome(True, str(1 / 0)))
    job = jobs.of("a")
    assert job is not None
    assert job.outcome is not None
    assert "fault of the room" in job.outcome.words
