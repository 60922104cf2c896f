"""How often somebody may try: logins that fail, things sent by anybody."""

from __future__ import annotations

import ipaddress
import sqlite3
from typing import NamedTuple

from openbook.web.passwords import TooManyError
from openbook.web.store import Store

KEPT = 86400.0
"""Seconds for which tries are remembered at most."""


class Limit(NamedTuple):
    """So many times within so many seconds."""

    most: int
    within: float


def network(address: str) -> str:
    """What one visitor has of addresses: of IPv6 ones, everybody has 2^64."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:60]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)


def few_enough(store: Store, key: str, most: int, within: float, now: float) -> None:
    """Count one act under ``key``. Raises :class:`TooManyError` beyond ``most`` ``within`` so many
    seconds."""
    count(store, {key: Limit(most, within)}, now)


def count(store: Store, keys: dict[str, Limit], now: float) -> None:
    """Count one act under several keys, or under none where one of them had enough. It is counted
    before it is done, so that many at once gain nothing. Raises :class:`TooManyError`."""
    with store.writing() as db:
        for key, limit in keys.items():
            _require_few(db, key, limit, now)
        db.execute("DELETE FROM attempts WHERE at < ?", (now - KEPT,))
        db.executemany("INSERT INTO attempts VALUES (?, ?)", [(key, now) for key in keys])


def _require_few(db: sqlite3.Connection, key: str, limit: Limit, now: float) -> None:
    rows = db.execute(
        "SELECT at FROM attempts WHERE key = ? AND at > ? ORDER BY at DESC LIMIT ?",
        (key, now - limit.within, limit.most),
    ).fetchall()
    if len(rows) >= limit.most:
        raise TooManyError(rows[-1]["at"] + limit.within - now)


def forgive(db: sqlite3.Connection, keys: dict[str, Limit], now: float) -> None:
    """Take back what :func:`count` counted at ``now``: it was no failure."""
    for key in keys:
        db.execute(
            "DELETE FROM attempts WHERE rowid = "
            "(SELECT rowid FROM attempts WHERE key = ? AND at = ? LIMIT 1)",
            (key, now),
        )
