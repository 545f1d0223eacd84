"""Overlapping memberships and birth dates that may be the same, by tables."""

from datetime import date

import pytest

from hrtrain.core.period import Period
from hrtrain.people import rules


def test_membership_sharing_a_day_stands_in_the_way() -> None:
    others = [(Period(date(2025, 1, 1), date(2025, 7, 1)), "U1"), (Period(date(2026, 1, 1)), "U2")]
    assert rules.in_the_way(Period(date(2025, 7, 1), date(2026, 1, 1)), others) is None
    assert rules.in_the_way(Period(date(2025, 12, 31)), others) == others[1]


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("1985-05-12", "1985-05-12", True),
        ("1985-05-12", "1985", True),
        ("", "1985", True),
        ("1985-05", "1985-06", False),
        ("1985-05-12", "1984", False),
    ],
)
def test_birth_dates_may_be_one_when_one_begins_the_other(
    one: str, other: str, may_be: bool
) -> None:
    assert rules.may_be_born_alike(one, other) is may_be
