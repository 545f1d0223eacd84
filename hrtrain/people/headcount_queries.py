"""Questions about declared headcounts: how many a unit says it has beside whom it names."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.people.models import CadreGroup, Headcount, Membership
from hrtrain.units.models import Unit, UnitParent


@dataclass(frozen=True)
class HeadcountRow:
    """A group at a unit itself, units below not included; no ``declared``: nothing is declared."""

    group_key: str
    group: str
    declared: int | None
    named: int
    starts_on: date | None = None
    ends_on: date | None = None
    declared_by: str = ""
    recorded_at: datetime | None = None

    @property
    def missing(self) -> int | None:
        """How many declared people have no name yet; negative when more are named."""
        return None if self.declared is None else self.declared - self.named


@dataclass(frozen=True)
class DeclarationRow:
    """A declaration as it was recorded, and whether it has been retracted since."""

    group: str
    declared: int
    starts_on: date | None
    ends_on: date | None
    declared_by: str
    recorded_at: datetime
    retracted_at: datetime | None


@dataclass(frozen=True)
class UnitTotal:
    """A unit below, what it declares and names over all groups."""

    key: str
    name: str
    declared: int
    named: int


def headcounts_of(unit: Unit, day: date) -> list[HeadcountRow]:
    """Every group with what the unit declares and names on the day, in the order of codes."""
    named = (
        select(Membership.group_id, func.count(Membership.person_id.distinct()).label("count"))
        .where(Membership.unit_id == unit.id, _holds(Membership, day))
        .group_by(Membership.group_id)
        .subquery()
    )
    declared = and_(
        Headcount.group_id == CadreGroup.id, Headcount.unit_id == unit.id, _holds(Headcount, day)
    )
    rows = db.session.execute(
        select(CadreGroup.key, CadreGroup.name, Headcount.declared)
        .add_columns(func.coalesce(named.c.count, 0), Headcount.starts_on, Headcount.ends_on)
        .add_columns(func.coalesce(User.full_name, ""), Headcount.recorded_at)
        .outerjoin(Headcount, declared)
        .outerjoin(named, named.c.group_id == CadreGroup.id)
        .outerjoin(User, User.id == Headcount.declared_by_id)
        .order_by(CadreGroup.key)
    )
    return [HeadcountRow(*row) for row in rows]


def declarations_of(unit: Unit, limit: int = 100) -> list[DeclarationRow]:
    """What the unit ever declared, the newest record first, retracted ones included."""
    rows = db.session.execute(
        select(CadreGroup.name, Headcount.declared, Headcount.starts_on, Headcount.ends_on)
        .add_columns(func.coalesce(User.full_name, ""))
        .add_columns(Headcount.recorded_at, Headcount.retracted_at)
        .join(CadreGroup, CadreGroup.id == Headcount.group_id)
        .outerjoin(User, User.id == Headcount.declared_by_id)
        .where(Headcount.unit_id == unit.id)
        .order_by(Headcount.recorded_at.desc(), Headcount.id.desc())
        .limit(limit)
    )
    return [DeclarationRow(*row) for row in rows]


def totals_below(unit: Unit, day: date) -> list[UnitTotal]:
    """The units directly below on the day, each with its own declared and named members."""
    declared = (
        select(func.coalesce(func.sum(Headcount.declared), 0))
        .where(Headcount.unit_id == Unit.id, _holds(Headcount, day))
        .scalar_subquery()
    )
    named = (
        select(func.count())
        .where(Membership.unit_id == Unit.id, _holds(Membership, day))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Unit.key, Unit.name, declared, named)
        .join(UnitParent, UnitParent.unit_id == Unit.id)
        .where(UnitParent.parent_id == unit.id, _holds(UnitParent, day))
        .where(holds_sql(Unit.starts_on, Unit.ends_on, day))
        .order_by(Unit.search_key, Unit.id)
    )
    return [UnitTotal(*row) for row in rows]


def _holds(table: type[Headcount | Membership | UnitParent], day: date) -> ColumnElement[bool]:
    return and_(holds_sql(table.starts_on, table.ends_on, day), table.known_at(clock.now()))
