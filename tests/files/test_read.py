"""An audit's folder as a value, with every problem in it."""

from __future__ import annotations

import datetime as dt
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from openbook.core.initiative import ReleaseId
from openbook.core.questionnaire import PointRef
from openbook.core.review import CellId, PointState
from openbook.files.read import Reading, read_audit
from tests.files.audits import SMALL, write

OX = ReleaseId("acme", "1")


def problems(folder: Path, **changes: str) -> list[str]:
    """What is wrong with the small audit after changes to some files."""
    return [str(one) for one in read_audit(write(folder, changes)).problems]


def changed(folder: Path, name: str, old: str, new: str) -> list[str]:
    assert old in SMALL[name]
    return problems(folder, **{name: SMALL[name].replace(old, new)})


@pytest.fixture
def small(tmp_path: Path) -> Reading:
    return read_audit(write(tmp_path))


def test_a_small_audit_is_read_whole(small: Reading) -> None:
    assert small.problems == ()
    audit = small.audit
    assert audit is not None
    assert [one.id for one in audit.auditors] == ["ana"]
    assert audit.questionnaire.keywords == ("DEF", "VS")
    assert [(one.id, one.date, one.documents) for one in audit.releases] == [
        (OX, "2022-03-04", ("paper",))
    ]
    assert audit.documents["paper"].copies[0].url == "https://x.org/paper.pdf"
    assert audit.evidence["q-000001"].supports == {OX: (PointRef("DEF", "what"),)}
    [review] = audit.reviews
    assert (review.auditor, review.release, review.date) == ("ana", OX, dt.date(2026, 1, 2))
    assert review.cells["DEF"].points == {"what": PointState.STATED}
    assert audit.settlements[CellId(OX, "DEF")].grade == 3
    assert audit.findings[CellId(OX, "DEF")].settled.grades == {"ana": 4}
    assert [one.id for one in audit.corrections] == ["c-1"]
    assert audit.reported[CellId(OX, "DEF")].says == "silent"
    assert audit.searches["s-1"].queries == ("a\u2028b",)
    assert [one.segments[0][0].end for one in small.anchors["q-000001"]] == [10]


def test_the_bundled_audit_has_no_problem() -> None:
    folder = Path(str(files("openbook"))) / "audits" / "decoding-alignment"
    reading = read_audit(folder)
    assert reading.problems == ()
    assert reading.audit is not None
    assert len(reading.audit.initiatives) == 6


def test_a_folder_that_is_no_audit_says_how_to_make_one(tmp_path: Path) -> None:
    assert read_audit(tmp_path).audit is None
    assert [str(one) for one in read_audit(tmp_path).problems] == [
        "audit.toml: is not there: this folder is no audit; make one with `openbook audit new`"
    ]


def test_a_missing_questionnaire_is_told(tmp_path: Path) -> None:
    (write(tmp_path) / "questionnaire.toml").unlink()
    reading = read_audit(tmp_path)
    assert reading.audit is None
    assert [str(one) for one in reading.problems] == ["questionnaire.toml: is not there"]


@pytest.mark.parametrize("name", ["audit.toml", "questionnaire.toml"])
def test_a_newer_format_is_not_read_at_all(name: str, tmp_path: Path) -> None:
    newer = SMALL[name].replace("schema = 1", "schema = 2").replace("title", "heading")
    write(tmp_path, {name: newer, "documents/paper.toml": "nonsense"})
    reading = read_audit(tmp_path)
    assert reading.audit is None
    assert [str(one) for one in reading.problems] == [
        f"{name}: schema: written in data format 2; this openbook reads up to 1: update openbook"
    ]


