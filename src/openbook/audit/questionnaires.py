"""Questionnaires and crosswalks: those that ship with openbook, by name, and those in files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from openbook.audit.opened import AuditError, WrongUseError, open_audit
from openbook.audit.rules import questionnaire_problems
from openbook.core.crosswalk import Crosswalk, crosswalk_problems
from openbook.core.questionnaire import Question, Questionnaire
from openbook.files import nouns
from openbook.files.crosswalks import read_crosswalk
from openbook.files.fields import SCHEMA
from openbook.files.load import load
from openbook.files.shapes import QuestionnaireShape

TEN = "decoding-alignment"
"""The ten questions, which stand in the audit that is called like them."""


def _ours() -> Path:
    return Path(str(resources.files("openbook")))


def shipped_questionnaires() -> dict[str, Path]:
    """The questionnaires that ship with openbook by name, the ten questions first."""
    others = sorted((_ours() / "questionnaires").glob("*.toml"))
    return {TEN: _ours() / "audits" / TEN / "questionnaire.toml"} | {
        path.stem: path for path in others
    }


def questionnaire_file(name_or_file: Path) -> Path:
    """A questionnaire named as a file, or as one that ships. Raises :class:`WrongUseError`."""
    if name_or_file.is_file():
        return name_or_file
    shipped = shipped_questionnaires()
    if str(name_or_file) in shipped:
        return shipped[str(name_or_file)]
    known = ", ".join(shipped)
    raise WrongUseError(
        f"{name_or_file} is not a file, nor a questionnaire that ships with openbook: {known}"
    )


def read_questionnaire(path: Path) -> Questionnaire:
    """The questionnaire in a file. Raises :class:`AuditError` with all that is wrong with it."""
    shape, problems = load(path, QuestionnaireShape, path.name)
    if shape is None or problems:
        raise AuditError(f"{path} is no questionnaire", problems)
    if shape.version > SCHEMA:
        raise AuditError(f"{path} is written in data format {shape.version}: update openbook")
    asked = nouns.questionnaire(shape)
    if faults := tuple(questionnaire_problems(asked)):
        raise AuditError(f"{path} cannot be used as it is", faults)
    return asked


def asked_by(folder_or_name: Path) -> Questionnaire:
    """What an audit asks, or a questionnaire that ships, or one in a file. Raises
    :class:`AuditError`."""
    if folder_or_name.is_dir():
        return open_audit(folder_or_name).audit.questionnaire
    if not folder_or_name.is_file() and str(folder_or_name) not in shipped_questionnaires():
        known = ", ".join(shipped_questionnaires())
        raise WrongUseError(f"{folder_or_name} is not a folder, nor one of {known}")
    return read_questionnaire(questionnaire_file(folder_or_name))


def question_of(asked: Questionnaire, keyword: str) -> Question:
    """The question with this keyword. Raises :class:`WrongUseError` naming those there are."""
    question = asked.question(keyword)
    if question is None:
        known = ", ".join(asked.keywords)
        raise WrongUseError(f"there is no question {keyword!r}; this audit asks {known}")
    return question


def shipped_crosswalks() -> dict[str, Path]:
    """The crosswalks that ship with openbook, by name."""
    return {path.stem: path for path in sorted((_ours() / "crosswalks").glob("*.toml"))}


def crosswalk(name_or_file: Path) -> Crosswalk:
    """A crosswalk that ships, or one in a file, with every key it names looked up. Raises
    :class:`AuditError` with all that is wrong with it."""
    path = shipped_crosswalks().get(str(name_or_file), name_or_file)
    if not path.is_file():
        known = ", ".join(shipped_crosswalks())
        raise WrongUseError(f"there is no crosswalk {str(name_or_file)!r}; there is {known}")
    walk, problems = read_crosswalk(path)
    if walk is None or problems:
        raise AuditError(f"{path} is no crosswalk", problems)
    shipped = shipped_questionnaires()
    if walk.questionnaire not in shipped:
        known = ", ".join(shipped)
        raise AuditError(f"{path} is about {walk.questionnaire}; there is {known}")
    asking = read_questionnaire(shipped[walk.id]) if walk.id in shipped else None
    points = read_questionnaire(shipped[walk.questionnaire])
    if faults := tuple(crosswalk_problems(walk, points, asking)):
        raise AuditError(f"{path} cannot be used as it is", faults)
    return walk
