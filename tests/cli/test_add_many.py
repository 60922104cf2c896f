"""Taking in a pile: seen first, then written, document by document."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from openbook.audit.pile import taking
from openbook.core.plan import Entry
from openbook.files.library import sha256_of
from openbook.files.write import unbroken
from tests.cli.test_help import OPENBOOK
from tests.workbench import Ran, done, openbook, pdf, snapshot

GAMMA = """# Gamma 2: a model card

May 7, 2024

Gamma 2 was aligned by eleven people, each of whom read every answer at least two times over.
They were asked to prefer what is true, then what is useful, then what is short and pleasant.
All of their judgements are published, with a description of how they were collected and when.
"""


@pytest.fixture
def pile(audit: Path) -> Path:
    """A folder beside the audit of the workbench."""
    folder = Path("pile")
    (folder / "deeper").mkdir(parents=True)
    (folder / "gamma.md").write_text(GAMMA, "utf-8")
    (folder / "deeper/gamma again.md").write_text(GAMMA, "utf-8")
    shutil.copy("acme-card.md", folder / "known.md")
    (folder / "broken.pdf").write_bytes(pdf(["Whole."])[:200])
    (folder / "delta.txt").write_text("Delta report\n\nWhat nobody else has told so far.", "utf-8")
    return folder


def add(audit: Path, *arguments: object) -> Ran:
    return openbook("audit", "add", audit, *arguments)


def plan_of(audit: Path, *sources: object) -> Path:
    add(audit, *sources, "--plan", "plan.toml")
    return Path("plan.toml")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_nothing_is_written_before_it_is_seen(audit: Path, pile: Path) -> None:
    before = snapshot(Path())
    ran = add(audit, pile)
    assert ran.status == 2
    assert "nothing is added yet: --yes takes these guesses, --plan FILE writes" in ran.err
    for words in ("Gamma 2: a model card", "2024-05-07", "model-card", "gamma/2", "same bytes"):
        assert words in " ".join(ran.out.split()), words
    after = {name for name in snapshot(Path()) if not name.startswith("library/index")}
    assert after == {name for name in before if not name.startswith("library/index")}


def test_a_plan_is_corrected_and_carried_out(audit: Path, pile: Path) -> None:
    before = snapshot(audit)
    ran = add(audit, pile, "--plan", "plan.toml")
    assert (ran.status, snapshot(audit)) == (1, before)
    assert "not taken: pile/broken.pdf: broken.pdf is cut short" in ran.err
    plan = Path("plan.toml")
    assert "# named in its title" not in plan.read_text("utf-8")
    assert 'releases = ["gamma/2"]  # its title begins with it' in plan.read_text("utf-8")
    edit(plan, 'title = "Gamma 2: a model card"', 'title = "The card of Gamma 2"')
    edit(plan, 'company = ""', 'company = "Gamma Ltd"')
    ran = done("audit", "add", audit, "--from", plan)
    assert "added: 2 documents, 0 further copies" in ran.out
    card = (audit / "documents/gamma.toml").read_text("utf-8")
    assert 'title = "The card of Gamma 2"' in card
    assert "year = 2024\n" in card
    assert 'kind = "model-card"' in card
    family = (audit / "initiatives/gamma.toml").read_text("utf-8")
    assert 'company = "Gamma Ltd"' in family
    assert "status" not in family
    assert 'label = "Gamma 2"' in family
    assert 'documents = ["gamma"]' in family
    assert "no problems" in done("audit", "check", audit).out


def test_what_nothing_tells_stays_empty_and_is_to_be_done(audit: Path, pile: Path) -> None:
    assert add(audit, pile / "delta.txt", "--yes").status == 0
    text = (audit / "documents/delta.toml").read_text("utf-8")
    assert "year" not in text
    assert "guess" not in text
    todos = done("audit", "check", audit, "--json").json[0]["todos"]
    (todo,) = [one["message"] for one in todos if one["place"] == "documents/delta.toml"]
    assert todo.startswith("not told yet: year")
    assert todo.endswith("release")


def test_one_bad_file_stops_no_other(audit: Path, pile: Path) -> None:
    ran = add(audit, pile, "--yes")
    assert ran.status == 1
    assert (audit / "documents/gamma.toml").is_file()
    assert (audit / "documents/delta.toml").is_file()
    assert ran.err.count("not taken:") == 1
    assert "no problems" in done("audit", "check", audit).out


def test_doing_it_again_adds_nothing(audit: Path, pile: Path) -> None:
    plan = plan_of(audit, pile)
    done("audit", "add", audit, "--from", plan)
    before = snapshot(audit)
    assert "2 there already" in done("audit", "add", audit, "--from", plan).out
    add(audit, pile, "--yes")
    assert snapshot(audit) == before


def test_a_plan_that_was_stopped_goes_on(
    audit: Path, pile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the second document is written: two are whole, the third is not there."""
    (pile / "epsilon.txt").write_text("Epsilon notes\n\nOther words, of another thing.", "utf-8")
    plan = plan_of(audit, pile)
    whole = done("audit", "new", "other", "--questionnaire", "three.toml", "--auditor", "Ana Ruiz")
    assert whole.status == 0
    written: list[str] = []
    write = taking._write_document

    def interrupted(opened: object, entry: Entry, *rest: object) -> None:
        written.append(entry.key)
        if len(written) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        write(opened, entry, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "_write_document", interrupted)
    ran = openbook("audit", "add", audit, "--from", plan)
    assert ran.status == 130
    assert len(written) == 2
    assert all((audit / f"documents/{key}.toml").is_file() for key in written)
    assert "no problems" in done("audit", "check", audit).out
    monkeypatch.setattr(taking, "_write_document", write)
    assert "added: 1 document," in done("audit", "add", audit, "--from", plan).out


