"""Pages that are one file each: their style and script within, nothing fetched, safe to mail.

The style is the site's, so that a page looks like where it comes from. The content security policy
names the hashes of what stands in the page: nothing else runs, whatever a record says.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from openbook.report.site.colours import colour_rules
from openbook.report.site.render import clean


def one_file(template: str, view: object, script: str = "") -> str:
    """A template as a page by itself, with a script of ours by name, where it has one."""
    style = f"{colour_rules()}{_text('style.css')}{_text('one_file.css')}"
    code = _text(script) if script else ""
    policy = [
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(code)}'" if code else "",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return (
        _environment()
        .get_template(template)
        .render(
            view=view,
            root="",
            policy="; ".join(filter(None, policy)),
            style=Markup(style),  # noqa: S704 - ours
            script=Markup(code),  # noqa: S704 - ours
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader(
            [PackageLoader("openbook.report"), PackageLoader("openbook.report.site")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _text(name: str) -> str:
    return _environment().get_template(name).render()


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"
