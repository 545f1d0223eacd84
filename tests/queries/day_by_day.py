"""One person's states, day after day, written from `coverage.md` alone; nothing of the product.

Days are whole numbers, a period is asked of each day by itself, and grace is counted by walking
along the days of membership. `brute_force` says the facts; here is only what is known now.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from tests.queries.brute_force import Done, Exempt, Member, Need

EXEMPT, TRAINED, IN_GRACE, UNTRAINED = "exempt", "trained", "in_grace", "untrained"
Place = tuple[str, str]
"""A unit, and the state of the person there."""


@dataclass(frozen=True)
class Facts:
    """What is known of one person, as far as one target is concerned."""

    members: tuple[Member, ...] = ()
    done: tuple[Done, ...] = ()
    exempt: tuple[Exempt, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What a target asks, and from which day on (none: always)."""

    needs: tuple[Need, ...]
    start: int | None = None
    grace: int = 0


def holds(start: int | None, end: int | None, day: int) -> bool:
    return (start is None or start <= day) and (end is None or day < end)


@lru_cache(maxsize=20_000)
def places_of(facts: Facts, wanted: Wanted, days: range) -> dict[int, Place]:
    """Where the person is on each day and in which state; days without membership or question
    are left out. The first day lies before every membership: grace is counted from there."""
    found: dict[int, Place] = {}
    joined: int | None = None
    for day in days:
        unit = unit_on(facts, day)
        if unit is None:
            joined = None
            continue
        joined = day if joined is None else joined
        state = state_on(facts, wanted, day, joined)
        if state is not None:
            found[day] = unit, state
    return found


def unit_on(facts: Facts, day: int) -> str | None:
    return next((one.unit for one in facts.members if holds(one.start, one.end, day)), None)


def state_on(facts: Facts, wanted: Wanted, day: int, joined: int) -> str | None:
    items = asked_on(wanted, day)
    if not items:
        return None
    if any(holds(one.start, one.end, day) for one in facts.exempt):
        return EXEMPT
    if all(any(meets(facts, need, day) for need in needs) for needs in items.values()):
        return TRAINED
    since = joined if wanted.start is None else max(joined, wanted.start)
    return IN_GRACE if day < since + wanted.grace else UNTRAINED


def asked_on(wanted: Wanted, day: int) -> dict[str, list[Need]]:
    """The items asked on the day; none before the target's start."""
    items: dict[str, list[Need]] = {}
    if wanted.start is None or day >= wanted.start:
        for need in wanted.needs:
            if holds(need.start, need.end, day):
                items.setdefault(need.item, []).append(need)
    return items


def meets(facts: Facts, need: Need, day: int) -> bool:
    return any(
        one.course == need.course
        and counts(one, day)
        and holds(need.accepts_from, need.accepts_to, one.on)
        for one in facts.done
    )


def counts(one: Done, day: int) -> bool:
    return (
        not one.void
        and one.on <= day
        and (one.through is None or day <= one.through)
        and (one.revoked is None or day < one.revoked)
    )


def together_on(places: Iterable[Place]) -> tuple[str | None, set[str]]:
    """One person in a whole programme on a day: one state, and the units where it shows."""
    places = list(places)
    states = {state for _unit, state in places}
    units = {unit for unit, _state in places}
    return worst(states), units


def worst(states: Collection[str]) -> str | None:
    """Who is untrained for anything is untrained; else trained, else in grace, else exempt."""
    ranked = (UNTRAINED, TRAINED, IN_GRACE, EXEMPT)
    return next((state for state in ranked if state in states), None)
