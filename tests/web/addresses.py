"""Every address that the room answers at, whoever wrote its page, with real values filled in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from starlette.routing import Mount, Route

from openbook.web.app import routes
from openbook.web.room import Room
from openbook.web.shown import STATIC

MOST = 400
"""Ways to fill in one address; only one with several variables of unknown names has more."""


def all_routes() -> Iterator[Route]:
    """Every route, also those inside others."""
    waiting = list(routes())
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, Mount):
            waiting += one.routes
        elif isinstance(one, Route):
            yield one


def values(room: Room) -> dict[str, list[str]]:
    """What variables of addresses can be, by their names."""
    audit = room.opened().audit
    people = [row["id"] for row in room.store.rows("SELECT id FROM people ORDER BY rowid")]
    copies = [copy.sha256 for one in audit.documents.values() for copy in one.hashed]
    inbox = [row["id"] for row in room.store.rows("SELECT id FROM inbox ORDER BY at")]
    ids = [*audit.evidence, *audit.searches, *(one.id for one in audit.corrections), *inbox]
    persons = list(dict.fromkeys((*people, *(one.id for one in audit.auditors))))
    questions = audit.questionnaire.questions
    return {
        "initiative": [one.key for one in audit.initiatives],
        "release": sorted({one.id.release for one in audit.releases}),
        "keyword": list(audit.questionnaire.keywords),
        "question": list(audit.questionnaire.keywords),
        "point": [point.key for one in questions for point in one.points],
        "document": sorted(audit.documents),
        "key": sorted(audit.documents),
        "sha256": copies,
        "copy": copies,
        "page": ["1", "2"],
        "person": persons,
        "auditor": persons,
        "id": ids,
        "evidence": list(audit.evidence),
        "token": ["x"],
        "name": sorted(path.name for path in STATIC.iterdir()),
    }


def filled(room: Room, method: str) -> list[str]:
    """All addresses for a method."""
    known = values(room)
    anything = list(dict.fromkeys(itertools.chain.from_iterable(known.values())))
    found: list[str] = []
    for route in all_routes():
        if method not in (route.methods or {"GET"}):
            continue
        names = list(route.param_convertors)
        ways = itertools.product(*(known.get(one, anything) for one in names))
        found += (
            route.path_format.format(**dict(zip(names, way, strict=True)))
            for way in itertools.islice(ways, MOST)
        )
    return list(dict.fromkeys(found))
