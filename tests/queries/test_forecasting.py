"""The forecast over real facts: what is known to come, what is planned, what is still needed."""

from datetime import date, timedelta
from itertools import chain, combinations

import pytest
from flask import Flask

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.forecasting import Forecast, forecasts
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Status, reaches
from hrtrain.coverage.transitions import Changes
from hrtrain.people.models import Person
from hrtrain.training.models import Course, TrainingSession
from hrtrain.training.rules import valid_through
from hrtrain.units.actions import move_unit
from hrtrain.units.models import Unit
from tests import makers
from tests.makers.province import Province, province
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("app")
TODAY, DAY = date(2026, 11, 22), date(2026, 12, 31)
BEFORE, AFTER = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture(params=["facts", "spans"], autouse=True)
def source(request: pytest.FixtureRequest, app: Flask) -> None:
    """Every test is asked of the facts and of the spans, which follow at the commit."""
    db.session.info["source"] = request.param


def forecast(unit: str | None = None, on: date | None = None) -> Forecast:
    """The one forecast of the province's one target."""
    has_spans = db.session.info["source"] == "spans"
    if has_spans:
        db.session.commit()
    assert is_ready() == has_spans
    (found,) = forecasts("kh175", TODAY, unit=unit, on=on)
    return found


def figures(found: Forecast) -> list[tuple[int, int, int]]:
    """(trained, untrained, in grace) today, then, and with what is planned."""
    rows = (found.today, found.whole.then, found.whole.planned)
    return [(row.trained, row.untrained, row.in_grace) for row in rows]


def planned(course: Course, unit: Unit, *people: Person, **more: object) -> TrainingSession:
    """An open session that ends on 16/12/2026, with these people booked."""
    days = {"starts_on": date(2026, 12, 15), "ends_on": date(2026, 12, 17)}
    session = makers.training_session(course, unit, **{**days, **more})
    for person in people:
        makers.enrolment(session, person)
    return session


def member(here: Province, **more: object) -> Person:
    """One more in the left unit, untrained."""
    person = makers.person()
    makers.membership(person, here.group, here.left, **more)
    return person


def test_nothing_known_to_come_leaves_todays_figures_and_the_seats_lacking() -> None:
    province(deadline=DAY)
    found = forecast()
    assert found.day == DAY
    assert figures(found) == [(2, 2, 0)] * 3
    need = found.whole.need
    assert need is not None and (need.seats, need.to_organise, need.people) == (1, 1, 1)
    assert [(one.course, one.seats, one.free) for one in need.courses] == [("qcn", 1, 0)]


def test_an_expiry_before_the_day_is_expected() -> None:
    here = province(deadline=DAY)
    makers.completion(here.people[2], here.course, TODAY, valid_through=date(2026, 12, 30))
    makers.completion(here.people[3], here.course, TODAY, valid_through=DAY)
    assert figures(forecast()) == [(4, 0, 0), (3, 1, 0), (3, 1, 0)]
    assert forecast(on=AFTER).whole.then.trained == 2


def test_known_leavers_and_joiners_are_expected() -> None:
    here = province(deadline=DAY)
    member(here, starts_on=date(2020, 1, 1), ends_on=BEFORE)
    member(here, starts_on=BEFORE)
    member(here, starts_on=DAY)
    member(here, starts_on=AFTER)
    assert figures(forecast()) == [(2, 3, 0), (2, 4, 0), (2, 4, 0)]


def test_grace_that_ends_before_the_day_is_expected() -> None:
    here = province(deadline=DAY, grace_days=30)
    ends = member(here, starts_on=date(2026, 11, 10))
    member(here, starts_on=BEFORE + timedelta(1))
    planned(here.course, here.top, ends)
    assert figures(forecast()) == [(2, 2, 1), (2, 3, 1), (3, 2, 1)]


