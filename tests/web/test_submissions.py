"""Submitting: blind until all have submitted, then written together, exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from openbook.audit.check import check
from openbook.audit.opened import AuditError, open_audit
from openbook.audit.settle import settlement_of
from openbook.audit.submit import keep
from openbook.core.progress import Part
from openbook.core.review import CellId
from openbook.files.edit import set_table
from openbook.files.write import LOCK_NAME, WriteError, locked
from openbook.web import drafts, submissions
from openbook.web.people import Person, Role
from openbook.web.room import Viewer, assignments
from openbook.web.room import submissions as submitted
from openbook.web.submissions import (
    ConflictError,
    Opening,
    open_if_complete,
    resume,
    submit,
    take_back,
    was_sent_back,
)
from tests.web.work_makers import ACME, Team
from tests.workbench import snapshot


def viewer(auditor: str, role: Role = Role.AUDITOR) -> Viewer:
    return Viewer(Person(auditor, auditor, role, auditor))


def reviews(folder: Path) -> list[str]:
    return sorted(one.parent.parent.name for one in folder.glob("reviews/*/acme/1.toml"))


def acts(team: Team, act: str) -> int:
    return len(team.room.store.rows("SELECT 1 FROM acts WHERE act = ?", (act,)))


@pytest.fixture
def two(team: Team) -> Team:
    """Ana and Bo are to judge a release, and differ."""
    team.assign("ana", "bo")
    team.draft_all("ana", 2, "Anaword")
    team.draft_all("bo", 3, "Boword")
    return team


def test_nothing_is_written_until_both_have_submitted(two: Team) -> None:
    before = snapshot(two.folder)
    assert submit(two.room, "ana", ACME, "ana") == Opening(False)
    assert snapshot(two.folder) == before
    assert submit(two.room, "bo", ACME, "bo") == Opening(True)
    assert reviews(two.folder) == ["ana", "bo"]
    audit = open_audit(two.folder)
    assert check(audit).problems == ()
    assert len(settlement_of(audit.audit).disputed) == 3
    assert drafts.all_of(two.room.store, "ana") == drafts.all_of(two.room.store, "bo") == {}


@pytest.mark.parametrize("auditor", ["ana", "bo", "cy"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.READER])
def test_what_one_submitted_is_nowhere_in_what_others_see(
    two: Team, auditor: str, role: Role
) -> None:
    submit(two.room, "ana", ACME, "ana")
    told = repr(two.room.seen_by(viewer(auditor if role is Role.AUDITOR else "", role)))
    assert "Anaword" not in told
    assert "Boword" not in told


def test_who_submitted_sees_no_file_of_others_before_the_opening(two: Team) -> None:
    """A submission can be taken back, so it opens nobody's eyes."""
    two.draft_all("cy", 4, "Cyword")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submissions, "_settle", lambda room: None)
        opened = open_audit(two.folder)
        keep(opened, [submissions.submission(two.room, opened, "cy", ACME)], submissions.utc_now())
    two.room.forget()
    submit(two.room, "ana", ACME, "ana")
    for role in (Role.AUDITOR, Role.EDITOR):
        assert "Cyword" not in repr(two.room.seen_by(viewer("ana", role)))
    submit(two.room, "bo", ACME, "bo")
    assert "Cyword" in repr(two.room.seen_by(viewer("ana")))


def test_a_release_is_submitted_whole(team: Team) -> None:
    team.draft("ana")
    with pytest.raises(AuditError) as refused:
        submit(team.room, "ana", ACME, "ana")
    assert [one.place for one in refused.value.problems] == ["acme/1 PEOPLE", "acme/1 RELEASED"]


def test_faults_tell_nothing_of_what_others_accepted(team: Team) -> None:
    team.assign("bo")
    team.draft_all("bo", 2)
    submit(team.room, "bo", ACME, "bo")
    team.draft_all("ana", 2)
    for row in team.room.store.rows("SELECT keyword, id FROM quotes WHERE auditor = 'ana'"):
        drafts.remove_quote(team.room.store, "ana", CellId(ACME, row["keyword"]), row["id"], "ana")
    with pytest.raises(AuditError) as refused:
        submit(team.room, "ana", ACME, "ana")
    assert "nobody has any yet" in str(refused.value.problems[0])


def test_nobody_assigned_one_opens_alone(team: Team) -> None:
    team.draft_all("ana")
    assert submit(team.room, "ana", ACME, "ana") == Opening(True)
    assert len(open_audit(team.folder).audit.findings) == 3


def test_taking_back(two: Team) -> None:
    submit(two.room, "ana", ACME, "ana")
    with pytest.raises(drafts.SubmittedError):
        two.draft("ana", "GOALS", 1)
    take_back(two.room, "ana", ACME, "ana")
    two.draft("ana", "GOALS", 1)
    assert submit(two.room, "bo", ACME, "bo") == Opening(False)
    assert submit(two.room, "ana", ACME, "ana") == Opening(True)
    with pytest.raises(AuditError):
        take_back(two.room, "ana", ACME, "ana")


