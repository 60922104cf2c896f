"""Quoting: words of a document become evidence, verified on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from openbook.audit.opened import AuditError, Opened, WrongUseError
from openbook.audit.quoting.verify import Reader, check_quote
from openbook.core.anchor import Checked
from openbook.core.evidence import QuoteEvidence, evidence_id
from openbook.core.initiative import ReleaseId
from openbook.core.questionnaire import PointRef
from openbook.core.quote import QuoteError, parse_quote
from openbook.core.verify import State
from openbook.files.edit import append_table, set_field
from openbook.files.write import Value, toml_table


@dataclass(frozen=True, slots=True)
class Quoted:
    """What quoting gave."""

    evidence: QuoteEvidence
    checked: Checked
    is_new: bool
    """False where the same words were evidence already and only gained support."""


class QuoteRefusedError(AuditError):
    """A quote that does not stand in its document; carries what was found instead."""

    def __init__(self, message: str, checked: Checked) -> None:
        super().__init__(message)
        self.checked = checked


def parse_supports(opened: Opened, texts: Sequence[str]) -> dict[ReleaseId, tuple[PointRef, ...]]:
    """``openai-gpt/3.5:VS.rule,VS.conflicts`` as releases and points."""
    found: dict[ReleaseId, tuple[PointRef, ...]] = {}
    for text in texts:
        release, colon, points = text.partition(":")
        if not colon or not points.strip():
            raise WrongUseError(
                f"{text!r} names no point; write release:point, such as openai-gpt/3.5:HUM.number"
            )
        id_ = opened.release(release).id
        refs = tuple(opened.point(point.strip()) for point in points.split(","))
        found[id_] = tuple(dict.fromkeys((*found.get(id_, ()), *refs)))
    if not found:
        raise WrongUseError("say what the quote supports with --supports release:point")
    return found


def as_written(text: str) -> str:
    """Words of a document as a quote writes them: their own brackets are escaped."""
    return text.replace("[", "\\[").replace("]", "\\]")


def quote(
    opened: Opened,
    document: str,
    text: str,
    supports: Mapping[ReleaseId, tuple[PointRef, ...]],
    by: str,
    date: dt.date,
    *,
    unchecked: bool = False,
) -> Quoted:
    """Write a quote into the audit's evidence, when it stands in the document.

    Raises :class:`QuoteRefusedError` when it does not, or when no copy is at hand and ``unchecked``
    was not asked for. The same words quoted again gain what they support; nothing is doubled.
    """
    evidence, checked, existing = would_be(opened, document, text, supports, by, date)
    if not checked.state.is_found and not (unchecked and checked.state is State.UNCHECKED):
        raise QuoteRefusedError(_refusal(checked), checked)
    path = opened.folder / "evidence" / f"{evidence.document}.toml"
    if existing is None:
        append_table(path, toml_table("[[evidence]]", quote_fields(evidence)))
    else:
        add_support(path, existing, supports)
    return Quoted(evidence, checked, existing is None)


class WouldBe(NamedTuple):
    """A quote before it is kept."""

    evidence: QuoteEvidence
    checked: Checked
    existing: QuoteEvidence | None
    """The evidence that has the same words already."""


def would_be(
    opened: Opened,
    document: str,
    text: str,
    supports: Mapping[ReleaseId, tuple[PointRef, ...]],
    by: str,
    date: dt.date | None = None,
) -> WouldBe:
    """The evidence that a quote would be, checked; nothing is written. Raises :class:`AuditError`
    for what is no quote at all."""
    key = opened.document(document).key
    text = text.strip()
    try:
        parse_quote(text)
    except QuoteError as error:
        raise AuditError(str(error)) from error
    id_, existing = identity(opened, key, text)
    evidence = QuoteEvidence(id_, key, existing.quote if existing else text, supports, by, date)
    return WouldBe(evidence, check_quote(Reader(opened), evidence), existing)


def identity(opened: Opened, document: str, text: str) -> tuple[str, QuoteEvidence | None]:
    """The id of these words of this document, and the evidence that has them already."""
    for length in range(6, 65, 2):
        id_ = evidence_id("q", document, text, length)
        other = opened.audit.evidence.get(id_)
        if other is None:
            return id_, None
        if isinstance(other, QuoteEvidence) and other.document == document:
            same = evidence_id("q", document, other.quote, 64)
            if same == evidence_id("q", document, text, 64):
                return id_, other
    raise AuditError("no free evidence id")  # 2**256 quotes would be needed


def _refusal(checked: Checked) -> str:
    if checked.state is State.UNCHECKED and checked.nearest:
        return f"{checked.reason}, or keep the quote unchecked with --unchecked"
    if checked.state is State.UNCHECKED:
        return f"{checked.reason}: fetch or add one, or keep the quote unchecked with --unchecked"
    return f"the quote is {checked.state}: {checked.reason}"


def quote_fields(evidence: QuoteEvidence) -> dict[str, Value | None]:
    """A quote as the files write it."""
    return {
        "id": evidence.id,
        "quote": evidence.quote,
        "supports": supports_as_text(evidence.supports),
        "by": evidence.by,
        "date": evidence.date,
        "note": evidence.note,
    }


def supports_as_text(
    supports: Mapping[ReleaseId, tuple[PointRef, ...]],
) -> dict[str, list[str]]:
    """What evidence supports, as the files write it."""
    return {str(release): [str(ref) for ref in refs] for release, refs in supports.items()}


def add_support(
    path: Path, existing: QuoteEvidence, more: Mapping[ReleaseId, tuple[PointRef, ...]]
) -> None:
    """Have a quote that is evidence already support more."""
    merged = {
        release: tuple(dict.fromkeys((*existing.supports.get(release, ()), *more.get(release, ()))))
        for release in (*existing.supports, *(one for one in more if one not in existing.supports))
    }
    if merged != dict(existing.supports):
        set_field(path, "evidence", existing.id, "supports", supports_as_text(merged))
