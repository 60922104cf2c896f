"""The file that says what the columns of a spreadsheet mean: docs/spreadsheets.md tells it."""

# ruff: noqa: RUF012 - pydantic copies defaults, which ruff sees only where BaseModel is named

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from openbook.core.problem import Problem
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.files.fields import SCHEMA, Text, Words
from openbook.files.load import load
from openbook.files.shapes import AuditorShape, Shape

UNDECIDED = "?"
"""What a draft has where a person must decide; refused until somebody did."""


def _names(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[Words], BeforeValidator(_names)]
"""One column, or several whose texts are joined."""


def _grade_or_none(value: object) -> object:
    if value in ("", UNDECIDED) or (type(value) is int and MIN_GRADE <= value <= MAX_GRADE):
        return value
    raise ValueError(f'{value!r:.60} is no grade: write 0 to 4, or "" where there is none')


Grade = Annotated[Any, BeforeValidator(_grade_or_none)]


class SheetShape(Shape):
    name: str = ""
    header: Annotated[int, Field(ge=1)] | None = None
    only: dict[Words, str | list[str]] = {}
    fill_down: list[Words] = []
    quotes_separated_by: str = ""


class ColumnsShape(Shape):
    release: Names = []
    question: Names = []
    grade: Names = []
    answer: Names = []
    reason: Names = []
    quote: Names = []
    document: Names = []
    page: Names = []
    url: Names = []
    deviation: Names = []
    point_states: Names = []
    evidence_ids: Names = []
    saw: Names = []
    documents_read: Names = []
    date: Names = []
    absence: Names = []
    absence_search: Names = []
    absence_says: Names = []
    absence_where: Names = []
    absence_documents: Names = []


class WideShape(ColumnsShape):
    of_release: str = ""
    of_question: str = ""


class MappingShape(Shape):
    version: Annotated[int, Field(ge=1)] = Field(alias="schema")
    auditor: AuditorShape
    date: dt.date | None = None
    sheet: SheetShape = SheetShape()
    columns: ColumnsShape = ColumnsShape()
    wide: list[WideShape] = []
    releases: dict[str, Text] = {}
    questions: dict[str, Text] = {}
    grades: dict[str, Grade] = {}
    documents: dict[str, Text] = {}


FIELDS = tuple(ColumnsShape.model_fields)
"""What a column may mean."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns by what they mean, and what all their cells are about, where that is fixed."""

    place: str
    by_field: Mapping[str, tuple[str, ...]]
    """Field to the names of its columns."""
    release: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class SheetMap:
    """What a spreadsheet means."""

    place: str
    auditor: AuditorShape
    date: dt.date | None
    sheet: str
    """Name of the sheet; empty for the first."""
    header: int | None
    """The row that names the columns; None for the first that says something."""
    only: Mapping[str, tuple[str, ...]]
    """Column to the values that a row must have one of to be taken."""
    fill_down: tuple[str, ...]
    """Columns whose empty cells say what the cell above says, as where cells were merged."""
    separator: str
    """What stands between several quotes in one cell; empty where a cell is one quote."""
    columns: tuple[Columns, ...]
    """One, or for a wide sheet one for each release or question that has columns of its own."""
    releases: Mapping[str, str]
    """How the sheet calls a release, to ours; empty where its rows are to be left out."""
    questions: Mapping[str, str]
    grades: Mapping[str, int | None]
    """What the sheet writes, to 0 to 4; None where it is no grade."""
    documents: Mapping[str, str]


def read_map(path: Path) -> tuple[SheetMap | None, list[Problem]]:
    """A mapping file with all that is wrong with it; None where it cannot be used."""
    place = path.name
    shape, problems = load(path, MappingShape, place)
    if shape is None:
        return None, problems
    if shape.version > SCHEMA:
        return None, [Problem(f"{place}: schema", f"is newer than {SCHEMA}: update openbook")]
    problems += _undecided(shape, place)
    problems += _structure(shape, place)
    return (None if problems else _map(shape, place)), problems


def _undecided(shape: MappingShape, place: str) -> Iterator[Problem]:
    for name in ("releases", "questions", "grades", "documents"):
        for key, value in getattr(shape, name).items():
            if value == UNDECIDED:
                message = f'is still "{UNDECIDED}": {_WANTED[name]}'
                yield Problem(f"{place}: {name}: {key}", message)


_WANTED = {
    "releases": 'write a release such as openai-gpt/3.5, or "" to leave its rows out',
    "questions": 'write a keyword such as VS, or "" to leave its rows out',
    "grades": 'write 0 to 4, or "" where it is no grade',
    "documents": 'write the key of a document, or "" for none of this audit',
}


def _structure(shape: MappingShape, place: str) -> Iterator[Problem]:
    for number, one in enumerate(shape.wide, 1):
        where = f"{place}: wide {number}"
        if bool(one.of_release) == bool(one.of_question):
            yield Problem(where, "say either of_release or of_question")
        for field, fixed in (("release", one.of_release), ("question", one.of_question)):
            if fixed and getattr(one, field):
                yield Problem(where, f"of_{field} and a column for {field} exclude each other")
    if not shape.wide:
        for field in ("release", "question"):
            if not getattr(shape.columns, field):
                yield Problem(f"{place}: columns", f"which column is the {field}?")
    for one in shape.wide:
        missing = "question" if one.of_release else "release"
        if not getattr(shape.columns, missing):
            yield Problem(f"{place}: columns", f"which column is the {missing}?")
            return


def _map(shape: MappingShape, place: str) -> SheetMap:
    shared = _by_field(shape.columns)
    wide = tuple(
        Columns(
            f"{place}: wide {number}",
            {**shared, **_by_field(one)},
            one.of_release,
            one.of_question,
        )
        for number, one in enumerate(shape.wide, 1)
    )
    return SheetMap(
        place,
        shape.auditor,
        shape.date,
        shape.sheet.name,
        shape.sheet.header,
        {name: _several(wanted) for name, wanted in shape.sheet.only.items()},
        tuple(shape.sheet.fill_down),
        shape.sheet.quotes_separated_by,
        wide or (Columns(f"{place}: columns", shared),),
        {folded(key): value for key, value in shape.releases.items()},
        {folded(key): value for key, value in shape.questions.items()},
        {folded(key): _grade(value) for key, value in shape.grades.items()},
        {folded(key): value for key, value in shape.documents.items()},
    )


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _grade(value: Any) -> int | None:
    return value if value != "" else None


def _by_field(shape: ColumnsShape) -> dict[str, tuple[str, ...]]:
    return {name: tuple(found) for name in FIELDS if (found := getattr(shape, name))}


def folded(text: str) -> str:
    """A name as names are compared: case and white space do not count."""
    return " ".join(text.split()).casefold()
