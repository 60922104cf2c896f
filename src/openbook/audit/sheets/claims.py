"""What the rows of a spreadsheet say of the cells of an audit; nothing is verified here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from openbook.audit.opened import Opened
from openbook.audit.sheets.said import Said
from openbook.core.initiative import Document, Release, parse_release_id
from openbook.core.problem import Problem
from openbook.core.questionnaire import Question, Questionnaire
from openbook.core.records import Audit
from openbook.core.review import CellId, Judgement
from openbook.files.mapping import Columns, SheetMap, folded
from openbook.files.sheets import Row, Sheet, letters


class ClaimedQuote(NamedTuple):
    """Words that a row gives as a quote."""

    place: str
    """``Scores!F12``."""
    text: str
    named: str
    """The document as the sheet calls it."""
    document: str
    """Key of the document that is meant; empty where the audit has none by that name."""
    page: str
    url: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What one row says of one cell."""

    cell: CellId
    place: str
    """``scores.xlsx: Scores!C12``."""
    judgement: Judgement
    given: str
    """The grade as the sheet writes it."""
    quotes: tuple[ClaimedQuote, ...] = ()
    read: tuple[str, ...] = ()
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """All that a sheet says, with everything that cannot be understood."""

    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]
    rows: int
    """How many rows were looked at."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many rows say nothing here, by the reason."""


def claims_of(opened: Opened, sheet: Sheet, meant: SheetMap) -> Claims:
    """Every row as claims on cells, all problems at once, each with its sheet, row and column."""
    header = header_of(sheet, meant.header)
    if header is None:
        return Claims((), (Problem(sheet.file, "has no row that names its columns"),), 0)
    reading = _Reading(opened, sheet, meant, header)
    problems = [*reading.unknown_columns()]
    if problems:
        return Claims((), tuple(problems), 0)
    claims: list[Claim] = []
    left_out: Counter[str] = Counter()
    rows = [row for row in sheet.rows if row.number > header.number]
    for row in reading.filled(rows):
        if reason := reading.why_not(row):
            left_out[reason] += 1
            continue
        found: list[Claim] = []
        for columns in meant.columns:
            try:
                found += filter(None, [reading.claim(row, columns)])
            except _LeftOutError as error:
                left_out[str(error)] += 1
            except _FaultyRowError as error:
                problems += error.problems
        claims += found
    return Claims(tuple(claims), tuple(problems), len(rows), left_out)


def header_of(sheet: Sheet, number: int | None) -> Row | None:
    """The row that names the columns: the one of this number, else the first as wide as most."""
    if number is not None:
        return next((row for row in sheet.rows if row.number == number), None)
    widths = [sum(map(bool, row.cells)) for row in sheet.rows[:50]]
    least = 0.6 * max(widths, default=0)
    return next(
        (row for row, width in zip(sheet.rows, widths, strict=False) if width >= max(2, least)),
        None,
    )


def release_names(audit: Audit) -> dict[str, list[Release]]:
    """What a sheet may call a release besides its id: its label, with or without the initiative."""
    found: dict[str, list[Release]] = {}
    for initiative in audit.initiatives:
        for release in initiative.audited:
            for name in dict.fromkeys((release.label, f"{initiative.title} {release.label}")):
                found.setdefault(folded(name), []).append(release)
    return found


def question_names(asked: Questionnaire) -> dict[str, Question]:
    """What a sheet may call a question: its keyword, title or wording."""
    return {
        folded(name): question
        for question in asked.questions
        for name in (question.title, question.wording, question.keyword)
    }


class _LeftOutError(Exception):
    """A row that the mapping leaves out."""


