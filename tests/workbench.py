"""A workbench: small documents, a questionnaire of three, the command line in this process."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from openbook.cli.main import run

CARD = """# Acme One

Acme One was aligned with two goals: to be helpful and to be safe. We set these goals ourselves,
in a series of meetings of the safety team.

When the goals conflict, annotators were told to prefer safety over helpfulness.

We hired 40 annotators through an agency [1] in Lisbon. We do not share where they live.
"""

REPORT = (
    "Beta was trained on 12,000 comparisons of two responses.",
    "Reviewers were chosen by a test. We removed comparisons on which reviewers disagreed.",
)

QUESTIONS = """schema = 1
id = "three"
title = "Three questions"

[scale]
0 = "Nothing"
1 = "A hint"
2 = "Some"
3 = "Most"
4 = "All"

[[question]]
keyword = "GOALS"
title = "Goals"
phase = "before"
wording = "Which goals, set by whom?"

[[question.point]]
key = "which"
text = "Which goals"
queries = ["goals", "helpful", "safe"]

[[question.point]]
key = "who"
text = "Who set them"
queries = ["set these goals"]

[[question]]
keyword = "PEOPLE"
title = "People"
wording = "Who judged?"

[[question.point]]
key = "number"
text = "How many"
queries = ["annotators", "reviewers"]

[[question.point]]
key = "location"
text = "Where"
queries = ["live"]

[[question]]
keyword = "RELEASED"
title = "Released"
wording = "Are the data published?"

[[question.point]]
key = "published"
text = "Whether they are published"
queries = ["share", "responses"]
"""


def clock() -> dt.datetime:
    """A clock that stands still."""
    return dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


class Ran(NamedTuple):
    """What a command gave."""

    status: int
    out: str
    err: str
    data: bytes = b""

    @property
    def text(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def is_traceback(self) -> bool:
        return "Traceback" in self.text or "should not have happened" in self.text


def openbook(*arguments: object) -> Ran:
    """Run the command line in this process."""
    data = io.BytesIO()
    out, err = io.TextIOWrapper(data, "utf-8", write_through=True), io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run([str(one) for one in arguments])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
    return Ran(status, data.getvalue().decode("utf-8", "replace"), err.getvalue(), data.getvalue())


def done(*arguments: object) -> Ran:
    """Run a command that must succeed."""
    ran = openbook(*arguments)
    assert ran.status == 0, f"{arguments}\n{ran.text}"
    return ran


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of an audit with its bytes, the lock left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".openbook.lock"
    }


def pdf(pages: Sequence[str], password: str = "") -> bytes:
    """A small PDF with a line of text on each page; a page without text is blank."""
    writer = pypdf.PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(width=900, height=200)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode() if text else b"")
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def write_sources(folder: Path) -> None:
    """The questionnaire and the two documents as files."""
    (folder / "three.toml").write_text(QUESTIONS, "utf-8")
    (folder / "acme-card.md").write_text(CARD, "utf-8")
    (folder / "beta-report.pdf").write_bytes(pdf(REPORT))


def build(folder: Path, sources: Path) -> Path:
    """A settled audit of two releases: quotes, three grades, one absence."""
    done("audit", "new", folder, "--questionnaire", sources / "three.toml", "--auditor", "Ana Ruiz")
    card, report = sources / "acme-card.md", sources / "beta-report.pdf"
    done("audit", "add", folder, card, "--initiative", "acme", "--release", "1")
    done("audit", "add", folder, report, "--initiative", "beta-labs", "--release", "2")
    one, two = "acme/1", "beta-labs/2"
    for document, words, supports in (
        ("acme-card", "We set these goals ourselves", f"{one}:GOALS.who"),
        ("acme-card", "two goals: to be helpful and to be safe", f"{one}:GOALS.which"),
        ("acme-card", "We hired 40 annotators", f"{one}:PEOPLE.number"),
        ("beta-report", "Reviewers were chosen by a test.", f"{two}:PEOPLE"),
    ):
        done("audit", "quote", folder, "--document", document, words, "--supports", supports)
    told = ("--answer", "Told.", "--reason", "Read.")
    done("audit", "grade", folder, one, "GOALS", "which=stated", "who=stated", *told)
    done("audit", "grade", folder, one, "PEOPLE", "number=stated", "location=absent", *told)
    done("audit", "grade", folder, two, "PEOPLE", "number=vague", "location=absent", *told)
    done("audit", "absent", folder, one, "RELEASED")
    done("audit", "settle", folder)
    return folder


def prepare(root: Path) -> None:
    """Sources, a library and an audit under ``root``, as :func:`use` copies them for each test."""
    write_sources(root)
    build(root / "audit", root)


def use(template: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh copy of a prepared audit, with a library of its own; its folder."""
    shutil.copytree(template, target, dirs_exist_ok=True)
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(target / "library"))
    monkeypatch.chdir(target)
    return Path("audit")
