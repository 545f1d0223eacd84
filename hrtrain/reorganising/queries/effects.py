"""What a resolved plan reaches: the memberships, declarations, sessions and grants at its units.

The same selects say what is previewed and what is then written. A plan's ended units go into each
statement as one parameter, however many they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from hrtrain.accounts.models import Grant
from hrtrain.core import clock, inline
from hrtrain.core.db import db, holds_sql
from hrtrain.people.models import Headcount, Membership
from hrtrain.reorganising.rules import Resolved
from hrtrain.training.models import TrainingSession
from hrtrain.units.models import Unit, UnitName, UnitParent

NOBODY = 0
"""The number of an heir where there is none."""
Given = dict[str, str]
Lives = dict[int, date | None]
"""The last bounds of units' lives by number."""


@dataclass(frozen=True)
class Counts:
    """How much a reorganisation does."""

    units_ended: int = 0
    units_founded: int = 0
    units_renamed: int = 0
    units_moved: int = 0
    people: int = 0
    memberships: int = 0
    to_decide: int = 0
    headcounts: int = 0
    sessions: int = 0
    grants: int = 0


class Reached:
    """A resolved plan over the database: its ended units with their heirs, ready to be joined."""

    def __init__(self, resolved: Resolved) -> None:
        self.resolved, self.on = resolved, resolved.on
        self.lives = _lives_of(resolved.ended)
        self.given = {"heirs": inline.rows(self._rows())}
        self.ended = inline.materialized("heirs", *_HEIRS)
        self.heirs = self.ended.c

    def _rows(self) -> Iterable[tuple[int, ...]]:
        for unit_id, heir in self.resolved.ended.items():
            had_ended = int(self.lives.get(unit_id) == self.on)
            found = (heir.unit_id, int(heir.is_own), int(heir.is_certain)) if heir else _NO_HEIR
            yield unit_id, *found, had_ended

    def at_ended(self, table: Any, *columns: Any) -> Select[Any]:
        """What of the table stands at an ended unit; `heirs` may be asked beside it."""
        asked = select(*(columns or (table.id,))).select_from(table)
        return asked.join(self.ended, self.heirs.unit_id == table.unit_id)

    def goes_on(self, table: Any) -> ColumnElement[bool]:
        """SQL: the known fact holds the day, or begins later."""
        return and_(known(table), or_(table.ends_on.is_(None), table.ends_on > self.on))

    def holds(self, table: Any) -> ColumnElement[bool]:
        """SQL: the known fact holds the day."""
        return and_(known(table), holds_sql(table.starts_on, table.ends_on, self.on))

    def members(self, *columns: Any) -> Select[Any]:
        """Memberships that go on, or ended with a unit that had ended by itself."""
        return self.at_ended(Membership, *columns).where(
            or_(self.goes_on(Membership), self.ended_with_it())
        )

    def ended_with_it(self) -> ColumnElement[bool]:
        """SQL: the membership ended with its unit, and nothing of the group follows that day."""
        other = aliased(Membership)
        followed = exists().where(
            other.person_id == Membership.person_id,
            other.group_id == Membership.group_id,
            other.starts_on == self.on,
            known(other),
        )
        ended = and_(self.heirs.had_ended == 1, Membership.ends_on == self.on)
        return and_(known(Membership), ended, ~followed)

    def rows(self, asked: Select[Any]) -> list[Any]:
        """All rows of a statement that may speak of the heirs."""
        return list(db.session.connection().execute(asked, self.given))

    def ids(self, asked: Select[Any]) -> list[int]:
        """The numbers it gives."""
        return [row[0] for row in self.rows(asked)]

    def counts(self) -> Counts:
        """How much the plan would do now."""
        resolved, heirs = self.resolved, self.heirs
        people, memberships, to_decide = self.rows(
            self.members(
                func.count(Membership.person_id.distinct()),
                func.count(),
                func.coalesce(func.sum(1 - heirs.is_certain), 0),
            )
        )[0]
        return Counts(
            units_ended=len(self.units_to_end()),
            units_founded=len(resolved.founded),
            units_renamed=len(renames_to_do(resolved)),
            units_moved=len(moves_to_do(resolved)) + len(resolved.handed_on),
            people=people,
            memberships=memberships,
            to_decide=to_decide,
            headcounts=len(self.headcounts()),
            sessions=len(self.sessions()),
            grants=len(self.grants_to_add()),
        )

    def units_to_end(self) -> list[int]:
        """The ended units whose life does not end on the day yet."""
        return [unit for unit, end in self.lives.items() if end is None or end > self.on]

    def headcounts(self) -> list[int]:
        """Declarations of ended units, and those of units that take people over.

        A declaration says how many the unit had as it was; of a unit made larger it says nothing.
        """
        heirs = self.heirs
        own = self.at_ended(Headcount, Headcount.id, heirs.heir_id, Headcount.group_id)
        ended = self.rows(own.where(self.goes_on(Headcount)))
        places = {(row[1], row[2]) for row in ended}
        arriving = self.members(heirs.heir_id, Membership.group_id).distinct()
        places |= {(row[0], row[1]) for row in self.rows(arriving)}
        grown = inline.materialized("grown", "unit_id", "group_id")
        theirs = (
            select(Headcount.id)
            .join(
                grown,
                and_(grown.c.unit_id == Headcount.unit_id, grown.c.group_id == Headcount.group_id),
            )
            .where(
                self.goes_on(Headcount),
                or_(Headcount.starts_on.is_(None), Headcount.starts_on < self.on),
            )
        )
        given = {"grown": inline.rows(sorted(places))}
        found = db.session.connection().scalars(theirs, given).all()
        return [row[0] for row in ended] + list(found)

    def sessions(self) -> list[Any]:
        """Open training sessions that are not over before the day: number, old unit, heir."""
        heirs = self.heirs
        asked = self.at_ended(
            TrainingSession, TrainingSession.id, TrainingSession.unit_id, heirs.heir_id
        )
        return self.rows(
            asked.where(
                TrainingSession.state == "open",
                TrainingSession.ends_on > self.on,
                heirs.heir_id != NOBODY,
            ).order_by(TrainingSession.starts_on, TrainingSession.id)
        )

    def grants_to_add(self) -> list[Any]:
        """Roles at ended units that have a successor of their own: user, role, successor.

        Where the successor is only that of a unit above, the role would reach further than before:
        that is decided by hand.
        """
        heirs, other = self.heirs, aliased(Grant)
        has_it = exists().where(
            other.user_id == Grant.user_id,
            other.role == Grant.role,
            other.unit_id == heirs.heir_id,
        )
        asked = self.at_ended(Grant, Grant.user_id, Grant.role, heirs.heir_id)
        asked = asked.where(heirs.is_own == 1, heirs.heir_id != NOBODY, ~has_it)
        return self.rows(asked.distinct().order_by(Grant.user_id, Grant.role, heirs.heir_id))


