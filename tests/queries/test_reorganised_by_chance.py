"""Random plans over random trees: nobody is lost or doubled, earlier days stay, undo is exact."""

from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.coverage.derived.verifying import verify
from hrtrain.coverage.queries import Question, standings
from hrtrain.people.models import CadreGroup, Membership
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.actions.choosing import choose
from hrtrain.reorganising.actions.drafting import Heading, draft
from hrtrain.reorganising.actions.undoing import undo
from hrtrain.reorganising.models import Choice
from hrtrain.reorganising.rules import NEW, Does, Entry
from hrtrain.units.models import Unit
from tests import makers
from tests.queries.test_reorganising import known

ON = date(2025, 7, 1)
DAYS = [ON + timedelta(days=n) for n in (-40, -1, 0, 1, 40, 90)]
TIERS = ("province", "district", "commune")


def grown(dice: Random) -> list[Unit]:
    """A top over a random tree, with people who come and go around the day."""
    units = [makers.unit("top", kind="area")]
    for number in range(dice.randint(4, 9)):
        above, kind = dice.choice(units), dice.choice(("area", "state"))
        units.append(makers.unit(f"n{number}", under=above, kind=kind, tier=dice.choice(TIERS)))
    group, other, course = makers.group("g"), makers.group("h"), makers.course()
    plan = makers.programme("plan", authority_unit_id=units[0].id)
    for one in (group, other):
        makers.target(plan, one, 70, grace_days=60, tiers=dice.choice(("", "commune")))
        makers.requirement(plan, one, course)
    for _ in range(12):
        _somebody(dice, units, [group, other])
        if dice.random() < 0.3:
            made = makers.person()
            makers.membership(made, group, dice.choice(units))
            makers.completion(made, course, ON - timedelta(days=dice.randint(0, 90)))
    for place in dice.sample(units, 3):
        makers.headcount(place, group, dice.randint(0, 6))
    db.session.commit()
    return units


def _somebody(dice: Random, units: list[Unit], groups: list[CadreGroup]) -> None:
    person, day = makers.person(), ON + timedelta(days=dice.randint(-60, 20))
    for _ in range(dice.randint(1, 3)):
        ends = dice.choice([None, day + timedelta(days=dice.randint(1, 60))])
        makers.membership(person, groups[0], dice.choice(units), starts_on=day, ends_on=ends)
        if ends is None:
            break
        day = ends + timedelta(days=dice.choice([0, 0, 3]))
    if dice.random() < 0.3:
        makers.membership(person, groups[1], dice.choice(units), starts_on=ON)


def any_plan(dice: Random, units: list[Unit]) -> list[Entry]:
    """Some units merged, split, dissolved, renamed, moved, retyped; the top stays."""
    said: list[Entry] = []
    for line, unit in enumerate(dice.sample(units[1:], min(3, len(units) - 1)), 1):
        does = dice.choice(list(Does))
        others = [one.key for one in units if one is not unit]
        if does is Does.BECOME:
            chosen = dice.sample(others, dice.randint(1, min(3, len(others))))
            said += [Entry(line, does, unit.key, to, n == 0) for n, to in enumerate(chosen)]
        elif does is Does.FOUND:
            new = f"{NEW}{line}"
            said.append(Entry(line, does, new, name="Mới", tier="commune", kind="state"))
            said.append(Entry(line, Does.BECOME, unit.key, new, is_default=True))
        elif does is Does.RETYPE:
            said.append(Entry(line, does, unit.key, tier=dice.choice(TIERS)))
        else:
            to = dice.choice(others) if does is Does.MOVE else ""
            said.append(Entry(line, does, unit.key, to, name="Tên mới"))
    return said


def held(day: date) -> list[tuple[int, int]]:
    """Who is in which group on the day, by the facts alone."""
    rows = db.session.scalars(select(Membership).where(Membership.retracted_at.is_(None)))
    return sorted(
        (one.person_id, one.group_id)
        for one in rows
        if one.starts_on <= day and (one.ends_on is None or day < one.ends_on)
    )


def figures(day: date) -> object:
    return standings(Question("plan", day, by="unit"))


@pytest.mark.parametrize("seed", range(12))
def test_random_plans(app: Flask, seed: int) -> None:
    dice = Random(seed)
    units = grown(dice)
    before, there = known(), [held(day) for day in DAYS]
    earlier = [figures(day) for day in DAYS if day < ON]
    plan = draft("r", Heading("Sắp xếp", "1", ON), any_plan(dice, units), by=None)
    try:
        apply(plan, by=None)
    except Refusal:
        db.session.rollback()
        assert known() == before
        return
    db.session.commit()
    assert [held(day) for day in DAYS] == there
    assert all(len(set(rows)) == len(rows) for rows in there)
    assert [figures(day) for day in DAYS if day < ON] == earlier
    assert verify().differences == []
    waiting = list(db.session.scalars(select(Choice)))
    if waiting:
        choose(plan, waiting[:2], db.session.get_one(Unit, units[0].id), by=makers.user())
        db.session.commit()
        assert [held(day) for day in DAYS] == there
    if plan.act_id:
        undo(plan, by=None)
        db.session.commit()
    assert known() == before
    assert verify().differences == []
