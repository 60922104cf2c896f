"""Proposals of models as lines of JSON, read and written."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openbook.core.proposal import (
    FabricatedQuote,
    Fabrication,
    Proposal,
    ProposedQuote,
    ShownPassage,
    model_folder,
)
from openbook.core.review import CellId, PointState
from openbook.files import nouns
from openbook.files import shapes as sh
from openbook.files.write import write_text


def read_proposal(shape: sh.ProposalShape) -> Proposal:
    """The proposal that a line of a file holds."""
    return Proposal(
        cell=CellId(nouns.sure_release(shape.release), shape.keyword),
        model=shape.model,
        version=shape.version,
        endpoint=shape.endpoint,
        at=shape.at,
        prompt=shape.prompt,
        ranker=shape.ranker,
        shown=tuple(
            ShownPassage(one.document, one.copy_, one.page, one.start, one.end, one.sha256)
            for one in shape.shown
        ),
        quotes=tuple(
            ProposedQuote(one.document, one.quote, tuple(one.supports), nouns.anchor(one))
            for one in shape.quotes
        ),
        fabricated=tuple(
            FabricatedQuote(Fabrication(one.kind), one.document, one.sha256, one.begins)
            for one in shape.fabricated
        ),
        set_aside=shape.set_aside,
        points={key: PointState(state) for key, state in shape.points.items()},
        grade=shape.grade,
        reason=shape.reason,
        tokens_in=shape.tokens_in,
        tokens_out=shape.tokens_out,
        cost=shape.cost,
        is_replayed=shape.is_replayed,
    )


def proposal_path(proposal: Proposal) -> str:
    """The file of an audit that a proposal belongs into."""
    return f"proposals/{model_folder(proposal.model)}/{proposal.cell.release}.jsonl"


def proposal_record(proposal: Proposal) -> dict[str, Any]:
    """A proposal as its line has it; :func:`read_proposal` gives it back."""
    return {
        "release": str(proposal.cell.release),
        "keyword": proposal.cell.keyword,
        "model": proposal.model,
        "version": proposal.version,
        "endpoint": proposal.endpoint,
        "at": proposal.at,
        "is_replayed": proposal.is_replayed,
        "prompt": proposal.prompt,
        "ranker": proposal.ranker,
        "shown": [asdict(one) for one in proposal.shown],
        "tokens_in": proposal.tokens_in,
        "tokens_out": proposal.tokens_out,
        "cost": proposal.cost,
        "quotes": [_quote_record(one) for one in proposal.quotes],
        "fabricated": [asdict(one) for one in proposal.fabricated],
        "set_aside": proposal.set_aside,
        "points": dict(proposal.points),
        "grade": proposal.grade,
        "reason": proposal.reason,
    }


def _quote_record(one: ProposedQuote) -> dict[str, Any]:
    anchor = one.anchor
    return {
        "evidence": anchor.evidence,
        "document": one.document,
        "quote": one.quote,
        "supports": list(one.supports),
        "copy": anchor.copy,
        "layer": anchor.layer,
        "extractor": anchor.extractor,
        "state": anchor.state,
        "segments": [
            [{"page": p.page, "start": p.start, "end": p.end} for p in segment]
            for segment in anchor.segments
        ],
    }


def append_proposal(folder: Path, proposal: Proposal) -> None:
    """Write a proposal at the end of its file. The caller holds the audit for writing."""
    path = folder / proposal_path(proposal)
    before = path.read_text("utf-8") if path.exists() else ""
    line = json.dumps(proposal_record(proposal), ensure_ascii=False)
    write_text(path, f"{before}{line}\n")
