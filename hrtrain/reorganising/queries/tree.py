"""The tree a plan meets, read whole: a plan may end thousands of units at once."""

from datetime import date, timedelta

from sqlalchemy import select

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.reorganising.rules import Place, Succession, Tree
from hrtrain.units.models import Unit, UnitParent, UnitSuccession


def read_tree(on: date) -> Tree:
    """All units that are not set aside, and the edges known now around the day."""
    connection = db.session.connection()
    columns = (Unit.id, Unit.key, Unit.name, Unit.tier, Unit.kind, Unit.starts_on, Unit.ends_on)
    units = connection.execute(select(*columns).where(~Unit.is_set_aside))
    known = UnitParent.known_at(clock.now())
    later = select(UnitParent.unit_id).where(known, UnitParent.starts_on > on)
    row = UnitSuccession
    told = select(row.predecessor_id, row.successor_id, row.is_default).where(
        row.effective_on == on, row.known_at(clock.now())
    )
    return Tree(
        places={one[0]: Place(*one) for one in units},
        parents=_parents(on - timedelta(days=1)),
        parents_on=_parents(on),
        moved_later=frozenset(connection.scalars(later)),
        successions=tuple(Succession(*one) for one in connection.execute(told.order_by(row.id))),
    )


def _parents(day: date) -> dict[int, int]:
    edges = select(UnitParent.unit_id, UnitParent.parent_id).where(
        holds_sql(UnitParent.starts_on, UnitParent.ends_on, day),
        UnitParent.known_at(clock.now()),
    )
    return {row[0]: row[1] for row in db.session.connection().execute(edges)}
