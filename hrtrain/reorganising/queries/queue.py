"""Whom a split leaves to decide: counted by old unit, listed by name, with where they may go."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.orm import aliased

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.people.models import CadreGroup, Person
from hrtrain.reorganising.models import Choice
from hrtrain.units.models import Unit, UnitSuccession
from hrtrain.units.queries import names_on
from hrtrain.units.tree import subtree_ids


@dataclass(frozen=True)
class Waiting:
    """An old unit, how many of its people are to be decided on, and how many there were."""

    key: str
    name: str
    left: int
    total: int


@dataclass(frozen=True)
class QueueRow:
    """Somebody to decide on: where from, where now, and who decided so."""

    id: int
    sort_key: str
    person_key: str
    full_name: str
    birth_date: str
    group: str
    old_name: str
    unit_name: str
    decided_by: str | None
    decided_at: datetime | None


def waiting_by_unit(act: Act) -> list[Waiting]:
    """The old units with somebody in the queue, by name."""
    left = func.sum(case((Choice.chosen_unit_id.is_(None), 1), else_=0))
    asked = (
        select(Unit.key, Unit.name, left, func.count())
        .join(Choice, Choice.old_unit_id == Unit.id)
        .join(Person, Person.id == Choice.person_id)
        .where(Choice.act_id == act.id, ~Person.is_set_aside)
        .group_by(Unit.id, Unit.key, Unit.name, Unit.search_key)
        .order_by(Unit.search_key, Unit.id)
    )
    return [Waiting(*row) for row in db.session.execute(asked)]


def queue_page(
    act: Act, old: Unit | None, *, is_decided: bool, after: str | None
) -> Page[QueueRow]:
    """People of the queue, of one old unit or all, decided or still to be decided on."""
    before, there = aliased(Unit), aliased(Unit)
    decided = Choice.chosen_unit_id.is_not(None)
    asked = (
        select(Choice.id, Person.sort_key, Person.key, Person.full_name, Person.birth_date)
        .add_columns(CadreGroup.name, before.name, there.name, User.full_name, Choice.chosen_at)
        .join(Person, Person.id == Choice.person_id)
        .join(CadreGroup, CadreGroup.id == Choice.group_id)
        .join(before, before.id == Choice.old_unit_id)
        .join(there, there.id == func.coalesce(Choice.chosen_unit_id, Choice.placed_unit_id))
        .outerjoin(User, User.id == Choice.chosen_by_id)
        .where(Choice.act_id == act.id, ~Person.is_set_aside)
        .where(decided if is_decided else ~decided)
        .order_by(Person.sort_key, Choice.id)
    )
    if old is not None:
        asked = asked.where(Choice.old_unit_id == old.id)
    place = read_cursor(after, str, int)
    if place:
        asked = asked.where(tuple_(Person.sort_key, Choice.id) > place)
    rows = [QueueRow(*row) for row in db.session.execute(asked.limit(SIZE + 1))]
    return page_of(rows, lambda row: (row.sort_key, row.id))


def choices_of_ids(act: Act, ids: list[int]) -> list[Choice]:
    """Those of these entries that are of the act's queue."""
    asked = select(Choice).where(Choice.act_id == act.id, Choice.id.in_(ids))
    return list(db.session.scalars(asked.order_by(Choice.id)))


def candidates_of(old: Unit, on: date) -> list[tuple[str, str]]:
    """Where people of the unit may have gone, key and name: its successors, the default first.

    A unit without any (a district): the successors of the units below it.
    """
    own = _successors(UnitSuccession.predecessor_id == old.id, on)
    if not own:
        below = subtree_ids([old.id], on - timedelta(days=1), clock.now())
        own = _successors(UnitSuccession.predecessor_id.in_(below), on)
    names = names_on([row[0] for row in own], on)
    return [(row[1], names[row[0]]) for row in own]


def _successors(whose: Any, on: date) -> list[Any]:
    """Number and key of each, once."""
    asked = (
        select(Unit.id, Unit.key, func.max(case((UnitSuccession.is_default, 1), else_=0)))
        .join(UnitSuccession, UnitSuccession.successor_id == Unit.id)
        .where(whose, UnitSuccession.effective_on == on, UnitSuccession.known_at(clock.now()))
        .group_by(Unit.id, Unit.key, Unit.search_key)
        .order_by(func.max(case((UnitSuccession.is_default, 1), else_=0)).desc(), Unit.search_key)
    )
    return list(db.session.execute(asked))
