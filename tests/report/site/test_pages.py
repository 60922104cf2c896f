"""What single pages tell: the same numbers as the records, and no more than they say."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

from openbook.core.heatmap import coverage, heatmap
from openbook.core.initiative import ReleaseId
from openbook.core.review import Auditor, CellId
from openbook.core.trend import trend
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.site.render import render_site
from tests.report.site.pages import read
from tests.report.site.samples import (
    AUDITS,
    GPT,
    MATERIALS,
    SITES,
    checks,
    foreign,
    ordinary,
    several_graders,
    unsettled,
)


def text_of(name: str, path: str) -> str:
    """A page's words on one line."""
    return " ".join(read(SITES[name][path]).text.split())


def section(page: str, id_: str) -> str:
    """The words of one cell."""
    found = re.search(rf'<article class="cell[^"]*" id="{re.escape(id_)}".*?</article>', page, re.S)
    assert found
    return " ".join(read(found[0]).text.split())


@pytest.mark.parametrize("name", ["ordinary", "unsettled", "three questions", "hundred questions"])
def test_the_front_page_shows_the_heatmap_cell_by_cell(name: str) -> None:
    audit, _ = AUDITS[name]
    body = re.search('<table class="heat.*?</table>', SITES[name]["index.html"], re.S)
    assert body
    cells = re.findall(r"<td[^>]*><a class=\"(g.)[^>]*>(.)</a></td>", body[0])
    expected = [
        ("gx", "·") if grade is None else (f"g{grade}", str(grade))
        for row in heatmap(audit).rows
        for grade in row.grades
    ]
    assert cells == expected


def test_a_cell_names_itself_and_what_it_rests_on() -> None:
    page = read(SITES["ordinary"]["index.html"])
    links = {one["href"]: one for one in page.all("a") if "aria-label" in one}
    cell = links["initiatives/acme-gpt.html#3.5-VS"]
    assert cell["aria-label"] == "GPT 3.5, Prioritisation: 3 of 4; rests on a verified quote"
    assert cell["class"] == "g3 on-verified"
    assert links["initiatives/acme-gpt.html#4-VS"]["class"] == "g1 on-failed"
    assert links["initiatives/acme-gpt.html#3.5-PUB"]["class"] == "g0 on-nothing"
    assert links["initiatives/bolt.html#1-PUB"]["aria-label"] == "Bolt 1, Publication: not settled"


def test_the_kind_of_grader_is_said_first() -> None:
    assert "Graded by one language model. No person has graded yet." in text_of(
        "ordinary", "index.html"
    )
    assert "Graded by one person and one language model." in text_of(
        "several graders", "index.html"
    )
    assert "Nobody has graded yet." in text_of("unsettled", "index.html")


def test_key_numbers_are_those_of_the_records() -> None:
    text = text_of("ordinary", "index.html")
    states = coverage(ordinary())
    unreviewed = next(count for state, count in states.items() if state == "unreviewed")
    assert f"{unreviewed} of {sum(states.values())} points nobody has reviewed" in text
    assert "7 of 9 cells settled" in text


def test_a_quote_shows_its_elision_and_insertion_but_not_what_was_left_out() -> None:
    page = SITES["ordinary"]["initiatives/acme-gpt.html"]
    assert '<span class="insertion" title="10 characters' in page
    assert "among them: not" in page
    assert all("SECRET" not in content for content in SITES["ordinary"].values())


def test_a_quote_says_where_it_stands_and_how_it_was_checked() -> None:
    page = SITES["ordinary"]["initiatives/acme-gpt.html"]
    assert 'href="https://example.org/paper.pdf#page=17"' in page
    verified = section(page, "3.5-VS")
    assert "verified, with words left out" in verified
    assert "Lovelace et al. 2022, page 17" in verified
    assert "accepted by Ann (person), 23 November 2026" in verified
    missing = section(page, "4-VS")
    assert "not found in the document" in missing
    assert "the words do stand in Acme 2023" in missing
    assert "against a transcription, not the original" in section(page, "4-AUTH")


def test_kinds_of_evidence_are_told_apart() -> None:
    page = SITES["ordinary"]["initiatives/acme-gpt.html"]
    cell = section(page, "3.5-VS")
    assert "reported by Lovelace et al. 2022, section 3" in cell
    assert "The finding names evidence q-ffffff, which is not in the records." in cell
    assert {"proof quote", "proof artifact", "proof secondary", "proof missing"} <= {
        one.get("class") for one in read(page).all("li")
    }


