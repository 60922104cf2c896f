"""An audit on disk, opened for work."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from openbook.core.anchor import Anchor
from openbook.core.initiative import Document, Release, parse_release_id
from openbook.core.problem import Problem
from openbook.core.questionnaire import PointRef, Question, parse_point_ref
from openbook.core.records import Audit
from openbook.core.review import Auditor, CellId
from openbook.files.cache import Cache
from openbook.files.library import Library, default_root, library_of
from openbook.files.read import read_audit
from openbook.files.write import locked

WRITING_WAIT = 60.0
"""Seconds to wait for others who are writing: each holds the audit for well under a second."""


class AuditError(Exception):
    """Something an auditor asked for cannot be done; the message says why and what to do."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)
        """The faults in data that stand in the way, if any."""


class WrongUseError(AuditError):
    """What was typed names nothing there is, or has the wrong form."""


@dataclass(frozen=True)
class Opened:
    """An audit's folder with what it says, and where its documents are kept."""

    folder: Path
    audit: Audit
    problems: tuple[Problem, ...]
    anchors: Mapping[str, tuple[Anchor, ...]]
    library: Library
    cache: Cache

    def sound(self) -> Opened:
        """Itself, when its files have no problems. Raises :class:`AuditError` otherwise: what is
        written on top of misread data would hide the fault."""
        if self.problems:
            count = len(self.problems)
            message = (
                f"{self.folder} has {count} problem{'s' if count > 1 else ''}; mend them first"
            )
            raise AuditError(message, self.problems)
        return self

    def release(self, text: str) -> Release:
        """The audited release called so. Raises :class:`WrongUseError` naming those there are."""
        id_ = parse_release_id(text)
        release = self.audit.release(id_) if id_ else None
        if release is None:
            known = ", ".join(str(one.id) for one in self.audit.releases) or "none yet"
            raise WrongUseError(f"there is no release {text!r}; this audit has {known}")
        if release.left_out:
            raise WrongUseError(f"{text} is left out of this audit: {release.left_out}")
        return release

    def question(self, keyword: str) -> Question:
        """The question with this keyword. Raises :class:`WrongUseError` naming those there are."""
        question = self.audit.questionnaire.question(keyword)
        if question is None:
            known = ", ".join(self.audit.questionnaire.keywords)
            raise WrongUseError(f"there is no question {keyword!r}; this audit asks {known}")
        return question

    def cell(self, release: str, keyword: str) -> CellId:
        """A cell by the names people type."""
        return CellId(self.release(release).id, self.question(keyword).keyword)

    def point(self, text: str) -> PointRef:
        """``VS.rule`` or ``VS``. Raises :class:`WrongUseError` naming the points there are."""
        ref = parse_point_ref(text)
        question = self.question(ref.keyword)
        if ref.key and question.point(ref.key) is None:
            known = ", ".join(point.key for point in question.points) or "none"
            raise WrongUseError(f"{ref.keyword} has no point {ref.key!r}; its points are {known}")
        return ref

    def asked(self, text: str) -> Question:
        """The question ``HUM``, or with ``HUM.number`` the question of that point alone. Raises
        :class:`WrongUseError` naming those there are."""
        ref = self.point(text)
        question = self.question(ref.keyword)
        point = question.point(ref.key)
        return replace(question, points=(point,)) if point else question

    def document(self, key: str) -> Document:
        """The document with this key. Raises :class:`WrongUseError` naming those there are."""
        document = self.audit.documents.get(key)
        if document is None:
            known = ", ".join(sorted(self.audit.documents)) or "none yet"
            raise WrongUseError(f"there is no document {key!r}; this audit has {known}")
        return document

    def auditor(self, id_: str | None) -> Auditor:
        """The auditor at work: the one named, or the only person there is."""
        if id_ is not None:
            found = self.audit.auditor(id_)
            if found is None:
                known = ", ".join(one.id for one in self.audit.auditors) or "none yet"
                message = f"there is no auditor {id_!r} in audit.toml; it names {known}"
                raise WrongUseError(message)
            return found
        people = [one for one in self.audit.auditors if one.kind == "person"]
        if len(people) == 1:
            return people[0]
        known = ", ".join(one.id for one in self.audit.auditors) or "none"
        message = f"say who you are with --auditor or OPENBOOK_AUDITOR; audit.toml names {known}"
        raise WrongUseError(message)


def prose(text: str, what: str) -> str:
    """Words people typed, ready for a file. Raises :class:`WrongUseError` for what TOML cannot
    hold: control characters, and bytes that are not UTF-8."""
    clean = text.replace("\r\n", "\n").strip()
    for char in clean:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t":
            raise WrongUseError(f"{what} holds a character that is no text (U+{ord(char):04X})")
    return clean


@contextmanager
def writing(folder: Path) -> Iterator[Opened]:
    """The audit at ``folder``, held for writing: nobody else changes it meanwhile, and what is
    read is what will be written upon. Raises :class:`AuditError` when its files have problems."""
    if not (folder / "audit.toml").is_file():
        open_audit(folder)
    if "site-packages" in folder.resolve().parts:
        raise AuditError(
            f"{folder} is part of the installed openbook: copy it out with "
            f"`openbook audit new DIR --copy {folder.resolve().name}` and work there"
        )
    with locked(folder, WRITING_WAIT):
        yield open_audit(folder).sound()


def open_audit(folder: Path) -> Opened:
    """The audit at ``folder``. Raises :class:`AuditError` when it cannot be read at all."""
    if not folder.is_dir():
        raise WrongUseError(f"{folder} is not a folder")
    reading = read_audit(folder)
    if reading.audit is None:
        raise AuditError(f"{folder} cannot be read as an audit", reading.problems)
    library = library_of(folder)
    # Never in the audit's own library: an audit from elsewhere could bring forged results along.
    cache = Cache(default_root() / "index.sqlite3")
    return Opened(folder, reading.audit, reading.problems, reading.anchors, library, cache)
