"""``openbook export``: the whole audit as one file for an office program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openbook.cli.terms import Folder, note, path, progress, shown


def export(
    folder: Folder,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="A name that ends in .xlsx or .docx.", parser=path),
    ],
) -> None:
    """Write the audit as an XLSX workbook (heatmap, findings, evidence, reviews) or as a DOCX memo;
    the end of the name says which."""
    from openbook import __version__
    from openbook.audit.check import check
    from openbook.audit.fingerprint import fingerprint
    from openbook.audit.opened import WrongUseError, open_audit
    from openbook.cli.site import CheckedAudit, material_of
    from openbook.files.write import write_bytes
    from openbook.report.memo import memo
    from openbook.report.office import Exhibit
    from openbook.report.workbook import workbook

    make = {".xlsx": workbook, ".docx": memo}.get(output.suffix.lower())
    if make is None:
        raise WrongUseError(f"{output} ends neither in .xlsx nor in .docx")
    opened = open_audit(folder).sound()
    with progress("verifying", "quotes") as update:
        found = check(opened, update)
    if found.problems:
        count = f"{len(found.problems)} problem{'s' if len(found.problems) > 1 else ''}"
        note(f"{folder} has {count}: openbook audit check {shown(folder)}")
    material = material_of(CheckedAudit(opened, found.checked))
    data = make(Exhibit(material, fingerprint(folder), f"openbook {__version__}"))
    write_bytes(output.resolve(), data)
    typer.echo(f"{output}: {len(data):,} bytes")
