"""The act log: who did what, and when."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openbook.core.initiative import parse_release_id
from openbook.web import acts, people
from openbook.web.acts import Act
from openbook.web.guard import Asked, page
from openbook.web.people import Role
from openbook.web.shown import shown

PAGE = 100


def routes() -> list[BaseRoute]:
    """Addresses of this module."""
    return [Route("/acts", page(log, needs=Role.OWNER))]


def log(asked: Asked) -> Response:
    """A page of the log, newest first; of one person where asked."""
    store = asked.room.store
    who, before = asked.query.get("who", ""), asked.query.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 15 else None
    rows = acts.by(store, who, PAGE, start) if who else acts.latest(store, PAGE, start)
    sealed = asked.room.sealed_for(asked.viewer)
    lines = []
    for row in rows:
        # Ids of evidence are made from its words: who guesses them must not see them here.
        is_hidden = parse_release_id(row["about"].partition(" ")[0]) in sealed
        detail = "" if is_hidden else row["detail"]
        lines.append(Act(row["at"], row["who"], row["act"], row["about"], detail))
    return shown(
        asked,
        "acts.html",
        is_clean=True,
        lines=lines,
        names={one.id: one.name for one in people.everybody(store)},
        everybody=acts.everybody(store),
        who=who,
        before=rows[-1]["n"] if len(rows) == PAGE else None,
    )
