"""New audits: empty ones that ask the same questions, and whole ones copied out."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from openbook.audit.opened import WrongUseError, prose
from openbook.audit.questionnaires import questionnaire_file, read_questionnaire
from openbook.core.initiative import is_key, slug
from openbook.files.edit import append_table
from openbook.files.fields import SCHEMA
from openbook.files.write import LOCK_NAME, WriteError, toml_table, write_text

BUNDLED = "decoding-alignment"
"""The audit that ships with openbook and is meant where none is named."""

GITIGNORE = f"{LOCK_NAME}\n*.part\n/library/\n"
"""What git leaves alone: the lock, files a kill left half written, a library of its own."""


def bundled(name: str = BUNDLED) -> Path:
    """The folder of an audit that ships with openbook. Raises :class:`AuditError`."""
    folder = _bundles() / name
    if not is_key(name) or not (folder / "audit.toml").is_file():
        known = ", ".join(bundled_names())
        raise WrongUseError(f"no audit called {name!r} ships with openbook; there is {known}")
    return folder


def bundled_names() -> tuple[str, ...]:
    """The audits that ship with openbook: whatever their folder holds, :data:`BUNDLED` first."""
    found = sorted(path.parent.name for path in _bundles().glob("*/audit.toml"))
    return (BUNDLED, *(name for name in found if name != BUNDLED))


def _bundles() -> Path:
    return Path(str(resources.files("openbook"))) / "audits"


def like_folder(name_or_folder: str) -> Path:
    """An audit named as one that ships with openbook, or by its folder."""
    folder = Path(name_or_folder)
    return folder if (folder / "audit.toml").is_file() else bundled(name_or_folder)


def new_audit(
    folder: Path,
    *,
    like: str = BUNDLED,
    questionnaire: Path | None = None,
    title: str,
    auditor: str,
) -> Path:
    """An empty audit at ``folder`` that asks the questions of another one, of a file, or of a
    questionnaire that ships, by its name.

    Raises :class:`AuditError` when ``folder`` has something in it already, or the questionnaire
    cannot be read; then nothing is written.
    """
    _require_empty(folder)
    title, auditor = prose(title, "the title"), prose(auditor, "the auditor's name")
    source = (
        questionnaire_file(questionnaire)
        if questionnaire is not None
        else like_folder(like) / "questionnaire.toml"
    )
    read_questionnaire(source)
    id_ = slug(folder.resolve().name) or "audit"
    head = toml_table("", {"schema": SCHEMA, "id": id_, "title": title or named(folder)})
    with _made_whole(folder) as fresh:
        write_text(fresh / "questionnaire.toml", source.read_text("utf-8-sig"))
        write_text(fresh / ".gitignore", GITIGNORE)
        write_text(fresh / "audit.toml", f"{head}initiatives = []\n\n{_person(auditor)}")
    return folder


def _person(name: str) -> str:
    person = {"id": slug(name) or "auditor", "name": name or "auditor", "kind": "person"}
    return toml_table("[[auditor]]", person)


def copy_audit(folder: Path, name_or_folder: str, auditor: str = "") -> Path:
    """A whole audit copied out, to be edited; with a name, it gains that person as an auditor.
    Raises :class:`AuditError`."""
    source = like_folder(name_or_folder)
    _require_empty(folder)
    if folder.resolve().is_relative_to(source.resolve()):
        raise WrongUseError(f"{folder} lies inside {source}: choose a folder outside it")
    skip = shutil.ignore_patterns("library", ".git", LOCK_NAME, "*.part", "__pycache__")
    with _made_whole(folder) as fresh:
        shutil.copytree(source, fresh, dirs_exist_ok=True, ignore=skip, copy_function=_copy)
        write_text(fresh / ".gitignore", GITIGNORE)
        if auditor:
            append_table(fresh / "audit.toml", _person(prose(auditor, "the auditor's name")))
    return folder


def _copy(source: str, target: str) -> str:
    """Copy a file. The first fault ends it: copytree would gather one for every file."""
    try:
        return shutil.copy2(source, target)
    except OSError as error:
        raise WriteError(f"{target} could not be written ({error.strerror})") from error


@contextmanager
def _made_whole(folder: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place of ``folder`` at the end: an audit cut short is never
    taken for a whole one. Raises :class:`WriteError`; then nothing is left."""
    target = folder.resolve()
    fresh = target.parent / f".{target.name}.{secrets.token_hex(4)}.part"
    try:
        fresh.mkdir(parents=True)
        yield fresh
        _put_in_place(fresh, target)
    except (OSError, WriteError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        why = getattr(cause, "strerror", None) or error
        raise WriteError(f"{folder} could not be written ({why}); nothing was changed") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    """Rename a folder; one that is there already and empty is filled instead, since somebody's
    shell may stand in it. Its audit.toml comes last: before that it is no audit."""
    if not target.exists():
        fresh.rename(target)
        return
    for path in sorted(fresh.iterdir(), key=lambda one: one.name == "audit.toml"):
        path.rename(target / path.name)


def named(folder: Path) -> str:
    """The folder's name as a title, whatever bytes the file system has for it."""
    return folder.resolve().name.encode("utf-8", "replace").decode() or "audit"


def _require_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WrongUseError(f"{folder} is a file")
    if folder.is_dir() and any(folder.iterdir()):
        raise WrongUseError(f"{folder} is not empty; choose a new folder")
