"""``openbook serve``: the reading room."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from openbook.cli.terms import Folder, note, path

if TYPE_CHECKING:
    from openbook.core.review import Auditor


def serve(
    folder: Folder,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    team: Annotated[
        bool, typer.Option("--team", help="Several people, who log in. Prints the first link.")
    ] = False,
    public: Annotated[
        bool,
        typer.Option("--public", help="Anybody may read what is settled and propose corrections."),
    ] = False,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="The address people type, such as https://audit.example.org."),
    ] = None,
    login_link: Annotated[
        str, typer.Option(metavar="PERSON", help="Print a login link for somebody, and stop.")
    ] = "",
    state: Annotated[
        Path | None,
        typer.Option(help="Where drafts, people and sessions are kept.", parser=path),
    ] = None,
    auditor: Annotated[
        str | None,
        typer.Option(
            "--auditor",
            envvar="OPENBOOK_AUDITOR",
            help="Who you are when you work alone, by id in audit.toml.",
        ),
    ] = None,
) -> None:
    """The reading room: read, quote, grade and settle in the browser, alone or as a team.

    Alone it needs no account and answers on this machine only. As a team people log in; what they
    judge stays hidden from each other until all who were to judge a release have submitted it.
    """
    from openbook.audit.opened import WrongUseError, open_audit
    from openbook.web.room import Settings
    from openbook.web.serve import Address, first_link, link_for, listening, open_room, run
    from openbook.web.store import default_state

    is_team = team or public
    if not is_team and not _is_loopback(host):
        raise WrongUseError(
            f"{host} can be reached from elsewhere, and alone there are no accounts: "
            "add --team, or leave out --host"
        )
    if is_team and not _is_loopback(host) and not origin:
        raise WrongUseError("say with --origin which address people will type")
    who = "" if is_team else _alone(open_audit(folder).audit.auditors, auditor)
    at = listening(Address(host, port)) if not login_link else None
    bound = Address(host, at.getsockname()[1] if at else port)
    names = (host, "localhost", "127.0.0.1", "::1")  # what this machine calls itself
    here = tuple(dict.fromkeys(Address(name, bound.port).origin for name in names))
    origins = tuple(map(_origin, origin or ())) or here
    where = state or default_state(folder)
    settings = Settings(folder, where, origins, is_team=is_team, is_public=public, alone=who)
    room = open_room(settings, note)
    if login_link:
        typer.echo(origins[0] + link_for(room, login_link))
        return
    assert at is not None
    typer.echo(f"Reading room: {origins[0]}")
    if not is_team:
        note("You are alone: no account is needed, and only this machine can reach it.")
    elif link := first_link(room):
        typer.echo(f"Nobody is here yet. The first owner comes in by {origins[0]}{link}")
    if is_team and any(one.startswith("http://") for one in origin or ()):
        note(
            "Without https passwords cross the network in the clear: put a proxy with https before."
        )
    note(f"Drafts are kept in {where}. Ctrl-C ends; nothing is lost.")
    run(room, at, is_behind_proxy=bool(origin))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(text: str) -> str:
    """An origin as browsers write it. Raises :class:`typer.BadParameter`."""
    parts = urlsplit(text.strip())
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not is_bare or not parts.hostname or parts.username:
        raise typer.BadParameter(f"{text!r} is no origin; write https://audit.example.org")
    default = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def _alone(auditors: Sequence[Auditor], given: str | None) -> str:
    """Who works alone: the auditor named, or the only person there is; nobody where there is none
    or more than one, and then nothing can be judged."""
    from openbook.audit.opened import WrongUseError

    if given is not None:
        if all(one.id != given for one in auditors):
            names = ", ".join(one.id for one in auditors) or "none yet"
            raise WrongUseError(f"there is no auditor {given!r} in audit.toml; it names {names}")
        return given
    persons = [one.id for one in auditors if one.kind == "person"]
    return persons[0] if len(persons) == 1 else ""
