"""Every test here has a library of its own, and an audit to work on where it asks for one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from openbook.audit.new import bundled, bundled_names
from openbook.audit.opened import open_audit
from openbook.audit.quoting.verify import check_quotes
from openbook.cli.demo import bring_documents
from tests.workbench import prepare, use


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("OPENBOOK_AUDITOR", raising=False)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(root / "library"))
        patch.delenv("OPENBOOK_AUDITOR", raising=False)
        prepare(root)
    return root


@pytest.fixture
def audit(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settled audit of two releases and three questions, in the folder worked in."""
    return use(template, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def corpus_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with the corpus, if there is one, its texts extracted once for all workers."""
    root = tmp_path_factory.getbasetemp()
    library = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "corpus-library"
    with FileLock(f"{library}.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBOOK_LIBRARY", str(library))
        for name in bundled_names():
            check_quotes(bring_documents(open_audit(bundled(name)), fetch=False, seconds=0))
    return library


@pytest.fixture
def at_corpus(corpus_library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library with the corpus as the one in use."""
    monkeypatch.setenv("OPENBOOK_LIBRARY", str(corpus_library))
    return corpus_library
