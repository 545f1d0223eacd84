"""What happens to what is asked: targets, requirements, programmes, and the tiers of units."""

from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from hrtrain.core.db import db
from hrtrain.coverage.models import Programme, Target
from hrtrain.units.models import Unit
from tests.queries.brute_force import Goal, Need
from tests.queries.histories import TIERS
from tests.queries.world_acts import one_of
from tests.queries.worlds import (
    World,
    add_goal,
    add_plan,
    any_goal,
    any_item,
    goal_columns,
    plan_columns,
)


def _target(world: World, goal: Goal) -> Target:
    known = world.numbers
    of_programme = select(Target).where(Target.programme_id == known.plans[goal.programme])
    return db.session.scalars(of_programme.where(Target.group_id == known.groups[goal.group])).one()


def _any_own_goal(world: World) -> Goal | None:
    return world.dice.choice(list(world.own_goals.values())) if world.own_goals else None


def change_target(world: World) -> bool:
    """Another percentage, scope, filter of tiers, grace or start."""
    goal = _any_own_goal(world)
    if goal is None:
        return False
    other = any_goal(world, goal.programme, goal.group)
    name = world.dice.choice(["percent", "scope", "tiers", "grace", "grace", "start"])
    changed = replace(goal, **{name: getattr(other, name)})
    row = _target(world, goal)
    for column, value in goal_columns(world, changed).items():
        setattr(row, column, value)
    world.own_goals[goal.programme, goal.group] = changed
    return True


def add_target(world: World) -> bool:
    keys = [(programme, group) for programme in world.own_plans for group in world.own_groups]
    missing = [key for key in keys if key not in world.own_goals]
    if not missing:
        return False
    add_goal(world, *world.dice.choice(missing))
    return True


def drop_target(world: World) -> bool:
    """The target is deleted; what it asked stays recorded."""
    goal = _any_own_goal(world)
    if goal is None:
        return False
    row = _target(world, goal)
    db.session.execute(delete(Target).where(Target.id == row.id))
    del world.own_goals[goal.programme, goal.group]
    return True


def require(world: World) -> bool:
    """One more item, or one more course of an item there is."""
    goal = _any_own_goal(world)
    if goal is None:
        return False
    for need in any_item(world, goal, world.dice.choice(["i0", "i1", "late"])):
        world.add(need)
    return True


def change_requirement(world: World) -> bool:
    """Another period, course, or other completion days accepted."""
    one = one_of(world, Need)
    if one is None:
        return False
    start, end = world.period()
    course = world.dice.choice(world.courses)
    choices: list[dict[str, Any]] = [
        {"start": start, "end": end},
        {"accepts_from": start, "accepts_to": end},
        {"course": course},
    ]
    world.restate(one, **world.dice.choice(choices))
    return True


def require_no_longer(world: World) -> bool:
    one = one_of(world, Need)
    if one is not None:
        world.retract(one)
    return one is not None


def change_programme(world: World) -> bool:
    """Another period or another authority, which lends its targets their start and scope."""
    if not world.own_plans:
        return False
    plan = world.dice.choice(list(world.own_plans.values()))
    start, end = world.period()
    authority = world.dice.choice([*world.tiers, None])
    changed = replace(plan, start=start, end=end, authority=authority)
    row = db.session.get_one(Programme, world.numbers.plans[plan.key])
    for column, value in plan_columns(world, changed).items():
        setattr(row, column, value)
    world.own_plans[plan.key] = changed
    return True


def new_programme(world: World) -> bool:
    if not world.own_groups or len(world.own_plans) > 1:
        return False
    add_plan(world, world.dice.choice([*world.tiers, None]))
    return True


def retype_unit(world: World) -> bool:
    """Another tier: other targets' filters pass it."""
    unit = world.dice.choice(list(world.tiers))
    world.tiers[unit] = world.dice.choice(TIERS)
    db.session.get_one(Unit, world.numbers.units[unit]).tier = world.tiers[unit]
    return True
