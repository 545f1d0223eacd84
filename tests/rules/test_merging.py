"""What a merge does with two people's days in groups and their details."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core.period import Period, holds
from hrtrain.merging.rules import Post, Side, clashes, fuller, plan_posts, without

DAY = date(2025, 1, 1)
DAYS = [DAY + timedelta(days=n) for n in range(-1, 12)]


def day(number: int | None) -> date | None:
    return None if number is None else DAY + timedelta(days=number)


def periods(values: list[int], *, is_open: bool) -> list[Period]:
    """Consecutive pairs of the sorted numbers; the last may be open."""
    ends = sorted(set(values))
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    found = [Period(day(start), day(end)) for start, end in pairs]
    if is_open and found:
        found[-1] = Period(found[-1].starts_on, None)
    return found


STAYS = st.builds(periods, st.lists(st.integers(0, 10), max_size=6), is_open=st.booleans())


def posts(stays: list[Period], first_id: int, unit: int) -> list[Post]:
    return [Post(first_id + n, 1, unit, "", period) for n, period in enumerate(stays)]


def unit_on(found: list[Post], on: date) -> list[int]:
    return [p.unit_id for p in found if holds(p.period.starts_on, p.period.ends_on, on)]


@given(STAYS, STAYS, st.sampled_from(Side))
def test_on_every_day_one_side_stands_and_nobody_twice(
    mine: list[Period], theirs: list[Period], holder: Side
) -> None:
    kept, merged = posts(mine, 1, 10), posts(theirs, 101, 20)
    plan = plan_posts(kept, merged, {1: holder})
    after = [post for post in kept if post.id not in plan.retracted] + list(plan.recorded)
    first, second = (kept, merged) if holder is Side.KEPT else (merged, kept)
    for on in DAYS:
        assert unit_on(after, on) == (unit_on(first, on) or unit_on(second, on))
    assert {post.id for post in merged} <= plan.retracted


@given(STAYS, STAYS)
def test_days_without_others_are_none_of_them(mine: list[Period], theirs: list[Period]) -> None:
    for period in mine:
        for other in theirs:
            left = without(period, other)
            for on in DAYS:
                is_left = any(part.holds(on) for part in left)
                assert is_left == (period.holds(on) and not other.holds(on))


def test_same_post_on_both_sides_is_no_clash_and_another_is() -> None:
    stay = [Period(DAY, None)]
    assert clashes(posts(stay, 1, 10), posts(stay, 2, 10)) == []
    assert len(clashes(posts(stay, 1, 10), posts(stay, 2, 20))) == 1


def test_groups_do_not_meet() -> None:
    kept = posts([Period(DAY, None)], 1, 10)
    other = [Post(2, 7, 20, "", Period(DAY, None))]
    assert plan_posts(kept, other, {}).recorded == tuple(other)


def test_kept_detail_stands_unless_it_lacks_it_or_knows_less_of_the_birth() -> None:
    def side(field: str, mine: str, theirs: str) -> Side:
        return fuller(field, {Side.KEPT: mine, Side.MERGED: theirs})

    assert side("phone", "1", "2") is Side.KEPT
    assert side("phone", "", "2") is Side.MERGED
    assert side("birth", "1985", "1985-03-02") is Side.MERGED
    assert side("birth", "1985-03-02", "1985") is Side.KEPT
    assert side("birth", "1985", "1986-03-02") is Side.KEPT
