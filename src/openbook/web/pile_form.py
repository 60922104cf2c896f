"""The form of a pile: its fields as they are shown, and as they come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException

from openbook.audit.pile.amending import (
    FAMILY,
    RELEASE,
    ROW,
    Amended,
    Edits,
    Fault,
    new_names,
    row_fields,
)
from openbook.core.initiative import Document
from openbook.core.plan import Do, Entry, Family, NewRelease, Plan
from openbook.core.records import Audit
from openbook.web.piles import Change, Pile, Thing

STATUSES = ("closed", "open-weight", "open")
LONGEST = 2000
"""Characters of a field."""
WHY = {
    "role": "what it is to the document",
    "title": "title",
    "date": "date",
    "language": "language",
    "kind": "kind",
    "url": "address",
    "releases": "releases",
}


class Row(NamedTuple):
    """A file in the table."""

    thing: Thing
    entry: Entry
    fields: Mapping[str, str]
    faults: Mapping[str, str]
    why: tuple[tuple[str, str], ...]


def rows(found: Pile, plan: Plan, corrected: Amended) -> Iterator[Row]:
    """What waits, as it is shown to be corrected."""
    things = {one.source: one for one in found.waiting}
    for entry in plan.entries:
        if entry.source in things:
            yield Row(
                things[entry.source],
                entry,
                row_fields(entry, found.edits),
                _faults(corrected, "row", entry.source),
                tuple((WHY[name], why) for name, why in entry.why.items() if name in WHY and why),
            )


def _faults(corrected: Amended, table: str, of: str) -> dict[str, str]:
    """What is wrong with each field of a thing; empty for those that will do."""
    found = dict.fromkeys(("key", "id", *ROW, *FAMILY, *RELEASE), "")
    for one in corrected.faults:
        if (one.table, one.of) == (table, of):
            found[one.field] = one.message
    return found


def document_keys(there: Mapping[str, Document], plan: Plan) -> list[str]:
    """Of which documents a file can be a copy."""
    return sorted({*there, *(one.key for one in plan.entries if one.do is Do.NEW)})


def release_names(audit: Audit, found: Pile, plan: Plan) -> list[tuple[str, str]]:
    """Names and words of all releases, there and to be."""
    there = [
        (str(release.id), f"{initiative.title} {release.label}")
        for initiative in audit.initiatives
        for release in initiative.audited
    ]
    _, new = new_names(plan, found.edits, audit)
    return [*there, *((str(one.id), one.label) for one in new)]


class NewFamily(NamedTuple):
    """An initiative to be made, as it is corrected."""

    family: Family
    faults: Mapping[str, str]


class NewOne(NamedTuple):
    """A release to be made, as it is corrected."""

    release: NewRelease
    faults: Mapping[str, str]
    is_used: bool


def news(audit: Audit, found: Pile, plan: Plan, corrected: Amended) -> dict[str, Any]:
    """What is shown of the initiatives and releases to be made."""
    families, releases = new_names(plan, found.edits, audit)
    used = {release for one in corrected.plan.entries for release in one.releases}
    return {
        "new_families": [NewFamily(one, _faults(corrected, "family", one.key)) for one in families],
        "new_releases": [
            NewOne(one, _faults(corrected, "release", str(one.id)), one.id in used)
            for one in releases
        ],
        "statuses": STATUSES,
    }


def field_of(fault: Fault, numbers: Mapping[str, int]) -> str:
    """The name of a form's field."""
    of = numbers.get(fault.of, 0) if fault.table == "row" else fault.of
    return f"{fault.table}.{fault.field}.{of}"


def typed(audit: Audit, found: Pile, form: Mapping[str, str]) -> Change:
    """What a form says otherwise than was guessed. Fields of what is not there are left alone."""
    plan = found.plan or Plan(())
    change: dict[str, dict[str, dict[str, str | None]]] = {
        "rows": {},
        "families": {},
        "releases": {},
    }
    by_number = {str(one.n): one.source for one in found.waiting}
    entries = {one.source: one for one in plan.entries}
    guesses = {key: row_fields(one, Edits()) for key, one in entries.items()}
    to_be = new_names(plan, found.edits, audit)
    families = {one.key: one for one in to_be[0]}
    releases = {str(one.id): one for one in to_be[1]}
    for field, text in form.items():
        table, _, rest = field.partition(".")
        column, _, of = rest.partition(".")
        if len(text) > LONGEST:
            raise HTTPException(413, f"A field has at most {LONGEST:,} characters.")
        if table == "row" and column in ROW and by_number.get(of) in guesses:
            source = by_number[of]
            is_guess = guesses[source][column] == text
            change["rows"].setdefault(source, {})[column] = None if is_guess else text
        elif table == "family" and column in FAMILY:
            if of in families and getattr(families[of], column) != text:
                change["families"].setdefault(of, {})[column] = text
        elif (
            table == "release"
            and column in RELEASE
            and of in releases
            and getattr(releases[of], column) != text
        ):
            change["releases"].setdefault(of, {})[column] = text
    return change


def given(found: Pile, plan: Plan) -> Iterator[tuple[Thing, Mapping[str, str]]]:
    """The rows that can have releases."""
    for row in rows(found, plan, Amended(plan, ())):
        if row.fields["do"] != Do.SKIP:
            yield row.thing, row.fields


def joined(releases: str, one: str) -> str:
    """A field of releases with one more."""
    there = [each.strip() for each in releases.split(",") if each.strip()]
    return ", ".join(dict.fromkeys((*there, one)))
