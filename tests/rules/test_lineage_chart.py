"""A unit's lineage as it is drawn: bars within the years, joined on the day."""

from datetime import date
from itertools import pairwise

from hrtrain.units.lineage_chart import MARGIN, Life, lineage

ON, TODAY = date(2025, 7, 1), date(2026, 11, 22)
OLD = [Life(key, f"Phường {key}", None, ON) for key in ("a", "b")]
OWN = Life("own", "Phường Móng Cái 1", ON, None)


def test_predecessors_end_where_the_unit_begins() -> None:
    drawn = lineage(OWN, [(one, ON) for one in OLD], [], today=TODAY, width=720)
    first, second, own = drawn.bars
    assert first.x == second.x == MARGIN
    assert first.end == second.end == own.x
    assert own.end == 720 - MARGIN
    assert [bar.is_own for bar in drawn.bars] == [False, False, True]
    assert own.x < drawn.today < own.end


def test_each_kin_is_joined_to_the_unit_on_its_day() -> None:
    drawn = lineage(OLD[0], [], [(OWN, ON)], today=TODAY, width=340)
    own, after = drawn.bars
    assert drawn.ways == (f"M{after.x} {own.y + 9}V{after.y}",)
    assert drawn.height > after.y


def test_years_have_room() -> None:
    drawn = lineage(OWN, [(OLD[0], ON)], [], today=TODAY, width=340)
    places = [x for x, _label in drawn.years]
    assert all(later - earlier >= 40 for earlier, later in pairwise(places))
