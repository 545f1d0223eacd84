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


Stretch = tuple[int, int, str, int]
"""From a day until another at a unit in a state, by the span table's number."""
Spans = dict[tuple[Place3, int], list[Stretch]]
"""By measure and person."""


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


class Seen(NamedTuple):
    """Everything that the answers about one measure follow from, and nothing more."""

    asking: Asking
    people: tuple[int, ...]
    members: tuple[Member, ...]
    done: tuple[Done, ...]
    exempt: tuple[Exempt, ...]
    declared: tuple[Declared, ...]
    tiers: tuple[tuple[str, str], ...]
    tree: tuple[Edge, ...]


class Told(NamedTuple):
    """What the tables must say of a measure; ``days``: each person's places."""

    ledger: Table
    spans: Spans
    days: list[dict[int, Place]]


def seen(world: World, asking: Asking) -> Seen:
    programme, group, _item = asking.place
    courses = {need.course for need in asking.wanted.needs}
    return Seen(
        asking,
        tuple(world.people),
        tuple(one for one in world.of(Member) if one.group == group),
        tuple(one for one in world.of(Done) if one.course in courses),
        tuple(one for one in world.of(Exempt) if (one.programme, one.group) == (programme, group)),
        tuple(one for one in world.of(Declared) if one.group == group),
        tuple(world.tiers.items()),
        tuple(world.of(Edge)),
    )


def expected(world: World) -> tuple[Table, Spans]:
    """Everything the ledger must say of the world's units, and the spans of its people."""
    ledger: Table = {}
    spans: Spans = {}
    wholes: dict[str, list[Seen]] = {}
    told = []
    for asking in askings(world):
        one = seen(world, asking)
        told.append(of_measure(one))
        if not asking.place[2]:
            wholes.setdefault(asking.place[0], []).append(one)
    told += [of_programme(name, tuple(wholes[name])) for name in peoples(world)]
    for found in told:
        ledger.update(found.ledger)
        spans.update(found.spans)
    return ledger, spans


@lru_cache(maxsize=5_000)
def of_measure(one: Seen) -> Told:
    days = [places(one, person) for person in one.people]
    place, tiers = one.asking.place, dict(one.tiers)
    declared = [told for told in one.declared if passes(one.asking, tiers[told.unit])]
    states = [(day, *where) for found in days for day, where in found.items()]
    own = own_counts(states, declared, one.asking.wanted)
    spans = {
        (place, person): stretches(
            (day, unit, SPAN_STATES[state]) for day, (unit, state) in found.items()
        )
        for person, found in zip(one.people, days, strict=True)
        if found
    }
    return Told(table_of(place, own, one.tree), spans, days)


def places(one: Seen, person: int) -> dict[int, Place]:
    """Where and how the person counts for the measure; not where the unit's tier does not pass."""
    facts = Facts(
        tuple(member for member in one.members if member.person == person),
        tuple(done for done in one.done if done.person == person),
        tuple(exempt for exempt in one.exempt if exempt.person == person),
    )
    found, tiers = places_of(facts, one.asking.wanted, DAYS), dict(one.tiers)
    return {day: place for day, place in found.items() if passes(one.asking, tiers[place[0]])}


def passes(asking: Asking, tier: str) -> bool:
    return not asking.tiers or tier in asking.tiers


@lru_cache(maxsize=5_000)
def of_programme(programme: str, targets: tuple[Seen, ...]) -> Told:
    """Each person once at every unit where some target counts them, in the state of all."""
    place, states, spans = (programme, "", ""), [], {}
    for number, person in enumerate(targets[0].people):
        of_targets = [of_measure(target).days[number] for target in targets]
        rows = []
        for day in {day for found in of_targets for day in found}:
            state, units = together_on(found[day] for found in of_targets if day in found)
            states += [(day, unit, state or "") for unit in units]
            shared = SHARED if len(units) > 1 else 0
            rows += [(day, unit, SPAN_STATES[state or ""] + shared) for unit in units]
        if rows:
            spans[place, person] = stretches(rows)
    own = own_counts(states, [], None)
    return Told(table_of(place, own, targets[0].tree), spans, [])


SPAN_STATES = {"exempt": 1, "trained": 2, "in_grace": 3, "untrained": 4}
SHARED = 4
"""Added where a person counts at several units at once."""


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


Own = dict[str, dict[int, list[int]]]


def own_counts(
    states: Iterable[tuple[int, str, str]], declared: Iterable[Declared], wanted: Wanted | None
) -> Own:
    """The counts of each unit itself on each day; distinct people (nothing wanted) have no
    unnamed beside them. ``states``: somebody on a day, at a unit, in a state."""
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


def _add_unnamed(own: Own, declared: Iterable[Declared], day: int) -> None:
    told = {one.unit: one.number for one in declared if holds(one.start, one.end, day)}
    for unit, number in told.items():
        counts = own.setdefault(unit, {}).setdefault(day, [0] * 6)
        counts[4] = max(0, number - counts[0])
    for unit, days in own.items():
        if day in days and days[day][0] and unit not in told:
            days[day][5] = 1


def table_of(place: Place3, own: Own, tree: tuple[Edge, ...]) -> Table:
    """A unit's figures are the sums over all units that lie below it on the day, itself too."""
    total: Own = {}
    table: Table = {}
    for unit, days in own.items():
        above_on = paths_by_day(tree, unit)
        for day, counts in days.items():
            for above in (*above_on[day], EVERYWHERE):
                sums = total.setdefault(above, {}).setdefault(day, [0] * 6)
                for number, count in enumerate(counts):
                    sums[number] += count
    for part, found in ((OWN, own), (ALL, total)):
        for unit, days in found.items():
            steps = steps_of(days)
            if steps:
                table[place, unit, part] = steps
    return table


@lru_cache(maxsize=20_000)
def paths_by_day(edges: tuple[Edge, ...], unit: str) -> dict[int, list[str]]:
    return {day: path(unit, parents) for day, parents in parents_by_day(edges).items()}


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


def at(steps: Steps, day: int) -> Counts:
    """The counts on the day."""
    return next((counts for begins, counts in reversed(steps) if begins <= day), NOTHING)


def summed(tables: Iterable[Steps]) -> Steps:
    """Several worlds' steps together."""
    changes: dict[int, list[int]] = {}
    for steps in tables:
        last = NOTHING
        for day, counts in steps:
            sums = changes.setdefault(day, [0] * 6)
            for number in range(6):
                sums[number] += counts[number] - last[number]
            last = counts
    days, now = {}, [0] * 6
    for day in DAYS:
        now = [a + b for a, b in zip(now, changes.get(day, NOTHING), strict=True)]
        days[day] = now
    return steps_of(days)
