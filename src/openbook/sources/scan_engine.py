"""Which engine reads scans, by name, version and the hash of its models, if it is installed.

Nothing of it is imported here: it takes seconds, and belongs into a confined process.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from openbook.core.text import TextLayer

INSTALL = "pip install 'openbook[ocr]'"
"""What gives an installation the engine."""
DPI = 200
"""At which pages are rendered to be read."""
MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
"""In the wheel of rapidocr: where text stands, and what it says."""


def scan_said(layer: TextLayer) -> str:
    """How many pages are pictures, and what to do: ``12 of 12 pages have no text: ...``."""
    how = "" if engine() else f"{INSTALL}, then "
    return (
        f"{blank_said(layer)}. {how}"
        "`openbook audit scan` reads them into a layer of their own, which verifies nothing"
    )


def blank_said(layer: TextLayer) -> str:
    """How many pages are pictures: ``12 of 12 pages have no text: a scan or pictures``."""
    total = len(layer.pages)
    have = "page has" if total == 1 else "pages have"
    return f"{len(layer.blank)} of {total} {have} no text: a scan or pictures"


def models() -> tuple[Path, ...]:
    """The files of the models; empty where the engine is not installed, or has others."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return ()
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else Path()
    found = tuple(folder / name for name in MODELS)
    return found if all(one.is_file() for one in found) else ()


@lru_cache(maxsize=1)
def engine() -> str | None:
    """``rapidocr 3.10.0 / PP-OCRv6 0a1b2c3d4e5f / 200 dpi / openbook-scan-1``; None where no engine
    is installed."""
    paths = models()
    if not paths:
        return None
    try:
        which = version("rapidocr")
    except PackageNotFoundError:
        return None
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"rapidocr {which} / PP-OCRv6 {digest.hexdigest()[:12]} / {DPI} dpi / openbook-scan-1"