class _FaultyRowError(Exception):
    """A row that cannot be understood."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class _Reading:
    """One sheet read by one mapping."""

    def __init__(self, opened: Opened, sheet: Sheet, meant: SheetMap, header: Row) -> None:
        self.opened, self.sheet, self.meant, self.header = opened, sheet, meant, header
        names = [folded(cell) for cell in header.cells]
        self.columns = {name: names.index(name) for name in names if names.count(name) == 1}
        self.doubled = {name for name in names if name and names.count(name) > 1}
        width = max((len(row.cells) for row in sheet.rows), default=0)
        self.columns |= {f"column {letters(at)}".casefold(): at for at in range(width)}
        self.releases = release_names(opened.audit)
        self.questions = question_names(opened.audit.questionnaire)
        self.documents = dict(document_names(opened.audit.documents))

    def unknown_columns(self) -> Iterator[Problem]:
        """The columns that the mapping names and the sheet does not have."""
        used = [(one.place, name) for one in self.meant.columns for name in _all(one)]
        used += [(f"{self.meant.place}: sheet: only", name) for name in self.meant.only]
        used += [(f"{self.meant.place}: sheet: fill_down", name) for name in self.meant.fill_down]
        for place, name in dict.fromkeys(used):
            if folded(name) in self.doubled:
                letter = letters(self.header.cells.index(name)) if name in self.header.cells else ""
                message = f"two columns are called {name!r}; name one by letter: column {letter}"
                yield Problem(place, message)
            elif folded(name) not in self.columns:
                there = ", ".join(repr(cell) for cell in self.header.cells if cell)
                where = self.sheet.place(self.header.number)
                yield Problem(place, f"there is no column {name!r}; {where} has {there}"[:600])

    def filled(self, rows: Sequence[Row]) -> Iterator[Row]:
        """The rows, with what merged cells say of the rows below their first."""
        wanted = [self.columns[folded(name)] for name in self.meant.fill_down]
        above: dict[int, str] = {}
        for row in rows:
            cells = list(row.cells) + [""] * (max(wanted, default=-1) + 1 - len(row.cells))
            for at in wanted:
                cells[at] = cells[at] or above.get(at, "")
                above[at] = cells[at]
            yield Row(row.number, tuple(cells))

    def why_not(self, row: Row) -> str:
        """Why a row is not looked at; empty where it is."""
        for name, wanted in self.meant.only.items():
            if folded(row.text(self.columns[folded(name)])) not in map(folded, wanted):
                return f"{name} is not {' or '.join(map(repr, wanted))}"
        return ""

    def claim(self, row: Row, columns: Columns) -> Claim | None:
        """What a row says in some columns; None where it says nothing."""
        said = Said(self.sheet, self.meant.grades, self.columns, row, columns)
        if not any(said.text(name) for name in ("grade", "answer", "reason", "quote")):
            return None
        release, question = self._release(said), self._question(said)
        if release is None or question is None:
            raise _FaultyRowError(said.problems)
        cell = CellId(release.id, question.keyword)
        judgement = Judgement(
            answer=said.prose("answer"),
            evidence=said.evidence(),
            points=said.points(question),
            grade=said.grade(),
            reason=said.prose("reason"),
            deviation=said.prose("deviation"),
            not_stated=said.absence(),
            saw=tuple(said.text("saw").split()),
        )
        quotes = tuple(self._quotes(said))
        date, read = said.date(), tuple(said.text("documents_read").split())
        if said.problems:
            raise _FaultyRowError(said.problems)
        place = said.place("grade")
        return Claim(cell, place, judgement, said.text("grade"), quotes, read, date)

    def _release(self, said: Said) -> Release | None:
        name = said.columns.release or said.text("release")
        wanted = self.meant.releases.get(folded(name), name)
        if not wanted:
            raise _LeftOutError(f"the mapping leaves out {name!r}")
        id_ = parse_release_id(wanted)
        found = self.opened.audit.release(id_) if id_ else None
        if found is not None and not found.left_out:
            return found
        named = self.releases.get(folded(wanted), [])
        if len(named) == 1:
            return named[0]
        known = ", ".join(str(one.id) for one in self.opened.audit.releases) or "none yet"
        what = f"names several releases of this audit: {', '.join(str(one.id) for one in named)}"
        if not named:
            what = f"is no release of this audit, which has {known}"
        said.fault("release", f"{name!r} {what}; say under [releases] what it is")
        return None

    def _question(self, said: Said) -> Question | None:
        name = said.columns.question or said.text("question")
        wanted = self.meant.questions.get(folded(name), name)
        if not wanted:
            raise _LeftOutError(f"the mapping leaves out {name!r}")
        found = self.questions.get(folded(wanted))
        if found is None:
            known = ", ".join(self.opened.audit.questionnaire.keywords)
            message = f"{name!r} is no question of this audit, which asks {known}"
            said.fault("question", f"{message}; say under [questions] what it is")
        return found

    def _quotes(self, said: Said) -> Iterator[ClaimedQuote]:
        whole = said.prose("quote")
        parts = whole.split(self.meant.separator) if self.meant.separator else [whole]
        named, url = said.text("document"), said.text("url")
        document = self.meant.documents.get(folded(named))
        if document is None:
            document = self.documents.get(folded(named)) or self.documents.get(folded(url)) or ""
        if document and document not in self.opened.audit.documents:
            said.fault("document", f"there is no document {document!r}")
        where = said.place("quote").partition(": ")[2]
        for part in parts:
            if part.strip():
                yield ClaimedQuote(where, part.strip(), named, document, said.text("page"), url)


def document_names(documents: Mapping[str, Document]) -> Iterator[tuple[str, str]]:
    """What a sheet may call a document: its key, title or an address of it."""
    for key, one in documents.items():
        urls = (one.url, *(copy.url for copy in one.copies))
        for name in (key, one.title, *urls):
            if name:
                yield folded(name), key


def _all(columns: Columns) -> Iterator[str]:
    for names in columns.by_field.values():
        yield from names
