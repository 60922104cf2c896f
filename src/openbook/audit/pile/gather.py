"""From what was typed to what is to be read: files, folders, addresses, lists of addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openbook.audit.intake import SUFFIXES
from openbook.audit.opened import WrongUseError
from openbook.core.plan import Failed
from openbook.sources.fetch import MAX_BYTES

MOST_FILES = 2000
"""Files and addresses taken at once."""
DEEPEST = 32
"""Folders in folders that are looked into."""
LONGEST_LIST = 1 << 20
"""Bytes of a list of addresses."""
_ADDRESS = re.compile(r"https?://\S+", re.I)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be read."""

    source: str
    """The path or address, as it is told to people."""
    path: Path | None
    """Where the bytes are; None for an address that is still to be fetched."""
    media_type: str = ""
    """Of what was fetched before, as its server called it."""
    via: tuple[str, ...] = ()
    """Of what was fetched before, where its address led."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that is to be read, once each, in the order of the arguments and by name in folders."""

    items: tuple[Item, ...]
    failed: tuple[Failed, ...]
    passed_over: tuple[str, ...]
    """Files of folders that are no documents by their names."""


def gather(sources: Sequence[str], audit: Path) -> Gathered:
    """What ``sources`` name; audits are not looked into. Raises :class:`WrongUseError` for what is
    not there, all at once, and for too much."""
    _require_there(sources)
    items: dict[str, Item] = {}
    failed: list[Failed] = []
    passed_over: list[str] = []
    for found in _found(sources, audit):
        if isinstance(found, Failed):
            failed.append(found)
        elif isinstance(found, str):
            passed_over.append(found)
        else:
            path = found.path
            items.setdefault(found.source if path is None else str(path.resolve()), found)
        if len(items) > MOST_FILES:
            raise WrongUseError(
                f"more than {MOST_FILES} files: that is hardly a pile of documents. Name a folder "
                "further down, or add them in parts"
            )
    return Gathered(tuple(items.values()), tuple(failed), tuple(passed_over))


def is_address(source: str) -> bool:
    """Whether a source is fetched and not read."""
    return "://" in source


def _require_there(sources: Sequence[str]) -> None:
    if not all(one.strip() for one in sources):
        raise WrongUseError("the source is empty: name a file, a folder or an address")
    missing = [one for one in sources if not is_address(one) and not _path(one).exists()]
    if missing:
        what = "is not there" if len(missing) == 1 else "are not there"
        raise WrongUseError(f"{', '.join(missing)} {what}: name files, folders or addresses")


def _path(source: str) -> Path:
    return Path(source).expanduser()


def _found(sources: Sequence[str], audit: Path) -> Iterator[Item | Failed | str]:
    for source in sources:
        if is_address(source):
            yield Item(source, None)
        elif _path(source).is_dir():
            yield from _in_folder(_path(source), audit)
        else:
            yield from _in_file(_path(source))


def _in_folder(folder: Path, audit: Path) -> Iterator[Item | Failed | str]:
    """The documents of a folder. Links to folders are not followed, what is hidden or an audit is
    not looked into."""
    faults: list[Failed] = []

    def fault(error: OSError) -> None:
        faults.append(Failed(str(error.filename), f"cannot be read ({error.strerror})"))

    for here, folders, files in os.walk(folder, onerror=fault):
        at = Path(here)
        if len(at.relative_to(folder).parts) >= DEEPEST:
            yield Failed(here, f"lies more than {DEEPEST} folders deep: not looked into")
            folders[:], files = [], []
        folders[:] = sorted(one for one in folders if _is_looked_into(at / one, audit))
        for name in sorted(files):
            path = at / name
            if name.startswith("."):
                continue
            if path.suffix.lower() in SUFFIXES or not path.suffix or _begins_as_pdf(path):
                yield from _in_file(path)
            else:
                yield str(path)
    yield from faults


def _is_looked_into(folder: Path, audit: Path) -> bool:
    is_ours = folder.resolve() == audit.resolve() or (folder / "audit.toml").exists()
    return not folder.name.startswith(".") and not is_ours


def _begins_as_pdf(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except OSError:
        return False


def _in_file(path: Path) -> Iterator[Item | Failed]:
    fault = _fault(path)
    if fault:
        yield Failed(str(path).encode("utf-8", "replace").decode(), fault)
        return
    if path.suffix.lower() == ".txt":
        listed = _listed(path)
        if listed is not None:
            yield from listed
            return
    yield Item(str(path), path)


def _fault(path: Path) -> str:
    """Why a file is not even opened; empty where it is."""
    try:
        str(path).encode("utf-8")
        if not path.is_file():
            return "is no plain file"
        if path.stat().st_size > MAX_BYTES:
            return f"larger than {MAX_BYTES >> 20} MB"
    except UnicodeEncodeError:
        return "its name is not UTF-8; rename it"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return ""


def _listed(path: Path) -> list[Item | Failed] | None:
    """The addresses that a text lists, one a line; None for any other text. A list is a text most
    of whose lines are addresses; the others are told."""
    if path.stat().st_size > LONGEST_LIST:
        return None
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    found = addresses(text, str(path))
    return found if 2 * sum(isinstance(one, Item) for one in found) > len(found) else None


def addresses(text: str, place: str) -> list[Item | Failed]:
    """The addresses of a text, one a line, with comments behind ``#``; lines that are none fail,
    named by ``place`` and number."""
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    found: list[Item | Failed] = []
    for number, line in lines:
        address = re.sub(r"\s+#.*$", "", line)
        if _ADDRESS.fullmatch(address):
            found.append(Item(address, None))
        else:
            found.append(Failed(f"{place}:{number}", f"{line[:60]!r} is no http or https address"))
    return found
