"""Who is to judge what: changed by editors, never behind the back of somebody who submitted."""

from __future__ import annotations

from collections.abc import Collection

from openbook.audit.opened import WRITING_WAIT
from openbook.core.problem import Problem
from openbook.core.progress import Part
from openbook.files.write import locked
from openbook.web.acts import record
from openbook.web.room import Room, submissions, utc_now
from openbook.web.submissions import try_to_open


def change(
    room: Room, give: Collection[Part], take: Collection[Part], who: str
) -> tuple[Problem, ...]:
    """Assign and take back; what could not be done, and why. A release that nobody is left to
    submit is opened.

    Assigned is who is an auditor in audit.toml; taken back is what the auditor has not submitted.
    """
    audit = room.opened().audit
    refused = []
    with locked(room.folder, WRITING_WAIT), room.store.writing() as db:
        done = submissions(room.store)
        for part in sorted(give):
            if audit.auditor(part.auditor) is None:
                why = f"{part.auditor} is no auditor in audit.toml"
                refused.append(Problem(str(part.release), why))
                continue
            db.execute(
                "INSERT OR IGNORE INTO assignments VALUES (?, ?, ?, ?)",
                (str(part.release), part.auditor, who, utc_now().isoformat()),
            )
            record(db, who, "assigned", str(part.release), part.auditor)
        for part in sorted(take):
            if part in done:
                why = f"{part.auditor} has submitted it, and stays assigned"
                refused.append(Problem(str(part.release), why))
                continue
            db.execute(
                "DELETE FROM assignments WHERE release = ? AND auditor = ?",
                (str(part.release), part.auditor),
            )
            record(db, who, "took back an assignment", str(part.release), part.auditor)
    tried = ((one, try_to_open(room, one)) for one in sorted({part.release for part in take}))
    return (*refused, *(Problem(str(one), made.trouble) for one, made in tried if made.trouble))
