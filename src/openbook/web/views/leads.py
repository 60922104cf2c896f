"""What the documents of a cell point to: said to be collected, irrelevant or not to be had, before
the cell is said to hold nothing."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from openbook.audit.opened import AuditError, writing
from openbook.audit.search.leads import dispose, leads_of
from openbook.web.acts import record
from openbook.web.desk import Desk
from openbook.web.room import utc_now

LONGEST = 2000
"""Characters of a reason at most."""


def decide(desk: Desk) -> None:
    """Write what became of a lead into the audit, in the auditor's name: leads are everybody's, as
    documents are, and tell nothing of how anybody judges."""
    room, form = desk.asked.room, desk.asked.form
    state, reason = form.get("state", ""), form.get("reason", "").strip()
    if state not in ("collected", "irrelevant", "unavailable"):
        raise HTTPException(400, "Say what became of it.")
    if len(reason) > LONGEST:
        raise AuditError(f"A reason has at most {LONGEST:,} characters.")
    if state != "collected" and not reason:
        raise AuditError("Say why it is irrelevant, or how you looked for it.")
    with writing(room.folder) as opened:
        lead = next(
            (one for one in leads_of(opened, desk.cell) if one.id == form.get("lead")), None
        )
        if lead is None:
            raise AuditError("The documents no longer point to this, or it is collected.")
        now = utc_now().date()
        if state == "collected":
            document = form.get("document", "")
            made = dispose(opened, lead, desk.auditor, now, document=document)
        else:
            is_gone = state == "unavailable"
            made = dispose(opened, lead, desk.auditor, now, reason=reason, unavailable=is_gone)
    room.forget()
    with room.store.writing() as db:
        record(db, desk.asked.viewer.who, "decided about a lead", f"{made.id} {made.state}")
