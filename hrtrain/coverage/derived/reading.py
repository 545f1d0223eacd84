"""Figures out of the ledger: the last row on or before a day, what is pending added.

One statement whatever the number of measures, units and days, and its cost follows their number,
not the country's. One statement also because PostgreSQL's folding moves rows from one table to
the other: two statements could see them in neither or in both.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, func, literal, or_, select, union_all

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_START
from hrtrain.coverage.derived.tables import BELOW, COUNTERS, EVERYWHERE, OWN, ledger, pending
from hrtrain.coverage.steps import Counts, packed, unpacked
from hrtrain.units.models import unit_closure

Place = tuple[int, int, int]
"""A measure's and a unit's number, and a day's."""


def counts_with_below(
    measure_ids: Collection[int], unit_ids: Collection[int], days: Collection[int]
) -> dict[Place, Counts]:
    """The six counts of each unit with all below it; what has none is left out."""
    return _counts(measure_ids, unit_ids, days, parts=(OWN, BELOW))


def own_counts(
    measure_ids: Collection[int], unit_ids: Collection[int], days: Collection[int]
) -> dict[Place, Counts]:
    """The six counts of each unit alone, without those below it."""
    return _counts(measure_ids, unit_ids, days, parts=(OWN,))


def _counts(
    measure_ids: Collection[int],
    unit_ids: Collection[int],
    days: Collection[int],
    *,
    parts: tuple[int, ...],
) -> dict[Place, Counts]:
    if not (measure_ids and unit_ids and days):
        return {}
    given = {
        "measures": inline.rows((one,) for one in measure_ids),
        "units": inline.rows((one,) for one in unit_ids),
        "days": inline.rows((one,) for one in days),
        "parts": inline.rows((one,) for one in parts),
    }
    dialect = db.engine.dialect.name
    statement = _with_pending(dialect) if BELOW in parts else _told(dialect)
    found: dict[Place, int] = {}
    for measure, unit, day, *counts in db.session.connection().execute(statement, given):
        if counts[0] is not None:
            place = (measure, unit, day)
            found[place] = found.get(place, 0) + packed(counts)
    return {place: unpacked(counts, len(COUNTERS)) for place, counts in found.items()}


@lru_cache
def _told(_dialect: str) -> Any:
    measures, units = inline.table("measures", "number"), inline.table("units", "number")
    days, parts = inline.table("days", "number"), inline.table("parts", "number")
    last = ledger.alias("last")
    last_day = (
        select(func.max(last.c.day))
        .where(last.c.measure_id == measures.c.number, last.c.unit_id == units.c.number)
        .where(last.c.part == parts.c.number, last.c.day.between(OPEN_START, days.c.number))
        .scalar_subquery()
    )
    here = (
        (ledger.c.measure_id == measures.c.number)
        & (ledger.c.unit_id == units.c.number)
        & (ledger.c.part == parts.c.number)
        & (ledger.c.day == last_day)
    )
    everything = measures.join(units, literal(1) == 1).join(days, literal(1) == 1)
    # The outer join keeps SQLite from reading the ledger first.
    places = everything.join(parts, literal(1) == 1).outerjoin(ledger, here)
    return select(
        measures.c.number, units.c.number, days.c.number, *(ledger.c[name] for name in COUNTERS)
    ).select_from(places)


@lru_cache
def _with_pending(dialect: str) -> Any:
    told = _told(dialect)
    return told if dialect == "sqlite" else union_all(told, _pending())


def _pending() -> Any:
    """What units below changed on or before the day, where they lie below the unit on it."""
    measures, units = inline.table("measures", "number"), inline.table("units", "number")
    days, link = inline.table("days", "number"), unit_closure.alias("link")
    lies_below = (
        (link.c.descendant_id == pending.c.unit_id)
        & (link.c.ancestor_id == units.c.number)
        & (link.c.ancestor_id != link.c.descendant_id)
        & (link.c.starts <= days.c.number)
        & (link.c.ends > days.c.number)
    )
    everything = pending.join(measures, measures.c.number == pending.c.measure_id)
    places = everything.join(units, literal(1) == 1).join(days, pending.c.day <= days.c.number)
    sums = (func.sum(pending.c[name]).cast(Integer) for name in COUNTERS)
    place = (measures.c.number, units.c.number, days.c.number)
    return (
        select(*place, *sums)
        .select_from(places.outerjoin(link, lies_below))
        .where(or_(units.c.number == EVERYWHERE, link.c.ancestor_id.is_not(None)))
        .group_by(*place)
    )
