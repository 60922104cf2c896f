"""How many evidence passages may still be unread: the stopping rule behind a recorded absence.

Passages are first read by rank. That finds most of what there is, but says nothing of what is left:
a ranker may be wrong in the same way everywhere. So some of the unread passages are then read in a
random order, which is fixed by hashes before anybody reads, so that nobody can draw again until the
draw is pleasant. From what the sample shows follows an upper bound on what the rest holds.

The bound is the upper end of a confidence sequence for sampling without replacement, by the
prior-posterior ratio of a beta-binomial prior (Waudby-Smith and Ramdas 2020, "Confidence sequences
for sampling without replacement", NeurIPS 33, section 2). It holds at all sample sizes at once: an
auditor may look at it after each passage and stop when content, which would spoil a bound made for
one fixed size. Assumed is that the order was random as far as the documents' authors could know,
and that the reader is attentive: who reads evidence recognises it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

CONFIDENCE = 0.95

RULE = "ppr-betabinomial-1-50"
"""Name and version of this rule, for search records."""

_SEEN, _UNSEEN = 1.0, 50.0
"""The prior: about one unread passage in fifty is evidence. Any prior gives a valid bound; one that
is near the truth gives a narrow one."""


def at_most(unread: int, drawn: int, found: int, confidence: float = CONFIDENCE) -> int:
    """At most how many of the passages that remain unread are evidence, with this confidence.

    Of ``unread`` passages ``drawn`` were read in random order and ``found`` of these were evidence;
    ``unread - drawn`` remain. Raises :class:`ValueError` for numbers that cannot be.
    """
    if not 0 <= found <= drawn <= unread or not 0 < confidence < 1:
        raise ValueError(f"{found} of {drawn} of {unread} at {confidence} cannot be")
    floor = math.log(1 - confidence) + _log_predicted(drawn, found)
    rest = unread - drawn
    while rest > 0 and _log_likelihood(unread, found + rest, drawn, found) < floor:
        rest -= 1
    return rest


def _log_predicted(drawn: int, found: int) -> float:
    """Log probability, under the prior, of ``found`` in ``drawn``."""
    return (
        _log_choose(drawn, found)
        + _log_beta(_SEEN + found, _UNSEEN + drawn - found)
        - _log_beta(_SEEN, _UNSEEN)
    )


def _log_likelihood(unread: int, evidence: int, drawn: int, found: int) -> float:
    """Log probability of ``found`` in ``drawn`` if ``evidence`` of ``unread`` are evidence."""
    others = unread - evidence
    if drawn - found > others:
        return -math.inf
    return (
        _log_choose(evidence, found)
        + _log_choose(others, drawn - found)
        - _log_choose(unread, drawn)
    )


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def seed_for(cell: str, auditor: str, layers: Sequence[str]) -> str:
    """The seed of a draw: it names the cell, the auditor and the hashes of the texts searched, so
    that nobody can try seeds until one is pleasant."""
    return " ".join((cell, auditor, *layers))


def drawn_order(ids: Sequence[str], seed: str) -> list[str]:
    """``ids`` in the random order that ``seed`` fixes: by the sha256 of seed, line break and id.

    Anybody can compute it again, in any language.
    """
    return sorted(ids, key=lambda id_: hashlib.sha256(f"{seed}\n{id_}".encode()).digest())
