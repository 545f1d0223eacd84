"""Stairs and small trends, by tables."""

from datetime import date
from fractions import Fraction

from hrtrain.coverage.chart import Frame
from hrtrain.coverage.staircase import spark, staircase

SQUARE = Frame(width=100, height=100, left=0, right=0, top=0, bottom=0)
FIRST, FIFTH, LAST = date(2026, 1, 1), date(2026, 1, 5), date(2026, 1, 11)


def test_value_holds_until_the_day_of_the_next() -> None:
    drawn = staircase([(FIRST, Fraction(0)), (FIFTH, Fraction(100)), (LAST, Fraction(100))],
                      70, SQUARE)  # fmt: skip
    assert drawn.lines == ("0.0,100.0 40.0,100.0 40.0,0.0 100.0,0.0 100.0,0.0 100.0,0.0",)
    assert drawn.target_y == 30.0
    assert [point.label for point in drawn.points] == ["01/01/2026", "05/01/2026", "11/01/2026"]


def test_days_that_ask_nothing_break_the_stairs() -> None:
    drawn = staircase([(FIRST, Fraction(50)), (FIFTH, None), (LAST, Fraction(50))], None, SQUARE)
    assert drawn.lines == ("0.0,50.0 40.0,50.0", "100.0,50.0 100.0,50.0")
    assert drawn.target_y is None


def test_last_day_stands_at_the_right_edge() -> None:
    wide = Frame(width=400, height=100, left=0, right=0, top=0, bottom=0)
    ticks = staircase([(FIRST, Fraction(1)), (LAST, Fraction(1))], None, wide).x_ticks
    assert (ticks[-1].at, ticks[-1].label) == (400.0, "11/01/2026")
    assert len(ticks) == 3


def test_nothing_and_a_single_day_are_drawn_without_fault() -> None:
    assert staircase([], 70, SQUARE).lines == ()
    assert staircase([(FIRST, Fraction(50))], None, SQUARE).lines == ("0.0,50.0 0.0,50.0",)


def test_small_trend_needs_two_values_in_a_row() -> None:
    assert spark([None, Fraction(50), None], SQUARE) == ()
    assert spark([Fraction(0), Fraction(100), None], SQUARE) == ("0.0,100.0 50.0,0.0",)
