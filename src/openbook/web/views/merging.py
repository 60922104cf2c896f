"""A draft and its file that have gone apart: both are shown, and a person chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import RedirectResponse, Response

from openbook.core.draft import Draft, draft_from, fingerprint
from openbook.core.review import PointState
from openbook.report.palette import POINT_STYLES
from openbook.web.desk import Desk
from openbook.web.shown import cell_url


@dataclass(frozen=True, slots=True)
class Row:
    """One thing on which the file and the draft differ."""

    name: str
    label: str
    on_file: str
    yours: str


def rows(desk: Desk) -> list[Row]:
    """What differs, in the order of the form."""
    there, here = draft_from(desk.on_file, desk.opened.audit.searches), desk.draft
    states = [
        Row(
            f"point-{point.key}",
            point.text,
            _state(there.points.get(point.key)),
            _state(here.points.get(point.key)),
        )
        for point in desk.question.points
    ]
    others = [
        Row("answer", "Answer", there.answer, here.answer),
        Row("grade", "Grade", _grade(there.grade), _grade(here.grade)),
        Row("deviation", "Why the grade deviates", there.deviation, here.deviation),
        Row("reason", "Reason", there.reason, here.reason),
        Row("uses", "Evidence used", _list(there.uses), _list(here.uses)),
        Row("search", "Nothing found", _search(there), _search(here)),
        Row("absence", "Not stated for another reason", _absence(there), _absence(here)),
    ]
    return [one for one in (*states, *others) if one.on_file != one.yours]


def _state(state: PointState | None) -> str:
    return POINT_STYLES[state or PointState.UNREVIEWED].label


def _grade(grade: int | None) -> str:
    return "" if grade is None else str(grade)


def _list(ids: Sequence[str]) -> str:
    return ", ".join(ids)


def _search(draft: Draft) -> str:
    return f"recorded {draft.search.at}" if draft.search else ""


def _absence(draft: Draft) -> str:
    one = draft.absence
    if one is None:
        return ""
    said = " ".join(filter(None, (one.says, one.where, _list(one.documents))))
    return f"{str(one.basis).replace('_', ' ')}: {said}".removesuffix(": ")


def merge(desk: Desk) -> Response:
    """Keep what was chosen, as a draft that begins from the file as it is now."""
    there, here = draft_from(desk.on_file, desk.opened.audit.searches), desk.draft
    form = desk.asked.form
    chosen: dict[str, Any] = {
        name: getattr(there, name)
        for name in ("answer", "grade", "deviation", "reason", "uses", "search", "absence")
        if form.get(f"pick-{name}") == "file"
    }
    points = dict(here.points)
    for point in desk.question.points:
        if form.get(f"pick-point-{point.key}") == "file":
            points.pop(point.key, None)
            if point.key in there.points:
                points[point.key] = there.points[point.key]
    merged = replace(here, points=points, base=fingerprint(desk.on_file), **chosen)
    desk.keep(merged, act="merged a draft with the file")
    return RedirectResponse(cell_url(desk.cell), 303)
