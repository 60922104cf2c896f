"""LaTeX: the words a reader sees, nothing run, no other file read, no text that grows."""

from __future__ import annotations

import pytest

from openbook.sources.errors import ExtractionError
from openbook.sources.extract import extract, kind_of
from openbook.sources.latex import pages, plain


def body(text: str) -> str:
    return plain(f"\\documentclass{{article}}\\begin{{document}}{text}\\end{{document}}", "x.tex")


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        (r"We \textbf{hired} 40\,\% of them --- na\"ively.", "We hired 40 % of them — naïvely."),
        ("Forty % a comment\nannotators", "Forty annotators"),
        (r"Paid\footnote{Every week.} well.", "Paid well.\n\nEvery week."),
        (r"As told \citep[p.~3]{ouyang2022}.", "As told [ouyang2022]."),
        (r"\section{People} Forty.", "People\n\nForty."),
        (r"\begin{itemize}\item One\item Two\end{itemize}", "• One\n• Two"),
        (r"\begin{tabular}{ll} a & 1 \\ b & 2 \end{tabular}", "a\t1\nb\t2"),
        (r"\begin{comment}Hidden\end{comment}Seen", "Seen"),
        (r"\iffalse Hidden\fi Seen", "Seen"),
        (r"\unknown{kept} words", "kept words"),
        (r"\href{https://a.example}{the data}", "the data"),
        (r"a penalty $\beta=0.1$", "a penalty β=0.1"),
    ],
)
def test_the_words_of_the_body(source: str, seen: str) -> None:
    assert body(source) == seen


def test_code_is_kept_as_it_is() -> None:
    assert body("\\begin{verbatim}\nx % y\n\\end{verbatim}") == "x % y"


def test_the_title_comes_first_and_the_rest_of_the_preamble_is_no_text() -> None:
    source = r"\title{Acme \emph{One}}\author{A}\begin{document}\maketitle Words.\end{document}"
    assert plain(source, "x") == "Acme One\n\nWords."


def test_own_commands_without_arguments_are_put_in() -> None:
    own = r"\newcommand{\model}{Acme-1}\begin{document}"
    assert plain(own + r"\model{} and \model, \modeler{x}.", "x") == "Acme-1 and Acme-1, x."


def test_no_other_file_is_read() -> None:
    assert "root" not in body(r"\input{/etc/passwd}\include{/etc/passwd}a")


def test_commands_that_grow_are_refused() -> None:
    bomb = r"\newcommand{\a}{" + "x" * 499 + "}" + r"\a" * 50_000
    with pytest.raises(ExtractionError, match="grows beyond 16 MB"):
        plain(bomb, "x.tex")


def test_commands_in_commands_are_not_followed() -> None:
    laughs = "".join(
        rf"\newcommand{{\l{chr(98 + n)}}}{{" + rf"\l{chr(97 + n)}" * 10 + "}" for n in range(9)
    )
    source = rf"\newcommand{{\la}}{{lol}}{laughs}\begin{{document}}\lj words\end{{document}}"
    assert len(plain(source, "x")) < 1000


@pytest.mark.parametrize("deep", ["{" * 50_000, r"\textbf{" * 3000, r"\begin{a}" * 5000])
def test_what_nests_too_deeply_is_refused(deep: str) -> None:
    with pytest.raises(ExtractionError, match="cannot be read as LaTeX"):
        pages(deep.encode(), "x.tex")


def test_an_audit_takes_it_by_its_name() -> None:
    data = b"\\begin{document}Forty annotators.\\end{document}"
    assert kind_of(data, "", "x.tex") == "latex"
    assert kind_of(data, "text/plain", "x.tex") == "latex"
    layer = extract(data, "application/x-tex", "x")
    assert layer.text == "Forty annotators."
    assert layer.extractor.startswith("pylatexenc ")
