"""What is refused: with words that say why and what to do, and with nothing written."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.workbench import QUESTIONS, REPORT, Ran, done, openbook, pdf, snapshot

ONE, TWO = "acme/1", "beta-labs/2"
TOLD = ("--answer", "A", "--reason", "R")
NEW = ("--initiative", "new", "--release", "1")


MISTYPED = re.compile(
    "there is no (release|question|document|auditor|evidence)|has no point|names no point|"
    "is no hit|is no passage|is no document of|write which=STATE|is marked twice|a grade is 0 to 4|"
    "no text .U|names who|has not graded|say what the quote supports|is not a f|is a f|not empty|"
    "lies (in|among)|is not there|the source is empty|no audit called|"
    "cannot be a key|cannot name a release"
)
"""What messages about wrong use say; all others are about what cannot be done."""


def refused(audit: Path, *arguments: object, status: int | None = None) -> Ran:
    """Run a command that must be refused, and leave every byte of the audit as it was."""
    before = snapshot(audit)
    ran = openbook(*arguments)
    assert ran.status == (status or (2 if MISTYPED.search(ran.err) else 1)), ran.text
    assert not ran.is_traceback, ran.text
    assert snapshot(audit) == before
    return ran


QUOTES = {
    "an altered quote": (
        ["acme-card", "annotators were told to prefer helpfulness over safety"],
        "the quote is altered: differs from the document in words, on page 1",
    ),
    "a quote of another document": (
        ["acme-card", "Reviewers were chosen by a test."],
        "does not stand in this document, but in beta-report",
    ),
    "no quote at all": (["acme-card", "[...]"], "the quote holds no words of the document"),
    "an unpaired bracket": (["acme-card", "an agency [1 in"], "unpaired square bracket"),
    "an invisible character": (
        ["acme-card", "We hi\u200bred 40"],
        "invisible character U+200B (ZERO WIDTH SPACE) at position 6, after 'We hi'",
    ),
    "half a word": (["acme-card", "hired 40 annot"], "the quote is"),
    "an unknown document": (
        ["nope", "We"],
        "there is no document 'nope'; this audit has acme-card",
    ),
}


@pytest.mark.parametrize("case", QUOTES)
def test_a_quote_that_does_not_stand(audit: Path, case: str) -> None:
    (document, text), message = QUOTES[case]
    ran = refused(
        *(audit, "audit", "quote", audit, "--document", document, text),
        *("--supports", f"{ONE}:GOALS"),
    )
    assert message in ran.err


def test_a_refused_quote_shows_the_nearest_words_and_their_difference(audit: Path) -> None:
    words = "annotators were told never to prefer safety over usefulness"
    arguments = ("--document", "acme-card", words, "--supports", f"{ONE}:GOALS")
    ran = refused(audit, "audit", "quote", audit, *arguments)
    assert "nearest, on page 1 of acme-card:" in ran.err
    assert (
        "annotators were told [-never-] to prefer safety over [-usefulness-] {+helpfulness"
        in ran.err
    )
    record = refused(audit, "audit", "quote", audit, *arguments, "--json").json[0]
    assert record["state"] == "altered"
    assert ["quote", "usefulness"] in record["nearest"]["diff"]


HITS = {
    "card:1": "is no hit of a search, such as ouyang-2022:36:120-840; for words you type, name",
    "acme-card:0:0-10": "is no passage of the copies at hand; search again",
    "acme-card:2:0-10": "is no passage of the copies at hand",
    "acme-card:1:10-10": "is no passage of the copies at hand",
    "acme-card:1:10-5": "is no passage of the copies at hand",
    "acme-card:1:0-99999": "is no passage of the copies at hand",
    "acme-card:1:0-99999999999999999999999999": "is no passage of the copies at hand",
    "../acme-card:1:0-10": "is no hit of a search",
    "nope:1:0-10": "there is no document 'nope'",
}


@pytest.mark.parametrize("hit", HITS)
def test_a_hit_that_is_none(audit: Path, hit: str) -> None:
    ran = refused(audit, "audit", "quote", audit, hit, "--supports", f"{ONE}:GOALS")
    assert HITS[hit] in ran.err


SUPPORTS = {
    "nope/1:GOALS": "there is no release 'nope/1'; this audit has acme/1, beta-labs/2",
    "acme/../1:GOALS": "there is no release 'acme/../1'",
    f"{ONE}:NOPE": "there is no question 'NOPE'; this audit asks GOALS, PEOPLE, RELEASED",
    f"{ONE}:GOALS.nope": "GOALS has no point 'nope'; its points are which, who",
    f"{ONE}": "names no point; write release:point",
    f"{ONE}:": "names no point",
}


@pytest.mark.parametrize("supports", SUPPORTS)
def test_a_quote_that_supports_nothing_there_is(audit: Path, supports: str) -> None:
    words = ("--document", "acme-card", "We hired 40 annotators")
    ran = refused(audit, "audit", "quote", audit, *words, "--supports", supports)
    assert SUPPORTS[supports] in ran.err


def test_a_quote_that_supports_nothing(audit: Path) -> None:
    ran = refused(audit, "audit", "quote", audit, "--document", "acme-card", "We hired")
    assert "say what the quote supports" in ran.err


GRADES: dict[str, tuple[list[str], str]] = {
    "too high": ([ONE, "GOALS", "--grade", "5"], "a grade is 0 to 4, not 5"),
    "too low": ([ONE, "GOALS", "--grade", "-1"], "a grade is 0 to 4, not -1"),
    "unknown release": (["acme/9", "GOALS", "--grade", "1"], "there is no release 'acme/9'"),
    "unknown keyword": ([ONE, "DEF", "--grade", "1"], "there is no question 'DEF'"),
    "unknown point": ([ONE, "GOALS", "why=stated"], "GOALS has no point 'why'"),
    "unknown state": ([ONE, "GOALS", "which=maybe"], "write which=STATE, a state being one of"),
    "marked twice": (
        [ONE, "GOALS", "which=stated", "--points", "who=vague,which=absent"],
        "which is marked twice, as absent and as stated",
    ),
    "unknown auditor": (
        [ONE, "GOALS", "--grade", "1", "--auditor", "nobody"],
        "there is no auditor 'nobody' in audit.toml; it names ana-ruiz",
    ),
    "zero, but told": (
        [ONE, "GOALS", "which=stated", "--grade", "0"],
        "grade 0 says nothing is told, but which is marked as told",
    ),
    "four, but absent": (
        [ONE, "GOALS", "which=absent", "who=stated", "--grade", "4"],
        "grade 4 says nothing is missing, but which is marked absent",
    ),
    "not what the points suggest": (
        [ONE, "GOALS", "which=vague", "who=absent", "--grade", "3"],
        "the points suggest 1 (points-1); to give 3 say why with --deviation",
    ),
    "a deviation of spaces": (
        [ONE, "GOALS", "which=vague", "who=absent", "--grade", "3", "--deviation", "  "],
        "say why with --deviation",
    ),
    "left open": ([ONE, "GOALS", "which=vague"], "the points leave the grade open: 1 to 3"),
    "without evidence": (
        [TWO, "GOALS", "--grade", "2"],
        "a grade of 2 rests on evidence, and you have none for beta-labs/2 GOALS",
    ),
    "evidence that is not there": (
        [ONE, "GOALS", "--grade", "2", "--evidence", "q-000000"],
        "there is no evidence 'q-000000'",
    ),
    "control characters": (
        [ONE, "GOALS", "--grade", "2", "--answer", "a\x1bb"],
        "the answer holds a character that is no text (U+001B)",
    ),
    "bytes that are no text": (
        [ONE, "GOALS", "--grade", "2", "--reason", "a\udce9b"],
        "the reason holds a character that is no text (U+DCE9)",
    ),
}


@pytest.mark.parametrize("case", GRADES)
def test_a_grade_that_cannot_be(audit: Path, case: str) -> None:
    arguments, message = GRADES[case]
    assert message in refused(audit, "audit", "grade", audit, *TOLD, *arguments).err


@pytest.mark.parametrize("missing", [("--answer", ""), ("--reason", " ")])
def test_a_judgement_without_words(audit: Path, missing: tuple[str, str]) -> None:
    given = (ONE, "GOALS", "--grade", "2", *TOLD, *missing)
    assert (
        "needs --answer and --reason"
        in refused(audit, "audit", "grade", audit, *given, status=2).err
    )


ABSENCES: dict[str, tuple[list[str], str]] = {
    "for want of a document that is at hand": (
        [TWO, "GOALS", "--unavailable", "beta-report"],
        "beta-report is at hand: leave out --unavailable",
    ),
    "for want of another release's document": (
        [TWO, "GOALS", "--unavailable", "acme-card"],
        "acme-card is no document of beta-labs/2; it has beta-report",
    ),
    "what one quoted oneself": (
        [ONE, "PEOPLE"],
        "supports acme/1 PEOPLE: grade the cell, or take the support out",
    ),
    "in an unknown release": (["x/1", "GOALS"], "there is no release 'x/1'"),
    "of an unknown document": (
        [TWO, "GOALS", "--unavailable", "nope"],
        "there is no document 'nope'",
    ),
}


@pytest.mark.parametrize("case", ABSENCES)
def test_an_absence_that_cannot_be(audit: Path, case: str) -> None:
    arguments, message = ABSENCES[case]
    ran = refused(audit, "audit", "absent", audit, *arguments)
    assert message in ran.err
    assert ran.out == ""  # nobody is given passages to read in vain


def test_an_absence_without_anything_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("three.toml").write_text(QUESTIONS, "utf-8")
    Path("card.txt").write_text("Lorem ipsum dolor sit amet.", "utf-8")
    done("audit", "new", "mine", "--questionnaire", "three.toml", "--auditor", "Ana Ruiz")
    done("audit", "add", "mine", "card.txt", "--initiative", "acme", "--release", "1")
    ran = refused(Path("mine"), "audit", "absent", "mine", ONE, "GOALS")
    assert "no passage holds any of the words searched for, so nobody has read anything" in ran.err


def test_an_absence_in_documents_that_are_not_at_hand(audit: Path) -> None:
    shutil.rmtree("library")
    ran = refused(audit, "audit", "absent", audit, TWO, "GOALS")
    assert "beta-report cannot be searched, as no readable copy is at hand" in ran.err


DECISIONS: dict[str, tuple[list[str], str]] = {
    "too high": (["--grade", "5", "--take", "ana-ruiz"], "a grade is 0 to 4, not 5"),
    "by nobody": (["--grade", "3", "--take", "ana-ruiz", "--by", " "], "names who decides and why"),
    "for no reason": (
        ["--grade", "3", "--take", "ana-ruiz", "--reason", ""],
        "names who decides and why",
    ),
    "for one who did not grade": (
        ["--grade", "3", "--take", "ben"],
        "ben has not graded acme/1 PEOPLE; take one of ana-ruiz",
    ),
    "against the points": (
        ["--grade", "4", "--take", "ana-ruiz"],
        "ana-ruiz's judgement cannot be kept with grade 4: grade 4 says nothing is missing",
    ),
}


@pytest.mark.parametrize("case", DECISIONS)
def test_a_decision_that_cannot_be(audit: Path, case: str) -> None:
    arguments, message = DECISIONS[case]
    given = ("--by", "Chair", "--reason", "So.", *arguments)
    assert message in refused(audit, "audit", "decide", audit, ONE, "PEOPLE", *given).err


def test_a_decision_for_a_grade_without_evidence(audit: Path) -> None:
    given = ("--grade", "2", "--take", "ana-ruiz", "--by", "Chair", "--reason", "So.")
    ran = refused(audit, "audit", "decide", audit, ONE, "RELEASED", *given)
    assert "not_stated says nothing is told" in ran.err


@pytest.mark.parametrize("blank", ["--by", "--reason"])
def test_a_correction_by_nobody_or_for_no_reason(audit: Path, blank: str) -> None:
    given = {"--by": "Ben", "--reason": "So."} | {blank: "  "}
    options = [part for pair in given.items() for part in pair]
    ran = refused(audit, "audit", "correct", audit, ONE, "GOALS", *options)
    assert "names who makes it and why" in ran.err


# --- Adding documents ---------------------------------------------------------------------------

FILES: dict[str, tuple[bytes, str]] = {
    "empty.pdf": (b"", "is empty (0 bytes)"),
    "cut.pdf": (pdf(REPORT)[:400], "cut"),
    "locked.pdf": (pdf(REPORT, "secret"), "password"),
    "page.pdf": (b"<html><body>Please log in</body></html>", "is no PDF"),
    "noise.bin": (b"\0\1\2\3" * 50, "is no PDF, HTML, Markdown, LaTeX, DOCX or plain text"),
    "blank.txt": (b"  \n\n  ", "no text"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read(audit: Path, name: str) -> None:
    data, message = FILES[name]
    Path(name).write_bytes(data)
    ran = refused(audit, "audit", "add", audit, name, *NEW)
    assert message in ran.err
    assert name.partition(".")[0] in ran.err


SOURCES = {
    "nope.pdf": "nope.pdf is not there: name a file or an address",
    "ftp://example.org/a.pdf": "only http and https addresses are fetched",
    "https://[bad": "'https://[bad' is no address: Invalid IPv6 URL",
    "": "the source is empty: name a file or an address",
    "file:///etc/passwd": "only http and https addresses are fetched",
    "http://127.0.0.1:9/a.pdf": "127.0.0.1 is private; --allow-private",
    "http://[::1]/a.pdf": "::1 is private",
    "http://169.254.169.254/latest/meta-data": "169.254.169.254 is private",
    "http://user:secret@example.org/a": "password in it is not fetched",
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_cannot_be_had(audit: Path, source: str) -> None:
    assert SOURCES[source] in refused(audit, "audit", "add", audit, source, *NEW).err


NAMES: list[tuple[tuple[str, ...], str]] = [
    (("--key", "../../x"), "'../../x' cannot be a key"),
    (("--key", "CON/x"), "cannot be a key"),
    (("--initiative", "a/b"), "a/b/1 cannot name a release: use lower-case letters"),
    (("--initiative", "../a"), "cannot name a release"),
    (("--initiative", "Äcme"), "cannot name a release"),
    (("--release", "../1"), "cannot name a release"),
    (("--release", ""), "cannot name a release"),
    (("--title", "a\x07b"), "the title holds a character that is no text"),
]


@pytest.mark.parametrize(("option", "message"), NAMES, ids=lambda value: repr(value)[:30])
def test_a_name_that_cannot_be(audit: Path, option: tuple[str, ...], message: str) -> None:
    Path("other.txt").write_text("Some words of another document.", "utf-8")
    ran = refused(audit, "audit", "add", audit, "other.txt", *NEW, *option)
    assert message in ran.err


def test_another_file_of_the_same_name_is_no_copy_unless_one_says_so(audit: Path) -> None:
    Path("elsewhere").mkdir()
    path = Path("elsewhere/acme-card.md")
    path.write_text("Quite another text.", "utf-8")
    ran = refused(audit, "audit", "add", audit, path, *NEW)
    assert "there is a document 'acme-card' already, with other bytes: --key acme-card" in ran.err
    done("audit", "add", audit, path, *NEW, "--key", "acme-card")
    assert (audit / "documents/acme-card.toml").read_text("utf-8").count("[[copy]]") == 2


def test_known_bytes_under_another_name_are_the_known_document(audit: Path) -> None:
    shutil.copy("acme-card.md", "renamed.md")
    added = done("audit", "add", audit, "renamed.md", *NEW)
    assert "acme-card: 1 page (these bytes were known already)" in added.out
    assert not (audit / "documents/renamed.toml").exists()
    assert "no problems" in done("audit", "check", audit).out


def test_names_in_other_scripts(audit: Path) -> None:
    shutil.copy("acme-card.md", "日本語.txt")
    Path("日本語.txt").write_text("Words of a third document, für alle.", "utf-8")
    ran = refused(audit, "audit", "add", audit, "日本語.txt", *NEW)
    assert "choose one with --key" in ran.err
    done("audit", "add", audit, "日本語.txt", *NEW, "--key", "third")
    assert 'title = "日本語"' in (audit / "documents/third.toml").read_text("utf-8")
    name = os.fsdecode(b"caf\xe9.txt")
    Path(name).write_text("Words of a fourth document.", "utf-8")
    done("audit", "add", audit, name, *NEW)
    assert "no problems" in done("audit", "check", audit).out


# --- New audits ---------------------------------------------------------------------------------


def test_a_new_audit_goes_into_an_empty_folder(audit: Path) -> None:
    ran = refused(audit, "audit", "new", audit)
    assert "audit is not empty; choose a new folder" in ran.err
    ran = refused(audit, "audit", "new", audit, "--copy", "decoding-alignment")
    assert "audit is not empty; choose a new folder" in ran.err
    Path("file").write_text("", "utf-8")
    assert "is a file" in refused(audit, "audit", "new", "file").err
    assert "could not be written" in refused(audit, "audit", "new", "file/inside").err
    assert "lies inside audit" in refused(audit, "audit", "new", "audit/x", "--copy", "audit").err


LIKE: dict[str, tuple[list[str], str]] = {
    "nothing of the name": (["--like", "nope"], "no audit called 'nope' ships with openbook"),
    "a path upwards": (["--like", "../x"], "no audit called '../x' ships with openbook"),
    "no copy": (["--copy", "nope"], "no audit called 'nope' ships with openbook"),
    "no file": (["--questionnaire", "nope.toml"], "nope.toml is not a file"),
    "no questionnaire": (["--questionnaire", "audit/audit.toml"], "question: is missing"),
    "a bell in the title": (["--title", "\x07"], "the title holds a character"),
}


@pytest.mark.parametrize("case", LIKE)
def test_a_new_audit_like_nothing(audit: Path, case: str) -> None:
    arguments, message = LIKE[case]
    assert message in refused(audit, "audit", "new", "fresh", *arguments).err
    assert not Path("fresh").exists()


FAULTS = {
    'keyword = "PEOPLE"': (
        'keyword = "GOALS"',
        "questionnaire.toml: GOALS: the keyword stands twice",
    ),
    'key = "who"': ('key = "which"', "GOALS: the point which stands twice"),
    "schema = 1": ("schema = 99", "is written in data format 99: update openbook"),
    'title = "Three questions"': ('title = "T"\nrule = "points-9"', "'points-9' is unknown"),
    "[scale]": ("[scale", "not TOML"),
}


@pytest.mark.parametrize("found", FAULTS)
def test_a_questionnaire_with_a_fault(audit: Path, found: str) -> None:
    instead, message = FAULTS[found]
    path = Path("three.toml")
    path.write_text(path.read_text("utf-8").replace(found, instead), "utf-8")
    assert message in refused(audit, "audit", "new", "fresh", "--questionnaire", path).err
    assert not Path("fresh").exists()


def test_blank_names_are_replaced_by_what_is_known(audit: Path) -> None:
    done("audit", "new", "Größe 日", "--title", "  ", "--auditor", "日本")
    assert "no problems" in done("audit", "check", "Größe 日").out
    text = Path("Größe 日/audit.toml").read_text("utf-8")
    assert 'title = "Größe 日"' in text
    assert 'name = "日本"' in text


# --- Search -------------------------------------------------------------------------------------

SYNTAX = ["AND", "NEAR(", "*", '"', "^", ":", "text:goals", "goals*", "NOT goals", "(goals", "a OR"]


@pytest.mark.parametrize("query", SYNTAX)
def test_a_query_is_words_and_never_syntax(audit: Path, query: str) -> None:
    found = done("audit", "search", audit, query, "--json")
    assert bool(found.json) == ("goals" in query or query in ("AND", "a OR"))
    assert bool(found.json) == ("nothing found" not in found.err)


WRONG_SEARCHES: list[tuple[list[str], str]] = [
    ([], "give words to search for, or --question KEYWORD"),
    (["goals", "--question", "GOALS"], "or --question KEYWORD, not both"),
    ([""], "the query is empty"),
    (["  "], "the query is empty"),
    (["goals", "-n", "0"], "greater than or equal to 1"),
    (["goals", "-n", "1001"], "less than or equal to 1000"),
    (["goals", "-n", "9" * 30], "less than or equal to 1000"),
    (["goals", "-n", "many"], "valid integer"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_SEARCHES)
def test_a_search_used_wrongly(audit: Path, arguments: list[str], message: str) -> None:
    ran = refused(audit, "audit", "search", audit, *arguments, status=2)
    assert message in " ".join(ran.err.split())


def test_a_search_of_what_is_not_there(audit: Path) -> None:
    ran = refused(audit, "audit", "search", audit, "x", "--document", "nope")
    assert "there is no document 'nope'; this audit has acme-card, beta-report" in ran.err
    ran = refused(audit, "audit", "search", audit, "--question", "DEF")
    assert "there is no question 'DEF'" in ran.err
    shutil.rmtree("library")
    ran = refused(audit, "audit", "search", audit, "goals")
    assert "no document is at hand to search; add or fetch one" in ran.err


# --- Folders that are no audits -----------------------------------------------------------------

COMMANDS: list[list[str]] = [
    ["audit", "check", "{}"],
    ["audit", "verify", "{}"],
    ["audit", "settle", "{}"],
    ["audit", "fetch", "{}"],
    ["audit", "search", "{}", "x"],
    ["audit", "add", "{}", "acme-card.md", *NEW],
    ["audit", "quote", "{}", "acme-card:1:0-9", "--supports", "acme/1:GOALS"],
    ["audit", "grade", "{}", ONE, "GOALS", *TOLD],
    ["audit", "absent", "{}", ONE, "GOALS"],
    ["show", "heatmap", "{}"],
    ["report", "{}", "-o", "site"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "-".join(command[:2]))
def test_a_folder_that_is_no_audit(audit: Path, command: list[str]) -> None:
    Path("plain").mkdir()
    for folder, message in (
        ("nowhere", "nowhere is not a folder"),
        ("acme-card.md", "acme-card.md is not a folder"),
        ("plain", "this folder is no audit; make one with `openbook audit new`"),
    ):
        ran = openbook(*(part.format(folder) for part in command))
        assert ran.status == (1 if folder == "plain" else 2)
        assert message in ran.err
        assert not ran.is_traceback
    assert not list(Path("plain").iterdir())
    assert not Path("site").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "-".join(command[:2]))
def test_an_audit_of_a_newer_format(audit: Path, command: list[str]) -> None:
    path = audit / "audit.toml"
    path.write_text(path.read_text("utf-8").replace("schema = 1", "schema = 2"), "utf-8")
    ran = refused(audit, *(part.format(audit) for part in command))
    assert "written in data format 2; this openbook reads up to 1: update openbook" in ran.err


def test_an_audit_that_cannot_be_written(audit: Path) -> None:
    """Root may write anywhere, so a file stands in the place of each folder."""
    for folder in ("evidence", "reviews"):
        shutil.rmtree(audit / folder)
        (audit / folder).write_text("", "utf-8")
    words = ("--document", "acme-card", "We hired 40 annotators", "--supports", f"{ONE}:GOALS")
    assert "could not be written" in refused(audit, "audit", "quote", audit, *words).err
    given = (TWO, "GOALS", "--grade", "0", *TOLD)
    assert "could not be written" in refused(audit, "audit", "grade", audit, *given).err


# --- Sites and pictures -------------------------------------------------------------------------


def test_a_site_never_takes_the_place_of_other_files(audit: Path) -> None:
    Path("other").mkdir()
    Path("other/notes.txt").write_text("mine", "utf-8")
    ran = refused(audit, "report", audit, "-o", "other")
    assert "other holds files that are no site of ours (notes.txt)" in ran.err
    assert "acme-card.md is a file" in refused(audit, "report", audit, "-o", "acme-card.md").err
    done("report", audit, "-o", "site")
    Path("site/CNAME").write_text("example.org", "utf-8")
    Path("site/.git").mkdir()
    Path("site/.git/HEAD").write_text("ref", "utf-8")
    ran = refused(audit, "report", audit, "-o", "site")
    assert "site holds files that are no site of ours (.git/HEAD and 1 more)" in ran.err
    assert Path("site/CNAME").read_text("utf-8") == "example.org"
    assert not list(Path().glob(".site.*"))


def test_a_site_never_takes_the_place_of_the_audit(audit: Path) -> None:
    ran = refused(audit, "report", audit, "-o", audit)
    assert "the audit audit lies in audit: choose another folder for the site" in ran.err
    assert "lies in" in refused(audit, "report", audit, "-o", ".").err
    for inside in ("audit/settlements", "audit/evidence/site"):
        assert "lies among the audit's files" in refused(audit, "report", audit, "-o", inside).err
    done("report", audit, "-o", "site")
    shutil.copytree(audit, "site/audit")
    assert "lies in site" in refused(audit, "report", "site/audit", "-o", "site").err
    assert Path("site/audit/audit.toml").is_file()
    done("report", audit, "-o", "audit/site")
    assert "no problems" in done("audit", "check", audit).out


def test_a_site_or_picture_that_cannot_be_written(audit: Path) -> None:
    ran = refused(audit, "report", audit, "-o", "acme-card.md/site")
    assert "cannot be written" in ran.err
    ran = refused(audit, "show", "heatmap", audit, "--format", "png", "-o", "acme-card.md/x.png")
    assert "could not be written" in ran.err
    ran = refused(audit, "show", "heatmap", audit, "--format", "gif", status=2)
    assert "'gif' is not one of" in ran.err


def test_the_library_refuses_in_words(audit: Path) -> None:
    assert "nope is not a file" in openbook("library", "add", "nope").err
    known = done("library", "list", "--json").json
    short = openbook("library", "remove", known[0]["sha256"][:5])
    assert short.status == 1
    assert "give at least 6 characters of one" in short.err
    assert done("library", "list", "--json").json == known
