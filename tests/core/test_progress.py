"""Who is told what of work in progress."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.core.initiative import ReleaseId
from openbook.core.progress import (
    CellState,
    Part,
    Sign,
    Stage,
    Work,
    cell_states,
    graded_cells,
    hidden_from,
)
from openbook.core.review import CellId, Review
from tests.core.makers import audit, graded, initiative

ONE, TWO = ReleaseId("acme", "0"), ReleaseId("acme", "1")
EMPTY = audit([initiative("acme", 2)], {})
DEF = CellId(ONE, "DEF")
names = st.sampled_from(["ana", "bo", "cy"])
parts = st.builds(Part, st.sampled_from([ONE, TWO]), names)
works = st.builds(
    Work,
    st.dictionaries(
        st.sampled_from([ONE, TWO]), st.lists(names, unique=True, min_size=1).map(tuple)
    ),
    st.dictionaries(parts, st.booleans()),
    st.dictionaries(parts, st.dictionaries(st.sampled_from(["DEF", "VS"]), st.booleans())),
)


@given(works, names, st.booleans())
def test_ones_own_open_work_is_always_blind(work: Work, auditor: str, sees_all: bool) -> None:
    hidden = hidden_from(work, auditor, sees_all=sees_all)
    for release in (ONE, TWO):
        mine = Part(release, auditor)
        if work.has(mine):
            assert (release in hidden) == (work.stage(mine) is not Stage.OPENED)


@given(works)
def test_who_has_no_part_sees_what_is_opened_for_all(work: Work) -> None:
    hidden = hidden_from(work, "", sees_all=False)
    for release in (ONE, TWO):
        every = work.assigned.get(release, ())
        opened = all(work.submitted.get(Part(release, one)) for one in every)
        assert (release in hidden) == (not opened)
    assert hidden_from(work, "", sees_all=True) == frozenset()


@given(works, names)
def test_drafts_of_others_change_nothing_that_one_sees(work: Work, auditor: str) -> None:
    mine = {part: said for part, said in work.drafts.items() if part.auditor == auditor}
    other = replace(work, drafts=mine)
    for sees_all in (True, False):
        hidden = hidden_from(work, auditor, sees_all=sees_all)
        assert hidden == hidden_from(other, auditor, sees_all=sees_all)
        assert cell_states(EMPTY, work, auditor, hidden, ()) == cell_states(
            EMPTY, other, auditor, hidden, ()
        )


@given(works)
def test_a_release_is_complete_when_somebody_waits_and_nobody_is_left(work: Work) -> None:
    for release in (ONE, TWO):
        waits = [part for part, is_open in work.submitted.items() if not is_open]
        assert work.is_complete(release) == (
            any(part.release == release for part in waits)
            and all(Part(release, one) in work.submitted for one in work.assigned.get(release, ()))
        )


ASSIGNED = Work({ONE: ("ana", "bo")})


@pytest.mark.parametrize(
    ("work", "sign"),
    [
        (ASSIGNED, Sign.TO_DO),
        (replace(ASSIGNED, drafts={Part(ONE, "ana"): {"DEF": False}}), Sign.DRAFT),
        (replace(ASSIGNED, drafts={Part(ONE, "ana"): {"DEF": True}}), Sign.READY),
        (replace(ASSIGNED, drafts={Part(ONE, "bo"): {"DEF": True}}), Sign.TO_DO),
        (replace(ASSIGNED, graded={Part(ONE, "ana"): frozenset({"DEF"})}), Sign.READY),
        (replace(ASSIGNED, submitted={Part(ONE, "ana"): False}), Sign.SUBMITTED),
        (replace(ASSIGNED, submitted={Part(ONE, "bo"): False}), Sign.TO_DO),
        (Work({ONE: ("bo",)}), Sign.HIDDEN),
        (Work(), Sign.EMPTY),
        (Work(drafts={Part(ONE, "bo"): {"DEF": True}}), Sign.EMPTY),
    ],
)
def test_a_cell_as_ana_sees_it(work: Work, sign: Sign) -> None:
    hidden = hidden_from(work, "ana", sees_all=False)
    assert cell_states(EMPTY, work, "ana", hidden, ())[DEF].sign is sign


def test_settled_disputed_and_judged() -> None:
    settled = audit([initiative("acme", 2)], {("acme", "0", "DEF"): graded(3)})
    reviews = (
        Review("ana", ONE, {"DEF": graded(3), "VS": graded(1)}),
        Review("bo", ONE, {"DEF": graded(3), "VS": graded(None)}),
    )
    seen = replace(settled, reviews=reviews)
    states = cell_states(seen, Work(), "", (), ())
    assert states[DEF] == CellState(DEF, Sign.SETTLED, 3, 2)
    assert states[CellId(ONE, "VS")] == CellState(CellId(ONE, "VS"), Sign.JUDGED, None, 1)
    assert cell_states(seen, Work(), "", (), {DEF})[DEF].sign is Sign.DISPUTED
    assert graded_cells(seen)[Part(ONE, "bo")] == {"DEF"}


def test_what_is_ready() -> None:
    part = Part(ONE, "ana")
    work = Work(drafts={part: {"DEF": False}}, graded={part: frozenset({"DEF", "VS"})})
    assert work.ready(part, ["DEF", "VS"]) == 1
    assert Work().ready(part, ["DEF", "VS"]) == 0
