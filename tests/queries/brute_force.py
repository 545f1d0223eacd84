"""An independent count, day by day and person by person, written from the meaning alone.

It shares nothing with the product: days are small whole numbers, a period is the set of its days,
the tree is climbed upwards, rates are fractions. Slow on purpose; `histories` makes its input.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import floor

WINDOW = range(-30, 120)
Answer = dict[str, object]


@cache
def days(start: int | None, end: int | None) -> frozenset[int]:
    """Every day of a period; the window is wider than any day asked about."""
    return frozenset(
        d for d in WINDOW if (start is None or d >= start) and (end is None or d < end)
    )


@dataclass(frozen=True)
class Known:
    """When a fact was recorded and retracted, in hours."""

    recorded: int = 0
    retracted: int | None = None

    def at(self, hour: int) -> bool:
        return self.recorded <= hour and (self.retracted is None or hour < self.retracted)


@dataclass(frozen=True)
class Edge:
    unit: str
    parent: str
    start: int | None
    end: int | None
    known: Known


@dataclass(frozen=True)
class Member:
    person: int
    group: str
    unit: str
    start: int
    end: int | None
    known: Known


@dataclass(frozen=True)
class Declared:
    unit: str
    group: str
    number: int
    start: int | None
    end: int | None
    known: Known


@dataclass(frozen=True)
class Done:
    person: int
    course: str
    on: int
    through: int | None
    revoked: int | None
    void: bool
    known: Known


@dataclass(frozen=True)
class Exempt:
    person: int
    programme: str
    group: str
    start: int | None
    end: int | None
    known: Known


@dataclass(frozen=True)
class Need:
    programme: str
    group: str
    item: str
    course: str
    start: int | None
    end: int | None
    accepts_from: int | None
    accepts_to: int | None
    known: Known


@dataclass(frozen=True)
class Plan:
    key: str
    authority: str | None
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Goal:
    programme: str
    group: str
    percent: int | None
    scope: str | None
    tiers: tuple[str, ...]
    grace: int
    start: int | None


@dataclass
class History:
    """Everything that ever happened in a small world."""

    units: dict[str, str] = field(default_factory=dict)  # key -> tier
    groups: list[str] = field(default_factory=list)
    courses: list[str] = field(default_factory=list)
    people: int = 0
    edges: list[Edge] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    exempt: list[Exempt] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    programme: str
    day: int
    hour: int
    unit: str | None = None
    group: str | None = None
    by: str = "group"


def answer(history: History, asked: Asked, eyes: "type[Seen] | None" = None) -> list[Answer]:
    """The rows of the contract, in its order; other eyes see the world with a fault."""
    seen = (eyes or Seen)(history, asked)
    rows: list[Answer] = []
    for goal in sorted(history.goals, key=lambda goal: goal.group):
        if goal.programme == asked.programme and asked.group in (None, goal.group):
            rows += [seen.row(goal, unit, where) for unit, where in seen.places(goal)]
    return rows


class Seen:
    """The world on one day as known at one hour."""

    def __init__(self, history: History, asked: Asked) -> None:
        self.history, self.asked = history, asked
        self.day, self.hour = asked.day, asked.hour
        self.parent = {
            edge.unit: edge.parent
            for edge in history.edges
            if edge.known.at(self.hour) and self.day in days(edge.start, edge.end)
        }

    def is_below(self, unit: str, top: str) -> bool:
        while unit != top:
            if unit not in self.parent:
                return False
            unit = self.parent[unit]
        return True

    def places(self, goal: Goal) -> list[tuple[str | None, set[str]]]:
        """The rows' units, and the units each row may count in."""
        top = self.asked.unit or self.scope(goal)
        everywhere = set(self.history.units)
        whole = {unit for unit in everywhere if top is None or self.is_below(unit, top)}
        if self.asked.by == "group":
            return [(top, whole)]
        children = sorted(unit for unit in everywhere if self.parent.get(unit) == top)
        rows: list[tuple[str | None, set[str]]] = [
            (child, {unit for unit in everywhere if self.is_below(unit, child)})
            for child in children
        ]
        return rows if top is None else [*rows, (top, {top})]

    def scope(self, goal: Goal) -> str | None:
        plan = self.plan(goal)
        return goal.scope if goal.scope is not None else plan.authority

    def plan(self, goal: Goal) -> Plan:
        return next(plan for plan in self.history.plans if plan.key == goal.programme)

    def start(self, goal: Goal) -> int | None:
        return goal.start if goal.start is not None else self.plan(goal).start

    def counted_units(self, goal: Goal, where: set[str]) -> set[str]:
        scope = self.scope(goal)
        return {
            unit
            for unit in where
            if (scope is None or self.is_below(unit, scope))
            and (not goal.tiers or self.history.units[unit] in goal.tiers)
        }

    def items(self, goal: Goal) -> dict[str, list[Need]]:
        found: dict[str, list[Need]] = {}
        start = self.start(goal)
        if start is not None and self.day < start:
            return found
        for need in self.history.needs:
            is_its = (need.programme, need.group) == (goal.programme, goal.group)
            if is_its and need.known.at(self.hour) and self.day in days(need.start, need.end):
                found.setdefault(need.item, []).append(need)
        return found

    def row(self, goal: Goal, unit: str | None, where: set[str]) -> Answer:
        items = self.items(goal)
        units = self.counted_units(goal, where) if items else set()
        states = {"exempt": 0, "trained": 0, "in_grace": 0, "untrained": 0}
        at: dict[str, set[int]] = {one: set() for one in units}
        for member in self.history.members:
            if member.group == goal.group and member.unit in units and self.is_member(member):
                at[member.unit].add(member.person)
        for person in set().union(*at.values()) if at else set():
            states[self.state(goal, person, items)] += 1
        unnamed, confirmed = self.roster(goal, at)
        return _figures(goal, unit, states, unnamed, is_confirmed=confirmed)

    def is_member(self, member: Member, on: int | None = None) -> bool:
        day = self.day if on is None else on
        return member.known.at(self.hour) and day in days(member.start, member.end)

    def state(self, goal: Goal, person: int, items: dict[str, list[Need]]) -> str:
        for one in self.history.exempt:
            same = (one.person, one.programme, one.group) == (person, goal.programme, goal.group)
            if same and one.known.at(self.hour) and self.day in days(one.start, one.end):
                return "exempt"
        if all(any(self.meets(person, need) for need in needs) for needs in items.values()):
            return "trained"
        return "in_grace" if self.day < self.due(goal, person) else "untrained"

    def meets(self, person: int, need: Need) -> bool:
        return any(
            one.person == person
            and one.course == need.course
            and self.counts(one)
            and one.on in days(need.accepts_from, need.accepts_to)
            for one in self.history.done
        )

    def counts(self, one: Done) -> bool:
        if one.void or not one.known.at(self.hour) or one.on > self.day:
            return False
        if one.through is not None and self.day > one.through:
            return False
        return one.revoked is None or self.day < one.revoked

    def due(self, goal: Goal, person: int) -> int:
        """Walk back day by day while the person was in the group, wherever."""
        since = self.day
        while any(
            member.person == person
            and member.group == goal.group
            and self.is_member(member, since - 1)
            for member in self.history.members
        ):
            since -= 1
        start = self.start(goal)
        return max(since, since if start is None else start) + goal.grace

    def roster(self, goal: Goal, at: dict[str, set[int]]) -> tuple[int, bool]:
        unnamed, confirmed = 0, True
        for unit, people in at.items():
            told = [
                one.number
                for one in self.history.declared
                if (one.unit, one.group) == (unit, goal.group)
                and one.known.at(self.hour)
                and self.day in days(one.start, one.end)
            ]
            if told:
                unnamed += max(0, told[0] - len(people))
            elif people:
                confirmed = False
        return unnamed, confirmed


