"""What the derived tables must say of a world: every measure, every unit, day by day.

Written from `coverage.md` over `day_by_day`; plain sums over people and units, the tree climbed
upwards on each day by itself. Whatever was counted before of the same facts is not counted again.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tests.queries.brute_force import Declared, Done, Edge, Exempt, Goal, Member, Need
from tests.queries.day_by_day import (
    Facts,
    Place,
    Wanted,
    asked_on,
    holds,
    places_of,
    together_on,
)
from tests.queries.worlds import DAYS, World

Counts = tuple[int, ...]
"""In scope, exempt, in grace, trained, unnamed, units unconfirmed: as in the ledger."""
Steps = tuple[tuple[int, Counts], ...]
"""The counts from a day on; only days on which something changes."""
NOTHING: Counts = (0,) * 6
EVERYWHERE = ""
OWN, ALL = 0, 1
Place3 = tuple[str, str, str]
"""What a measure counts: programme, group ("" for its distinct people), item ("" for all)."""
Table = dict[tuple[Place3, str, int], Steps]
"""By measure, unit, and whether the unit's own or with all below it; what is never anything is
left out."""


class Asking(NamedTuple):
    """A measure, with what it asks."""

    place: Place3
    wanted: Wanted
    tiers: tuple[str, ...]


def askings(world: World) -> list[Asking]:
    """The targets, the items apart where a target has several."""
    needs = world.of(Need)
    found = []
    for (programme, group), goal in world.goals.items():
        mine = tuple(one for one in needs if (one.programme, one.group) == (programme, group))
        start = goal.start if goal.start is not None else world.plans[programme].start
        found.append(_asking(goal, "", mine, start))
        items = {one.item for one in mine}
        if len(items) > 1:
            for item in items:
                of_item = tuple(one for one in mine if one.item == item)
                found.append(_asking(goal, item, of_item, start))
    return found


def _asking(goal: Goal, item: str, needs: tuple[Need, ...], start: int | None) -> Asking:
    return Asking((goal.programme, goal.group, item), Wanted(needs, start, goal.grace), goal.tiers)


def peoples(world: World) -> list[str]:
    """The programmes whose distinct people are counted: those with several targets."""
    programmes = [programme for programme, _group in world.goals]
    return sorted({one for one in programmes if programmes.count(one) > 1})


@lru_cache(maxsize=20_000)
def parents_by_day(edges: tuple[Edge, ...]) -> dict[int, dict[str, str]]:
    return {
        day: {one.unit: one.parent for one in edges if holds(one.start, one.end, day)}
        for day in DAYS
    }


def places(world: World, person: int, asking: Asking) -> dict[int, Place]:
    """Where and how the person counts for the measure; not where the unit's tier does not pass."""
    programme, group, _item = asking.place
    facts = Facts(
        tuple(one for one in world.of(Member) if (one.person, one.group) == (person, group)),
        tuple(one for one in world.of(Done) if one.person == person),
        tuple(
            one
            for one in world.of(Exempt)
            if (one.person, one.programme, one.group) == (person, programme, group)
        ),
    )
    found = places_of(facts, asking.wanted, DAYS)
    return {day: place for day, place in found.items() if passes(world, asking, place[0])}


def passes(world: World, asking: Asking, unit: str) -> bool:
    return not asking.tiers or world.tiers[unit] in asking.tiers


def expected(world: World) -> Table:
    """Everything the ledger must say of the world's units."""
    table: Table = {}
    by_person: dict[str, list[list[dict[int, Place]]]] = {}
    tree = tuple(world.of(Edge))
    for asking in askings(world):
        programme, group, item = asking.place
        found = [places(world, person, asking) for person in world.people]
        if not item:
            by_person.setdefault(programme, []).append(found)
        declared = tuple(
            one
            for one in world.of(Declared)
            if one.group == group and passes(world, asking, one.unit)
        )
        states = frozen((day, *place) for days in found for day, place in days.items())
        own = own_counts(states, declared, asking.wanted)
        _tell(table, asking.place, world, own, tree)
    for programme in peoples(world):
        states = frozen(_together(by_person[programme]))
        _tell(table, (programme, "", ""), world, own_counts(states, (), None), tree)
    return table


SPAN_STATES = {"exempt": 1, "trained": 2, "in_grace": 3, "untrained": 4}
SHARED = 4
"""Added where a person counts at several units at once."""
Stretch = tuple[int, int, str, int]
"""From a day until another at a unit in a state."""


