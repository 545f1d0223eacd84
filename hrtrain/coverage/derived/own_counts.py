"""A unit's own counts: people by state, and from them and its declarations who is not named.

Unnamed people and unconfirmed units follow from the unit's own members on a day, not from sums of
changes; they are computed here, for the days from the first change on, and summed up as they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, OPEN_START, as_numbers
from hrtrain.coverage import steps
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.ledger import ByKey, Key, steps_from, write_steps
from hrtrain.coverage.derived.measures import Measure
from hrtrain.coverage.derived.tables import COUNTERS, OWN
from hrtrain.coverage.gaps import GAPS
from hrtrain.coverage.spans import EXEMPT, IN_GRACE, SHARED, TRAINED, UNTRAINED, Span
from hrtrain.coverage.steps import Changes, Packed, Steps, packed
from hrtrain.people.models import Headcount
from hrtrain.units.models import Unit

# What a person in a state adds: in_scope, exempt, in_grace, trained; the rest is not a person's.
_BY_STATE = {
    EXEMPT: packed((1, 1, 0, 0)),
    IN_GRACE: packed((1, 0, 1, 0)),
    TRAINED: packed((1, 0, 0, 1)),
    UNTRAINED: packed((1, 0, 0, 0)),
}
_BY_STATE |= {state + SHARED: counts for state, counts in _BY_STATE.items()}
_STATES, _MARKS = 4, COUNTERS.index("no_birth")
"""So many of the counters count people by state; from there on people by gap."""
_BY_GAPS = {
    gaps: packed([0] * _MARKS + [int(bool(gaps & gap)) for gap in GAPS])
    for gaps in range(sum(GAPS) + 1)
}
OF_SPAN = {
    (state, gaps): of_state + of_gaps
    for state, of_state in _BY_STATE.items()
    for gaps, of_gaps in _BY_GAPS.items()
}
"""What a day in a span's state, with its gaps, adds to the unit's own counts."""
_ONE = {name: packed(int(name == counter) for counter in COUNTERS) for name in COUNTERS}
_UNNAMED, _UNCONFIRMED, _UNSURE = _ONE["unnamed"], _ONE["unconfirmed"], _ONE["unsure"]
# Counts of a day are never negative: the lowest place, and the places of people, alone.
_MEMBERS = packed((0, 1)) - 1
_OF_PEOPLE = packed(
    _MEMBERS if place < _STATES or place >= _MARKS else 0 for place in range(len(COUNTERS))
)


class Declared(NamedTuple):
    """A headcount declared for ``[starts, ends)``."""

    starts: int
    ends: int
    people: int


class Declarations(NamedTuple):
    """What units declared, by group and unit, and the units' tiers."""

    declared: dict[tuple[int, int], list[Declared]]
    tiers: dict[int, str]

    def of(self, measure: Measure, unit_id: int) -> list[Declared]:
        """The unit's declarations, as far as the measure counts the unit."""
        if measure.is_people or not measure.passes(self.tiers.get(unit_id, "")):
            return []
        return self.declared.get((measure.group_id, unit_id), [])


def note_span(changes: ByKey, measure_id: int, span: Span, *, is_gone: bool) -> None:
    """Add what a span that came, or is gone, changes in its unit's own counts."""
    of_key = changes.setdefault((measure_id, span.unit_id), {})
    counts = OF_SPAN[span.state, span.gaps]
    counts = -counts if is_gone else counts
    steps.add(of_key, span.starts, counts)
    steps.add(of_key, span.ends, -counts)


def change_own_counts(
    changes: Mapping[Key, Changes], measures: Mapping[int, Measure], horizon: Horizon
) -> ByKey:
    """Write the units' own counts anew from each key's first day; gives what changed in all."""
    firsts = {key: min(of_key, default=OPEN_START) for key, of_key in changes.items()}
    before = steps_from(OWN, firsts)
    declarations = declarations_of(firsts, measures, horizon)
    after: dict[Key, Steps] = {}
    for key, old in before.items():
        measure = measures[key[0]]
        people = _people_after(old, changes[key])
        known = declarations.of(measure, key[1])
        kept = [row for row in old[:1] if row[0] < firsts[key]]
        start = kept[0][1] if kept else 0
        after[key] = kept + with_unnamed(people, known, measure, firsts[key], start)
    write_steps(OWN, before, after)
    differing = {key: steps.changes_between(before[key], of_key) for key, of_key in after.items()}
    return {key: of_key for key, of_key in differing.items() if of_key}


def _people_after(before: Steps, changes: Changes) -> Steps:
    """The counts of people alone, changed."""
    together = steps.changes_of([(day, counts & _OF_PEOPLE) for day, counts in before])
    for day, counts in changes.items():
        steps.add(together, day, counts)
    return steps.steps_of(together)


