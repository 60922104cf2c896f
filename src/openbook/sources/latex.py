"""LaTeX: the words of the body, by pylatexenc. Commands that are not known are left out, their
arguments stay.

No file is read but the one given (``\\input`` brings nothing), and nothing is run. Commands that
the text defines for itself are put in where that is plain: without arguments, and without other
such commands in them, so that no text can grow without end.
"""

from __future__ import annotations

import re
from typing import Any

from openbook.core.text import Page
from openbook.sources.errors import ExtractionError
from openbook.sources.html import without_trailing_space
from openbook.sources.plaintext import decode

MOST = 16 << 20
"""Characters of a text with its own commands put in."""
LONGEST = 500
"""Characters that one of a text's own commands may stand for."""

_DEFINED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|def)\*?\s*\{?\\([a-zA-Z]+)\}?\s*"
    r"\{((?:[^{}]|\{[^{}]*\})*)\}"
)
_BODY = re.compile(r"\\begin\s*\{document\}(.*?)(?:\\end\s*\{document\}|\Z)", re.S)
_TITLE = re.compile(r"\\title\s*(?:\[[^\]]*\])?\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_LEFT_OUT = re.compile(r"\\begin\s*\{comment\}.*?\\end\s*\{comment\}|\\iffalse\b.*?\\fi\b", re.S)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*\n?")
_END = r"\end"
_VERBATIM = re.compile(r"\\begin\s*\{(verbatim|lstlisting)\}.*?\\end\s*\{\1\}", re.S)


def pages(data: bytes, name: str) -> tuple[Page, ...]:
    """The text as one page. Raises :class:`ExtractionError`."""
    return (Page(1, plain(decode(data, name), name)),)


def plain(source: str, name: str) -> str:
    """The words of some LaTeX. Raises :class:`ExtractionError` for what cannot be read."""
    from pylatexenc.latexwalker import LatexWalkerError  # slow to import, and seldom needed

    body = _body(_without_comments(source), name)
    notes: list[str] = []
    try:
        text = _converter(notes).nodelist_to_text(_parsed(body))
    except (LatexWalkerError, RecursionError, ValueError, LookupError, TypeError) as error:
        raise ExtractionError(
            f"{name} cannot be read as LaTeX: it is damaged, or nests too deeply; save it as PDF "
            "or plain text and give that"
        ) from error
    whole = "\n\n".join([text, *notes])
    tidy = re.sub(r" *\t *", "\t", re.sub(r" {2,}", " ", whole))
    lines = re.sub(r"(?m)^[ \t]+", "", without_trailing_space(tidy))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def _without_comments(source: str) -> str:
    """The source less comments, except where they are shown as they are."""
    parts, done = [], 0
    for shown in _VERBATIM.finditer(source):
        parts += [_COMMENT.sub(r"\1", source[done : shown.start()]), shown[0]]
        done = shown.end()
    return "".join(parts) + _COMMENT.sub(r"\1", source[done:])


def _body(source: str, name: str) -> str:
    """What a reader sees: title and body, its own plain commands put in."""
    source = _LEFT_OUT.sub("", source)
    own = {
        command: text
        for command, text in _DEFINED.findall(source)
        if len(text) <= LONGEST and "#" not in text
    }
    plain_ones = {
        command: text
        for command, text in own.items()
        if not any(one in own for one in re.findall(r"\\([a-zA-Z]+)", text))
    }
    body, title = _BODY.search(source), _TITLE.search(source)
    text = _DEFINED.sub("", body[1] if body else source)
    if title and body and title.start() < body.start():
        text = f"{title[1]}\n\n{text}"
    if not plain_ones:
        return text
    names = "|".join(sorted(map(re.escape, plain_ones), key=len, reverse=True))
    used = re.compile(rf"\\({names})(?![a-zA-Z])(?:[ \t]*\{{\}}|[ \t]+(?=[^\w\s]))?")
    size = sum(len(plain_ones[one[1]]) for one in used.finditer(text))
    if len(text) + size > MOST:
        raise ExtractionError(
            f"{name} grows beyond {MOST >> 20} MB as its own commands are put in: it is damaged or "
            "hostile; save it as PDF or plain text and give that"
        )
    return used.sub(lambda one: plain_ones[one[1]], text)


