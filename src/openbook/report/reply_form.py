"""A reply form: what an audit says of one initiative, and room for an answer to every cell.

One HTML file, read and printed without a script. Its script saves the answers to a file, as
:class:`openbook.files.shapes.RepliesShape` tells, and sends nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openbook.core.initiative import Initiative
from openbook.core.review import CellId
from openbook.report.one_file import one_file
from openbook.report.site import marks, words
from openbook.report.site.cell import CellView, cell_view
from openbook.report.site.material import Material


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell and the question it answers."""

    number: int
    """In the form."""
    release: str
    """Id of the release."""
    question: str
    title: str
    wording: str
    grade: int | None
    cell: CellView


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a release."""

    id: str
    label: str
    date: str
    documents: tuple[str, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """The form."""

    audit: str
    title: str
    edition: str
    key: str
    name: str
    company: str
    deadline: str
    contact: str
    scale: tuple[marks.Step, ...]
    sheets: tuple[Sheet, ...]
    documents: tuple[tuple[str, str], ...]
    """Key and name of the documents that can be quoted."""


def reply_form(
    material: Material, initiative: Initiative, deadline: dt.date | None = None, contact: str = ""
) -> str:
    """The form for an initiative, as one HTML page."""
    audit, number = material.audit, 0
    sheets: list[Sheet] = []
    for release in initiative.audited:
        asked = []
        for question in audit.questionnaire.questions:
            number += 1
            finding = audit.findings.get(CellId(release.id, question.keyword))
            asked.append(
                Asked(
                    number,
                    str(release.id),
                    question.keyword,
                    question.title or question.keyword,
                    question.wording,
                    finding.judgement.grade if finding else None,
                    cell_view(material, material.row_of[release.id], question),
                )
            )
        named = (audit.documents[key] for key in release.documents if key in audit.documents)
        titles = tuple(f"{one.title} ({words.citation(one)})" for one in named)
        label, date = words.release_name(audit, release.id), words.moment(release.date)
        sheets.append(Sheet(f"R-{len(sheets) + 1}", label, date, titles, tuple(asked)))
    keys = dict.fromkeys(key for release in initiative.audited for key in release.documents)
    view = FormView(
        audit.id,
        audit.title,
        audit.edition,
        initiative.key,
        initiative.title,
        initiative.company,
        words.day(deadline),
        contact,
        marks.scale(audit),
        tuple(sheets),
        tuple((key, audit.documents[key].title) for key in keys if key in audit.documents),
    )
    return one_file("reply.html", view, "reply.js")
