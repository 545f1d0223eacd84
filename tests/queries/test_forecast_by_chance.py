"""What a forecast expects of small countries made by chance is what then happens, unit by unit."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.coverage.asked import read_plans
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.lacking import Begun, people_begun
from hrtrain.coverage.queries import Question, looks_of, settled, standings
from hrtrain.people.models import Person
from hrtrain.training.models import Course, TrainingSession
from hrtrain.units.models import Unit
from tests import makers
from tests.makers.province import Province, province
from tests.queries.test_forecasting import AFTER, DAY, TODAY, complete, forecast, planned, source

pytestmark = pytest.mark.usefixtures("app", "source")
__all__ = ["source"]
Seat = tuple[TrainingSession, Person, Course, str]
STATES = ["booked", "booked", "waiting", "withdrawn"]


def country(dice: Random) -> tuple[Province, list[Course]]:
    """The province with ten more people, and two courses of one item or of two."""
    here = province(dice.choice([40, 70, 100]), deadline=DAY, grace_days=dice.choice([0, 40]))
    here.course.validity_months = dice.choice([None, 1, 12])
    other = makers.course("cn", validity_months=dice.choice([None, 1]))
    makers.requirement(here.programme, here.group, other, dice.choice(["Tập huấn", "Cập nhật"]))
    here.people += [somebody(dice, here) for _each in range(10)]
    courses = [here.course, other]
    for person in here.people:
        if dice.random() < 0.4:
            on = TODAY - timedelta(dice.randrange(300))
            last = on + timedelta(dice.randrange(400))
            makers.completion(person, dice.choice(courses), on, valid_through=last)
    return here, courses


def somebody(dice: Random, here: Province) -> Person:
    """A member of some unit for some of the days around now."""
    starts_on = TODAY + timedelta(dice.randrange(-60, 30))
    ends_on = dice.choice([None, DAY + timedelta(dice.randrange(-5, 5))])
    unit, person = dice.choice([here.left, here.right, here.top]), makers.person()
    makers.membership(person, here.group, unit, starts_on=starts_on, ends_on=ends_on)
    return person


def seats_held(dice: Random, here: Province, courses: list[Course]) -> list[Seat]:
    """Four sessions around the day, six people in each, some of them waiting or gone."""
    seats = []
    for course in courses * 2:
        last = TODAY + timedelta(dice.randrange(-5, 60))
        session = planned(course, here.top, starts_on=last, ends_on=last + timedelta(1))
        people = dice.sample(here.people, 6)
        seats += [(session, one, course, dice.choice(STATES)) for one in people]
    for session, person, _course, state in seats:
        makers.enrolment(session, person, state=state)
    return seats


@pytest.mark.parametrize("seed", range(8))
def test_what_is_planned_is_what_then_happens_everywhere(seed: int) -> None:
    dice = Random(seed)
    here, courses = country(dice)
    seats = seats_held(dice, here, courses)
    found = {unit: forecast(unit) for unit in ("u0", "u1", "u2")}
    for session, person, course, state in seats:
        if state == "booked" and session.ends_on <= AFTER:
            complete(session, person, course)
    db.session.commit()
    for unit, one in found.items():
        assert standings(Question("kh175", DAY, unit)) == [one.whole.planned]
        assert standings(Question("kh175", DAY, unit, by="unit")) == [u.planned for u in one.units]


def begun(meeting: list[tuple[int, int, str]], unit: str) -> Counter[Begun]:
    """Who has begun by the day, by unit: out of the tables where they hold."""
    question = settled(Question("kh175", DAY, unit, by="unit"))
    looks = looks_of(question, read_plans("kh175"))
    keys = {row.unit for row in standings(Question("kh175", DAY, unit, by="unit"))}
    units = [*db.session.scalars(select(Unit.id).where(Unit.key.in_(keys)))]
    rows = people_begun(question, looks, meeting, {look.target.id: units for look in looks})
    return Counter(row for one in rows for row in [one._replace(people=1)] * one.people)


@pytest.mark.parametrize("seed", range(20, 32))
def test_who_has_begun_is_the_same_by_the_facts_and_by_the_tables(seed: int) -> None:
    dice = Random(seed)
    here, courses = country(dice)
    option = makers.requirement(here.programme, here.group, courses[1], "Cập nhật")
    here.target.scope_unit_id = dice.choice([None, here.left.id])
    sessions = {session.id for session, *_who in seats_held(dice, here, courses)}
    meeting = [(here.target.id, one, option.item) for one in sessions][: dice.choice([0, 4])]
    by_facts = [begun(meeting, unit) for unit in ("u0", "u1", "u2")]
    db.session.commit()
    assert is_ready()
    assert [begun(meeting, unit) for unit in ("u0", "u1", "u2")] == by_facts
    assert any(by_facts)
