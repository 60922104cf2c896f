"""Watching documents on a real server: what changed, what that did, and what is written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from openbook.audit.drift.pace import Pace
from openbook.audit.drift.watch import Watching, targets, watch
from openbook.audit.opened import open_audit
from openbook.core.review import Recheck
from openbook.core.watch import Seen, Watched
from openbook.report.watched import LONGEST, MOST, plain, report
from tests.audit.drift.watched_server import Site, serving
from tests.corpus import CORPUS, needs_corpus
from tests.scans import use_engine
from tests.workbench import CARD, Ran, done, openbook, pdf, snapshot

DAY = dt.date(2026, 11, 27)
HTML = "<html><head><!-- {} --></head><body><p>{}</p></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def begin(site: Site, *quotes: tuple[str, str], path: str = "/card.md", text: str = CARD) -> Path:
    """An audit with one document at an address, its quotes, and the cells they support."""
    audit = Path("watched")
    done("audit", "new", audit, "--questionnaire", "three.toml", "--auditor", "Ana Ruiz")
    if path not in site.pages:
        site.put(path, text)
    named = ("--initiative", "acme", "--release", "1", "--key", "card", "--title", "System card")
    done("audit", "add", audit, site.url(path), "--allow-private", *named)
    for words, supports in quotes:
        done("audit", "quote", audit, "--document", "card", words, "--supports", supports)
    return audit


THREE = (
    ("We set these goals ourselves", "acme/1:GOALS.who"),
    ("prefer safety over helpfulness", "acme/1:GOALS.which"),
    ("We hired 40 annotators", "acme/1:PEOPLE.number"),
)


def run(audit: Path, *arguments: object) -> Ran:
    return openbook("audit", "watch", audit, "--allow-private", "--delay", "0", *arguments)


def looked(audit: Path, pace: Pace | None = None, **options: bool) -> list[Watched]:
    opened = open_audit(audit).sound()
    watching = Watching(opened, DAY, pace or Pace(0), allow_private=True, **options)
    return list(watch(watching, targets(opened)))


def rechecks(audit: Path) -> tuple[Recheck, ...]:
    return open_audit(audit).sound().audit.rechecks


# --- Nothing new ------------------------------------------------------------------------------


def test_what_the_server_says_is_the_same_changes_no_byte(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    before = snapshot(watched)
    ran = run(watched, "--json")
    assert (ran.status, [one["seen"] for one in ran.json]) == (0, ["unchanged"])
    assert ran.json[0]["is_not_modified"] is True
    assert site.answers[-1] == ("/card.md", 304)
    assert snapshot(watched) == before
    assert "1 said so by the server, without bytes" in run(watched).err


def test_validators_are_noted_once(audit: Path, site: Site) -> None:
    """A document that was had before anybody kept what the server said of it."""
    site.has_etags = False
    watched = begin(site, *THREE)
    site.has_etags = True
    assert [one.seen for one in looked(watched)] == [Seen.UNCHANGED]
    before = snapshot(watched)
    assert 'etag = "' in before["documents/card.toml"].decode()
    assert [one.is_not_modified for one in looked(watched)] == [True]
    assert snapshot(watched) == before


def test_bytes_that_are_not_at_hand_are_had_again(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    for one in done("library", "list", "--json").json:
        done("library", "remove", one["sha256"])
    before = snapshot(watched)
    assert [one.seen for one in looked(watched)] == [Seen.UNCHANGED]
    assert site.answers[-1] == ("/card.md", 200)
    assert [one.is_not_modified for one in looked(watched)] == [True]
    assert snapshot(watched) == before


def test_a_document_without_an_address_is_said_and_is_no_failure(audit: Path) -> None:
    ran = run(audit)
    assert ran.status == 0
    assert "not watched" in ran.err
    assert "acme-card, beta-report" in ran.err


# --- Something new ----------------------------------------------------------------------------


def test_lost_passages_are_told_by_question_and_looked_at_again(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    site.put("/card.md", CARD.replace("hired 40", "hired 60"))
    ran = run(watched, "--report", "report.md")
    assert ran.status == 1
    today = open_audit(watched).audit.documents["card"].copies[-1].retrieved
    told = f"System card, version of {today}: lost 1 passage that answered PEOPLE (acme 1)"
    assert told in ran.out
    assert "We hired [-40-] {+60+} annotators" in ran.out
    markdown = Path("report.md").read_text("utf-8")
    assert "3 quotes: 2 in place, 1 altered." in markdown
    (one,) = rechecks(watched)
    assert (str(one.cell), one.document, len(one.altered)) == ("acme/1 PEOPLE", "card", 1)
    assert one.id in markdown
    copies = open_audit(watched).audit.documents["card"].copies
    assert [copy.sha256 for copy in copies] == [one.older, one.newer]
    assert all(open_audit(watched).library.has(copy.sha256) for copy in copies)
    after = snapshot(watched)
    again = run(watched)
    assert (again.status, snapshot(watched)) == (0, after)
    assert "1 cell waits to be looked at again" in again.err


def test_what_is_only_told_is_not_written(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    site.put("/card.md", CARD.replace("hired 40", "hired 60"))
    before, kept = snapshot(watched), done("library", "list").out
    ran = run(watched, "--dry-run", "--json")
    assert (ran.status, len(ran.json[0]["rechecks"])) == (1, 1)
    assert (snapshot(watched), done("library", "list").out) == (before, kept)


def test_new_text_that_touches_no_quote_is_kept_and_no_drift(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    site.put("/card.md", CARD + "\nWe thank everybody.\n")
    ran = run(watched, "--json")
    assert (ran.status, ran.json[0]["seen"]) == (0, "changed")
    assert ran.json[0]["changed"]["counts"]["in place"] == 3
    assert rechecks(watched) == ()


def test_a_version_that_comes_back_is_drift_and_no_third_copy(audit: Path, site: Site) -> None:
    site.put("/card.md", CARD.replace("We hired 40", "We employed many"))
    watched = begin(site)
    site.put("/card.md", CARD)
    assert [one.seen for one in looked(watched)] == [Seen.CHANGED]
    done("audit", "quote", watched, "--document", "card", THREE[2][0], "--supports", THREE[2][1])
    site.put("/card.md", CARD.replace("We hired 40", "We employed many"))
    (one,) = looked(watched)
    assert (one.seen, one.has_drift) == (Seen.CHANGED, True)
    assert "gives again a copy that was taken" in one.message
    assert len(open_audit(watched).audit.documents["card"].copies) == 2
    assert len(rechecks(watched)) == 1
    before = snapshot(watched)
    assert looked(watched)[0].has_drift
    assert snapshot(watched) == before
    told = ("--as", "holds", "--reason", "They went back to the older card.")
    done("audit", "recheck", watched, "--close", rechecks(watched)[0].id, *told)
    settled = run(watched)
    assert settled.status == 0
    assert "gives again a copy that was taken" in settled.out
    assert "a person has looked again at all of it" in settled.out
    assert len(open_audit(watched).audit.documents["card"].copies) == 2


def test_other_bytes_of_the_same_text_are_no_drift_and_kept_once(audit: Path, site: Site) -> None:
    words = "Our annotators live in Lisbon and are paid well by an agency."
    site.put("/card.html", HTML.format("token 1", words), "text/html; charset=utf-8")
    watched = begin(site, (words, "acme/1:PEOPLE.location"), path="/card.html")
    done("audit", "verify", watched, "--write-anchors")
    site.put("/card.html", HTML.format("token 2", words), "text/html; charset=utf-8")
    ran = run(watched, "--report", "report.md")
    assert ran.status == 0
    assert "card: bytes changed, text same" in ran.out
    assert "bytes changed, text same, kept as a copy" in Path("report.md").read_text("utf-8")
    opened = open_audit(watched)
    first, second = opened.audit.documents["card"].copies
    assert opened.library.has(second.sha256)
    (anchors,) = opened.anchors.values()
    assert {one.copy for one in anchors} == {first.sha256, second.sha256}
    after = snapshot(watched)
    site.put("/card.html", HTML.format("token 3", words), "text/html; charset=utf-8")
    ran = run(watched)
    assert (ran.status, snapshot(watched)) == (0, after)
    assert "not kept: the bytes of this address differ from time to time" in ran.out
    assert done("audit", "check", watched, "--json").json[0]["problems"] == []


def test_every_new_pdf_is_kept(audit: Path, site: Site) -> None:
    """Figures may change where the text does not."""
    data = pdf(["We hired 40 annotators in Lisbon through an agency."])
    site.pages["/card.pdf"] = ("application/pdf", data)
    watched = begin(site, (THREE[2][0], "acme/1:PEOPLE.number"), path="/card.pdf")
    for number in (1, 2):
        site.pages["/card.pdf"] = ("application/pdf", data + b"\n%" + b"x" * number)
        assert [one.seen for one in looked(watched)] == [Seen.SAME_TEXT]
    assert len(open_audit(watched).audit.documents["card"].copies) == 3


def test_of_pages_that_are_pictures_nobody_says_that_they_are_the_same(
    audit: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an engine read stood in the older picture; what stands in the newer nobody read."""
    use_engine(monkeypatch)
    data = pdf(["", THREE[2][0] + " in Lisbon through an agency."])
    site.pages["/card.pdf"] = ("application/pdf", data)
    watched = begin(site, path="/card.pdf")
    done("audit", "scan", watched)
    for words in (THREE[2][0], "We hired 12 annotators in Porto"):
        quoted = (words, "--document", "card", "--supports", "acme/1:PEOPLE.number")
        done("audit", "quote", watched, *quoted)
    assert [one.seen for one in looked(watched)] == [Seen.UNCHANGED]
    site.pages["/card.pdf"] = ("application/pdf", data + b"\n%x")
    (one,) = looked(watched)
    assert (one.seen, len(one.untold), one.has_error) == (Seen.CHANGED, 1, True)
    assert open_audit(watched).audit.evidence[one.untold[0]].quote.endswith("Porto")  # type: ignore[union-attr]


