"""Questions put to the product about a world, and what counting plainly answers."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from hrtrain.cli.coverage import row_of
from hrtrain.core import clock
from hrtrain.coverage.distinct import people_of_programme
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.trends import change_days, trend
from tests.queries.brute_force import Asked, History, Seen, answer
from tests.queries.day_by_day import worst
from tests.queries.histories import day_of
from tests.queries.worlds import DAYS, World

HOUR = 0
"""All facts of a world are known at every hour; what was known when is told by `Memory`."""


@dataclass(frozen=True)
class Memory:
    """What was known of a world at an instant."""

    at: datetime
    history: History


def memory_of(world: World) -> Memory:
    return Memory(clock.now(), world.history())


def as_then(world: World, memory: Memory) -> History:
    """The facts known then, counted for the plans of today: only facts have two clocks."""
    now, then = world.history(), memory.history
    then.units, then.groups = now.units, now.groups
    then.plans, then.goals = now.plans, now.goals
    return then


def questions(world: World, dice: random.Random, many: int) -> Iterator[Asked]:
    """Any programme of the world, on any day, from anywhere; by group and by unit."""
    plans = world.plans
    for _each in range(many):
        plan = plans[dice.choice(list(plans))]
        own = plan.key in world.own_plans
        unit = dice.choice([None, *world.tiers] if own else list(world.tiers))
        scopes = [goal.scope for goal in world.own_goals.values() if goal.programme == plan.key]
        # The whole country's rows by unit are those of other worlds, too.
        placed = unit is not None or plan.authority is not None or (scopes and all(scopes))
        by = dice.choice(["group", "unit"]) if placed else "group"
        group = dice.choice([None, None, *(goal.group for goal in _goals(world, plan.key))])
        yield Asked(plan.key, dice.choice(DAYS), HOUR, unit, group, by)


def _goals(world: World, programme: str) -> list[Any]:
    return [goal for (key, _group), goal in world.goals.items() if key == programme]


def disagreements(
    history: History, asked: Iterator[Asked], known_at: datetime | None
) -> Iterator[str]:
    """Questions the product answers otherwise, with both answers."""
    for one in asked:
        expected = answer(history, one)
        got = [row_of(standing) for standing in standings(_question(one, known_at))]
        if got != expected:
            yield f"{one} known at {known_at}\nexpected {expected}\ngot      {got}"


def _question(one: Asked, known_at: datetime | None) -> Question:
    return Question(
        programme=one.programme,
        as_of=day_of(one.day),
        unit=one.unit,
        group=one.group,
        by="unit" if one.by == "unit" else "group",
        known_at=known_at,
    )


def trend_disagreements(history: History, asked: Iterator[Asked]) -> Iterator[str]:
    """Figures of all days asked for at once, and the days on which they change."""
    for one in asked:
        if one.by == "group":
            question = _question(one, None)
            expected = [answer(history, replace(one, day=day)) for day in DAYS]
            points = trend(question, [day_of(day) for day in DAYS])
            for day, (_day, got), right in zip(DAYS, points, expected, strict=True):
                if [row_of(standing) for standing in got] != right:
                    yield f"trend of {one} on {day}\nexpected {right}\ngot      {got}"
            told = set(change_days(question, day_of(DAYS[0]), day_of(DAYS[-1])))
            for day, (before, after) in zip(DAYS[1:], pairwise(expected), strict=True):
                if before != after and day_of(day) not in told:
                    yield f"change of {one} on {day} is not told"


def people_disagreements(
    history: History, asked: Iterator[Asked], known_at: datetime | None
) -> Iterator[str]:
    """A programme's people, each counted once in the worst of the states they are in."""
    for one in asked:
        question = _question(replace(one, by="group"), known_at)
        expected = Counter(str(worst(states)) for states in _states(history, one).values())
        people = people_of_programme(question)
        got = {name: getattr(people, name) for name in expected}
        if got != expected or people.in_scope != sum(expected.values()):
            yield f"people of {one} known at {known_at}\nexpected {expected}\ngot      {people}"


def _states(history: History, asked: Asked) -> dict[int, set[str]]:
    """The states of each person, one for every target that counts them in the place asked."""
    seen, found = Seen(history, replace(asked, by="group")), dict[int, set[str]]()
    for goal in history.goals:
        items = seen.items(goal)
        if goal.programme == asked.programme and asked.group in (None, goal.group) and items:
            (_top, where), *_none = seen.places(goal)
            units = seen.counted_units(goal, where)
            for member in history.members:
                if member.group == goal.group and member.unit in units and seen.is_member(member):
                    states = found.setdefault(member.person, set())
                    states.add(seen.state(goal, member.person, items))
    return found
