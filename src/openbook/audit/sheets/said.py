"""The cells of one row of a spreadsheet, read by what their columns mean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from openbook.audit.grade import parse_points
from openbook.audit.opened import AuditError, WrongUseError, prose
from openbook.core.evidence import EVIDENCE_ID
from openbook.core.problem import Problem
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE, Question
from openbook.core.review import Basis, NotStated, PointState
from openbook.files.mapping import Columns, folded
from openbook.files.sheets import Row, Sheet


class Said:
    """A row's words by what they mean, and what is wrong with them."""

    def __init__(
        self,
        sheet: Sheet,
        grades: Mapping[str, int | None],
        at: Mapping[str, int],
        row: Row,
        columns: Columns,
    ) -> None:
        self.sheet, self.grades, self.at = sheet, grades, at
        self.row, self.columns = row, columns
        self.problems: list[Problem] = []

    def text(self, name: str) -> str:
        """The text of a field; those of several columns with what stands between them."""
        at = (self.at[folded(one)] for one in self.columns.by_field.get(name, ()))
        between = {"release": "/", "question": " "}.get(name, "\n\n")
        return between.join(filter(None, (self.row.text(one) for one in at)))

    def place(self, name: str) -> str:
        """Where a field stands; the row, where the mapping has no column for it."""
        names = self.columns.by_field.get(name, ())
        column = self.at[folded(names[0])] if names else None
        return self.sheet.place(self.row.number, column)

    def fault(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.place(name), message))

    def prose(self, name: str) -> str:
        """A field's words, ready for a file."""
        try:
            return prose(self.text(name).replace("\r\n", "\n").replace("\r", "\n"), "the cell")
        except WrongUseError as error:
            self.fault(name, str(error))
            return ""

    def grade(self) -> int | None:
        text = self.text("grade")
        known = self.grades
        if not text or folded(text) in known:
            return known.get(folded(text))
        match = re.fullmatch(r"(\d)(\.0+)?", text, re.A)
        if match and MIN_GRADE <= int(match[1]) <= MAX_GRADE:
            return int(match[1])
        message = f"{text[:60]!r} is no grade from 0 to 4; say under [grades] what it is"
        self.fault("grade", message)
        return None

    def evidence(self) -> tuple[str, ...]:
        ids = tuple(self.text("evidence_ids").split())
        if not all(map(EVIDENCE_ID.fullmatch, ids)):
            self.fault("evidence_ids", "holds no ids such as q-7f3a9c; words belong to quote")
            return ()
        return ids

    def points(self, question: Question) -> dict[str, PointState]:
        try:
            return parse_points(question, [self.text("point_states")])
        except AuditError as error:
            self.fault("point_states", str(error))
            return {}

    def date(self) -> dt.date | None:
        text = self.text("date")
        try:
            return dt.date.fromisoformat(text[:10]) if text else None
        except ValueError:
            self.fault("date", f"{text[:40]!r} is no date such as 2024-05-31")
            return None

    def absence(self) -> NotStated | None:
        basis = self.text("absence")
        if not basis:
            return None
        try:
            return NotStated(
                Basis(basis),
                self.text("absence_search"),
                self.text("absence_says"),
                self.text("absence_where"),
                tuple(self.text("absence_documents").split()),
            )
        except ValueError:
            known = ", ".join(one.value for one in Basis)
            self.fault("absence", f"{basis[:40]!r} is no basis of absence; there are {known}")
            return None
