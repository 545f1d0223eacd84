"""The days on which figures of the ledger change."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, literal, select, union

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.coverage.derived.tables import BELOW, OWN, ledger, pending


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
