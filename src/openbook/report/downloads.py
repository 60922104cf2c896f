"""The files a reader can take away from the site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from openbook.core.anchor import Anchor, Checked, states
from openbook.core.records import Audit
from openbook.report.annotations import annotations as web_annotations
from openbook.report.bibtex import bibtex
from openbook.report.heatmaps import heatmap_bytes
from openbook.report.site.address import addresses
from openbook.report.tables import cells_csv, evidence_csv, reviews_csv


@dataclass(frozen=True, slots=True)
class Download:
    """A file and what it is."""

    data: bytes
    description: str


def downloads(
    audit: Audit, checked: Mapping[str, Checked], anchors: Mapping[str, tuple[Anchor, ...]]
) -> dict[str, Download]:
    """Every export, by file name. They carry the same numbers as the pages."""
    found = states(checked)
    json_ld = json.dumps(web_annotations(audit, anchors), ensure_ascii=False, indent=1)
    return {
        "heatmap.csv": Download(heatmap_bytes(audit, "csv"), "the heatmap, for spreadsheets"),
        "heatmap.json": Download(heatmap_bytes(audit, "json"), "the heatmap, for programs"),
        "heatmap.svg": Download(heatmap_bytes(audit, "svg"), "the heatmap as a picture"),
        "heatmap.png": Download(heatmap_bytes(audit, "png"), "the heatmap as a picture, in pixels"),
        "heatmap.tex": Download(heatmap_bytes(audit, "latex"), "the heatmap as a LaTeX table"),
        "heatmap.html": Download(heatmap_bytes(audit, "html"), "the heatmap as one page"),
        "cells.csv": Download(
            cells_csv(audit, found).encode(), "every cell: grade, grounds, answer"
        ),
        "evidence.csv": Download(
            evidence_csv(audit, found, anchors).encode(), "every piece of evidence and its state"
        ),
        "reviews.csv": Download(
            reviews_csv(audit).encode(), "every auditor's judgement of every cell"
        ),
        "annotations.json": Download(json_ld.encode(), "every quote as a W3C Web Annotation"),
        "addresses.json": Download(
            json.dumps(addresses(audit), ensure_ascii=False, indent=1).encode(),
            "the permanent address of every cell",
        ),
        "documents.bib": Download(bibtex(audit).encode(), "the documents, for citing"),
    }
