"""Figures of the ledger through time: at many places and days at once, and when they change."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, literal, or_, select, union, union_all

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_START
from hrtrain.coverage.derived.reading import Place
from hrtrain.coverage.derived.tables import BELOW, COUNTERS, EVERYWHERE, OWN, ledger, pending
from hrtrain.coverage.steps import Counts, packed, unpacked
from hrtrain.units.models import unit_closure


def counts_at(places: Collection[Place]) -> dict[Place, Counts]:
    """The six counts of each place's unit with all below it; what has none is left out.

    `reading.counts_with_below` asks every measure of every unit; here each is asked of its own.
    """
    if not places:
        return {}
    given = {"places": inline.rows(places), "parts": inline.rows([(OWN,), (BELOW,)])}
    found: dict[Place, int] = {}
    statement = _at_places(db.engine.dialect.name)
    for measure, unit, day, *counts in db.session.connection().execute(statement, given):
        if counts[0] is not None:
            place = (measure, unit, day)
            found[place] = found.get(place, 0) + packed(counts)
    return {place: unpacked(counts, len(COUNTERS)) for place, counts in found.items()}


@lru_cache
def _at_places(dialect: str) -> Any:
    told = _told()
    return told if dialect == "sqlite" else union_all(told, _pending())


def _told() -> Any:
    asked, parts = inline.table("places", "measure", "unit", "day"), inline.table("parts", "part")
    last = ledger.alias("last")
    last_day = (
        select(func.max(last.c.day))
        .where(last.c.measure_id == asked.c.measure, last.c.unit_id == asked.c.unit)
        .where(last.c.part == parts.c.part, last.c.day.between(OPEN_START, asked.c.day))
        .scalar_subquery()
    )
    here = (
        (ledger.c.measure_id == asked.c.measure)
        & (ledger.c.unit_id == asked.c.unit)
        & (ledger.c.part == parts.c.part)
        & (ledger.c.day == last_day)
    )
    # The outer join keeps SQLite from reading the ledger first.
    everything = asked.join(parts, literal(1) == 1).outerjoin(ledger, here)
    return select(*asked.c, *(ledger.c[name] for name in COUNTERS)).select_from(everything)


def _pending() -> Any:
    """What units below changed on or before the day, where they lie below the unit on it."""
    asked, link = inline.table("places", "measure", "unit", "day"), unit_closure.alias("link")
    until_then = (pending.c.measure_id == asked.c.measure) & (pending.c.day <= asked.c.day)
    lies_below = (
        (link.c.descendant_id == pending.c.unit_id)
        & (link.c.ancestor_id == asked.c.unit)
        & (link.c.ancestor_id != link.c.descendant_id)
        & (link.c.starts <= asked.c.day)
        & (link.c.ends > asked.c.day)
    )
    sums = (func.sum(pending.c[name]).cast(Integer) for name in COUNTERS)
    return (
        select(*asked.c, *sums)
        .select_from(pending.join(asked, until_then).outerjoin(link, lies_below))
        .where(or_(asked.c.unit == EVERYWHERE, link.c.ancestor_id.is_not(None)))
        .group_by(*asked.c)
    )


def days_of_change(
    measure_ids: Collection[int], unit_ids: Collection[int], between: tuple[int, int], most: int
) -> set[int]:
    """The newest ``most`` days, both ends included, on which a count of the units may change.

    What is pending is taken whether or not it lies below: who asks for the figures finds out.
    """
    given = {
        "measures": inline.rows((one,) for one in measure_ids),
        "units": inline.rows((one,) for one in unit_ids),
        "after": between[0],
        "until": between[1],
        "most": most,
    }
    statement = _days_of_change(db.engine.dialect.name)
    return set(db.session.connection().scalars(statement, given))


@lru_cache
def _days_of_change(dialect: str) -> Any:
    measures, units = inline.table("measures", "number"), inline.table("units", "number")
    inside = (bindparam("after", type_=Integer), bindparam("until", type_=Integer))
    here = (
        (ledger.c.measure_id == measures.c.number)
        & (ledger.c.unit_id == units.c.number)
        & ledger.c.part.in_([OWN, BELOW])
        & ledger.c.day.between(*inside)
    )
    places = measures.join(units, literal(1) == 1).outerjoin(ledger, here)
    told = select(ledger.c.day.label("day")).select_from(places).where(ledger.c.day.is_not(None))
    waiting = select(pending.c.day).join(measures, measures.c.number == pending.c.measure_id)
    waiting = waiting.where(pending.c.day.between(*inside))
    days = (told if dialect == "sqlite" else union(told, waiting)).subquery("days")
    newest = select(days.c.day).distinct().order_by(days.c.day.desc())
    return newest.limit(bindparam("most", type_=Integer))
