"""A strip's geometry, by tables."""

from datetime import date
from itertools import pairwise

from hrtrain.core.period import OPEN_END
from hrtrain.coverage.spans import TRAINED, UNTRAINED
from hrtrain.coverage.strip import Piece
from hrtrain.coverage.strip_chart import MARGIN, strip

FIRST, CHANGE, TODAY = date(2024, 1, 1), date(2025, 1, 1), date(2026, 7, 2)
PIECES = [
    Piece(FIRST.toordinal(), CHANGE.toordinal(), 7, UNTRAINED),
    Piece(CHANGE.toordinal(), TODAY.toordinal(), 7, TRAINED),
    Piece(TODAY.toordinal(), OPEN_END, 8, TRAINED),
]


def test_neighbours_of_one_state_are_one_stretch_with_a_mark_between() -> None:
    drawn = strip(PIECES, TODAY, 720)
    assert [one.state for one in drawn.stretches] == [UNTRAINED, TRAINED]
    assert len(drawn.marks) == 2 and drawn.marks[1] == drawn.today


def test_stretches_fill_the_strip_from_edge_to_edge() -> None:
    drawn = strip(PIECES, TODAY, 720)
    assert drawn.stretches[0].x == MARGIN
    last = drawn.stretches[-1]
    assert round(last.x + last.width, 1) == 720 - MARGIN


def test_years_keep_apart_on_narrow_strips() -> None:
    old = [Piece(date(1990, 1, 1).toordinal(), OPEN_END, 7, TRAINED)]
    xs = [year.x for year in strip(old, TODAY, 340).years]
    assert min(b - a for a, b in pairwise(xs)) >= 40


def test_end_of_all_days_is_no_fault() -> None:
    late = [Piece(date.max.toordinal() - 5, OPEN_END, 7, TRAINED)]
    assert strip(late, date.max, 340).stretches
