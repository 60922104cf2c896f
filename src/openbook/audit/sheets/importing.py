"""Importing a spreadsheet: an older audit as one more reviewer, whom nobody here has verified.

The whole import is made in a copy of the audit's text files and checked there by the rules that
check every audit. Only then are the files that changed put in place, all or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openbook.audit.auditors import free_key
from openbook.audit.opened import Opened
from openbook.audit.quoting.verify import Reader
from openbook.audit.rules import RULES
from openbook.audit.sheets.claimed_quote import Weighed, weighed
from openbook.audit.sheets.claims import Claim, Claims, claims_of
from openbook.audit.sheets.gathered import Gathered
from openbook.audit.sheets.import_files import Given, changes, copied, write_import
from openbook.core.initiative import slug
from openbook.core.problem import Problem
from openbook.core.review import CellId, Judgement, Review
from openbook.files.library import sha256_of
from openbook.files.read import read_audit
from openbook.files.shapes import AuditorShape
from openbook.files.write import write_all

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing a sheet gives, or would give."""

    sheet: str
    """Key of the sheet as a document."""
    auditor: str
    claims: Claims
    quotes: tuple[Weighed, ...]
    cells: Mapping[CellId, Judgement]
    """What the sheet says of each cell, as it is kept."""
    new_cells: int
    """How many of them the auditor had not judged, or on less evidence."""
    files: tuple[str, ...]
    """What is written, by path in the audit."""
    problems: tuple[Problem, ...]
    """All that stands in the way; with any, nothing is written."""


def import_sheet(
    opened: Opened, given: Given, *, dry: bool = False, progress: Progress | None = None
) -> Imported:
    """Import a sheet into an audit that is held for writing; with ``dry``, or with problems,
    nothing is written. The same sheet imported again changes nothing, unless copies have come to
    hand that quotes verify against."""
    auditor = given.meant.auditor
    claims = claims_of(opened, given.sheet, given.meant)
    by_cell = _by_cell(claims.claims)
    problems = [*claims.problems, *_disagreeing(by_cell)]
    quotes = _weighed(opened, claims.claims, progress)
    key = _key(opened, given)
    gathered = Gathered(opened, key, auditor.id, given.date)
    cells = {cell: gathered.judgement(cell, rows, quotes) for cell, rows in by_cell.items()}
    problems += _in_the_way(opened, auditor, claims, cells)
    new = {cell: one for cell, one in cells.items() if _said(opened, auditor.id, cell) != one}
    changed: dict[Path, bytes] = {}
    if new and not problems:
        with copied(opened) as copy:
            write_import(copy, given, gathered, {cell: by_cell[cell] for cell in new}, new)
            problems += _new_faults(opened, copy.folder, auditor.id, claims.claims)
            changed = {} if problems else changes(opened.folder, copy.folder)
    if changed and not dry:
        write_all({opened.folder / path: data for path, data in changed.items()})
    files = tuple(path.as_posix() for path in changed)
    found = tuple(dict.fromkeys(problems))
    return Imported(key, auditor.id, claims, tuple(quotes), cells, len(new), files, found)


def _key(opened: Opened, given: Given) -> str:
    """The key of the sheet as a document: the one it has already, or a free one."""
    sha256 = sha256_of(given.data)
    for key, document in opened.audit.documents.items():
        if any(copy.sha256 == sha256 for copy in document.copies):
            return key
    wanted = slug(Path(given.sheet.file).stem) or "sheet"
    return free_key(wanted, opened.audit.documents)


def _by_cell(claims: Sequence[Claim]) -> dict[CellId, list[Claim]]:
    found: dict[CellId, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.cell, []).append(claim)
    return found


def _disagreeing(by_cell: Mapping[CellId, Sequence[Claim]]) -> Iterator[Problem]:
    """Rows that say of one cell what an earlier row contradicts."""
    for cell, rows in by_cell.items():
        for what in ("grade", "points", "deviation", "not_stated"):
            said = [(one, getattr(one.judgement, what)) for one in rows]
            said = [(one, value) for one, value in said if value or value == 0]
            for one, value in said:
                if value != said[0][1]:
                    first = said[0][0].place.partition(": ")[2]
                    message = f"gives {cell} another {what} ({value}) than {first} ({said[0][1]})"
                    yield Problem(one.place, message)


def _weighed(opened: Opened, claims: Sequence[Claim], progress: Progress | None) -> list[Weighed]:
    """Every quote of the sheet: the document that the sheet names is asked first, then the others
    of the release."""
    reader = Reader(opened)
    documents = opened.audit.documents
    wanted = [(claim, one) for claim in claims for one in claim.quotes]
    found = []
    for done, (claim, one) in enumerate(wanted, 1):
        release = opened.audit.release(claim.cell.release)
        keys = dict.fromkeys((one.document, *(release.documents if release else ())))
        here = [documents[key] for key in keys if key in documents]
        found.append(weighed(reader, claim.cell, one, here))
        if progress:
            progress(done, len(wanted))
    return found


def _in_the_way(
    opened: Opened, auditor: AuditorShape, claims: Claims, cells: Mapping[CellId, Judgement]
) -> Iterator[Problem]:
    """What is in the audit already that the import would have to change."""
    there = opened.audit.auditor(auditor.id)
    if there is not None and there.kind != auditor.kind:
        yield Problem("auditor", f"{there.id} is a {there.kind} in audit.toml, not {auditor.kind}")
    places = {claim.cell: claim.place for claim in reversed(claims.claims)}
    for cell, judgement in cells.items():
        review = _review(opened, auditor.id, cell)
        said = review.cells.get(cell.keyword) if review else None
        if review is None or said == judgement:
            continue
        name = there.name if there else auditor.id
        if not review.imported:
            message = f"{name} has reviewed {cell.release} here: import as an auditor of its own"
            yield Problem(places[cell], message)
        elif said is not None and replace(said, evidence=judgement.evidence) != judgement:
            message = f"{name} has judged {cell} otherwise already, which an import never replaces"
            yield Problem(places[cell], message)


def _said(opened: Opened, auditor: str, cell: CellId) -> Judgement | None:
    review = _review(opened, auditor, cell)
    return review.cells.get(cell.keyword) if review else None


def _review(opened: Opened, auditor: str, cell: CellId) -> Review | None:
    for one in opened.audit.reviews:
        if (one.auditor, one.release) == (auditor, cell.release):
            return one
    return None


def _new_faults(
    opened: Opened, copy: Path, auditor: str, claims: Sequence[Claim]
) -> Iterator[Problem]:
    """What the rules for audits say of the audit after the import and did not say before, at the
    place in the sheet where it comes from."""
    reading = read_audit(copy)
    yield from reading.problems
    if reading.audit is None:
        return
    before = {problem for rule in RULES for problem in rule(opened.audit)}
    places = {
        f"reviews/{auditor}/{one.cell.release}.toml: {one.cell.keyword}": one.place
        for one in reversed(claims)
    }
    for problem in (problem for rule in RULES for problem in rule(reading.audit)):
        if problem not in before:
            said = ": ".join(problem.place.split(": ")[:2])
            yield Problem(places.get(said, problem.place), problem.message)
