"""The language of a document: as declared, else as its script tells, else as py3langid does where
that is installed."""

from __future__ import annotations

from functools import cache
from typing import Any

from openbook.core.language import by_script, is_tag
from openbook.core.plan import NOTHING, Guess
from openbook.sources.about import About

SURE = 0.99
"""The probability from which a language is told."""
_SAMPLE = 4000
"""Characters from the middle of the first pages: titles and names are of no language."""
_LEAST = 200


def language_of(about: About, text: str) -> Guess:
    """Code of two or three letters (ISO 639), and the script where one is declared: what is in
    ``zh-Hant`` is not searched by words written in ``zh-Hans``, though both are ``zh``."""
    if is_tag(about.language):
        return Guess(_with_script(about.language), "declared in the file")
    middle = min(len(text) // 2, 8000)
    sample = text[middle : middle + _SAMPLE] or text[:_SAMPLE]
    if written := by_script(sample):
        return Guess(written, "by its script")
    identifier = _identifier()
    if identifier is None or sum(map(str.isalpha, sample)) < _LEAST:
        return NOTHING
    language, probability = identifier.classify(sample)
    return Guess(str(language), "by its letters") if probability >= SURE else NOTHING


_TRADITIONAL = frozenset(("hk", "mo", "tw"))
"""Regions whose Chinese is written in the traditional script where none is named."""


def _with_script(tag: str) -> str:
    language, *rest = tag.lower().split("-")
    script = next((one for one in rest if len(one) == 4 and one.isalpha()), "")
    if not script and language == "zh" and _TRADITIONAL & {*rest}:
        script = "hant"
    return f"{language}-{script.title()}" if script else language


@cache
def _identifier() -> Any:
    """py3langid's, which brings numpy and so is an extra; None without it."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        return None
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
