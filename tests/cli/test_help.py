"""The commands as a newcomer meets them: as real processes where that matters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workbench import done, openbook

OPENBOOK = Path(sys.executable).with_name("openbook")

COMMANDS = [
    "demo",
    "report",
    "show heatmap",
    "show questions",
    *(f"audit {name}" for name in "new add fetch search read quote grade absent verify".split()),
    *(f"audit {name}" for name in "check settle decide correct suggest proposals".split()),
    *(f"library {name}" for name in "add list verify remove".split()),
]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help_in_whole_sentences(command: str) -> None:
    shown = done(*command.split(), "--help").out
    assert shown.startswith("Usage: ")
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.parametrize("group", ["", "audit", "show", "library"])
def test_a_group_without_a_command_shows_its_help(group: str) -> None:
    ran = openbook(*group.split())
    assert ran.status == 2
    assert "Commands:" in ran.text


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"],
        ["audit", "nope"],
        ["audit", "check"],
        ["audit", "check", "a", "b"],
        ["audit", "check", "a", "--nope"],
        ["audit", "add", "a"],
        ["audit", "add", "a", "b", "--from", "c"],
        ["audit", "add", "a", "b", "c", "--key", "d"],
        ["audit", "new", "a", "--like", "x", "--copy", "y"],
        ["show", "heatmap", "a", "--format", "gif"],
        ["report", "a"],
        ["library", "remove"],
        ["audit", "check", ""],
        ["report", "a", "-o", ""],
        ["show", "heatmap", "a", "-o", " "],
    ],
    ids=" ".join,
)
def test_wrong_use_is_status_2_and_says_what_is_wrong(arguments: list[str]) -> None:
    ran = openbook(*arguments)
    assert ran.status == 2
    assert "Error: " in ran.err or "Usage: " in ran.err
    assert not ran.is_traceback


def test_the_installed_command_loads_no_room_to_show_help() -> None:
    """What keeps its start quick; how quick it is, `make bench` measures."""
    script = (
        "import sys; import openbook.cli.main; "
        "print(sorted({'httpx', 'pypdfium2', 'PIL', 'pydantic', 'rapidfuzz', 'sqlite3', 'jinja2', "
        "'tomlkit', 'rich.progress'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_installed_command_tells_its_errors_and_status(audit: Path) -> None:
    def status(*arguments: str) -> tuple[int, str]:
        ran = subprocess.run([OPENBOOK, *arguments], capture_output=True, text=True, check=False)
        assert "Traceback" not in ran.stderr
        return ran.returncode, ran.stdout + ran.stderr

    assert status("--version")[0] == 0
    assert status("audit", "check", str(audit))[0] == 0
    assert status("audit", "check", "nowhere") == (2, "openbook: nowhere is not a folder\n")
    assert status("audit", "check")[0] == 2


@pytest.mark.parametrize(
    "command", ["audit search {audit} goals -n 1000", "audit verify {audit} --json", "--help"]
)
def test_a_reader_that_goes_away_is_no_error_worth_words(audit: Path, command: str) -> None:
    line = f"sleep 1 | {OPENBOOK} {command.format(audit=audit)} | :; exit ${{PIPESTATUS[1]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.returncode == 141


def test_ctrl_c_is_told_in_words() -> None:
    script = (
        "import openbook.cli.main as main\n"
        "import openbook.audit.opened as opened\n"
        "def stop(folder): raise KeyboardInterrupt\n"
        "opened.open_audit = stop\n"
        "main.run(['audit', 'check', 'here'])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert ran.returncode == 130
    assert ran.stderr.decode().strip() == "openbook: stopped; what was written so far is whole"


def _in_shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a disk that is full")
def test_output_that_cannot_be_written_is_an_error(audit: Path) -> None:
    for command in ("--version", f"show heatmap {audit} --format json", f"audit verify {audit}"):
        ran = _in_shell(f"{OPENBOOK} {command} > /dev/full")
        assert ran.returncode == 1
        assert ran.stderr.strip() == "openbook: the output: No space left on device"


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(audit: Path, closed: str) -> None:
    for command in (f"show heatmap {audit} --format json", f"audit verify {audit}"):
        ran = _in_shell(f"{OPENBOOK} {command} {closed}")
        assert ran.returncode == 0
        assert "should not have happened" not in ran.stdout + ran.stderr


def test_a_terminal_that_knows_few_characters(audit: Path) -> None:
    card = (audit / "../acme-card.md").read_text("utf-8").replace("the safety team", "théâtre 日本")
    Path("other.md").write_text(card, "utf-8")
    done("audit", "add", audit, "other.md", "--initiative", "acme", "--release", "1")
    search = f"{OPENBOOK} audit search {audit} meetings --document other"
    found = _in_shell(f"{search} --json", PYTHONIOENCODING="ascii")
    assert "théâtre 日本" in found.stdout
    assert _in_shell(f"{search} >/dev/null", PYTHONIOENCODING="cp1252").returncode == 0
    name = os.fsdecode(b"caf\xe9.txt")
    Path(name).write_text("Words.", "utf-8")
    kept = _in_shell(f"{OPENBOOK} library add caf*.txt")
    assert (kept.returncode, kept.stderr) == (0, "")


def test_what_is_read_by_programs_is_json(audit: Path) -> None:
    told = ("--answer", "A", "--reason", "R", "--json")
    graded = done("audit", "grade", audit, "acme/1", "GOALS", "which=stated", "who=stated", *told)
    assert graded.json[0]["grade"] == 4
    assert graded.json[0]["suggested"] == [4, 4]
    assert len(graded.json[0]["evidence"]) == 2
    absent = done("audit", "absent", audit, "beta-labs/2", "RELEASED", "--json").json[0]
    assert absent["search"].startswith("search-")
    words = ("--document", "acme-card", "We hired 40 annotators")
    again = done("audit", "quote", audit, *words, "--supports", "acme/1:PEOPLE", "--json").json[0]
    assert again["is_new"] is False
    assert done("audit", "settle", audit, "--json").json == [{"settled": 5, "disputed": []}]
    release = ("--initiative", "acme", "--release", "2")
    added = done("audit", "add", audit, "beta-report.pdf", *release, "--json").json[0]
    assert (added["document"], added["release"], added["pages"]) == ("beta-report", "acme/2", 2)
    assert added["is_new"] is False
    again = done("audit", "fetch", audit, "--again", "--json")  # they never had an address
    assert {one["error"] for one in again.json} == {"no address to fetch it from"}
    assert done("audit", "fetch", audit, "--json").json == []
    assert done("library", "list", "--json").json[0].keys() == {"sha256", "bytes"}
