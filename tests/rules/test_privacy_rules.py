"""Due days of requests about personal data, working days and days off."""

from datetime import date

import pytest

from hrtrain.privacy.holidays import LIST, days_off, last_listed_year, read_holidays
from hrtrain.privacy.rules import (
    RequestState,
    Right,
    WorkingDays,
    acknowledge_by,
    answer_by,
    months_before,
    next_due,
)

MONDAY = date(2026, 11, 2)
HOLIDAYS = read_holidays(LIST.read_text(encoding="utf-8").splitlines())


def working(*years: int) -> WorkingDays:
    return WorkingDays(days_off(HOLIDAYS, years))


@pytest.mark.parametrize(
    ("received", "until"),
    [
        (date(2026, 11, 2), date(2026, 11, 4)),
        (date(2026, 11, 5), date(2026, 11, 9)),
        (date(2026, 11, 7), date(2026, 11, 10)),
        (date(2025, 12, 31), date(2026, 1, 5)),
        (date(2026, 2, 13), date(2026, 2, 23)),
    ],
)
def test_two_working_days_pass_over_weekends_and_days_off(received: date, until: date) -> None:
    assert acknowledge_by(received, working(2025, 2026)) == until


@pytest.mark.parametrize(
    ("right", "days", "extended", "by_processor"),
    [
        (Right.VIEW, 10, 20, 15),
        (Right.CORRECT, 10, 20, 15),
        (Right.COPY, 10, 20, 15),
        (Right.WITHDRAW, 15, 30, 20),
        (Right.RESTRICT, 15, 30, 20),
        (Right.OBJECT, 15, 30, 20),
        (Right.ERASE, 20, 40, 30),
        (Right.PROTECT, 15, 30, 15),
    ],
)
def test_days_to_answer_are_those_of_the_decree(
    right: Right, days: int, extended: int, by_processor: int
) -> None:
    assert (answer_by(right, MONDAY) - MONDAY).days == days
    assert (answer_by(right, MONDAY, is_extended=True) - MONDAY).days == extended
    assert (answer_by(right, MONDAY, through_processor=True) - MONDAY).days == by_processor


def test_day_off_on_a_weekend_gives_the_next_working_day() -> None:
    # 10/3 of the lunar calendar fell on Sunday 26 April 2026.
    off = days_off(HOLIDAYS, [2026])
    assert {date(2026, 4, 26), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)} <= off
    assert date(2026, 4, 28) not in off


def test_two_days_off_on_one_weekend_give_two_working_days() -> None:
    # Tết 2027: Friday to Monday, two of them on the weekend.
    off = days_off(HOLIDAYS, [2027])
    assert {date(2027, 2, day) for day in (5, 6, 7, 8, 9, 10)} <= off
    assert date(2027, 2, 11) not in off


def test_list_says_how_far_it_reaches() -> None:
    assert last_listed_year(HOLIDAYS) == 2028


def test_line_without_a_day_of_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="day is out of range"):
        read_holidays(["day,name,source", "2026-02-30,Không có,"])


def test_acknowledgement_is_due_first_then_the_answer_then_nothing() -> None:
    days = date(2026, 11, 4), date(2026, 11, 12)
    first = next_due(RequestState.RECEIVED, *days, date(2026, 11, 5))
    assert first and first.is_acknowledgement and first.is_overdue and first.days_left == -1
    then = next_due(RequestState.ACKNOWLEDGED, *days, date(2026, 11, 12))
    assert then and not then.is_acknowledgement and not then.is_overdue
    assert next_due(RequestState.DONE, *days, date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 11, 22), 120, date(2016, 11, 22)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_before_stay_within_the_month(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