def test_somebody_still_in_grace_who_is_booked_comes_below_the_line() -> None:
    here = province(deadline=DAY, grace_days=90)
    planned(here.course, here.top, member(here, starts_on=BEFORE))
    assert figures(forecast()) == [(2, 2, 0), (2, 2, 1), (3, 2, 0)]


def test_only_booked_people_of_open_sessions_that_end_by_the_day_complete() -> None:
    here = province(deadline=DAY)
    booked, late, waits, absent, closed = (member(here) for _ in range(5))
    session = planned(here.course, here.top, booked)
    makers.enrolment(session, waits, state="waiting")
    makers.enrolment(session, absent, attended=False)
    planned(here.course, here.top, late, ends_on=AFTER + timedelta(1))
    planned(here.course, here.top, closed, state="cancelled")
    found = forecast()
    assert figures(found)[2] == (3, 6, 0) and found.whole.booked_count == 1
    assert forecast(on=AFTER).whole.planned.trained == 4


def test_a_session_that_ends_on_the_day_itself_counts() -> None:
    here = province(deadline=DAY)
    planned(here.course, here.top, member(here), ends_on=AFTER)
    assert figures(forecast())[2] == (3, 2, 0)


def test_a_booking_whose_validity_ends_before_the_day_does_not_help() -> None:
    here = province(deadline=date(2027, 1, 17))
    here.course.validity_months = 1
    planned(here.course, here.top, here.people[2], ends_on=date(2026, 12, 17))
    planned(here.course, here.top, here.people[3], ends_on=date(2026, 12, 18))
    found = forecast()
    assert figures(found)[2] == (3, 1, 0)
    assert found.whole.need is not None and found.whole.need.seats == 0


def test_a_course_no_longer_accepted_offers_nothing() -> None:
    here = province(deadline=DAY)
    other = makers.course("cu")
    makers.requirement(here.programme, here.group, other, "Khác", accepts_to=TODAY)
    planned(other, here.top, here.people[0])
    need = forecast().whole.need
    assert need is not None and not need.is_possible


def test_several_items_need_several_seats_and_half_a_booking_is_half() -> None:
    here = province(100, deadline=DAY)
    other = makers.course("cn")
    makers.requirement(here.programme, here.group, other, "Cập nhật")
    planned(other, here.top, *here.people[:3], capacity=5)
    found = forecast()
    assert figures(found) == [(0, 4, 0), (0, 4, 0), (2, 2, 0)]
    need = found.whole.need
    assert need is not None and (need.seats, need.people, need.to_organise) == (3, 2, 2)
    assert [(one.course, one.seats, one.free) for one in need.courses] == [
        ("cn", 1, 2),
        ("qcn", 2, 0),
    ]


def test_only_items_asked_on_the_day_are_needed() -> None:
    here = province(deadline=DAY)
    other = makers.course("cn")
    makers.requirement(here.programme, here.group, other, "Sau này", starts_on=AFTER)
    assert figures(forecast())[1] == (2, 2, 0)
    assert forecast(on=AFTER).whole.then.untrained == 4


def test_who_is_exempt_is_not_waited_for() -> None:
    here = province(100, deadline=DAY)
    makers.exemption(here.people[2], here.programme, here.group)
    makers.exemption(here.people[3], here.programme, here.group, ends_on=DAY)
    found = forecast()
    assert figures(found)[:2] == [(2, 0, 0), (2, 1, 0)]
    assert found.whole.need is not None and found.whole.need.seats == 1


def test_people_without_a_name_must_be_named_first() -> None:
    here = province(100, deadline=DAY)
    makers.headcount(here.right, here.group, 3)
    need = forecast().whole.need
    assert need is not None and (need.names_first, need.people, need.seats) == (2, 2, 4)