def test_a_scan_cannot_be_compared(audit: Path, site: Site) -> None:
    site.pages["/card.pdf"] = ("application/pdf", pdf(["", ""]))
    watched = begin(site, path="/card.pdf")
    assert [one.seen for one in looked(watched)] == [Seen.UNCHANGED]
    site.pages["/card.pdf"] = ("application/pdf", pdf(["", "", ""]))
    (one,) = looked(watched)
    assert (one.seen, one.copy) == (Seen.FAILED, None)
    assert "3 of 3 pages have no text" in one.message


def test_an_older_copy_that_is_gone_is_known_by_its_anchors(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    done("audit", "verify", watched, "--write-anchors")
    for one in done("library", "list", "--json").json:
        done("library", "remove", one["sha256"])
    site.put("/card.md", CARD.replace("hired 40", "hired 60"))
    (one,) = looked(watched)
    assert one.changed is not None
    assert (one.changed.losses, one.untold) == (1, ())


def test_what_nobody_can_tell_is_an_error(
    audit: Path, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = begin(site, *THREE)
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "elsewhere"))
    site.put("/card.md", CARD.replace("hired 40", "hired 60"))
    (one,) = looked(watched)
    assert (len(one.untold), one.has_error) == (1, True)


# --- What goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "seen"),
    [(404, Seen.GONE), (410, Seen.GONE), (403, Seen.FAILED), (200, Seen.FAILED)],
)
def test_an_error_is_never_unchanged(audit: Path, site: Site, status: int, seen: Seen) -> None:
    watched = begin(site, *THREE)
    site.statuses["/card.md"] = (status, {"Content-Type": "application/pdf"})  # an empty page
    before = snapshot(watched)
    (one,) = looked(watched)
    assert (one.seen, one.has_error) == (seen, True)
    assert run(watched).status == 1
    assert snapshot(watched) == before


