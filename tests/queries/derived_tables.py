"""The derived tables read whole into plain values, to be compared with what they must say.

No product code but the tables' names. Pending changes are climbed up the closure here, day by day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.derived import touched
from hrtrain.coverage.derived import tables
from hrtrain.coverage.models import Programme, Target
from hrtrain.people.models import CadreGroup
from hrtrain.units.models import unit_closure
from tests.queries.histories import FIRST_DAY
from tests.queries.world_count import ALL, EVERYWHERE, NOTHING, OWN, Place3, Steps, Table
from tests.queries.worlds import DAYS, Numbers

FIGURES = 7
"""A day and six counts of each row."""
Key = tuple[int, int, int]
"""Measure, unit and part."""
Rows = tuple[int, ...]
"""A day and the six figures from it on, or by how much they change; doubts are not read here."""
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
    for (measure, unit, part), steps in _ledger().items():
        if steps:
            found.ledger[names[measure], units[unit], part] = steps
    for person, measure, starts, unit, ends, state, _gaps in _rows(select(tables.span)):
        place = found.spans.setdefault((names[measure], person), [])
        place.append((number_of(starts), number_of(ends), units[unit], state))
    return found


def _rows(statement: Any) -> list[Any]:
    return list(db.session.connection().execute(statement).all())


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


def _ledger() -> dict[Key, Steps]:
    """Own counts, and those with everything below; pending ones added."""
    rows: dict[tuple[int, int], tuple[list[Rows], list[Rows], list[Rows]]] = {}
    order = tables.ledger.c
    ordered = select(tables.ledger).order_by(order.measure_id, order.unit_id, order.part, order.day)
    for measure, unit, part, *row in _rows(ordered):
        rows.setdefault((measure, unit), ([], [], []))[part].append(tuple(row[:FIGURES]))
    for (measure, unit), row in _pending():
        rows.setdefault((measure, unit), ([], [], []))[2].append(row)
    found: dict[Key, Steps] = {}
    for place, (own, below, pending) in rows.items():
        found[*place, OWN] = _steps(tuple(own), (), ())
        found[*place, ALL] = _steps(tuple(own), tuple(below), tuple(sorted(pending)))
    return found


def _pending() -> Iterator[tuple[tuple[int, int], Rows]]:
    """Changes that are in a unit's own counts, and not yet in those of the units above."""
    pending = _rows(select(tables.pending))
    above: Links = {}
    for ancestor, descendant, starts, ends in _rows(select(unit_closure)) if pending else ():
        if ancestor != descendant:
            above.setdefault(descendant, []).append((ancestor, starts, ends))
    for measure, unit, day, *all_counts in pending:
        counts = all_counts[: FIGURES - 1]
        yield (measure, 0), (day, *counts)
        for ancestor, starts, ends in above.get(unit, ()):
            if day < ends:
                yield (measure, ancestor), (max(day, starts), *counts)
                yield (measure, ancestor), (ends, *(-count for count in counts))


@lru_cache(maxsize=20_000)
def _steps(own: tuple[Rows, ...], below: tuple[Rows, ...], pending: tuple[Rows, ...]) -> Steps:
    """The sum of the units' own rows, those below, and changes still pending."""
    changes = [*_changes(own), *_changes(below), *pending]
    days: dict[int, list[int]] = {}
    for day, *change in changes:
        # Bounds that are open, or as good as, fall together before and after all days.
        if day <= date.max.toordinal():
            sums = days.setdefault(number_of(day), [0] * 6)
            for number, count in enumerate(change):
                sums[number] += count
    steps, now = [], NOTHING
    for day in sorted(days):
        then = tuple(a + b for a, b in zip(now, days[day], strict=True))
        if then != now:
            steps.append((day, then))
            now = then
    return tuple(steps)


def _changes(rows: tuple[Rows, ...]) -> Iterator[Rows]:
    last = NOTHING
    for day, *counts in rows:
        yield (day, *(a - b for a, b in zip(counts, last, strict=True)))
        last = tuple(counts)