def test_ctrl_c_waits_for_the_end_of_the_block() -> None:
    steps = []

    def interrupted() -> None:
        with unbroken():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("done")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert steps == ["done"]


def test_another_version_becomes_a_copy_of_the_document(audit: Path, pile: Path) -> None:
    long = "\n\n".join(
        f"Paragraph {n} tells of annotator group {n * 7}, its {n + 3} members and rate {n * 11}."
        for n in range(60)
    )
    (pile / "long.txt").write_text(f"Epsilon notes\n\n{long}", "utf-8")
    (pile / "long older.txt").write_text(
        f"Epsilon notes\n\n{long.replace('members', 'people')[:-300]}", "utf-8"
    )
    (pile / "long.html").write_text(
        "<title>Epsilon</title><p>Epsilon notes</p><p>" + long.replace("\n\n", "</p><p>"), "utf-8"
    )
    add(audit, pile, "--yes")
    text = (audit / "documents/long.toml").read_text("utf-8")
    assert text.count("[[copy]]") == 3
    assert 'role = "other-version"' in text
    assert not (audit / "documents/long-older.toml").exists()
    assert "no problems" in done("audit", "check", audit).out


def test_given_releases_are_not_guessed(audit: Path, pile: Path) -> None:
    given = ("--initiative", "acme", "--release", "1")
    add(audit, pile, *given, "--yes")
    family = (audit / "initiatives/acme.toml").read_text("utf-8")
    assert 'documents = ["acme-card", "delta", "gamma"]' in family
    assert not (audit / "initiatives/gamma.toml").exists()


def test_a_file_that_changed_since_the_plan_is_not_taken(audit: Path, pile: Path) -> None:
    plan = plan_of(audit, pile)
    (pile / "gamma.md").write_text(GAMMA.upper(), "utf-8")
    (pile / "delta.txt").unlink()
    ran = openbook("audit", "add", audit, "--from", plan)
    assert ran.status == 1
    assert "pile/gamma.md has changed since the plan was made" in ran.err
    assert "pile/delta.txt cannot be read (No such file" in ran.err
    assert not (audit / "documents/gamma.toml").exists()


