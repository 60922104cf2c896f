"""What a model proposed is shown apart, as a proposal, and moves no number of the audit."""

from __future__ import annotations

from tests.report.site.pages import read
from tests.report.site.samples import SITES


def words(name: str, path: str) -> str:
    return " ".join(read(SITES[name][path]).text.split())


def test_proposals_stand_in_a_block_of_their_own_with_the_count_of_fabrications() -> None:
    text = words("proposed", "agreement.html")
    judged, mark, proposed = text.partition("Proposals of language models")
    assert mark
    assert "m/small" not in judged
    assert "These models judged nothing." in proposed
    assert "m/small proposals only 2 cells in 2 answers" in proposed
    assert "1 stand, 3 were fabricated (2 invented and 1 altered)" in proposed
    assert "rate of fabrication: 75%" in proposed
    assert "2 quotes too short, too long or too many to be checked" in proposed
    assert "Grades above 0 without a quote that stands: 1" in proposed
    assert "settled grades, all by language models 2 " in proposed


def test_nothing_else_of_the_site_knows_of_them() -> None:
    plain, with_proposals = SITES["ordinary"], SITES["proposed"]
    assert plain.keys() == with_proposals.keys()
    rendered_alike = [path for path in plain if plain[path] != with_proposals[path]]
    assert set(rendered_alike) <= {"agreement.html", "changes.html", "documents.html"}
    for path, page in with_proposals.items():
        assert "A proposed quote" not in page
        assert "Words nobody wrote" not in page
        assert path == "agreement.html" or "m/small" not in page


def test_an_audit_without_proposals_says_nothing_of_them() -> None:
    assert "Proposals of language models" not in words("ordinary", "agreement.html")
