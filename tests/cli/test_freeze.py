"""Editions: the same records give the same bytes, and whatever is changed afterwards is told."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from openbook.cli import terms
from tests.workbench import done, openbook, snapshot

NAME = "audit-2026.1"


def frozen(audit: Path, edition: str = "2026.1", *more: object) -> dict[str, bytes]:
    done("audit", "freeze", audit, edition, *more)
    return snapshot(Path(f"audit-{edition}"))


def test_an_edition_holds_records_site_hashes_and_citations(audit: Path) -> None:
    before = snapshot(audit)
    ran = done("audit", "freeze", audit, "2026.1", "--licence", "CC-BY-4.0", "--json")
    (said,) = ran.json
    found = snapshot(Path(NAME))
    assert snapshot(audit) == before
    assert said["files"] == len(found)
    assert said["is_new"]
    manifest = json.loads(found["edition.json"])
    assert manifest["sha256"] == said["sha256"]
    assert manifest["counts"]["settled"] == 4
    assert manifest["quotes"] == {"verified": 4}
    assert manifest["authors"] == ["Ana Ruiz"]
    copies = [copy for one in manifest["documents"] for copy in one["copies"]]
    assert [copy["checked_against"] for copy in copies] == [True, True]
    for name in ("CITATION.cff", "citation.bib", ".zenodo.json"):
        assert b"2026.1" in found[name]
        assert said["sha256"].encode() in found[name]
    assert b'family-names: "Ruiz"' in found["CITATION.cff"]
    assert json.loads(found[".zenodo.json"])["creators"] == [{"name": "Ruiz, Ana"}]
    assert b'edition = "2026.1"' in found["audit/audit.toml"]
    assert b"data edition 2026.1" in found["site/index.html"]


def test_documents_are_not_in_it(audit: Path) -> None:
    (audit / "library").mkdir()
    for path in Path("library").rglob("*.bin"):
        shutil.copy(path, audit / "library")
    (audit / "notes.txt").write_text("mine")
    found = frozen(audit)
    documents = [Path(one).read_bytes() for one in ("acme-card.md", "beta-report.pdf")]
    assert not [name for name, data in found.items() if data in documents or data == b"mine"]


def test_freezing_again_gives_the_same_bytes(
    audit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, archive = frozen(audit), Path(f"{NAME}.zip").read_bytes()
    assert "it was there already" in done("audit", "freeze", audit, "2026.1").out

    other = tmp_path / "elsewhere" / "a copy"
    for name in sorted(snapshot(audit), reverse=True):  # written in another order
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(audit / name, other / name)
    subprocess.run(["git", "init", "-q", other], check=True)
    for command in (["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm."]):
        subprocess.run(["git", "-C", other, *command], check=True)
    monkeypatch.setattr(terms, "today", lambda: dt.date(2031, 1, 1))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    before = os.umask(0o077)
    try:
        done("audit", "freeze", other, "2026.1", "-o", tmp_path / "x" / "y")
    finally:
        os.umask(before)
    assert snapshot(tmp_path / "x" / "y") == first
    assert (tmp_path / "x" / "y.zip").read_bytes() == archive


def test_folder_and_zip_hold_the_same(audit: Path) -> None:
    found = frozen(audit)
    with zipfile.ZipFile(f"{NAME}.zip") as archive:
        assert {one: archive.read(one) for one in archive.namelist()} == {
            f"{NAME}/{name}": data for name, data in found.items()
        }


def test_the_hashes_are_those_of_sha256sum(audit: Path) -> None:
    frozen(audit)
    ran = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"],
        cwd=NAME,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "")
    (command,) = re.findall(r"LC_ALL=C grep.*", Path(NAME, "README.md").read_text())
    said = subprocess.run(command, shell=True, cwd=NAME, capture_output=True, check=True).stdout
    assert said[:64].decode() == json.loads(Path(NAME, "edition.json").read_text())["sha256"]


def test_an_edition_never_changes(audit: Path) -> None:
    before = frozen(audit)
    archive = Path(f"{NAME}.zip").read_bytes()
    told = ("--answer", "Else.", "--reason", "Read again.")
    done("audit", "grade", audit, "acme/1", "GOALS", "which=vague", "who=stated", *told)
    done("audit", "settle", audit)
    ran = openbook("audit", "freeze", audit, "2026.1")
    assert ran.status == 1
    assert "an edition never changes" in ran.err
    assert snapshot(Path(NAME)) == before
    shutil.rmtree(NAME)
    ran = openbook("audit", "freeze", audit, "2026.1")
    assert ran.status == 1
    assert f"{NAME}.zip is there already" in ran.err
    assert not Path(NAME).exists()
    assert Path(f"{NAME}.zip").read_bytes() == archive
    assert frozen(audit, "2026.2") != before


@pytest.mark.parametrize(
    ("path", "was", "now"),
    [
        ("evidence/acme-card.toml", "We hired 40", "We hired 60"),  # a quote that does not stand
        ("findings/acme/1.toml", "grade = 4", "grade = 3"),  # by hand
        ("audit.toml", "schema", "skema"),  # not readable
    ],
)
def test_an_audit_with_problems_is_not_frozen(audit: Path, path: str, was: str, now: str) -> None:
    text = (audit / path).read_text("utf-8")
    assert was in text
    (audit / path).write_text(text.replace(was, now), "utf-8")
    ran = openbook("audit", "freeze", audit, "2026.1")
    assert ran.status == 1, ran.text
    assert "problem" in ran.err or "cannot be read" in ran.err
    assert not Path(NAME).exists()
    assert not Path(f"{NAME}.zip").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("../x",), "cannot name an edition"),
        (("2026 1",), "cannot name an edition"),
        (("1", "--url", "javascript:alert(1)"), "no http or https address"),
        (("1", "--licence", "free for all"), "no SPDX name"),
        (("1", "--date", "yesterday"), "is no date"),
        (("1", "-o", "audit/evidence/x"), "among the audit's files"),
        (("1", "-o", "."), "the audit audit lies in"),
    ],
)
def test_wrong_use_is_refused(audit: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = openbook("audit", "freeze", audit, *arguments)
    assert ran.status == 2, ran.text
    assert said in ran.err


def test_a_model_is_no_author(audit: Path) -> None:
    text = (audit / "audit.toml").read_text("utf-8")
    (audit / "audit.toml").write_text(text.replace('"person"', '"model"'), "utf-8")
    ran = openbook("audit", "freeze", audit, "2026.1")
    assert ran.status == 2
    assert "name who does with --by" in ran.err
    found = frozen(audit, "2026.1", "--by", "The University of X", "--by", "Ruiz, Ana")
    assert b'  - name: "The University of X"\n  - family-names: "Ruiz"' in found["CITATION.cff"]
    assert b"1 language model, 0 people (Ana Ruiz)" in found["citation.bib"]
    assert b"author = {{The University of X} and Ruiz, Ana}" in found["citation.bib"]


def test_texts_cannot_break_a_citation(audit: Path) -> None:
    text = (audit / "audit.toml").read_text("utf-8")
    title = r"""title = "A \"q\": {x} & $1 %\nlicense: \u202eGPL" """
    (audit / "audit.toml").write_text(re.sub("title = .*", lambda _: title, text), "utf-8")
    found = frozen(audit)
    for line in found["CITATION.cff"].decode().splitlines():
        _, _, value = line.partition(": ")
        if value.startswith('"'):
            json.loads(value)
    assert b"\nlicense" not in found["CITATION.cff"]
    assert rb"\& \$1 \%" in found["citation.bib"]
    assert found["citation.bib"].count(b"{") == found["citation.bib"].count(b"}")


def test_addresses_of_cells_outlive_changes(audit: Path) -> None:
    """Other titles, another order, another question, other grades: an address that was cited in the
    first edition leads to the same cell in the second."""
    first = frozen(audit)
    cited = json.loads(first["site/downloads/addresses.json"])
    assert {(one["release"], one["question"]) for one in cited} == {
        (release, question)
        for release in ("acme/1", "beta-labs/2")
        for question in ("GOALS", "PEOPLE", "RELEASED")
    }
    edit(audit / "questionnaire.toml", '[[question]]\nkeyword = "GOALS"', NEW_QUESTION)
    edit(audit / "questionnaire.toml", 'title = "Goals"', 'title = "Aims"')
    edit(audit / "audit.toml", '"acme", "beta-labs"', '"beta-labs", "acme"')
    edit(audit / "initiatives/acme.toml", 'name = "', 'name = "Renamed ')
    second = frozen(audit, "2026.2")
    for one in cited:
        page, _, id_ = one["address"].partition("#")
        for found in (first, second):
            text = found[f"site/{page}"].decode()
            assert f'id="{id_}"' in text
        assert f'href="{one["address"]}"'.encode() in second["site/addresses.html"]
    assert len(json.loads(second["site/downloads/addresses.json"])) == len(cited) + 2


NEW_QUESTION = """[[question]]
keyword = "NEW"
title = "New"
wording = "What is new?"

