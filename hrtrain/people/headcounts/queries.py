"""Questions about declared headcounts: how many a unit says it has beside whom it names."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.people.headcounts.rules import (
    MAX_AGE_DAYS,
    Became,
    Due,
    Said,
    Told,
    became,
    due_reason,
)
from hrtrain.people.models import CadreGroup, Headcount, Membership
from hrtrain.units.models import Unit, UnitParent

MOST_TOLD = 500


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
    position: str = ""
    signed_at: datetime | None = None
    changed_at: datetime | None = None
    due: Due | None = None

    @property
    def missing(self) -> int | None:
        """How many declared people have no name yet; negative when more are named."""
        return None if self.declared is None else self.declared - self.named


@dataclass(frozen=True)
class DeclarationRow:
    """A declaration as it was recorded, by whom and as what, and whether it has been retracted."""

    id: int
    group: str
    declared: int
    starts_on: date | None
    ends_on: date | None
    signed_name: str
    position: str
    user: str
    signed_at: datetime | None
    recorded_at: datetime
    retracted_at: datetime | None
    became: Became = Became.DECLARED

    @property
    def told(self) -> Told:
        """What it is told apart from others by."""
        return Told(self.declared, self.starts_on, self.ends_on, self.signed_at)

    def is_known_at(self, instant: datetime) -> bool:
        """Whether it was known at the instant."""
        is_over = self.retracted_at is not None and self.retracted_at <= instant
        return self.recorded_at <= instant and not is_over


@dataclass(frozen=True)
class UnitTotal:
    """A unit below, what it declares and names over all groups."""

    key: str
    name: str
    declared: int
    named: int


def headcounts_of(unit: Unit, day: date, max_age: int = MAX_AGE_DAYS) -> list[HeadcountRow]:
    """Every group with what the unit declares and names on the day, in the order of codes."""
    named = (
        select(Membership.group_id, func.count(Membership.person_id.distinct()).label("count"))
        .where(Membership.unit_id == unit.id, _holds(Membership, day))
        .group_by(Membership.group_id)
        .subquery()
    )
    changed = _changed(Membership.unit_id == unit.id).subquery()
    declared = and_(
        Headcount.group_id == CadreGroup.id, Headcount.unit_id == unit.id, _holds(Headcount, day)
    )
    rows = db.session.execute(
        select(CadreGroup.key, CadreGroup.name, Headcount.declared)
        .add_columns(func.coalesce(named.c.count, 0), Headcount.starts_on, Headcount.ends_on)
        .add_columns(_signer(), func.coalesce(Headcount.signed_position, ""))
        .add_columns(func.coalesce(Headcount.signed_at, Headcount.recorded_at))
        .add_columns(changed.c.recorded_at, changed.c.retracted_at)
        .outerjoin(Headcount, declared)
        .outerjoin(named, named.c.group_id == CadreGroup.id)
        .outerjoin(changed, changed.c.group_id == CadreGroup.id)
        .outerjoin(User, User.id == Headcount.declared_by_id)
        .order_by(CadreGroup.key)
    )
    now = clock.now()
    found = (replace(HeadcountRow(*row[:-2]), changed_at=latest(*row[-2:])) for row in rows)
    return [_with_due(row, now, max_age) for row in found]


def _with_due(row: HeadcountRow, now: datetime, max_age: int) -> HeadcountRow:
    said = Said(row.named, row.declared, row.signed_at, row.changed_at)
    return replace(row, due=due_reason(said, now, max_age))


def _changed(where: ColumnElement[bool]) -> Any:
    """When a row of a group's list at a unit was last recorded or taken back."""
    recorded, retracted = func.max(Membership.recorded_at), func.max(Membership.retracted_at)
    columns = select(Membership.unit_id, Membership.group_id)
    columns = columns.add_columns(recorded.label("recorded_at"), retracted.label("retracted_at"))
    return columns.where(where).group_by(Membership.unit_id, Membership.group_id)


def latest(*instants: datetime | None) -> datetime | None:
    """The last of them, those there are."""
    return max((one for one in instants if one is not None), default=None)


def _signer() -> Any:
    return func.coalesce(Headcount.signed_name, User.full_name, "")


def declarations_of(unit: Unit, group: CadreGroup | None = None) -> list[DeclarationRow]:
    """What the unit ever declared, the newest record first, retracted ones included."""
    asked = (
        select(Headcount.id, CadreGroup.name, Headcount.declared)
        .add_columns(Headcount.starts_on, Headcount.ends_on, _signer())
        .add_columns(func.coalesce(Headcount.signed_position, ""), func.coalesce(User.username, ""))
        .add_columns(Headcount.signed_at, Headcount.recorded_at, Headcount.retracted_at)
        .join(CadreGroup, CadreGroup.id == Headcount.group_id)
        .outerjoin(User, User.id == Headcount.declared_by_id)
        .where(Headcount.unit_id == unit.id)
        .order_by(Headcount.recorded_at.desc(), Headcount.id.desc())
        .limit(MOST_TOLD)
    )
    if group is not None:
        asked = asked.where(Headcount.group_id == group.id)
    rows = [DeclarationRow(*row) for row in db.session.execute(asked)]
    gone = {(row.group, row.starts_on, row.retracted_at): row.told for row in rows}
    return [
        replace(row, became=became(row.told, gone.get((row.group, row.starts_on, row.recorded_at))))
        for row in rows
    ]


def find_declaration(unit: Unit, group: CadreGroup, number: int) -> Headcount | None:
    """The unit's declaration for the group of this number, whether or not still known."""
    asked = select(Headcount).filter_by(id=number, unit_id=unit.id, group_id=group.id)
    return db.session.scalar(asked)


def last_position_of(user: User) -> str:
    """As what the user signed last; empty for who never signed."""
    asked = select(Headcount.signed_position).where(Headcount.declared_by_id == user.id)
    asked = asked.where(Headcount.signed_position.is_not(None))
    return db.session.scalar(asked.order_by(Headcount.id.desc()).limit(1)) or ""


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
