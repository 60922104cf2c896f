"""Translating: an attributed translation is put beside a quote. It is never evidence."""

from __future__ import annotations

from openbook.audit.opened import AuditError, Opened, WrongUseError, prose
from openbook.core.evidence import QuoteEvidence
from openbook.core.language import is_tag
from openbook.core.translation import Translation
from openbook.files.edit import append_table
from openbook.files.write import toml_table

MOST = 20_000
"""Characters of a translation."""


def add_translation(opened: Opened, made: Translation) -> Translation:
    """Write a translation into the audit's folder, beside the quote's document. The quote's file is
    not touched.

    Raises :class:`WrongUseError` where the evidence is no quote of this audit, the language no tag
    or the quote's own, or nobody is named; :class:`AuditError` where this translator has translated
    the quote into this language before.
    """
    evidence = opened.audit.evidence.get(made.evidence)
    if evidence is None:
        raise WrongUseError(f"there is no evidence {made.evidence!r} in this audit")
    if not isinstance(evidence, QuoteEvidence):
        raise WrongUseError(f"{made.evidence} is no quote: only a document's words are translated")
    text, by = prose(made.text, "the translation"), prose(made.by, "the translator's name")
    if not text or not by or "\n" in by:
        raise WrongUseError("give the translation's words, and with --by who translated")
    if len(text) > MOST:
        raise WrongUseError(f"a translation may have {MOST:,} characters; this has {len(text):,}")
    if not is_tag(made.language):
        raise WrongUseError(f"{made.language!r} is no language tag, such as en or zh-Hant")
    if made.language.lower() == _language(opened, evidence).lower():
        raise WrongUseError(f"{evidence.document} is in {made.language} already")
    path = opened.folder / "translations" / f"{evidence.document}.toml"
    if any(one.name == made.name for one in opened.audit.translations):
        raise AuditError(
            f"{by} has translated {made.evidence} into {made.language} already: correct it in "
            f"translations/{path.name}"
        )
    fields = {
        "evidence": made.evidence,
        "language": made.language,
        "by": by,
        "kind": str(made.kind),
        "date": made.date,
        "note": prose(made.note, "the note"),
        "text": text,
    }
    append_table(path, toml_table("[[translation]]", fields))
    return made


def _language(opened: Opened, evidence: QuoteEvidence) -> str:
    document = opened.audit.documents.get(evidence.document)
    return document.language if document else ""
