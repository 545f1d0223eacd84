"""The closure of the tree against the recursive walk, on every day on which something changes."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.facts import restate, retract
from hrtrain.core.period import Period
from hrtrain.units import closure
from hrtrain.units.actions import move_unit
from hrtrain.units.closure import Link
from hrtrain.units.models import Unit, UnitName, UnitParent, unit_closure
from hrtrain.units.queries import known_facts
from hrtrain.units.tree import subtree_ids
from tests import makers
from tests.statements import statements_sent

BORDERS = [date(2020, 1, 1), date(2023, 7, 1), date(2025, 7, 1), date(2026, 3, 1)]
BOUNDS = [None, *BORDERS, None]
DAYS = [date.min, *(day + timedelta(days=n) for day in BORDERS for n in (-1, 0, 1)), date.max]


def links() -> set[Link]:
    return {Link(*row) for row in db.session.execute(select(unit_closure))}


def assert_as_walked() -> None:
    kept = links()
    for unit_id in db.session.scalars(select(Unit.id)).all():
        own = [link for link in kept if link.ancestor_id == unit_id]
        for day in DAYS:
            number = day.toordinal()
            below = {link.descendant_id for link in own if link.starts <= number < link.ends}
            walked = subtree_ids([unit_id], day, clock.now())
            assert below == set(db.session.scalars(walked)), (unit_id, day)


class Chance:
    """Changes the tree at random, as no page would: cycles included."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.units = [makers.unit() for _each in range(6)]

    def period(self) -> Period:
        starts, ends = sorted(self.dice.sample(range(len(BOUNDS)), 2))
        return Period(BOUNDS[starts], BOUNDS[ends])

    def add_unit(self) -> list[int]:
        self.units.append(makers.unit(under=self.dice.choice([None, *self.units])))
        return [self.units[-1].id]

    def add_unit_below_from_tomorrow(self) -> list[int]:
        unit, tomorrow = makers.unit(), clock.now() + timedelta(days=1)
        makers.parent(unit, self.dice.choice(self.units), recorded_at=tomorrow)
        return [unit.id]

    def move(self) -> list[int]:
        """Edges in the way are taken back, or stay for the days before."""
        (unit, parent), period = self.dice.sample(self.units, 2), self.period()
        for edge in known_facts(UnitParent, unit):
            if Period(edge.starts_on, edge.ends_on).overlaps(period):
                earlier = Period(edge.starts_on, period.starts_on)
                if period.starts_on and earlier.is_well_formed:
                    restate(edge, ends_on=period.starts_on)
                else:
                    retract(edge)
        makers.parent(unit, parent, starts_on=period.starts_on, ends_on=period.ends_on)
        return [unit.id]

    def move_two(self) -> list[int]:
        return [*self.move(), *self.move()]

    def leave(self) -> list[int]:
        unit = self.dice.choice(self.units)
        for edge in known_facts(UnitParent, unit)[:1]:
            retract(edge)
        return [unit.id]

    def change(self) -> list[int]:
        often = (self.move, self.move, self.move_two)
        rare = (self.add_unit, self.leave, self.add_unit_below_from_tomorrow)
        return self.dice.choice((*often, *rare))()


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    with statements_sent() as sent:
        yield sent


@pytest.mark.parametrize("seed", range(3))
def test_random_trees_are_as_walked_after_every_write(app: Flask, seed: int) -> None:
    chance = Chance(seed)
    closure.refresh([unit.id for unit in chance.units])
    for _each in range(9):
        unit_ids, before = chance.change(), links()
        removed, added = closure.refresh(unit_ids)
        assert before - set(removed) | set(added) == links()
        assert set(removed) <= before and not set(added) & before
        assert_as_walked()
    step_by_step = links()
    assert closure.differences() == []
    closure.rebuild()
    assert links() == step_by_step


def test_moved_unit_takes_what_lies_below_along(app: Flask) -> None:
    old, new = makers.unit(), makers.unit()
    district = makers.unit(under=old)
    commune = makers.unit(under=district)
    closure.rebuild()
    move_unit(district, new, date(2025, 7, 1), by=None)
    removed, added = closure.refresh([district.id])
    day, last = date(2025, 7, 1).toordinal(), 3652060
    assert {(link.descendant_id, link.starts, link.ends) for link in removed} == {
        (district.id, 1, last), (commune.id, 1, last)
    }  # fmt: skip
    assert {link for link in added if link.ancestor_id == new.id} == {
        Link(new.id, district.id, day, last), Link(new.id, commune.id, day, last)
    }  # fmt: skip
    assert_as_walked()


def test_units_that_lie_below_each_other_in_turn(app: Flask) -> None:
    one, other = makers.unit(), makers.unit()
    makers.parent(one, other, ends_on=date(2023, 7, 1))
    makers.parent(other, one, starts_on=date(2023, 7, 1))
    closure.rebuild()
    assert len(links()) == 4
    assert_as_walked()


def test_unit_taken_away_leaves_no_link(app: Flask) -> None:
    top = makers.unit()
    gone = makers.unit(under=top)
    closure.rebuild()
    db.session.execute(delete(UnitParent))
    db.session.execute(delete(UnitName))
    db.session.execute(delete(Unit).where(Unit.id == gone.id))
    removed, added = closure.refresh([gone.id])
    assert (len(removed), added) == (2, [])
    assert links() == {Link(top.id, top.id, 1, 3652060)}


def test_differences_name_the_units(app: Flask) -> None:
    top = makers.unit("top")
    below = makers.unit("below")
    makers.parent(below, top, starts_on=date(2023, 7, 1))
    closure.rebuild()
    db.session.execute(delete(unit_closure).where(unit_closure.c.ancestor_id == top.id))
    wrong = Link(below.id, top.id, date(2020, 1, 1).toordinal(), date(2021, 1, 1).toordinal())
    db.session.execute(insert(unit_closure), [wrong._asdict()])
    assert closure.differences() == [
        "closure: top below below from 2020-01-01 to 2021-01-01 is not so by the tree",
        "closure: top below top is missing",
        "closure: below below top from 2023-07-01 is missing",
    ]


def moved(size: int, statements: list[str]) -> int:
    """How many statements a unit with so many below takes to move."""
    top, unit = makers.unit(), makers.unit()
    for _each in range(size):
        makers.unit(under=unit)
    closure.rebuild()
    makers.parent(unit, top)
    db.session.flush()
    statements.clear()
    assert len(closure.refresh([unit.id])[1]) == size + 1
    return len(statements)


def test_move_takes_the_same_statements_however_many_lie_below(
    app: Flask, statements: list[str]
) -> None:
    assert moved(2, statements) == moved(40, statements)


def test_thousands_of_new_units_are_read_in_parts(app: Flask) -> None:
    top = makers.unit()
    names = [{"key": f"n{n}", "tier": "commune", "kind": "state", "name": "Xã", "short_name": "",
              "search_key": "xa", "version": 1} for n in range(2000)]  # fmt: skip
    db.session.execute(insert(Unit), names)
    unit_ids = list(db.session.scalars(select(Unit.id).where(Unit.id != top.id)))
    edges = [{"unit_id": one, "parent_id": top.id, "recorded_at": clock.now()} for one in unit_ids]
    db.session.execute(insert(UnitParent), edges)
    removed, added = closure.refresh([top.id, *unit_ids])
    assert (removed, len(added)) == ([], 4001)
    assert closure.differences() == []