[[question]]
keyword = "GOALS\""""


def edit(path: Path, was: str, now: str) -> None:
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), "utf-8")


# --- Checking an edition ----------------------------------------------------------------------


def test_an_edition_as_frozen_is_said_to_be(audit: Path) -> None:
    frozen(audit)
    for path in (NAME, f"{NAME}.zip"):
        ran = done("audit", "verify-edition", path)
        assert "audit 2026.1: " in ran.out
        assert "all as frozen" in ran.out
    said = done("audit", "verify-edition", NAME, "--json").json[0]
    assert said["sha256"] == json.loads(Path(NAME, "edition.json").read_text())["sha256"]
    assert said["problems"] == []


def test_what_was_changed_is_said(audit: Path) -> None:
    frozen(audit)
    edit(Path(NAME, "audit/findings/acme/1.toml"), "grade = 4", "grade = 3")
    Path(NAME, "site/index.html").unlink()
    Path(NAME, "site/extra.html").write_text("x")
    (said,) = openbook("audit", "verify-edition", NAME, "--json").json
    assert {one["file"]: one["message"] for one in said["problems"]} == {
        "audit/findings/acme/1.toml": "was changed",
        "site/index.html": "is missing",
        "site/extra.html": "is not in SHA256SUMS: it was added",
    }
    assert openbook("audit", "verify-edition", NAME).status == 1