def test_absence_says_its_basis() -> None:
    acme, bolt = (SITES["ordinary"][f"initiatives/{key}.html"] for key in ("acme-gpt", "bolt"))
    searched = section(acme, "3.5-PUB")
    assert "Searched, and not found. Ann (person) searched 40 passages of 1 document" in searched
    assert "read the 1 passage ranked likeliest to answer and 1 of the others" in searched
    assert "With 95% confidence at most 30 of the 38 unread passages answer" in searched
    assert "writes “N/A”" in section(acme, "4-PUB")
    assert "reported, not proved" in section(acme, "4-PUB")
    assert "The document could not be had: A Card and gone." in section(bolt, "1-VS")


def test_what_an_earlier_work_reports_stands_beside_what_was_found() -> None:
    page = SITES["ordinary"]["initiatives/acme-gpt.html"]
    assert "Lovelace et al. 2022 writes N/A." in section(page, "3.5-VS")
    text = text_of("ordinary", "overview.html")
    assert "reports information 0 0 1" in text
    assert "writes N/A 1 0 0" in text
    assert "reports that there is none 0 1 0" in text
    assert "Beside an earlier work" not in text_of("unsettled", "overview.html")


def test_settling_names_people_and_models_with_their_kind() -> None:
    page = SITES["several graders"]["initiatives/acme-gpt.html"]
    assert (
        "The graders differed (Reader 1 (language model) 4, Ann (person) 2); "
        "decided by Ann (person). Half way." in section(page, "3.5-AUTH")
    )
    alone = SITES["ordinary"]["initiatives/acme-gpt.html"]
    assert "Graded by Reader 1 (language model) alone." in section(alone, "3.5-VS")


def test_corrections_stand_beside_what_they_are_about() -> None:
    page = SITES["ordinary"]["initiatives/acme-gpt.html"]
    assert "Rebuttal c-2 open We disagree." in section(page, "3.5-VS")
    assert "Correction c-3 rejected Comma." in section(page, "3.5-VS")
    everything = text_of("ordinary", "corrections.html")
    for words in ("was May", "now June", "GPT 3.5, Prioritisation", "q-000001 in Lovelace et al."):
        assert words in everything
    assert "No slips, corrections or rebuttals" in text_of("unsettled", "corrections.html")


def test_the_trend_gives_its_numbers_and_why_it_claims_no_interval() -> None:
    found = trend(heatmap(ordinary()))
    text = text_of("ordinary", "trend.html")
    assert (
        f"of 3 paired grades {found.fell} fell, {found.rose} rose and {found.same} stayed" in text
    )
    assert "No interval is claimed: one initiative with a change to compare is too few" in text
    assert "nothing can be said about change" in text_of("unsettled", "trend.html")


def test_an_interval_is_given_where_there_are_initiatives_enough() -> None:
    audit = ordinary()
    one = audit.initiatives[0]
    many, found = [], {}
    for n in range(6):
        key = f"i{n}"
        releases = tuple(
            replace(release, id=ReleaseId(key, release.id.release)) for release in one.audited
        )
        many.append(replace(one, key=key, releases=releases))
        for cell, finding in audit.findings.items():
            if cell.release.initiative == one.key:
                moved = CellId(ReleaseId(key, cell.release.release), cell.keyword)
                found[moved] = replace(finding, cell=moved)
    site = render_site(Material(replace(audit, initiatives=tuple(many), findings=found)))
    text = read(site["trend.html"]).text
    assert "The 95% interval is" in text
    assert "bootstrap over 6 initiatives" in text


def test_without_a_taxonomy_there_is_no_page_of_objectives() -> None:
    assert "objectives.html" not in SITES["unsettled"]
    assert "objectives.html" not in SITES["unsettled"]["index.html"]
    text = text_of("ordinary", "objectives.html")
    assert "critical thinking 0/3 stated by none of the audited releases" in text
    page = SITES["ordinary"]["objectives.html"]
    assert 'href="initiatives/acme-gpt.html#3.5-VS-q-000001"' in page


def test_concerns_say_when_the_questionnaire_does_not_ask() -> None:
    text = text_of("unsettled", "concerns.html")
    assert "This questionnaire does not ask." in text
    assert "This audit records no taxonomy of objectives" in text
    ours = text_of("ordinary", "concerns.html")
    assert "Of 6 points (2 in each of 3 releases) the documents tell 2, 0 of them vaguely." in ours
    assert "Stated as an aim by none of the 3 audited releases: critical thinking." in ours


