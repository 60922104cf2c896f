"""Coming in, roles, links, shutting out."""

from __future__ import annotations

import difflib
import re

import pytest

from openbook.audit.opened import open_audit
from openbook.web import people
from openbook.web.people import COMMAND_LINE, Role
from openbook.web.room import Room
from tests.web.people_makers import (
    PASSWORD,
    Visitor,
    come_in,
    invitation,
    open_room,
)


def link_in(text: str, kind: str) -> str:
    found = re.search(rf"http://testserver(/{kind}/[\w-]+)", text)
    assert found, text
    return found[1]


def made_link(who: Visitor, kind: str, path: str, **fields: str) -> str:
    answer = who.post(path, fields)
    assert answer.status_code == 200, answer.text
    return link_in(answer.text, kind)


def test_an_auditor_who_joins_is_written_into_the_audit_and_nothing_else_is(room: Room) -> None:
    path = room.folder / "audit.toml"
    before = path.read_text("utf-8")
    come_in(room, "Bo Li", Role.AUDITOR)
    after = path.read_text("utf-8")
    changed = [
        line
        for line in difflib.ndiff(before.splitlines(), after.splitlines())
        if line[0] in "+-" and line[2:]
    ]
    assert changed == ["+ [[auditor]]", '+ id = "bo-li"', '+ name = "Bo Li"', '+ kind = "person"']
    assert open_audit(room.folder).problems == ()


def test_a_reader_who_joins_changes_no_file(room: Room) -> None:
    before = (room.folder / "audit.toml").read_bytes()
    come_in(room, "Rea Der", Role.READER)
    assert (room.folder / "audit.toml").read_bytes() == before


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.READER])
def test_a_stranger_with_an_auditors_name_gets_another_key(room: Room, role: Role) -> None:
    come_in(room, "Ana Ruiz", role)  # the audit's Ana has judged
    assert people.find(room.store, "ana-ruiz") is None
    found = people.find(room.store, "ana-ruiz-2")
    assert found is not None
    assert found.auditor in ("ana-ruiz-2", "")


def test_who_may_edit_all_files_goes_on_under_a_name_of_them(room: Room) -> None:
    before = (room.folder / "audit.toml").read_bytes()
    visitor = Visitor(room)
    assert visitor.post(invitation(room, Role.OWNER), {"name": "Ana Ruiz"}).status_code == 303
    assert people.find(room.store, "ana-ruiz") is not None
    assert (room.folder / "audit.toml").read_bytes() == before


def test_two_people_of_one_name_are_two(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR)
    come_in(room, "Bo Li", Role.AUDITOR)
    assert [one.id for one in people.everybody(room.store)] == ["bo-li", "bo-li-2"]
    assert {one.id for one in open_audit(room.folder).audit.auditors} >= {"bo-li", "bo-li-2"}


def test_an_invitation_is_good_once_and_looking_uses_nothing(room: Room) -> None:
    path = invitation(room, Role.READER)
    assert Visitor(room).get(path).status_code == 200
    assert Visitor(room).post(path, {"name": "One"}).status_code == 303
    assert Visitor(room).post(path, {"name": "Two"}).status_code == 410
    assert Visitor(room).get(path).status_code == 410
    assert len(people.everybody(room.store)) == 1


@pytest.mark.parametrize(
    "name", ["", "   ", "例え", "x" * 81, "Bo\u202eiL", "Bo\x1b[31m", "Bo\u200bLi"]
)
def test_names_that_cannot_be_shown_or_filed_are_refused(room: Room, name: str) -> None:
    assert Visitor(room).post(invitation(room, Role.AUDITOR), {"name": name}).status_code == 422


def test_a_password_too_short_is_told_and_the_link_stays_good(room: Room) -> None:
    path, visitor = invitation(room, Role.READER), Visitor(room)
    answer = visitor.post(path, {"name": "Bo", "password": "short", "again": "short"})
    assert answer.status_code == 422
    assert "10 to 200 characters" in answer.text
    assert visitor.post(path, {"name": "Bo", "password": "a", "again": "b"}).status_code == 422
    assert visitor.post(path, {"name": "Bo"}).status_code == 303


def test_an_audit_with_faults_is_told_calmly_and_the_link_stays_good(room: Room) -> None:
    path, visitor = invitation(room, Role.AUDITOR), Visitor(room)
    review = next((room.folder / "reviews").rglob("*.toml"))
    good = review.read_text("utf-8")
    review.write_text(good + "\n[NOPE]\ngrade = 9\n", "utf-8")
    answer = visitor.post(path, {"name": "Bo Li"})
    assert answer.status_code == 409
    assert "NOPE" not in answer.text
    assert "stays good" in answer.text
    review.write_text(good, "utf-8")
    assert visitor.post(path, {"name": "Bo Li"}).status_code == 303


