"""Copies are shown where a document of the audit lists them, and nothing else is."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from openbook.audit.layers import at_hand
from openbook.core.text import Page
from openbook.sources.extract import extract
from tests.web.read_makers import LONG, Reader


def sha(reader: Reader, key: str) -> str:
    opened = reader.room.opened()
    return at_hand(opened.document(key), opened.library)[0].copy.sha256


def test_a_pdf_has_a_shape_pictures_and_lines(reader: Reader) -> None:
    copy = sha(reader, "gamma")
    shape = json.loads(reader.get(f"/copy/{copy}"))
    assert shape["sizes"] == [[900, 200, 3]]
    answer = reader.client.get(f"/copy/{copy}/page/2.webp?w=800")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.content[8:12] == b"WEBP"


def test_lines_count_in_the_text_that_quotes_are_verified_in(reader: Reader) -> None:
    copy = sha(reader, "gamma")
    data = reader.room.opened().library.read(copy)
    assert data is not None
    pages: tuple[Page, ...] = extract(data, "application/pdf").pages
    for page in pages:
        lines = json.loads(reader.get(f"/copy/{copy}/page/{page.number}"))
        assert lines[0][1] == LONG[page.number - 1]
        for start, words, box in lines:
            assert page.text[start : start + len(words)] == words
            assert box[0] < box[2]


@pytest.mark.parametrize(
    "path",
    [
        "/copy/{none}",
        "/copy/{none}/page/1.webp?w=800",
        "/copy/{pdf}/page/1.webp",
        "/copy/{pdf}/page/1.webp?w=801",
        "/copy/{pdf}/page/1.webp?w=../../x",
        "/copy/{pdf}/page/4.webp?w=800",
        "/copy/{pdf}/page/0.webp?w=800",
        "/copy/{pdf}/page/99999999999999999999.webp?w=800",
        "/copy/{pdf}/page/4",
        "/copy/{card}/page/1.webp?w=800",
        "/copy/{card}/page/1",
        "/copy/..%2f..%2faudit.toml",
        "/copy/{pdf}%00",
    ],
)
def test_what_is_not_there_is_a_404(reader: Reader, path: str) -> None:
    known = {"none": "0" * 64, "pdf": sha(reader, "gamma"), "card": sha(reader, "acme-card")}
    assert reader.client.get(path.format(**known)).status_code == 404


def test_bytes_of_the_library_that_no_document_lists_are_not_shown(reader: Reader) -> None:
    kept = reader.room.opened().library.add(b"%PDF-1.4 a stranger's")
    assert reader.client.get(f"/copy/{kept}").status_code == 404


def test_a_text_is_shown_sanitised(reader: Reader) -> None:
    html = reader.get(f"/copy/{sha(reader, 'acme-card')}")
    assert '<section data-page="1">' in html
    assert "<h1>Acme One</h1>" in html
    assert "<script" not in html


def test_copies_are_for_auditors(reader: Reader) -> None:
    object.__setattr__(reader.room.settings, "is_team", True)
    client = TestClient(reader.client.app, base_url="http://testserver")
    answer = client.get(f"/copy/{sha(reader, 'gamma')}", follow_redirects=False)
    assert answer.status_code == 303
