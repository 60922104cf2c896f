"""Pages and parts of pages from templates. Everything put into one is escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from openbook.audit.opened import AuditError
from openbook.core.initiative import ReleaseId
from openbook.core.review import CellId
from openbook.report.palette import GRADE_COLOURS, GRADE_INK, POINT_STYLES
from openbook.report.site.render import clean
from openbook.web.guard import Asked
from openbook.web.people import Role

HERE = Path(__file__).parent
STATIC = HERE / "static"
SITE = HERE.parent / "report" / "site" / "templates"
"""Templates of the site, for the parts that look the same here."""


@cache
def _environment(is_clean: bool = False) -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(HERE / "templates"),
                PrefixLoader({"site": FileSystemLoader(SITE)}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean if is_clean else None,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        static=static, cell_url=cell_url, release_url=release_url, POINT_STYLES=POINT_STYLES
    )
    return environment


@cache
def static(name: str) -> str:
    """The address of a file of ours, which changes when the file does, so that it may be kept."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def cell_url(cell: CellId, base: str = "cell") -> str:
    """The address of a cell's reading page, or with another ``base`` of what else it has."""
    return f"/{base}/{cell.release.initiative}/{cell.release.release}/{cell.keyword}"


def release_url(release: ReleaseId, base: str = "release") -> str:
    """The address of a release."""
    return f"/{base}/{release.initiative}/{release.release}"


def shown(
    asked: Asked, template: str, status: int = 200, *, is_clean: bool = False, **context: Any
) -> Response:
    """A page, or a part of one, from its template. With ``is_clean`` characters that turn the
    direction of text, and others that a page cannot hold, are taken out of all values; not so where
    a script counts characters."""
    return HTMLResponse(rendered(asked, template, is_clean=is_clean, **context), status)


def rendered(asked: Asked, template: str, *, is_clean: bool = False, **context: Any) -> Markup:
    """A page, or a part of one, as it can be put into another."""
    every = {
        "asked": asked,
        "viewer": asked.viewer,
        "csrf": asked.csrf,
        "is_alone": not asked.room.settings.is_team,
        "is_editor": asked.viewer.person is not None and asked.viewer.role.may(Role.EDITOR),
        "is_owner": asked.viewer.person is not None and asked.viewer.role.may(Role.OWNER),
        "audit_title": _title(asked),
        "nav": nav(asked),
        **context,
    }
    text = _environment(is_clean).get_template(template).render(every)
    return Markup(text)  # noqa: S704


PAGES = (
    ("/", "Work", Role.READER),
    ("/findings", "Findings", Role.READER),
    ("/disputes", "Disputes", Role.AUDITOR),
    ("/agreement", "Agreement", Role.READER),
    ("/documents", "Documents", Role.EDITOR),
    ("/inbox", "Corrections", Role.EDITOR),
    ("/people", "People", Role.EDITOR),
    ("/acts", "Log", Role.OWNER),
)
"""The pages that every page leads to, and who may see them."""


def nav(asked: Asked) -> list[tuple[str, str]]:
    """The pages that the viewer can go to; alone there are no people to see to."""
    if asked.is_outside:
        return []
    is_alone = not asked.room.settings.is_team
    return [
        (href, text)
        for href, text, needs in PAGES
        if asked.viewer.role.may(needs) and not (is_alone and href == "/people")
    ]


def _title(asked: Asked) -> str:
    if asked.is_outside:
        return "Reading room"
    try:
        return asked.room.opened().audit.title
    except AuditError:
        return asked.room.folder.name


@cache
def colours() -> str:
    """The colours of grades and point states as a style sheet: one source for every picture."""
    grades = (
        f".g{grade} {{ background: {colour}; color: {ink}; }}"
        for grade, (colour, ink) in enumerate(zip(GRADE_COLOURS, GRADE_INK, strict=True))
    )
    states = (
        f".p-{state} {{ background: {style.background}; color: {style.ink}; }}"
        for state, style in POINT_STYLES.items()
    )
    return "\n".join((*grades, *states, ""))


def error_page(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """A page that says why there is no other."""
    text = _environment().get_template("error.html").render(status=status, message=message)
    return HTMLResponse(text, status, headers=headers)
