"""What each audit on this machine has taught, kept in the shared library as counts of words.

An audit with a library of its own neither leaves anything here nor takes anything from here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from openbook.core.ranker import Ranker
from openbook.files.rankers import ranker_of, record_of
from openbook.files.write import WriteError, write_text


def keep(root: Path, folder: Path, learned: Ranker) -> None:
    """Keep what the audit in ``folder`` taught; silently nothing where that cannot be done."""
    text = json.dumps({"folder": str(folder.resolve()), "learned": record_of(learned)})
    path = _path(root, folder)
    try:
        if not path.is_file() or path.read_text("utf-8") != text:
            write_text(path, text)
    except (OSError, ValueError, WriteError):
        return


def kept(root: Path, folder: Path, questionnaire: str) -> Iterator[Ranker]:
    """What audits other than that in ``folder`` taught for a questionnaire. Audits that are gone
    teach nothing any more, and a damaged file is as good as none."""
    for path in sorted((root / "lessons").glob("*.json")):
        try:
            record = json.loads(path.read_text("utf-8"))
            is_there = (Path(record["folder"]) / "audit.toml").is_file()
            if is_there and path != _path(root, folder):
                learned = ranker_of(record["learned"])
                if learned.questionnaire == questionnaire:
                    yield learned
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue


def _path(root: Path, folder: Path) -> Path:
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogatepass")).hexdigest()
    return root / "lessons" / f"{name[:16]}.json"
