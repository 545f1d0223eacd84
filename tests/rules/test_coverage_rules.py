"""The rules of the figures: shown rates, shortfall, status; by tables and by properties."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hrtrain.coverage.rules import Standing, Status, reaches, shortfall, shown_rate

NOBODY = Standing("p", "Kế hoạch", "g", "Nhóm", "u", "Đơn vị", percent=70)


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent", "expected"),
    [
        (1999, 2000, None, "99.9"),
        (6996, 10000, 70, "69.9"),
        (6995, 10000, 70, "69.9"),
        (1, 4000, None, "0.1"),
        (0, 4000, None, "0.0"),
        (2000, 2000, 100, "100.0"),
        (2, 3, 70, "66.7"),
        (1, 3, 70, "33.3"),
        (1, 8, None, "12.5"),
        (1, 16, None, "6.3"),
        (7, 10, 70, "70.0"),
        (1, 1000, 1, "0.1"),
        (1999, 2000, 100, "99.9"),
        (0, 5, 0, "0.0"),
        (0, 0, 70, None),
    ],
)
def test_a_rate_is_shown(
    numerator: int, denominator: int, percent: int | None, expected: str | None
) -> None:
    assert shown_rate(numerator, denominator, percent) == expected


people = st.integers(1, 5000)
percents = st.one_of(st.none(), st.integers(0, 100))


@given(st.data(), people, percents)
def test_a_rate_short_of_the_target_never_shows_as_the_target(
    data: st.DataObject, below: int, percent: int | None
) -> None:
    above = data.draw(st.integers(0, below))
    shown = Fraction(shown_rate(above, below, percent) or "")
    exact = Fraction(100 * above, below)
    assert (shown == 100) == (above == below)
    assert (shown == 0) == (above == 0)
    assert abs(shown - exact) <= Fraction(1, 10)
    if percent is not None:
        assert (shown >= percent) == reaches(above, below, percent)


@given(st.data(), people)
def test_without_a_target_only_the_ends_are_not_half_up(data: st.DataObject, below: int) -> None:
    above = data.draw(st.integers(0, below))
    tenths = int(Fraction(1000 * above, below) + Fraction(1, 2))
    assume(0 < tenths < 1000)
    assert shown_rate(above, below) == f"{tenths // 10}.{tenths % 10}"


@pytest.mark.parametrize(
    ("trained", "wanted", "percent", "expected"),
    [
        (0, 13, 70, 10),
        (9, 13, 70, 1),
        (10, 13, 70, 0),
        (12, 13, 70, 0),
        (0, 5, 70, 4),
        (0, 9, 0, 0),
    ],
)
def test_people_are_missing(trained: int, wanted: int, percent: int, expected: int) -> None:
    assert shortfall(trained, wanted, percent) == expected


@given(st.data(), people, st.integers(0, 100))
def test_the_shortfall_is_the_fewest_that_reach_the_target(
    data: st.DataObject, wanted: int, percent: int
) -> None:
    trained = data.draw(st.integers(0, wanted))
    lacking = shortfall(trained, wanted, percent)
    assert reaches(trained + lacking, wanted, percent)
    assert lacking == 0 or not reaches(trained + lacking - 1, wanted, percent)


@pytest.mark.parametrize(
    ("more", "status", "met", "missing"),
    [
        ({"is_asked": False}, Status.NOTHING_ASKED, None, None),
        ({}, Status.NOTHING_ASKED, None, None),
        ({"in_scope": 2, "exempt": 1, "in_grace": 1}, Status.NOTHING_ASKED, None, None),
        ({"in_scope": 2, "trained": 2}, Status.MET, True, 0),
        ({"in_scope": 2, "trained": 2, "percent": None}, Status.NOT_STATED, None, None),
        ({"in_scope": 2, "trained": 2, "units_unconfirmed": 1}, Status.MET_NAMED_ONLY, False, 0),
        ({"in_scope": 2, "trained": 2, "unnamed": 1}, Status.MET_NAMED_ONLY, False, 1),
        ({"in_scope": 2, "trained": 1}, Status.SHORT, False, 1),
        ({"unnamed": 5}, Status.SHORT, False, 4),
        ({"unnamed": 5, "percent": 0}, Status.MET, True, 0),
        ({"in_scope": 10, "trained": 7}, Status.MET, True, 0),
    ],
)
def test_a_figure_has_one_status(
    more: dict[str, int], status: Status, met: bool | None, missing: int | None
) -> None:
    found = replace(NOBODY, **more)  # type: ignore[arg-type]
    assert (found.status, found.met, found.shortfall) == (status, met, missing)


def test_the_declared_but_unnamed_are_below_the_strict_line() -> None:
    found = replace(NOBODY, in_scope=10, trained=10, unnamed=20)
    assert (found.rate, found.strict_rate) == ("100.0", "33.3")
    assert (found.required, found.with_unnamed) == (10, 30)


def test_who_is_neither_exempt_nor_trained_nor_new_is_untrained() -> None:
    found = replace(NOBODY, in_scope=10, exempt=1, in_grace=2, trained=3)
    assert (found.untrained, found.required) == (4, 7)
