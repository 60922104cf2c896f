"""Spreadsheets as rows of text: CSV in whatever encoding and with whatever delimiter, and XLSX.

A sheet comes from anybody. Its size is limited before and while it is read; no formula is
evaluated; what cannot be read is a problem with its place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from openbook.core.guard import unguarded
from openbook.core.problem import Problem

MAX_BYTES = 32 * 1024 * 1024
"""A larger file is refused."""
MAX_ROWS = 50_000
"""Rows that say something; empty ones do not count."""
MAX_COLUMNS = 512
MAX_TEXT = 100_000
"""Characters in one cell."""
DELIMITERS = (",", ";", "\t", "|")
_SNIFFED = 50
"""Rows by which the delimiter is told."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"


class Row(NamedTuple):
    """A row that says something."""

    number: int
    """Counted from 1, as the spreadsheet shows it."""
    cells: tuple[str, ...]

    def text(self, column: int) -> str:
        """What stands in a column, counted from 0; empty beyond the row's end."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file."""

    file: str
    """The file's name."""
    name: str
    """The sheet's name; empty for CSV, which has none."""
    media_type: str
    rows: tuple[Row, ...]
    others: tuple[str, ...] = ()
    """The names of the file's other sheets."""

    def place(self, row: int, column: int | None = None) -> str:
        """``scores.xlsx: Scores!C12``, ``scores.csv: C12``, ``scores.csv: row 12``."""
        where = f"row {row}" if column is None else f"{letters(column)}{row}"
        if self.name and column is not None:
            return f"{self.file}: {self.name}!{where}"
        return f"{self.file}: {self.name + ', ' if self.name else ''}{where}"


def letters(column: int) -> str:
    """``A`` for 0, ``AA`` for 26: a column as spreadsheets name it."""
    text, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def read_sheet(path: Path, wanted: str = "") -> tuple[Sheet | None, bytes, list[Problem]]:
    """A file's sheet of this name, or its first one, and the file's bytes. With problems, the sheet
    holds what could be read all the same; it is None where nothing could."""
    try:
        if not path.is_file():
            return None, b"", [Problem(path.name, "is no file")]
        if path.stat().st_size > MAX_BYTES:
            return None, b"", [Problem(path.name, f"larger than {MAX_BYTES >> 20} MB")]
        data = path.read_bytes()
    except OSError as error:
        return None, b"", [Problem(path.name, f"cannot be read: {error.strerror or error}")]
    sheet, problems = sheet_from(path.name, data, wanted)
    return sheet, data, problems


def sheet_from(file: str, data: bytes, wanted: str = "") -> tuple[Sheet | None, list[Problem]]:
    """The sheet that some bytes are, told by their beginning and not by the file's name."""
    if data.startswith(b"PK"):
        from openbook.files.xlsx import xlsx_sheet  # openpyxl is slow to import

        return xlsx_sheet(file, data, wanted)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        message = "is an old binary spreadsheet or is encrypted: save it as XLSX without a password"
        return None, [Problem(file, message)]
    return csv_sheet(file, data)


def csv_sheet(file: str, data: bytes) -> tuple[Sheet | None, list[Problem]]:
    """CSV in UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or bars."""
    text = _decoded(data)
    if text is None:
        message = "is neither XLSX nor CSV in UTF-8, UTF-16 or Windows-1252"
        return None, [Problem(file, message)]
    text, delimiter = _delimited(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered = enumerate((tuple(map(unguarded, cells)) for cells in reader), 1)
    try:
        rows, problems = rows_of(numbered, lambda number: f"{file}: row {number}")
    except csv.Error as error:
        return None, [Problem(f"{file}: line {reader.line_num}", f"is not CSV: {error}")]
    return Sheet(file, "", CSV, rows), problems


def _decoded(data: bytes) -> str | None:
    """The text of a CSV file; None for what is no text."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _delimited(text: str) -> tuple[str, str]:
    """The text and its delimiter: that which divides the most rows into equally many cells, more
    than one. A first line ``sep=;``, as Excel writes, says it; it is left as an empty one."""
    first = text.split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:
        return text[text.find("\n") :] if "\n" in text else "", first[4:]
    return text, max(DELIMITERS, key=lambda one: _evenness(text, one))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    widths: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cells):
                widths.append(len(cells))
            if len(widths) == _SNIFFED:
                break
    except csv.Error:
        return 0.0, 0
    commonest = max(set(widths), key=lambda one: (widths.count(one), one), default=0)
    if commonest < 2:
        return 0.0, 0
    return widths.count(commonest) / len(widths), commonest


def rows_of(
    numbered: Iterable[tuple[int, tuple[str, ...]]], place: Callable[[int], str]
) -> tuple[tuple[Row, ...], list[Problem]]:
    """The rows that say something, with what exceeds the limits."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MAX_ROWS:
            problems.append(Problem(place(number), f"more than {MAX_ROWS:,} rows: divide the file"))
            break
        problems += (Problem(place(number), one) for one in _too_much(cells))
        said = [cell.strip() for cell in cells[:MAX_COLUMNS]]
        while said and not said[-1]:
            said.pop()
        if said:
            rows.append(Row(number, tuple(said)))
    return tuple(rows), problems


def _too_much(cells: tuple[str, ...]) -> Iterator[str]:
    if any(cell.strip() for cell in cells[MAX_COLUMNS:]):
        yield f"more than {MAX_COLUMNS} columns"
    if any(len(cell) > MAX_TEXT for cell in cells):
        yield f"a cell of more than {MAX_TEXT:,} characters"