@pytest.mark.parametrize(("schema", "says"), [("0", "greater than"), ('"1"', "whole number")])
def test_a_schema_that_is_none_is_told(schema: str, says: str, tmp_path: Path) -> None:
    [problem] = changed(tmp_path, "audit.toml", "schema = 1", f"schema = {schema}")
    assert problem.startswith("audit.toml: schema: ")
    assert says in problem


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "initiatives/acme.toml",
            'key = "acme"\n',
            'key = "acme"\nkind = "x"\n',
            "initiatives/acme.toml: kind: unknown field",
        ),
        (
            "documents/paper.toml",
            'key = "paper"',
            'key = "../paper"',
            "documents/paper.toml: key: '../paper' cannot be a key: use lower-case letters, "
            "digits, dots and hyphens, beginning with a letter or digit",
        ),
        (
            "audit.toml",
            '["acme"]',
            '["acme", "nobody"]',
            "audit.toml: initiatives: names nobody, but there is no readable "
            "initiatives/nobody.toml",
        ),
        (
            "evidence/paper.toml",
            "quote",
            "note",
            "evidence/paper.toml: q-000001: a quote needs the field quote",
        ),
        (
            "evidence/paper.toml",
            "id =",
            'kind = "artifact"\nid =',
            "evidence/paper.toml: q-000001: an artifact needs the fields title and url",
        ),
        (
            "evidence/paper.toml",
            "id =",
            'kind = "secondary"\nid =',
            "evidence/paper.toml: q-000001: secondary evidence needs the fields says and where",
        ),
        (
            "reviews/ana/acme/1.toml",
            'auditor = "ana"',
            'auditor = "bob"',
            "reviews/ana/acme/1.toml: auditor: is 'bob', but the file stands at ana",
        ),
        (
            "reviews/ana/acme/1.toml",
            '"acme/1"',
            '"acme/2"',
            "reviews/ana/acme/1.toml: release: is 'acme/2', but the file stands at acme/1",
        ),
        (
            "reviews/ana/acme/1.toml",
            'auditor = "ana"',
            "",
            "reviews/ana/acme/1.toml: auditor: is missing",
        ),
        (
            "reviews/ana/acme/1.toml",
            '["paper"]\n',
            "5\n",
            "reviews/ana/acme/1.toml: read: expected a list; found 5",
        ),
        (
            "reviews/ana/acme/1.toml",
            "2026-01-02",
            '"yesterday"',
            "reviews/ana/acme/1.toml: date: expected a date, such as 2022-03-04 without quotation "
            "marks; found 'yesterday'",
        ),
        (
            "reviews/ana/acme/1.toml",
            "[DEF]",
            "grade = 3\n[DEF]",
            "reviews/ana/acme/1.toml: grade: unknown field",
        ),
        (
            "reviews/ana/acme/1.toml",
            "grade = 4",
            "grade = 5",
            "reviews/ana/acme/1.toml: DEF: grade: input should be less than or equal to 4; found 5",
        ),
        (
            "findings/acme/1.toml",
            "single",
            "guessed",
            "findings/acme/1.toml: DEF: settled: how: input should be 'single', 'agreed' or "
            "'decided'; found 'guessed'",
        ),
        (
            "anchors/paper.jsonl",
            '"page": 1',
            '"page": "1"',
            "anchors/paper.jsonl: line 1: segments: 0: 0: page: expected a whole number; found '1'",
        ),
        (
            "searches/acme-1.jsonl",
            '"s-1",',
            '"s-1"',
            "searches/acme-1.jsonl: line 1: not JSON: expected `,` or `}` at line 1 column 14",
        ),
    ],
)
def test_a_problem_is_told_with_file_and_place(
    name: str, old: str, new: str, problem: str, tmp_path: Path
) -> None:
    assert changed(tmp_path, name, old, new) == [problem]


def test_an_id_that_stands_twice_is_told_with_both_places(tmp_path: Path) -> None:
    again = SMALL["evidence/paper.toml"]
    twice = SMALL["corrections.toml"] * 2
    assert problems(tmp_path, **{"evidence/report.toml": again, "corrections.toml": twice}) == [
        "evidence/report.toml: q-000001: the id stands twice, also in evidence/paper.toml",
        "corrections.toml: c-1: the id stands twice",
    ]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("reviews/1.toml", "reviews/*/*/*.toml"),
        ("reviews/acme/1.toml", "reviews/*/*/*.toml"),
        ("reviews/ana/acme/1/x.toml", "reviews/*/*/*.toml"),
        ("evidence/old/paper.toml", "evidence/*.toml"),
        ("findings/1.toml", "findings/*/*.toml"),
        ("anchors/a/b.jsonl", "anchors/*.jsonl"),
    ],
)
def test_a_file_that_nobody_would_read_is_told(name: str, pattern: str, tmp_path: Path) -> None:
    assert problems(tmp_path, **{name: ""}) == [f"{name}: is not read: files here are {pattern}"]