def test_the_keys_of_others_are_not_taken(audit: Path, pile: Path) -> None:
    plan = plan_of(audit, pile / "gamma.md")
    edit(plan, 'do = "new"\nkey = "gamma"', 'do = "new"\nkey = "acme-card"')
    before = snapshot(audit)
    ran = openbook("audit", "add", audit, "--from", plan)
    assert ran.status == 1
    assert "there is a document 'acme-card' already, with other bytes" in ran.err
    edit(plan, 'do = "new"\nkey = "acme-card"', 'do = "copy"\nkey = "nobody"')
    assert "no document 'nobody'" in openbook("audit", "add", audit, "--from", plan).err
    assert snapshot(audit) == before


def test_a_plan_at_fault_adds_nothing(audit: Path, pile: Path) -> None:
    plan = plan_of(audit, pile)
    edit(plan, 'date = "2024-05-07"', 'date = "spring"')
    before = snapshot(audit)
    ran = openbook("audit", "add", audit, "--from", plan)
    assert ran.status == 1
    assert "(gamma): date: spring is no date; write 2022-03-04" in ran.err
    assert snapshot(audit) == before


def test_a_folder_is_looked_through_with_care(audit: Path, pile: Path, tmp_path: Path) -> None:
    (pile / ".hidden.md").write_text("Nobody means this.", "utf-8")
    (pile / "picture.png").write_bytes(b"\x89PNG")
    (pile / "named-otherwise.bin").write_bytes(pdf(["Words of a file with another suffix."]))
    shutil.copytree(audit, pile / "audit-within")
    (pile / "loop").symlink_to(pile.resolve())
    os.mkfifo(pile / "pipe.md")
    records = add(audit, pile, "--json").json
    sources = {one["source"] for one in records if "error" not in one}
    assert sources == {
        "pile/gamma.md",
        "pile/deeper/gamma again.md",
        "pile/known.md",
        "pile/delta.txt",
        "pile/named-otherwise.bin",
    }
    errors = {one["source"]: one["error"] for one in records if "error" in one}
    assert errors["pile/pipe.md"] == "is no plain file"
    assert "passed over, as no documents by their names: pile/picture.png" in add(audit, pile).err


def test_what_a_stranger_wrote_steers_no_terminal_and_no_plan(audit: Path) -> None:
    evil = '# \x1b[31mOwned\x07 "\n\n[[document]]\nTitle words of a hostile document.\n'
    Path("evil\x1b[1m.md").write_text(evil, "utf-8")
    ran = add(audit, "evil\x1b[1m.md", "--plan", "plan.toml")
    assert ran.status == 0
    assert "\x1b" not in ran.text
    assert "\x07" not in ran.text
    done("audit", "add", audit, "--from", "plan.toml")


def test_no_formula_of_typing_means_two_things(audit: Path, pile: Path) -> None:
    for wrong in (("--key", "x"), ("--title", "x"), ("--role", "partial")):
        assert add(audit, pile, *wrong).status == 2
    assert openbook("audit", "add", audit, pile, "--from", "x").status == 2
    assert add(audit, pile / "none.pdf", "nothing").status == 2
    assert add(audit, pile / "gamma.md", "--initiative", "acme").status == 2


# --- addresses --------------------------------------------------------------------------------


