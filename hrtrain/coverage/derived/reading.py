"""Figures out of the ledger: the last row on or before a day, what is pending added.

One statement whatever the number of places and days, and its cost follows their number, not the
country's. One statement also because PostgreSQL's folding moves rows from one table to
the other: two statements could see them in neither or in both.
"""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import product
from operator import add
from typing import Any

from sqlalchemy import Integer, Subquery, func, or_, select, text, true, union_all

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_START
from hrtrain.coverage.derived.tables import BELOW, COUNTERS, EVERYWHERE, OWN, ledger, pending
from hrtrain.coverage.steps import Counts
from hrtrain.units.models import unit_closure

Place = tuple[int, int, int]
"""A measure's and a unit's number, and a day's."""


def counts_with_below(
    measure_ids: Collection[int], unit_ids: Collection[int], days: Collection[int]
) -> dict[Place, Counts]:
    """The six counts of each unit with all below it; what has none is left out."""
    return _counts(measure_ids, unit_ids, days, (OWN, BELOW))


def own_counts(
    measure_ids: Collection[int], unit_ids: Collection[int], days: Collection[int]
) -> dict[Place, Counts]:
    """The six counts of each unit alone, without those below it."""
    return _counts(measure_ids, unit_ids, days, (OWN,))


def counts_at(places: Iterable[Place]) -> dict[Place, Counts]:
    """The six counts of each place's unit with all below it; what has none is left out.

    Units of which the same is asked are asked about together.
    """
    asked: dict[int, set[tuple[int, int]]] = {}
    for measure, unit, day in places:
        asked.setdefault(unit, set()).add((measure, day))
    together: dict[tuple[frozenset[int], ...], list[int]] = {}
    for unit, pairs in asked.items():
        measures, days = zip(*pairs, strict=True)
        together.setdefault((frozenset(measures), frozenset(days)), []).append(unit)
    found: dict[Place, Counts] = {}
    for (some_measures, some_days), units in together.items():
        found |= counts_with_below(some_measures, units, some_days)
    return found


def _counts(
    measure_ids: Collection[int],
    unit_ids: Collection[int],
    days: Collection[int],
    parts: tuple[int, ...],
) -> dict[Place, Counts]:
    lists = [list(measure_ids), list(unit_ids), list(days), list(parts)]
    if not all(lists):
        return {}
    if db.engine.dialect.name == "sqlite":
        statement = _LAST_ROWS_ON_SQLITE
        given = dict(zip(_LISTS, map(json.dumps, lists), strict=True))
    else:
        statement = _last_rows_and_pending() if BELOW in parts else _last_rows_lateral()
        given = {"places": inline.rows(product(*lists))}
    found: dict[Place, Counts] = {}
    for measure, unit, day, *counts in db.session.connection().execute(statement, given):
        place, told = (measure, unit, day), found.get((measure, unit, day))
        found[place] = tuple(counts) if told is None else tuple(map(add, told, counts))
    return found


def _places() -> Subquery:
    return inline.table("places", "measure", "unit", "day", "part")


_LISTS = ("measures", "units", "days", "parts")
_LIST = "{0} AS MATERIALIZED (SELECT value AS id FROM json_each(:{0}))"
# Written out: only CROSS JOIN keeps SQLite from reading the ledger first, and only materialized
# lists from reading a value out of the parameter again at each mention.
_LAST_ROWS_ON_SQLITE = text(
    f"""
    WITH {", ".join(map(_LIST.format, _LISTS))}
    SELECT measures.id, units.id, days.id, {", ".join(f"here.{name}" for name in COUNTERS)}
    FROM measures CROSS JOIN units CROSS JOIN days CROSS JOIN parts
    CROSS JOIN {ledger.name} AS here
      ON here.measure_id = measures.id AND here.unit_id = units.id AND here.part = parts.id
      AND here.day = (
        SELECT max(last.day) FROM {ledger.name} AS last
        WHERE last.measure_id = measures.id AND last.unit_id = units.id
          AND last.part = parts.id AND last.day BETWEEN {OPEN_START} AND days.id)
    """  # noqa: S608  (names of this module's own)
)


@lru_cache
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
    place = (asked.c.measure, asked.c.unit, asked.c.day)
    counted = (last.c[name] for name in COUNTERS)
    return select(*place, *counted).select_from(asked.join(last, true()))


@lru_cache
def _last_rows_and_pending() -> Any:
    return union_all(_last_rows_lateral(), _pending())


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
