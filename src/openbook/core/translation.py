"""Translations of quotes: a help for readers, and never evidence.

A translation stands in a file of its own, so that nothing that verifies, counts or grades quotes
meets it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from openbook.core.language import direction

NO_EVIDENCE = "a translation, which is no evidence"
"""What stands beside every translation that is shown."""


class Translator(StrEnum):
    """What kind of translator made a translation."""

    HUMAN = "human"
    LANGUAGE_MODEL = "language-model"
    MACHINE = "machine"
    """A translation service or program that is no language model one talks to."""

    @property
    def words(self) -> str:
        """As people are told."""
        return {"human": "human", "language-model": "language model", "machine": "machine"}[self]


@dataclass(frozen=True, slots=True)
class Translation:
    """A quote in another language, in its translator's words."""

    evidence: str
    """Id of the quote."""
    language: str
    """Of the translation (BCP 47)."""
    text: str
    by: str
    """Who translated: a person's, model's or service's name."""
    kind: Translator
    date: dt.date | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """Its name among an audit's translations: one for each quote, language and translator."""
        return f"{self.evidence} {self.language} {self.by}"

    @property
    def direction(self) -> str:
        """``rtl`` where its language is written from right to left, else ``ltr``."""
        return direction(self.language)

    @property
    def attribution(self) -> str:
        """``translated into en by Ana Ruiz (human), 2026-11-26``."""
        when = f", {self.date.isoformat()}" if self.date else ""
        return f"translated into {self.language} by {self.by} ({self.kind.words}){when}"


def labelled(one: Translation) -> str:
    """A translation in plain text, so that nobody can take it for the quote."""
    return f"[{NO_EVIDENCE}; {one.attribution}] {one.text}"


def of_quote(translations: Iterable[Translation], evidence: str) -> tuple[Translation, ...]:
    """The translations of a quote, in the order of the file."""
    return tuple(one for one in translations if one.evidence == evidence)
