"""The lists behind a reorganisation's counts, and what it leaves to be decided by hand."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import aliased

from hrtrain.accounts.models import Grant, User
from hrtrain.certificates.models import CertificateSeries
from hrtrain.core.acts.models import Act, ActFact
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.coverage.models import Programme, Target
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.reorganising.queries.effects import Reached, known
from hrtrain.reorganising.rules import Resolved
from hrtrain.training.models import TrainingSession
from hrtrain.units.models import Unit

MOST = 50
"""Rows shown of a list that is mostly short."""


@dataclass(frozen=True)
class MovedRow:
    """A membership that goes from one unit to another."""

    id: int
    sort_key: str
    person_key: str
    full_name: str
    group: str
    old_name: str
    new_name: str


@dataclass(frozen=True)
class ByHand:
    """What stands at an ended unit and does not follow by itself, at most so many of each."""

    series: list[Any]
    programmes: list[Any]
    targets: list[Any]
    roles: list[Any]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to decide."""
        return not (self.series or self.programmes or self.targets or self.roles)


def by_hand(reached: Reached) -> ByHand:
    """Certificate series, programmes, targets and roles of ended units, with the unit's name."""
    heirs = reached.heirs
    own_name = Unit.name.label("unit_name")

    def at(column: Any, *columns: Any) -> Any:
        asked = select(*columns, own_name).select_from(column.class_)
        asked = asked.join(reached.ended, heirs.unit_id == column).join(Unit, Unit.id == column)
        return asked.order_by(Unit.name, column.class_.id).limit(MOST)

    programmes = at(Programme.authority_unit_id, Programme.key, Programme.title)
    targets = at(
        Target.scope_unit_id, Programme.key, Programme.title, CadreGroup.key, CadreGroup.name
    )
    targets = targets.join(Programme, Programme.id == Target.programme_id)
    targets = targets.join(CadreGroup, CadreGroup.id == Target.group_id)
    roles = at(Grant.unit_id, User.username, User.full_name, Grant.role)
    roles = roles.join(User, User.id == Grant.user_id).where(heirs.is_own == 0)
    series = at(CertificateSeries.unit_id, CertificateSeries.key, CertificateSeries.notation)
    return ByHand(*(reached.rows(asked) for asked in (series, programmes, targets, roles)))


def sessions_listed(reached: Reached) -> list[Any]:
    """The training sessions handed over: key, title, first day, old unit."""
    ids = [row[0] for row in reached.sessions()[:MOST]]
    asked = (
        select(TrainingSession.key, TrainingSession.title, TrainingSession.starts_on, Unit.name)
        .join(Unit, Unit.id == TrainingSession.unit_id)
        .where(TrainingSession.id.in_(ids))
        .order_by(TrainingSession.starts_on, TrainingSession.id)
    )
    return list(db.session.execute(asked))


def roles_listed(reached: Reached, names: dict[int, str]) -> list[tuple[str, str, str, str]]:
    """The roles added: user name, full name, role, unit; names of units founded are given."""
    rows = reached.grants_to_add()[:MOST]
    users = select(User.id, User.username, User.full_name).where(
        User.id.in_([row[0] for row in rows])
    )
    by_id = {row[0]: row for row in db.session.execute(users)}
    units = select(Unit.id, Unit.name).where(Unit.id.in_([row[2] for row in rows]))
    names = names | {row[0]: row[1] for row in db.session.execute(units)}
    return [(by_id[u][1], by_id[u][2], role, names.get(unit, "")) for u, role, unit in rows]


def to_declare(reached: Reached, names: dict[int, str]) -> list[tuple[str, str]]:
    """Units that take people over, which should declare anew: key and name."""
    heirs = reached.heirs
    ids = [row[0] for row in reached.rows(reached.members(heirs.heir_id).distinct())]
    units = select(Unit.key, Unit.name).where(Unit.id.in_(ids)).order_by(Unit.search_key)
    found = [(row[0], row[1]) for row in db.session.execute(units.limit(MOST))]
    return [("", names[one]) for one in ids if one in names] + found


def founded_names(resolved: Resolved) -> dict[int, str]:
    """What the units a plan founds are called, by their numbers in the plan."""
    return {number: entry.name for number, entry in resolved.founded.items()}


def people_to_move(reached: Reached, names: dict[int, str], after: str | None) -> Page[MovedRow]:
    """Who would go from where to where, by name."""
    heirs, old, new = reached.heirs, aliased(Unit), aliased(Unit)
    asked = reached.members(Membership.id, Person.sort_key, Person.key, Person.full_name)
    asked = asked.add_columns(CadreGroup.name, old.name, new.name, heirs.heir_id)
    asked = (
        asked.join(Person, Person.id == Membership.person_id)
        .join(CadreGroup, CadreGroup.id == Membership.group_id)
        .join(old, old.id == Membership.unit_id)
        .outerjoin(new, new.id == heirs.heir_id)
    )
    rows = reached.rows(_after(asked, after))
    shown = [MovedRow(*(*row[:6], row[6] or names.get(row[7], ""))) for row in rows]
    return page_of(shown, lambda row: (row.sort_key, row.id))


def people_moved(act: Act, on: date, after: str | None) -> Page[MovedRow]:
    """Who went from where to where, by name, as the act did it."""
    old, new, was = aliased(Unit), aliased(Unit), aliased(Membership)
    asked = (
        select(Membership.id, Person.sort_key, Person.key, Person.full_name, CadreGroup.name)
        .add_columns(func.coalesce(old.name, ""), new.name)
        .join(
            ActFact,
            and_(
                ActFact.fact_id == Membership.id,
                ActFact.table_name == Membership.__tablename__,
                ActFact.act_id == act.id,
                ActFact.is_recorded,
            ),
        )
        .join(Person, Person.id == Membership.person_id)
        .join(CadreGroup, CadreGroup.id == Membership.group_id)
        .join(new, new.id == Membership.unit_id)
        .outerjoin(
            was,
            and_(
                was.person_id == Membership.person_id,
                was.group_id == Membership.group_id,
                was.ends_on == on,
                known(was),
            ),
        )
        .outerjoin(old, old.id == was.unit_id)
        .where(Membership.starts_on >= on)
    )
    rows = db.session.execute(_after(asked, after))
    return page_of([MovedRow(*row) for row in rows], lambda row: (row.sort_key, row.id))


def _after(asked: Any, after: str | None) -> Any:
    place = read_cursor(after, str, int)
    if place:
        asked = asked.where(tuple_(Person.sort_key, Membership.id) > place)
    return asked.order_by(Person.sort_key, Membership.id).limit(SIZE + 1)
