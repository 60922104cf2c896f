"""What holds for every page of every sample, the hostile one included."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

import pytest

from openbook.report.site import address
from tests.report.site.pages import Read, read
from tests.report.site.samples import DOWNLOADS, SITES

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:"
PAGES = [
    pytest.param(name, path, id=f"{name}: {path[:40]}")
    for name, site in SITES.items()
    for path in site
    if path.endswith(".html") and (name != "hundred questions" or "/" not in path or "99" in path)
]
READ: dict[tuple[str, str], Read] = {}


def page_of(name: str, path: str) -> Read:
    """A page of a sample, read once."""
    if (name, path) not in READ:
        READ[name, path] = read(SITES[name][path])
    return READ[name, path]


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_a_page_is_balanced_and_says_what_it_is(name: str, path: str) -> None:
    page = page_of(name, path)
    assert page.faults == []
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert len(page.all("title")) == 1
    described = [one["content"] for one in page.all("meta") if one.get("name") == "description"]
    assert len(described) == 1
    assert described[0]


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_ids_are_unique(name: str, path: str) -> None:
    ids = page_of(name, path).ids
    assert len(ids) == len(set(ids))
    assert not any(re.search(r"\s", one) for one in ids)


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_every_internal_link_leads_somewhere(name: str, path: str) -> None:
    site = SITES[name]
    beside = {unquote(address.download_address(one)) for one in DOWNLOADS}
    for _, attributes in page_of(name, path).elements:
        href = attributes.get("href", "")
        if not href or urlsplit(href).scheme:
            continue
        where, _, fragment = href.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(where)))
        target = target if where else path
        assert target in site or target in beside, href
        assert not href.startswith("/")
        if fragment:
            assert fragment in page_of(name, target).ids, href


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_labels_point_to_elements(name: str, path: str) -> None:
    page = page_of(name, path)
    for _, attributes in page.elements:
        for id_ in attributes.get("aria-labelledby", "").split():
            assert id_ in page.ids


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_nothing_runs_and_nothing_is_loaded_from_outside(name: str, path: str) -> None:
    page = page_of(name, path)
    policies = [one for one in page.all("meta") if "http-equiv" in one]
    assert [one["content"] for one in policies] == [POLICY]
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "img", "form", "style", "base"}
    for tag, attributes in page.elements:
        assert not [one for one in attributes if one.startswith("on") or one == "style"], tag
        assert "src" not in attributes
        if tag == "link":
            assert not urlsplit(attributes["href"]).scheme


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_links_out_are_plain_web_addresses_without_a_trace(name: str, path: str) -> None:
    for _, attributes in page_of(name, path).elements:
        parts = urlsplit(attributes.get("href", ""))
        if parts.scheme:
            assert parts.scheme in ("http", "https")
            assert attributes["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("name", SITES)
def test_paths_are_safe_and_contents_can_be_written(name: str) -> None:
    for path, content in SITES[name].items():
        assert re.fullmatch(
            r"((initiatives|questions)/)?[A-Za-z0-9][\w.-]*\.(html|css|svg|xml)", path
        )
        content.encode()
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", content)


def test_hostile_text_is_shown_as_text() -> None:
    for path, content in SITES["hostile"].items():
        if path.endswith(".html"):
            assert "<script" not in content
            assert "<img" not in content
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content
            assert 'href="javascript' not in content


def test_an_address_that_is_no_link_is_still_shown() -> None:
    assert "javascript:alert(1)" in page_of("hostile", "documents.html").text


def test_release_and_question_pages_are_there_for_all() -> None:
    site = SITES["ordinary"]
    assert {"initiatives/acme-gpt.html", "initiatives/bolt.html", "questions/VS.html"} <= set(site)
    assert "3.5-VS" in page_of("ordinary", "initiatives/acme-gpt.html").ids


def test_titles_differ_from_page_to_page() -> None:
    for name, site in SITES.items():
        titles = [
            re.search("<title>(.*?)</title>", page)
            for path, page in site.items()
            if path.endswith(".html")
        ]
        found = [title[1] for title in titles if title]
        assert len(found) == len(set(found)), name
