"""Leads of an audit: collected ones are none, decisions are kept in a file and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from openbook.audit.check import check
from openbook.audit.opened import open_audit
from openbook.audit.search.absent import OpenLeadsError, search_cell
from openbook.audit.search.leads import leads, leads_of
from tests.cli.test_refusals import refused
from tests.workbench import done, openbook, snapshot

NOTE = """# A note on acme 1

We do not share our data; see https://acme.example.org/data and our earlier report.
The card is at https://acme.example.org/card.
"""


@pytest.fixture
def noted(audit: Path) -> Path:
    """The audit with a document that points elsewhere."""
    Path("note.md").write_text(NOTE, "utf-8")
    done("audit", "add", audit, "note.md", "--initiative", "acme", "--release", "1")
    return audit


def site_page(folder: Path) -> str:
    """The initiative's page on the site."""
    done("report", folder, "-o", "site")
    return Path("site/initiatives/acme.html").read_text("utf-8")


def targets(folder: Path) -> list[str]:
    return [one.target for one in leads(open_audit(folder))]


def test_what_is_collected_is_no_lead(noted: Path) -> None:
    assert "acme.example.org/card" in targets(noted)
    path = noted / "documents" / "acme-card.toml"
    text = path.read_text("utf-8")
    path.write_text(f'url = "http://www.acme.example.org/card/"\n{text}', "utf-8")
    assert "acme.example.org/card" not in targets(noted)


def test_a_lead_is_disposed_of_once_for_all_places(noted: Path) -> None:
    shown = {one["target"]: one["id"] for one in done("audit", "leads", noted, "--json").json}
    data, card = shown["acme.example.org/data"], shown["acme.example.org/card"]
    done("audit", "leads", noted, "--irrelevant", data, "--reason", "A form to ask for it.")
    done("audit", "leads", noted, "--collected", card, "--as", "acme-card")
    before = snapshot(noted)
    done("audit", "leads", noted, "--irrelevant", data, "--reason", "A form to ask for it.")
    assert snapshot(noted) == before
    left = [one["target"] for one in done("audit", "leads", noted, "--json").json]
    assert left == ["our earlier report (note)"]
    every = {
        one["id"]: one["state"] for one in done("audit", "leads", noted, "--all", "--json").json
    }
    assert (every[data], every[card]) == ("irrelevant", "collected")
    assert check(open_audit(noted)).problems == ()


def test_a_question_knows_the_leads_that_touch_it(noted: Path) -> None:
    opened = open_audit(noted)
    touching = [one.target for one in leads_of(opened, opened.cell("acme/1", "RELEASED"))]
    assert "acme.example.org/data" in touching
    assert leads_of(opened, opened.cell("beta-labs/2", "RELEASED")) == ()
    ran = done("audit", "leads", noted, "--cell", "acme/1", "RELEASED", "--json")
    assert [one["target"] for one in ran.json] == touching


def test_nothing_is_absent_while_leads_are_open(noted: Path) -> None:
    cell = ("acme/1", "RELEASED")
    before = snapshot(noted)
    told = refused(noted, "audit", "absent", noted, *cell, status=1).err
    ids = {one["target"]: one["id"] for one in done("audit", "leads", noted, "--json").json}
    data = ids["acme.example.org/data"]
    assert data in told
    assert "may hold the answer" in told
    assert snapshot(noted) == before
    opened = open_audit(noted)
    with pytest.raises(OpenLeadsError) as raised:
        search_cell(opened, opened.cell(*cell), opened.auditor("ana-ruiz"), (), 5, 0)
    open_ones = [one.id for one in raised.value.leads]
    gone, *others = open_ones
    done("audit", "leads", noted, "--unavailable", gone, "--reason", "Asked; no answer.")
    for one in others:
        done("audit", "leads", noted, "--irrelevant", one, "--reason", "Looked at.")
    made = done("audit", "absent", noted, *cell, "--json").json[0]
    assert made["leads"] == open_ones
    opened = open_audit(noted)
    assert opened.audit.searches[made["search"]].leads == tuple(open_ones)
    assert check(opened).problems == ()
    done("audit", "settle", noted)
    page = site_page(noted)
    assert f"{len(open_ones)} leads to other documents touch the question" in page
    assert "1 could not be had" in page

    # A decision that is taken back leaves the record without what it rests on.
    (noted / "leads.toml").write_text("", "utf-8")
    messages = [one.message for one in check(open_audit(noted)).problems]
    assert messages == [f"rests on lead {one}, which leads.toml does not have" for one in open_ones]


def test_a_document_added_later_opens_leads_anew(noted: Path) -> None:
    cell = ("acme/1", "RELEASED")
    for one in done("audit", "leads", noted, "--cell", *cell, "--json").json:
        done("audit", "leads", noted, "--irrelevant", one["id"], "--reason", "Looked at.")
    done("audit", "absent", noted, *cell)
    done("audit", "settle", noted)
    assert not [one for one in check(open_audit(noted)).todos if "touch" in one.message]
    Path("more.md").write_text("We share more at https://acme.example.org/more.\n", "utf-8")
    done("audit", "add", noted, "more.md", "--initiative", "acme", "--release", "1")
    todos = [one for one in check(open_audit(noted)).todos if "touches" in one.message]
    assert [one.place for one in todos] == ["acme/1 RELEASED"]


def test_a_decision_can_be_changed(noted: Path) -> None:
    (id_,) = [
        one["id"]
        for one in done("audit", "leads", noted, "--json").json
        if one["target"] == "acme.example.org/card"
    ]
    done("audit", "leads", noted, "--unavailable", id_, "--reason", "Asked.")
    assert open_audit(noted).audit.disposals[id_].state == "unavailable"
    done("audit", "leads", noted, "--collected", id_, "--as", "acme-card")
    now = open_audit(noted).audit.disposals[id_]
    assert (now.state, now.reason, now.document) == ("collected", "", "acme-card")


def test_what_is_refused(noted: Path) -> None:
    id_ = done("audit", "leads", noted, "--json").json[0]["id"]
    for arguments, says in (
        (("--irrelevant", id_), "say with --reason"),
        (("--collected", id_), "say with --as"),
        (("--collected", id_, "--as", "nope"), "there is no document 'nope'"),
        (("--irrelevant", "l-00000000", "--reason", "x"), "there is no lead 'l-00000000'"),
        (("--reason", "x"), "--reason goes with --irrelevant"),
        (("--irrelevant", id_, "--unavailable", id_, "--reason", "x"), "named twice"),
    ):
        assert says in refused(noted, "audit", "leads", noted, *arguments, status=2).err


def test_a_file_of_leads_is_checked(noted: Path) -> None:
    (noted / "leads.toml").write_text(
        '[[lead]]\nid = "l-00000001"\ntarget = "a.org"\nstate = "irrelevant"\nby = "nobody"\n'
        '[[lead]]\nid = "l-00000002"\ntarget = "b.org"\nstate = "collected"\nby = "ana-ruiz"\n',
        "utf-8",
    )
    told = openbook("audit", "check", noted)
    assert told.status == 1
    for message in (
        "leads.toml: l-00000001: decided by nobody",
        "leads.toml: l-00000001: is called irrelevant without a reason",
        "leads.toml: l-00000002: is collected, but as which document?",
    ):
        assert message in told.text
