"""What language models proposed, beside the grades of the audit and never among them."""

from __future__ import annotations

from dataclasses import dataclass

from openbook.core.comparison import Comparison, comparisons
from openbook.core.proposal import Tally, by_model, tally
from openbook.report.site import words
from openbook.report.site.material import Material


@dataclass(frozen=True, slots=True)
class Beside:
    """A model's grades beside others."""

    what: str
    cells: int
    alpha: str
    exact: str
    adjacent: str


@dataclass(frozen=True, slots=True)
class ProposingModel:
    """One model and how its proposals stood."""

    name: str
    versions: str
    answers: str
    standing: int
    fabricated: int
    rate: str
    kinds: str
    unchecked: str
    unfounded: int
    beside: tuple[Beside, ...]


def proposing_models(material: Material) -> tuple[ProposingModel, ...]:
    """Every model that proposed something."""
    audit = material.audit
    return tuple(
        _model(
            tally(model, made),
            tuple(_beside(material, one) for one in comparisons(audit, made)),
        )
        for model, made in by_model(audit.proposals).items()
    )


def _model(sums: Tally, beside: tuple[Beside, ...]) -> ProposingModel:
    kinds = [f"{count} {kind}" for kind, count in sums.fabricated.items() if count]
    rate = sums.fabrication_rate
    return ProposingModel(
        name=sums.model,
        versions=", ".join(filter(None, sums.versions)),
        answers=f"{words.count(sums.cells, 'cell')} in {words.count(sums.proposals, 'answer')}",
        standing=sums.standing,
        fabricated=sums.fabrications,
        rate="not estimable" if rate is None else f"{rate:.0%}",
        kinds=words.listing(kinds),
        unchecked=words.count(sums.set_aside, "quote") if sums.set_aside else "",
        unfounded=sums.unfounded,
        beside=beside,
    )


def _beside(material: Material, one: Comparison) -> Beside:
    if one.beside == "settled":
        what = "settled grades" + ("" if one.by_people == one.cells else _whose(one))
    else:
        what = words.auditor_with_kind(material.audit, one.beside)
    if one.shares is None:
        return Beside(what, 0, "not estimable", "–", "–")
    alpha = "not estimable" if one.alpha is None else f"{one.alpha:.2f}".replace("-", "−")
    return Beside(what, one.cells, alpha, f"{one.shares.exact:.0%}", f"{one.shares.adjacent:.0%}")


def _whose(one: Comparison) -> str:
    if not one.by_people:
        return ", all by language models"
    return f", {one.by_people} of {one.cells} by people"
