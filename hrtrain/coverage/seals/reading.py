"""The plan and the facts of a sealed count, out of the tables, as known at an instant.

A constant number of statements, whatever the number of people. Who is read is whoever is in one of
the targets' groups on the day somewhere in reach; who of them is in scope, `counting` decides.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from hrtrain.core.db import db, holds_sql
from hrtrain.coverage.asked import PlanOption, Plans, PlanTarget
from hrtrain.coverage.models import Exemption, Programme
from hrtrain.coverage.seals.facts import (
    Done,
    Facts,
    Goal,
    Leave,
    Place,
    SealedRules,
    Sought,
    Stint,
    Tried,
    Way,
)
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.units.models import Unit, UnitName, UnitParent
from hrtrain.units.tree import subtree_ids


def rules_to_seal(programme: Programme, plans: Plans, known_at: datetime) -> SealedRules:
    """The plan as it stands now, its requirement as known at the instant."""
    targets = plans.targets_of(programme.key, None)
    units = _keys(Unit, {target.scope_id for target in targets})
    options = [option for rows in plans.options.values() for option in rows]
    courses = _keys(Course, {option.course_id for option in options})
    goals = (_goal(target, units, _ways(target, plans, courses, known_at)) for target in targets)
    return SealedRules(programme.title, programme.document_no, tuple(goals))


def _keys(model: type[Unit] | type[Course], ids: Iterable[int | None]) -> dict[int, str]:
    wanted = [one for one in ids if one is not None]
    rows = db.session.execute(select(model.id, model.key).where(model.id.in_(wanted)))
    return {row.id: row.key for row in rows}


def _goal(target: PlanTarget, units: dict[int, str], ways: tuple[Way, ...]) -> Goal:
    return Goal(
        group=target.group,
        group_name=target.group_name,
        percent=target.percent,
        deadline=target.deadline,
        origin=target.origin,
        tiers=tuple(target.tiers.split()),
        grace_days=target.grace_days,
        scope=None if target.scope_id is None else units[target.scope_id],
        starts_on=target.starts_on,
        ways=ways,
    )


def _ways(
    target: PlanTarget, plans: Plans, courses: dict[int, str], known_at: datetime
) -> tuple[Way, ...]:
    rows = plans.options.get((target.programme_id, target.group_id), [])
    ways = [
        Way(
            row.item,
            courses[row.course_id],
            row.starts_on,
            row.ends_on,
            row.accepts_from,
            row.accepts_to,
        )
        for row in rows
        if _is_known(row, known_at)
    ]
    return tuple(sorted(ways, key=str))


def _is_known(row: PlanOption, known_at: datetime) -> bool:
    has_come = row.recorded_at <= known_at
    return has_come and (row.retracted_at is None or known_at < row.retracted_at)


def facts_of(
    sought: Sought,
    rules: Sequence[SealedRules],
    known_at: datetime,
    people: Sequence[str] | None = None,
) -> Facts:
    """What was known at the instant of all the plans ask about; of these people, when named."""
    return _Reader(sought, rules, known_at, people).facts()


def _rows(asked: Any) -> Iterable[Any]:
    """Rows of plain values past the session: a whole country's are millions."""
    return db.session.connection().execute(asked)


