"""Who is trained on a day and untrained soon, against the states of each day to come."""

from datetime import date, timedelta

import pytest

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.coverage.expiring import everybody_expiring, expiring_counts, expiring_people
from hrtrain.coverage.names import everybody_behind
from hrtrain.coverage.queries import Question
from hrtrain.coverage.states import State
from tests import makers
from tests.makers.province import province
from tests.queries.histories import day_of
from tests.queries.test_trends import lived
from tests.queries.worlds import DAYS
from tests.statements import plans_made

pytestmark = pytest.mark.usefixtures("app")
DAY = date(2026, 11, 22)


def states_by_day(programme: str, group: str) -> dict[int, dict[int, State]]:
    """Everybody's state on each day."""
    found = {}
    for day in DAYS:
        people = everybody_behind(Question(programme, day_of(day), group=group), tuple(State))
        found[day] = {one.id: one.state for one in people}
    return found


def days_left(states: dict[int, dict[int, State]], person: int, day: int, days: int) -> int | None:
    """The first untrained day when all days before it are trained ones; None if not so soon."""
    for later in range(day, day + days + 1):
        state = states.get(later, {}).get(person)
        if state is State.UNTRAINED and later > day:
            return later
        if state is not State.TRAINED:
            return None
    return None


@pytest.mark.parametrize("engine", ["sqlite"])
def test_expiring_are_those_whose_trained_days_end_in_untrained_ones() -> None:
    country, met = lived(5), 0
    for (programme, group), goal in country.common.own_goals.items():
        assert goal.scope is None
        states = states_by_day(programme, group)
        for day in range(14):
            question = Question(programme, day_of(day), group=group)
            got = {one.id: one.untrained_from for one in everybody_expiring(question, 6)}
            ends = {person: days_left(states, person, day, 6) for person in states[day]}
            wanted = {who: day_of(end) for who, end in ends.items() if end is not None}
            assert got == wanted, question
            met += len(got)
    assert met > 5


def test_run_over_two_units_is_one_and_the_unit_is_that_of_the_day() -> None:
    here = province()
    who = makers.person("Mai")
    move, last = date(2026, 12, 1), date(2026, 12, 15)
    makers.membership(who, here.group, here.left, ends_on=move)
    makers.membership(who, here.group, here.right, starts_on=move)
    makers.completion(who, here.course, date(2025, 1, 1), valid_through=last)
    db.session.commit()
    (one,) = expiring_people(Question("kh175", DAY, "u1", "hr_officer"), 30).rows
    assert (one.id, one.unit_key, one.last_day) == (who.id, "u1", last)
    assert not expiring_people(Question("kh175", DAY, "u2", "hr_officer"), 30).rows
    assert not expiring_people(Question("kh175", DAY, "u1", "hr_officer"), 23).rows
    assert expiring_counts(Question("kh175", DAY, "u0"), 24) == {("kh175", "hr_officer"): 1}


def test_pages_follow_each_other_in_vietnamese_order() -> None:
    here = province()
    for name in ("Lê Văn Đạt", "Trần Thị Ánh", "Nguyễn An", "Bùi Thị Yến"):
        person = makers.person(name)
        makers.membership(person, here.group, here.left)
        makers.completion(person, here.course, date(2025, 1, 1), valid_through=DAY)
    db.session.commit()
    question = Question("kh175", DAY, "u1", "hr_officer")
    first = expiring_people(question, 1, size=3)
    second = expiring_people(question, 1, size=3, after=first.after)
    names = [one.full_name for one in [*first.rows, *second.rows]]
    assert names == ["Nguyễn An", "Trần Thị Ánh", "Lê Văn Đạt", "Bùi Thị Yến"]
    assert second.after is None


def test_end_of_membership_or_exemption_is_no_expiry() -> None:
    here = province()
    makers.exemption(here.people[0], here.programme, here.group, starts_on=DAY + timedelta(days=5))
    db.session.commit()
    assert not list(everybody_expiring(Question("kh175", DAY, group="hr_officer"), 90))


def test_known_earlier_is_refused() -> None:
    province()
    db.session.commit()
    with pytest.raises(Refusal):
        expiring_counts(Question("kh175", DAY, known_at=clock.now()), 90)


def test_targets_of_everywhere_and_of_a_place_are_counted_together() -> None:
    here, second = province(), makers.group("second")
    here.programme.authority_unit_id, here.target.scope_unit_id = None, here.right.id
    makers.target(here.programme, second)
    makers.requirement(here.programme, second, here.course)
    for group, unit in ((here.group, here.left), (here.group, here.right), (second, here.other)):
        who = makers.person()
        makers.membership(who, group, unit)
        makers.completion(who, here.course, date(2025, 1, 1), valid_through=date(2026, 12, 15))
    db.session.commit()
    counts = expiring_counts(Question("kh175", DAY), 30)
    assert counts == {("kh175", "hr_officer"): 1, ("kh175", "second"): 1}


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("unit", [None, "u0"])
def test_spans_are_found_unit_by_unit_however_many_the_country_has(unit: str | None) -> None:
    province()
    db.session.commit()
    with plans_made() as plans:
        expiring_counts(Question("kh175", DAY, unit), 30)
    assert (
        "SEARCH one USING COVERING INDEX ix_coverage_span_unit (measure_id=? AND unit_id=?"
        in (plans[-1])
    )