_TITLES = "part chapter section subsection subsubsection paragraph subparagraph caption".split()
_KEYS = (
    "cite citep citet citealp citealt citeauthor citeyear citeyearpar autocite parencite textcite "
    "ref eqref autoref cref Cref"
).split()
_UNSEEN = {
    "input": "{",
    "include": "{",
    "label": "{",
    "maketitle": "",
    "hline": "",
    "toprule": "",
    "midrule": "",
    "bottomrule": "",
    "hspace": "*{",
    "vspace": "*{",
    "bibliography": "{",
    "bibliographystyle": "{",
    "includegraphics": "[{",
    "usepackage": "[{",
    "pagestyle": "{",
    "thispagestyle": "{",
    "setlength": "{{",
    "newcommand": "*{[[{",
    "cline": "{",
}
"""Commands that show nothing, and the arguments they take."""
_TABLES = {"tabular": "[{", "tabular*": "{[{", "tabularx": "{[{", "longtable": "[{", "array": "[{"}


def _parsed(body: str) -> Any:
    from pylatexenc import latexwalker, macrospec

    context = latexwalker.get_default_latex_context_db()
    context.add_context_category(
        "openbook",
        prepend=True,
        macros=[
            *(macrospec.MacroSpec(one, "*[{") for one in _TITLES),
            *(macrospec.MacroSpec(one, "*[[{") for one in _KEYS),
            *(macrospec.MacroSpec(one, takes) for one, takes in _UNSEEN.items()),
            macrospec.MacroSpec("href", "{{"),
            macrospec.MacroSpec("multicolumn", "{{{"),
        ],
        environments=[
            *(macrospec.EnvironmentSpec(one, takes) for one, takes in _TABLES.items()),
            macrospec.EnvironmentSpec("thebibliography", "{"),
            macrospec.EnvironmentSpec("minipage", "[{"),
        ],
    )
    walker = latexwalker.LatexWalker(body, latex_context=context, tolerant_parsing=True)
    return walker.get_latex_nodes()[0]


def _converter(notes: list[str]) -> Any:
    """A converter that keeps words as they stand; footnotes go to ``notes``."""
    from pylatexenc import latex2text

    def argument(node: Any, l2tobj: Any) -> str:
        """The last argument, which is the one that shows."""
        given = node.nodeargd.argnlist if node.nodeargd else ()
        return str(l2tobj.nodelist_to_text([given[-1]])) if given and given[-1] else ""

    def title(node: Any, l2tobj: Any) -> str:
        return f"\n\n{argument(node, l2tobj).strip()}\n\n"

    def note(node: Any, l2tobj: Any) -> str:
        notes.append(argument(node, l2tobj).strip())
        return ""

    def key(node: Any, l2tobj: Any) -> str:
        return f"[{argument(node, l2tobj)}]"

    def item(node: Any, l2tobj: Any) -> str:
        given = node.nodeargd.argnlist if node.nodeargd else ()
        mark = l2tobj.nodelist_to_text([given[0]]) if given and given[0] else "•"
        return f"\n{mark} "

    def as_it_is(node: Any, l2tobj: Any) -> str:  # noqa: ARG001
        shown = node.latex_verbatim()
        return f"\n\n{shown[shown.index('}') + 1 : shown.rindex(_END)]}\n\n"

    def table(node: Any, l2tobj: Any) -> str:
        return f"\n\n{l2tobj.nodelist_to_text(node.nodelist)}\n\n"

    macro: Any = latex2text.MacroTextSpec
    environment: Any = latex2text.EnvironmentTextSpec
    context = latex2text.get_default_latex_context_db()
    context.add_context_category(
        "openbook",
        prepend=True,
        macros=[
            *(macro(one, simplify_repl=title) for one in _TITLES),
            *(macro(one, simplify_repl=key) for one in _KEYS),
            *(macro(one, simplify_repl="") for one in _UNSEEN),
            *(macro(one, simplify_repl=argument) for one in ("href", "url", "multicolumn")),
            macro("footnote", simplify_repl=note),
            macro("item", simplify_repl=item),
            macro("\\", simplify_repl="\n"),
        ],
        environments=[
            *(environment(one, simplify_repl=as_it_is) for one in ("verbatim", "lstlisting")),
            *(environment(one, simplify_repl=table) for one in _TABLES),
        ],
        specials=[latex2text.SpecialsTextSpec("&", simplify_repl="\t")],
    )
    return latex2text.LatexNodes2Text(
        latex_context=context, math_mode="text", keep_comments=False, strict_latex_spaces=True
    )
