"""Small worlds, many in one database: units, people and plans of their own, beside common ones.

A world keeps what is known now as plain facts (`brute_force`), each with the row that says it.
What happens to a world is `world_acts`; what its figures must be is `world_count`. Days lie close
together, so that one fact's ends meet another's.
"""

import random
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import insert

from hrtrain.core import facts
from hrtrain.core.db import db
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.training.models import Completion, Course
from hrtrain.units.models import Unit, UnitParent
from tests.queries.brute_force import (
    Declared,
    Done,
    Edge,
    Exempt,
    Goal,
    History,
    Known,
    Member,
    Need,
    Plan,
)
from tests.queries.histories import TIERS, Stretch, day_of

LAST = 14
DAYS = range(-4, 24)
"""Wider than whatever the facts name: nothing changes outside."""
NOW = Known()
Fact = Edge | Member | Declared | Done | Exempt | Need
F = TypeVar("F", Edge, Member, Declared, Done, Exempt, Need)
MODELS: dict[type[Any], Any] = {
    Edge: UnitParent,
    Member: Membership,
    Declared: Headcount,
    Done: Completion,
    Exempt: Exemption,
    Need: RequirementOption,
}


@dataclass
class Numbers:
    """The rows' ids by the keys that facts speak of; people are numbers already."""

    units: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    courses: dict[str, int] = field(default_factory=dict)
    plans: dict[str, int] = field(default_factory=dict)
    people: int = 0


@dataclass
class Noted:
    """A fact known now, and the row that says it."""

    fact: Any
    row: Any


