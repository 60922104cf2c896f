"""Assigning: which auditors are to judge each release."""

from __future__ import annotations

from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from openbook.audit.opened import AuditError, Opened
from openbook.core.initiative import ReleaseId
from openbook.core.progress import Part, Stage
from openbook.web import assigning, people
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.room import Room
from openbook.web.shown import shown


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [
        Route("/assignments", page(table, needs=Role.EDITOR)),
        Route("/assign", page(assign, needs=Role.EDITOR), methods=["POST"]),
    ]


class Column(NamedTuple):
    """Somebody who can be assigned."""

    id: str
    name: str
    is_listed: bool
    """Whether audit.toml names this auditor, without which nothing can be assigned."""


def table(asked: Asked) -> Response:
    """Releases by auditors."""
    if not asked.room.settings.is_team:
        raise HTTPException(404, "Alone nothing needs to be assigned.")
    opened = asked.room.opened()
    work = asked.room.work()
    columns = _columns(asked.room, opened)
    keywords = opened.audit.questionnaire.keywords
    rows = [
        (
            one.title,
            [
                (
                    release,
                    [
                        (
                            column,
                            column.id in work.assigned.get(release.id, ()),
                            work.stage(part := Part(release.id, column.id)),
                            work.ready(part, keywords),
                        )
                        for column in columns
                    ],
                )
                for release in one.audited
            ],
        )
        for one in opened.audit.initiatives
    ]
    known = " ".join(f"{release}={one}" for release, all_ in work.assigned.items() for one in all_)
    return shown(
        asked,
        "assignments.html",
        columns=columns,
        rows=rows,
        cells=len(keywords),
        known=known,
        Stage=Stage,
        told=asked.query.get("told", ""),
    )


def _columns(room: Room, opened: Opened) -> list[Column]:
    """People with an auditor's key, and whoever has assignments without one any more."""
    found = {
        one.auditor: Column(one.auditor, one.name, opened.audit.auditor(one.auditor) is not None)
        for one in people.everybody(room.store)
        if one.auditor and not one.disabled
    }
    for every in room.work().assigned.values():
        for id_ in every:
            found.setdefault(id_, Column(id_, f"{id_} (gone)", is_listed=False))
    return list(found.values())


def assign(asked: Asked) -> Response:
    """Assign and take back what was changed on the page; what changed since then stays."""
    if not asked.room.settings.is_team:
        raise HTTPException(404, "Alone nothing needs to be assigned.")
    wanted = _pairs(asked, asked.lists.get("assigned", ()))
    known = _pairs(asked, tuple(asked.form.get("known", "").split()))
    if one := asked.form.get("everything"):
        every = {Part(release.id, one) for release in asked.room.opened().audit.releases}
        wanted, known = wanted | every, known - every
    troubles = assigning.change(asked.room, wanted - known, known - wanted, asked.viewer.who)
    if troubles:
        raise AuditError("not all of it could be done", troubles)
    return RedirectResponse("/assignments?told=saved", 303)


def _pairs(asked: Asked, texts: tuple[str, ...]) -> set[Part]:
    """``openai-gpt/3.5=ana`` taken apart. Raises :class:`HTTPException` for what is no release."""
    releases = {str(one.id): one.id for one in asked.room.opened().audit.releases}
    found = set()
    for text in texts:
        name, _, auditor = text.partition("=")
        release: ReleaseId | None = releases.get(name)
        if release is not None and auditor:
            found.add(Part(release, auditor))
    return found