def test_taking_back_a_revision_leaves_what_was_opened(two: Team) -> None:
    submit(two.room, "ana", ACME, "ana")
    submit(two.room, "bo", ACME, "bo")
    two.assign("cy")
    revise(two, "ana")
    assert submit(two.room, "ana", ACME, "ana") == Opening(False)
    assert ACME in two.room.sealed_for(viewer("ana"))
    take_back(two.room, "ana", ACME, "ana")
    assert submitted(two.room.store) == {Part(ACME, "ana"): True, Part(ACME, "bo"): True}
    assert ACME not in two.room.sealed_for(viewer("ana"))


def revise(team: Team, auditor: str) -> None:
    """Begin from what is in the file, and change it."""
    from openbook.core.draft import draft_from

    audit = open_audit(team.folder).audit
    review = next(one for one in audit.reviews if one.auditor == auditor)
    draft = replace(draft_from(review.cells["GOALS"], audit.searches), answer="Revised.")
    drafts.save(team.room.store, auditor, CellId(ACME, "GOALS"), draft, 0, "now", auditor)


def test_a_revision_is_written_and_settled_anew(two: Team) -> None:
    submit(two.room, "ana", ACME, "ana")
    submit(two.room, "bo", ACME, "bo")
    revise(two, "ana")
    assert submit(two.room, "ana", ACME, "ana") == Opening(True)
    audit = open_audit(two.folder).audit
    review = next(one for one in audit.reviews if one.auditor == "ana")
    assert review.cells["GOALS"].answer == "Revised."


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run at the same moment; what each gave or raised."""
    found: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def work(place: int, job: Callable[[], object]) -> None:
        start.wait()
        try:
            found[place] = job()
        except Exception as error:  # noqa: BLE001 - compared by the test
            found[place] = error

    threads = [threading.Thread(target=work, args=one) for one in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


@pytest.mark.parametrize("attempt", range(8))
def test_two_who_submit_at_once_open_exactly_once(two: Team, attempt: int) -> None:
    given = together(
        lambda: submit(two.room, "ana", ACME, "ana"), lambda: submit(two.room, "bo", ACME, "bo")
    )
    assert Opening(True) in given
    assert {type(one) for one in given} == {Opening}
    assert reviews(two.folder) == ["ana", "bo"]
    assert acts(two, "opened") == 1
    assert all(submitted(two.room.store).values())
    assert check(open_audit(two.folder)).problems == ()


@pytest.mark.parametrize("attempt", range(8))
def test_taking_back_while_the_last_one_submits(two: Team, attempt: int) -> None:
    """Either it is taken back and nothing of it is written, or it is too late."""
    submit(two.room, "ana", ACME, "ana")
    given = together(
        lambda: take_back(two.room, "ana", ACME, "ana"), lambda: submit(two.room, "bo", ACME, "bo")
    )
    if given[0] is None:
        assert given[1] == Opening(False)
        assert reviews(two.folder) == []
        assert len(drafts.all_of(two.room.store, "ana")) == 3
    else:
        assert isinstance(given[0], AuditError)
        assert given[1] == Opening(True)
        assert reviews(two.folder) == ["ana", "bo"]


def test_a_draft_saved_while_it_is_submitted(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is submitted is what was found without faults."""
    team.draft_all("ana")
    real = submissions.conflicts

    def saved_meanwhile(*given: object) -> object:
        team.draft("ana", "GOALS", 3, "Other.")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(submissions, "conflicts", saved_meanwhile)
    with pytest.raises(AuditError, match="another window"):
        submit(team.room, "ana", ACME, "ana")
    assert submitted(team.room.store) == {}


