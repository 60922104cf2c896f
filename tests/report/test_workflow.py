"""The workflow that watches: what GitHub reads is a workflow, may do little, and is pinned."""

from __future__ import annotations

import json
import os
import re
import subprocess
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from openbook import __version__
from openbook.report.workflow import watch_workflow
from tests.workbench import done, openbook


def read(folder: str = "audits/acme") -> dict[str, Any]:
    text = watch_workflow(folder)
    assert text is not None
    assert "@" not in re.sub(r"@[0-9a-f]{40}\b|users@|@users", "", text)  # nothing left to fill in
    return dict(YAML(typ="safe").load(StringIO(text)))


def schema() -> dict[str, Any]:
    """GitHub's schema of workflows, as check-jsonschema carries it."""
    folder = files("check_jsonschema").joinpath("builtin_schemas", "vendor")
    return dict(json.loads(folder.joinpath("github-workflows.json").read_text("utf-8")))


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("folder", [".", "audit", "audits/acme-1.2/x_y"])
def test_it_is_a_workflow(folder: str) -> None:
    workflow = read(folder)
    jsonschema.validate(workflow, schema())
    assert workflow["env"]["AUDIT"] == folder


def test_the_schema_would_refuse_another() -> None:
    workflow = read()
    workflow["jobs"]["watch"]["steps"].append({"use": "a typing error"})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(workflow, schema())


def test_it_runs_weekly_and_may_do_little() -> None:
    workflow = read()
    (plan,) = workflow["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", plan["cron"])
    assert workflow["permissions"] == {}
    watch, propose = workflow["jobs"]["watch"], workflow["jobs"]["propose"]
    assert set(watch["permissions"].values()) == {"read"}
    assert propose["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert "changed == 'true'" in propose["if"]
    assert all("timeout-minutes" in job for job in (watch, propose))
    reading = [step for step in watch["steps"] if "checkout" in step.get("uses", "")]
    assert [step["with"]["persist-credentials"] for step in reading] == [False]


def test_every_action_is_pinned_and_openbook_too() -> None:
    workflow = read()
    uses = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert len(uses) == 6
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one) for one in uses)
    assert any(f'"openbook=={__version__}"' in step.get("run", "") for step in steps(workflow))


def test_no_expression_stands_in_a_script() -> None:
    """What stands in ``${{ }}`` would be run as it is."""
    assert not any("${{" in step.get("run", "") for step in steps(read()))


@pytest.mark.parametrize("folder", [".", "audits/acme"])
def test_documents_and_locks_are_not_proposed(folder: str, tmp_path: Path) -> None:
    """Also where the audit has no .gitignore. The line is run as it stands."""
    audit = tmp_path / folder
    for name in ("audit.toml", "documents/card.toml", "library/documents/ab", ".openbook.lock"):
        (audit / name).parent.mkdir(parents=True, exist_ok=True)
        (audit / name).write_text("x", encoding="utf-8")
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")
    (look,) = (step for step in steps(read(folder)) if step.get("id") == "look")
    (line,) = (line for line in look["run"].splitlines() if line.startswith("git add"))
    env = os.environ | {"AUDIT": folder}
    told = "git diff --cached --name-only"
    ran = subprocess.run(
        ["bash", "-ec", f"git init --quiet\n{line}\n{told}"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    inside = "" if folder == "." else f"{folder}/"
    wanted = {f"{inside}audit.toml", f"{inside}documents/card.toml"}
    assert set(ran.stdout.split()) - {"other.txt"} == wanted
    assert ("other.txt" in ran.stdout) == (folder == ".")


@pytest.mark.parametrize(
    "folder",
    [
        "",
        "/etc",
        "../a",
        "a/../b",
        "a b",
        "$(id)",
        "${{ x }}",
        'a"b',
        "-a",
        "a//b",
        "a\nb",
        "a/-/..",
    ],
)
def test_a_folder_that_is_more_than_a_name_is_refused(folder: str) -> None:
    assert watch_workflow(folder) is None


def test_it_is_printed_and_nothing_is_asked() -> None:
    ran = done("audit", "watch", "audits/none-yet", "--workflow")
    assert ran.out == watch_workflow("audits/none-yet")
    assert openbook("audit", "watch", "/somewhere", "--workflow").status == 2