def shown(above: int, below: int, percent: int | None) -> str | None:
    """One decimal, half up, and never better than it is."""
    if below == 0:
        return None
    exact = Fraction(above, below) * 100
    text = Fraction(floor(exact * 10 + Fraction(1, 2)), 10)
    if text == 100 and above < below:
        text = Fraction(999, 10)
    if text == 0 and above > 0:
        text = Fraction(1, 10)
    if percent is not None and exact < percent <= text:
        text = percent - Fraction(1, 10)
    return f"{float(text):.1f}"


def _figures(
    goal: Goal, unit: str | None, states: dict[str, int], unnamed: int, *, is_confirmed: bool
) -> Answer:
    trained, percent = states["trained"], goal.percent
    required = trained + states["untrained"]
    strict = required + unnamed
    status = _status(trained, required, strict, percent, is_confirmed=is_confirmed)
    lacks: int | None = None
    if percent is not None and status != "nothing_asked":
        lacks = 0
        while Fraction(trained + lacks) < Fraction(percent * strict, 100):
            lacks += 1
    return {
        "group": goal.group,
        "unit": unit,
        "in_scope": sum(states.values()),
        "exempt": states["exempt"],
        "in_grace": states["in_grace"],
        "trained": trained,
        "untrained": states["untrained"],
        "required": required,
        "rate": shown(trained, required, percent),
        "unnamed": unnamed,
        "strict_rate": shown(trained, strict, percent),
        "target": percent,
        "met": None if status in ("nothing_asked", "not_stated") else status == "met",
        "shortfall": lacks,
        "status": status,
    }


def _status(
    trained: int, required: int, strict: int, percent: int | None, *, is_confirmed: bool
) -> str:
    if strict == 0:
        return "nothing_asked"
    if percent is None:
        return "not_stated"
    if is_confirmed and Fraction(trained, strict) >= Fraction(percent, 100):
        return "met"
    if required > 0 and Fraction(trained, required) >= Fraction(percent, 100):
        return "met_named_only"
    return "short"
