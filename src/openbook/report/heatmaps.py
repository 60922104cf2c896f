"""The heatmap in every format, by the format's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openbook.core.records import Audit
from openbook.report.latex import heatmap_latex
from openbook.report.page import heatmap_html
from openbook.report.png import heatmap_png
from openbook.report.svg import heatmap_svg
from openbook.report.tables import heatmap_csv, heatmap_json
from openbook.report.terminal import heatmap_text

FORMATS: Mapping[str, Callable[[Audit], str | bytes]] = {
    "text": heatmap_text,
    "csv": heatmap_csv,
    "json": heatmap_json,
    "latex": heatmap_latex,
    "svg": heatmap_svg,
    "html": heatmap_html,
    "png": heatmap_png,
}


def heatmap_bytes(audit: Audit, name: str) -> bytes:
    """The heatmap as the bytes of a file. Raises KeyError for a format there is not."""
    made = FORMATS[name](audit)
    return made.encode("utf-8") if isinstance(made, str) else made
