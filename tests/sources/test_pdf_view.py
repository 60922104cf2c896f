"""PDFs to look at: what is told of a page is what is to be seen on it, and the parent goes on."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from openbook.core.outline import Heading
from openbook.sources.errors import ExtractionError
from openbook.sources.lines import Box
from openbook.sources.pdf import Limits, PdfParser
from openbook.sources.pdf_view import MOST_PIXELS, PdfViewer, Size
from tests.corpus import CORPUS, needs_corpus
from tests.sources.pdfs import bomb_pdf, pdf, slow_pdf


@pytest.fixture(scope="module")
def viewer() -> Iterator[PdfViewer]:
    with PdfViewer() as one:
        yield one


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    def write(data: bytes, name: str = "x.pdf") -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


def process_of(viewer: PdfViewer) -> subprocess.Popen[bytes]:
    assert viewer._worker.process is not None
    return viewer._worker.process


def seen(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L")


def dark(image: Image.Image, size: Size) -> Box:
    """The box around everything dark, in points from the lower left corner."""
    found = image.point([255] * 128 + [0] * 128).getbbox()
    assert found is not None
    left, top, right, bottom = found
    scale = size.width / image.width
    return left * scale, size.height - bottom * scale, right * scale, size.height - top * scale


def refusal(ask: Callable[[], object]) -> str:
    with pytest.raises(ExtractionError) as caught:
        ask()
    return str(caught.value)


# What is told is what is seen

AREAS = {
    "as usual": (b"/MediaBox[0 0 612 792]", (612, 792)),
    "media box elsewhere": (b"/MediaBox[-100 -50 500 900]", (600, 950)),
    "cropped": (b"/MediaBox[0 0 612 792]/CropBox[60 600 460 760]", (400, 160)),
    "crop box larger": (b"/MediaBox[10 20 612 792]/CropBox[-900 -900 9000 9000]", (602, 772)),
    "in other units": (b"/MediaBox[0 0 612 792]/UserUnit 2", None),
    "corners exchanged": (b"/MediaBox[612 792 0 0]", (612, 792)),
}


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("area", AREAS)
def test_a_line_is_where_its_words_are_dark(
    area: str, turn: int, viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    entries, expected = AREAS[area]
    words = b"BT /F 24 Tf 1 0 0 1 90 640 Tm (Hilt) Tj ET"
    path = put(pdf(words, page=entries + b"/Rotate %d" % turn))
    (size,) = viewer.sizes(path)
    if expected:
        assert (size.width, size.height) == (expected if turn % 180 == 0 else expected[::-1])
    image = seen(viewer.picture(path, 1, 1200))
    assert image.width == 1200
    assert abs(image.height - 1200 * size.height / size.width) <= 1
    (line,) = viewer.lines(path, 1)
    assert (line.start, line.end) == (0, 4)
    near = 2 * size.width / 1200 + 0.5
    assert line.box == pytest.approx(dark(image, size), abs=near)


def test_what_lies_outside_the_page_is_put_on_its_edge(
    viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    path = put(pdf(page=b"/MediaBox[0 0 612 792]/CropBox[0 0 100 100]"))
    for line in viewer.lines(path, 1):
        assert all(0 <= side <= 100 for side in line.box)


def test_two_columns_are_cut(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    words = b"BT /F 12 Tf 72 700 Td (left) Tj 200 0 Td (right) Tj ET"
    path = put(pdf(words))
    with PdfParser() as parser:
        (page,) = parser.pages(path.read_bytes(), "x")
    found = [page.text[line.start : line.end] for line in viewer.lines(path, 1)]
    assert found == ["left", "right"]


def test_a_page_without_text_has_no_lines(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    assert viewer.lines(put(pdf(b"0 0 m 99 99 l S")), 1) == ()


def test_annotations_are_drawn(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    look = b"0 0 1 rg 0 0 80 40 re f"
    more = (
        b"<</Type/Annot/Subtype/Stamp/Rect[100 100 180 140]/F 4/AP<</N 7 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 80 40]/Length %d>>stream\n%s\nendstream"
        % (len(look), look),
    )
    data = pdf(b"", page=b"/MediaBox[0 0 612 792]/Annots[6 0 R]", more=more)
    path = put(data)
    box = dark(seen(viewer.picture(path, 1, 612)), viewer.sizes(path)[0])
    assert box == pytest.approx((100, 100, 180, 140), abs=2)


# Pictures


@pytest.mark.parametrize(("asked", "given"), [(-5, 200), (1, 200), (1000, 1000), (10**9, 2400)])
def test_the_width_of_a_picture_is_bounded(
    asked: int, given: int, viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    assert seen(viewer.picture(put(pdf()), 1, asked)).width == given


@pytest.mark.parametrize("area", [b"1 14000", b"14000 1", b"0.01 14000", b"14000 14000"])
def test_the_pixels_of_a_picture_are_bounded_whatever_its_shape(
    area: bytes, viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    image = seen(viewer.picture(put(pdf(page=b"/MediaBox[0 0 %s]" % area)), 1, 2400))
    assert image.width * image.height <= MOST_PIXELS
    assert max(image.size) <= 16_000


@pytest.mark.parametrize("side", [b"1e39", b"9" * 40, b"300000000", b"0"])
def test_a_page_of_absurd_size_does_no_harm(
    side: bytes, viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    path = put(pdf(page=b"/MediaBox[0 0 %s %s]" % (side, side)))
    assert all(0 < one.width < 1e9 for one in viewer.sizes(path))
    image = seen(viewer.picture(path, 1, 1000))
    assert image.width * image.height <= MOST_PIXELS


def test_a_page_of_which_nothing_is_shown(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    path = put(pdf(page=b"/MediaBox[0 0 100 100]/CropBox[200 200 300 300]"))
    assert viewer.sizes(path) == (Size(0, 0),)
    assert refusal(lambda: viewer.picture(path, 1, 800)) == (
        "page 1 of x.pdf cannot be shown: it has no size"
    )


# Bookmarks


def marked(*items: bytes, pages: int = 3) -> bytes:
    """A PDF with an outline whose root is object ``pages + 5`` and its items after it."""
    root = pages + 5
    catalog = b"/Outlines %d 0 R" % root
    outline = b"<</First %d 0 R/Last %d 0 R>>" % (root + 1, root + 1)
    return pdf(pages=pages, catalog=catalog, more=(outline, *items))


def test_bookmarks_are_told_with_page_and_level(
    viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    data = marked(
        b"<</Title(One\\n\\t two)/Dest[5 0 R/Fit]/First 10 0 R/Next 11 0 R>>",
        b"<</Title<FEFF00FC0062006500720020D83DDE00>/Dest[6 0 R/Fit]>>",
        b"<</Title(By action)/A<</S/GoTo/D[7 0 R/Fit]>>/Next 12 0 R>>",
        b"<</Title(Web)/A<</S/URI/URI(https://example.org)>>>>",
    )
    assert viewer.outline(put(data)) == (
        Heading("One two", 1, 1),
        Heading("über 😀", 2, 2),
        Heading("By action", 3, 1),
    )


def test_a_document_without_bookmarks_has_no_outline(
    viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    assert viewer.outline(put(pdf())) == ()


def test_bookmarks_in_circles_end(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    data = marked(
        b"<</Title(a)/Dest[5 0 R/Fit]/First 9 0 R/Next 10 0 R>>",
        b"<</Title(b)/Dest[6 0 R/Fit]/First 9 0 R/Next 9 0 R>>",
    )
    assert [one.title for one in viewer.outline(put(data))] == ["a", "b"]


def test_bookmarks_are_bounded(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    deep = [
        b"<</Title(%s)/Dest[5 0 R/Fit]/First %d 0 R>>" % (b"d" * 999, 10 + at) for at in range(50)
    ]
    found = viewer.outline(put(marked(*deep), "deep.pdf"))
    assert [one.level for one in found] == list(range(1, 11))
    assert {len(one.title) for one in found} == {200}
    many = [b"<</Title(m)/Dest[5 0 R/Fit]/Next %d 0 R>>" % (10 + at) for at in range(5000)]
    assert len(viewer.outline(put(marked(*many), "many.pdf"))) == 2000


# Files that are faulty or hostile


def test_the_messages_name_the_document(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    whole = pdf(pages=3)
    path = put(whole[:-10])
    assert refusal(lambda: viewer.sizes(path, "acme-card")) == (
        "acme-card is cut short: the mark at the end of a PDF is missing; download it again"
    )
    assert refusal(lambda: viewer.sizes(path)).startswith("x.pdf is cut short")
    assert refusal(lambda: viewer.sizes(put(b""))).startswith("x.pdf is cut short")
    assert refusal(lambda: viewer.sizes(put(b"%PDF-1.7 garbage %%EOF"))) == (
        "x.pdf is damaged: it cannot be read as a PDF; download it again"
    )
    assert refusal(lambda: viewer.lines(path.with_name("no.pdf"), 1)) == (
        "no.pdf is not at hand any more; add it again"
    )


@pytest.mark.parametrize("page", [0, -1, 4, 10**9])
def test_a_page_that_is_not_there(page: int, viewer: PdfViewer, put: Callable[..., Path]) -> None:
    path = put(pdf(pages=3))
    assert refusal(lambda: viewer.picture(path, page, 800)) == f"x.pdf has no page {page}"
    assert refusal(lambda: viewer.lines(path, page)) == f"x.pdf has no page {page}"


def test_a_page_that_is_lost_has_no_size(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    path = put(pdf(pages=3).replace(b"5 0 R 6 0 R 7 0 R", b"5 0 R 6 0 R 3 0 R"))
    assert viewer.sizes(path) == (Size(612, 792), Size(612, 792), Size(0, 0))
    assert viewer.lines(path, 2)
    assert "its page 3 cannot be read" in refusal(lambda: viewer.picture(path, 3, 800))


def test_too_many_pages(put: Callable[..., Path]) -> None:
    with PdfViewer(Limits(pages=2)) as viewer:
        assert "3 pages, more than the limit of 2" in refusal(
            lambda: viewer.sizes(put(pdf(pages=3)))
        )


def test_a_file_that_hangs_is_stopped_and_the_next_one_shown(put: Callable[..., Path]) -> None:
    slow, good = put(slow_pdf(), "slow.pdf"), put(pdf(), "good.pdf")
    with PdfViewer(Limits(seconds=1)) as viewer:
        assert refusal(lambda: viewer.picture(slow, 1, 800)) == (
            "page 1 of slow.pdf took longer than 1 s to show and was stopped; "
            "the file may be damaged or made to hang"
        )
        assert len(viewer.lines(good, 1)) == 1


def test_a_process_that_crashes_is_replaced(put: Callable[..., Path]) -> None:
    slow, good = put(slow_pdf(), "slow.pdf"), put(pdf(), "good.pdf")
    with PdfViewer() as viewer:
        viewer.sizes(good)
        crashed = process_of(viewer)
        killer = threading.Timer(0.3, crashed.send_signal, [signal.SIGSEGV])
        killer.start()
        said = refusal(lambda: viewer.lines(slow, 1))
        killer.join()
        assert said == (
            "page 1 of slow.pdf: the PDF parser crashed or ran out of memory (SIGSEGV); the file "
            "is damaged or hostile. Print it to a new PDF and add that"
        )
        assert len(viewer.lines(good, 1)) == 1
        assert process_of(viewer).pid != crashed.pid


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux enforces the memory limit")
def test_a_file_that_unfolds_without_end_takes_down_the_process_alone(
    put: Callable[..., Path],
) -> None:
    bomb, good = put(bomb_pdf(), "bomb.pdf"), put(pdf(), "good.pdf")
    with PdfViewer(Limits(memory=160 * 1024 * 1024)) as viewer:
        assert "ran out of memory" in refusal(lambda: viewer.picture(bomb, 1, 800))
        assert len(viewer.sizes(good)) == 1


def test_a_process_that_cannot_start_is_told(
    monkeypatch: pytest.MonkeyPatch, put: Callable[..., Path]
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with PdfViewer() as viewer:
        assert refusal(lambda: viewer.sizes(put(pdf()))) == (
            "x.pdf: the process that shows PDFs could not be started"
        )


def test_a_file_that_was_replaced_is_opened_anew(
    viewer: PdfViewer, put: Callable[..., Path]
) -> None:
    assert len(viewer.sizes(put(pdf(pages=1)))) == 1
    assert len(viewer.sizes(put(pdf(pages=2)))) == 2


def test_more_documents_than_are_kept_open(viewer: PdfViewer, put: Callable[..., Path]) -> None:
    paths = [put(pdf(pages=n), f"{n}.pdf") for n in range(1, 10)]
    for _ in range(15):
        assert [len(viewer.sizes(path)) for path in paths] == list(range(1, 10))


def test_threads_may_share_one(put: Callable[..., Path]) -> None:
    paths = [put(pdf(b"BT /F 12 Tf 72 700 Td (%s) Tj ET" % (b"x" * n)), f"{n}") for n in (1, 2, 3)]
    found: list[tuple[int, int]] = []

    def look(path: Path) -> None:
        for _ in range(10):
            viewer.picture(path, 1, 300)
            (line,) = viewer.lines(path, 1)
            found.append((int(path.name), line.end))

    with PdfViewer() as viewer:
        threads = [threading.Thread(target=look, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [(n, n) for n in (1, 2, 3) for _ in range(10)]


# A process that was taken over

READ = "import sys, struct, time, json\nsys.stdin.readline()\nout = sys.stdout.buffer\n"
FRAME = "def send(kind, body): out.write(kind + len(body).to_bytes(4, 'big') + body); out.flush()\n"


@pytest.mark.parametrize(
    ("what", "script"),
    [
        ("sizes", "out.write(b'no frame at all'); out.flush()"),
        ("sizes", "send(b'P', b'')"),
        ("sizes", "send(b'S', b'123')"),
        ("sizes", "send(b'S', struct.pack('=2d', float('nan'), 1))"),
        ("sizes", "send(b'S', struct.pack('=2d', -1, 1))"),
        ("sizes", "send(b'E', b'[')"),
        ("sizes", "send(b'E', b'5')"),
        ("sizes", "send(b'E', b'[' * 100000)"),
        ("sizes", "out.write(b'S\\xff\\xff\\xff\\xff'); out.flush(); time.sleep(60)"),
        ("sizes", "import os; os.close(1); time.sleep(60)"),
        ("picture", "send(b'P', b'')"),
        ("picture", "send(b'P', struct.pack('=2I', 0, 0))"),
        ("picture", "send(b'P', struct.pack('=2I', 2, 2) + bytes(15))"),
        ("picture", "send(b'P', struct.pack('=2I', 1, 20000) + bytes(80000))"),
        ("picture", "send(b'P', struct.pack('=2I', 2**31, 2**31))"),
        ("lines", "send(b'L', struct.pack('=2Q4d', 5, 5, 0, 0, 1, 1))"),
        ("lines", "send(b'L', struct.pack('=2Q4d', 0, 5, 0, 0, 1, float('inf')))"),
        ("lines", "send(b'L', 2 * struct.pack('=2Q4d', 0, 5, 0, 0, 1, 1))"),
        ("outline", "send(b'H', b'{')"),
        ("outline", "send(b'H', b'[[1, 2, 3]]')"),
        ("outline", "send(b'H', b'[[\"a\", \"b\", 3]]')"),
        ("outline", "send(b'H', b'[[\"a\", 1, 99]]')"),
        ("outline", "send(b'H', json.dumps([['a\\x1b[31m', 1, 1]]).encode())"),
        ("outline", "send(b'H', json.dumps([['a' * 201, 1, 1]]).encode())"),
        ("outline", "send(b'H', json.dumps([['a', 1, 1]] * 2001).encode())"),
    ],
)
def test_nonsense_is_an_error(
    what: str, script: str, monkeypatch: pytest.MonkeyPatch, put: Callable[..., Path]
) -> None:
    real = subprocess.Popen

    def start(command: list[str], **options: object) -> object:
        return real([command[0], "-I", "-c", READ + FRAME + script], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", start)
    path = put(pdf())
    with PdfViewer(Limits(seconds=5)) as viewer:
        ask = {
            "sizes": lambda: viewer.sizes(path),
            "picture": lambda: viewer.picture(path, 1, 300),
            "lines": lambda: viewer.lines(path, 1),
            "outline": lambda: viewer.outline(path),
        }[what]
        assert refusal(ask) == (
            "x.pdf: the PDF parser answered nonsense; the file is damaged or hostile"
        )
        assert viewer._worker.process is None


# The documents as they are


@needs_corpus
@pytest.mark.parametrize("key", ["touvron-2023a", "deepseek-v2", "ouyang-2022"])
def test_lines_cover_the_text_layer_of_a_real_document(key: str, viewer: PdfViewer) -> None:
    path = CORPUS / "docs" / f"{key}.pdf"
    with PdfParser() as parser:
        pages = parser.pages(path.read_bytes(), key)
    sizes = viewer.sizes(path)
    assert len(sizes) == len(pages)
    for page, size in zip(pages, sizes, strict=True):
        end = 0
        for line in viewer.lines(path, page.number):
            assert not page.text[end : line.start].strip()
            assert line.end > line.start
            left, bottom, right, top = line.box
            assert 0 <= left < right <= size.width
            assert 0 <= bottom < top <= size.height
            end = line.end
        assert not page.text[end:].strip()


@needs_corpus
def test_columns_of_a_real_page_do_not_run_together(viewer: PdfViewer) -> None:
    """The first page of LLaMA has two columns and a stamp that runs up its margin."""
    path = CORPUS / "docs" / "touvron-2023a.pdf"
    found = viewer.lines(path, 1)
    body = [one.box for one in found if one.box[1] < 500 and one.box[0] > 60]
    middle = viewer.sizes(path)[0].width / 2
    assert body
    assert not any(box[0] < middle - 5 and box[2] > middle + 5 for box in body)
    stamp = [one for one in found if one.box[2] < 50]
    assert [one.end - one.start for one in stamp] == [len("arXiv:2302.13971v1 [cs.CL] 27 Feb 2023")]
