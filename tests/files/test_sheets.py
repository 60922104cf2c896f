"""Spreadsheets from anybody: what they say comes in whole, and no file does harm."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.guard import guarded
from openbook.files import sheets, xlsx
from openbook.files.sheets import DELIMITERS, Sheet, letters, read_sheet, sheet_from

TABLE = [["Model", "Größe", "Note"], ["Acme 1", "“zwölf”", "a; b, c"], ["Bee", "=1+1", "x\ny"]]


def cells(sheet: Sheet | None) -> list[list[str]]:
    assert sheet is not None
    return [list(row.cells) for row in sheet.rows]


def as_csv(table: list[list[str]], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(table)
    return file.getvalue()


def as_xlsx(table: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def message(data: bytes) -> str:
    sheet, problems = sheet_from("f.xlsx", data)
    assert sheet is None
    return str(*problems)


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_in_any_usual_dress(delimiter: str, encoding: str) -> None:
    data = as_csv(TABLE, delimiter).encode(encoding)
    sheet, problems = sheet_from("f.csv", data)
    assert (cells(sheet), problems) == (TABLE, [])


def test_a_line_that_names_the_delimiter_is_believed_and_rows_keep_their_numbers() -> None:
    sheet, _ = sheet_from("f.csv", b"sep=;\r\na,b;c\r\n\r\nd;e\r\n")
    assert sheet is not None
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("a,b", "c")), (4, ("d", "e"))]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=("Cs", "Cc", "Z"))).map(str.strip),
            min_size=2,
            max_size=4,
        ).filter(lambda row: bool(row[0] and row[-1])),
        min_size=1,
        max_size=5,
    ).filter(lambda rows: len({*map(len, rows)}) == 1)
)
def test_what_we_write_is_what_we_read(table: list[list[str]]) -> None:
    data = as_csv([[guarded(cell) for cell in row] for row in table]).encode("utf-8-sig")
    sheet, problems = sheets.csv_sheet("f.csv", data)
    if sheet is not None and not any(set(DELIMITERS) & set(cell) for row in table for cell in row):
        assert (cells(sheet), problems) == (table, [])


def test_xlsx_gives_values_as_text() -> None:
    day, noon = dt.date(2024, 5, 31), dt.datetime(2024, 5, 31, 12)  # noqa: DTZ001 - as Excel has
    row = ["x", 3, 3.0, 2.5, True, day, noon, None, "z"]
    sheet, problems = sheet_from("f.xlsx", as_xlsx([row]))
    wanted = ["x", "3", "3", "2.5", "TRUE", "2024-05-31", "2024-05-31 12:00:00", "", "z"]
    assert (cells(sheet), problems) == ([wanted], [])


def test_the_first_sheet_in_sight_is_taken_or_the_one_named() -> None:
    book = openpyxl.Workbook()
    book.active.title = "hidden"
    book.active.sheet_state = "hidden"
    book.create_sheet("seen").append(["a", "b"])
    file = io.BytesIO()
    book.save(file)
    sheet, _ = sheet_from("f.xlsx", file.getvalue())
    assert sheet is not None
    assert (sheet.name, sheet.others, sheet.place(1, 27)) == (
        "seen",
        ("hidden",),
        "f.xlsx: seen!AB1",
    )
    assert "it has 'hidden', 'seen'" in str(sheet_from("f.xlsx", file.getvalue(), "no")[1][0])


def test_a_formula_is_never_evaluated_and_one_without_a_value_is_told() -> None:
    sheet, problems = sheet_from("f.xlsx", as_xlsx([["a", "b"], ["x", "=1+1"]]))
    assert sheet is not None
    assert [str(one) for one in problems] == [
        "f.xlsx: Sheet!B2: a formula without a value: open and save the file in a spreadsheet "
        "program"
    ]


@given(st.integers(0, 16_383))
def test_letters_count_as_spreadsheets_do(column: int) -> None:
    assert letters(column) == openpyxl.utils.get_column_letter(column + 1)


def repacked(data: bytes, name: str, change: bytes | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for one in source.infolist():
            if one.filename != name:
                target.writestr(one.filename, source.read(one))
            elif change is not None:
                target.writestr(one.filename, change + source.read(one))
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize("encode", [lambda text: text, lambda text: text.decode().encode("utf-16")])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_no_part_may_declare_entities(part: str, encode: object) -> None:
    bomb = encode(BOMB)  # type: ignore[operator]
    assert "declares a document type" in message(repacked(as_xlsx([["a", "b"]]), part, bomb))


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO(as_xlsx([["a", "b"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", bytes(xlsx.MAX_UNPACKED))
    assert len(out.getvalue()) < sheets.MAX_BYTES
    assert "unpacks to more than 128 MB" in message(out.getvalue())
    monkeypatch.setattr(xlsx, "MAX_MEMBERS", 3)
    assert "holds more than 3 files" in message(as_xlsx([["a", "b"]]))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04 and no more", "cannot be unpacked"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is an old binary spreadsheet or is encrypted"),
        (b"\x81\x8d\x8f", "is neither XLSX nor CSV"),
        (b"a,b\0c\n", "is neither XLSX nor CSV"),
        (repacked(as_xlsx([["a"]]), "xl/workbook.xml", None), "is an archive, but no XLSX file"),
        (repacked(as_xlsx([["a"]]), "xl/worksheets/sheet1.xml", b"<broken"), "cannot be read as"),
    ],
)
def test_what_is_no_spreadsheet(data: bytes, says: str) -> None:
    assert says in message(data)


def test_a_cell_far_out_costs_little() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "head", "far"
    file = io.BytesIO()
    book.save(file)
    sheet, problems = sheet_from("f.xlsx", file.getvalue())
    assert cells(sheet) == [["head"]]
    assert "more than 512 columns" in str(*problems)


def test_limits_are_told_with_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    monkeypatch.setattr(sheets, "MAX_TEXT", 10)
    sheet, problems = sheet_from("f.csv", b"a,b\n1," + b"x" * 11 + b"\n\n3,c\n")
    assert len(cells(sheet)) == 2
    assert [one.place for one in problems] == ["f.csv: row 2", "f.csv: row 4"]


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(bytes(2 << 20))
    monkeypatch.setattr(sheets, "MAX_BYTES", 1 << 20)
    assert "larger than 1 MB" in str(*read_sheet(path)[2])
    assert "is no file" in str(*read_sheet(tmp_path)[2])
