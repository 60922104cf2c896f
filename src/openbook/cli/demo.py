"""Bringing the bundled audit's documents together: the library, a corpus beside, the network."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import typer

from openbook.audit.fetching import (
    add_known_files,
    fetch_documents,
    missing_documents,
    with_fetched,
)
from openbook.audit.layers import at_hand
from openbook.audit.opened import Opened
from openbook.cli.terms import note, progress, today
from openbook.core.anchor import Checked
from openbook.core.verify import State

PER_DOCUMENT = 15.0
"""Seconds that one document may take."""


def corpus_folders() -> Iterator[Path]:
    """Where documents may lie beside a checkout: ``../shared/corpus/docs``."""
    checkout = Path(__file__).resolve().parents[3]
    for root in dict.fromkeys((Path.cwd(), checkout)):
        yield root.parent / "shared" / "corpus" / "docs"


def bring_documents(opened: Opened, *, fetch: bool, seconds: float) -> Opened:
    """The audit with its documents at hand as far as that goes. Nothing here fails for want of a
    network."""
    for folder in corpus_folders():
        if folder.is_dir():
            added = add_known_files(opened.library, folder, opened)
            if added:
                note(f"{added} documents found in {folder}")
    opened = with_fetched(opened)
    if fetch and missing_documents(opened):
        _fetch_bounded(opened, seconds)
        opened = with_fetched(opened)
    documents = opened.audit.documents.values()
    held = sum(bool(at_hand(document, opened.library)) for document in documents)
    typer.echo(f"{held} of {len(documents)} documents at hand")
    return opened


def _fetch_bounded(opened: Opened, seconds: float) -> None:
    """Fetch until the time is up. The first document that no connection can be made for ends it:
    without a network the others would only wait for the same answer."""
    missing = missing_documents(opened)
    started = time.monotonic()
    with progress(f"fetching {len(missing)} documents", "bytes") as shown:
        for document in missing:
            left = seconds - (time.monotonic() - started)
            if left <= 1:
                note(f"stopped fetching after {seconds:.0f} s")
                return
            limit = min(PER_DOCUMENT, left)
            found = fetch_documents(
                opened,
                (document,),
                today(),
                write=False,
                progress=lambda _, done, total: shown(done, total),
                seconds=limit,
            )
            for result in found:
                if result.error:
                    note(f"{document.key}: {result.error}")
                if result.is_unreachable:
                    note("no network here: going on with the documents at hand")
                    return


def unchecked_here(opened: Opened, checked: Mapping[str, Checked]) -> Iterator[str]:
    """Which quotes are unchecked on this machine, by document."""
    counts = Counter(one.document for one in checked.values() if one.state is State.UNCHECKED)
    if counts:
        yield "unchecked here, as no copy is at hand:"
    width = max(map(len, counts), default=0)
    for key, count in sorted(counts.items()):
        document = opened.audit.documents.get(key)
        where = document.url if document else ""
        yield f"  {count:>3}  {key:<{width}}  {where}"