def test_hashes_made_anew_do_not_hide_a_change(audit: Path) -> None:
    frozen(audit)
    edit(Path(NAME, "audit/findings/acme/1.toml"), "grade = 4", "grade = 3")
    names = [line[66:] for line in Path(NAME, "SHA256SUMS").read_text().splitlines()]
    made = subprocess.run(["sha256sum", *names], cwd=NAME, capture_output=True, check=True).stdout
    Path(NAME, "SHA256SUMS").write_bytes(made)
    ran = openbook("audit", "verify-edition", NAME)
    assert ran.status == 1
    assert "edition.json: names another hash of the whole" in ran.out


def test_what_is_no_edition_is_refused(audit: Path) -> None:
    assert openbook("audit", "verify-edition", "nowhere").status == 2
    for path in (audit, Path("acme-card.md")):
        ran = openbook("audit", "verify-edition", path)
        assert ran.status == 1
        assert not ran.is_traceback


def test_names_and_texts_of_others_do_not_reach_the_terminal_raw(audit: Path) -> None:
    frozen(audit)
    Path(NAME, "site", "\x1b[2Jx").write_text("x")
    manifest = json.loads(Path(NAME, "edition.json").read_text())
    Path(NAME, "edition.json").write_text(json.dumps(manifest | {"audit": "\x1b[2Jx"}))
    ran = openbook("audit", "verify-edition", NAME)
    assert ran.status == 1
    assert "it was added" in ran.out
    assert "\x1b" not in ran.text


@pytest.mark.parametrize("manifest", ["", "[]", "null", "{", "[" * 100_000, '{"sha256": 1}'])
def test_a_broken_manifest_is_a_fault_and_no_more(audit: Path, manifest: str) -> None:
    frozen(audit)
    Path(NAME, "edition.json").write_text(manifest)
    ran = openbook("audit", "verify-edition", NAME)
    assert ran.status == 1
    assert "edition.json: was changed" in ran.out
    assert not ran.is_traceback