def test_free_seats_are_those_of_sessions_within_or_above_the_scope() -> None:
    here = province(100, deadline=DAY)
    above = makers.unit("tw")
    makers.parent(here.top, above)
    makers.parent(here.other, above)
    for unit, capacity in ((here.other, 50), (here.left, 3), (above, 4)):
        planned(here.course, unit, capacity=capacity)
    planned(here.course, here.top, starts_on=BEFORE - timedelta(20), ends_on=TODAY)
    found = forecast()
    need = found.whole.need
    assert need is not None and [one.free for one in need.courses] == [7]
    assert [one.free for one in found.sessions] == [0, 3, 4]


def test_a_session_without_a_capacity_has_room_for_everybody() -> None:
    here = province(100, deadline=DAY)
    planned(here.course, here.top, capacity=None)
    need = forecast().whole.need
    assert need is not None and (need.seats, need.to_organise) == (2, 0)


def test_each_unit_by_itself_is_another_question_than_the_whole() -> None:
    here = province(50, deadline=DAY)
    for _each in range(3):
        makers.membership(makers.person(), here.group, here.right)
    found = forecast("u0")
    seats = {one.then.unit: one.need.seats for one in found.units if one.need}
    assert seats == {"u0": 0, "u1": 0, "u2": 2}
    assert found.whole.need is not None and found.whole.need.seats == 2
    assert sum(one.missing_count for one in found.units) == found.whole.missing_count == 5


def test_a_unit_above_the_scope_sees_all_of_it_below_the_child_that_leads_there() -> None:
    here = province(deadline=DAY)
    above = makers.unit("tw")
    makers.parent(here.top, above)
    found = forecast("tw")
    assert {one.then.unit: one.missing_count for one in found.units} == {"u0": 2, "tw": 0}
    assert found.whole.need is not None and found.whole.need.seats == 1


def test_a_target_without_a_percentage_says_what_comes_and_needs_nothing() -> None:
    here = province(None, deadline=DAY)
    planned(here.course, here.top, here.people[3])
    found = forecast()
    assert figures(found)[2] == (3, 1, 0)
    assert found.whole.need is None and found.whole.then.status is Status.NOT_STATED


def test_a_programme_without_targets_has_no_forecast() -> None:
    makers.programme("p")
    assert forecasts("p", TODAY) == []


def test_the_past_and_the_unknown_are_refused_by_name() -> None:
    province()
    with pytest.raises(Refusal, match="trước hôm nay"):
        forecasts("kh175", TODAY, on=date(2026, 11, 21))
    with pytest.raises(Refusal, match="chương trình “khác”"):
        forecasts("khác", TODAY)
    with pytest.raises(Refusal, match="đơn vị “khác”"):
        forecasts("kh175", TODAY, unit="khác")


def test_more_people_and_units_cost_no_more_statements() -> None:
    here = province(deadline=DAY)
    planned(here.course, here.top, here.people[3])
    forecast("u0")
    with statements_sent() as few:
        forecast("u0")
    for number in range(9):
        unit = makers.unit(f"x{number}", under=here.top)
        for _each in range(2):
            person = makers.person()
            makers.membership(person, here.group, unit)
            planned(here.course, unit, person)
    assert forecast("u0").whole.planned.trained == 21
    with statements_sent() as many:
        forecast("u0")
    assert len(many) == len(few)


def complete(session: TrainingSession, person: Person, course: Course) -> None:
    """What closing the session will record."""
    on = session.ends_on - timedelta(1)
    last = valid_through(on, course.validity_months)
    makers.completion(person, course, on, valid_through=last, training_session_id=session.id)


def test_what_is_planned_is_what_then_happens() -> None:
    here = province(deadline=DAY, grace_days=60)
    here.course.validity_months = 12
    people = [*here.people[1:], member(here), member(here, starts_on=BEFORE)]
    session = planned(here.course, here.top, *people)
    found = forecast("u0")
    for person in people:
        complete(session, person, here.course)
    db.session.commit()
    (after,) = standings(Question("kh175", DAY, "u0"))
    assert after == found.whole.planned
    parts = standings(Question("kh175", DAY, "u0", by="unit"))
    assert parts == [one.planned for one in found.units]


