"""Figures out of the ledger: the last row on or before a day, what is pending added.

One statement whatever the number of places and days, and its cost follows their number, not the
country's. One statement also because PostgreSQL's folding moves rows from one table to
the other: two statements could see them in neither or in both.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import Integer, Subquery, func, or_, select, true, union_all

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_START
from hrtrain.coverage.derived.tables import BELOW, COUNTERS, EVERYWHERE, OWN, ledger, pending
from hrtrain.coverage.steps import Counts, packed, unpacked_changes
from hrtrain.units.models import unit_closure

Place = tuple[int, int, int]
"""A measure's and a unit's number, and a day's."""


def counts_with_below(
    measure_ids: Collection[int], unit_ids: Collection[int], days: Collection[int]
) -> dict[Place, Counts]:
    """The six counts of each unit with all below it; what has none is left out."""
    return counts_at(product(measure_ids, unit_ids, days))


def own_counts(
    measure_ids: Collection[int], unit_ids: Collection[int], days: Collection[int]
) -> dict[Place, Counts]:
    """The six counts of each unit alone, without those below it."""
    return _counts(product(measure_ids, unit_ids, days), (OWN,))


def counts_at(places: Iterable[Place]) -> dict[Place, Counts]:
    """The six counts of each place's unit with all below it; what has none is left out."""
    return _counts(places, (OWN, BELOW))


def _counts(places: Iterable[Place], parts: tuple[int, ...]) -> dict[Place, Counts]:
    rows = [(*place, part) for place in places for part in parts]
    if not rows:
        return {}
    dialect, found = db.engine.dialect.name, dict[Place, int]()
    statement = _with_pending(dialect) if BELOW in parts else _told(dialect)
    told = db.session.connection().execute(statement, {"places": inline.rows(rows)})
    for measure, unit, day, *counts in told:
        if counts[0] is not None:
            place = (measure, unit, day)
            found[place] = found.get(place, 0) + packed(counts)
    return {place: unpacked_changes(counts, len(COUNTERS)) for place, counts in found.items()}


def _places() -> Subquery:
    return inline.table("places", "measure", "unit", "day", "part")


@lru_cache
def _told(dialect: str) -> Any:
    return _last_rows_by_day() if dialect == "sqlite" else _last_rows_lateral()


def _last_rows_by_day() -> Any:
    # Materialized: SQLite would read a place out of the parameter again at each mention.
    read = inline.table("places", "measure", "unit", "day", "part")
    asked = select(read).cte("asked").prefix_with("MATERIALIZED")
    last = ledger.alias("last")
    last_day = (
        select(func.max(last.c.day))
        .where(last.c.measure_id == asked.c.measure, last.c.unit_id == asked.c.unit)
        .where(last.c.part == asked.c.part, last.c.day.between(OPEN_START, asked.c.day))
        .scalar_subquery()
    )
    here = (
        (ledger.c.measure_id == asked.c.measure)
        & (ledger.c.unit_id == asked.c.unit)
        & (ledger.c.part == asked.c.part)
        & (ledger.c.day == last_day)
    )
    # The outer join keeps SQLite from reading the ledger first.
    return _shown(asked, ledger).select_from(asked.outerjoin(ledger, here))


def _last_rows_lateral() -> Any:
    """PostgreSQL cannot know how few places are asked, and would read the whole ledger to join."""
    asked = _places()
    last = (
        select(*(ledger.c[name] for name in COUNTERS))
        .where(ledger.c.measure_id == asked.c.measure, ledger.c.unit_id == asked.c.unit)
        .where(ledger.c.part == asked.c.part, ledger.c.day <= asked.c.day)
        .order_by(ledger.c.day.desc())
        .limit(1)
        .correlate(asked)
        .lateral("last")
    )
    return _shown(asked, last).select_from(asked.join(last, true()))


def _shown(asked: Any, counted: Any) -> Any:
    place = (asked.c.measure, asked.c.unit, asked.c.day)
    return select(*place, *(counted.c[name] for name in COUNTERS))


@lru_cache
def _with_pending(dialect: str) -> Any:
    told = _told(dialect)
    return told if dialect == "sqlite" else union_all(told, _pending())


def _pending() -> Any:
    """What units below changed on or before the day, where they lie below the unit on it."""
    asked, link = _places(), unit_closure.alias("link")
    until_then = (
        (pending.c.measure_id == asked.c.measure)
        & (pending.c.day <= asked.c.day)
        & (asked.c.part == BELOW)
    )
    lies_below = (
        (link.c.descendant_id == pending.c.unit_id)
        & (link.c.ancestor_id == asked.c.unit)
        & (link.c.ancestor_id != link.c.descendant_id)
        & (link.c.starts <= asked.c.day)
        & (link.c.ends > asked.c.day)
    )
    sums = (func.sum(pending.c[name]).cast(Integer) for name in COUNTERS)
    place = (asked.c.measure, asked.c.unit, asked.c.day)
    return (
        select(*place, *sums)
        .select_from(pending.join(asked, until_then).outerjoin(link, lies_below))
        .where(or_(asked.c.unit == EVERYWHERE, link.c.ancestor_id.is_not(None)))
        .group_by(*place)
    )
