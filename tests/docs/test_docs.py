"""The documentation says what is so: its commands run, its numbers are computed, its links lead."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import threading
import tomllib
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from bench.pile import make_pile
from bench.scans import WAYS, scanned
from openbook.audit.new import new_audit
from openbook.audit.opened import open_audit
from openbook.audit.quoting.verify import Reader, check_quote
from openbook.cli.main import app
from openbook.core.evidence import QuoteEvidence
from openbook.core.grade import suggest
from openbook.core.questionnaire import Point, Question
from openbook.core.review import PointState
from openbook.files import shapes as sh
from openbook.files.crosswalks import CrosswalkShape
from openbook.files.library import sha256_of
from openbook.files.load import shaped
from openbook.files.read import HEAD_FIELDS
from openbook.sources.scan_engine import engine
from tests.corpus import CORPUS
from tests.docs import crosswalk, numbers
from tests.docs.pages import (
    PAGES,
    ROOT,
    Block,
    anchors,
    blocks,
    commands,
    inline_commands,
    links,
    name,
    sections,
    table_after,
    text_of,
)

DOCUMENTS = ("deepseek-v2.pdf", "deepseek-r1.pdf")
PILED = "mistral-7b deepseek-r1 claude-constitution anthropic-2023 bai-2022b kimi-k2".split()
"""The documents that the pile of a page is made of: enough for every kind of file."""
SCAN = "deepseek-scan.pdf"
"""A page of the first of the documents, as a picture."""
DOCS = ROOT / "docs"
every_page = pytest.mark.parametrize("page", PAGES, ids=name)


# --- Commands ---------------------------------------------------------------------------------


class Command(NamedTuple):
    """A command of the program and its options, as it knows them."""

    words: tuple[str, ...]
    options: frozenset[str]


@cache
def tree() -> dict[tuple[str, ...], Command]:
    """Every command and group, by its words after ``openbook``."""
    found: dict[tuple[str, ...], Command] = {}

    def walk(node: Any, words: tuple[str, ...]) -> None:
        options = {
            option
            for param in node.params
            if param.param_type_name == "option"
            for option in (*param.opts, *param.secondary_opts)
        }
        found[words] = Command(words, frozenset(options | {"--help"}))
        for word, child in getattr(node, "commands", {}).items():
            walk(child, (*words, word))

    walk(typer.main.get_command(app), ())
    return found


def leaves() -> list[Command]:
    """The commands that do something."""
    groups = {words[:-1] for words in tree() if words}
    return [command for words, command in tree().items() if words not in groups]


def faults(words: list[str]) -> Iterator[str]:
    """What is wrong with a command as a page shows it."""
    known: tuple[str, ...] = ()
    for word in words[1:]:
        if (*known, word) not in tree():
            break
        known = (*known, word)
    rest = words[1 + len(known) :]
    is_group = any(other[:-1] == known for other in tree() if other)
    if is_group and rest and not rest[0].startswith("-") and rest[0] != "COMMAND":
        yield f"no command {' '.join(words)}"
    for word in rest:
        option = word.partition("=")[0]
        if re.fullmatch(r"--?[a-z][a-z-]*", option) and option not in tree()[known].options:
            yield f"{' '.join(('openbook', *known))} has no option {option}"


@every_page
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    shown = [
        words
        for block in blocks(page)
        if block.language in ("sh", "console")
        for words in commands(block.body)
    ]
    ours = [words for words in (*shown, *inline_commands(page)) if words[0] == "openbook"]
    assert [fault for words in ours for fault in faults(words)] == []


@every_page
def test_every_make_target_shown_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    in_blocks = {
        words[1]
        for block in blocks(page)
        if block.language in ("sh", "console")
        for words in commands(block.body)
        if words[0] == "make"
    }
    assert in_blocks | set(re.findall(r"`make ([a-z]+)`", text_of(page))) <= targets


RUNNABLE = [page for page in PAGES if any(block.directive for block in blocks(page))]


def test_there_are_pages_to_run() -> None:
    assert {name(page) for page in RUNNABLE} >= {"README.md", "docs/audit-your-own.md"}


@pytest.mark.parametrize("page", RUNNABLE, ids=name)
def test_the_commands_of_a_page_run_in_order(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = [block for block in blocks(page) if block.directive]
    used = {one for one in DOCUMENTS if any(one in block.body for block in run)}
    for one in used:
        if not (CORPUS / "docs" / one).is_file():
            pytest.skip(f"{one} is not at hand in {CORPUS / 'docs'}")
        shutil.copy(CORPUS / "docs" / one, tmp_path)
    if any(SCAN in block.body for block in run):
        if engine() is None or not (CORPUS / "docs" / DOCUMENTS[0]).is_file():
            pytest.skip(f"no engine that reads scans, or nothing to scan in {CORPUS / 'docs'}")
        data = (CORPUS / "docs" / DOCUMENTS[0]).read_bytes()
        (tmp_path / SCAN).write_bytes(scanned(data, [17], WAYS[1]))
    if any(" pile " in block.body for block in run):
        if not (CORPUS / "docs").is_dir():
            pytest.skip(f"there is nothing to make a pile of in {CORPUS / 'docs'}")
        make_pile(tmp_path / "pile", PILED)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("OPENBOOK_AUDITOR", raising=False)
    with contextlib.ExitStack() as stack:
        served = None
        if any(SERVED in block.body for block in run):
            (tmp_path / "www").mkdir()
            served = stack.enter_context(serving(tmp_path / "www"))
        for block in run:
            carry_out(block, served or SERVED)


SERVED = "127.0.0.1:8000"
"""Where a page says that ``www`` is served; in a test any port that is free stands for it."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A folder, served on loopback; where."""

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            # Within a second a file may change, and Last-Modified would not tell.
            del self.headers["If-Modified-Since"]
            super().do_GET()

        def log_message(self, *_: object) -> None: ...

    made = partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), made) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def carry_out(block: Block, served: str) -> None:
    """Do what a block's directive says."""
    verb, _, object_ = block.directive.partition(": ")
    if verb in ("append", "write"):
        with Path(object_).open(verb[0], encoding="utf-8") as file:
            file.write(block.body)
        return
    assert verb == "run"
    expected = int(object_.removeprefix("status ")) if object_ else 0
    for words in commands(block.body):
        assert words[0] == "openbook"
        result = CliRunner().invoke(app, [word.replace(SERVED, served) for word in words[1:]])
        assert result.exit_code == expected, (
            f"{' '.join(words)}\n{result.output}\n{result.exception}"
        )


