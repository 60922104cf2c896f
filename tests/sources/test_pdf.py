"""PDFs whole, faulty and hostile; the parent always goes on."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from openbook.sources import pdf as module
from openbook.sources.confined import start
from openbook.sources.errors import ExtractionError, NoTextError, ScanError
from openbook.sources.extract import extract
from openbook.sources.pdf import Limits, PdfParser
from tests.sources.pdfs import HELLO, bomb_pdf, pdf, slow_pdf


def encrypted(data: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password=password, owner_password="owner")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refusal(data: bytes, limits: Limits | None = None, name: str = "x.pdf") -> str:
    with pytest.raises(ExtractionError) as caught:
        extract(data, "application/pdf", name, limits)
    return str(caught.value)


def process_of(parser: PdfParser) -> subprocess.Popen[bytes]:
    assert parser._worker.process is not None
    return parser._worker.process


def test_pages_are_numbered_from_one_and_lines_end_with_a_newline() -> None:
    lines = b"BT /F 12 Tf 72 700 Td (one) Tj 0 -20 Td (two) Tj ET"
    layer = extract(pdf(lines, pages=3), "application/pdf", "x.pdf")
    assert [page.number for page in layer.pages] == [1, 2, 3]
    assert {page.text for page in layer.pages} == {"one\ntwo"}
    assert layer.extractor.startswith("pypdfium2 ")


def test_a_file_cut_short_is_refused() -> None:
    whole = pdf(pages=20)
    for size in (len(whole) // 3, len(whole) - 10):
        assert refusal(whole[:size]) == (
            "x.pdf is cut short: the mark at the end of a PDF is missing; download it again"
        )


def test_made_for_the_web_and_cut_short() -> None:
    """Such a file has an end mark near its beginning, too."""
    start = b"%PDF-1.4\n1 0 obj\n<</Linearized 1>>\nendobj\nstartxref\n0\n%%EOF\n"
    assert "x.pdf is cut short" in refusal(start + pdf()[:200])


@pytest.mark.parametrize("tail", [b"\0" * 9000, b"<!-- served in 3 ms -->" * 300])
def test_what_follows_the_end_does_not_matter(tail: bytes) -> None:
    assert extract(pdf() + tail, name="x.pdf").text == "hello world"


def test_a_page_that_is_lost_is_not_passed_over() -> None:
    """As an empty page it would seem to say nothing, and a fault would prove absence."""
    data = pdf(pages=3).replace(b"5 0 R 6 0 R 7 0 R", b"5 0 R 6 0 R 3 0 R")
    assert refusal(data) == ("x.pdf is damaged: its page 3 cannot be read; download it again")


def test_an_encrypted_file_is_refused_and_one_with_an_empty_password_read() -> None:
    assert refusal(encrypted(pdf(), "secret")) == (
        "x.pdf is encrypted: open it with its password and save a copy without, then add the copy"
    )
    assert extract(encrypted(pdf(), ""), name="x.pdf").text == "hello world"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "x.pdf is empty (0 bytes); download or export it again"


@pytest.mark.parametrize(("pages", "said"), [(1, "1 of 1 page has"), (3, "3 of 3 pages have")])
def test_pages_without_text_are_said_to_be_a_scan(pages: int, said: str) -> None:
    with pytest.raises(ScanError) as caught:
        extract(pdf(b"0 0 m 99 99 l S", pages), name="scan.pdf")
    assert str(caught.value).startswith(f"scan.pdf: {said} no text: a scan or pictures. ")
    assert "`openbook audit scan` reads them" in str(caught.value)


def test_a_scan_is_taken_where_scans_are_welcome_and_is_never_a_text() -> None:
    found = extract(pdf(b"0 0 m 99 99 l S", 3), name="scan.pdf", scans=True)
    assert found.blank == (1, 2, 3)
    assert not found.has_text
    with pytest.raises(NoTextError):
        extract(b"<p hidden>x", "text/html", scans=True)


def test_too_many_pages_are_refused_and_the_message_names_the_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = pdf(pages=5000)
    assert refusal(book) == (
        "x.pdf has 5000 pages, more than the limit of 2000; set OPENBOOK_MAX_PAGES to raise it"
    )
    monkeypatch.setenv("OPENBOOK_MAX_PAGES", "5000")
    assert len(extract(book, name="x.pdf").pages) == 5000


@pytest.mark.parametrize("text", ["", "0", "-1", "many", "²", "1e9", "9" * 5000])
def test_a_limit_that_is_no_number_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBOOK_MAX_PAGES", text)
    assert Limits.from_environment() == Limits()


@pytest.mark.parametrize("data", [b"not a PDF", b"\x89PNG\r\n" + b"\0" * 100])
def test_what_is_no_pdf_is_refused_under_a_name_that_says_so(data: bytes) -> None:
    with pytest.raises(ExtractionError) as caught:
        extract(data, "", "x.pdf")
    assert str(caught.value) == ("x.pdf is no PDF: it does not begin as one; download it again")


@pytest.mark.parametrize("rest", [b"", os.urandom(10_000), b"1 0 obj " * 1000])
def test_garbage_after_the_header_is_refused(rest: bytes) -> None:
    assert refusal(b"%PDF-1.7\n" + rest + b"%%EOF") == (
        "x.pdf is damaged: it cannot be read as a PDF; download it again"
    )


def test_a_file_that_makes_the_parser_hang_is_stopped_and_the_next_one_parsed() -> None:
    began = time.monotonic()
    with PdfParser(Limits(seconds=1)) as parser:
        with pytest.raises(ExtractionError) as caught:
            parser.pages(slow_pdf(), "x.pdf")
        assert str(caught.value) == (
            "x.pdf: parsing took longer than 1 s and was stopped after page 0; "
            "the file may be damaged or made to hang"
        )
        assert parser.pages(pdf(), "y.pdf")[0].text == "hello world"
    assert time.monotonic() - began < 10


def test_a_parser_that_crashes_at_work_is_replaced() -> None:
    with PdfParser() as parser:
        parser.pages(pdf(), "first.pdf")
        crashed, work = process_of(parser), slow_pdf()
        killer = threading.Timer(0.3, crashed.send_signal, [signal.SIGSEGV])
        killer.start()
        with pytest.raises(ExtractionError) as caught:
            parser.pages(work, "x.pdf")
        killer.join()
        assert str(caught.value) == (
            "x.pdf: the PDF parser crashed or ran out of memory on page 1 (SIGSEGV); "
            "the file is damaged or hostile. Print it to a new PDF and add that"
        )
        assert parser.pages(pdf(), "next.pdf")[0].text == "hello world"
        assert process_of(parser).pid != crashed.pid
        assert crashed.returncode == -signal.SIGSEGV


def test_a_parser_that_died_between_two_documents_is_replaced() -> None:
    with PdfParser() as parser:
        parser.pages(pdf(), "x.pdf")
        process_of(parser).kill()
        process_of(parser).wait()
        assert parser.pages(pdf(), "x.pdf")[0].text == "hello world"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux enforces the memory limit")
def test_a_file_that_unfolds_without_end_takes_down_the_parser_alone() -> None:
    said = refusal(bomb_pdf(), Limits(memory=160 * 1024 * 1024))
    assert said.startswith("x.pdf: the PDF parser crashed or ran out of memory on page 1 (SIG")


def test_more_text_than_a_document_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_TEXT", 20)
    with PdfParser() as parser:
        with pytest.raises(ExtractionError) as caught:
            parser.pages(pdf(pages=3), "x.pdf")
        assert "holds more than 0 MB of text" in str(caught.value)
        assert "stopped after page 1" in str(caught.value)


def test_progress_counts_pages() -> None:
    seen: list[tuple[int, int]] = []
    with PdfParser() as parser:
        parser.pages(pdf(pages=3), "x.pdf", lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_interruption_leaves_nothing_for_the_next_document() -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with PdfParser() as parser:
        with pytest.raises(KeyboardInterrupt):
            parser.pages(pdf(pages=50), "x.pdf", interrupt)
        assert len(parser.pages(pdf(HELLO, pages=2), "y.pdf")) == 2


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_the_parser_inherits_no_secrets_and_can_write_no_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    with PdfParser(Limits(memory=1 << 30)) as parser:
        parser.pages(pdf(), "x.pdf")
        proc = Path(f"/proc/{process_of(parser).pid}")
        assert b"secret" not in (proc / "environ").read_bytes()
        limits = (proc / "limits").read_text()
        said = {line[:25].strip(): line[25:].split()[:2] for line in limits.splitlines()}
        assert said["Max file size"] == ["0", "0"]
        assert said["Max core file size"] == ["0", "0"]
        assert said["Max address space"] == [str(1 << 30)] * 2


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.tempfile, "tempdir", "/proc/nowhere")
    assert refusal(pdf()) == (
        "x.pdf could not be written to /proc/nowhere (No such file or directory): "
        "make room there, or set TMPDIR to another folder"
    )


def test_parsers_in_threads_do_not_meet() -> None:
    texts: dict[int, str] = {}

    def parse(number: int) -> None:
        content = b"BT /F 12 Tf 72 700 Td (document %d) Tj ET" % number
        texts[number] = extract(pdf(content, pages=5), name="x.pdf").pages[4].text

    threads = [threading.Thread(target=parse, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {n: f"document {n}" for n in range(4)}


# A worker that was taken over: it can be had only as a script of our own.

READ = "import sys, time\nsys.stdin.readline()\nout = sys.stdout.buffer\n"
FRAME = "def send(kind, body): out.write(kind + len(body).to_bytes(4, 'big') + body); out.flush()\n"


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def use(script: str) -> None:
        real = subprocess.Popen

        def start(command: list[str], **options: object) -> object:
            return real([command[0], "-I", "-c", READ + FRAME + script], **options)  # type: ignore[call-overload]

        monkeypatch.setattr(subprocess, "Popen", start)

    return use


@pytest.mark.parametrize(
    "script",
    [
        "out.write(b'hello, I am no frame at all'); out.flush()",
        "send(b'X', b'')",
        "send(b'N', b'many')",
        "send(b'N', b'-1')",
        "send(b'N', b'3000')",
        "send(b'D', b'')",
        "send(b'E', b'[')",
        "send(b'E', b'5')",
        "send(b'N', b'1'); send(b'T', b'\\xff')",
        "send(b'N', b'2'); send(b'T', b'a'); send(b'D', b'')",
        "send(b'N', b'1'); send(b'T', b'a'); send(b'T', b'b')",
        "send(b'N', b'1'); out.write(b'B\\xff\\xff\\xff\\xff'); out.flush()",
        "import os; os.close(1); time.sleep(60)",
    ],
)
def test_nonsense_of_a_parser_is_an_error(script: str, worker: Callable[[str], None]) -> None:
    worker(script)
    with PdfParser(Limits(seconds=5)) as parser:
        with pytest.raises(ExtractionError) as caught:
            parser.pages(pdf(), "x.pdf")
        assert parser._worker.process is None
    assert str(caught.value) == (
        "x.pdf: the PDF parser answered nonsense; the file is damaged or hostile"
    )


@pytest.mark.parametrize("boxes", [b"", b"\0" * 31, b"\0" * 32, b"\0" * 96])
def test_boxes_that_are_not_one_a_character_are_nonsense(
    boxes: bytes, worker: Callable[[str], None]
) -> None:
    worker(f"send(b'N', b'1'); send(b'T', b'ab'); send(b'B', {boxes!r}); send(b'D', b'')")
    with (
        PdfParser(Limits(seconds=5)) as parser,
        pytest.raises(ExtractionError, match="nonsense"),
    ):
        parser.pages_with_boxes(pdf(), "x.pdf")


def test_an_absurd_length_is_not_waited_for(worker: Callable[[str], None]) -> None:
    worker("send(b'N', b'1'); out.write(b'T\\xff\\xff\\xff\\xff'); out.flush(); time.sleep(60)")
    with (
        PdfParser(Limits(seconds=5)) as parser,
        pytest.raises(ExtractionError, match="more than 64 MB of text"),
    ):
        parser.pages(pdf(), "x.pdf")


def test_a_frame_that_never_ends_is_stopped_in_time(worker: Callable[[str], None]) -> None:
    worker("send(b'N', b'1'); out.write(b'T\\0\\0\\0\\x09abc'); out.flush(); time.sleep(60)")
    with (
        PdfParser(Limits(seconds=0.5)) as parser,
        pytest.raises(
            ExtractionError, match=r"took longer than 0\.5 s and was stopped after page 0"
        ),
    ):
        parser.pages(pdf(), "x.pdf")


def test_a_parser_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert refusal(pdf()) == "x.pdf: the PDF parser could not be started"


def test_a_parser_left_alone_by_its_parent_ends_by_itself(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(pdf())
    request = (
        '{"path": "%s", "max_pages": 9, "seconds": -4.5, "boxes": false, "page": null, '
        '"about": false}'
    )
    with start("openbook.sources.pdf_worker", Limits().memory) as process:
        assert process.stdin is not None
        process.stdin.write((request % (tmp_path / "x.pdf")).encode() + b"\n")
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def _shown(mode: int, text: str, times: int = 1) -> bytes:
    return b"BT /F 12 Tf 72 700 Td %d Tr " % mode + b"(%s) Tj " % text.encode() * times + b"ET "


@pytest.mark.parametrize(
    ("content", "is_text"),
    [
        (_shown(3, "laid over by a scanner"), False),
        (_shown(3, "laid over ", 9) + _shown(0, "stamp"), False),
        (_shown(3, "laid over ", 90) + _shown(0, "stamp"), False),
        (_shown(0, "seen by all"), True),
        (_shown(0, "seen ", 9) + _shown(3, "beneath"), True),
        (_shown(0, "seen ", 90) + _shown(3, "beneath ", 20), True),
        (_shown(1, "only outlined"), True),
    ],
)
def test_text_that_a_scanner_laid_unseen_over_a_page_is_no_text(
    content: bytes, is_text: bool
) -> None:
    layer = extract(pdf(content) + b"\n", "application/pdf", "a", scans=True)
    assert layer.has_text is is_text
    assert layer.blank == (() if is_text else (1,))


def test_text_that_is_unseen_in_a_form_is_no_text() -> None:
    inner = _shown(3, "laid over by a scanner")
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>"
    form += b"/Length %d>>stream\n%s\nendstream" % (len(inner), inner)
    page = b"/MediaBox[0 0 612 792]/Resources<</XObject<</X 6 0 R>>>>"
    data = pdf(b"/X Do", page=page, more=(form,)).replace(
        b"/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>", b"/Contents 4 0 R"
    )
    assert not extract(data + b"\n", "application/pdf", "a", scans=True).has_text
    seen = data.replace(b" 3 Tr ", b" 0 Tr ")
    assert "laid over" in extract(seen + b"\n", "application/pdf", "a").text
