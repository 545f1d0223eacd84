"""The derived tables read whole into plain values, to be compared with what they must say.

No product code but the tables' names. Pending changes are climbed up the closure here, day by day.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.derived import touched
from hrtrain.coverage.derived import tables
from hrtrain.coverage.models import Programme, Target
from hrtrain.people.models import CadreGroup
from hrtrain.units.models import unit_closure
from tests.queries.histories import FIRST_DAY
from tests.queries.world_count import ALL, EVERYWHERE, NOTHING, OWN, Counts, Place3, Steps, Table
from tests.queries.worlds import DAYS, Numbers

Changes = dict[tuple[int, int, int], dict[int, Counts]]
"""By measure, unit and part: what changes on which day."""
Links = dict[int, list[tuple[int, int, int]]]


def number_of(day: int) -> int:
    """The brute force's day of the tables' one; all before and after its days are the first."""
    return min(max(day - FIRST_DAY.toordinal(), DAYS[0]), DAYS[-1] + 1)


@dataclass
class Tables:
    """What the tables say, by the brute force's words."""

    ledger: Table = field(default_factory=dict)
    spans: dict[tuple[Place3, int], list[tuple[int, int, str, int]]] = field(default_factory=dict)
    places: set[Place3] = field(default_factory=set)
    left: int = 0
    """What is noted as touched and not yet taken."""


def read(numbers: Numbers) -> Tables:
    """All of them, in the transaction that is open."""
    names, units = measures(), {number: key for key, number in numbers.units.items()}
    units[0] = EVERYWHERE
    found = Tables(places=set(names.values()), left=len(_rows(select(touched))))
    for key, changes in _ledger().items():
        measure, unit, part = key
        steps = _steps(changes)
        if steps:
            found.ledger[names[measure], units[unit], part] = steps
    for person, measure, starts, unit, ends, state in _rows(select(tables.span)):
        place = found.spans.setdefault((names[measure], person), [])
        place.append((number_of(starts), number_of(ends), units[unit], state))
    return found


def _rows(statement: Any) -> list[Any]:
    return list(db.session.connection().execute(statement))


def measures() -> dict[int, Place3]:
    """What each measure counts, by the keys of programme and group."""
    programmes = {row[0]: row[1] for row in _rows(select(Programme.id, Programme.key))}
    targets = select(Target.id, CadreGroup.key).join(CadreGroup, CadreGroup.id == Target.group_id)
    groups = {0: "", **{row[0]: row[1] for row in _rows(targets)}}
    column = tables.measure.c
    asked = select(column.id, column.programme_id, column.target_id, column.item)
    return {
        number: (programmes[programme], groups[target], item)
        for number, programme, target, item in _rows(asked)
    }


def _ledger() -> Changes:
    """Own counts, and those with everything below, as changes by day; pending ones added."""
    found: Changes = {}
    last: dict[tuple[int, int, int], Counts] = {}
    order = tables.ledger.c
    ordered = select(tables.ledger).order_by(order.measure_id, order.unit_id, order.part, order.day)
    for measure, unit, part, day, *counts in _rows(ordered):
        before = last.get((measure, unit, part), NOTHING)
        last[measure, unit, part] = now = tuple(counts)
        change = tuple(a - b for a, b in zip(now, before, strict=True))
        if part == tables.OWN:
            _add(found, (measure, unit, OWN), day, change)
        _add(found, (measure, unit, ALL), day, change)
    _add_pending(found)
    return found


def _add(found: Changes, key: tuple[int, int, int], day: int, change: Counts) -> None:
    days = found.setdefault(key, {})
    days[day] = tuple(a + b for a, b in zip(days.get(day, NOTHING), change, strict=True))


def _add_pending(found: Changes) -> None:
    """What is pending is in the unit's own counts, and not yet in those of the units above."""
    pending = _rows(select(tables.pending))
    if not pending:
        return
    above: Links = {}
    for ancestor, descendant, starts, ends in _rows(select(unit_closure)):
        if ancestor != descendant:
            above.setdefault(descendant, []).append((ancestor, starts, ends))
    for measure, unit, day, *counts in pending:
        change = tuple(counts)
        _add(found, (measure, 0, ALL), day, change)
        for ancestor, starts, ends in above.get(unit, ()):
            if day < ends:
                _add(found, (measure, ancestor, ALL), max(day, starts), change)
                _add(found, (measure, ancestor, ALL), ends, tuple(-one for one in change))


def _steps(changes: dict[int, Counts]) -> Steps:
    days: dict[int, Counts] = {}
    for day, change in changes.items():
        # Bounds that are open, or as good as, fall together before and after all days.
        if day <= date.max.toordinal():
            place = number_of(day)
            days[place] = tuple(
                a + b for a, b in zip(days.get(place, NOTHING), change, strict=True)
            )
    steps, now = [], NOTHING
    for day in sorted(days):
        then = tuple(a + b for a, b in zip(now, days[day], strict=True))
        if then != now:
            steps.append((day, then))
            now = then
    return tuple(steps)
