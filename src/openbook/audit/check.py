"""Checking an audit: every Problem (a fault in data) and every Todo (work not done yet)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from openbook.audit.opened import Opened
from openbook.audit.quoting.unread import unread
from openbook.audit.quoting.verify import Reader, check_quote, check_quotes
from openbook.audit.rules import RULES
from openbook.audit.search.drawn import check_draws
from openbook.audit.search.leads import leads_of_cells, undisposed
from openbook.audit.settle import findings_path, is_as_settled, settlement_of
from openbook.audit.suggesting.proposals import failing, proposed_quotes
from openbook.core.anchor import Checked, states
from openbook.core.evidence import Standing
from openbook.core.heatmap import coverage, rests_on
from openbook.core.problem import Problem, Todo
from openbook.core.recheck import in_words, open_rechecks
from openbook.core.records import Audit
from openbook.core.review import PointState
from openbook.core.verify import State


@dataclass(frozen=True, slots=True)
class Report:
    """All that checking found."""

    problems: tuple[Problem, ...]
    todos: tuple[Todo, ...]
    checked: Mapping[str, Checked]
    """Every quote's state, by evidence id."""
    standings: Mapping[str, int]
    """How many settled grades above 0 rest on verified, unchecked, secondary or failed evidence."""


def check(opened: Opened, progress: Callable[[int, int], None] | None = None) -> Report:
    """Everything wrong and everything left to do in an audit."""
    checked, unreadable = check_quotes(opened, progress=progress)
    audit = opened.audit
    problems = [
        *opened.problems,
        *unreadable,
        *(problem for rule in RULES for problem in rule(audit)),
        *_failed_quotes(checked),
        *_failed_proposals(opened),
        *_damaged_copies(opened),
        *_stray_anchors(opened),
        *_edited_findings(opened),
        *check_draws(opened),
    ]
    standings = _standings(audit, checked)
    todos = [
        *_documents_to_do(audit),
        *_scans_to_do(opened),
        *_quotes_to_do(checked),
        *_cells_to_do(audit),
        *_rechecks_to_do(audit),
        *_searches_to_do(audit),
        *(() if problems else _leads_to_do(opened)),
        *_points_to_do(audit),
        *_corrections_to_do(audit),
    ]
    return Report(tuple(dict.fromkeys(problems)), tuple(todos), checked, standings)


def _failed_quotes(checked: Mapping[str, Checked]) -> Iterator[Problem]:
    for one in checked.values():
        if one.state in (State.ALTERED, State.MISSING):
            place = f"evidence/{one.document}.toml: {one.evidence}"
            yield Problem(place, f"the {one.what} is {one.state}: {one.reason}")


def _failed_proposals(opened: Opened) -> Iterator[Problem]:
    reader = Reader(opened)
    quotes = proposed_quotes(opened.audit)
    yield from failing({place: check_quote(reader, one) for place, one in quotes.items()})


def _damaged_copies(opened: Opened) -> Iterator[Problem]:
    for document in opened.audit.documents.values():
        for copy in document.hashed:
            library = opened.library
            if library.has(copy.sha256) and library.read(copy.sha256) is None:
                place = f"documents/{document.key}.toml: copy {copy.sha256[:12]}"
                yield Problem(place, "the bytes in the library no longer match their hash")


def _stray_anchors(opened: Opened) -> Iterator[Problem]:
    for id_, anchors in opened.anchors.items():
        evidence = opened.audit.evidence.get(id_)
        if evidence is None:
            yield Problem(f"anchors: {id_}", "anchors a quote that is no evidence")
            continue
        document = opened.audit.documents.get(evidence.document)
        known = {copy.sha256 for copy in document.copies} if document else set()
        for anchor in anchors:
            if anchor.copy not in known:
                place = f"anchors/{evidence.document}.jsonl: {id_}"
                message = f"stands in a copy {anchor.copy[:12]} that the document does not list"
                yield Problem(place, message)


def _edited_findings(opened: Opened) -> Iterator[Problem]:
    releases = {cell.release for cell in opened.audit.findings}
    for release in sorted(releases):
        path = findings_path(opened.folder, release)
        if not is_as_settled(path):
            place = path.relative_to(opened.folder).as_posix()
            message = "was changed by hand; findings are written by `openbook audit settle` alone"
            yield Problem(place, message)


def _standings(audit: Audit, checked: Mapping[str, Checked]) -> dict[str, int]:
    quote_states = states(checked)
    counts: Counter[str] = Counter()
    for cell, finding in audit.findings.items():
        if finding.judgement.grade:
            counts[rests_on(audit, cell, quote_states) or "none"] += 1
    return {standing.value: counts[standing] for standing in Standing}


