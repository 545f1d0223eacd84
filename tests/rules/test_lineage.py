"""Where a unit of a past day stands today, by tables."""

import pytest

from hrtrain.units.lineage import NOWHERE, Successor, place_today

DAY = 100
GONE = {1, 2, 3, 5, 6}
PARENTS = {1: 10, 2: 10, 3: 10, 5: 3, 6: 1}
SUCCESSORS = {
    1: [Successor(20, 150, True)],
    2: [Successor(1, 120, False)],
    3: [Successor(21, 150, False), Successor(22, 150, False)],
    6: [Successor(21, 150, False), Successor(22, 150, True)],
}


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        (4, 4),  # alive today
        (1, 20),  # merged
        (2, 20),  # merged into what was merged later; the sole successor needs no mark
        (3, 10),  # split without a default: the unit above
        (5, 10),  # below what was split, with no successor of its own
        (6, 22),  # split, with a default
    ],
)
def test_unit_of_a_past_day_has_a_place_today(unit: int, place: int) -> None:
    assert place_today(unit, DAY, GONE, SUCCESSORS, PARENTS) == place


def test_succession_before_the_day_is_past() -> None:
    assert place_today(1, 160, GONE, SUCCESSORS, PARENTS) == 10


def test_top_that_is_gone_without_heir_stands_nowhere() -> None:
    assert place_today(7, DAY, {7}, {}, {}) == NOWHERE


def test_circles_end() -> None:
    round_about = {8: [Successor(9, 150, True)], 9: [Successor(8, 150, True)]}
    assert place_today(8, DAY, {8, 9}, round_about, {8: 9, 9: 8}) == NOWHERE
