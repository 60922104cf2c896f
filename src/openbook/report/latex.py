"""The heatmap as a LaTeX table, coloured like Table 2 of the paper but in our colours.

Needs ``\\usepackage{booktabs,colortbl,graphicx,multirow,xcolor}``. Every text is
escaped. Letters outside Latin script need XeLaTeX or LuaLaTeX with a typeface that has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from openbook.core.heatmap import Row, heatmap
from openbook.core.questionnaire import MAX_GRADE, MIN_GRADE
from openbook.core.records import Audit
from openbook.report.palette import GRADE_COLOURS, GRADE_INK, LIGHT_INK, UNSETTLED
from openbook.report.wording import TALL, caption, one_line, scale_word, year

PACKAGES = r"\usepackage{booktabs,colortbl,graphicx,multirow,xcolor}"
MOST_COLUMNS = 20
"""More questions than these run off a page: they become tables of their own."""

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Not \{ and \}: BibTeX counts those as braces too.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        # In LaTeX's oldest font encoding these three print as other signs.
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        # After \\ a bracket would begin an argument.
        "[": "{[}",
        "]": "{]}",
    }
)


def latex_escape(text: str) -> str:
    """``text`` on one line, as LaTeX prints it literally."""
    return one_line(text).translate(_ESCAPES)


def heatmap_latex(audit: Audit, label: str = "tab:heatmap") -> str:
    """The heatmap as a table environment with its colours, legend and caption; of more questions
    than a page is wide, several, each with its part of them."""
    table = heatmap(audit)
    count = max(1, -(-len(table.columns) // MOST_COLUMNS))
    size = -(-len(table.columns) // count)
    lines = [f"% Needs {PACKAGES}", *_colours()]
    for part in range(count):
        shown = slice(part * size, (part + 1) * size)
        rows = [replace(row, grades=row.grades[shown]) for row in table.rows]
        if count == 1:
            lines += _table(table.columns, rows, _caption(audit), label)
        else:
            told = f"{_caption(audit)} Part {part + 1} of {count}."
            lines += _table(table.columns[shown], rows, told, f"{label}-{part + 1}")
    return "\n".join(lines) + "\n"


def _table(columns: Sequence[str], rows: Sequence[Row], told: str, label: str) -> list[str]:
    is_tall = any(len(one) > TALL for one in columns)
    bold = [rf"\textbf{{{latex_escape(one)}}}" for one in columns]
    keywords = " & ".join(rf"\rotatebox{{90}}{{{one}}}" if is_tall else one for one in bold)
    groups = [_group(list(ones)) for _, ones in groupby(rows, key=lambda row: row.initiative.key)]
    head = rf"\textbf{{Initiative}} & \textbf{{Release}} & \textbf{{Year}} & {keywords}"
    return [
        r"\begin{table}[tbp]",
        r"\centering\small",
        r"\setlength{\tabcolsep}{4pt}",
        rf"\begin{{tabular}}{{lll{'c' * len(columns)}}}",
        r"\toprule",
        rf"{head.removesuffix('& ').rstrip()} \\",
        r"\midrule",
        "\n\\midrule\n".join(groups) if groups else "% no releases",
        r"\bottomrule",
        r"\end{tabular}",
        rf"\caption{{{told}}}",
        rf"\label{{{label}}}",
        r"\end{table}",
    ]


def _colours() -> list[str]:
    named = [(f"openbook{grade}", colour) for grade, colour in enumerate(GRADE_COLOURS)]
    named.append(("openbookunsettled", UNSETTLED))
    return [rf"\definecolor{{{name}}}{{HTML}}{{{hex_[1:].upper()}}}" for name, hex_ in named]


def _group(rows: list[Row]) -> str:
    title = latex_escape(rows[0].initiative.title)
    first = rf"\multirow{{{len(rows)}}}{{*}}{{{title}}}"
    return "\n".join(_row(row, "" if number else first) for number, row in enumerate(rows))


def _row(row: Row, first: str) -> str:
    cells = (first, latex_escape(row.release.label), year(row), *map(_cell, row.grades))
    return " & ".join(cells) + r" \\"


def _cell(grade: int | None) -> str:
    if grade is None:
        return r"\cellcolor{openbookunsettled}$\cdot$"
    digit = rf"\textcolor{{white}}{{{grade}}}" if GRADE_INK[grade] == LIGHT_INK else str(grade)
    return rf"\cellcolor{{openbook{grade}}}{digit}"


def _caption(audit: Audit) -> str:
    scale = "; ".join(
        f"{grade}: {latex_escape(scale_word(audit, grade))}"
        for grade in range(MIN_GRADE, MAX_GRADE + 1)
    )
    told = latex_escape(caption(audit)).replace("·", r"$\cdot$")
    return rf"{latex_escape(audit.title)}. {scale}; $\cdot$: not settled. {told}."
