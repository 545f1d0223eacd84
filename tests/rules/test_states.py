"""One person's state: due days, unbroken memberships, what meets an item, why it is not met."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.coverage.states import (
    Attempt,
    Evidence,
    Option,
    Reason,
    due_on,
    member_since,
    missing_items,
    plus_days,
    reason_of,
    satisfying,
)

DAY = date(2025, 7, 1)
BEGUN = date(2025, 1, 1)
FIRST = Option("first", 1, date.min, DAY)
SECOND = Option("second", 2, date.min, DAY)


@pytest.mark.parametrize(
    ("target_starts", "grace", "expected"),
    [
        (None, 0, BEGUN),
        (None, 90, date(2025, 4, 1)),
        (date(2025, 3, 1), 0, date(2025, 3, 1)),
        (date(2025, 3, 1), 90, date(2025, 5, 30)),
        (date(2024, 3, 1), 90, date(2025, 4, 1)),
    ],
)
def test_grace_runs_from_the_later_start(
    target_starts: date | None, grace: int, expected: date
) -> None:
    assert due_on(BEGUN, target_starts, grace) == expected


def test_days_stay_within_the_calendar() -> None:
    assert plus_days(date.max, 1) == date.max
    assert plus_days(date.min, -1) == date.min


def test_a_membership_is_unbroken_where_one_ends_as_the_next_begins() -> None:
    renewed = date(2025, 3, 1)
    assert member_since([(renewed, None), (BEGUN, renewed)], DAY) == BEGUN
    assert member_since([(renewed, None), (BEGUN, date(2025, 2, 28))], DAY) == renewed


def test_who_left_is_no_member() -> None:
    assert member_since([(BEGUN, DAY)], DAY) is None
    assert member_since([(BEGUN, DAY)], DAY - timedelta(days=1)) == BEGUN
    assert member_since([], DAY) is None


cuts = st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True).map(sorted)


@given(cuts, st.sets(st.integers(0, 6)), st.integers(0, 30))
def test_the_chain_begins_after_the_last_day_outside(
    days: list[int], left_out: set[int], asked: int
) -> None:
    pieces = [piece for n, piece in enumerate(pairwise(days)) if n not in left_out]
    inside = {day for start, end in pieces for day in range(start, end)}
    first = asked
    while first - 1 in inside:
        first -= 1
    periods = [(BEGUN + timedelta(days=a), BEGUN + timedelta(days=b)) for a, b in pieces]
    expected = BEGUN + timedelta(days=first) if asked in inside else None
    assert member_since(periods, BEGUN + timedelta(days=asked)) == expected


def test_any_course_of_an_item_meets_it_and_every_item_is_needed() -> None:
    other = Option("first", 3, date.min, DAY)
    done = [Evidence(3, BEGUN)]
    assert missing_items([FIRST, other, SECOND], done, DAY) == ("second",)
    assert missing_items([FIRST, other], done, DAY) == ()


def test_the_completion_that_lasts_longest_is_shown() -> None:
    short, long = Evidence(1, BEGUN, valid_through=DAY), Evidence(1, BEGUN)
    assert satisfying([FIRST], [short, long], DAY)["first"] is long


REVOKED = Evidence(1, BEGUN, revoked_from=DAY)
EXPIRED = Evidence(1, BEGUN, valid_through=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("completions", "attempts", "expected"),
    [
        ([], [], Reason.NEVER_ENROLLED),
        ([], [Attempt(1, "withdrawn")], Reason.NEVER_ENROLLED),
        ([], [Attempt(9, "booked")], Reason.NEVER_ENROLLED),
        ([], [Attempt(1, "waiting")], Reason.WAITING),
        ([], [Attempt(1, "waiting"), Attempt(2, "booked")], Reason.BOOKED),
        ([], [Attempt(1, "incomplete", is_over=True)], Reason.INCOMPLETE),
        ([], [Attempt(1, "incomplete")], Reason.BOOKED),
        ([EXPIRED], [Attempt(1, "booked")], Reason.EXPIRED),
        ([EXPIRED, REVOKED], [], Reason.REVOKED),
        ([Evidence(2, BEGUN)], [], Reason.ITEM_MISSING),
        ([Evidence(2, BEGUN)], [Attempt(1, "booked")], Reason.BOOKED),
        ([Evidence(2, BEGUN)], [Attempt(2, "booked")], Reason.ITEM_MISSING),
        ([Evidence(2, BEGUN), EXPIRED], [], Reason.EXPIRED),
    ],
)
def test_an_untrained_person_has_one_reason(
    completions: list[Evidence], attempts: list[Attempt], expected: Reason
) -> None:
    assert reason_of([FIRST, SECOND], completions, attempts, DAY) is expected
