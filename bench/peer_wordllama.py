"""WordLlama's vectors, run inside an environment of its own by :mod:`bench.peers`.

Reads the passages of documents and targets, each a list of texts, and writes how near each passage
is to each target: the mean cosine with its texts. The model is two files in WordLlama's wheel; they
are used only as they were when they were pinned here. WordLlama's own ``load()`` looks for one of
them in a folder of another name, and then on the network.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
PINNED = {
    WEIGHTS: "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    TOKENIZER: "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
}
"""sha256 by file."""


def files() -> dict[str, Path]:
    """The model's files, checked before anything of the package is run."""
    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise SystemExit("wordllama is not installed")
    found = {name: Path(spec.origin).parent / name for name in PINNED}
    for name, path in found.items():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != PINNED[name]:
            raise SystemExit(f"{path} has sha256 {digest}, pinned is {PINNED[name]}")
    return found


def model() -> Any:
    """WordLlama with the pinned files."""
    found = files()
    from safetensors import safe_open
    from tokenizers import Tokenizer
    from wordllama.inference import WordLlamaInference

    with safe_open(found[WEIGHTS], framework="np") as weights:
        embedding = weights.get_tensor("embedding.weight")
    return WordLlamaInference(embedding, Tokenizer.from_file(str(found[TOKENIZER])))


def main() -> None:
    """From one file to another."""
    request, answer = map(Path, sys.argv[1:])
    asked = json.loads(request.read_text("utf-8"))
    vectors = model()
    # The mean cosine with several texts is the product with the mean of their unit vectors.
    means = [vectors.embed(texts, norm=True).mean(axis=0) for texts in asked["targets"]]
    found = {}
    for key, texts in asked["documents"].items():
        passages = vectors.embed(texts, norm=True)
        found[key] = [[round(float(one), 6) for one in passages @ mean] for mean in means]
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
