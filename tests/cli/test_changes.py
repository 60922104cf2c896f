"""A document changes: the newer version is kept beside, and every quote is accounted for."""

from __future__ import annotations

from pathlib import Path

from tests.workbench import CARD, done, openbook, snapshot

NEWER = "A note on the contents.\n\n" + CARD.replace("hired 40", "hired 60").replace(
    "We set these goals ourselves,\nin a series of meetings of the safety team.\n", ""
)


def add_newer(audit: Path, text: str = NEWER) -> str:
    """Take in a newer version of the card; the beginning of its hash."""
    Path("acme-card.md").write_text(text, "utf-8")
    ran = done(
        *("audit", "add", audit, "acme-card.md", "--key", "acme-card"),
        *("--initiative", "acme", "--release", "1", "--json"),
    )
    return str(ran.json[0]["sha256"])


def test_a_newer_version_is_compared_and_nothing_is_written(audit: Path) -> None:
    assert "no document has two versions" in done("audit", "changes", audit).out
    add_newer(audit)
    before = snapshot(audit)
    ran = done("audit", "changes", audit)
    assert "3 quotes: 1 in place, 1 altered, 1 missing" in ran.out
    assert "acme/1 GOALS: lost 1 passage (1 in place, 1 missing)" in ran.out
    assert "acme/1 PEOPLE: lost 1 passage (1 altered)" in ran.out
    assert "We hired [-40-] {+60+} annotators" in ran.out
    assert "We set these goals ourselves" in ran.out
    assert snapshot(audit) == before
    assert done("audit", "changes", audit, "--document", "beta-report").out.startswith(
        "no document"
    )


def test_for_programs(audit: Path) -> None:
    (old,) = [
        one["sha256"]
        for one in done("library", "list", "--json").json
        if one["bytes"] == len(CARD.encode())
    ]
    new = add_newer(audit)
    (one,) = done("audit", "changes", audit, "--json").json
    assert (one["document"], one["from"], one["to"]) == ("acme-card", old, new)
    assert one["counts"] == {"in place": 1, "moved": 0, "altered": 1, "missing": 1}
    fates = {quote["change"]: quote for quote in one["quotes"]}
    assert fates["altered"]["state"] == "missing"
    assert ["document", "60"] in fates["altered"]["diff"]
    assert fates["missing"]["page"] is None
    back = ("--document", "acme-card", "--from", new[:8], "--to", old[:8])
    (one,) = done("audit", "changes", audit, *back, "--json").json
    assert one["counts"]["in place"] == 1
    assert len(one["only_new"]) == 2


def test_what_stands_in_the_older_version_alone_is_said_by_verify_and_check(audit: Path) -> None:
    add_newer(audit)
    ran = done("audit", "verify", audit)
    assert ran.out.count("does not stand in the version taken last") == 2
    assert "next: openbook audit changes audit" in ran.err
    assert [one["is_outdated"] for one in done("audit", "verify", audit, "--json").json].count(
        True
    ) == 2
    (todo,) = [
        one["message"]
        for one in done("audit", "check", audit, "--json").json[0]["todos"]
        if one["place"] == "documents/acme-card.toml" and "not told yet" not in one["message"]
    ]
    assert todo == "2 quotes do not stand in the version taken last: `openbook audit changes`"


def test_an_older_copy_that_is_gone_is_known_by_its_anchors(audit: Path) -> None:
    done("audit", "verify", audit, "--write-anchors")
    new = add_newer(audit)
    for one in done("library", "list", "--json").json:
        if one["bytes"] == len(CARD.encode()):
            old = one["sha256"]
    done("library", "remove", old)
    by_name = ("--document", "acme-card", "--from", old, "--to", new)
    for named in ((), by_name):  # a stranger who fetched the newer one need name nothing
        ran = done("audit", "changes", audit, *named)
        assert ran.out.startswith(f"acme-card: {old[:12]}")
        assert "1 in place" in ran.out
        assert "lost 1 passage" in ran.out


def test_an_older_copy_at_hand_is_no_newer_version(audit: Path) -> None:
    done("audit", "verify", audit, "--write-anchors")
    new = add_newer(audit)
    done("library", "remove", new)
    assert "no document has two versions" in done("audit", "changes", audit).out


def test_wrong_use_is_refused_in_words(audit: Path) -> None:
    new = add_newer(audit)
    for arguments, message in (
        (("--from", new), "give both --from and --to"),
        (("--from", new, "--to", new), "need --document"),
        (("--document", "none"), "there is no document 'none'"),
        (("--document", "acme-card", "--from", new, "--to", new), "the same copy"),
        (("--document", "acme-card", "--from", "ffff", "--to", new), "names no copy"),
    ):
        ran = openbook("audit", "changes", audit, *arguments)
        assert ran.status == 2
        assert message in " ".join(ran.err.split())


def test_the_site_counts_what_became_of_quotes_and_quotes_nothing_new(audit: Path) -> None:
    add_newer(audit)
    done("report", audit, "-o", "site")
    page = Path("site/documents.html").read_text("utf-8")
    assert "Of 3 quotes: 1 in place, 1 altered, 1 missing." in page
    assert ">1, PEOPLE</a></th><td>1 altered</td>" in page
    assert "hired 60" not in "".join(
        one.read_text("utf-8") for one in Path("site").glob("**/*.html")
    )
