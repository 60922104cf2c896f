"""The text files that are an audit: all that openbook reads of its folder, and nothing else.

What an edition holds and what is compared of a git revision. Documents, drafts, locks and whatever
else lies in a folder are none of them.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from openbook.core.problem import Problem
from openbook.files.load import MAX_LINES

PATTERNS = (
    "audit.toml",
    "questionnaire.toml",
    "corrections.toml",
    "reported.toml",
    "objectives.toml",
    "leads.toml",
    "rechecks.toml",
    "initiatives/*.toml",
    "documents/*.toml",
    "evidence/*.toml",
    "translations/*.toml",
    "anchors/*.jsonl",
    "reviews/*/*/*.toml",
    "settlements/*/*.toml",
    "findings/*/*.toml",
    "searches/*.jsonl",
    "readings/*.jsonl",
    "proposals/*/*/*.jsonl",
)
"""The files of an audit as :func:`openbook.files.read.read_audit` reads them."""


def is_text(name: str) -> bool:
    """Whether a file, by its path in the folder, is one of an audit."""
    parts = name.split("/")
    return not any(part.startswith(".") for part in parts) and any(
        len(parts) == len(pattern.split("/")) and all(map(fnmatchcase, parts, pattern.split("/")))
        for pattern in PATTERNS
    )


def texts(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """The files of the audit at ``folder`` by path, in the order of their names, and why some could
    not be taken. Links that lead out of the folder are not followed."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    inside = folder.resolve()
    names = {path.relative_to(folder).as_posix() for one in PATTERNS for path in folder.glob(one)}
    for name in sorted(filter(is_text, names)):
        path = folder / name
        try:
            if not path.resolve().is_relative_to(inside) or not path.is_file():
                problems.append(Problem(name, "is no plain file in the folder"))
            elif path.stat().st_size > MAX_LINES:
                problems.append(Problem(name, f"larger than {MAX_LINES >> 20} MB: not a data file"))
            else:
                found[name] = path.read_bytes()
        except (OSError, RuntimeError) as error:
            told = getattr(error, "strerror", None) or "is a link to itself"
            problems.append(Problem(name, f"cannot be read: {told}"))
    return found, problems


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder of our own making."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
