"""An audit's folder as an :class:`Audit`, with all its problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from openbook.core.anchor import Anchor
from openbook.core.evidence import Evidence
from openbook.core.initiative import Document, Initiative, is_key
from openbook.core.lead import Disposal
from openbook.core.problem import Problem
from openbook.core.proposal import Proposal
from openbook.core.questionnaire import Questionnaire
from openbook.core.records import Audit
from openbook.core.review import (
    CellId,
    Finding,
    PassageRead,
    Recheck,
    Reported,
    Review,
    SearchRecord,
    Settlement,
)
from openbook.core.translation import Translation
from openbook.files import nouns
from openbook.files import shapes as sh
from openbook.files.fields import SCHEMA
from openbook.files.load import load, load_lines, load_toml, shaped
from openbook.files.proposals import proposal_path, read_proposal

T = TypeVar("T")
S = TypeVar("S", bound=sh.Shape)

HEAD_FIELDS = ("auditor", "release", "date", "read", "imported")
"""What a review says besides its cells."""


class Reading(NamedTuple):
    """What a folder gave: the audit as far as it could be read, and every problem met."""

    audit: Audit | None
    problems: tuple[Problem, ...]
    anchors: Mapping[str, tuple[Anchor, ...]]
    """Recorded anchors by evidence id."""


class _Reader:
    """Walks one folder and gathers problems on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def place(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def one(self, path: Path, shape: type[S]) -> S | None:
        if not self.is_inside(path):
            return None
        found, problems = load(path, shape, self.place(path))
        self.problems += problems
        return found

    def optional(self, path: Path, shape: type[S]) -> S | None:
        return self.one(path, shape) if path.exists() else None

    def is_inside(self, path: Path) -> bool:
        """Whether a path stays in the folder; a link that leads out of it is a problem."""
        try:
            if path.resolve().is_relative_to(self.folder.resolve()):
                return True
            message = "is a link out of the folder"
        except (OSError, RuntimeError):  # Pythons before 3.13
            message = "is a link to itself"
        problem = Problem(self.place(path), message)
        if problem not in self.problems:
            self.problems.append(problem)
        return False

    def newer(self, name: str) -> Iterator[Problem]:
        """The problem of a format that this openbook does not know: all else is misread then."""
        path = self.folder / name
        data = load_toml(path, name)[0] if path.is_file() and self.is_inside(path) else None
        schema = (data or {}).get("schema")
        if isinstance(schema, int) and schema > SCHEMA:
            message = (
                f"written in data format {schema}; this openbook reads up to {SCHEMA}: "
                "update openbook"
            )
            yield Problem(f"{name}: schema", message)

    def files(self, pattern: str) -> list[Path]:
        """Files in a stable order; links that lead out of the folder are problems, not data, and
        so are files at another depth, which nobody would read."""
        folder, suffix = pattern.partition("/")[0], pattern[pattern.rindex(".") :]
        if not self.is_inside(self.folder / folder):  # a link to / would have us walk the machine
            return []
        found = [path for path in sorted(self.folder.glob(pattern)) if path.name[0] != "."]
        for path in sorted({*(self.folder / folder).rglob(f"*{suffix}")} - {*found}):
            if path.name[0] != ".":
                message = f"is not read: files here are {pattern}"
                self.problems.append(Problem(self.place(path), message))
        return [path for path in found if self.is_inside(path)]

    def keyed(self, pattern: str, shape: type[S], key_of: Callable[[S], str]) -> dict[str, S]:
        """Files named after the key they hold."""
        found: dict[str, S] = {}
        for path in self.files(pattern):
            one = self.one(path, shape)
            if one is None:
                continue
            if path.stem != key_of(one):
                message = f"the file is named {path.stem} but its key is {key_of(one)}"
                self.problems.append(Problem(self.place(path), message))
                continue
            found[key_of(one)] = one
        return found

    def cells(
        self, path: Path, shape: type[S], head: tuple[str, ...] = ()
    ) -> tuple[dict[str, Any], dict[str, S]]:
        """A file whose tables are cells by keyword: its head fields and its cells."""
        data, problems = load_toml(path, self.place(path))
        self.problems += problems
        cells: dict[str, S] = {}
        for keyword, table in (data or {}).items():
            if keyword in head:
                continue
            if not isinstance(table, dict):
                self.problems.append(Problem(f"{self.place(path)}: {keyword}", "unknown field"))
                continue
            cell, problems = shaped(table, shape, f"{self.place(path)}: {keyword}")
            self.problems += problems
            if cell is not None:
                cells[keyword] = cell
        return {name: value for name, value in (data or {}).items() if name in head}, cells


def read_audit(folder: Path) -> Reading:
    """Everything in ``folder``. The audit is None only when there is no readable audit.toml,
    no readable questionnaire, or the format is newer than this openbook."""
    reader = _Reader(folder)
    if not (folder / "audit.toml").is_file():
        missing = "is not there: this folder is no audit; make one with `openbook audit new`"
        return Reading(None, (Problem("audit.toml", missing),), {})
    newer = tuple(reader.newer("audit.toml")) + tuple(reader.newer("questionnaire.toml"))
    if newer:
        return Reading(None, newer, {})
    head = reader.one(folder / "audit.toml", sh.AuditShape)
    questionnaire = _questionnaire(reader)
    if head is None or questionnaire is None:
        return Reading(None, tuple(reader.problems), {})
    audit = Audit(
        id=head.id,
        title=head.title,
        edition=head.edition,
        description=head.description,
        questionnaire=questionnaire,
        auditors=tuple(nouns.auditor(one) for one in head.auditor),
        initiatives=_initiatives(reader, head.initiatives),
        documents=_documents(reader),
        evidence=_evidence(reader),
        reviews=_reviews(reader),
        settlements=_settlements(reader),
        findings=_findings(reader),
        searches=_searches(reader),
        readings=_readings(reader),
        corrections=_corrections(reader),
        objectives=_objectives(reader),
        reported=_reported(reader),
        proposals=_proposals(reader),
        disposals=_disposals(reader),
        translations=_translations(reader),
        rechecks=_rechecks(reader),
    )
    anchors = _anchors(reader)
    return Reading(audit, tuple(reader.problems), anchors)


def _questionnaire(reader: _Reader) -> Questionnaire | None:
    path = reader.folder / "questionnaire.toml"
    if not path.exists():
        reader.problems.append(Problem("questionnaire.toml", "is not there"))
        return None
    shape = reader.one(path, sh.QuestionnaireShape)
    return nouns.questionnaire(shape) if shape else None


def _initiatives(reader: _Reader, order: list[str]) -> tuple[Initiative, ...]:
    found = reader.keyed("initiatives/*.toml", sh.InitiativeShape, lambda one: one.key)
    for key in order:
        if key not in found:
            message = f"names {key}, but there is no readable initiatives/{key}.toml"
            reader.problems.append(Problem("audit.toml: initiatives", message))
    listed = [key for key in order if key in found]
    unlisted = [key for key in found if key not in order]
    return tuple(nouns.initiative(found[key]) for key in (*listed, *unlisted))


def _documents(reader: _Reader) -> dict[str, Document]:
    found = reader.keyed("documents/*.toml", sh.DocumentShape, lambda one: one.key)
    return {key: nouns.document(shape) for key, shape in found.items()}


def _evidence(reader: _Reader) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for path in reader.files("evidence/*.toml"):
        shape = reader.one(path, sh.EvidenceFile)
        for one in shape.evidence if shape else ():
            place = f"{reader.place(path)}: {one.id}"
            if one.id in found:
                other = f"evidence/{found[one.id].document}.toml"
                reader.problems.append(Problem(place, f"the id stands twice, also in {other}"))
                continue
            evidence = nouns.evidence(one, path.stem)
            if isinstance(evidence, str):
                reader.problems.append(Problem(place, evidence))
            else:
                found[one.id] = evidence
    return found


def _reviews(reader: _Reader) -> tuple[Review, ...]:
    found = []
    for path in reader.files("reviews/*/*/*.toml"):
        place = reader.place(path)
        auditor, initiative, release = path.parts[-3], path.parts[-2], path.stem
        said, cells = reader.cells(path, sh.JudgementShape, HEAD_FIELDS)
        id_ = nouns.release_id(f"{initiative}/{release}")
        if id_ is None or not is_key(auditor):
            reader.problems.append(Problem(place, "file or folder name is no key"))
            continue
        if not said and not cells:
            continue  # unreadable, which is told, or empty
        head, problems = shaped(said, sh.ReviewHeadShape, place)
        reader.problems += problems
        if head is None:
            continue
        for field, says, stands in (
            ("auditor", head.auditor, auditor),
            ("release", head.release, str(id_)),
        ):
            if says != stands:
                message = f"is {says!r}, but the file stands at {stands}"
                reader.problems.append(Problem(f"{place}: {field}", message))
        judged = {keyword: nouns.judgement(cell) for keyword, cell in cells.items()}
        imported = head.imported or ""
        found.append(Review(auditor, id_, judged, head.date, tuple(head.read), imported))
    return tuple(found)


def _by_cell(
    reader: _Reader, folder: str, shape: type[S], make: Callable[[CellId, S], T]
) -> dict[CellId, T]:
    found: dict[CellId, T] = {}
    for path in reader.files(f"{folder}/*/*.toml"):
        id_ = nouns.release_id(f"{path.parts[-2]}/{path.stem}")
        if id_ is None:
            reader.problems.append(Problem(reader.place(path), "file or folder name is no key"))
            continue
        for keyword, cell in reader.cells(path, shape)[1].items():
            cell_id = CellId(id_, keyword)
            found[cell_id] = make(cell_id, cell)
    return found


def _settlements(reader: _Reader) -> dict[CellId, Settlement]:
    return _by_cell(reader, "settlements", sh.SettlementShape, nouns.settlement)


def _findings(reader: _Reader) -> dict[CellId, Finding]:
    return _by_cell(reader, "findings", sh.FindingShape, nouns.finding)


def _searches(reader: _Reader) -> dict[str, SearchRecord]:
    found: dict[str, SearchRecord] = {}
    for path in reader.files("searches/*.jsonl"):
        lines, problems = load_lines(path, sh.SearchShape, reader.place(path))
        reader.problems += problems
        for line in lines:
            found[line.id] = nouns.search_record(line)
    return found


def _readings(reader: _Reader) -> tuple[PassageRead, ...]:
    found: list[PassageRead] = []
    for path in reader.files("readings/*.jsonl"):
        lines, problems = load_lines(path, sh.ReadingShape, reader.place(path))
        reader.problems += problems
        found += (nouns.reading(path.stem, line) for line in lines)
    return tuple(found)


def _corrections(reader: _Reader) -> tuple[Any, ...]:
    shape = reader.optional(reader.folder / "corrections.toml", sh.CorrectionsFile)
    found = tuple(nouns.correction(one) for one in shape.correction) if shape else ()
    seen: set[str] = set()
    for one in found:
        if one.id in seen:
            place = f"corrections.toml: {one.id}"
            reader.problems.append(Problem(place, "the id stands twice"))
        seen.add(one.id)
    return found


def _objectives(reader: _Reader) -> Any:
    shape = reader.optional(reader.folder / "objectives.toml", sh.ObjectivesShape)
    return nouns.objectives(shape) if shape else None


def _reported(reader: _Reader) -> dict[CellId, Reported]:
    shape = reader.optional(reader.folder / "reported.toml", sh.ReportedFile)
    return nouns.reported(shape) if shape else {}


def _disposals(reader: _Reader) -> dict[str, Disposal]:
    shape = reader.optional(reader.folder / "leads.toml", sh.LeadsFile)
    found: dict[str, Disposal] = {}
    for one in shape.lead if shape else ():
        if one.id in found:
            reader.problems.append(Problem(f"leads.toml: {one.id}", "the id stands twice"))
        found[one.id] = nouns.disposal(one)
    return found


def _translations(reader: _Reader) -> tuple[Translation, ...]:
    found: dict[str, Translation] = {}
    for path in reader.files("translations/*.toml"):
        shape = reader.one(path, sh.TranslationsFile)
        for one in map(nouns.translation, shape.translation if shape else ()):
            if one.name in found:
                place = f"{reader.place(path)}: {one.evidence}"
                message = f"{one.by} translates it into {one.language} twice"
                reader.problems.append(Problem(place, message))
            found.setdefault(one.name, one)
    return tuple(found.values())


def _rechecks(reader: _Reader) -> tuple[Recheck, ...]:
    shape = reader.optional(reader.folder / "rechecks.toml", sh.RechecksFile)
    found: dict[str, Recheck] = {}
    for one in shape.recheck if shape else ():
        recheck = nouns.recheck(one)
        place = f"rechecks.toml: {one.id}"
        if isinstance(recheck, str):
            reader.problems.append(Problem(place, recheck))
        elif one.id in found:
            reader.problems.append(Problem(place, "the id stands twice"))
        else:
            found[one.id] = recheck
    return tuple(found.values())


def _proposals(reader: _Reader) -> tuple[Proposal, ...]:
    found: list[Proposal] = []
    for path in reader.files("proposals/*/*/*.jsonl"):
        place = reader.place(path)
        lines, problems = load_lines(path, sh.ProposalShape, place)
        reader.problems += problems
        for line in lines:
            one = read_proposal(line)
            if proposal_path(one) == place:
                found.append(one)
            else:
                message = f"holds a proposal that belongs into {proposal_path(one)}"
                reader.problems.append(Problem(place, message))
    return tuple(found)


def _anchors(reader: _Reader) -> dict[str, tuple[Anchor, ...]]:
    found: dict[str, list[Anchor]] = {}
    for path in reader.files("anchors/*.jsonl"):
        lines, problems = load_lines(path, sh.AnchorShape, reader.place(path))
        reader.problems += problems
        for line in lines:
            found.setdefault(line.evidence, []).append(nouns.anchor(line))
    return {id_: tuple(anchors) for id_, anchors in found.items()}
