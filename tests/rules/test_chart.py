"""The charts' geometry, by tables and by properties."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.coverage.chart import NARROW, WIDE, Bar, Frame, Piece, Reading, bar, trend

SQUARE = Frame(width=100, height=100, left=0, right=0, top=0, bottom=0)


def readings(*percents: int | None) -> list[Reading]:
    return [Reading(f"{n}", None if p is None else Fraction(p)) for n, p in enumerate(percents)]


@pytest.mark.parametrize(
    ("percents", "lines"),
    [
        ((0, 100), ("0.0,100.0 100.0,0.0",)),
        ((50, 50, 50), ("0.0,50.0 50.0,50.0 100.0,50.0",)),
        ((10, None, 30), ()),
        ((10, 20, None, 30, 40), ("0.0,90.0 25.0,80.0", "75.0,70.0 100.0,60.0")),
        ((70,), ()),
        ((), ()),
    ],
)
def test_line_joins_neighbours_and_breaks_at_gaps(
    percents: tuple[int | None, ...], lines: tuple[str, ...]
) -> None:
    assert trend(readings(*percents), None, SQUARE).lines == lines


def test_single_value_is_a_point_in_the_middle() -> None:
    (point,) = trend(readings(25), None, SQUARE).points
    assert (point.x, point.y) == (50.0, 75.0)


def test_area_stands_on_the_floor() -> None:
    assert trend(readings(20, 40), None, SQUARE).areas == ("0.0,100 0.0,80.0 100.0,60.0 100.0,100",)


@pytest.mark.parametrize(("target", "y"), [(None, None), (0, 100.0), (70, 30.0), (100, 0.0)])
def test_target_line_lies_at_its_percentage(target: int | None, y: float | None) -> None:
    assert trend(readings(1, 2), target, SQUARE).target_y == y


def test_month_labels_are_thinned_from_the_newest_back() -> None:
    labels = [tick.label for tick in trend(readings(*[1] * 24), None, NARROW).x_ticks]
    assert labels[-1] == "23"
    assert len(labels) <= 5


@pytest.mark.parametrize(
    ("parts", "percent", "expected"),
    [
        (
            [("trained", 9), ("untrained", 3)],
            70,
            Bar((Piece("trained", 0, 75), Piece("untrained", 75, 25)), 70),
        ),
        (
            [("trained", 10), ("untrained", 0), ("unnamed", 30)],
            100,
            Bar((Piece("trained", 0, 25), Piece("unnamed", 25, 75)), 100),
        ),
        ([("trained", 1)], None, Bar((Piece("trained", 0, 100),), None)),
        ([("trained", 0), ("untrained", 0)], 70, Bar((), None)),
    ],
)
def test_bar_shares_its_length_by_people(
    parts: list[tuple[str, int]], percent: int | None, expected: Bar
) -> None:
    assert bar(parts, percent) == expected


@given(st.lists(st.none() | st.fractions(0, 100), max_size=40), st.sampled_from([WIDE, NARROW]))
def test_everything_drawn_lies_inside_the_plot(
    percents: list[Fraction | None], frame: Frame
) -> None:
    drawn = trend([Reading("x", percent) for percent in percents], 70, frame)
    assert len(drawn.points) == sum(percent is not None for percent in percents)
    for point in drawn.points:
        assert frame.left <= point.x <= frame.end
        assert frame.top <= point.y <= frame.floor


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=4))
def test_pieces_of_a_bar_fill_it_without_overlap(counts: list[int]) -> None:
    drawn = bar([(f"{n}", count) for n, count in enumerate(counts)], None)
    assert sum(piece.width for piece in drawn.pieces) == pytest.approx(100 if sum(counts) else 0)
    for left, right in zip(drawn.pieces, drawn.pieces[1:], strict=False):
        assert left.x + left.width == pytest.approx(right.x)
