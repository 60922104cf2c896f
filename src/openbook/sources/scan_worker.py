"""The process that reads pictures of pages: what it reads may be hostile, and so may what it loads.

Reads one request a line from standard input, JSON ``{"path", "width", "height", "seconds"}``: a
file of pixels, four bytes each (R, G, B, unused), rows from the top. Answers with one frame as
:mod:`openbook.sources.pdf_worker` does:

    L  JSON ``[[text, left, top, right, bottom], ...]`` in pixels from the upper left corner
    E  JSON ``{"kind", "detail"}``: the picture could not be read

The first argument is how much memory the process may take, which it sees to before it loads the
engine. It is given the files of the models, so that the engine looks for none in the network.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from openbook.sources.confine import confine
from openbook.sources.pdf_worker import expire, send

_SCORE = 0.5
"""How sure the engine is of a line at least; beneath are specks and ornaments."""


def _engine() -> Any:
    from rapidocr import RapidOCR

    from openbook.sources.scan_engine import models

    places, words = map(str, models())
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # pages upside down are not turned
            "Global.text_score": _SCORE,
            "Global.max_side_len": 4000,
            "Det.model_path": places,
            "Rec.model_path": words,
            "EngineConfig.onnxruntime.intra_op_num_threads": os.cpu_count() or 1,
        }
    )


def _read(engine: Any, path: str, width: int, height: int) -> list[list[object]]:
    import numpy as np

    pixels = np.fromfile(path, dtype=np.uint8).reshape(height, width, 4)
    found = engine(np.ascontiguousarray(pixels[:, :, 2::-1]))  # it takes blue first
    if found.boxes is None or found.txts is None:
        return []
    return [
        [text, *map(float, (*box.min(axis=0), *box.max(axis=0)))]
        for box, text in zip(found.boxes, found.txts, strict=True)
    ]


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    confine(int(sys.argv[1]))
    engine = None
    for line in sys.stdin.buffer:
        request = json.loads(line)
        expire(request["seconds"])
        try:
            engine = engine or _engine()
            found = _read(engine, request["path"], request["width"], request["height"])
            send(b"L", json.dumps(found).encode())
        except MemoryError:
            send(b"E", json.dumps({"kind": "memory", "detail": ""}).encode())
        sys.stdout.buffer.flush()
        expire(None)


if __name__ == "__main__":
    main()
