"""Ancestors in time against walking up the edges day by day."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.units.ancestry import Above, ancestors_in_time

UNITS = st.integers(1, 6)
BOUNDS = st.one_of(st.integers(3, 12), st.sampled_from([OPEN_START, OPEN_END]))
EDGES = st.dictionaries(UNITS, st.lists(st.tuples(UNITS, BOUNDS, BOUNDS), max_size=4))


def walked(unit: int, edges: dict[int, list[Above]], day: int) -> set[int]:
    found, waiting = {unit}, [unit]
    while waiting:
        above = {a for a, since, until in edges.get(waiting.pop(), []) if since <= day < until}
        waiting += above - found
        found |= above
    return found


@given(UNITS, EDGES)
def test_every_day_has_the_ancestors_that_walking_up_on_that_day_finds(
    unit: int, edges: dict[int, list[Above]]
) -> None:
    found = ancestors_in_time(unit, edges)
    for day in (OPEN_START, *range(2, 14), OPEN_END - 1):
        assert {a for a, since, until in found if since <= day < until} == walked(unit, edges, day)


@given(UNITS, EDGES)
def test_periods_of_an_ancestor_are_in_order_and_never_touch(
    unit: int, edges: dict[int, list[Above]]
) -> None:
    found = ancestors_in_time(unit, edges)
    assert all(since < until for _ancestor, since, until in found)
    for (one, _since, until), (other, since, _until) in pairwise(found):
        assert one < other or (one == other and until < since)


def test_two_units_that_lie_below_each_other_in_turn() -> None:
    edges = {1: [(2, OPEN_START, 10)], 2: [(1, 10, OPEN_END)]}
    assert ancestors_in_time(1, edges) == [(1, OPEN_START, OPEN_END), (2, OPEN_START, 10)]
    assert ancestors_in_time(2, edges) == [(1, 10, OPEN_END), (2, OPEN_START, OPEN_END)]


def test_cycle_on_a_day_ends() -> None:
    edges = {1: [(2, OPEN_START, OPEN_END)], 2: [(1, 5, 9)]}
    assert ancestors_in_time(2, edges) == [(1, 5, 9), (2, OPEN_START, OPEN_END)]


def test_same_grandparent_through_two_parents_is_one_period() -> None:
    edges = {1: [(2, 5, 10), (3, 10, 15)], 2: [(4, OPEN_START, OPEN_END)], 3: [(4, 8, 12)]}
    assert ancestors_in_time(1, edges) == [
        (1, OPEN_START, OPEN_END),
        (2, 5, 10),
        (3, 10, 15),
        (4, 5, 12),
    ]
