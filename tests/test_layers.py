"""The picture of the house: imports point downward, and the core touches nothing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "openbook"
MAY_IMPORT = {
    "core": {"core"},
    "files": {"core", "files"},
    "sources": {"core", "sources"},
    "models": {"core", "models"},
    "audit": {"core", "files", "sources", "models", "audit"},
    "report": {"core", "report"},
    "web": {"core", "files", "sources", "models", "audit", "report", "web"},
    "cli": {"core", "files", "sources", "models", "audit", "report", "web", "cli"},
}
AUDIT_MAY_IMPORT = {
    "quoting": set(),
    "pile": {"quoting"},
    "drift": {"quoting"},
    "search": {"quoting"},
    "suggesting": {"quoting", "search"},
    "sheets": {"quoting", "suggesting"},
    "linting": {"pile", "quoting", "search"},
}
"""The rooms within ``audit``; the files beside them are open to all."""
MODULES = sorted(
    path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] != "audits"
)
ROOMS = [path for path in MODULES if path.parent != SOURCE]
CORE = [path for path in ROOMS if path.relative_to(SOURCE).parts[0] == "core"]
TOUCHES = {"io", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile", "time", "urllib"}
CALLS = {"open", "input", "print", "now", "today", "utcnow", "time", "read_text", "write_text"}


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imported(path: Path) -> Iterator[str]:
    """The full name of every module a file imports, wherever in it; relative ones resolved."""
    package = ("openbook", *path.relative_to(SOURCE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            head = ".".join(package[: len(package) + 1 - node.level]) if node.level else ""
            base = ".".join(filter(None, (head, node.module)))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def called(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


@pytest.mark.parametrize("path", ROOMS, ids=name)
def test_imports_point_downward_only(path: Path) -> None:
    room = path.relative_to(SOURCE).parts[0]
    ours = {one.split(".")[1] for one in imported(path) if one.startswith("openbook.")}
    assert ours - {"__version__"} <= MAY_IMPORT[room]


def test_the_rooms_of_audit_lean_one_way() -> None:
    for path in (one for one in ROOMS if one.relative_to(SOURCE).parts[0] == "audit"):
        room = path.relative_to(SOURCE / "audit").parts[0]
        used = [one.split(".")[2] for one in imported(path) if one.startswith("openbook.audit.")]
        if room in AUDIT_MAY_IMPORT:
            others = (AUDIT_MAY_IMPORT.keys() & set(used)) - {room}
            assert others <= AUDIT_MAY_IMPORT[room], path


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_uses_the_standard_library_only(path: Path) -> None:
    roots = {one.split(".")[0] for one in imported(path)}
    assert roots <= set(sys.stdlib_module_names) | {"openbook"}
    assert not roots & TOUCHES


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_opens_no_file_and_reads_no_clock(path: Path) -> None:
    assert not set(called(path)) & CALLS


def test_the_bundled_audit_is_data_not_code() -> None:
    assert [name(path) for path in (SOURCE / "audits").rglob("*.py")] == []