def test_logging_in_and_out(room: Room) -> None:
    come_in(room, "Bo Li", Role.EDITOR, PASSWORD)
    visitor = Visitor(room)
    assert visitor.get("/people").headers["location"] == "/login?to=/people"
    assert visitor.login("Bo Li", "wrong password").status_code == 422
    answer = visitor.post("/login", {"name": "bo li", "password": PASSWORD, "to": "/people"})
    assert answer.headers["location"] == "/people"
    assert visitor.get("/people").status_code == 200
    assert visitor.post("/logout").headers["location"] == "/login"
    assert visitor.get("/people").status_code == 303


def test_a_link_of_login_is_used_by_pressing_the_button_alone(room: Room) -> None:
    owner = come_in(room, "Olga", Role.OWNER)
    come_in(room, "Bo Li", Role.AUDITOR)
    path = made_link(owner, "enter", "/people/bo-li/link")
    for _ in range(3):  # what looks at links in mail
        assert Visitor(room).get(path).status_code == 200
        assert Visitor(room).client.head(path).status_code == 200
    bo = Visitor(room)
    assert bo.post(path).status_code == 303
    assert "Bo Li" in bo.get("/me").text
    assert "olga made a link" in bo.get("/me").text
    assert Visitor(room).post(path).status_code == 410


def test_links_of_login_end(room: Room) -> None:
    come_in(room, "Bo Li", Role.AUDITOR)
    with room.store.writing() as db:
        token = people.login_link(db, "bo-li", COMMAND_LINE, people.clock() - people.LOGIN_LINK)
    assert Visitor(room).get(f"/enter/{token}").status_code == 410
    assert Visitor(room).post(f"/enter/{token}").status_code == 410


def test_editors_invite_auditors_and_readers_only(room: Room) -> None:
    editor = come_in(room, "Eddy", Role.EDITOR)
    for role in ("auditor", "reader"):
        assert made_link(editor, "join", "/people/invite", role=role)
    for role in ("editor", "owner"):
        assert editor.post("/people/invite", {"role": role}).status_code == 403
    assert editor.post("/people/invite", {"role": "king"}).status_code == 400


def test_editors_make_no_link_by_which_they_would_be_more(room: Room) -> None:
    editor = come_in(room, "Eddy", Role.EDITOR)
    come_in(room, "Olga", Role.OWNER)
    come_in(room, "Ed Two", Role.EDITOR)
    come_in(room, "Bo Li", Role.AUDITOR)
    assert editor.post("/people/olga/link").status_code == 403
    assert editor.post("/people/ed-two/link").status_code == 403
    assert editor.post("/people/bo-li/link").status_code == 200
    assert editor.post("/people/eddy/change", {"role": "owner"}).status_code == 403
    assert (
        editor.post("/people/invite", {"role": "auditor", "known": "ana-ruiz"}).status_code == 403
    )


def test_an_owner_lets_an_auditor_of_the_files_in(room: Room) -> None:
    owner = come_in(room, "Olga", Role.OWNER)
    path = made_link(owner, "join", "/people/invite", role="auditor", known="ana-ruiz")
    ana = Visitor(room)
    assert 'value="Ana Ruiz"' in ana.get(path).text
    assert ana.post(path, {"name": "Ana Ruiz"}).status_code == 303
    found = people.find(room.store, "ana-ruiz")
    assert found is not None
    assert found.auditor == "ana-ruiz"
    second = invitation(room, Role.AUDITOR, "olga", "ana-ruiz")
    assert Visitor(room).post(second, {"name": "Ana Ruiz"}).status_code == 422


def test_the_last_owner_stays(room: Room) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    assert olga.post("/people/olga/change", {"role": "editor"}).status_code == 409
    assert olga.post("/people/olga/change", {"shut": "out"}).status_code == 409
    come_in(room, "Otto", Role.OWNER)
    assert olga.post("/people/otto/change", {"shut": "out"}).status_code == 303
    assert olga.post("/people/olga/change", {"shut": "out"}).status_code == 409
    assert olga.post("/people/otto/change", {"shut": "in"}).status_code == 303
    assert olga.post("/people/olga/change", {"role": "reader"}).status_code == 303
    assert olga.get("/people").status_code == 403


def test_who_is_shut_out_is_out_at_once_and_does_not_come_back(room: Room) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    eddy = come_in(room, "Eddy", Role.EDITOR, PASSWORD)
    spare = made_link(eddy, "join", "/people/invite", role="auditor")
    own = made_link(olga, "enter", "/people/eddy/link")
    assert olga.post("/people/eddy/change", {"shut": "out"}).status_code == 303
    assert eddy.get("/people").status_code == 303
    assert Visitor(room).login("Eddy").status_code == 422
    assert Visitor(room).post(own).status_code == 410
    assert Visitor(room).post(spare, {"name": "Eddy Again"}).status_code == 410


