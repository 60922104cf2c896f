"""Which files are an audit: those that are read, and no others."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from openbook.files import read
from openbook.files.texts import PATTERNS, is_text, texts
from tests.files.audits import SMALL


def test_every_file_that_is_read_is_one_and_no_other() -> None:
    code = inspect.getsource(read)
    found = set(re.findall(r'(?:files|keyed)\("([^"]+)"', code))
    found |= {f"{one}/*/*.toml" for one in re.findall(r'_by_cell\(reader, "(\w+)"', code)}
    found |= set(re.findall(r'folder / "(\w+\.toml)"', code))
    assert set(PATTERNS) == found


@pytest.mark.parametrize("name", SMALL)
def test_the_files_of_an_audit_are(name: str) -> None:
    assert is_text(name)


@pytest.mark.parametrize(
    "name",
    [
        "library/documents/ab/abc.bin",
        "notes.toml",
        "evidence/deep/one.toml",
        "evidence/.hidden.toml",
        ".git/config",
        "evidence/one.toml.part",
        "reviews/ana/acme.toml",
        "../audit.toml",
        "audit.toml/x",
    ],
)
def test_others_are_not(name: str) -> None:
    assert not is_text(name)


def test_a_link_that_leads_out_is_told_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("key = 1")
    audit = tmp_path / "audit"
    (audit / "evidence").mkdir(parents=True)
    (audit / "audit.toml").write_text("schema = 1")
    (audit / "evidence" / "one.toml").symlink_to(tmp_path / "secret.toml")
    found, problems = texts(audit)
    assert list(found) == ["audit.toml"]
    assert [str(one) for one in problems] == ["evidence/one.toml: is no plain file in the folder"]