def test_one_address_that_fails_does_not_stop_the_others(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    site.put("/more.md", "# More\n\nAnother text of Acme, which is long enough.\n")
    named = ("--initiative", "acme", "--release", "1", "--key", "more")
    done("audit", "add", watched, site.url("/more.md"), "--allow-private", *named)
    del site.pages["/card.md"]
    ran = run(watched, "--json")
    assert ran.status == 1
    assert [one["seen"] for one in ran.json] == ["gone", "unchanged"]
    ran = run(watched, "--document", "more", "--json")
    assert (ran.status, [one["document"] for one in ran.json]) == (0, ["more"])


def test_a_redirect_to_another_host_is_told_once_it_is_new(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    site.put("/new.md", CARD + "\nMoved.\n")
    there = site.url("/new.md", "localhost")
    site.statuses["/card.md"] = (302, {"Location": there})
    ran = run(watched, "--json")
    assert ran.json[0]["led_to"] == "localhost"
    assert open_audit(watched).audit.documents["card"].copies[-1].via == (there,)
    assert run(watched, "--json").json[0]["led_to"] is None


def test_a_host_that_wants_to_be_left_alone_is(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    site.put("/more.md", "# More\n\nAnother text of Acme, which is long enough.\n")
    named = ("--initiative", "acme", "--release", "1", "--key", "more")
    done("audit", "add", watched, site.url("/more.md"), "--allow-private", *named)
    site.statuses["/card.md"] = (503, {"Retry-After": "3600"})
    asked = len(site.answers)
    first, second = looked(watched)
    assert (first.seen, second.seen) == (Seen.FAILED, Seen.FAILED)
    assert "asks to be left alone" in first.message
    assert second.message.startswith("not asked: 127.0.0.1 asks to be left alone for")
    assert len(site.answers) == asked + 1


def test_a_host_is_not_asked_twice_at_once() -> None:
    now, naps = [0.0], []
    pace = Pace(2, pause=naps.append, clock=lambda: now[0])
    pace.wait("a")
    pace.asked("a")
    pace.wait("b")
    now[0] = 0.5
    pace.wait("a")
    now[0] = 9
    pace.wait("a")
    assert naps == [1.5]


def test_wrong_use(audit: Path) -> None:
    for arguments, message in (
        (("--document", "none"), "there is no document 'none'"),
        (("--delay", "-1"), "--delay"),
    ):
        ran = run(audit, *arguments)
        assert (ran.status, ran.is_traceback) == (2, False)
        assert message in ran.err


# --- Looking again ----------------------------------------------------------------------------


@pytest.fixture
def drifted(audit: Path, site: Site) -> Path:
    watched = begin(site, *THREE)
    site.put("/card.md", CARD.replace("hired 40", "hired 60").replace("Acme One was", "It was"))
    assert run(watched).status == 1
    return watched


def test_a_person_closes_it_with_a_reason(drifted: Path) -> None:
    (one,) = rechecks(drifted)
    place = [
        todo["message"]
        for todo in done("audit", "check", drifted, "--json").json[0]["todos"]
        if todo["place"] == "acme/1 PEOPLE" and "looked at again" in todo["message"]
    ]
    assert len(place) == 1
    assert one.id in place[0]
    assert one.id in done("audit", "recheck", drifted).out
    told = ("--as", "holds", "--reason", "Only the number differs.")
    done("audit", "recheck", drifted, "--close", one.id, *told)
    (closed,) = rechecks(drifted)
    assert (closed.is_open, closed.outcome, closed.by) == (False, "holds", "ana-ruiz")
    assert "looked at again" not in done("audit", "check", drifted).out
    assert "nothing is to be looked at again" in done("audit", "recheck", drifted).err
    assert "Only the number differs." in done("audit", "recheck", drifted, "--all").out
    before = snapshot(drifted)
    assert run(drifted).status == 0
    assert snapshot(drifted) == before


def test_fetching_again_opens_the_same(audit: Path, site: Site) -> None:
    watched = begin(site, *THREE)
    site.put("/card.md", CARD.replace("hired 40", "hired 60"))
    fetched = ("audit", "fetch", watched, "--again", "--allow-private")
    (told,) = done(*fetched, "--json").json
    (one,) = rechecks(watched)
    assert told["rechecks"] == [one.id]
    assert (str(one.cell), len(one.altered)) == ("acme/1 PEOPLE", 1)
    before = snapshot(watched)
    assert one.id not in done(*fetched).out
    assert run(watched).status == 0
    assert snapshot(watched) == before


def test_what_is_closed_stays_closed(drifted: Path, site: Site) -> None:
    (one,) = rechecks(drifted)
    told = ("--as", "elsewhere", "--reason", "See page 9.")
    done("audit", "recheck", drifted, "--close", one.id, *told)
    path = drifted / "documents/card.toml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex("[[copy]]")], "utf-8")  # as if it had not been seen
    assert looked(drifted)[0].rechecks == ()
    assert [each.outcome for each in rechecks(drifted)] == ["elsewhere"]


def test_it_is_not_closed_otherwise(drifted: Path) -> None:
    (one,) = rechecks(drifted)
    with (drifted / "audit.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[auditor]]\nid = "bot"\nname = "Bot"\nkind = "model"\n')
    before = snapshot(drifted)
    by = ("--auditor", "ana-ruiz")
    for arguments, message in (
        (("--close", one.id, "--as", "holds", *by), "say with --reason"),
        (("--close", one.id, "--as", "well", "--reason", "R", *by), "'well' is no outcome"),
        (("--close", "w-00000000", "--as", "holds", "--reason", "R", *by), "there is no recheck"),
        (
            ("--close", one.id, "--as", "holds", "--reason", "R", "--auditor", "bot"),
            "bot is a model",
        ),
        (("--as", "holds"), "go with --close"),
    ):
        ran = openbook("audit", "recheck", drifted, *arguments)
        assert (ran.status, ran.is_traceback) == (2, False)
        assert message in " ".join(ran.err.split())
    assert snapshot(drifted) == before


def test_a_record_that_says_nonsense_is_a_problem(drifted: Path) -> None:
    path = drifted / "rechecks.toml"
    text = path.read_text("utf-8")
    for old, new, message in (
        ("acme/1 PEOPLE", "acme/1 NONE", "no cell of this audit"),
        ("acme/1 PEOPLE", "nonsense", "names no cell"),
        ('document = "card"', 'document = "none"', "there is no document none"),
        ("opened =", 'outcome = "holds"\nby = "nobody"\nreason = "R"\nopened =', "no auditor"),
        ("opened =", 'outcome = "fine"\nopened =', "outcome"),
    ):
        path.write_text(text.replace(old, new), "utf-8")
        problems = openbook("audit", "check", drifted)
        assert problems.status == 1
        assert message in problems.text
    path.write_text(text + text, "utf-8")
    assert "the id stands twice" in openbook("audit", "check", drifted).text


def test_an_edition_and_a_comparison_know_it(drifted: Path) -> None:
    done("audit", "freeze", drifted, "1", "-o", "one")
    assert (Path("one/audit/rechecks.toml")).is_file()
    (one,) = rechecks(drifted)
    told = ("--as", "holds", "--reason", "Only the number differs.")
    done("audit", "recheck", drifted, "--close", one.id, *told)
    ran = openbook("audit", "diff", "one", drifted)
    assert "Cells to be looked at again" in ran.out
    assert "Only the number differs." in ran.out


# --- The report -------------------------------------------------------------------------------


def test_words_of_strangers_do_nothing_in_a_report() -> None:
    said = plain(
        "@ana <script>x</script> [a](http://b) `c` **d** #12 ![e](f) www.g.org $x$ | \n# h"
    )
    shown = re.sub(r"&#\d+;", "", said)
    assert not re.search(r"[@<>\[\]()`*#!$|\n]|://|www\.", shown)
    assert len(plain("word " * 1000)) <= LONGEST + 2


def test_a_report_fits_a_pull_request(audit: Path) -> None:
    opened = open_audit(audit)
    many = [
        Watched("acme-card", f"https://example.org/{one}", Seen.FAILED, message="no " * 60)
        for one in range(2000)
    ]
    text = report(opened.audit, many)
    assert len(text) <= MOST + 200
    assert "more lines" in text
    assert "Nothing to watch" in report(opened.audit, ())


# --- A real document --------------------------------------------------------------------------


@needs_corpus
def test_four_sentences_of_a_real_document_have_four_fates(audit: Path, site: Site) -> None:
    """One altered, one moved, one removed, one untouched: exactly those are named."""
    text = (CORPUS / "docs" / "claude-constitution.md").read_text("utf-8")
    found = re.findall(r"(?<=\. )[A-Z][a-z][\w ,’'-]{70,180}\.(?= [A-Z])", text)
    lone = [one for one in found if text.count(one) == 1]
    kept, altered, moved, removed = lone[1 :: len(lone) // 4][:4]
    cells = ("GOALS.which", "GOALS.who", "PEOPLE.number", "PEOPLE.location")
    site.put("/card.md", text)
    watched = begin(
        site,
        *zip((kept, altered, moved, removed), (f"acme/1:{one}" for one in cells), strict=True),
    )
    words = altered.split()
    other = " ".join([*words[:5], "certainly", "never", *words[5:]])
    changed = text.replace(altered, other).replace(f"{moved} ", "").replace(f"{removed} ", "")
    site.put("/card.md", f"{changed}\n\nTo say it at the end: {moved} That was all.\n")
    ran = run(watched, "--json")
    assert ran.status == 1
    (one,) = ran.json
    quotes = {item["evidence"]: item["change"] for item in one["changed"]["quotes"]}
    evidence = open_audit(watched).audit.evidence
    assert {evidence[id_].quote: fate for id_, fate in quotes.items()} == {
        kept: "in place",
        altered: "altered",
        moved: "moved",
        removed: "missing",
    }
    by_cell = {str(each.cell): each for each in rechecks(watched)}
    goals, people = by_cell["acme/1 GOALS"], by_cell["acme/1 PEOPLE"]
    assert [evidence[id_].quote for id_ in goals.altered] == [altered]
    assert (goals.missing, goals.moved, people.altered) == ((), (), ())
    assert [evidence[id_].quote for id_ in people.missing] == [removed]
    assert [evidence[id_].quote for id_ in people.moved] == [moved]