def test_the_page_of_commands_lists_all_of_them_and_no_others() -> None:
    listed = {heading for heading in sections(DOCS / "cli.md", 3) if heading.startswith("openbook")}
    assert listed == {" ".join(("openbook", *command.words)) for command in leaves()}


@pytest.mark.parametrize("command", leaves(), ids=lambda one: " ".join(one.words))
def test_the_page_of_commands_lists_every_option_and_no_others(command: Command) -> None:
    section = sections(DOCS / "cli.md", 3)[" ".join(("openbook", *command.words))]
    rows = re.findall(r"^\| (`-[^|]+) \|", section.split("\n## ")[0], re.M)
    listed = {option for row in rows for option in re.findall(r"`(-[^`]+)`", row)}
    assert listed == command.options - {"--help"}


def test_every_environment_variable_is_listed() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    listed = re.findall(r"^\| `(OPENBOOK_\w+)`", text_of(DOCS / "library.md"), re.M)
    assert set(listed) == set(re.findall(r"OPENBOOK_[A-Z_]+", code))


# --- Links ------------------------------------------------------------------------------------


@every_page
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        is_there = target.exists() and target.is_relative_to(ROOT)
        if not is_there or (fragment and fragment not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_the_front_page_of_the_documentation_leads_to_every_page() -> None:
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in links(DOCS / "index.md")}
    assert {page for page in PAGES if page.is_relative_to(DOCS)} - {DOCS / "index.md"} <= linked


# --- The data format --------------------------------------------------------------------------

SHAPES: dict[str, type[sh.Shape]] = {
    "audit.toml": sh.AuditShape,
    "questionnaire.toml": sh.QuestionnaireShape,
    "crosswalks/": CrosswalkShape,
    "initiatives/": sh.InitiativeShape,
    "documents/": sh.DocumentShape,
    "evidence/": sh.EvidenceFile,
    "translations/": sh.TranslationsFile,
    "corrections.toml": sh.CorrectionsFile,
    "leads.toml": sh.LeadsFile,
    "rechecks.toml": sh.RechecksFile,
    "reported.toml": sh.ReportedFile,
    "objectives.toml": sh.ObjectivesShape,
    "anchors/": sh.AnchorShape,
    "readings/": sh.ReadingShape,
    "searches/": sh.SearchShape,
    "proposals/": sh.ProposalShape,
}
CELLS: dict[str, type[sh.Shape]] = {
    "reviews/": sh.JudgementShape,
    "settlements/": sh.SettlementShape,
    "findings/": sh.FindingShape,
}
EXAMPLES = [one for one in blocks(DOCS / "data-format.md") if one.language in ("toml", "json")]


def of(shapes: dict[str, type[sh.Shape]], heading: str) -> type[sh.Shape] | None:
    return next((shape for start, shape in shapes.items() if heading.startswith(start)), None)


def test_every_file_of_an_audit_has_an_example() -> None:
    missing = [
        start
        for start in (*SHAPES, *CELLS)
        if not any(example.heading.startswith(start) for example in EXAMPLES)
    ]
    assert missing == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.heading)