def _documents_to_do(audit: Audit) -> Iterator[Todo]:
    """What documents and initiatives do not tell of themselves yet, one line for each."""
    for initiative in audit.initiatives:
        lacks = [name for name in ("company", "status") if not getattr(initiative, name)]
        if lacks:
            yield Todo(f"initiatives/{initiative.key}.toml", f"not told yet: {', '.join(lacks)}")
    used = {
        key for one in audit.initiatives for release in one.releases for key in release.documents
    }
    used |= {one.document for one in audit.evidence.values()}
    for document in audit.documents.values():
        told = {
            "title": document.title not in ("", document.key),
            "year": document.year is not None,
            "kind": document.kind != "other",
            "language": bool(document.language),
            "release": document.key in used,
        }
        lacks = [name for name, is_told in told.items() if not is_told]
        if lacks:
            yield Todo(f"documents/{document.key}.toml", f"not told yet: {', '.join(lacks)}")


def _scans_to_do(opened: Opened) -> Iterator[Todo]:
    """Documents of pictures alone that no engine has read here."""
    for key, said in unread(opened):
        yield Todo(f"documents/{key}.toml", said)


def _quotes_to_do(checked: Mapping[str, Checked]) -> Iterator[Todo]:
    found = [one for one in checked.values() if one.state is State.UNCHECKED]
    misread = Counter(one.document for one in found if one.nearest)
    for document, count in sorted(misread.items()):
        what = "quote is" if count == 1 else "quotes are"
        message = f"{count} {what} read otherwise from the scan, perhaps wrongly: look there"
        yield Todo(f"documents/{document}.toml", message)
    unchecked = Counter(one.document for one in found if not one.nearest and one.what == "quote")
    for document, count in sorted(unchecked.items()):
        what = "quote is" if count == 1 else "quotes are"
        yield Todo(f"documents/{document}.toml", f"{count} {what} unchecked: no copy is at hand")
    for one in checked.values():
        if one.what == "region" and one.reason and one.state is not State.ALTERED:
            yield Todo(f"evidence/{one.document}.toml: {one.evidence}", one.reason)
        if one.state is State.MOVED:
            yield Todo(f"evidence/{one.document}.toml: {one.evidence}", f"moved: {one.reason}")
    outdated = Counter(one.document for one in checked.values() if one.is_outdated)
    for document, count in sorted(outdated.items()):
        what = "quote does" if count == 1 else "quotes do"
        message = f"{count} {what} not stand in the version taken last: `openbook audit changes`"
        yield Todo(f"documents/{document}.toml", message)


def _cells_to_do(audit: Audit) -> Iterator[Todo]:
    settling = settlement_of(audit)
    yield from settling.disputed
    disputed = {todo.place for todo in settling.disputed}
    for cell in audit.cells:
        wanted, found = settling.findings.get(cell), audit.findings.get(cell)
        if str(cell) in disputed:
            continue
        if wanted is None:
            yield Todo(str(cell), "not graded yet")
        elif found != wanted:
            yield Todo(str(cell), "graded but not settled: run `openbook audit settle`")
        elif wanted.judgement.grade == 0 and wanted.judgement.not_stated is None:
            yield Todo(str(cell), "grade 0 without a basis: record it with `openbook audit absent`")


def _rechecks_to_do(audit: Audit) -> Iterator[Todo]:
    for cell, rechecks in open_rechecks(audit).items():
        told = "; ".join(f"{in_words(one)} in {one.document} ({one.id})" for one in rechecks)
        yield Todo(str(cell), f"to be looked at again: {told}: `openbook audit recheck`")


def _searches_to_do(audit: Audit) -> Iterator[Todo]:
    """Absence holds for the documents searched; a release may have gained others since."""
    for cell, finding in audit.findings.items():
        absence, release = finding.judgement.not_stated, audit.release(cell.release)
        record = audit.searches.get(absence.search) if absence else None
        if record is None or release is None:
            continue
        searched = {one.key for one in record.documents}
        if record.unread_pages:
            pages = f"{record.unread_pages} page{'s' if record.unread_pages > 1 else ''}"
            message = f"absence rests on a search without {pages} that have no text"
            yield Todo(str(cell), message)
        later = [key for key in release.documents if key not in searched]
        if later:
            message = f"absence was searched before {', '.join(later)} was added: search again"
            yield Todo(str(cell), message)


def _leads_to_do(opened: Opened) -> Iterator[Todo]:
    """Absence holds where what the documents point to was followed."""
    searches = opened.audit.searches
    absent = {cell: finding.judgement.not_stated for cell, finding in opened.audit.findings.items()}
    searched = [cell for cell, absence in absent.items() if absence and absence.search in searches]
    for cell, touching in leads_of_cells(opened, searched).items():
        if left := undisposed(opened, touching):
            are = "1 lead touches" if len(left) == 1 else f"{len(left)} leads touch"
            message = f"{are} what is called absent: `openbook audit leads … --cell {cell}`"
            yield Todo(str(cell), message)


def _points_to_do(audit: Audit) -> Iterator[Todo]:
    counts = coverage(audit)
    unreviewed, total = counts[PointState.UNREVIEWED], sum(counts.values())
    if unreviewed:
        yield Todo("points", f"{unreviewed} of {total} are unreviewed")


def _corrections_to_do(audit: Audit) -> Iterator[Todo]:
    for one in audit.corrections:
        if one.state == "open":
            yield Todo(
                f"corrections.toml: {one.id}", f"{one.kind} of {one.about} waits for an editor"
            )
