"""How many members each cadre group has at a unit, below it or in a scope: out of the ledger.

Whoever is in a group is in scope of every target that asks the group something on the day at
units of all tiers; so such a target's people are the group's members. A group without such a
target is left out here and counted live by who asks (`people.queries`).
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.coverage.derived.measures import stored_measures
from hrtrain.coverage.derived.reading import counts_with_below, own_counts
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.tables import COUNTERS, EVERYWHERE
from hrtrain.units.models import Unit, unit_closure
from hrtrain.units.scope import Scope

_PEOPLE = COUNTERS.index("in_scope")


def members_at(unit: Unit, day: date) -> dict[int, tuple[int, int]]:
    """By group: the members at the unit itself, and those at it and all units below."""
    measures, number = _measures_of_everybody(day), day.toordinal()
    own = own_counts(measures.values(), [unit.id], [number])
    below = counts_with_below(measures.values(), [unit.id], [number])
    nobody, found = (0,) * len(COUNTERS), {}
    for group_id, measure in measures.items():
        place = (measure, unit.id, number)
        found[group_id] = own.get(place, nobody)[_PEOPLE], below.get(place, nobody)[_PEOPLE]
    return found


def members_in(scope: Scope, day: date) -> dict[int, int]:
    """By group: the members at the units in scope by the tree of the day."""
    roots = {EVERYWHERE} if scope.everything else _topmost(scope.roots, day)
    measures, number = _measures_of_everybody(day), day.toordinal()
    found, groups = dict.fromkeys(measures, 0), {one: group for group, one in measures.items()}
    counted = counts_with_below(measures.values(), roots, [number])
    for (measure, _root, _day), counts in counted.items():
        found[groups[measure]] += counts[_PEOPLE]
    return found


def _measures_of_everybody(day: date) -> dict[int, int]:
    """By group the number of a measure that counts all of its members on the day."""
    if not is_ready():
        return {}
    return {
        one.group_id: one.id
        for one in stored_measures()
        if one.is_whole and not one.tiers and one.is_asked(day.toordinal())
    }


def _topmost(roots: Collection[int], day: date) -> set[int]:
    """Those of the units that lie below no other of them, so that nobody is counted twice."""
    if len(roots) < 2:
        return set(roots)
    link, number = unit_closure.c, day.toordinal()
    below = select(link.descendant_id).where(
        link.descendant_id.in_(roots),
        link.ancestor_id.in_(roots),
        link.ancestor_id != link.descendant_id,
        link.starts <= number,
        link.ends > number,
    )
    return set(roots) - set(db.session.scalars(below))
