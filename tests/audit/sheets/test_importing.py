"""An older audit from a spreadsheet: what is a judgement, what evidence, what only a report."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from openbook.audit.check import check
from openbook.audit.new import bundled, copy_audit
from openbook.audit.opened import Opened, open_audit, writing
from openbook.audit.settle import settle
from openbook.audit.sheets.claimed_quote import readings
from openbook.audit.sheets.draft_map import draft_map
from openbook.audit.sheets.import_files import Given
from openbook.audit.sheets.importing import Imported, import_sheet
from openbook.core.evidence import SecondaryEvidence
from openbook.core.records import Audit
from openbook.core.review import Judgement, PointState, Review
from openbook.files import write
from openbook.files.mapping import read_map
from openbook.files.sheets import Sheet, csv_sheet, sheet_from
from openbook.report.office import Exhibit
from openbook.report.site.material import Material
from openbook.report.tables import reviews_csv
from openbook.report.workbook import workbook
from tests.workbench import done, snapshot

DAY = dt.date(2026, 11, 26)
HEAD = 'schema = 1\n[auditor]\nid = "ngo"\nname = "The NGO"\nkind = "person"\n'
COLUMNS = """[columns]
release = "Model"
question = "Item"
grade = "Score"
answer = "Answer"
quote = "Quote"
document = "Source"
page = "Page"
"""
HEADER = "Model,Item,Score,Answer,Quote,Source,Page\n"


def given(folder: Path, rows: str, mapping: str = HEAD + COLUMNS) -> Given:
    data = (HEADER + rows).encode()
    return meant(folder, data, csv_sheet("old.csv", data)[0], mapping)


def meant(folder: Path, data: bytes, sheet: Sheet | None, mapping: str) -> Given:
    path = folder.parent / "map.toml"
    path.write_text(mapping, "utf-8")
    found, problems = read_map(path)
    assert found is not None, problems
    assert sheet is not None
    return Given(sheet, data, found, DAY)


def imported(folder: Path, one: Given, *, dry: bool = False) -> Imported:
    with writing(folder) as opened:
        return import_sheet(opened, one, dry=dry)


def brought_in(folder: Path, rows: str, mapping: str = HEAD + COLUMNS) -> Imported:
    """A sheet imported into an audit, which stays without problems."""
    made = imported(folder, given(folder, rows, mapping))
    assert made.problems == ()
    assert check(open_audit(folder)).problems == ()
    return made


def faults(folder: Path, rows: str, mapping: str = HEAD + COLUMNS) -> list[str]:
    """What is wrong with a sheet; nothing of the audit is changed."""
    before = snapshot(folder)
    made = imported(folder, given(folder, rows, mapping))
    assert snapshot(folder) == before
    assert made.files == ()
    return [str(one) for one in made.problems]


def judged(folder: Path, release: str, keyword: str, who: str = "ngo") -> Judgement:
    audit = open_audit(folder).audit
    review = next(
        one for one in audit.reviews if one.auditor == who and str(one.release) == release
    )
    return review.cells[keyword]


# --- Quotes -------------------------------------------------------------------------------------


def test_a_quote_that_stands_is_evidence_and_one_that_does_not_is_a_report(audit: Path) -> None:
    rows = (
        "acme/1,PEOPLE,3,,We hired 40 annotators through an agency,acme-card,\n"
        "acme/1,PEOPLE,3,,We hired 400 annotators through an agency,acme-card,7\n"
    )
    made = brought_in(audit, rows)
    first, second = (open_audit(audit).audit.evidence[id_] for id_ in judged_ids(audit))
    assert (first.id[0], first.by, first.document) == ("q", "ngo", "acme-card")
    assert isinstance(second, SecondaryEvidence)
    assert second.says == "We hired 400 annotators through an agency"
    assert (second.document, second.where) == ("old", "E3, acme-card, page 7")
    assert "does not stand in acme-card" in second.note
    assert [one.state for one in made.quotes] == ["verified", "unverified"]


def judged_ids(folder: Path) -> tuple[str, ...]:
    return judged(folder, "acme/1", "PEOPLE").evidence


def test_the_same_words_that_are_evidence_already_are_not_doubled(audit: Path) -> None:
    before = open_audit(audit).audit.evidence
    brought_in(audit, "acme/1,PEOPLE,3,,We hired 40 annotators,acme-card,\n")
    after = open_audit(audit).audit.evidence
    assert before.keys() == after.keys()
    assert judged_ids(audit)[0] in before


def test_a_quote_without_a_copy_is_verified_when_the_copy_comes(audit: Path) -> None:
    card = Path("acme-card.md").read_bytes()
    opened = open_audit(audit)
    sha256 = opened.audit.documents["acme-card"].copies[0].sha256
    assert opened.library.remove(sha256)
    rows = "acme/1,PEOPLE,3,,We hired 40 annotators through an agency,acme-card,\n"
    made = imported(audit, given(audit, rows))
    assert made.quotes[0].reason == "no copy of acme-card is at hand"
    assert judged_ids(audit)[0].startswith("s-")
    assert "unchecked" not in str(open_audit(audit).audit.evidence[judged_ids(audit)[0]])
    opened.library.add(card)
    brought_in(audit, rows)
    assert [id_[0] for id_ in judged_ids(audit)] == ["q"]


def test_pages_claimed_and_found(audit: Path) -> None:
    words = "Reviewers were chosen by a test."
    made = brought_in(
        audit,
        f"beta-labs/2,PEOPLE,1,,{words},beta-report,1\n"
        f"beta-labs/2,GOALS,1,,{words},beta-report,p. 2\n",
    )
    assert [one.pages for one in made.quotes] == [(2,), (2,)]
    assert [one.is_on_another_page for one in made.quotes] == [True, False]


def test_a_quote_is_found_in_another_document_of_the_release(audit: Path) -> None:
    rows = "beta-labs/2,PEOPLE,1,,Reviewers were chosen by a test.,acme-card,\n"
    one = brought_in(audit, rows).quotes[0]
    assert (one.document, one.is_elsewhere) == ("beta-report", True)


def test_a_word_is_no_quote(audit: Path) -> None:
    assert brought_in(audit, "acme/1,PEOPLE,1,,40,acme-card,\n").quotes[0].reason == (
        "is too short to be a quote"
    )


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("“we did this”", "we did this"),
        ('"we did … this"', "we did [...] this"),
        ("we did [...] this", "we did [...] this"),
        ("we (...) this ... too", "we [...] this [...] too"),
        ("...we did this...", "we did this"),
    ],
)
def test_readings_of_a_quote_as_people_write_it(written: str, last: str) -> None:
    assert [*readings(written)][-1] == last


@for_any(st.text(st.sampled_from("ab .…[]\"“”'(")))
@settings(deadline=None)
def test_a_quote_is_read_as_it_is_first(text: str) -> None:
    assert next(readings(text)) == text


def test_words_in_quotation_marks_with_dots_stand(audit: Path) -> None:
    words = "“We set these goals ourselves ... of the safety team”"
    brought_in(audit, f"acme/1,GOALS,2,,{words},,\n")
    audit_ = open_audit(audit).audit
    found = audit_.evidence[judged(audit, "acme/1", "GOALS").evidence[0]]
    assert found.quote == "We set these goals ourselves [...] of the safety team"  # type: ignore[union-attr]


def test_the_firmest_reading_is_kept(audit: Path) -> None:
    words = "“two goals: to be helpful and to be safe”"
    one = brought_in(audit, f"acme/1,GOALS,2,,{words},,\n").quotes[0]
    assert (one.state, one.text) == ("verified", words.strip("“”"))


# --- Judgements ---------------------------------------------------------------------------------


def test_a_grade_without_a_quote_rests_on_what_the_sheet_says_alone(audit: Path) -> None:
    mapping = f"{HEAD}{COLUMNS}[grades]\npartly = 2\n"
    brought_in(audit, "beta-labs/2,GOALS,Partly,Some.,,,\n", mapping)
    with writing(audit) as opened:
        settle(opened)
    report = check(open_audit(audit))
    assert report.problems == ()
    assert report.standings["secondary"] == 1
    judgement = judged(audit, "beta-labs/2", "GOALS")
    evidence = open_audit(audit).audit.evidence[judgement.evidence[0]]
    assert (judgement.grade, judgement.answer) == (2, "Some.")
    assert evidence.note == 'The sheet writes "Partly".'


def test_where_it_comes_from_is_on_record(audit: Path) -> None:
    one = given(audit, "acme/1,GOALS,0,,,,\n")
    imported(audit, one)
    found = open_audit(audit).audit
    review = next(review for review in found.reviews if review.auditor == "ngo")
    copy = found.documents[review.imported].copies[0]
    assert (copy.sha256, copy.retrieved, copy.bytes) == (
        write_sha(one.data),
        DAY,
        len(one.data),
    )
    auditor = found.auditor("ngo")
    assert auditor is not None
    assert copy.sha256 in auditor.note
    assert auditor.note.endswith("on 2026-11-26; not verified here.")
    assert found.imported == {"ngo"}


def write_sha(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def test_imported_twice_adds_nothing(audit: Path) -> None:
    rows = (
        "acme/1,GOALS,2,A,We set these goals ourselves,,\n"
        "acme/1,PEOPLE,2,A,made up from nothing at all,,\n"
        "beta-labs/2,PEOPLE,1,B,,,\n"
    )
    assert brought_in(audit, rows).new_cells == 3
    before = snapshot(audit)
    again = brought_in(audit, rows)
    assert (again.new_cells, again.files) == (0, ())
    assert snapshot(audit) == before


def test_a_dry_run_writes_nothing_and_says_what_would_be(audit: Path) -> None:
    one = given(audit, "acme/1,GOALS,2,A,We set these goals ourselves,,\n")
    before = snapshot(audit)
    dry = imported(audit, one, dry=True)
    assert snapshot(audit) == before
    made = imported(audit, one)
    assert dry == made
    assert "reviews/ngo/acme/1.toml" in made.files


def test_rows_in_any_order_give_the_same_judgements(audit: Path, tmp_path: Path) -> None:
    rows = [
        "acme/1,GOALS,2,A,We set these goals ourselves,,",
        "acme/1,GOALS,2,,two goals: to be helpful and to be safe,,",
        "beta-labs/2,PEOPLE,1,B,,,",
    ]
    random.Random(1).shuffle(rows)
    brought_in(audit, "\n".join(rows))
    one = judged(audit, "acme/1", "GOALS")
    assert (one.grade, one.answer, len(one.evidence)) == (2, "A", 2)


def test_merged_cells_and_rows_that_are_left_out(audit: Path) -> None:
    mapping = (
        f'{HEAD}[sheet]\nfill_down = ["Model"]\nonly = {{ Page = ["final", "done"] }}\n'
        + COLUMNS.replace('page = "Page"\n', "")
        + '[releases]\ngamma = ""\n'
    )
    rows = (
        "acme/1,GOALS,1,,,,final\n,PEOPLE,2,,,,Done\n,RELEASED,0,,,,draft\nGamma,GOALS,1,,,,final\n"
    )
    made = brought_in(audit, rows, mapping)
    assert [str(cell) for cell in made.cells] == ["acme/1 GOALS", "acme/1 PEOPLE"]
    assert made.claims.left_out == {
        "Page is not 'final' or 'done'": 1,
        "the mapping leaves out 'Gamma'": 1,
    }


@pytest.mark.parametrize(
    ("header", "rows", "wide"),
    [
        (
            "Model,Goals,People,Why",
            "acme 1,1,2,so\nbeta-labs/2,0,,\n",
            '[columns]\nrelease = "Model"\n[[wide]]\nof_question = "GOALS"\ngrade = "Goals"\n'
            'reason = "Why"\n[[wide]]\nof_question = "PEOPLE"\ngrade = "People"\n',
        ),
        (
            "Item,acme,beta,Why",
            "Goals,1,0,so\nPeople,2,,\n",
            '[columns]\nquestion = "Item"\n[[wide]]\nof_release = "acme/1"\ngrade = "acme"\n'
            'reason = "Why"\n[[wide]]\nof_release = "beta-labs/2"\ngrade = "column C"\n',
        ),
    ],
)
def test_wide_sheets(audit: Path, header: str, rows: str, wide: str) -> None:
    data = f"{header}\n{rows}".encode()
    made = imported(audit, meant(audit, data, csv_sheet("old.csv", data)[0], HEAD + wide))
    assert made.problems == ()
    grades = {str(cell): one.grade for cell, one in made.cells.items()}
    assert grades == {"acme/1 GOALS": 1, "acme/1 PEOPLE": 2, "beta-labs/2 GOALS": 0}
    assert judged(audit, "acme/1", "GOALS").reason == "so"


# --- What is wrong --------------------------------------------------------------------------------


def test_all_problems_at_once_with_row_and_column(audit: Path) -> None:
    told = faults(
        audit,
        "acme/9,GOALS,1,,,,\n"
        "acme/1,NOPE,1,,,,\n"
        "acme/1,GOALS,lots,,,,\n"
        "acme/1,PEOPLE,1,A\x07,,,\n"
        "acme/1,RELEASED,0,,,,\n"
        "acme/1,RELEASED,1,,,,\n",
    )
    assert [one.split(": ")[1] for one in told] == ["A2", "B3", "C4", "D5", "C7"]
    assert "is no release of this audit, which has acme/1, beta-labs/2" in told[0]
    assert "say under [questions] what it is" in told[1]
    assert "'lots' is no grade from 0 to 4; say under [grades]" in told[2]
    assert "a character that is no text (U+0007)" in told[3]
    assert "gives acme/1 RELEASED another grade (1) than C6 (0)" in told[4]


def test_columns_that_are_not_there(audit: Path) -> None:
    told = faults(audit, "", HEAD + COLUMNS.replace('"Score"', '"Mark"'))
    assert told[0].startswith("map.toml: columns: there is no column 'Mark'; old.csv: row 1 has")


def test_a_judgement_that_is_there_is_never_replaced(audit: Path) -> None:
    brought_in(audit, "acme/1,GOALS,2,A,,,\n")
    told = faults(audit, "acme/1,GOALS,3,A,,,\n")
    assert "The NGO has judged acme/1 GOALS otherwise already" in told[0]
    ana = HEAD.replace('"ngo"', '"ana-ruiz"')
    told = faults(audit, "acme/1,GOALS,3,A,,,\n", ana + COLUMNS)
    assert "Ana Ruiz has reviewed acme/1 here: import as an auditor of its own" in told[0]
    model = HEAD.replace('"ngo"', '"ana-ruiz"').replace('"person"', '"model"')
    assert "ana-ruiz is a person" in faults(audit, "beta-labs/2,GOALS,1,,,,\n", model + COLUMNS)[0]


def test_what_contradicts_the_rules_for_audits_is_told_where_the_sheet_says_it(audit: Path) -> None:
    mapping = f'{HEAD}{COLUMNS}point_states = "Page"\n'.replace('page = "Page"\n', "")
    rows = "acme/1,GOALS,0,,,,which=stated\nacme/1,PEOPLE,4,,,,number=stated location=absent\n"
    told = faults(audit, rows, mapping)
    assert [one.split(": ")[1] for one in told[:2]] == ["C2", "C2"]
    assert any("C3: grade 4 says nothing is missing" in one for one in told)


def test_nothing_is_half_written(audit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = given(audit, "acme/1,GOALS,2,A,We set these goals ourselves,,\n")
    before = snapshot(audit)
    put = write._put_in_place

    def fails(temporary: Path, path: Path) -> None:
        if path.resolve().is_relative_to(audit.resolve()) and "reviews" in path.parts:
            temporary.unlink()
            raise write.WriteError("no")
        put(temporary, path)

    monkeypatch.setattr(write, "_put_in_place", fails)
    with pytest.raises(write.WriteError):
        imported(audit, one)
    assert snapshot(audit) == before


# --- Our own exports ------------------------------------------------------------------------------


def emptied(folder: Path) -> Path:
    """An audit without its judgements and what was made of them."""
    for name in ("reviews", "settlements", "findings"):
        for path in sorted((folder / name).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    return folder


def exported(audit: Audit, kind: str) -> tuple[bytes, str]:
    if kind == "csv":
        return reviews_csv(audit).encode(), ""
    return workbook(Exhibit(Material(audit), "0" * 64, "openbook")), "reviews"


def came_back(audit: Audit, folder: Path, kind: str) -> tuple[Review, ...]:
    """The reviews of an audit, exported and imported into an empty copy of it."""
    data, name = exported(audit, kind)
    sheet, problems = sheet_from(f"export.{kind}", data, name)
    assert sheet is not None
    assert problems == []
    for auditor in {one.auditor for one in audit.reviews}:
        draft = draft_map(open_audit(folder), sheet)
        first = next(one for one in audit.auditors if f'id = "{one.id}"' in draft)
        named = next(one for one in audit.auditors if one.id == auditor)
        for before, after in ((first.id, named.id), (first.name, named.name)):
            draft = draft.replace(f'"{before}"', f'"{after}"')
        draft = draft.replace(f'kind = "{first.kind}"', f'kind = "{named.kind}"')
        made = imported(folder, meant(folder, data, sheet, draft))
        assert made.problems == ()
    return tuple(replace(one, imported="") for one in open_audit(folder).audit.reviews)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("name", ["beyond-the-six", "decoding-alignment"])
def test_a_bundled_audit_comes_back_from_its_export(tmp_path: Path, name: str, kind: str) -> None:
    folder = copy_audit(tmp_path / "copy", name)
    audit = open_audit(bundled(name)).audit
    assert came_back(audit, emptied(folder), kind) == audit.reviews
    assert check(open_audit(folder)).problems == ()


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")) | st.sampled_from("\n\t=+-@'\"“,;"),
    max_size=40,
).map(str.strip)


@st.composite
def judgements(draw: st.DrawFn, evidence: Mapping[str, Sequence[str]], keyword: str) -> Judgement:
    """A judgement as an auditor may have kept it: what informs, or a mere grade of 0."""
    grade = draw(st.integers(0, 4))
    states = [PointState.ABSENT] if not grade else [PointState.VAGUE, PointState.STATED]
    keys = {"GOALS": ["which", "who"], "PEOPLE": ["number", "location"]}[keyword]
    points = {key: draw(st.sampled_from(states)) for key in keys if draw(st.booleans())}
    used = draw(st.permutations(evidence[keyword])) if grade else []
    return Judgement(
        answer=draw(texts),
        evidence=tuple(used),
        points=points,
        grade=grade,
        reason=draw(texts.filter(bool)),
        deviation="Because.",
    )


@settings(max_examples=12, deadline=None)
@for_any(data=st.data(), kind=st.sampled_from(["xlsx", "csv"]))
def test_any_judgements_come_back_from_an_export(
    template: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: str
) -> None:
    folder = copy_audit(tmp_path_factory.mktemp("any") / "audit", str(template / "audit"))
    before: Opened = open_audit(emptied(folder))
    release = before.release("acme/1").id
    evidence = {
        keyword: [one.id for one in before.audit.evidence_for(before.cell("acme/1", keyword))]
        for keyword in ("GOALS", "PEOPLE")
    }
    cells = {keyword: data.draw(judgements(evidence, keyword)) for keyword in evidence}
    review = Review("ana-ruiz", release, cells, data.draw(st.none() | st.dates()), ("acme-card",))
    audit = replace(before.audit, reviews=(review,))
    assert came_back(audit, folder, kind) == (review,)


def test_the_export_of_an_audit_imported_into_itself_adds_nothing(audit: Path) -> None:
    before = snapshot(audit)
    data, name = exported(open_audit(audit).audit, "xlsx")
    sheet, _ = sheet_from("export.xlsx", data, name)
    assert sheet is not None
    one = meant(audit, data, sheet, draft_map(open_audit(audit), sheet))
    assert imported(audit, one).new_cells == 0
    assert snapshot(audit) == before


# --- Drafts -------------------------------------------------------------------------------------


def test_a_draft_knows_what_it_can_and_asks_the_rest(audit: Path, tmp_path: Path) -> None:
    text = (
        "An old audit\n\n"
        "System,Indicator,Rating,Comment,Excerpt,Source,Page\n"
        "acme 1,Goals,Yes,c,words of it,acme-card,1\n"
        ",People,n/a,c,,card,2\n"
        "Gamma,Released,3,c,,,\n"
    )
    sheet, _ = csv_sheet("old.csv", text.encode())
    assert sheet is not None
    draft = draft_map(open_audit(audit), sheet)
    for line in (
        'release = "System"',
        'question = "Indicator"',
        'grade = "Rating"',
        'reason = "Comment"',
        'quote = "Excerpt"',
        'document = "Source"',
        'page = "Page"',
        'fill_down = ["System"]',
        "header = 3",
        'Gamma = "?"',
        "Yes = 4  # proposed",
        '"n/a" = "?"',
        'card = "?"',
    ):
        assert line in draft, line
    path = tmp_path / "m.toml"
    path.write_text(draft, "utf-8")
    assert len(read_map(path)[1]) == 3


def test_a_draft_of_a_wide_sheet(audit: Path) -> None:
    sheet, _ = csv_sheet("old.csv", b"Model,Goals,People,x\nacme/1,1,2,\nbeta-labs/2,0,1,y\n")
    assert sheet is not None
    draft = draft_map(open_audit(audit), sheet)
    assert '[[wide]]\nof_question = "GOALS"\ngrade = "Goals"' in draft
    assert '[[wide]]\nof_question = "PEOPLE"\ngrade = "People"' in draft


def test_by_commands(audit: Path) -> None:
    Path("old.csv").write_text("Model,Item,Score\nacme/1,Goals,2\n", "utf-8")
    done("audit", "import", audit, "old.csv", "--draft-map", "m.toml")
    dry = done("audit", "import", audit, "old.csv", "--map", "m.toml", "--dry-run", "--json")
    assert (dry.json[0]["cells"], dry.json[0]["dry_run"]) == (1, True)
    ran = done("audit", "import", audit, "old.csv", "--map", "m.toml")
    assert "1 rows, 1 cells, 1 new" in ran.out
    assert done("audit", "fetch", audit).out == "every document is at hand\n"