def test_where_nothing_bears_on_the_concerns_there_is_no_page_of_them() -> None:
    assert "concerns.html" not in SITES["three questions"]
    assert "concerns.html" not in SITES["three questions"]["index.html"]
    assert "concerns.html" in SITES["unsettled"]["index.html"]


def test_one_grader_means_not_estimable() -> None:
    audit = replace(ordinary(), reviews=several_graders().reviews[:2])
    text = read(render_site(Material(audit))["agreement.html"]).text
    assert "One grader: agreement is not estimable." in text
    assert "alpha" not in text


def test_several_graders_are_compared() -> None:
    text = text_of("several graders", "agreement.html")
    assert "5 cells of 6 were graded by more than one grader." in text
    assert re.search(r"All cells 5 0\.\d\d 60% 80%", text)
    assert "kappa 0." in text
    assert "GPT 4, AUTH" in text.partition("Graded, but not settled")[2]


def test_unreviewed_points_are_counted_and_visible() -> None:
    audit = unsettled()
    text = text_of("unsettled", "points.html")
    total = sum(coverage(audit).values())
    assert f"{total} points, {total} of them unreviewed" in text
    page = read(SITES["unsettled"]["points.html"])
    assert sum("p-unreviewed" in one.get("class", "") for one in page.all("a")) == total


def test_history_and_downloads_are_listed_or_said_to_be_missing() -> None:
    assert "No history was given" in text_of("unsettled", "changes.html")
    text = text_of("ordinary", "changes.html")
    assert text.index("23 November 2026") < text.index("22 November 2026")
    assert "Read the card Ann reviews (1), audit.toml (1)" in text
    assert "cells.csv All cells." in text_of("ordinary", "downloads.html")


def test_documents_show_hashes_and_what_rests_on_them() -> None:
    text = text_of("ordinary", "documents.html")
    assert "ab" * 32 in text
    assert "1 quotes stand in it" not in text
    assert "1 quote stands in it" in text
    assert "Named, but not recorded gone, nowhere" in text


def test_every_cell_has_its_permanent_address_before_anything_is_settled() -> None:
    ids = read(SITES["unsettled"]["initiatives/acme-gpt.html"]).ids
    assert {"3.5-VS", "3.5-AUTH", "3.5-PUB", "4-VS", "4-AUTH", "4-PUB"} <= set(ids)


def test_the_same_records_give_the_same_site() -> None:
    audit = ordinary()
    assert render_site(Material(audit, checks())) == render_site(Material(audit, checks()))


def test_an_unknown_grader_and_an_odd_grade_do_not_break_a_page() -> None:
    audit = foreign("WHO")
    cell = CellId(GPT, "WHO")
    one = audit.findings[cell]
    odd = replace(
        one,
        judgement=replace(one.judgement, grade=9),
        settled=replace(one.settled, grades={"zoe": 9}),
    )
    audit = replace(audit, auditors=(Auditor("x", "", ""),), findings={cell: odd})
    text = read(render_site(Material(audit))["index.html"]).text
    assert "one grader of unknown kind" in text


def test_twenty_releases_by_ten_questions_render_quickly() -> None:
    audit = foreign(*"ABCDEFGHIJ")
    one = audit.initiatives[0]
    releases = tuple(
        replace(one.releases[0], id=ReleaseId("acme-gpt", str(n)), label=f"GPT {n}")
        for n in range(20)
    )
    found = {
        CellId(release.id, keyword): replace(finding, cell=CellId(release.id, keyword))
        for release in releases
        for (_, keyword), finding in audit.findings.items()
    }
    audit = replace(audit, initiatives=(replace(one, releases=releases),), findings=found)
    begun = time.process_time()
    render_site(Material(audit))
    assert time.process_time() - begun < 2


def test_the_rows_of_an_audit_beside_join_the_heatmap_and_lead_to_its_own_site() -> None:
    main, other = MATERIALS["ordinary"], MATERIALS["unsettled"]
    front = render_site(replace(main, beside={"others": other}))["index.html"]
    assert front.count("<table") == render_site(main)["index.html"].count("<table") + 1
    assert 'href="others/index.html"' in front
    assert re.search(r'href="others/initiatives/[\w-]+\.html#', front)
    assert "others/" not in render_site(main)["index.html"]
    page = render_site(other, Link("The main site", "../index.html"))["questions/VS.html"]
    assert 'href="../../index.html">The main site</a>' in page