@dataclass
class World:
    """What is known now of one small world, and its dice."""

    name: str
    dice: random.Random
    numbers: Numbers
    common: "World | None" = None
    tiers: dict[str, str] = field(default_factory=dict)
    own_groups: list[str] = field(default_factory=list)
    own_courses: list[str] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    own_plans: dict[str, Plan] = field(default_factory=dict)
    own_goals: dict[tuple[str, str], Goal] = field(default_factory=dict)
    noted: dict[type[Any], list[Noted]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """What happened, for whoever reads a failure."""

    @property
    def groups(self) -> list[str]:
        return [*self.own_groups, *(self.common.own_groups if self.common else ())]

    @property
    def courses(self) -> list[str]:
        return [*self.own_courses, *(self.common.own_courses if self.common else ())]

    @property
    def plans(self) -> dict[str, Plan]:
        return {**self.own_plans, **(self.common.own_plans if self.common else {})}

    @property
    def goals(self) -> dict[tuple[str, str], Goal]:
        return {**self.own_goals, **(self.common.own_goals if self.common else {})}

    def of(self, kind: type[F]) -> list[F]:
        """The facts of a kind that are known now; those that are asked also the common ones."""
        own = [one.fact for one in self.noted.get(kind, ())]
        return own + (self.common.of(kind) if self.common and kind is Need else [])

    def history(self) -> History:
        """The world as the brute-force count reads it."""
        return History(
            units=dict(self.tiers),
            groups=self.groups,
            courses=self.courses,
            people=len(self.people),
            edges=self.of(Edge),
            members=self.of(Member),
            declared=self.of(Declared),
            done=self.of(Done),
            exempt=self.of(Exempt),
            needs=self.of(Need),
            plans=list(self.plans.values()),
            goals=list(self.goals.values()),
        )

    def maybe(self, chance: float) -> bool:
        return self.dice.random() < chance

    def day(self) -> int:
        return self.dice.randint(1, LAST)

    def period(self) -> Stretch:
        start = self.day() if self.maybe(0.6) else None
        end = self.day() + 1 if self.maybe(0.6) else None
        if start is not None and end is not None and start >= end:
            start, end = end, start + 1
        return start, end

    # --- facts and their rows ---

    def add(self, fact: Fact, **more: Any) -> None:
        """Record a fact."""
        row = MODELS[type(fact)](**self.columns(fact), **more)
        db.session.add(row)
        self.noted.setdefault(type(fact), []).append(Noted(fact, row))

    def retract(self, one: Noted) -> None:
        """Know a fact no longer."""
        db.session.flush()
        facts.retract(one.row)
        self.noted[type(one.fact)].remove(one)

    def restate(self, one: Noted, **changes: Any) -> None:
        """Know a fact otherwise."""
        db.session.flush()
        one.fact = replace(one.fact, **changes)
        one.row = facts.restate(one.row, **self.columns(one.fact))

    def remembered(self) -> dict[str, Any]:
        """Everything that acts change, for `recall` when they are taken back."""
        kept = {name: copy(value) for name, value in vars(self).items() if name in _CHANGING}
        noted = {kind: [copy(one) for one in rows] for kind, rows in self.noted.items()}
        return {**kept, "noted": noted}

    def recall(self, memory: dict[str, Any]) -> None:
        """Nothing happened since."""
        vars(self).update(memory)

    def columns(self, fact: Fact) -> dict[str, Any]:
        """What the fact's row says."""
        return {**self._who(fact), **_when(fact)}

    def _who(self, fact: Any) -> dict[str, Any]:
        names, known = vars(fact), self.numbers
        found: dict[str, Any] = {"declared": names["number"]} if "number" in names else {}
        for name, column, ids in (
            ("unit", "unit_id", known.units),
            ("parent", "parent_id", known.units),
            ("group", "group_id", known.groups),
            ("course", "course_id", known.courses),
            ("programme", "programme_id", known.plans),
        ):
            if name in names:
                found[column] = ids[names[name]]
        for name, column in (("person", "person_id"), ("item", "item"), ("void", "is_void")):
            if name in names:
                found[column] = names[name]
        return found


_CHANGING = ("tiers", "people", "own_plans", "own_goals", "told")
_DAYS = {
    "start": "starts_on",
    "end": "ends_on",
    "on": "completed_on",
    "through": "valid_through",
    "revoked": "revoked_from",
    "accepts_from": "accepts_from",
    "accepts_to": "accepts_to",
}


def _when(fact: Any) -> dict[str, Any]:
    names = vars(fact)
    return {
        column: None if names[name] is None else day_of(names[name])
        for name, column in _DAYS.items()
        if name in names
    }


# --- making a world --------------------------------------------------------------------------


def make_common(numbers: Numbers, dice: random.Random) -> World:
    """What all worlds share: groups, courses, and plans that ask these groups, wherever."""
    world = World("w0", dice, numbers)
    _nouns(world, units=0, groups=2, courses=2)
    for _each in range(2):
        add_plan(world, authority=None)
    return world


def make_world(name: str, dice: random.Random, numbers: Numbers, common: World) -> World:
    """A few units and people with some facts; some have a plan of their own."""
    world = World(name, dice, numbers, common)
    has_plans = world.maybe(0.3)
    groups = dice.choice([1, 2]) if has_plans else 0
    _nouns(world, units=dice.randint(1, 4), groups=groups, courses=groups)
    units = list(world.tiers)
    for number, unit in enumerate(units[1:], 1):
        if world.maybe(0.85):
            world.add(Edge(unit, dice.choice(units[:number]), *_rarely(world), NOW))
    if has_plans:
        add_plan(world, dice.choice([*units, None]))
    for _each in range(dice.randint(1, 3)):
        add_person(world)
    return world


def _rarely(world: World) -> Stretch:
    return world.period() if world.maybe(0.2) else (None, None)


def _nouns(world: World, *, units: int, groups: int, courses: int) -> None:
    for _each in range(units):
        add_unit(world)
    known = world.numbers
    for ids, own, letter, many, model in (
        (known.groups, world.own_groups, "g", groups, CadreGroup),
        (known.courses, world.own_courses, "c", courses, Course),
    ):
        for number in range(many):
            key = f"{world.name}.{letter}{number}"
            ids[key] = len(ids) + 1
            own.append(key)
            _insert(model, id=ids[key], key=key, name=key)


def add_unit(world: World) -> str:
    """One more unit, below nothing yet."""
    key, ids = f"{world.name}.u{len(world.tiers)}", world.numbers.units
    ids[key] = len(ids) + 1
    world.tiers[key] = world.dice.choice(TIERS)
    row = {"key": key, "kind": "state", "name": "x", "search_key": "x", "tier": world.tiers[key]}
    _insert(Unit, id=ids[key], **row)
    return key


def add_person(world: World) -> int:
    """One more person, with a membership or none yet, and perhaps a completion."""
    world.numbers.people += 1
    number = world.numbers.people
    world.people.append(number)
    _insert(Person, id=number, key=f"p{number}", access_code=f"a{number}", full_name="N",
            sort_key="n", search_key="n")  # fmt: skip
    for group in world.groups:
        if world.maybe(0.6):
            start, end = world.period()
            unit = world.dice.choice(list(world.tiers))
            world.add(Member(number, group, unit, -2 if start is None else start, end, NOW))
    if world.maybe(0.5):
        world.add(any_completion(world, number))
    return number


def any_completion(world: World, person: int) -> Done:
    """A completion on some day of some course, some of them ending, revoked or void."""
    dice, on = world.dice, world.day()
    through = on + dice.randint(0, 6) if world.maybe(0.35) else None
    revoked = on + dice.randint(-1, 6) if world.maybe(0.15) else None
    course = dice.choice(world.courses)
    return Done(person, course, on, through, revoked, world.maybe(0.05), NOW)


def add_plan(world: World, authority: str | None) -> None:
    """A programme with targets of most of the world's own groups."""
    key, known = f"{world.name}.p{len(world.own_plans)}", world.numbers
    known.plans[key] = len(known.plans) + 1
    world.own_plans[key] = plan = Plan(key, authority, *_rarely(world))
    _insert(Programme, id=known.plans[key], key=key, title=key, **plan_columns(world, plan))
    for group in world.own_groups:
        if world.maybe(0.85):
            add_goal(world, key, group)


def plan_columns(world: World, plan: Plan) -> dict[str, Any]:
    """What a programme's row says of a plan."""
    authority = None if plan.authority is None else world.numbers.units[plan.authority]
    return {"authority_unit_id": authority, **_when(plan)}


def add_goal(world: World, programme: str, group: str) -> None:
    """A target of the group, and what it asks."""
    goal = any_goal(world, programme, group)
    world.own_goals[programme, group] = goal
    known = world.numbers
    _insert(Target, programme_id=known.plans[programme], group_id=known.groups[group],
            **goal_columns(world, goal))  # fmt: skip
    for number in range(world.dice.choice([1, 1, 2])):
        for need in any_item(world, goal, f"i{number}"):
            world.add(need)


def any_goal(world: World, programme: str, group: str) -> Goal:
    """A target as it may be, or may be changed to."""
    dice = world.dice
    return Goal(
        programme=programme,
        group=group,
        percent=dice.choice([None, 0, 33, 50, 70, 100]),
        scope=dice.choice(list(world.tiers)) if world.tiers and world.maybe(0.3) else None,
        tiers=tuple(sorted(dice.sample(TIERS, dice.randint(2, 3)))) if world.maybe(0.3) else (),
        grace=dice.choice([0, 0, 1, 2, 4]),
        start=world.day() if world.maybe(0.2) else None,
    )


def goal_columns(world: World, goal: Goal) -> dict[str, Any]:
    """What a target's row says of a goal."""
    return {
        "percent": goal.percent,
        "scope_unit_id": None if goal.scope is None else world.numbers.units[goal.scope],
        "tiers": " ".join(goal.tiers),
        "grace_days": goal.grace,
        "starts_on": None if goal.start is None else day_of(goal.start),
    }


def any_item(world: World, goal: Goal, item: str) -> list[Need]:
    """One or two courses, any of which satisfies the item; they share its period."""
    period = _rarely(world)
    courses = world.dice.sample(world.courses, world.dice.choice([1, 1, 2]))
    accepted = [world.period() if world.maybe(0.3) else (None, None) for _course in courses]
    return [
        Need(goal.programme, goal.group, item, course, *period, *accepts, NOW)
        for course, accepts in zip(courses, accepted, strict=True)
    ]


def _insert(model: Any, **columns: Any) -> None:
    """A noun's row, past the session's own work, which would take most of the time here."""
    statement = insert(model.__table__)
    db.session.connection().execute(statement, columns)