def spans(world: World) -> dict[tuple[Place3, int], list[Stretch]]:
    """Everybody's stretches of days in the same state at the same unit, by measure and person."""
    found: dict[tuple[Place3, int], list[Stretch]] = {}
    by_person: dict[tuple[str, int], list[dict[int, Place]]] = {}
    for asking in askings(world):
        programme, _group, item = asking.place
        for person in world.people:
            days = places(world, person, asking)
            rows = stretches((day, unit, SPAN_STATES[state]) for day, (unit, state) in days.items())
            found[asking.place, person] = rows
            if not item:
                by_person.setdefault((programme, person), []).append(days)
    for programme in peoples(world):
        for person in world.people:
            rows = stretches(_shared(by_person[programme, person]))
            found[(programme, "", ""), person] = rows
    return {key: rows for key, rows in found.items() if rows}


def _shared(targets: list[dict[int, Place]]) -> Iterable[tuple[int, str, int]]:
    for day in DAYS:
        state, units = together_on(days[day] for days in targets if day in days)
        for unit in units:
            yield day, unit, SPAN_STATES[state or ""] + (SHARED if len(units) > 1 else 0)


def stretches(days: Iterable[tuple[int, str, int]]) -> list[Stretch]:
    """Days that follow each other at the same unit in the same state are one stretch."""
    found: dict[str, list[Stretch]] = {}
    for day, unit, state in sorted(days):
        rows = found.setdefault(unit, [])
        if rows and rows[-1][1] == day and rows[-1][3] == state:
            rows[-1] = (rows[-1][0], day + 1, unit, state)
        else:
            rows.append((day, day + 1, unit, state))
    return sorted(row for rows in found.values() for row in rows)


State = tuple[int, str, str]
"""On a day, at a unit, in a state."""


def frozen(states: Iterable[State]) -> tuple[State, ...]:
    return tuple(sorted(states))


def _together(targets: list[list[dict[int, Place]]]) -> Iterable[State]:
    """Each person once at every unit where some target counts them, in the state of all."""
    for of_person in zip(*targets, strict=True):
        for day in DAYS:
            state, units = together_on(days[day] for days in of_person if day in days)
            yield from ((day, unit, state) for unit in units if state)


Own = dict[str, dict[int, list[int]]]


@lru_cache(maxsize=20_000)
def own_counts(
    states: tuple[State, ...], declared: tuple[Declared, ...], wanted: Wanted | None
) -> Own:
    """The counts of each unit itself on each day; distinct people (nothing wanted) have no
    unnamed beside them."""
    own: Own = {}
    for day, unit, state in states:
        counts = own.setdefault(unit, {}).setdefault(day, [0] * 6)
        counts[0] += 1
        if state != "untrained":
            counts[("", "exempt", "in_grace", "trained").index(state)] += 1
    if wanted is not None:
        for day in DAYS:
            if asked_on(wanted, day):
                _add_unnamed(own, declared, day)
    return own


def _add_unnamed(own: Own, declared: tuple[Declared, ...], day: int) -> None:
    told = {one.unit: one.number for one in declared if holds(one.start, one.end, day)}
    for unit, number in told.items():
        counts = own.setdefault(unit, {}).setdefault(day, [0] * 6)
        counts[4] = max(0, number - counts[0])
    for unit, days in own.items():
        if day in days and days[day][0] and unit not in told:
            days[day][5] = 1


def _tell(table: Table, place: Place3, world: World, own: Own, tree: tuple[Edge, ...]) -> None:
    """A unit's figures are the sums over all units that lie below it on the day, itself too."""
    total: dict[str, dict[int, list[int]]] = {}
    parents = parents_by_day(tree)
    for unit, days in own.items():
        for day, counts in days.items():
            for above in (*path(unit, parents[day]), EVERYWHERE):
                sums = total.setdefault(above, {}).setdefault(day, [0] * 6)
                for number, count in enumerate(counts):
                    sums[number] += count
    for part, found in ((OWN, own), (ALL, total)):
        for unit, days in found.items():
            steps = steps_of(days)
            if steps:
                table[place, unit, part] = steps


def path(unit: str, parents: dict[str, str]) -> list[str]:
    found = [unit]
    while found[-1] in parents:
        found.append(parents[found[-1]])
    return found


def steps_of(days: dict[int, list[int]]) -> Steps:
    steps, last = [], NOTHING
    for day in DAYS:
        counts = tuple(days.get(day, NOTHING))
        if counts != last:
            steps.append((day, counts))
            last = counts
    return tuple(steps)


def summed(tables: Iterable[Steps]) -> Steps:
    """Several worlds' steps together."""
    days: dict[int, list[int]] = {}
    for steps in tables:
        now, rest = NOTHING, list(steps)
        for day in DAYS:
            while rest and rest[0][0] == day:
                now = rest.pop(0)[1]
            sums = days.setdefault(day, [0] * 6)
            days[day] = [a + b for a, b in zip(sums, now, strict=True)]
    return steps_of(days)
