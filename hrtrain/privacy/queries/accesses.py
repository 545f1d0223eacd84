"""Questions about who was shown whom. Read only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload

from hrtrain.accounts.models import User
from hrtrain.accounts.queries import UnitIds, find_user, managed_by
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.people.models import Person
from hrtrain.privacy.models import DataAccess, DataAccessPerson


@dataclass(frozen=True)
class AccessFilter:
    """Which accesses are asked for; empty: all."""

    username: str = ""
    person: str = ""
    purpose: str = ""
    day: date | None = None


def access_page(
    asked_for: AccessFilter, units: UnitIds, after: str | None
) -> Page[tuple[DataAccess, str]]:
    """Accesses, the newest first, by users an administrator of these units manages.

    Each with the name of the one person it showed, or with nothing.
    """
    asked = _accesses().outerjoin(Person, Person.id == DataAccess.person_id)
    asked = asked.add_columns(Person.full_name).where(*_conditions(asked_for, units))
    if place := read_cursor(after, int):
        asked = asked.where(DataAccess.id < place[0])
    found: list[Any] = list(db.session.execute(asked.limit(SIZE + 1)))
    rows = [(row[0], row[1] or "") for row in found]
    return page_of(rows, lambda row: (row[0].id,))


def accesses_to(
    person_ids: Collection[int], after: str | None = None, limit: int = SIZE
) -> Page[DataAccess]:
    """Who was shown these people, alone or in a list, the newest first."""
    asked = _accesses().where(_shows(person_ids))
    if place := read_cursor(after, int):
        asked = asked.where(DataAccess.id < place[0])
    rows = db.session.scalars(asked.limit(limit + 1)).all()
    return page_of(rows, lambda row: (row.id,), size=limit)


def _accesses() -> Select[DataAccess]:
    user = joinedload(DataAccess.user).lazyload(User.grants)
    return select(DataAccess).options(user).order_by(DataAccess.id.desc())


def _shows(person_ids: Collection[int]) -> ColumnElement[bool]:
    shown = select(DataAccessPerson.access_id).where(DataAccessPerson.person_id.in_(person_ids))
    return DataAccess.id.in_(shown)


def _conditions(asked_for: AccessFilter, units: UnitIds) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if units is not None:
        managed = select(User.id).where(managed_by(units))
        conditions.append(DataAccess.user_id.in_(managed))
    if asked_for.username:
        user = find_user(asked_for.username)
        conditions.append(DataAccess.user_id == (user.id if user else -1))
    if asked_for.person:
        ids = db.session.scalars(select(Person.id).where(Person.key == asked_for.person)).all()
        conditions.append(_shows(ids))
    if asked_for.purpose:
        conditions.append(DataAccess.purpose == asked_for.purpose)
    if asked_for.day:
        begins: datetime = datetime.combine(asked_for.day, time(), clock.LOCAL)
        within_day = DataAccess.at >= begins, DataAccess.at < begins + timedelta(days=1)
        conditions.append(and_(*within_day))
    return conditions
