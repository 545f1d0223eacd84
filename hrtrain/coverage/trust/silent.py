"""Units never heard from: never a member, never a declaration, never a unit below to speak for it.

Of any group, and whether or not it was taken back since; that a user of the unit signed in says
nothing about its people and does not count. A unit with units below is heard through them, which
are judged themselves. Triggers put every new unit here and note in `core.derived.touched` which of
them is heard of; it is taken away before the commit, so that the few that are left are counted,
not all units.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Column, Integer, Table, and_, delete, insert, select

from hrtrain.core import inline
from hrtrain.core.db import Base, db
from hrtrain.core.derived import DERIVED
from hrtrain.people.models import Headcount, Membership
from hrtrain.units.models import Unit, UnitParent

silent_unit = Table(
    "silent_unit",
    Base.metadata,
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    info=DERIVED,
)


def _is_unheard() -> Any:
    """Scalar subqueries: PostgreSQL would read all memberships to join them to all units."""
    told = (
        select(Membership.id).where(Membership.unit_id == Unit.id),
        select(Headcount.id).where(Headcount.unit_id == Unit.id),
        select(UnitParent.id).where(UnitParent.parent_id == Unit.id),
    )
    return and_(*(asked.limit(1).scalar_subquery().is_(None) for asked in told))


def _mistaken() -> list[tuple[int, bool]]:
    """Units that are here though they were heard from (False), or are not though not heard from.

    In one statement, so that the facts and the table are those of one moment.
    """
    is_here = silent_unit.c.unit_id.is_not(None)
    unheard = _is_unheard().label("is_unheard")
    all_units = (
        select(Unit.id, unheard, is_here.label("is_here"))
        .outerjoin(silent_unit, silent_unit.c.unit_id == Unit.id)
        .subquery()
    )
    asked = select(all_units.c.id, all_units.c.is_unheard).where(
        all_units.c.is_unheard != all_units.c.is_here
    )
    rows = db.session.connection().execute(asked.order_by(all_units.c.id))
    return [(row.id, bool(row.is_unheard)) for row in rows]


def hear(unit_ids: Collection[int]) -> None:
    """These units were heard from. By number, and last in a transaction: who writes of two units
    in two statements would else hold one of them while waiting for who did it the other way round.
    """
    if not unit_ids:
        return
    connection = db.session.connection()
    these = silent_unit.c.unit_id.in_(inline.numbers("heard", unit_ids))
    held = select(silent_unit.c.unit_id).where(these).order_by(silent_unit.c.unit_id)
    connection.execute(held.with_for_update()).all()
    connection.execute(delete(silent_unit).where(these))


def rebuild() -> None:
    """Mend what is wrong among all units."""
    connection, mistaken = db.session.connection(), _mistaken()
    missing = [{"unit_id": unit_id} for unit_id, is_unheard in mistaken if is_unheard]
    if missing:
        connection.execute(insert(silent_unit), missing)
    hear([unit_id for unit_id, is_unheard in mistaken if not is_unheard])


def differences() -> Iterator[str]:
    """What the table holds otherwise than the facts say, in sentences."""
    for unit_id, is_unheard in _mistaken():
        said = "is not among those never heard from" if is_unheard else "was heard from"
        unit = db.session.get(Unit, unit_id)
        yield f"unit {unit.key if unit else unit_id}: {said}"
