"""The one recursion down the tree of units, which scopes, queries and coverage all use."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, select

from hrtrain.core import clock
from hrtrain.core.db import holds_sql
from hrtrain.units.models import Unit, UnitParent


def subtree_ids(
    unit_ids: Iterable[int], day: date, known_at: datetime | None = None
) -> Select[int]:
    """The ids of these units and of all below them by the tree of the day, as known then.

    UNION, not UNION ALL: a cycle that slipped into the data ends instead of running for ever.
    """
    tree = select(Unit.id.label("unit_id")).where(Unit.id.in_(list(unit_ids))).cte(recursive=True)
    below = (
        select(UnitParent.unit_id)
        .join(tree, UnitParent.parent_id == tree.c.unit_id)
        .where(
            holds_sql(UnitParent.starts_on, UnitParent.ends_on, day),
            UnitParent.known_at(known_at or clock.now()),
        )
    )
    return select(tree.union(below).c.unit_id)
