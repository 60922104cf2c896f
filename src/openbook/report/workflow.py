"""A scheduled workflow for GitHub that watches an audit."""

from __future__ import annotations

import re
from importlib.resources import files

from openbook import __version__

_FOLDER = re.compile(r"\.|(?!-)[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)


def watch_workflow(folder: str) -> str | None:
    """The workflow for the audit in a folder of a repository; None where the name is no plain path
    in it, such as one that leads out of it or that a workflow would read as more than a name."""
    if not _FOLDER.fullmatch(folder):
        return None
    template = files("openbook.report").joinpath("templates", "watch.yml").read_text("utf-8")
    inside = "'*'" if folder == "." else f"'{folder}/*'"
    said = {"@AUDIT@": f'"{folder}"', "@VERSION@": __version__, "@INSIDE@": inside}
    for name, value in said.items():
        template = template.replace(name, value)
    return template
