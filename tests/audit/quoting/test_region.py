"""Regions: transcribed by one, confirmed by another, their picture compared; never verified."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from openbook.audit.check import check
from openbook.audit.opened import open_audit
from openbook.audit.quoting import region_check
from openbook.audit.quoting.region import look
from openbook.audit.quoting.verify import check_quotes
from openbook.core.difference import differences
from openbook.core.evidence import RegionEvidence, Standing, standing
from openbook.core.verify import State
from openbook.files.edit import set_field
from tests.workbench import Ran, done, openbook, pdf

BOX = "15,90,400,120"
WORDS = "Beta was trained on 12,000 comparisons"
PEOPLE = "--supports", "beta-labs/2:PEOPLE.number"
AT = Path("audit/evidence/beta-report.toml")
BEN = '\n[[auditor]]\nid = "ben-li"\nname = "Ben Li"\nkind = "person"\n'


@pytest.fixture
def two(audit: Path) -> Path:
    """The audit with a second auditor."""
    path = audit / "audit.toml"
    path.write_text(path.read_text() + BEN)
    return audit


def transcribe(audit: Path, text: str = WORDS, box: str = BOX) -> str:
    given = ("--page", 1, "--box", box, "--text", text, *PEOPLE, "--auditor", "ana-ruiz")
    ran = done("audit", "region", audit, "beta-report", *given)
    return ran.out.split()[0]


def confirm(audit: Path, id_: str, *more: str, by: str = "ben-li") -> Ran:
    return openbook("audit", "confirm", audit, id_, "--auditor", by, *more)


def region(audit: Path, id_: str) -> RegionEvidence:
    found = open_audit(audit).audit.evidence[id_]
    assert isinstance(found, RegionEvidence)
    return found


def state(audit: Path, id_: str) -> tuple[State, str]:
    found = check_quotes(open_audit(audit))[0][id_]
    assert found.what == "region"
    return found.state, found.reason


def test_a_region_is_unconfirmed_until_a_second_reader_confirms_it(two: Path) -> None:
    id_ = transcribe(two)
    assert re.fullmatch("r-[0-9a-f]{6}", id_)
    assert state(two, id_)[0] is State.UNCONFIRMED
    assert any("a second has not confirmed it" in str(one) for one in check(open_audit(two)).todos)
    assert confirm(two, id_, "--yes").out == f"{id_}  confirmed by ben-li\n"
    assert state(two, id_) == (State.CONFIRMED, "")
    one = region(two, id_)
    assert (one.by, one.page, one.box) == ("ana-ruiz", 1, (15, 90, 400, 120))
    assert one.confirmed is not None
    assert not check(open_audit(two)).problems


def test_what_is_confirmed_is_still_not_verified(two: Path) -> None:
    id_ = transcribe(two)
    confirm(two, id_, "--yes")
    one = region(two, id_)
    for found in State:
        assert standing(one, {id_: found}) is not Standing.VERIFIED or found.stands
    assert not State.CONFIRMED.stands
    assert not State.CONFIRMED.is_found
    assert standing(one, {id_: State.CONFIRMED}) is Standing.CONFIRMED
    assert standing(one, {id_: State.UNCONFIRMED}) is Standing.UNCHECKED
    assert standing(one, {id_: State.INCOMPARABLE}) is Standing.UNCHECKED
    assert standing(one, {id_: State.ALTERED}) is Standing.FAILED
    assert standing(one, {}) is Standing.UNCHECKED


def test_nobody_confirms_what_one_transcribed_oneself(two: Path) -> None:
    id_ = transcribe(two)
    ran = confirm(two, id_, "--yes", by="ana-ruiz")
    assert ran.status == 1
    assert "somebody else has to confirm it" in ran.err
    set_field(AT, "evidence", id_, "confirmed", {
        "by": "ana-ruiz", "date": region(two, id_).date or "", "of": region(two, id_).content,
    })  # fmt: skip
    assert state(two, id_)[0] is State.UNCONFIRMED
    assert any("who transcribed it" in str(one) for one in check(open_audit(two)).problems)


@pytest.mark.parametrize(
    "read", [WORDS, f"  {WORDS} ", WORDS.replace("was trained", "was\ntrained")]
)
def test_a_reading_of_ones_own_confirms_where_the_words_are_the_same(two: Path, read: str) -> None:
    id_ = transcribe(two)
    assert confirm(two, id_, "--text", read).status == 0
    assert state(two, id_)[0] is State.CONFIRMED


@pytest.mark.parametrize("read", [WORDS.replace("12,000", "12.000"), "beta was trained", "Beta"])
def test_a_reading_that_differs_is_refused_and_shown(two: Path, read: str) -> None:
    id_ = transcribe(two)
    ran = confirm(two, id_, "--text", read)
    assert ran.status == 1
    assert "you read something else than ana-ruiz" in ran.err
    assert state(two, id_)[0] is State.UNCONFIRMED


def edited(before: str, after: str) -> None:
    text = AT.read_text()
    assert text.count(before) == 1
    AT.write_text(text.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [("12,000", "13,000"), ("page = 1", "page = 2"), ("box = [15.0", "box = [45.0")],
)
def test_whatever_is_changed_afterwards_is_not_confirmed(
    two: Path, before: str, after: str
) -> None:
    id_ = transcribe(two)
    confirm(two, id_, "--yes")
    edited(before, after)
    found, reason = state(two, id_)
    if before == "12,000":
        assert (found, reason) == (State.UNCONFIRMED, "was changed after it had been confirmed")
    else:
        assert found is State.ALTERED
        assert any("is altered" in str(one) for one in check(open_audit(two)).problems)
        assert openbook("audit", "verify", two).status == 1


def test_another_renderer_accuses_nobody(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = transcribe(two)
    confirm(two, id_, "--yes")
    monkeypatch.setattr(region_check, "renderer", lambda: "another 1 / Elsewhere")
    found, reason = state(two, id_)
    assert found is State.INCOMPARABLE
    assert "another 1 / Elsewhere" in reason
    assert not check(open_audit(two)).problems
    ran = confirm(two, id_, "--yes")
    assert ran.status == 1
    assert "cannot be confirmed here" in ran.err


def test_without_the_copy_nothing_is_said(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = transcribe(two)
    monkeypatch.setenv("OPENBOOK_LIBRARY", "elsewhere")
    assert state(two, id_) == (State.UNCHECKED, "its copy is not at hand")
    assert not check(open_audit(two)).problems


def test_the_picture_is_that_of_the_box_and_is_the_same_each_time(two: Path) -> None:
    opened = open_audit(two)
    one = look(opened, "beta-report", 1, (15, 90, 400, 120))
    again = look(opened, "beta-report", 1, (15.01, 90, 400, 120))
    assert one.picture == again.picture
    assert (one.pixels.width, one.pixels.height) == (803, 64)
    others = [
        look(opened, "beta-report", 1, (16, 90, 400, 120)),
        look(opened, "beta-report", 2, (15, 90, 400, 120)),
        look(opened, "beta-report", 1, (15, 90, 400, 120), 100),
    ]
    assert len({one.picture.sha256, *(other.picture.sha256 for other in others)}) == 4
    assert look(opened, "beta-report", 1, None).box == (0, 0, 900, 200)


def test_looking_writes_a_picture_outside_of_the_audit_alone(two: Path) -> None:
    given = ("audit", "region", two, "beta-report", "--page", 1)
    before = sorted(two.rglob("*"))
    ran = done(*given, "--picture", "page.png")
    assert "page 1 is 900 by 200 points" in ran.out
    assert Path("page.png").read_bytes().startswith(b"\x89PNG")
    ran = openbook(*given, "--picture", two / "evidence" / "x.png")
    assert ran.status == 2
    assert "where no picture of a document belongs" in ran.err
    assert sorted(two.rglob("*")) == before


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        (("--page", "9"), 1, "beta-report has no page 9; it has 2"),
        (("--page", "1", "--box", "1,2,3"), 2, "--box takes four numbers"),
        (("--page", "1", "--box", "5,5,1,9"), 2, "a box is left, bottom, right, top"),
        (("--page", "1", "--box", "nan,0,9,9"), 2, "a box is left, bottom, right, top"),
        (("--page", "1", "--box", "950,0,999,9"), 1, "this box is not on page 1"),
        (("--page", "1", "--copy", "ffff"), 1, "no PDF of beta-report that begins with ffff"),
    ],
)
def test_a_box_that_is_nowhere_is_refused(
    two: Path, given: tuple[str, ...], status: int, said: str
) -> None:
    ran = openbook("audit", "region", two, "beta-report", "--picture", "x.png", *given)
    assert ran.status == status
    assert said in ran.err
    assert not Path("x.png").exists()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("page = 1", "page = 0", "page"),
        ("box = [15.0, 90.0, 400.0, 120.0]", "box = [15.0, 90.0]", "box"),
        ("box = [15.0, 90.0, 400.0", "box = [15.0, 90.0, 4.0", "the box of a region is left"),
        ('by = "ana-ruiz"\ndate = 2026-11-26', "date = 2026-11-26", "a region needs the fields"),
    ],
)
def test_a_region_written_wrongly_is_named_with_its_place(
    two: Path, before: str, after: str, said: str
) -> None:
    id_ = transcribe(two)
    text = AT.read_text()
    head, _, tail = text.partition(f'id = "{id_}"')
    tail = re.sub(r"date = [\d-]+", "date = 2026-11-26", tail)
    assert before in tail
    AT.write_text(head + f'id = "{id_}"' + tail.replace(before, after))
    (problem,) = open_audit(two).problems
    assert id_ in str(problem)
    assert said in str(problem)


def test_a_region_has_its_place_in_every_output(two: Path) -> None:
    id_ = transcribe(two)
    confirm(two, id_, "--yes")
    told = ("--answer", "Told.", "--reason", "Read.", "--auditor", "ana-ruiz")
    done("audit", "grade", two, "beta-labs/2", "PEOPLE", "number=stated", "location=absent", *told)
    done("audit", "settle", two)
    done("report", two, "-o", "site")
    page = Path("site/initiatives/beta-labs.html").read_text()
    assert WORDS in page
    assert "page 1, box 15, 90, 400, 120 pt" in page
    assert "a picture, read alike by two readers; not verified" in page
    assert "confirmed by Ben Li" in page
    assert "transcribed by Ana Ruiz" in page
    assert region(two, id_).picture.sha256[:12] in page
    assert not [one for one in Path("site").rglob("*.png") if "heatmap" not in one.name]
    row = next(
        one for one in Path("site/downloads/evidence.csv").read_text().splitlines() if id_ in one
    )
    assert ",region,beta-report,confirmed,confirmed,1," in row
    found: list[Any] = done("audit", "verify", two, "--json").json
    assert {"evidence": id_, "what": "region", "state": "confirmed"}.items() <= next(
        one.items() for one in found if one["evidence"] == id_
    )
    done("export", two, "-o", "memo.docx")
    done("audit", "reply-form", two, "beta-labs", "-o", "form.html")
    assert "a picture, read alike by two readers; not verified" in Path("form.html").read_text()


def test_a_diff_tells_who_confirmed_a_region(two: Path) -> None:
    id_ = transcribe(two)
    before = open_audit(two).audit
    confirm(two, id_, "--yes")
    found = differences(before, open_audit(two).audit)
    assert {one.name for one in found} == {id_}
    assert {"confirmed.by", "confirmed.of"} <= {one.field for one in found}


def test_a_region_of_a_scan_is_a_region_as_any(two: Path) -> None:
    Path("gamma.pdf").write_bytes(pdf([""]))
    done("audit", "add", two, "gamma.pdf", "--initiative", "gamma", "--release", "1")
    given = ("--page", 1, "--text", "A stamp.", "--supports", "gamma/1:PEOPLE")
    id_ = done("audit", "region", two, "gamma", *given, "--auditor", "ana-ruiz").out.split()[0]
    assert state(two, id_)[0] is State.UNCONFIRMED
