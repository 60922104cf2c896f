"""The language of a document: as declared, else as py3langid tells where that is installed."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from openbook.core.plan import NOTHING, Guess
from openbook.sources.about import About

SURE = 0.99
"""The probability from which a language is told."""
_SAMPLE = 4000
"""Characters from the middle of the first pages: titles and names are of no language."""
_LEAST = 200


def language_of(about: About, text: str) -> Guess:
    """Code of two or three letters (ISO 639)."""
    if re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9-]+)?", about.language, re.I):
        return Guess(about.language.partition("-")[0].lower(), "declared in the file")
    middle = min(len(text) // 2, 8000)
    sample = text[middle : middle + _SAMPLE] or text[:_SAMPLE]
    identifier = _identifier()
    if identifier is None or sum(map(str.isalpha, sample)) < _LEAST:
        return NOTHING
    language, probability = identifier.classify(sample)
    return Guess(str(language), "by its letters") if probability >= SURE else NOTHING


@cache
def _identifier() -> Any:
    """py3langid's, which brings numpy and so is an extra; None without it."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        return None
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