@pytest.mark.parametrize("percent", [30, 50, 75, 100])
def test_the_fewest_seats_are_those_that_trying_every_set_of_completions_finds(
    percent: int,
) -> None:
    here = province(percent, deadline=DAY, grace_days=60)
    courses = [here.course, makers.course("cn"), makers.course("cả hai")]
    for course in courses[1:]:
        makers.requirement(here.programme, here.group, course, "Cập nhật")
    makers.requirement(here.programme, here.group, courses[2], "Tập huấn")
    people = [here.people[0], here.people[3], member(here, starts_on=BEFORE)]
    makers.exemption(here.people[1], here.programme, here.group)
    makers.exemption(here.people[2], here.programme, here.group)
    planned(here.course, here.top, people[2])
    need = forecast().whole.need
    complete(planned(here.course, here.top), people[2], here.course)
    db.session.commit()
    seats = [(person, course) for person in people for course in courses]
    every = chain.from_iterable(combinations(seats, size) for size in range(4))
    fewest = next(len(one) for one in every if is_met_with(one, percent))
    assert need is not None and need.seats == fewest


def is_met_with(seats: tuple[tuple[Person, Course], ...], percent: int) -> bool:
    """Whether the target is met on the day once these seats are completed; undone afterwards."""
    for person, course in seats:
        makers.completion(person, course, DAY)
    (row,) = standings(Question("kh175", DAY))
    db.session.rollback()
    return reaches(row.trained, row.with_unnamed, percent)


def test_what_is_known_to_change_until_the_day_is_told() -> None:
    here = province(deadline=DAY, grace_days=30)
    makers.completion(here.people[2], here.course, TODAY, valid_through=BEFORE)
    makers.completion(here.people[3], here.course, BEFORE)
    member(here, ends_on=DAY)
    member(here, starts_on=BEFORE)
    member(here, starts_on=date(2026, 11, 15))
    makers.exemption(member(here), here.programme, here.group, starts_on=DAY)
    makers.exemption(member(here), here.programme, here.group, ends_on=DAY)
    found = forecast("u1").changes
    if not is_ready():
        assert found is None
        return
    assert found == Changes(1, 0, 1, 1, 1, 1, 1)
    assert forecast().changes == Changes(1, 1, 1, 1, 1, 1, 1)


def test_who_moves_within_the_place_neither_leaves_nor_joins() -> None:
    here = province(deadline=DAY)
    moves = member(here, ends_on=BEFORE)
    makers.membership(moves, here.group, here.right, starts_on=BEFORE)
    left, right, top = (forecast(unit).changes for unit in ("u1", "u2", "u0"))
    if is_ready():
        assert (left, right, top) == (Changes(left=1), Changes(joined=1), Changes())
    assert forecast(on=TODAY).changes == Changes()


def test_who_goes_away_with_a_whole_unit_leaves_the_place() -> None:
    here = province(deadline=DAY)
    move_unit(here.left, here.other, BEFORE, by=None)
    comes = makers.unit(under=here.other)
    makers.membership(makers.person(), here.group, comes)
    move_unit(comes, here.top, BEFORE, by=None)
    found = forecast("u0").changes
    assert found == (Changes(left=3, joined=1) if is_ready() else None)


def test_of_two_items_nobody_is_read_but_who_holds_a_seat() -> None:
    here = province(deadline=DAY)
    makers.requirement(here.programme, here.group, makers.course("cn"), "Cập nhật")
    db.session.commit()
    with statements_sent() as sent:
        (found,) = forecasts("kh175", TODAY, unit="u0")
        needs = [one.need.seats for one in found.units if one.need]
    assert needs == [4, 2, 0]
    assert not any("coverage_span" in one or "completion" in one for one in sent)