def with_unnamed(
    people: Steps, declared: Iterable[Declared], measure: Measure, first: int, start: Packed = 0
) -> Steps:
    """The counts of people with the unnamed and the unconfirmed of each day beside them.

    From the first day on, where they were as at the start before; nothing on days that ask
    nothing (coverage.md, 2 and 6).
    """
    declared = sorted(declared)
    if measure.is_people:
        return [row for row in people if row[0] >= first]
    if not declared and first == OPEN_START:
        return [(day, counts + _unsure(counts & _MEMBERS)) for day, counts in people]
    days = {day for day, _counts in people if day >= first} | {first}
    if declared:
        bounds = {day for one in declared for day in (one.starts, one.ends)}
        bounds |= {day for one in measure.rule.choices for day in (one.starts, one.ends)}
        bounds.add(measure.rule.starts)
        days |= {day for day in bounds if first < day < OPEN_END}
    return list(_rows(sorted(days), people, declared, measure, start))


def _rows(
    days: list[int], people: Steps, declared: list[Declared], measure: Measure, last: Packed
) -> Iterable[tuple[int, Packed]]:
    counts, place = 0, 0
    for day in days:
        while place < len(people) and people[place][0] <= day:
            counts = people[place][1]
            place += 1
        then = counts + unnamed_on(day, counts & _MEMBERS, declared, measure)
        if then != last:
            yield day, then
            last = then


def members_of(counts: Packed) -> int:
    """How many people are counted at all."""
    return counts & _MEMBERS


def unnamed_on(day: int, members: int, declared: list[Declared], measure: Measure) -> Packed:
    """How many declared people have no name, or one unit where members are not declared."""
    for one in declared:
        if one.starts <= day < one.ends:
            unnamed = one.people - members
            return unnamed * _UNNAMED if unnamed > 0 and measure.is_asked(day) else 0
    return _unsure(members)


def _unsure(members: int) -> Packed:
    """One unit that has not declared, and its people; whoever is counted is asked something."""
    return _UNCONFIRMED + members * _UNSURE if members else 0


def declarations_of(
    keys: Iterable[Key], measures: Mapping[int, Measure], horizon: Horizon
) -> Declarations:
    """What these units declared of the measures' groups, known now."""
    wanted = sorted({(measures[measure].group_id, unit) for measure, unit in keys})
    given = {"places": inline.rows(wanted), "units": inline.rows({(unit,) for _g, unit in wanted})}
    connection = db.session.connection()
    headcounts = connection.execute(_declared(), {"places": given["places"]}).all()
    tiers = connection.execute(_tiers(), {"units": given["units"]}).all()
    return _known_of(headcounts, tiers, horizon)


def all_declarations(horizon: Horizon) -> Declarations:
    """What all units declared of all groups, known now."""
    row, connection = Headcount, db.session.connection()
    asked = select(row.group_id, row.unit_id, row.starts_on, row.ends_on, row.declared)
    asked = asked.add_columns(row.recorded_at, row.retracted_at)
    headcounts = connection.execute(asked.where(horizon.worth_reading(row))).all()
    return _known_of(headcounts, connection.execute(select(Unit.id, Unit.tier)).all(), horizon)


def _known_of(headcounts: Iterable[Any], tiers: Iterable[Any], horizon: Horizon) -> Declarations:
    """Of the rows read those that are known; a place without any gives an empty one."""
    declared: dict[tuple[int, int], list[Declared]] = {}
    for group, unit, starts_on, ends_on, count, recorded_at, retracted_at in headcounts:
        if count is not None and horizon.knows(recorded_at, retracted_at):
            place = declared.setdefault((group, unit), [])
            place.append(Declared(*as_numbers(starts_on, ends_on), count))
    return Declarations(declared, {row[0]: row[1] for row in tiers})


@inline.built_once
def _declared() -> Any:
    places = inline.table("places", "group_id", "unit_id")
    row = Headcount
    here = (row.group_id == places.c.group_id) & (row.unit_id == places.c.unit_id)
    asked = select(places.c.group_id, places.c.unit_id, row.starts_on, row.ends_on, row.declared)
    asked = asked.add_columns(row.recorded_at, row.retracted_at)
    return asked.select_from(places.outerjoin(row.__table__, here))


@inline.built_once
def _tiers() -> Any:
    units = inline.table("units", "unit_id")
    tiers = select(units.c.unit_id, Unit.tier)
    return tiers.select_from(units.outerjoin(Unit.__table__, Unit.id == units.c.unit_id))
