"""One sheet of an XLSX file: values only, within limits.

An XLSX file is an archive of XML files. Before openpyxl sees it, its members are counted and their
sizes added up (which bounds what unpacking can give), and each XML file is looked at up to its root
element: none may declare a document type, without which there are no entities.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from openbook.core.problem import Problem
from openbook.files.sheets import MAX_COLUMNS, XLSX, Sheet, letters, rows_of

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MAX_UNPACKED = 128 * 1024 * 1024
"""Bytes of all members together."""
MAX_MEMBERS = 2000
MAX_CELLS = 1_000_000
MAX_SCANNED = 50_000_000
"""Places looked at, empty or not; a row costs as many as its last cell is far out."""
_BEGINNING = 1 << 16


def xlsx_sheet(file: str, data: bytes, wanted: str) -> tuple[Sheet | None, list[Problem]]:
    """The sheet of this name, or the first that is not hidden, as rows of text. Formulas count by
    the value that was stored with them; one without is a problem."""
    if fault := _archive_fault(data):
        return None, [Problem(file, fault)]
    try:
        book = _opened(data, values=True)
        formulas = _opened(data, values=False)
        names = [one.title for one in book.worksheets]
        if not names:
            return None, [Problem(file, "has no sheet")]
        if wanted and wanted not in names:
            message = f"has no sheet {wanted!r}; it has {', '.join(map(repr, names))}"
            return None, [Problem(file, message)]
        shown = [one.title for one in book.worksheets if one.sheet_state == "visible"]
        name = wanted or (shown or names)[0]
        cells = [(number, tuple(map(_text, one))) for number, one in _rows(book, name)]
        problems = list(_uncomputed(file, name, formulas, cells))
    except _TooLargeError as error:
        return None, [Problem(file, str(error))]
    except Exception as error:  # noqa: BLE001 - openpyxl has no tree of errors for a broken file
        why = f"{type(error).__name__}: {error}"[:200]
        return None, [Problem(file, f"cannot be read as XLSX ({why})")]
    rows, exceeding = rows_of(cells, lambda number: f"{file}: {name}, row {number}")
    others = tuple(one for one in names if one != name)
    return Sheet(file, name, XLSX, rows, others), problems + exceeding


class _TooLargeError(Exception):
    """A sheet beyond the limits."""


def _archive_fault(data: bytes) -> str:
    """Why an archive is not opened; empty where it may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                return f"holds more than {MAX_MEMBERS} files"
            if sum(one.file_size for one in members) > MAX_UNPACKED:
                return f"unpacks to more than {MAX_UNPACKED >> 20} MB"
            if any(one.flag_bits & 1 for one in members):
                return "is encrypted: save it without a password"
            if "xl/workbook.xml" not in {one.filename for one in members}:
                return "is an archive, but no XLSX file"
            for one in members:
                if one.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(one) as member:
                        if _declares_a_type(member.read(_BEGINNING)):
                            return f"{one.filename} declares a document type, as no XLSX file does"
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError) as error:
        return f"cannot be unpacked ({error})"
    return ""


def _declares_a_type(beginning: bytes) -> bool:
    """Whether an XML file has a DOCTYPE before its root element, or no root element in sight."""
    found = {"type": False, "root": False}
    parser = expat.ParserCreate()

    def on_type(*_: object) -> None:
        found["type"] = True

    def on_root(*_: object) -> None:
        found["root"] = True

    parser.StartDoctypeDeclHandler = on_type
    parser.StartElementHandler = on_root
    try:
        parser.Parse(beginning, False)
    except expat.ExpatError:
        return found["type"]  # broken XML is openpyxl's to refuse
    return found["type"] or not found["root"]


def _opened(data: bytes, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that we do not read
        return load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)


def _rows(book: Workbook, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Numbered rows with something in them. The size that the file claims is not believed."""
    sheet = book[name]
    sheet.reset_dimensions()
    count = scanned = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        scanned += len(row) + 1
        if scanned > MAX_SCANNED:
            raise _TooLargeError(f"the sheet {name!r} reaches too far out: remove empty columns")
        filled = sum(value is not None for value in row)
        count += filled
        if count > MAX_CELLS:
            raise _TooLargeError(f"the sheet {name!r} has more than {MAX_CELLS:,} cells")
        if filled:
            yield number, tuple(row)


def _uncomputed(
    file: str, name: str, formulas: Workbook, cells: list[tuple[int, tuple[str, ...]]]
) -> Iterator[Problem]:
    """Formulas that were stored without a value: nobody here will compute one."""
    known = dict(cells)
    message = "a formula without a value: open and save the file in a spreadsheet program"
    for number, row in _rows(formulas, name):
        for column, value in enumerate(row[:MAX_COLUMNS]):
            if not _is_formula(value):
                continue
            values = known.get(number, ())
            if column >= len(values) or not values[column]:
                yield Problem(f"{file}: {name}!{letters(column)}{number}", message)


def _is_formula(value: object) -> bool:
    """Also of plain text that looks like one, which has a value of its own, however."""
    if isinstance(value, str):
        return value.startswith("=")
    plain = (int, float, dt.date, dt.time, dt.timedelta)
    return value is not None and not isinstance(value, plain)


def _text(value: object) -> str:
    """A cell's value as text: whole numbers without a point, dates as ISO writes them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)
