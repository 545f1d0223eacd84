"""The forecast's rules: days, validity, what seats offer, the fewest seats by trying every set."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, combinations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hrtrain.coverage.forecast import (
    Offer,
    People,
    earliest_lasting,
    forecast_day,
    items_met,
    lasting,
    offers_of,
    unbegun,
    with_planned,
)
from hrtrain.coverage.rules import Standing, reaches
from hrtrain.coverage.seats import (
    CourseNeed,
    Need,
    Room,
    Verdict,
    cheapest_courses,
    seats_needed,
    verdict_of,
)
from hrtrain.coverage.states import Evidence, Option, satisfying
from hrtrain.training.rules import valid_through

TODAY, DAY = date(2026, 11, 22), date(2026, 12, 31)
A, B, BOTH = Offer("a", frozenset("x")), Offer("b", frozenset("y")), Offer("c", frozenset("xy"))


def standing(
    trained: int, untrained: int, percent: int | None = 70, *, in_grace: int = 0, unnamed: int = 0
) -> Standing:
    nobody = Standing("p", "Kế hoạch", "g", "Nhóm", "u", "Đơn vị", percent=percent)
    in_scope = trained + untrained + in_grace
    return replace(nobody, in_scope=in_scope, trained=trained, in_grace=in_grace, unnamed=unnamed)


def lacking(count: int, missing: str, *, booked: str = "", in_grace: bool = False) -> People:
    return People(count, in_grace, frozenset(missing), frozenset(booked))


@pytest.mark.parametrize(
    ("deadline", "ends_on", "expected"),
    [
        (date(2026, 12, 1), date(2028, 1, 1), date(2026, 12, 1)),
        (TODAY, None, TODAY),
        (None, date(2028, 1, 1), date(2027, 12, 31)),
        (date(2025, 12, 31), date(2028, 1, 1), date(2027, 12, 31)),
        (date(2025, 12, 31), date(2026, 11, 22), DAY),
        (None, None, DAY),
    ],
)
def test_the_day_is_the_deadline_else_the_programmes_last_else_the_years(
    deadline: date | None, ends_on: date | None, expected: date
) -> None:
    assert forecast_day(deadline, ends_on, TODAY) == expected


days = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@given(days, st.integers(1, 50))
@example(date(2024, 2, 29), 12)
@example(date(2025, 3, 30), 1)
def test_the_earliest_lasting_completion_is_the_first_whose_validity_reaches(
    day: date, months: int
) -> None:
    first = earliest_lasting(day, months)
    assert (valid_through(first, months) or date.max) >= day
    assert (valid_through(first - timedelta(days=1), months) or date.max) < day


def test_what_never_ends_lasts_from_any_day() -> None:
    assert earliest_lasting(DAY, None) == date.min
    assert earliest_lasting(date(1, 3, 1), 12) == date.min


def test_a_seat_whose_validity_ends_before_the_day_meets_nothing() -> None:
    briefing = [lasting(Option("x", 1, date.min, DAY), 1, DAY)]
    assert items_met(briefing, 1, date(2026, 11, 30)) == frozenset()
    assert items_met(briefing, 1, date(2026, 12, 1)) == {"x"}


offsets = st.integers(0, 12)
options = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(1, 2), offsets, offsets), min_size=1, max_size=5
)


@given(options, offsets)
def test_offers_are_what_single_days_meet_together(
    rows: list[tuple[str, int, int, int]], today: int
) -> None:
    start, end = TODAY, TODAY + timedelta(days=12)
    asked = [Option(i, c, start + timedelta(a), start + timedelta(b)) for i, c, a, b in rows]
    ahead = [start + timedelta(n) for n in range(today, 13)]
    by_day = {
        (str(course), frozenset(satisfying(asked, [Evidence(course, day)], end)))
        for course, day in product((1, 2), ahead)
    }
    kept = {(c, i) for c, i in by_day if i and not any(c == d and i < more for d, more in by_day)}
    found = offers_of(asked, {1: "1", 2: "2"}, start + timedelta(today))
    assert {(offer.course, offer.items) for offer in found} == kept


def test_planned_seats_train_whom_they_leave_nothing_to_lack() -> None:
    people = [
        lacking(2, "x", booked="x"),
        lacking(1, "xy", booked="x"),
        lacking(3, "y", booked="y", in_grace=True),
        lacking(1, "x", in_grace=True),
    ]
    planned = with_planned(standing(5, 3, in_grace=4), people)
    assert (planned.trained, planned.untrained, planned.in_grace) == (10, 1, 1)


def test_who_has_not_begun_is_what_the_figures_leave_over() -> None:
    begun = [lacking(1, "x", booked="x"), lacking(1, "y", in_grace=True)]
    rest = unbegun(standing(2, 3, in_grace=2), begun, frozenset("xy"))
    assert rest == [lacking(1, "xy", in_grace=True), lacking(2, "xy")]
    assert unbegun(standing(2, 1, in_grace=1), begun, frozenset("xy")) == []


@pytest.mark.parametrize(
    ("then", "need", "verdict"),
    [
        (standing(3, 1), Need(), Verdict.MET_ANYWAY),
        (standing(1, 1), Need(), Verdict.MET_BY_PLAN),
        (replace(standing(3, 1), units_unconfirmed=1), Need(), Verdict.UNCONFIRMED),
        (standing(1, 1), Need(seats=2, people=2), Verdict.SEATS),
        (standing(1, 0, unnamed=3), Need(seats=2, names_first=2), Verdict.NAMES),
        (standing(1, 1), Need(is_possible=False), Verdict.IMPOSSIBLE),
        (standing(1, 1, None), None, Verdict.NOT_STATED),
        (standing(0, 0, in_grace=3), Need(), Verdict.NOTHING_ASKED),
    ],
)
def test_a_verdict_says_what_stands_in_the_way(
    then: Standing, need: Need | None, verdict: Verdict
) -> None:
    assert verdict_of(then, need) is verdict


def test_the_cheapest_courses_are_the_fewest_then_those_with_room_then_by_code() -> None:
    assert cheapest_courses(frozenset("xy"), [A, B, BOTH]) == (BOTH,)
    assert cheapest_courses(frozenset("x"), [A, BOTH]) == (A,)
    assert cheapest_courses(frozenset("x"), [A, BOTH], {A: 0, BOTH: 1}) == (BOTH,)
    assert cheapest_courses(frozenset("x"), [A, BOTH], {BOTH: 0}) == (BOTH,)
    assert cheapest_courses(frozenset("xz"), [A, BOTH]) is None


ALL = frozenset("xy")


def need(then: Standing, people: list[People], free: Room | None = None) -> Need:
    found = seats_needed(then, people, [A, B, BOTH], items=ALL, free=free)
    assert found is not None
    return found


def test_seventy_percent_of_thirteen_needs_ten() -> None:
    found = need(standing(6, 7), [lacking(7, "x")])
    assert (found.seats, found.people, found.courses) == (4, 4, (CourseNeed("a", 4),))
    assert found.to_organise == 4


def test_free_seats_are_taken_before_others_are_organised() -> None:
    people = [lacking(3, "x"), lacking(3, "y")]
    found = need(standing(4, 6), people, {B: 2})
    assert found.courses == (CourseNeed("a", 1), CourseNeed("b", 2, 2))
    assert found.to_organise == 1
    assert need(standing(4, 6), people, {BOTH: None}).to_organise == 0


def test_who_has_one_way_only_takes_the_free_seat() -> None:
    found = need(standing(0, 2, 100), [lacking(1, "x"), lacking(1, "y")], {BOTH: 1, A: 1})
    assert {one.course: one.to_organise for one in found.courses} == {"a": 0, "c": 0}


def test_a_target_met_by_what_is_planned_needs_nothing() -> None:
    assert need(standing(6, 4), [lacking(1, "x", booked="x"), lacking(3, "x")]) == Need()


def test_the_cheapest_people_are_taken() -> None:
    people = [lacking(1, "xy"), lacking(1, "x")]
    found = seats_needed(standing(0, 2, 50), people, [A, B], items=ALL)
    assert found is not None and found.seats == 1


@pytest.mark.parametrize(
    ("percent", "seats"), [(30, 1), (50, 1), (60, 2)], ids=["cheaper", "just enough", "too little"]
)
def test_people_in_grace_are_taken_where_that_costs_less(percent: int, seats: int) -> None:
    people = [lacking(1, "xy"), lacking(1, "x", in_grace=True)]
    found = seats_needed(standing(0, 1, percent, in_grace=1), people, [A, B], items=ALL)
    assert found is not None and (found.seats, found.people) == (seats, 1)


def test_names_come_first_where_everybody_named_is_not_enough() -> None:
    found = need(standing(2, 1, 100, unnamed=2), [lacking(1, "x")])
    assert (found.names_first, found.people, found.seats) == (2, 1, 3)
    assert {one.course: one.seats for one in found.courses} == {"a": 1, "c": 2}


def test_what_no_course_offers_any_more_cannot_be_met() -> None:
    assert not need(standing(0, 2), [lacking(2, "z")]).is_possible


def test_without_a_percentage_there_is_no_answer() -> None:
    assert seats_needed(standing(0, 2, None), [lacking(2, "x")], [A], items=ALL) is None


some = st.frozensets(st.sampled_from("xyz"))
booked = st.one_of(st.just(frozenset[str]()), some)
person = st.tuples(st.booleans(), st.frozensets(st.sampled_from("xyz"), min_size=1), booked)


def subsets(offers: list[Offer]) -> list[tuple[Offer, ...]]:
    sizes = range(len(offers) + 1)
    return list(chain.from_iterable(combinations(offers, size) for size in sizes))


def by_trying(
    people: list[tuple[bool, frozenset[str], frozenset[str]]],
    offers: list[Offer],
    *,
    trained: int,
    unnamed: int,
    percent: int,
) -> tuple[int, int] | None:
    """The fewest names and then seats, over every set of (person, seat); None when none will do."""
    found: list[tuple[int, int]] = []
    for names in range(unnamed + 1):
        everybody = [*people, *([(False, frozenset("xyz"), frozenset[str]())] * names)]
        for seats in product(subsets(offers), repeat=len(everybody)):
            above, below = trained, trained + unnamed - names
            for (is_in_grace, missing, booked), taken in zip(everybody, seats, strict=True):
                done = not missing - booked - frozenset().union(*(one.items for one in taken))
                above += done
                below += done or not is_in_grace
            if reaches(above, below, percent):
                found.append((names, sum(map(len, seats))))
        if found:
            return min(found)
    return None


@settings(max_examples=300, deadline=None)
@given(
    st.lists(person, max_size=4),
    st.lists(st.frozensets(st.sampled_from("xyz"), min_size=1), max_size=3),
    st.integers(0, 3),
    st.integers(0, 1),
    st.one_of(st.integers(0, 100), st.sampled_from([50, 70, 100])),
)
def test_the_fewest_seats_are_those_that_trying_every_set_finds(
    people: list[tuple[bool, frozenset[str], frozenset[str]]],
    courses: list[frozenset[str]],
    trained: int,
    unnamed: int,
    percent: int,
) -> None:
    people = people[: 4 - unnamed]
    offers = [Offer(str(number), items) for number, items in enumerate(courses)]
    in_grace = sum(one[0] for one in people)
    then = standing(trained, len(people) - in_grace, percent, in_grace=in_grace, unnamed=unnamed)
    patterns = [People(1, *one) for one in people]
    found = seats_needed(then, patterns, offers, items=frozenset("xyz"))
    expected = by_trying(people, offers, trained=trained, unnamed=unnamed, percent=percent)
    assert found is not None
    assert ((found.names_first, found.seats) if found.is_possible else None) == expected
    assert sum(one.seats for one in found.courses) == found.seats