class _Reader:
    def __init__(
        self,
        sought: Sought,
        rules: Sequence[SealedRules],
        known_at: datetime,
        people: Sequence[str] | None,
    ) -> None:
        goals = [goal for plan in rules for goal in plan.goals]
        self.sought, self.known_at = sought, known_at
        self.groups = {goal.group for goal in goals}
        self.courses = {way.course for goal in goals for way in goal.ways}
        self.reach = self._reach({sought.unit or goal.scope for goal in goals})
        self.who = (
            self._who() if people is None else select(Person.id).where(Person.key.in_(people))
        )

    def _reach(self, roots: set[str | None]) -> Select[int] | None:
        """The units below what is asked about, or None for everywhere."""
        if None in roots:
            return None
        ids = db.session.scalars(select(Unit.id).where(Unit.key.in_([*filter(None, roots)])))
        return subtree_ids(ids, self.sought.as_of, self.known_at)

    def _who(self) -> Select[int]:
        inside = (
            select(Membership.person_id)
            .join(CadreGroup, CadreGroup.id == Membership.group_id)
            .where(CadreGroup.key.in_(self.groups), self._holds(Membership))
        )
        return inside if self.reach is None else inside.where(Membership.unit_id.in_(self.reach))

    def _holds(self, row: Any) -> ColumnElement[bool]:
        held = holds_sql(row.starts_on, row.ends_on, self.sought.as_of)
        return and_(held, row.known_at(self.known_at))

    def facts(self) -> Facts:
        found = Facts(places=self._places(), parents=self._parents(), declared=self._declared())
        for person, group, name, *stint in self._stints():
            found.stints.setdefault((group, person), []).append(Stint._make(stint))
            found.names[person] = name
        for person, *done in self._done():
            found.done.setdefault(person, []).append(Done._make(done))
        for person, group, starts_on, ends_on, number, reason in self._leaves():
            leave = Leave(starts_on, ends_on, number or reason)
            found.leaves.setdefault((group, person), []).append(leave)
        for person, course, state, ends_on in self._tried():
            tried = Tried(course, state, ends_on <= self.sought.as_of)
            found.tried.setdefault(person, []).append(tried)
        return found

    def _places(self) -> dict[str, Place]:
        name = aliased(UnitName)
        asked = (
            select(Unit.key, func.coalesce(name.name, Unit.name))
            .add_columns(Unit.tier, Unit.starts_on, Unit.ends_on)
            .outerjoin(name, and_(name.unit_id == Unit.id, self._holds(name)))
            .order_by(Unit.key, name.id)
        )
        return {key: Place(*place) for key, *place in _rows(asked)}

    def _parents(self) -> dict[str, str]:
        parent = aliased(Unit)
        asked = (
            select(Unit.key, parent.key)
            .select_from(UnitParent)
            .join(Unit, Unit.id == UnitParent.unit_id)
            .join(parent, parent.id == UnitParent.parent_id)
            .where(self._holds(UnitParent))
        )
        return {row[0]: row[1] for row in _rows(asked)}

    def _declared(self) -> dict[tuple[str, str], int]:
        asked = (
            select(CadreGroup.key, Unit.key, Headcount.declared)
            .select_from(Headcount)
            .join(CadreGroup, CadreGroup.id == Headcount.group_id)
            .join(Unit, Unit.id == Headcount.unit_id)
            .where(CadreGroup.key.in_(self.groups), self._holds(Headcount))
        )
        if self.reach is not None:
            asked = asked.where(Headcount.unit_id.in_(self.reach))
        return {(row[0], row[1]): row[2] for row in _rows(asked)}

    def _of_the_people(self, row: Any, *columns: Any) -> Select[Any]:
        """The person's key and these columns of the rows about the people who are read."""
        asked = select(Person.key, *columns).select_from(row)
        return asked.join(Person, Person.id == row.person_id).where(row.person_id.in_(self.who))

    def _stints(self) -> Iterable[Any]:
        row = Membership
        columns = (CadreGroup.key, Person.full_name, Unit.key, row.starts_on, row.ends_on)
        asked = (
            self._of_the_people(row, *columns)
            .join(CadreGroup, CadreGroup.id == row.group_id)
            .join(Unit, Unit.id == row.unit_id)
            .where(CadreGroup.key.in_(self.groups), row.known_at(self.known_at))
        )
        return _rows(asked)

    def _done(self) -> Iterable[Any]:
        row = Completion
        columns = (row.completed_on, row.valid_through, row.revoked_from, row.is_void)
        asked = (
            self._of_the_people(row, Course.key, *columns)
            .join(Course, Course.id == row.course_id)
            .where(Course.key.in_(self.courses), row.known_at(self.known_at))
        )
        return _rows(asked)

    def _leaves(self) -> Iterable[Any]:
        row = Exemption
        columns = (row.starts_on, row.ends_on, row.document_no, row.reason)
        asked = (
            self._of_the_people(row, CadreGroup.key, *columns)
            .join(CadreGroup, CadreGroup.id == row.group_id)
            .join(Programme, Programme.id == row.programme_id)
            .where(Programme.key == self.sought.programme, CadreGroup.key.in_(self.groups))
            .where(row.known_at(self.known_at))
        )
        return _rows(asked)

    def _tried(self) -> Iterable[Any]:
        session = TrainingSession
        asked = (
            self._of_the_people(Enrolment, Course.key, Enrolment.state, session.ends_on)
            .join(session, session.id == Enrolment.training_session_id)
            .join(Course, Course.id == session.course_id)
            .where(Course.key.in_(self.courses))
        )
        return _rows(asked)
