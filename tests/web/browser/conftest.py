"""A real reading room, in a process of its own, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.corpus import CORPUS
from tests.workbench import done

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Served(NamedTuple):
    """A room that answers."""

    url: str
    audit: Path
    library: Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The bundled audits `beyond-the-six` with Ana Ruiz as the one person who judges."""
    if not (CORPUS / "docs").is_dir():
        pytest.skip(f"the corpus of real documents is not at hand ({CORPUS})")
    root = tmp_path_factory.mktemp("room")
    library = root / "library"
    before = os.environ.get("OPENBOOK_LIBRARY")
    os.environ["OPENBOOK_LIBRARY"] = str(library)
    try:
        keys = ("deepseek-v3", "deepseek-r1", "kimi-k2", "mistral-7b")
        files = [next((CORPUS / "docs").glob(f"{key}.*")) for key in keys]
        done("library", "add", *files)
        audit = root / "audit"
        done("audit", "new", audit, "--copy", "beyond-the-six")
    finally:
        if before is None:
            del os.environ["OPENBOOK_LIBRARY"]
        else:
            os.environ["OPENBOOK_LIBRARY"] = before
    with (audit / "audit.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[auditor]]\nid = "ana-ruiz"\nname = "Ana Ruiz"\nkind = "person"\n')
    port = free_port()
    command = [sys.executable, "-m", "openbook.cli.main", "serve", str(audit)]
    command += ["--port", str(port), "--state", str(root / "state")]
    process = subprocess.Popen(command, env={**os.environ, "OPENBOOK_LIBRARY": str(library)})
    try:
        wait_for(port, process)
        yield Served(f"http://127.0.0.1:{port}", audit, library)
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the room ended"
        with socket.socket() as made:
            if made.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the room does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it. Ended with the module: playwright's event loop would be in
    the way of other tests' own."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


class Seen(NamedTuple):
    """A window, and what went wrong in it."""

    page: Page
    faults: list[str]


@pytest.fixture
def seen(browser: Browser) -> Iterator[Seen]:
    """A window of 1280 pixels; it ends without a fault in the console."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield Seen(page, faults)
    context.close()
    # Told of a newer version the page saves again; browsers call that answer an error.
    assert [fault for fault in faults if "409 (Conflict)" not in fault] == []
