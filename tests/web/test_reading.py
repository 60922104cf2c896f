"""The reading page and all that it sends: drafts, quotes, passages, absence, merging."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openbook.audit.layers import at_hand
from openbook.core.anchor import Anchor, Place
from openbook.core.draft import fingerprint
from openbook.core.proposal import ProposedQuote
from openbook.core.review import PointState
from openbook.core.verify import State
from openbook.files.proposals import append_proposal
from openbook.web import drafts
from openbook.web.submissions import submit
from tests.core.test_proposal import proposal
from tests.web.read_makers import Reader, cell, member
from tests.workbench import done

NEW, FILED = "/cell/acme/2", "/cell/acme/1"
TOLD = {"answer": "Told.", "reason": "Read.", "version": "0", "base": ""}


def copy_of(reader: Reader, key: str) -> dict[str, str]:
    opened = reader.room.opened()
    return {"document": key, "copy": at_hand(opened.document(key), opened.library)[0].copy.sha256}


def between(start: tuple[int, int], end: tuple[int, int]) -> dict[str, str]:
    return {
        "from_page": str(start[0]),
        "from_offset": str(start[1]),
        "to_page": str(end[0]),
        "to_offset": str(end[1]),
    }


def taken(answer: Any) -> str:
    """The words in the form that an answer is."""
    assert answer.status_code == 200, answer.text
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert found
    return html.unescape(found[1])


def quoted(reader: Reader, path: str, text: str, *points: str, document: str = "gamma") -> Any:
    return reader.post(
        f"{path}/quotes", {"document": document, "text": text, "supports": list(points)}
    )


# --- the page --------------------------------------------------------------------------------


def test_the_page_begins_from_what_is_on_file(reader: Reader) -> None:
    page = reader.get(f"{FILED}/PEOPLE")
    assert ">Told.</textarea>" in page
    assert re.search(r'value="stated" data-key="s" checked', page)
    assert "We hired 40 annotators" in page
    assert not drafts.all_of(reader.room.store, "ana-ruiz")  # looking changes nothing


@pytest.mark.parametrize("path", ["/cell/acme/9/PEOPLE", "/cell/acme/2/NONE", "/cell/x/y/z"])
def test_a_cell_that_is_not_there_is_a_404(reader: Reader, path: str) -> None:
    assert reader.client.get(path).status_code == 404


def test_without_an_auditor_one_is_told_to_say_who_one_is(reader: Reader) -> None:
    object.__setattr__(reader.room.settings, "alone", "")
    answer = reader.client.get(f"{NEW}/GOALS")
    assert answer.status_code == 409
    assert 'href="/me"' in answer.text


def test_in_a_team_only_what_is_assigned_is_judged(
    read_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = member(read_template, tmp_path, monkeypatch, "acme/2")
    monkeypatch.setattr("openbook.web.people.clock", lambda: 2.0)
    assert "Passages" in reader.get(f"{NEW}/GOALS")
    answer = reader.client.get(f"{FILED}/GOALS")
    assert answer.status_code == 403
    assert "not assigned to you" in answer.text
    assert reader.post(f"{FILED}/GOALS/save", TOLD).status_code == 403


def test_a_document_that_is_not_at_hand_is_named_with_what_to_do(reader: Reader) -> None:
    opened = reader.room.opened()
    opened.library.remove(copy_of(reader, "gamma")["copy"])
    page = reader.get(f"{NEW}/GOALS")
    assert "Not at hand" in page
    assert "/documents" in page
    assert "no document of acme/2 is at hand" in reader.get(f"{NEW}/GOALS/passages")


def test_what_strangers_wrote_is_escaped(reader: Reader) -> None:
    evil = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}"
    folder = reader.room.folder
    for path in (*(folder / "documents").glob("gamma.toml"), folder / "questionnaire.toml"):
        text = path.read_text("utf-8")
        text = re.sub(r'(?m)^title = ".*"$', f"title = '''{evil}'''", text)
        path.write_text(text, "utf-8")
    reader.room.forget()
    reader.post(f"{NEW}/GOALS/save", {**TOLD, "answer": f"</textarea>{evil}"})
    for path in ("", "/passages", "/absence"):
        page = reader.get(f"{NEW}/GOALS{path}")
        assert "<img" not in page
        assert "</textarea><" not in page.replace("</textarea></div>", "")


# --- saving ----------------------------------------------------------------------------------


def test_a_draft_is_saved_and_the_rule_says_what_it_suggests(reader: Reader) -> None:
    form = {**TOLD, "point-which": "stated", "point-who": "vague", "grade": "4"}
    said = reader.post(f"{NEW}/GOALS/save", form).json()
    assert said["version"] == 1
    assert said["suggestion"] == "3"
    assert said["deviates"]
    assert any("why the grade is not 3" in one for one in said["lacks"])
    draft = reader.draft(cell(reader.room, "acme/2", "GOALS")).draft
    assert draft.points == {"which": PointState.STATED, "who": PointState.VAGUE}
    assert (draft.grade, draft.answer) == (4, "Told.")


def test_a_save_from_an_older_state_changes_nothing_and_shows_what_is_kept(reader: Reader) -> None:
    reader.post(f"{NEW}/GOALS/save", TOLD)
    answer = reader.post(f"{NEW}/GOALS/save", {**TOLD, "answer": "Otherwise."})
    assert answer.status_code == 409
    kept = answer.json()
    assert kept["version"] == 1
    assert kept["fields"]["answer"] == ["Told."]
    assert reader.draft(cell(reader.room, "acme/2", "GOALS")).draft.answer == "Told."
    again = reader.post(f"{NEW}/GOALS/save", {**TOLD, "answer": "Otherwise.", "version": "1"})
    assert again.json()["version"] == 2


@pytest.mark.parametrize(
    "form",
    [
        {"grade": "5"},
        {"grade": "x"},
        {"point-which": "maybe"},
        {"version": "-1"},
        {"version": "²"},
        {"answer": "x" * 60_000},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(reader: Reader, form: dict[str, str]) -> None:
    assert reader.post(f"{NEW}/GOALS/save", {**TOLD, **form}).status_code in (400, 413)
    assert not drafts.all_of(reader.room.store, "ana-ruiz")


def test_a_draft_rests_only_on_evidence_that_may_be_shown(reader: Reader) -> None:
    reader.post(f"{NEW}/GOALS/save", {**TOLD, "uses": ["q-000000", "x"]})
    assert reader.draft(cell(reader.room, "acme/2", "GOALS")).draft.uses == ()


# --- quoting ---------------------------------------------------------------------------------


def test_words_that_were_cut_are_completed(reader: Reader) -> None:
    form = {**copy_of(reader, "gamma"), **between((1, 2), (1, 24))}
    assert taken(reader.post(f"{NEW}/GOALS/take", form)) == "Gamma was aligned by a team"


def test_over_a_page_break_what_is_the_pages_is_left_out(reader: Reader) -> None:
    form = {**copy_of(reader, "gamma"), **between((1, 40), (2, 30))}
    answer = reader.post(f"{NEW}/GOALS/take", form)
    text = taken(answer)
    assert text == "were asked to prefer what is [...] safe over what is helpful whenever"
    assert 'data-stands="yes"' in answer.text
    assert quoted(reader, f"{NEW}/GOALS", text, "which").status_code == 200
    (one,) = reader.draft(cell(reader.room, "acme/2", "GOALS")).draft.quotes
    assert (one.text, one.points, one.document) == (text, ("which",), "gamma")
    assert "with words left out" in reader.get(f"{NEW}/GOALS")


def test_words_of_a_text_are_found_again_where_they_were_selected(reader: Reader) -> None:
    form = {
        **copy_of(reader, "acme-card"),
        "words": "hired  40\nannotators through an agency [1]",
        "page": "1",
        "down": "0.8",
    }
    text = taken(reader.post(f"{FILED}/PEOPLE/take", form))
    assert text == r"hired 40 annotators through an agency \[1\]"


@pytest.mark.parametrize(
    "form",
    [
        between((1, 0), (9, 3)),
        between((1, 0), (1, 99999)),
        between((1, 5), (1, 5)),
        {"words": "words that stand nowhere", "page": "1", "down": "0"},
        {"words": "", "page": "1", "down": "0"},
        {"words": "Gamma", "page": "1", "down": "nan"},
        {"words": "Gamma", "page": "x", "down": "0"},
        {"from_page": "1"},
    ],
)
def test_selections_that_cannot_be_are_refused(reader: Reader, form: dict[str, str]) -> None:
    answer = reader.post(f"{NEW}/GOALS/take", {**copy_of(reader, "gamma"), **form})
    assert answer.status_code in (400, 409) or "nan" in str(form)


def test_a_copy_of_another_release_is_not_quoted(reader: Reader) -> None:
    form = {**copy_of(reader, "beta-report"), **between((1, 0), (1, 9))}
    assert reader.post(f"{NEW}/GOALS/take", form).status_code == 404
    answer = quoted(reader, f"{NEW}/GOALS", "chosen by a test", "which", document="beta-report")
    assert answer.status_code == 409


def test_what_does_not_stand_is_not_kept(reader: Reader) -> None:
    answer = quoted(reader, f"{NEW}/GOALS", "Gamma was aligned by nobody", "which")
    assert answer.status_code == 409
    assert "not kept" in answer.text
    check = reader.post(
        f"{NEW}/GOALS/check", {"document": "gamma", "text": "Gamma was aligned by a herd."}
    )
    assert 'data-stands="no"' in check.text
    assert "<ins>" in check.text
    assert not drafts.all_of(reader.room.store, "ana-ruiz")


@pytest.mark.parametrize("points", [(), ("none",), ("which", "none")])
def test_a_quote_supports_something(reader: Reader, points: tuple[str, ...]) -> None:
    answer = quoted(reader, f"{NEW}/GOALS", "Gamma was aligned by a team", *points)
    assert answer.status_code == 409
    assert "supports" in answer.text


def test_the_first_quote_does_not_lose_what_is_on_file(reader: Reader) -> None:
    text = "We do not share where they live."
    assert (
        quoted(reader, f"{FILED}/PEOPLE", text, "location", document="acme-card").status_code == 200
    )
    draft = reader.draft(cell(reader.room, "acme/1", "PEOPLE")).draft
    assert draft.answer == "Told."
    assert draft.base
    assert len(draft.quotes) == 1


def test_a_quote_is_changed_in_words_and_points(reader: Reader) -> None:
    quoted(reader, f"{NEW}/GOALS", "Gamma was aligned by a team", "which")
    at = cell(reader.room, "acme/2", "GOALS")
    (before,) = reader.draft(at).draft.quotes
    form = {
        "document": "gamma",
        "text": before.text,
        "supports": "which,who",
        "replaces": before.id,
    }
    assert 'value="which" checked' in reader.post(f"{NEW}/GOALS/take", form).text
    changed = {**form, "text": "aligned by a team", "supports": ["which", "who"]}
    assert reader.post(f"{NEW}/GOALS/quotes", changed).status_code == 200
    (one,) = reader.draft(at).draft.quotes
    assert (one.text, one.points) == ("aligned by a team", ("which", "who"))


def test_a_quote_is_no_copy_of_a_document(reader: Reader) -> None:
    answer = quoted(reader, f"{NEW}/GOALS", "Gamma " * 2000, "which")
    assert answer.status_code == 409
    assert "more than a quote may have" in answer.text


def test_a_quote_is_taken_out_again(reader: Reader) -> None:
    quoted(reader, f"{NEW}/GOALS", "Gamma was aligned by a team", "which")
    at = cell(reader.room, "acme/2", "GOALS")
    (one,) = reader.draft(at).draft.quotes
    assert reader.post(f"{NEW}/GOALS/quotes/remove", {"id": one.id}).status_code == 200
    assert reader.draft(at).draft.quotes == ()


# --- what others have ------------------------------------------------------------------------


def with_another(reader: Reader) -> None:
    """Let somebody else have evidence and a judgement of acme/2 GOALS."""
    folder = reader.room.folder
    path = folder / "audit.toml"
    path.write_text(
        path.read_text("utf-8") + '\n[[auditor]]\nid = "bo"\nname = "Bo"\nkind = "person"\n',
        "utf-8",
    )
    done(
        "audit", "quote", folder, "--document", "gamma", "Nothing else is told of them.",
        "--supports", "acme/2:GOALS.who", "--auditor", "bo",
    )  # fmt: skip
    done(
        "audit", "grade", folder, "acme/2", "GOALS", "which=absent", "who=vague",
        "--answer", "Bo's answer.", "--reason", "Bo's.", "--auditor", "bo",
    )  # fmt: skip
    reader.room.forget()


def test_what_others_accepted_is_hidden_until_asked_for(reader: Reader) -> None:
    with_another(reader)
    page = reader.get(f"{NEW}/GOALS")
    assert "Nothing else is told" not in page
    assert "Show 1 quote others accepted" in page
    shown = reader.post(f"{NEW}/GOALS/see", {"what": "evidence"})
    assert "Nothing else is told" in shown.text
    assert "answer" not in shown.text  # quotes are shared, judgement is not
    at = cell(reader.room, "acme/2", "GOALS")
    assert reader.draft(at).draft.saw == ("evidence",)
    assert "was shown others' quotes" in reader.acts
    found = re.search(r'name="uses" value="(q-\w+)"', shown.text)
    assert found
    version = str(reader.draft(at).version)
    reader.post(f"{NEW}/GOALS/save", {**TOLD, "version": version, "uses": found[1]})
    assert reader.draft(at).draft.uses == (found[1],)


def test_evidence_that_was_not_shown_cannot_be_used(reader: Reader) -> None:
    with_another(reader)
    ids = [one.id for one in reader.room.opened().audit.evidence.values() if one.by == "bo"]
    reader.post(f"{NEW}/GOALS/save", {**TOLD, "uses": ids})
    assert reader.draft(cell(reader.room, "acme/2", "GOALS")).draft.uses == ()


def test_passages_are_ranked_as_if_others_had_found_nothing(
    reader: Reader, read_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reader.get(f"{NEW}/GOALS/passages")
    with_another(reader)
    assert reader.get(f"{NEW}/GOALS/passages") == before


# --- passages and absence --------------------------------------------------------------------


def test_what_is_said_of_a_passage_is_kept(reader: Reader) -> None:
    page = reader.get(f"{NEW}/GOALS/passages")
    found = re.search(r'data-id="(gamma:[\d:-]+)"', page)
    assert found
    answer = reader.post(f"{NEW}/GOALS/passages", {"passage": found[1], "answers": "yes"})
    assert "; 1 answers." in answer.text
    assert "Passages you read (1)" in answer.text
    assert reader.post(f"{NEW}/GOALS/passages", {"passage": "gamma:9:1-2"}).status_code == 409


def test_nothing_found_is_recorded_with_a_bound_and_taken_back(reader: Reader) -> None:
    path = f"{NEW}/GOALS/absence"
    page = reader.get(f"{path}?by_rank=1&at_random=5")
    ids = re.findall(r'name="nothing" value="([^"]+)"', page)
    assert ids
    numbers = {"by_rank": "1", "at_random": "5"}
    assert reader.post(path, {**numbers, "nothing": ids[1:]}).status_code == 409
    done_ = reader.post(path, {**numbers, "nothing": ids})
    assert "Recorded: nothing found" in done_.text
    at = cell(reader.room, "acme/2", "GOALS")
    search = reader.draft(at).draft.search
    assert search is not None
    assert len(search.all_read) == len(ids)
    assert reader.draft(at).draft.is_ready
    assert "Take this back" in reader.get(path)
    reader.post(f"{path}/undo")
    assert reader.draft(at).draft.search is None


def test_leads_come_before_what_is_read(reader: Reader) -> None:
    note = reader.room.folder.parent / "note.md"
    note.write_text("Our goals are told at https://acme.example.org/goals?a=<b>.\n", "utf-8")
    done("audit", "add", reader.room.folder, note, "--initiative", "acme", "--release", "2")
    reader.room.forget()
    path = f"{NEW}/GOALS/absence"
    asked = f"{path}?by_rank=1&at_random=5"
    page = reader.get(asked)
    assert "1 lead touches the question" in page
    assert "acme.example.org/goals?a=" in page
    assert "<b>" not in page.partition("leads")[2]
    assert 'name="nothing"' not in page
    (id_,) = re.findall(r'name="lead" value="(l-\w+)"', page)
    numbers = {"by_rank": "1", "at_random": "5"}
    assert reader.post(path, {**numbers, "nothing": ["gamma:1:0-1"]}).status_code == 409
    for wrong in (
        {"state": "irrelevant", "reason": " "},
        {"state": "irrelevant", "reason": "x" * 2001},
        {"state": "irrelevant", "reason": "Read.", "lead": "l-00000000"},
        {"state": "settled", "reason": "Read."},
        {"state": "collected", "document": "nothing"},
    ):
        answer = reader.post(f"{path}/lead", {"lead": id_, **numbers, **wrong})
        assert answer.status_code in (400, 409), wrong
    assert not (reader.room.folder / "leads.toml").exists()
    given = {"lead": id_, "state": "unavailable", "reason": "Asked; no answer.", **numbers}
    assert 'name="nothing"' in reader.post(f"{path}/lead", given).text
    (made,) = reader.room.opened().audit.disposals.values()
    assert (made.id, made.state, made.by) == (id_, "unavailable", "ana-ruiz")
    assert reader.acts[-1] == "decided about a lead"


def test_nothing_is_not_found_where_something_is_quoted(reader: Reader) -> None:
    quoted(reader, f"{NEW}/GOALS", "Gamma was aligned by a team", "which")
    page = reader.get(f"{NEW}/GOALS/absence?by_rank=1&at_random=5")
    assert "quotes are kept for this cell" in page
    assert reader.post(f"{NEW}/GOALS/absence").status_code == 409


# --- the file and the draft ------------------------------------------------------------------


def changed_on_file(reader: Reader) -> None:
    done(
        "audit", "grade", reader.room.folder, "acme/1", "PEOPLE", "number=stated",
        "location=vague", "--answer", "From the command line.", "--reason", "Read anew.",
    )  # fmt: skip
    reader.room.forget()


def test_a_file_changed_meanwhile_is_merged_line_by_line(reader: Reader) -> None:
    page = reader.get(f"{FILED}/PEOPLE")
    found = re.search(r'data-base="(\w+)"', page)
    assert found
    form = {**TOLD, "base": found[1], "answer": "Mine.", "grade": "2", "point-number": "stated"}
    reader.post(f"{FILED}/PEOPLE/save", form)
    assert "changed meanwhile" not in reader.get(f"{FILED}/PEOPLE")
    changed_on_file(reader)
    page = reader.get(f"{FILED}/PEOPLE")
    assert "The file was changed meanwhile" in page
    assert "From the command line." in page
    assert "Mine." in page
    picks = {"pick-answer": "mine", "pick-reason": "file", "pick-point-location": "file"}
    answer = reader.post(f"{FILED}/PEOPLE/merge", picks)
    assert answer.status_code == 200  # led back to the page
    at = cell(reader.room, "acme/1", "PEOPLE")
    draft = reader.draft(at).draft
    assert (draft.answer, draft.reason) == ("Mine.", "Read anew.")
    assert draft.points["location"] is PointState.VAGUE
    on_file = next(
        one.cells["PEOPLE"]
        for one in reader.room.opened().audit.reviews
        if "PEOPLE" in one.cells and str(one.release) == "acme/1"
    )
    assert draft.base == fingerprint(on_file)
    assert "changed meanwhile" not in reader.get(f"{FILED}/PEOPLE")


def test_a_submitted_release_is_read_and_not_changed(reader: Reader) -> None:
    at = cell(reader.room, "acme/2", "GOALS")
    quoted(reader, f"{NEW}/GOALS", "Gamma was aligned by a team", "which")
    with reader.room.store.writing() as db:
        db.execute(
            "INSERT INTO submissions (release, auditor, at) VALUES ('acme/2', 'ana-ruiz', 'now')"
        )
    page = reader.get(f"{NEW}/GOALS")
    assert "You have submitted" in page
    assert "hx-post" not in page
    assert reader.post(f"{NEW}/GOALS/save", {**TOLD, "version": "1"}).status_code == 409
    assert quoted(reader, f"{NEW}/GOALS", "aligned by a team", "who").status_code == 409
    assert reader.post(f"{NEW}/GOALS/see", {"what": "evidence"}).status_code == 409
    assert reader.draft(at).draft.answer == ""


def test_what_was_read_here_is_submitted_as_the_command_line_would(reader: Reader) -> None:
    for keyword in ("GOALS", "PEOPLE", "RELEASED"):
        points = {"GOALS": "which", "PEOPLE": "number", "RELEASED": "published"}[keyword]
        quoted(reader, f"{NEW}/{keyword}", "Gamma was aligned by a team", points)
        version = str(reader.draft(cell(reader.room, "acme/2", keyword)).version)
        form = {**TOLD, "version": version, f"point-{points}": "stated", "grade": "3"}
        said = reader.post(f"{NEW}/{keyword}/save", form).json()
        if said["deviates"]:
            form |= {"version": str(said["version"]), "deviation": "As it is."}
            said = reader.post(f"{NEW}/{keyword}/save", form).json()
        assert said["lacks"] == []
    at = cell(reader.room, "acme/2", "GOALS")
    assert submit(reader.room, "ana-ruiz", at.release, "ana-ruiz").is_open
    review = next(one for one in reader.room.opened().audit.reviews if one.release == at.release)
    assert review.cells["GOALS"].grade == 3
    assert done("audit", "check", reader.room.folder).status == 0


def test_nobody_else_sees_a_draft(
    reader: Reader, read_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.post(f"{NEW}/GOALS/save", {**TOLD, "answer": "A secret."})
    object.__setattr__(reader.room.settings, "alone", "bo")
    with_another(reader)
    assert "A secret." not in reader.get(f"{NEW}/GOALS")


def test_forms_of_other_sites_are_refused(reader: Reader) -> None:
    reader.get(f"{NEW}/GOALS")
    for headers in ({"X-CSRF": "x"}, {"X-CSRF": reader.csrf, "Origin": "https://evil.example"}):
        answer = reader.client.post(f"{NEW}/GOALS/save", data=TOLD, headers=headers)
        assert answer.status_code == 403


def test_a_models_proposals_are_hidden_until_asked_for(reader: Reader) -> None:
    at = cell(reader.room, "acme/2", "GOALS")
    anchor = Anchor("q-000000", "a" * 64, "b" * 64, "x", State.VERIFIED, ((Place(1, 0, 5),),))
    quotes = (ProposedQuote("gamma", "aligned by a <i>team", ("which",), anchor),)
    made = proposal("GOALS", quotes=quotes, grade=3, reason="<b>because")
    append_proposal(reader.room.folder, replace(made, cell=at))
    reader.room.forget()
    page = reader.get(f"{NEW}/GOALS")
    assert "Show what a model proposed" in page
    assert "because" not in page
    shown = reader.post(f"{NEW}/GOALS/see", {"what": "proposals"}).text
    assert "a model&#39;s proposal, not evidence" in shown or "a model's proposal" in shown
    assert "&lt;b&gt;because" in shown
    assert "&lt;i&gt;team" in shown
    assert reader.draft(at).draft.saw == ("proposals",)
    assert "was shown a model's proposals" in reader.acts
    assert reader.post(f"{NEW}/GOALS/see", {"what": "grades"}).status_code == 400


def test_an_absence_is_submitted_with_what_was_read(reader: Reader) -> None:
    path = f"{NEW}/GOALS/absence"
    page = reader.get(f"{path}?by_rank=2&at_random=9")
    ids = re.findall(r'name="nothing" value="([^"]+)"', page)
    assert "Recorded" in reader.post(path, {"by_rank": "2", "at_random": "9", "nothing": ids}).text
    at = cell(reader.room, "acme/2", "GOALS")
    for keyword in ("PEOPLE", "RELEASED"):
        quoted(reader, f"{NEW}/{keyword}", "Gamma was aligned by a team", "")
        form = {**TOLD, "version": "1", "grade": "1", "deviation": "As it is."}
        assert reader.post(f"{NEW}/{keyword}/save", form).json()["lacks"] == []
    assert submit(reader.room, "ana-ruiz", at.release, "ana-ruiz")
    audit = reader.room.opened().audit
    (review,) = [one for one in audit.reviews if one.release == at.release]
    absence = review.cells["GOALS"].not_stated
    assert absence is not None
    assert len(audit.searches[absence.search].all_read) == len(ids)
    assert done("audit", "check", reader.room.folder).status == 0
    assert "Recorded: nothing found" in reader.get(path)