def test_an_example_of_the_data_format_is_read_without_a_problem(example: Block) -> None:
    if example.language == "json":
        shape = of(SHAPES, example.heading)
        assert shape is not None
        for line in example.body.splitlines():
            json.loads(line)
            shape.model_validate_json(line)
        return
    data = tomllib.loads(example.body)
    whole, cell = of(SHAPES, example.heading), of(CELLS, example.heading)
    tables = (
        [(data, whole)]
        if whole
        else [(table, cell) for word, table in data.items() if word not in HEAD_FIELDS]
    )
    for table, shape in tables:
        assert shape is not None
        assert shaped(table, shape, example.heading)[1] == []


@every_page
def test_every_toml_block_is_toml(page: Path) -> None:
    for block in blocks(page):
        if block.language == "toml":
            tomllib.loads(block.body)


# --- Examples with outcomes -------------------------------------------------------------------

VERIFIED = table_after(DOCS / "verification.md", "verify")
GRADED = table_after(DOCS / "grading.md", "grade")


@pytest.mark.parametrize(("quote", "document", "outcome"), VERIFIED)
def test_an_example_of_verification_has_its_outcome(
    quote: str, document: str, outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    folder = new_audit(tmp_path / "audit", title="", auditor="Ana Ruiz")
    data = document.replace("⏎", "\n").encode()
    opened = open_audit(folder)
    opened.library.add(data)
    (folder / "documents").mkdir()
    (folder / "documents" / "one.toml").write_text(
        f'key = "one"\ntitle = "One"\n[[copy]]\nrole = "original"\n'
        f'media_type = "text/plain"\nsha256 = "{sha256_of(data)}"\n',
        encoding="utf-8",
    )
    evidence = QuoteEvidence("q-000000", "one", quote, {})
    assert str(check_quote(Reader(open_audit(folder)), evidence).state) == outcome


STATES = (
    PointState.STATED,
    PointState.EXPLICITLY_NONE,
    PointState.VAGUE,
    PointState.ABSENT,
    PointState.NOT_APPLICABLE,
    PointState.UNREVIEWED,
)


@pytest.mark.parametrize("row", GRADED, ids=" ".join)
def test_an_example_of_grading_has_its_outcome(row: list[str]) -> None:
    *counts, suggested = row
    states = [state for state, count in zip(STATES, counts, strict=True) for _ in range(int(count))]
    marked = {f"p{number}": state for number, state in enumerate(states)}
    question = Question("Q", "", "", "", points=tuple(Point(key, "") for key in marked))
    assert str(suggest(question, marked)) == suggested


# --- Numbers ----------------------------------------------------------------------------------


@every_page
def test_every_mark_of_a_number_is_whole(page: Path) -> None:
    assert len(numbers.MARKED.findall(text_of(page))) == text_of(page).count("<!--n:")


def marked_numbers(*, needing_documents: bool) -> list[tuple[str, str, str]]:
    """Page, name and value of every marked number."""
    return [
        (name(page), match["name"], match["value"])
        for page in PAGES
        for match in numbers.MARKED.finditer(text_of(page))
        if (match["name"] in numbers.AT_HAND) is needing_documents
    ]


def test_marked_numbers_are_what_the_bundled_audit_gives() -> None:
    computed = numbers.numbers()
    wrong = [
        (page, named, value, computed.get(named))
        for page, named, value in marked_numbers(needing_documents=False)
        if computed.get(named) != value
    ]
    assert wrong == [], "python -m tests.docs.numbers writes them anew"


@pytest.mark.skipif(not (CORPUS / "docs").is_dir(), reason=f"no documents in {CORPUS}")
def test_marked_numbers_are_what_checking_the_documents_gives() -> None:
    computed = numbers.numbers_at_hand()
    wrong = [
        (page, named, value, computed.get(named))
        for page, named, value in marked_numbers(needing_documents=True)
        if computed.get(named) != value
    ]
    assert wrong == [], "python -m tests.docs.numbers writes them anew"


@pytest.mark.skipif(not numbers.RESULTS.is_file(), reason="bench/results.md is not there")
def test_the_measurements_quoted_are_those_of_the_bench() -> None:
    match = numbers.BENCH.search(text_of(ROOT / "README.md"))
    assert match is not None
    assert match["body"] == numbers.bench_quoted(), "python -m tests.docs.numbers writes them anew"


# --- Crosswalks -------------------------------------------------------------------------------


def test_the_tables_of_crosswalks_are_those_of_the_data() -> None:
    match = crosswalk.MARKED.search(text_of(crosswalk.PAGE))
    assert match is not None
    assert match[0] == crosswalk.tables(), "python -m tests.docs.crosswalk writes them anew"


# --- Decisions --------------------------------------------------------------------------------

DECISIONS = sorted((DOCS / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_has_its_three_parts(page: Path) -> None:
    assert re.fullmatch(r"\d{3}-[a-z0-9-]+", page.stem)
    assert text_of(page).startswith(f"# {page.stem[:3]} ")
    parts = sections(page, 2)
    assert list(parts) == ["Context", "Decision", "Consequences"]
    assert all(part.strip() for part in parts.values())


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.stem[:3]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_picture_is_a_picture() -> None:
    data = (DOCS / "images" / "heatmap.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
