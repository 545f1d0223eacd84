"""Writers at the same time lose nothing of each other's, and none waits for ever."""

import random
import threading
import time
from datetime import date
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.core import derived
from hrtrain.core.db import db
from hrtrain.coverage.trust.silent import silent_unit
from hrtrain.people.models import Headcount, Membership
from hrtrain.units.models import Unit
from tests import makers
from tests.queries import writers
from tests.queries.country import Country
from tests.queries.writers import Act

ROUNDS = 5


@pytest.fixture
def country(app: Flask) -> Country:
    made = Country(4, 6)
    made.settle()
    db.session.commit()
    return made


lived_in = pytest.mark.usefixtures("country")


def people_of_one_unit() -> list[int]:
    """Two members of the same unit, who become so if they are not."""
    rows = db.session.scalars(select(Membership).order_by(Membership.id)).all()
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.unit_id, set()).add(row.person_id)
    people = max(found.values(), key=len)
    db.session.rollback()
    assert len(people) > 1
    return sorted(people)[:2]


def rounds(app: Flask, *acts: Act, times: int = 1) -> None:
    for number in range(ROUNDS):
        writers.at_once(app, acts, number, times)
        assert writers.differences() == []


@lived_in
def test_two_writers_of_one_person_lose_nothing_of_each_others(app: Flask) -> None:
    one = people_of_one_unit()[0]
    rounds(app, partial(writers.complete, person_id=one), partial(writers.exempt, person_id=one))
    rounds(app, partial(writers.complete, person_id=one), partial(writers.move, person_id=one))


@lived_in
def test_writers_of_two_people_of_one_unit_lose_nothing(app: Flask) -> None:
    one, other = people_of_one_unit()
    rounds(
        app,
        partial(writers.move, person_id=one),
        partial(writers.complete, person_id=other),
        writers.declare,
    )


@lived_in
@pytest.mark.parametrize("beside", [writers.move_unit, writers.retype, writers.change_target])
def test_writers_of_people_beside_a_change_of_tree_or_plan_lose_nothing(
    app: Flask, beside: Act
) -> None:
    about = writers.any_act(writers.ABOUT_PEOPLE)
    rounds(app, about, about, beside, times=3)


def test_who_comes_to_a_unit_while_its_tier_changes_is_counted_by_the_new_one(app: Flask) -> None:
    place, plan, members = makers.unit(tier="province"), makers.programme(), makers.group()
    makers.requirement(plan, members, makers.course())
    makers.target(plan, members, tiers="province")
    ids, late = (makers.person().id, members.id, place.id), threading.Event()
    db.session.commit()

    def join(dice: random.Random) -> None:
        names = ("person_id", "group_id", "unit_id")
        values = dict(zip(names, ids, strict=True))
        db.session.add(Membership(**values, starts_on=date(2025, 1, 1)))
        derived.refresh()
        late.set()
        time.sleep(0.5)
        db.session.commit()

    def retype(dice: random.Random) -> None:
        if db.engine.dialect.name == "postgresql":
            late.wait(10)
        db.session.get_one(Unit, ids[2]).tier = "commune"
        db.session.commit()

    writers.at_once(app, [join, retype], 0)
    assert writers.differences() == []


@lived_in
def test_writers_beside_a_rebuild_lose_nothing(app: Flask) -> None:
    about = writers.any_act(writers.ALL)
    rounds(app, about, about, writers.rebuild_all, times=2)


@lived_in
def test_writers_beside_the_worker_lose_nothing(app: Flask) -> None:
    about = writers.any_act(writers.ABOUT_PEOPLE)
    writers.at_once(app, [about, about, about, writers.see_to_it, writers.see_to_it], 1, 25)
    assert writers.differences() == []


@lived_in
def test_everybody_at_once_loses_nothing_and_waits_for_nobody_for_ever(app: Flask) -> None:
    every = writers.any_act(writers.ALL)
    writers.at_once(app, [every, every, every, every, writers.see_to_it], 2, 25)
    assert writers.differences() == []


def test_units_first_heard_of_in_either_order_make_nobody_wait_for_ever(app: Flask) -> None:
    groups, units = ([make().id for _n in range(2)] for make in (makers.group, makers.unit))
    db.session.commit()
    both = threading.Barrier(2)

    def declare(group: int, order: list[int], _dice: random.Random) -> None:
        for unit in order:
            db.session.add(Headcount(unit_id=unit, group_id=group, declared=3))
            db.session.flush()
            if unit == order[0] and db.engine.dialect.name == "postgresql":
                both.wait(10)
        db.session.commit()

    acts = [partial(declare, groups[0], units), partial(declare, groups[1], units[::-1])]
    writers.at_once(app, acts, 0)
    assert db.session.scalars(select(silent_unit)).all() == []
    db.session.rollback()
    assert writers.differences() == []
