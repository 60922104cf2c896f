"""The feed is Atom (RFC 4287), says what the records say, and runs nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from xml.etree import ElementTree as ET

import feedparser
import pytest

from openbook.core.records import Audit
from openbook.core.review import CellId, Correction, Judgement, Recheck, Review, Settlement
from openbook.report.site.feed import LONGEST, MOST, entries, feed
from openbook.report.site.material import Material
from openbook.report.site.render import render_site
from tests.report.site.pages import read
from tests.report.site.samples import DAY, GPT, NEXT, SHA, SITES, empty, hostile, ordinary

ATOM = "{http://www.w3.org/2005/Atom}"
VS = CellId(GPT, "VS")
LATER = DAY + dt.timedelta(3)


def recheck(cell: CellId = VS, **more: object) -> Recheck:
    plain = Recheck("w-00000001", cell, "paper", SHA, "cd" * 32, DAY, altered=("q-000001",))
    return replace(plain, **more)  # type: ignore[arg-type]


def dated(**more: object) -> Audit:
    """The ordinary sample, judged on a day, with something of every kind."""
    audit = ordinary()
    cells = {"VS": Judgement(grade=3)}
    plain = replace(
        audit,
        reviews=(Review("bot", GPT, cells, DAY), Review("bot", NEXT, cells, None)),
        corrections=(
            Correction("c-1", "correction", "paper", "Ann", DAY, "Wrong.", "accepted"),
            Correction("c-2", "rebuttal", "paper", "Ann", DAY, "No.", "open"),
            Correction("c-3", "slip", "paper", "Ann", DAY, "No.", "rejected"),
            Correction("c-4", "slip", "paper", "Ann", None, "When?", "accepted"),
        ),
        rechecks=(recheck(),),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def check(text: str) -> ET.Element:
    """The feed, once what RFC 4287 requires of it holds."""
    root = ET.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    found = root.findall(f"{ATOM}entry")
    for one in (root, *found):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
            assert one.findtext(f"{ATOM}{name}")
        dt.datetime.strptime(one.findtext(f"{ATOM}updated") or "", "%Y-%m-%dT%H:%M:%S%z")
        assert (one.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
    assert all(one.findtext(f"{ATOM}name") for one in root.findall(f"{ATOM}author"))
    assert root.findall(f"{ATOM}author")
    assert [one.get("rel") for one in root.findall(f"{ATOM}link")] == ["self", "alternate"]
    for one in found:
        assert [link.get("rel") for link in one.findall(f"{ATOM}link")] == ["alternate"]
        assert one.findtext(f"{ATOM}summary")
    ids = [one.findtext(f"{ATOM}id") for one in (root, *found)]
    assert len(ids) == len(set(ids))
    days = [one.findtext(f"{ATOM}updated") or "" for one in found]
    assert days == sorted(days, reverse=True)
    assert root.findtext(f"{ATOM}updated") == days[0]
    parsed = feedparser.parse(text)
    assert not parsed.bozo
    assert (parsed.version, len(parsed.entries)) == ("atom10", len(found))
    return root


def test_what_is_new_is_told() -> None:
    material = Material(dated(), frozen_on=LATER)
    check(feed(material))
    edition, correction, finding, again = entries(material)
    assert [(one.date, one.href) for one in (edition, correction, finding, again)] == [
        (LATER, "index.html"),
        (DAY, "corrections.html#c-1"),
        (DAY, "initiatives/acme-gpt.html#3.5-VS"),
        (DAY, "initiatives/acme-gpt.html#3.5-VS"),
    ]
    assert edition.title == "Edition 2026.11 of A small audit"
    assert correction.title == "Correction accepted: A Paper"
    assert finding.title.endswith(": settled at 3 of 4")
    assert again.title.endswith(": to be looked at again")
    assert again.text == "1 quote altered in A Paper."


def test_the_same_records_give_the_same_bytes_whenever_they_are_built() -> None:
    built = [feed(Material(dated(), built=day)) for day in ("2026-11-23", "2031-01-01")]
    assert built[0] == built[1]


def test_an_entry_keeps_its_id_when_it_changes() -> None:
    def ids(audit: Audit) -> dict[str, str]:
        root = check(feed(Material(audit)))
        return {
            one.findtext(f"{ATOM}id") or "": one.findtext(f"{ATOM}updated") or ""
            for one in root.iter(f"{ATOM}entry")
        }

    before = ids(dated())
    finding = dated().findings[VS]
    decided = replace(
        dated(),
        findings={VS: replace(finding, settled=replace(finding.settled, how="decided"))},
        settlements={VS: Settlement(VS, 2, "bot", "ann", "Why", LATER)},
        rechecks=(recheck(outcome="holds", by="ann", reason="It still stands.", closed=LATER),),
    )
    after = ids(decided)
    assert before.keys() == after.keys()
    assert sum(before[one] != after[one] for one in before) == 2
    (closed,) = [one for one in entries(Material(decided)) if one.id == "recheck w-00000001"]
    assert closed.title.endswith("looked at again: what was found still holds")


def test_what_nobody_dated_is_left_out() -> None:
    told = {one.id for one in entries(Material(dated()))}
    assert told == {"finding acme-gpt/3.5 VS", "correction c-1", "recheck w-00000001"}
    assert feed(Material(empty())) == ""
    assert "feed.xml" not in render_site(Material(empty()))


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://example.org/audit", "https://example.org/audit/"),
        ("https://example.org/audit/", "https://example.org/audit/"),
        ("https://example.org/a/index.html?x#y", "https://example.org/a/"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_links_are_absolute_where_the_address_is_known(url: str, base: str) -> None:
    root = check(feed(Material(dated(), url=url)))
    found = [one.get("href") or "" for one in root.iter(f"{ATOM}link")]
    assert found[:2] == [f"{base}feed.xml", f"{base}index.html"]
    assert all(one.startswith(base) for one in found)


def test_words_of_strangers_are_text_and_end_somewhere() -> None:
    bad = "<script>alert(1)</script> & ]]> \x00\x0b\ufffe\ud800 \u202e" + "word " * 1000
    audit = dated(
        title=bad,
        corrections=(Correction("c-1", bad, bad, bad, DAY, bad, "accepted"),),
        rechecks=(recheck(document=bad, outcome=bad, reason=bad, closed=DAY),),
    )
    text = feed(Material(audit))
    assert "<script" not in text
    for one in check(text).iter():
        assert len(one.text or "") <= LONGEST + 2
    assert "\u202e" not in text
    many = [
        Correction(f"c-{one}", "slip", "paper", "Ann", DAY, "R", "accepted") for one in range(999)
    ]
    root = check(feed(Material(dated(corrections=tuple(many)))))
    assert len(root.findall(f"{ATOM}entry")) == MOST


def test_every_page_of_every_site_leads_to_its_feed() -> None:
    for site in SITES.values():
        if "feed.xml" in site:
            check(site["feed.xml"])
        for path, content in site.items():
            if path.endswith(".html"):
                found = [
                    one["href"]
                    for one in read(content).all("link")
                    if one.get("type") == "application/atom+xml"
                ]
                wanted = ["../" * path.count("/") + "feed.xml"] if "feed.xml" in site else []
                assert found == wanted
    assert any("feed.xml" in site for site in SITES.values())
    assert check(
        feed(
            Material(replace(hostile(), rechecks=(recheck(),), initiatives=ordinary().initiatives))
        )
    )


def test_a_cell_to_be_looked_at_again_says_so_everywhere() -> None:
    site = render_site(Material(dated()))
    page = site["initiatives/acme-gpt.html"]
    assert "To be looked at again:</strong> 1 quote altered in a newer version of A Paper" in page
    assert "; to be looked at again" in site["index.html"]
    assert 'class="relook-sign"' in site["index.html"]
    calm = render_site(Material(dated(rechecks=(recheck(outcome="holds", closed=DAY),))))
    assert not any("to be looked at again" in one for one in calm.values() if "<feed" not in one)