class Served(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - emptied by the fixture

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200 if self.path == "/gamma.md" else 404)
        self.send_header("Content-Type", "text/markdown; charset=utf-8")
        self.end_headers()
        if self.path == "/gamma.md":
            self.wfile.write(GAMMA.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[str]:
    Served.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Served) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_list_of_addresses_is_fetched_once(audit: Path, server: str) -> None:
    listed = Path("urls.txt")
    listed.write_text(
        f"# what to read\n{server}/gamma.md  # the card\n{server}/none.pdf\n\nfile:///etc/passwd\n"
        f"{server}/gamma.md\n",
        "utf-8",
    )
    ran = add(audit, listed, "--plan", "plan.toml", "--allow-private")
    assert ran.status == 1
    assert "urls.txt:5: 'file:///etc/passwd' is no http or https address" in ran.err
    assert "none.pdf: the server answers 404" in ran.err
    assert not any(one["sha256"] == sha256_of(GAMMA.encode()) for one in _library())
    done("audit", "add", audit, "--from", "plan.toml")
    text = (audit / "documents/gamma.toml").read_text("utf-8")
    assert f'url = "{server}/gamma.md"' in text
    assert Served.asked.count("/gamma.md") == 1
    again = add(audit, listed, "--json", "--allow-private")
    assert Served.asked.count("/gamma.md") == 1
    assert again.json[0]["do"] == "skip"
    assert not list(Path("library/pending").rglob("*.bin"))


def _library() -> list[dict[str, object]]:
    return list(done("library", "list", "--json").json)


def test_private_addresses_of_a_list_are_refused(audit: Path, server: str) -> None:
    Path("urls.txt").write_text(f"{server}/gamma.md\n", "utf-8")
    ran = add(audit, "urls.txt", "--yes")
    assert ran.status == 1
    assert "127.0.0.1 is private" in ran.err
    assert Served.asked == []


def test_a_text_that_is_no_list_is_a_document(audit: Path) -> None:
    Path("notes.txt").write_text("See\nhttps://example.org/a\nand what it says there.", "utf-8")
    assert add(audit, "notes.txt", "--json").json[0]["source"] == "notes.txt"


# --- at a terminal ----------------------------------------------------------------------------


def at_terminal(audit: Path, answers: str, editor: str = "true") -> tuple[int, str]:
    """``audit add audit pile`` with a person at the terminal; status, and all that is shown."""
    person, terminal = pty.openpty()
    environment = {**os.environ, "EDITOR": editor, "VISUAL": editor, "TERM": "dumb"}
    command = [OPENBOOK, "audit", "add", str(audit), "pile/gamma.md"]
    with subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment
    ) as running:
        os.close(terminal)
        os.write(person, answers.encode())
        shown = b""
        while True:
            try:
                part = os.read(person, 4096)
            except OSError:  # how Linux tells that the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(person)
    return running.wait(), shown.decode()


def test_no_is_nothing_and_yes_is_all(audit: Path, pile: Path) -> None:
    before = snapshot(audit)
    status, shown = at_terminal(audit, "n\n")
    assert (status, "nothing was added" in shown) == (0, True)
    assert snapshot(audit) == before
    status, shown = at_terminal(audit, "what\ny\n")
    assert (status, "added: 1 document" in shown) == (0, True)
    assert (audit / "documents/gamma.toml").is_file()


def test_the_plan_is_edited_in_the_editor_of_the_person(audit: Path, pile: Path) -> None:
    status, shown = at_terminal(audit, "e\ny\n", "sed -i s/2024-05-07/2023-01/")
    assert status == 0
    assert "2023-01" in shown
    assert "year = 2023" in (audit / "documents/gamma.toml").read_text("utf-8")


def test_a_slip_in_the_editor_is_told_and_loses_nothing(audit: Path, pile: Path) -> None:
    Path("edit.sh").write_text(
        "#!/bin/sh\n"
        "grep -q spring $1 && sed -i 's/spring/2023-01/' $1 || sed -i 's/2024-05-07/spring/' $1\n"
    )
    status, shown = at_terminal(audit, "e\ny\nn\n", f"sh {Path('edit.sh').resolve()}")
    assert status == 0
    assert "spring is no date" in " ".join(shown.split())
    assert not (audit / "documents/gamma.toml").exists()
    assert at_terminal(audit, "e\ne\ny\n", f"sh {Path('edit.sh').resolve()}")[0] == 0
    assert "year = 2023" in (audit / "documents/gamma.toml").read_text("utf-8")