_HEIRS = ("unit_id", "heir_id", "is_own", "is_certain", "had_ended")
_NO_HEIR = (NOBODY, 0, 0)


def known(table: Any) -> ColumnElement[bool]:
    """SQL: the fact is known now; an act that reaches facts dated ahead is refused."""
    found: ColumnElement[bool] = table.retracted_at.is_(None)
    return found


def _lives_of(unit_ids: Iterable[int]) -> Lives:
    units = inline.table("units", "unit_id")
    asked = select(Unit.id, Unit.ends_on).join(units, units.c.unit_id == Unit.id)
    given = {"units": inline.rows((unit_id,) for unit_id in unit_ids)}
    return {row[0]: row[1] for row in db.session.connection().execute(asked, given)}


def renames_to_do(resolved: Resolved) -> list[Any]:
    """The renames to another name than the unit has on the day already: entry and unit's number."""
    keys = {entry.unit: entry for entry in resolved.renames}
    asked = (
        select(Unit.id, Unit.key, UnitName.name, UnitName.short_name)
        .outerjoin(UnitName, and_(UnitName.unit_id == Unit.id, _held(UnitName, resolved.on)))
        .where(Unit.key.in_(list(keys)))
    )
    return [
        (row[0], keys[row[1]])
        for row in db.session.connection().execute(asked.order_by(Unit.id))
        if (row[2], row[3]) != (keys[row[1]].name, keys[row[1]].short_name)
    ]


def moves_to_do(resolved: Resolved) -> dict[int, int | None]:
    """The moves to a parent the unit does not have on the day already."""
    asked = select(UnitParent.unit_id, UnitParent.parent_id).where(
        UnitParent.unit_id.in_(list(resolved.moves)), _held(UnitParent, resolved.on)
    )
    now = {row[0]: row[1] for row in db.session.connection().execute(asked)}
    return {unit: parent for unit, parent in resolved.moves.items() if now.get(unit) != parent}


def _held(table: Any, on: date) -> ColumnElement[bool]:
    return and_(holds_sql(table.starts_on, table.ends_on, on), table.known_at(clock.now()))