def test_somebody_else_is_writing(two: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The submission holds, and is opened at the next attempt."""
    submit(two.room, "ana", ACME, "ana")
    monkeypatch.setattr("openbook.audit.opened.WRITING_WAIT", 0.1)
    with locked(two.folder):
        given = submit(two.room, "bo", ACME, "bo")
    assert not given.is_open
    assert "another openbook is writing" in given.trouble
    assert resume(two.room) == []
    assert reviews(two.folder) == ["ana", "bo"]


class StoppedError(Exception):
    """The machine was switched off."""


def switch_off(*_: object, **__: object) -> None:
    raise StoppedError


@pytest.mark.parametrize(
    "where",
    [
        "openbook.audit.submit.keep_readings",
        "openbook.audit.submit._keep_judgement",
        "openbook.web.submissions._settle",
        "openbook.web.drafts.forget",
    ],
)
def test_what_a_stop_cut_short_is_finished_at_the_next_start(two: Team, where: str) -> None:
    submit(two.room, "ana", ACME, "ana")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, switch_off)
        with pytest.raises(StoppedError):
            submit(two.room, "bo", ACME, "bo")
    assert "Anaword" not in repr(two.room.seen_by(viewer("bo")))
    assert resume(two.room) == []
    whole = snapshot(two.folder)
    assert check(open_audit(two.folder)).problems == ()
    assert len(settlement_of(open_audit(two.folder).audit).disputed) == 3
    assert resume(two.room) == []
    assert snapshot(two.folder) == whole
    assert drafts.all_of(two.room.store, "ana") == {}


def test_cut_short_and_whole_give_the_same_files(
    two: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(two.room, "ana", ACME, "ana")
    with monkeypatch.context() as patch:
        patch.setattr("openbook.web.drafts.forget", switch_off)
        with pytest.raises(StoppedError):
            submit(two.room, "bo", ACME, "bo")
    cut = snapshot(two.folder)
    resume(two.room)
    assert snapshot(two.folder) == cut


def test_an_audit_with_faults_opens_nothing_and_tells_nothing(two: Team) -> None:
    submit(two.room, "ana", ACME, "ana")
    opened = two.room.opened()
    broken = two.folder / "reviews" / "cy" / "acme" / "1.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text('auditor = "cy"\nrelease = "acme/1"\n[GOALS]\ngrade = 77\n', "utf-8")
    two.room.forget()
    with pytest.raises(AuditError) as refused:
        submit(two.room, "bo", ACME, "bo")
    assert "77" not in f"{refused.value} {refused.value.problems}"
    assert opened.audit.reviews == ()


def change_file(team: Team, auditor: str) -> None:
    path = team.folder / "reviews" / auditor / "acme" / "1.toml"
    head = f'auditor = "{auditor}"\nrelease = "acme/1"\n'
    fields = {"answer": "By hand.", "grade": 0, "reason": "So."}
    set_table(path, "GOALS", fields, head)
    team.room.forget()


def test_a_file_changed_under_ones_own_draft(two: Team) -> None:
    change_file(two, "ana")
    with pytest.raises(ConflictError) as conflict:
        submit(two.room, "ana", ACME, "ana")
    assert conflict.value.cells == (CellId(ACME, "GOALS"),)
    assert submitted(two.room.store) == {}


def test_a_file_changed_after_it_was_submitted_goes_back(two: Team) -> None:
    submit(two.room, "ana", ACME, "ana")
    change_file(two, "ana")
    given = submit(two.room, "bo", ACME, "bo")
    assert not given.is_open
    assert "Ana Ruiz" in given.trouble
    assert "GOALS" not in given.trouble
    assert submitted(two.room.store) == {Part(ACME, "bo"): False}
    assert was_sent_back(two.room, "ana", ACME, "ana")
    assert not was_sent_back(two.room, "bo", ACME, "bo")
    assert reviews(two.folder) == ["ana"]
    assert len(drafts.all_of(two.room.store, "ana")) == 3


def test_a_document_lost_after_submitting_writes_nothing(two: Team) -> None:
    """Quotes are verified before anything is written, not half way."""
    submit(two.room, "ana", ACME, "ana")
    library = two.folder.parent / "library"
    for path in library.rglob("*"):
        if path.is_file():
            path.unlink()
    before = snapshot(two.folder)
    given = submit(two.room, "bo", ACME, "bo")
    assert not given.is_open
    assert snapshot(two.folder) == before
    assert submitted(two.room.store) == {}


def test_readonly_files_are_told(two: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(two.room, "ana", ACME, "ana")

    def full(*_: object) -> None:
        raise WriteError("the disk is full; nothing was changed")

    with monkeypatch.context() as patch:
        patch.setattr("openbook.audit.submit.keep_readings", full)
        assert submit(two.room, "bo", ACME, "bo").trouble == "the disk is full; nothing was changed"
    assert open_if_complete(two.room, ACME) == Opening(True)


def test_an_unassigned_auditor_waits_for_those_assigned(two: Team) -> None:
    two.draft_all("cy", 1)
    assert submit(two.room, "cy", ACME, "cy") == Opening(False)
    submit(two.room, "ana", ACME, "ana")
    assert submit(two.room, "bo", ACME, "bo") == Opening(True)
    assert reviews(two.folder) == ["ana", "bo", "cy"]


def test_drafts_of_questions_no_longer_asked_are_kept(team: Team) -> None:
    team.draft_all("ana")
    with team.room.store.writing() as db:
        db.execute("UPDATE drafts SET keyword = 'GONE' WHERE keyword = 'RELEASED'")
        db.execute("UPDATE quotes SET keyword = 'GONE' WHERE keyword = 'RELEASED'")
    team.draft("ana", "RELEASED")
    assert submit(team.room, "ana", ACME, "ana") == Opening(True)
    assert [cell.keyword for cell in drafts.all_of(team.room.store, "ana")] == ["GONE"]


def test_the_log_holds_no_word_and_no_grade(two: Team) -> None:
    submit(two.room, "ana", ACME, "ana")
    submit(two.room, "bo", ACME, "bo")
    rows = two.room.store.rows("SELECT act, about, detail FROM acts")
    told = " ".join(str(tuple(row)) for row in rows)
    assert "word" not in told
    assert "Because" not in told
    assert assignments(two.room.store) == {ACME: ("ana", "bo")}
    assert not (two.folder / LOCK_NAME).is_symlink()
