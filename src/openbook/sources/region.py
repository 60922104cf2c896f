"""A part of a page as a picture: to be looked at, and told from another by its hash."""

from __future__ import annotations

import hashlib
import io
import math
import platform
from importlib.metadata import version
from pathlib import Path

from PIL import Image

from openbook.sources.errors import ExtractionError
from openbook.sources.lines import Box
from openbook.sources.pdf_view import PdfViewer, Pixels, Size

DPI = 150
"""At which regions are rendered unless another is asked for: print is easily read so."""


def renderer() -> str:
    """What renders regions here: ``pypdfium2 5.15.2 / Linux x86_64``. The kind of machine belongs
    to it, as processors round differently."""
    return f"pypdfium2 {version('pypdfium2')} / {platform.system()} {platform.machine()}"


def size_of(viewer: PdfViewer, path: Path, page: int, name: str) -> Size:
    """The size of a page, counted from 1. Raises :class:`ExtractionError`."""
    sizes = viewer.sizes(path, name)
    if not 1 <= page <= len(sizes):
        raise ExtractionError(f"{name} has no page {page}; it has {len(sizes)}")
    return sizes[page - 1]


def picture_of(viewer: PdfViewer, path: Path, page: int, box: Box, dpi: int, name: str) -> Pixels:
    """What a box on a page looks like. Raises :class:`ExtractionError`, also where no part of the
    box is on the page."""
    size = size_of(viewer, path, page, name)
    whole = viewer.pixels(path, page, dpi, name)
    scale = whole.width / size.width
    left, top = math.floor(box[0] * scale), math.floor((size.height - box[3]) * scale)
    right, bottom = math.ceil(box[2] * scale), math.ceil((size.height - box[1]) * scale)
    left, top = max(0, left), max(0, top)
    right, bottom = min(whole.width, right), min(whole.height, bottom)
    if left >= right or top >= bottom:
        raise ExtractionError(
            f"this box is not on page {page} of {name}, which is {size.width:g} by "
            f"{size.height:g} points"
        )
    rows = (
        whole.rgbx[4 * (row * whole.width + left) : 4 * (row * whole.width + right)]
        for row in range(top, bottom)
    )
    return Pixels(right - left, bottom - top, bytearray().join(rows))


def picture_hash(pixels: Pixels) -> str:
    """sha256 of ``width height``, a line feed, and red, green and blue of each pixel, rows from the
    top."""
    image = _image(pixels)
    digest = hashlib.sha256(f"{pixels.width} {pixels.height}\n".encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


def as_png(pixels: Pixels) -> bytes:
    """The picture as a file to look at."""
    out = io.BytesIO()
    _image(pixels).save(out, "PNG")
    return out.getvalue()


def _image(pixels: Pixels) -> Image.Image:
    size = pixels.width, pixels.height
    return Image.frombuffer("RGBX", size, pixels.rgbx, "raw", "RGBX", 0, 1).convert("RGB")