def test_a_reader_who_becomes_auditor_is_written_into_the_audit(room: Room) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    come_in(room, "Rea", Role.READER)
    assert olga.post("/people/rea/change", {"role": "auditor"}).status_code == 303
    found = people.find(room.store, "rea")
    assert found is not None
    assert (found.role, found.auditor) == (Role.AUDITOR, "rea")
    assert open_audit(room.folder).audit.auditor("rea") is not None
    before = (room.folder / "audit.toml").read_bytes()
    olga.post("/people/rea/change", {"role": "reader"})
    olga.post("/people/rea/change", {"role": "editor"})
    assert (room.folder / "audit.toml").read_bytes() == before


def test_an_invitation_taken_back_is_over(room: Room) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    path = made_link(olga, "join", "/people/invite", role="reader")
    kept = room.store.row("SELECT token FROM links WHERE used IS NULL")
    assert kept is not None
    assert kept["token"] not in path
    assert olga.post("/people/uninvite", {"invitation": kept["token"]}).status_code == 303
    assert Visitor(room).get(path).status_code == 410


def test_changing_the_password_ends_other_sessions(room: Room) -> None:
    bo = come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)
    other = Visitor(room)
    assert other.login("Bo Li").status_code == 303
    new = {"new": "another password", "again": "another password"}
    assert bo.post("/me/password", {"old": "wrong wrong", **new}).status_code == 422
    assert bo.post("/me/password", {"old": PASSWORD, **new}).status_code == 303
    assert bo.get("/me").status_code == 200
    assert other.get("/me").status_code == 303
    assert Visitor(room).login("Bo Li").status_code == 422
    assert Visitor(room).login("Bo Li", "another password").status_code == 303


def test_all_sessions_end_at_once(room: Room) -> None:
    bo = come_in(room, "Bo Li", Role.AUDITOR, PASSWORD)
    other = Visitor(room)
    other.login("Bo Li")
    assert bo.post("/me/sessions").status_code == 303
    assert bo.get("/me").status_code == other.get("/me").status_code == 303


def test_the_log_is_paged_and_of_one_person_where_asked(room: Room) -> None:
    olga = come_in(room, "Olga", Role.OWNER)
    with room.store.writing() as db:
        db.executemany(
            "INSERT INTO acts (at, who, act) VALUES ('2026-11-26T12:00:00', ?, ?)",
            [("bo", f"did {n:03}.") for n in range(150)],
        )
    first = olga.get("/acts?who=bo").text
    assert "did 149." in first
    assert "did 049." not in first
    earlier = re.search(r'href="(/acts\?before=[^"]+)"', first)
    assert earlier
    rest = olga.get(earlier[1].replace("&amp;", "&")).text
    assert "did 049." in rest
    assert "did 000." in rest
    assert "Olga" not in re.sub(r"(?s)<(header|form).*?</\1>", "", rest)
    for query in ("before=x", "before=-1", "before=²", f"before={'9' * 40}", "who=%00"):
        assert olga.get(f"/acts?{query}").status_code == 200


def test_alone_one_says_who_one_is_and_goes_on_as_that(alone: Room) -> None:
    me = Visitor(alone)
    assert "say who you are" in me.get("/me").text
    assert me.post("/me/auditor", {"name": "Zoë Ade"}).status_code == 303
    assert alone.settings.alone == "zoe-ade"
    assert "as zoe-ade" in me.get("/findings").text
    assert me.post("/me/auditor", {"auditor": "ana-ruiz"}).status_code == 303
    assert alone.settings.alone == "ana-ruiz"
    assert me.post("/me/auditor", {"auditor": "nobody"}).status_code == 404
    assert open_audit(alone.folder).problems == ()


def test_alone_the_choice_is_kept_for_the_next_time(alone: Room) -> None:
    from openbook.web.serve import open_room as serve_room

    Visitor(alone).post("/me/auditor", {"name": "Zoë Ade"})
    alone.store.close()
    again = serve_room(open_room_settings(alone), print)
    assert again.settings.alone == "zoe-ade"
    again.store.close()


def open_room_settings(room: Room):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(room.settings, alone="")


def test_alone_nobody_logs_in(alone: Room) -> None:
    me = Visitor(alone)
    assert me.get("/login").status_code == 303
    for path in ("/login", "/logout"):
        assert me.post(path).status_code == 404
    assert me.post("/people/invite", {"role": "reader"}).status_code == 409


def test_two_rooms_on_one_machine_do_not_share_a_cookie(audit, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from openbook.web.guard import cookie_name

    names = []
    for port in (8000, 8001):
        one = open_room(
            audit.absolute(), tmp_path / str(port), origins=(f"http://localhost:{port}",)
        )
        names.append(cookie_name(one))
        one.store.close()
    assert len(set(names)) == 2
