"""How the states of cells look in the room: each has a symbol and words besides its colour."""

from __future__ import annotations

from typing import NamedTuple

from openbook.core.progress import CellState, Sign
from openbook.core.questionnaire import MAX_GRADE


class SignMark(NamedTuple):
    """What a state looks like and says."""

    css: str
    symbol: str
    words: str


MARKS = {
    Sign.DISPUTED: SignMark("s-disputed", "≠", "graders differ, nobody has decided"),
    Sign.JUDGED: SignMark("s-judged", "≈", "judged, not settled yet"),
    Sign.TO_DO: SignMark("s-todo", "+", "yours to judge, not begun"),
    Sign.DRAFT: SignMark("s-draft", "✎", "your draft, not ready"),
    Sign.READY: SignMark("s-ready", "✓", "your judgement, ready to submit"),
    Sign.SUBMITTED: SignMark(
        "s-submitted", "↑", "submitted by you, hidden until all have submitted"
    ),
    Sign.HIDDEN: SignMark("s-hidden", "", "hidden until all who judge it have submitted"),
    Sign.EMPTY: SignMark("s-empty", "·", "not begun"),
}
"""Of all states but a settled grade, in the order of a legend."""


def mark_of(state: CellState) -> SignMark:
    """The sign of a cell."""
    if state.sign is Sign.SETTLED and state.grade is not None:
        return SignMark(
            f"g{state.grade}", str(state.grade), f"settled, {state.grade} of {MAX_GRADE}"
        )
    mark = MARKS[state.sign]
    if state.sign in (Sign.JUDGED, Sign.DISPUTED):
        return mark._replace(words=f"{mark.words} ({state.graders} graded it)")
    return mark
