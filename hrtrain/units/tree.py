"""What lies below units on a day, which scopes, queries and coverage all ask here.

As known now that is read from the closure; as known at an instant, or while derived tables do
not hold, from the edges, by the one recursion down the tree.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, select

from hrtrain.core import clock, derived
from hrtrain.core.db import holds_sql
from hrtrain.units.models import Unit, UnitParent, unit_closure


def subtree_ids(
    unit_ids: Iterable[int], day: date, known_at: datetime | None = None
) -> Select[int]:
    """The ids of these units and of all below them by the tree of the day, as known then."""
    if known_at is None and derived.is_ready():
        return _linked(set(unit_ids), day.toordinal())
    return _walked(unit_ids, day, known_at or clock.now())


def _linked(unit_ids: set[int], day: int) -> Select[int]:
    link = unit_closure.c
    below = select(link.descendant_id.label("unit_id")).where(
        link.ancestor_id.in_(unit_ids), link.starts <= day, link.ends > day
    )
    return below if len(unit_ids) < 2 else below.distinct()


def _walked(unit_ids: Iterable[int], day: date, known_at: datetime) -> Select[int]:
    """UNION, not UNION ALL: a cycle that slipped into the data ends instead of running for ever."""
    tree = select(Unit.id.label("unit_id")).where(Unit.id.in_(list(unit_ids))).cte(recursive=True)
    below = (
        select(UnitParent.unit_id)
        .join(tree, UnitParent.parent_id == tree.c.unit_id)
        .where(
            holds_sql(UnitParent.starts_on, UnitParent.ends_on, day),
            UnitParent.known_at(known_at),
        )
    )
    return select(tree.union(below).c.unit_id)
