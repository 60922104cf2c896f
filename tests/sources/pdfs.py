"""PDFs written by hand, so that they hold just what a test is about."""

from __future__ import annotations

import zlib

HELLO = b"BT /F 12 Tf 72 700 Td (hello world) Tj ET"


def pdf(
    content: bytes = HELLO,
    pages: int = 1,
    *,
    flate: bool = False,
    page: bytes = b"/MediaBox[0 0 612 792]",
    catalog: bytes = b"",
    more: tuple[bytes, ...] = (),
) -> bytes:
    """A PDF whose pages all show one content stream.

    ``page`` and ``catalog`` are entries of these dictionaries; ``more`` are objects, numbered from
    behind the pages, of which the first is 5.
    """
    stream = zlib.compress(content, 1) if flate else content
    how = b"/Filter/FlateDecode" if flate else b""
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))
    page = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>" % page
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<<%s/Length %d>>stream\n%s\nendstream" % (how, len(stream), stream),
        *[page] * pages,
        *more,
    ]
    parts, places, at = [b"%PDF-1.4\n"], [], 9
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % at)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(parts[-1])
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    parts += places
    parts.append(b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % at)
    return b"".join(parts)


def slow_pdf() -> bytes:
    """A small file that keeps PDFium at work for many seconds."""
    return pdf(b"BT /F 1 Tf 7 7 Td " + b"(ab) Tj " * 4_000_000 + b"ET", flate=True)


def bomb_pdf() -> bytes:
    """Half a megabyte that unfolds to 128 MB."""
    return pdf(b"q " * (64 * 1024 * 1024), flate=True)
