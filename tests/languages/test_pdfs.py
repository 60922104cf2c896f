"""A Chinese PDF printed by a browser, and a German one made with LaTeX: quotes over line breaks
verify in them, and their words are found."""

from __future__ import annotations

import pytest

from openbook.audit.search.index import indexed
from openbook.core.language import by_script
from openbook.core.passage import passages, readable
from openbook.core.quote import parse_quote
from openbook.core.text import TextLayer
from openbook.core.verify import State, verify
from openbook.sources.extract import extract
from tests.languages.pdfs import printed
from tests.languages.texts import faq, paragraphs

INTERRUPTED = {
    "Wenn Sie Debian wollen, ist es",
    "Die Unterstützung für hppa (Hewlett-Packard's",
    "Ja. Das kernel-image-NNN.prerm-Skript",
    "Wir hoffen, weitere Personen zu finden",
    "»Pre-Depends« ist eine spezielle Abhängigkeit.",  # a running head stands in these
    "Für die meisten Anwendungen ist der Linux-Quellcode",  # a footnote does
    "Die meisten Linux-Benutzer verwenden eine bestimmte",  # "GNU/-" ends a line of the PDF
}
"""How the paragraphs begin between whose words the German PDF has others."""


@pytest.fixture(scope="module")
def zh(tmp_path_factory: pytest.TempPathFactory) -> TextLayer:
    pdf = printed(tmp_path_factory.mktemp("zh"), "zh", paragraphs("zh"))
    return extract(pdf.read_bytes(), "application/pdf", pdf.name)


@pytest.fixture(scope="module")
def de() -> TextLayer:
    return extract(faq("de", "pdf"), "application/pdf", "debian-faq.de.pdf")


def test_every_paragraph_of_a_chinese_pdf_verifies(zh: TextLayer) -> None:
    assert zh.text.count("\n") > 500
    over_lines = 0
    for one in paragraphs("zh"):
        over_lines += one not in zh.text
        assert verify(parse_quote(one), zh).state is State.VERIFIED, one
    assert over_lines > 200


def test_every_paragraph_of_a_german_pdf_verifies_unless_others_words_stand_in_it(
    de: TextLayer,
) -> None:
    every = paragraphs("de")
    missing = [one for one in every if verify(parse_quote(one), de).state is not State.VERIFIED]
    assert len(every) > 400
    assert de.text.count("\ufffe") > 300  # words divided at line ends
    assert all(one.startswith(tuple(INTERRUPTED)) for one in missing)


def test_words_over_line_breaks_of_a_chinese_pdf_are_found(zh: TextLayer) -> None:
    words = ("软件包", "自由软件", "操作系统", "内核", "志愿者")
    with indexed(list(passages("d", "c", zh))) as index:
        over_lines = 0
        for word in words:
            whole = [n for n, one in enumerate(index.passages) if word in "".join(one.text.split())]
            assert sorted(index.matches([f'"{word}"'])) == whole
            over_lines += sum(word not in index.passages[n].text for n in whole)
            assert whole
        assert over_lines


def test_words_of_a_german_pdf_are_found_by_their_stems_and_in_compounds(de: TextLayer) -> None:
    with indexed(list(passages("d", "c", de)), {"d": "de"}, ["Verzeichnis"]) as index:
        found = [readable(index.passages[row].text) for row in index.matches(["Veröffentlichung"])]
        assert any("Veröffentlichungen" in text for text in found)
        assert any("Veröffentlichung " in text for text in found)
        alone = [readable(index.passages[row].text) for row in index.matches(["Verzeichnis"])]
        assert any("Unterverzeichnis" in text for text in alone)


def test_the_pdf_that_stands_in_for_a_chinese_one_is_not_called_chinese() -> None:
    """The package's Chinese PDF holds one English sentence, which says that there is none."""
    text = extract(faq("zh", "pdf"), "application/pdf", "debian-faq.zh-cn.pdf").text
    assert "currently not available" in text
    assert by_script(text) == ""
