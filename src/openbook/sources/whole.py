"""Whether a PDF was cut short: PDFium mends it and says nothing of the pages that are lost."""

from __future__ import annotations

import mmap


def is_whole(data: bytes | mmap.mmap) -> bool:
    """Whether the mark at the end of a PDF is there."""
    end = data.rfind(b"%%EOF")
    # A file made for the web has an end mark near its beginning, too; what follows the last one,
    # such as zeros that fill a block, does not matter.
    return end >= 0 and data.find(b"endobj", end) < 0
