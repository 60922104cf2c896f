"""A real PDF of a real text: printed by the browser of the reading room's tests."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def has_font(language: str) -> bool:
    """Whether letters of a language can be printed here."""
    if not shutil.which("fc-list"):
        return False
    told = subprocess.run(["fc-list", f":lang={language}"], capture_output=True, check=False)
    return bool(told.stdout.strip())


def printed(folder: Path, language: str, paragraphs: list[str]) -> Path:
    """A PDF of these paragraphs in two narrow justified columns, with long words divided at line
    ends; the test is skipped where there is no browser or no font for the language."""
    if CHROMIUM is None or not has_font(language):
        pytest.skip(f"no browser, or no font for {language} (apt: chromium, fonts-wqy-microhei)")
    page, pdf = folder / f"{language}.html", folder / f"{language}.pdf"
    style = "body { columns: 2; hyphens: manual; text-align: justify; font-size: 11pt }"
    divisible = (re.sub("([a-zäöüß]{5})(?=[a-zäöüß]{4})", "\\1\u00ad", one) for one in paragraphs)
    body = "".join(f"<p>{html.escape(one)}</p>" for one in divisible)
    page.write_text(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{language}</title><style>{style}</style><body>{body}</body></html>",
        encoding="utf-8",
    )
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    profile = f"--user-data-dir={folder / 'profile'}"
    subprocess.run(
        [*command, profile, f"--print-to-pdf={pdf}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return pdf