@pytest.mark.parametrize("name", ["reviews/Ana B/acme/1.toml", "findings/acme/..1.toml"])
def test_a_name_that_is_no_key_is_told(name: str, tmp_path: Path) -> None:
    expected = [] if "/.." in name else [f"{name}: file or folder name is no key"]
    assert problems(tmp_path, **{name: SMALL["reviews/ana/acme/1.toml"]}) == expected


def test_what_editors_leave_behind_is_no_data(tmp_path: Path) -> None:
    write(tmp_path, {"evidence/.paper.toml.x1.part": "half", "evidence/.paper.toml": "half ["})
    (tmp_path / "evidence" / ".#paper.toml").symlink_to("ana@host.1234")
    reading = read_audit(tmp_path)
    assert reading.problems == ()
    assert reading.audit is not None
    assert list(reading.audit.evidence) == ["q-000001"]


@pytest.mark.parametrize(
    "name",
    [
        "audit.toml",
        "questionnaire.toml",
        "evidence/paper.toml",
        "corrections.toml",
        "searches/a.jsonl",
    ],
)
@pytest.mark.parametrize("target", ["/etc/passwd", "../outside.toml"])
def test_a_link_out_of_the_folder_is_not_followed(name: str, target: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "audit")
    (tmp_path / "outside.toml").write_text("secret = 'words'")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(target if target[0] == "/" else tmp_path / "outside.toml")
    said = [str(one) for one in read_audit(folder).problems]
    assert f"{name}: is a link out of the folder" in said
    assert not any("root:" in one or "words" in one for one in said)


@pytest.mark.parametrize("name", ["questionnaire.toml", "corrections.toml", "anchors/x.jsonl"])
def test_a_link_to_a_file_without_end_is_not_followed(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: ""})
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/dev/zero")
    assert [str(one) for one in read_audit(tmp_path).problems] == [
        f"{name}: is a link out of the folder"
    ]


def test_a_file_is_named_after_its_key(tmp_path: Path) -> None:
    assert changed(tmp_path, "documents/paper.toml", 'key = "paper"', 'key = "other"') == [
        "documents/paper.toml: the file is named paper but its key is other"
    ]


def test_a_folder_of_files_that_is_a_link_out_is_not_walked(tmp_path: Path) -> None:
    folder = write(tmp_path / "audit")
    shutil.rmtree(folder / "reviews")
    (folder / "reviews").symlink_to("/")
    assert "reviews: is a link out of the folder" in map(str, read_audit(folder).problems)


def test_a_folder_that_is_a_link_out_is_not_followed(tmp_path: Path) -> None:
    folder = write(tmp_path / "audit")
    write(tmp_path / "other")
    (folder / "reviews" / "bob").symlink_to(tmp_path / "other" / "reviews" / "ana")
    assert [str(one) for one in read_audit(folder).problems] == [
        "reviews/bob/acme/1.toml: is a link out of the folder"
    ]


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "evidence" / "loop.toml").symlink_to("loop.toml")
    [problem] = read_audit(tmp_path).problems
    assert problem.place == "evidence/loop.toml"


def test_one_bad_file_hides_no_problem_in_another(tmp_path: Path) -> None:
    bad = {
        "documents/paper.toml": "title = ",
        "evidence/paper.toml": '[[evidence]]\nid = "q-1"',
        "reviews/ana/acme/1.toml": "\udcff",
        "findings/acme/1.toml": "[DEF]\ngrade = 9",
        "anchors/paper.jsonl": "[]\n{",
    }
    write(tmp_path, {name: text for name, text in bad.items() if "\udcff" not in text})
    (tmp_path / "reviews/ana/acme/1.toml").write_bytes(b"[DEF]\nanswer = '\xff'")
    reading = read_audit(tmp_path)
    assert reading.audit is not None
    assert {one.place.partition(":")[0] for one in reading.problems} == set(bad)
    assert len([one for one in reading.problems if one.place.startswith("anchors")]) == 2
    assert "reviews/ana/acme/1.toml: not UTF-8 in line 2: save the file as UTF-8" in map(
        str, reading.problems
    )
    assert [one.id for one in reading.audit.releases] == [OX]
