"""DOCX: the words a reader sees; no entity, no bomb, no other part."""

from __future__ import annotations

import io
import zipfile

import pytest

from openbook.sources import docx
from openbook.sources.errors import ExtractionError
from openbook.sources.extract import extract, kind_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def made(body: str, head: str = "", **parts: str) -> bytes:
    """A DOCX with this body, and further parts by name."""
    file = io.BytesIO()
    document = f'{head}<w:document xmlns:w="{W}" xmlns:mc="mc"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return file.getvalue()


def words(body: str, **parts: str) -> str:
    (page,) = docx.pages(made(body, **parts), "x.docx")
    return page.text


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def test_paragraphs_stand_apart_and_runs_join() -> None:
    assert words(p(run("We hi"), run("red 40.")) + p(run("Each was paid."))) == (
        "We hired 40.\n\nEach was paid."
    )


def test_rows_are_lines_and_cells_are_divided_by_tabs() -> None:
    cells = ["".join(f"<w:tc>{p(run(one))}</w:tc>" for one in row) for row in ("ab", "cd")]
    table = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    assert words(f"<w:tbl>{table}</w:tbl>{p(run('After'))}") == "a\tb\nc\td\n\nAfter"


def test_tabs_and_breaks_are_kept() -> None:
    assert words(p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>")) == "a\tb\nc"


@pytest.mark.parametrize(
    "unseen",
    [
        run("HIDDEN", "<w:vanish/>"),
        "<w:del><w:r><w:delText>HIDDEN</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('HIDDEN')}</w:moveFrom>",
        "<w:r><w:instrText>HIDDEN</w:instrText></w:r>",
        f"<mc:AlternateContent><mc:Fallback>{run('HIDDEN')}</mc:Fallback></mc:AlternateContent>",
    ],
)
def test_what_a_reader_does_not_see_is_not_there(unseen: str) -> None:
    assert words(p(run("Seen"), unseen, run(" too"))) == "Seen too"


def test_what_was_inserted_and_what_is_not_hidden_is_there() -> None:
    shown = run("here", '<w:vanish w:val="0"/>')
    assert words(p(f"<w:ins>{run('New ')}</w:ins>", shown)) == "New here"


def test_a_box_within_a_run_takes_no_words_of_it() -> None:
    box = f"<w:r><w:t>before </w:t><w:drawing>{p(run('box'))}</w:drawing><w:t>after</w:t></w:r>"
    assert words(p(box)).split() == ["box", "before", "after"]


def test_notes_follow() -> None:
    notes = f'<w:footnotes xmlns:w="{W}">{p(run("A note."))}</w:footnotes>'
    assert words(p(run("Text.")), footnotes=notes) == "Text.\n\nA note."


def test_a_document_type_is_refused() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(ExtractionError, match="document type"):
        docx.pages(made(p(run("&b;")), laughs), "x.docx")


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MOST", 100_000)
    with pytest.raises(ExtractionError, match="unpacks to more than"):
        docx.pages(made(p(run("a" * 200_000))), "x.docx")


def test_what_nests_too_deeply_is_refused() -> None:
    deep = "<w:p>" * 300 + "</w:p>" * 300
    with pytest.raises(ExtractionError, match="nests more than 256"):
        docx.pages(made(deep), "x.docx")


@pytest.mark.parametrize(
    "data",
    [b"PK\3\4 word/document.xml", made("<w:p>"), made("")[:-30], made("")[:60]],
    ids=["no archive", "no XML", "cut short", "cut early"],  # bytes of a zip have the time in them
)
def test_a_damaged_file_is_refused_with_its_name(data: bytes) -> None:
    with pytest.raises(ExtractionError, match=r"^x\.docx "):
        docx.pages(data, "x.docx")


def test_an_audit_takes_it_whatever_it_is_called() -> None:
    data = made(p(run("Forty annotators.")))
    assert kind_of(data, "application/zip", "x.bin") == "docx"
    layer = extract(data, "", "x.docx")
    assert (layer.text, layer.extractor) == ("Forty annotators.", "openbook-docx-1")
