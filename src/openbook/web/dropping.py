"""Reading a pile, and adding it: what the command line does, as jobs of the room."""

from __future__ import annotations

from dataclasses import replace

from openbook.audit.opened import AuditError
from openbook.audit.pile.amending import Amended, amended, becomes, differences
from openbook.audit.pile.gather import Gathered
from openbook.audit.pile.planning import make_plan
from openbook.audit.pile.taking import Taken, carry_out
from openbook.core.plan import Do, Failed, Plan
from openbook.files.write import WriteError
from openbook.report.site.words import count
from openbook.web import piles
from openbook.web.acts import record
from openbook.web.jobs import Outcome, Report
from openbook.web.room import Room, utc_now

BAD = "Some fields will not do yet; each says why. Nothing was added."


def job_of(who: str) -> str:
    """The name of the job that works at somebody's pile; keys of documents have no spaces."""
    return f"pile {who}"


def read(room: Room, who: str, report: Report) -> Outcome:
    """Read all that waits and guess what it is."""
    try:
        plan = _planned(room, who, report)
    except (AuditError, WriteError) as error:
        return Outcome(False, room.without_paths(_with_problems(error)))
    told = count(len(plan.entries), "file") + " read"
    return Outcome(True, f"{told}, {len(plan.failed)} not readable." if plan.failed else f"{told}.")


def _with_problems(error: Exception) -> str:
    return "\n".join((str(error), *map(str, getattr(error, "problems", ())[:10])))


def _planned(room: Room, who: str, report: Report) -> Plan:
    """The plan for a pile and the audit as they are now, kept."""
    pile = piles.load(room.store, who)
    room.forget()
    opened = room.opened().sound()
    refused = tuple(Failed(one.source, one.reason) for one in pile.waiting if one.reason)
    made = make_plan(
        opened,
        Gathered(piles.items(room, who, pile), refused, ()),
        waiting=piles.corner(room, who),
        progress=report,
    )
    made = _in_our_words(room, made)
    differs = tuple(differences(pile.plan, made)) if pile.plan is not None else ()
    piles.keep_plan(room, who, made, piles.stamp_of(opened), differs)
    return made


def _in_our_words(room: Room, plan: Plan) -> Plan:
    """A plan whose reasons name no path of this machine and no option of the command line."""
    entries = (
        replace(one, why={name: room.without_paths(why) for name, why in one.why.items()})
        for one in plan.entries
    )
    failed = (Failed(one.source, room.without_paths(one.reason)) for one in plan.failed)
    return replace(plan, entries=tuple(entries), failed=tuple(failed))


def add(room: Room, who: str, by: str, report: Report) -> Outcome:
    """Write a pile into the audit. Where the audit has changed since it was read, it is read again
    first; what is different then, its person is to see before anything is written."""
    try:
        return _add(room, who, by, report)
    except (AuditError, WriteError) as error:
        return Outcome(False, room.without_paths(_with_problems(error)))
    finally:
        room.forget()


def _add(room: Room, who: str, by: str, report: Report) -> Outcome:
    room.forget()
    pile = piles.load(room.store, who)
    opened = room.opened().sound()
    if pile.plan is None:
        return Outcome(False, "Nothing was read yet.")
    if pile.stamp != piles.stamp_of(opened):
        _planned(room, who, report)
        pile = piles.load(room.store, who)
        if pile.differs:
            return Outcome(False, "The audit changed meanwhile. Nothing was added: see what is "
                                  "different, and add again.")  # fmt: skip
    found = amended(pile.plan, pile.edits, opened.audit)  # type: ignore[arg-type]
    if found.faults:
        return Outcome(False, BAD)
    return _carried_out(room, who, by, found, report)


def _carried_out(room: Room, who: str, by: str, found: Amended, report: Report) -> Outcome:
    date, waiting = utc_now().date(), piles.corner(room, who)
    done = failed = 0
    for taken in carry_out(room.folder, found.plan, date, waiting=waiting, progress=report):
        _tell(room, who, taken)
        done += not taken.error
        failed += bool(taken.error)
    for one in found.plan.entries:
        if one.do is Do.SKIP:
            piles.tell(room, who, one.source, "skipped", becomes(one).capitalize() + ".")
    for lost in found.plan.failed:
        piles.tell(room, who, lost.source, "failed", lost.reason)
    _forget_done(room, who)
    with room.store.writing() as db:
        record(db, by, "added documents", "", count(done, "file"))
    if failed:
        return Outcome(False, f"{count(done, 'file')} added, {failed} not: each says why.")
    return Outcome(True, f"{count(done, 'file')} added.")


def _tell(room: Room, who: str, taken: Taken) -> None:
    entry = taken.entry
    if taken.error:
        told = room.without_paths(taken.error)
        piles.tell(room, who, entry.source, "waiting", told)
    else:
        words = becomes(entry)
        state = "known" if taken.is_known else "added"
        told = f"{'There already: ' if taken.is_known else ''}{words}."
        piles.tell(room, who, entry.source, state, told[0].upper() + told[1:])


def _forget_done(room: Room, who: str) -> None:
    """Leave in the plan what is not added, and nothing of what is."""
    pile = piles.load(room.store, who)
    assert pile.plan is not None
    waits = {one.source for one in pile.waiting}
    entries = tuple(one for one in pile.plan.entries if one.source in waits)
    left = Plan(entries, pile.plan.families, pile.plan.releases)
    room.forget()
    piles.keep_plan(room, who, left, piles.stamp_of(room.opened()))
    piles.sweep(room, who)
