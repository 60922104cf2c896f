"""What another auditor judged cannot be had before it is opened, by any address there is.

Two rooms are made that differ in nothing but what Ana judged: in her drafts, submitted and waiting,
and in an earlier review of hers in the files. Whoever must not know it gets the same answers in
both, to the byte, from every address; and none of her words.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from openbook.audit.correct import correct
from openbook.audit.opened import open_audit, writing
from openbook.audit.quoting.evidence import identity
from openbook.core.draft import Draft, DraftQuote
from openbook.core.initiative import ReleaseId
from openbook.core.review import CellId, PointState
from openbook.web import drafts, people, submissions
from openbook.web.people import Role
from openbook.web.room import Room, Viewer
from tests.web.addresses import filled
from tests.web.people_makers import (
    Visitor,
    come_in,
    correction,
    invitation,
    open_room,
)
from tests.workbench import clock, done

ACME = ReleaseId("acme", "1")
QUOTES = {
    "GOALS": ("who", ("in a series of meetings", "meetings of the safety team")),
    "PEOPLE": ("number", ("through an agency", "annotators through an agency")),
    "RELEASED": ("published", ("We do not share where", "share where they live")),
}


class World(NamedTuple):
    """A room, and who may look at it."""

    room: Room
    ana: Visitor
    blind: dict[str, Visitor]
    words: tuple[str, ...]
    """Of Ana's, which stand nowhere else."""


def make_world(template: Path, root: Path, variant: int) -> World:
    """``variant`` decides all that Ana says."""
    shutil.copytree(template, root, dirs_exist_ok=True)
    grade, word = ((1, "Quagga"), (4, "Zebu"))[variant]
    folder = root / "audit"
    shared = "We do not share where they live."
    done("audit", "quote", folder, "--document", "acme-card", shared,
         "--supports", "acme/1:RELEASED")  # fmt: skip
    for keyword, (point, _) in QUOTES.items():
        state = ("vague", "stated")[variant]
        said = ("--answer", f"{word}answered", "--reason", f"{word}reasoned")
        how = ("--grade", grade, "--deviation", f"{word}deviated")
        done("audit", "grade", folder, ACME, keyword, f"{point}={state}", *said, *how)
    done("audit", "settle", folder)
    with writing(folder) as opened:
        cell = opened.cell("acme/1", "GOALS")
        correct(
            opened,
            cell,
            by="Somebody",
            reason=f"{word}corrected",
            date=clock().date(),
            was=f"grade {grade}",
        )
    room = open_room(folder, root / "state", is_public=True)
    ana = Visitor(room)
    assert ana.post(invitation(room, Role.AUDITOR), {"name": "Ana Ruiz"}).status_code == 303
    blind = {
        "auditor": come_in(room, "Bo", Role.AUDITOR),
        "editor": come_in(room, "Eddy", Role.EDITOR),
        "owner": come_in(room, "Olga", Role.OWNER),
        "unassigned": come_in(room, "Una", Role.AUDITOR),
        "reader": come_in(room, "Rea", Role.READER),
        "anybody": Visitor(room),
    }
    assert (
        Visitor(room)
        .post("/correct/acme/1/GOALS", correction(room, was=f"{word}proposed {grade}"))
        .status_code
        == 303
    )
    with room.store.writing() as db:
        db.execute("UPDATE inbox SET id = 'the-proposal-the-proposal'")
        db.execute("UPDATE acts SET detail = '' WHERE act LIKE 'proposed%'")
        db.executemany(
            "INSERT INTO assignments VALUES ('acme/1', ?, 'test', '2026-11-26')",
            [("ana-ruiz",), ("bo",), ("eddy",), ("olga",)],
        )
    draft(room, variant, grade, word)
    submissions.submit(room, "ana-ruiz", ACME, "ana-ruiz")
    assert not is_opened(room)
    return World(room, ana, blind, (word,))


def is_opened(room: Room) -> bool:
    """Whether what Ana submitted is in the files."""
    row = room.store.row("SELECT written FROM submissions WHERE auditor = 'ana-ruiz'")
    assert row is not None
    return row["written"] is not None


def draft(room: Room, variant: int, grade: int, word: str) -> None:
    """All that Ana puts down anew."""
    opened = open_audit(room.folder)
    for keyword, (point, quotes) in QUOTES.items():
        cell = CellId(ACME, keyword)
        id_, _ = identity(opened, "acme-card", quotes[variant])
        quote = DraftQuote(id_, "acme-card", quotes[variant], (point,))
        drafts.add_quote(room.store, "ana-ruiz", cell, quote, "2026-11-26", "ana-ruiz")
        state = (PointState.VAGUE, PointState.STATED)[variant]
        said = Draft(
            {point: state},
            f"{word}draft answer",
            grade,
            f"{word}draft reason",
            f"{word}draft deviation",
            base=base(room, keyword),
        )
        drafts.save(room.store, "ana-ruiz", cell, said, 1, "2026-11-26", "ana-ruiz")


