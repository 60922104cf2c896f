"""Writing a site: all of it or nothing, and never over somebody's files."""

from __future__ import annotations

import ctypes
import datetime as dt
import glob
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openbook.audit.drift.changes import changes, pairs
from openbook.audit.opened import AuditError, Opened, WrongUseError
from openbook.core.anchor import Anchor, Checked
from openbook.core.history import Edit
from openbook.files.history import edits
from openbook.report.downloads import downloads
from openbook.report.site import address
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.site.render import render_site

MARK = ".openbook-site"
"""A folder with this file was written by us; it names the files that may be replaced."""

OWN = ("initiatives", "questions", "downloads")
"""The folders that every site has."""

DATA = (
    "initiatives documents evidence anchors reviews settlements findings searches readings "
    "proposals library"
).split()
"""The folders of an audit: no site goes there."""


@dataclass(frozen=True)
class CheckedAudit:
    """An audit with what checking its quotes showed."""

    opened: Opened
    checked: Mapping[str, Checked]


def write_site(
    main: CheckedAudit,
    site: Path,
    built: dt.date,
    beside: Sequence[CheckedAudit] = (),
    url: str = "",
) -> int:
    """Write the site into ``site``; how many pages. Audits beside the main one have a site of their
    own in a folder of it, named by their id, and their rows join its heatmap. ``url`` is where the
    site will stand, if that is known. Raises
    :class:`AuditError` where the folder holds anything that is not of an openbook site, an audit
    above all."""
    for one in (main, *beside):
        _require_replaceable(site, one.opened.folder)
    folders = _folders(main, beside)
    above = Link(main.opened.audit.title, f"../{address.INDEX}")
    every: dict[str, bytes] = {}
    others: dict[str, Material] = {}
    for folder, one in folders.items():
        others[folder], files = site_files(
            one,
            built,
            edits(one.opened.folder),
            above=above,
            url=f"{url.rstrip('/')}/{folder}/" if url else "",
        )
        every |= {f"{folder}/{name}": data for name, data in files.items()}
    every |= site_files(main, built, edits(main.opened.folder), beside=others, url=url)[1]
    mark = json.dumps({"audit": main.opened.audit.id, "files": sorted(every)}, indent=0)
    write_whole(site.resolve(), every | {MARK: mark.encode()})
    return sum(name.endswith(".html") and "downloads/" not in name for name in every)


def _folders(main: CheckedAudit, beside: Sequence[CheckedAudit]) -> dict[str, CheckedAudit]:
    """The audits beside the main one, by the folder of each. Raises :class:`WrongUseError` for
    audits that ask other questions and for ids that would meet."""
    found: dict[str, CheckedAudit] = {}
    asked = main.opened.audit.questionnaire
    for one in beside:
        audit = one.opened.audit
        if audit.questionnaire.keywords != asked.keywords:
            raise WrongUseError(f"{audit.id} asks other questions than {main.opened.audit.id}")
        folder = address.key_slug(audit.id)
        if folder in (*found, address.key_slug(main.opened.audit.id), *OWN):
            raise WrongUseError(f"two parts of the site would be called {folder}: rename an audit")
        found[folder] = one
    return found


def site_files(
    one: CheckedAudit,
    built: dt.date,
    history: Sequence[Edit] = (),
    beside: Mapping[str, Material] | None = None,
    above: Link | None = None,
    url: str = "",
    frozen: bool = False,
) -> tuple[Material, dict[str, bytes]]:
    """What an audit's site is made of, and its files. Where it is ``frozen``, the day it is built
    on is that of the edition."""
    opened, checked = one.opened, one.checked
    anchors = recorded_and_found(opened, checked)
    files = downloads(opened.audit, checked, anchors)
    material = Material(
        opened.audit,
        checked,
        anchors,
        history=history,
        built=built.isoformat(),
        downloads={name: file.description for name, file in files.items()},
        changed={found.document: found for found in changes(opened, tuple(pairs(opened)))[0]},
        beside=beside or {},
        url=url,
        frozen_on=built if frozen else None,
    )
    pages = render_site(material, above)
    every = {name: text.encode("utf-8") for name, text in pages.items()}
    return material, every | {f"downloads/{name}": file.data for name, file in files.items()}


def material_of(one: CheckedAudit) -> Material:
    """What an audit's pages are made of, without its history."""
    return Material(one.opened.audit, one.checked, recorded_and_found(one.opened, one.checked))


def _require_replaceable(site: Path, audit: Path) -> None:
    where, source = site.resolve(), audit.resolve()
    if source.is_relative_to(where):
        raise WrongUseError(f"the audit {audit} lies in {site}: choose another folder for the site")
    inside = where.relative_to(source).parts if where.is_relative_to(source) else ()
    if len(inside) > 1 or (inside and inside[0] in DATA):
        raise WrongUseError(f"{site} lies among the audit's files: choose a folder outside {audit}")
    if not where.exists():
        return
    if not where.is_dir():
        raise WrongUseError(f"{site} is a file; choose a new folder for the site")
    there = {
        path.relative_to(where).as_posix()
        for path in where.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    others = sorted(there - _written(where) - {MARK})
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise AuditError(
            f"{site} holds files that are no site of ours ({others[0]}{more}): "
            "choose a new folder, or move them away"
        )


def _written(site: Path) -> set[str]:
    """The files that an earlier report wrote into a site."""
    try:
        return set(json.loads((site / MARK).read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def write_whole(site: Path, files: Mapping[str, bytes]) -> None:
    """All files in the place of the old site, or none: written beside, then swapped in one step."""
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        _sweep(site)
        fresh = Path(tempfile.mkdtemp(dir=site.parent, prefix=f".{site.name}.", suffix=".part"))
    except OSError as error:
        raise AuditError(f"{site} cannot be written ({error.strerror})") from error
    try:
        for name, data in files.items():
            _put(fresh / name, data)
        fresh.chmod(0o755)
        _put_in_place(fresh, site)
    except OSError as error:
        raise AuditError(f"{site} could not be written ({error.strerror})") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _sweep(site: Path) -> None:
    """Remove what a report that was killed left beside the site, an hour ago or more."""
    for path in site.parent.glob(f".{glob.escape(site.name)}.*.part"):
        if path.is_dir() and time.time() - path.stat().st_mtime > 3600:
            shutil.rmtree(path, ignore_errors=True)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _put_in_place(fresh: Path, site: Path) -> None:
    """Swap two folders. Where the system cannot do that in one step, the old one steps aside for
    the moment between two."""
    if not site.exists():
        fresh.rename(site)
    elif not _exchange(fresh, site):
        aside = Path(tempfile.mkdtemp(dir=site.parent, prefix=f".{site.name}.", suffix=".part"))
        site.replace(aside / site.name)
        fresh.rename(site)
        shutil.rmtree(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two paths in one step, where the system can: Linux (renameat2), macOS (renamex_np)."""
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(first, second, _SWAP) == 0)
    if hasattr(library, "renameat2"):
        return bool(library.renameat2(_HERE, first, _HERE, second, _SWAP) == 0)
    return False


_SWAP = 2
"""RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS."""
_HERE = -100
"""AT_FDCWD."""


def recorded_and_found(
    opened: Opened, checked: Mapping[str, Checked]
) -> dict[str, tuple[Anchor, ...]]:
    """Recorded anchors, with those just found in place of older ones of the same copy."""
    found = dict(opened.anchors)
    for id_, one in checked.items():
        if one.anchor is not None:
            others = (old for old in found.get(id_, ()) if old.copy != one.anchor.copy)
            found[id_] = (one.anchor, *others)
    return found
