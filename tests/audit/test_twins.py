"""Passages that tell the same are found as if each were compared with each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openbook.audit.search.search import _same, _Twins

BASE = frozenset(map(str, range(30)))
NEAR = st.builds(
    lambda less, more: (BASE - less) | more,
    st.frozensets(st.sampled_from(sorted(BASE)), max_size=4),
    st.frozensets(st.sampled_from("abcdef"), max_size=4),
)
SETS = st.lists(NEAR | st.frozensets(st.sampled_from("abcdefghij")), max_size=30)


@given(SETS)
def test_the_first_twin_is_the_one_that_comparing_all_finds(stems: list[frozenset[str]]) -> None:
    twins = _Twins(stems)
    added: list[int] = []
    for row, own in enumerate(stems):
        wanted = next((one for one in added if _same(stems[one], own)), None)
        assert twins.first(row) == wanted
        if wanted is None:
            twins.add(row)
            added.append(row)
