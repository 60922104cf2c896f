"""The heatmap as one HTML page: a table that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from openbook.core.heatmap import Row, heatmap
from openbook.core.records import Audit
from openbook.report.palette import (
    GRADE_COLOURS,
    GRADE_INK,
    UNSETTLED,
    UNSETTLED_INK,
    UNSETTLED_SYMBOL,
)
from openbook.report.wording import TALL, caption, cell_words, one_line, scale_word

_STYLE = """
body { margin: 2rem auto; padding: 0 1rem; max-width: 60rem; background: #fff; color: #1a1a1a;
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: separate; border-spacing: 3px; font-variant-numeric: tabular-nums; }
th { font-weight: 600; text-align: left; padding: .2rem .6rem; white-space: nowrap; }
thead th { font-size: .8rem; text-align: center; }
td { width: 3.2rem; height: 2rem; text-align: center; border-radius: 4px; font-weight: 600; }
.tall thead th + th + th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left;
  padding: .4rem .2rem; min-width: 1.6rem; }
tbody th { font-weight: 400; }
tbody th[rowspan] { font-weight: 600; vertical-align: top; }
ul { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; list-style: none; padding: 0; }
li span { display: inline-block; min-width: 1.6rem; margin-right: .4rem; text-align: center;
  border-radius: 4px; font-weight: 600; }
p { color: #5b6472; }
"""


def heatmap_html(audit: Audit) -> str:
    """The heatmap with its legend as a page without scripts, images or links."""
    table = heatmap(audit)
    head = "".join(f'<th scope="col">{_words(keyword)}</th>' for keyword in table.columns)
    body = "\n".join(
        row
        for _, rows in groupby(table.rows, key=lambda row: row.initiative.key)
        for row in _group(audit, list(rows), table.columns)
    )
    title = _words(audit.title)
    tall = ' class="tall"' if any(len(one) > TALL for one in table.columns) else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{_STYLE}{_colours()}</style>
</head>
<body>
<h1>{title}</h1>
<div class="scroll" role="region" tabindex="0" aria-label="Heatmap">
<table{tall}>
<thead><tr><th scope="col">Initiative</th><th scope="col">Release</th>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</div>
<ul>{"".join(_legend(audit))}</ul>
<p>{_words(caption(audit))}</p>
</body>
</html>
"""


def _words(text: str) -> str:
    return escape(one_line(text))


def _class(grade: int | None) -> str:
    return "none" if grade is None else f"g{grade}"


def _colours() -> str:
    pairs = zip(GRADE_COLOURS, GRADE_INK, strict=True)
    rules = [
        f".g{grade} {{ background: {colour}; color: {ink}; }}"
        for grade, (colour, ink) in enumerate(pairs)
    ]
    return "\n".join((*rules, f".none {{ background: {UNSETTLED}; color: {UNSETTLED_INK}; }}"))


def _group(audit: Audit, rows: list[Row], columns: tuple[str, ...]) -> Iterator[str]:
    for index, row in enumerate(rows):
        initiative = ""
        if index == 0:
            name = _words(row.initiative.title)
            initiative = f'<th scope="rowgroup" rowspan="{len(rows)}">{name}</th>'
        cells = "".join(
            f'<td class="{_class(grade)}" title="{_words(cell_words(audit, row, keyword))}">'
            f"{UNSETTLED_SYMBOL if grade is None else grade}</td>"
            for keyword, grade in zip(columns, row.grades, strict=True)
        )
        yield f'<tr>{initiative}<th scope="row">{_words(row.release.label)}</th>{cells}</tr>'


def _legend(audit: Audit) -> Iterator[str]:
    for grade in range(len(GRADE_COLOURS)):
        meaning = _words(scale_word(audit, grade))
        yield f'<li><span class="g{grade}">{grade}</span>{meaning}</li>'
    yield f'<li><span class="none">{UNSETTLED_SYMBOL}</span>not settled</li>'
