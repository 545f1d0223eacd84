"""Units never heard from: never a member, never a declaration, never a unit below to speak for it.

Of any group, and whether or not it was taken back since; that a user of the unit signed in says
nothing about its people and does not count. A unit with units below is heard through them, which
are judged themselves. Triggers put every new unit here and take it away at the first such row, so
that the few that are left are counted, not all units.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Integer, Table, delete, insert, select

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


def _unheard() -> Any:
    """Scalar subqueries: PostgreSQL would read all memberships to join them to all units."""
    told = (
        select(Membership.id).where(Membership.unit_id == Unit.id),
        select(Headcount.id).where(Headcount.unit_id == Unit.id),
        select(UnitParent.id).where(UnitParent.parent_id == Unit.id),
    )
    ever = [asked.limit(1).scalar_subquery() for asked in told]
    return select(Unit.id).where(*(one.is_(None) for one in ever))


def rebuild() -> None:
    """Find them anew among all units."""
    connection = db.session.connection()
    connection.execute(delete(silent_unit))
    connection.execute(insert(silent_unit).from_select(["unit_id"], _unheard()))


def differences() -> Iterator[str]:
    """What the table holds otherwise than the facts say, in sentences."""
    connection = db.session.connection()
    wanted = set(connection.scalars(_unheard()))
    for unit_id in sorted(wanted ^ set(connection.scalars(select(silent_unit.c.unit_id)))):
        said = "is not among those never heard from" if unit_id in wanted else "was heard from"
        unit = db.session.get(Unit, unit_id)
        yield f"unit {unit.key if unit else unit_id}: {said}"