def base(room: Room, keyword: str) -> str:
    from openbook.core.draft import fingerprint

    for review in open_audit(room.folder).audit.reviews:
        if review.auditor == "ana-ruiz" and review.release == ACME:
            return fingerprint(review.cells.get(keyword))
    return ""


@pytest.fixture
def worlds(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[World, World]]:
    made = []
    for variant in (0, 1):
        root = tmp_path / str(variant)
        monkeypatch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        made.append(make_world(template, root, variant))
    yield made[0], made[1]
    for one in made:
        one.room.store.close()


def masked(text: str) -> str:
    """An answer without what differs between any two requests: tokens and times."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "HASH", text)
    text = re.sub(r"\b\d{10}\.\d+\b", "CLOCK", text)
    text = re.sub(r"\b198\.51\.\d+\.\d+\b", "ADDRESS", text)
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\+00:00)?", "TIME", text)


def asked(world: World, who: str, method: str, path: str) -> tuple[int, str]:
    visitor = world.blind[who]
    headers = {"HX-Request": "true"} if path.endswith("#part") else {}
    path = path.removesuffix("#part")
    answer = visitor.get(path, **headers) if method == "GET" else visitor.post(path, **headers)
    location = answer.headers.get("location", "")
    kind = answer.headers.get("content-type", "")
    body = answer.text if kind.startswith(("text/", "application/json")) else ""
    return answer.status_code, masked(f"{location} {body}")


ROLES = ("auditor", "editor", "owner", "unassigned", "reader", "anybody")


def test_the_two_rooms_do_differ_for_who_may_know(worlds: tuple[World, World]) -> None:
    """Else the tests below would show nothing: Ana sees what she judged, and the files hold it."""
    for world in worlds:
        (word,) = world.words
        text = b"".join(path.read_bytes() for path in world.room.folder.rglob("*.toml")).decode()
        assert f"{word}answered" in text
        assert (
            f"{word}answered"
            in world.room.opened().audit.findings[CellId(ACME, "GOALS")].judgement.answer
        )
        own = drafts.load(world.room.store, "ana-ruiz", CellId(ACME, "GOALS"))
        assert own is not None
        assert word in own.draft.answer


@pytest.mark.parametrize("who", ROLES)
def test_no_address_tells_what_somebody_else_judged(worlds: tuple[World, World], who: str) -> None:
    first, second = worlds
    paths = filled(first.room, "GET")
    assert paths == filled(second.room, "GET")
    assert len(paths) > 40
    for path in [*paths, *(f"{one}#part" for one in paths)]:
        answers = [asked(world, who, "GET", path) for world in worlds]
        assert answers[0] == answers[1], path
        for world, (_, text) in zip(worlds, answers, strict=True):
            assert not any(word in text for word in world.words), path


@pytest.mark.parametrize("who", ["auditor", "unassigned", "reader", "anybody"])
def test_no_form_tells_what_somebody_else_judged(worlds: tuple[World, World], who: str) -> None:
    paths = [
        one
        for one in filled(worlds[0].room, "POST")
        if not one.startswith(("/login", "/logout", "/me", "/join", "/enter"))
    ]
    assert len(paths) > 10
    for path in paths:
        answers = [asked(world, who, "POST", path) for world in worlds]
        assert answers[0] == answers[1], path
        for world, (_, text) in zip(worlds, answers, strict=True):
            assert not any(word in text for word in world.words), path
    for world in worlds:
        submissions.open_if_complete(world.room, ACME)
        assert not is_opened(world.room), "no form of theirs opened it"


def test_what_was_opened_is_shown_to_all(worlds: tuple[World, World]) -> None:
    """The other side: when everybody has submitted, nothing is kept back any more."""
    world = worlds[0]
    with world.room.store.writing() as db:
        db.execute("DELETE FROM assignments WHERE auditor != 'ana-ruiz'")
    submissions.open_if_complete(world.room, ACME)
    assert is_opened(world.room)
    page = world.blind["anybody"].get("/finding/acme/1/GOALS").text
    assert "Quaggadraft answer" in page
    viewer = Viewer(people.find(world.room.store, "bo"))
    assert world.room.sealed_for(viewer) == frozenset()
